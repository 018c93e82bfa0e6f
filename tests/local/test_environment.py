"""What web, worker and beat see of our environment."""

import re

from cem.local.addresses import NAMES, Addresses
from cem.local.environment import minimal, passes
from cem.local.layout import REPO

READS = re.compile(r"""env\.\w+\(\s*["']([A-Z_]+)["']""")


def test_every_variable_that_settings_read_is_passed_on() -> None:
    read = set(READS.findall((REPO / "cem" / "settings.py").read_text())) - set(NAMES)
    assert read
    lost = {name for name in read if not passes(name)}
    assert not lost, f"`manage.py up` would keep {lost} from the application: add to cem/local/environment.py"


def test_secrets_of_the_shell_stay_there() -> None:
    shell = {
        "PATH": "/bin",
        "DATABASE_OWNER_URL": "x",
        "PGPASSWORD": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "CEM_RUN": "x",
    }
    assert minimal(shell) == {"PATH": "/bin"}


def test_serving_processes_do_not_learn_the_owner() -> None:
    found = Addresses(database="d", owner="o", redis="r")
    assert found.serving() == {"DATABASE_URL": "d", "REDIS_URL": "r"}
    assert found.everything()["DATABASE_OWNER_URL"] == "o"
