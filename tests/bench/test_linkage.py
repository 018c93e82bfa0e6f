"""The notebook and the run find the same; where they do not, no time is compared."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from bench import crowd, linkage
from bench.agreement import Disagreement, agreement
from bench.measured import Backends, used_here

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

BREAKING: dict[str, Callable[[dict[str, Any]], None]] = {
    "customers": lambda found: found.update(n=found["n"] + 1),
    "adjusted difference": lambda found: found.update(difference=found["difference"] * 1.001),
    "placebo": lambda found: found.update(placebo=found["placebo"] + 0.01),
    "mean of passive": lambda found: found["observed"].update(passive=0.0),
    "rating:quality and contacts, partial": lambda found: found["associations"]["rating:quality"][
        "contacts"
    ].update(partial=0.5),
    "nps and revenue, placebo": lambda found: found["associations"]["nps"]["revenue"].update(placebo=0.5),
    "median of promoter": lambda found: found["survival"]["medians"].update(promoter=1.0),
    "median of detractor": lambda found: found["survival"]["medians"].update(detractor=float("inf")),
    "log-rank": lambda found: found["survival"].update(logrank=found["survival"]["logrank"] * 1.001),
    "hazard ratio of band_high": lambda found: found["survival"]["hazards"].__setitem__(0, 9.0),
    "concordance": lambda found: found["survival"].update(concordance=0.5),
    "weighted difference": lambda found: found["response"].update(weighted=0.0),
    "importance of rating:service": lambda found: found["drivers"]["importance"].update(
        {"rating:service": 0.5}
    ),
    "alpha": lambda found: found["drivers"].update(alpha=0.99),
}


def test_the_notebook_finds_the_same_and_a_wrong_figure_is_told() -> None:
    made = crowd.organization("small-crowd", 6_000)
    taken = linkage.ours(made, 6_000)
    theirs = linkage.notebook(taken, draws=3, driver_draws=3)
    found = agreement(taken.result, theirs.answer)
    assert found["figures agree"] == 88
    assert taken.used.cpu > 0
    assert theirs.peak_mb > 0
    for label, broken in BREAKING.items():
        other = copy.deepcopy(theirs.answer)
        broken(other)
        with pytest.raises(Disagreement, match=label):
            agreement(taken.result, other)
    many = copy.deepcopy(theirs.answer)
    many["loops"]["link"]["draws"] = many["loops"]["drivers"]["draws"] = 400
    many["beside"] = [-9.0, -8.0]
    with pytest.raises(Disagreement, match="link less placebo, drawn, low"):
        agreement(taken.result, many)
    for figure in linkage.against_notebook(taken, "small"):
        assert json.dumps(figure.as_json())
        assert figure.ours > 0


def test_the_databases_work_is_seen() -> None:
    from django.db import connection

    with Backends() as backends, connection.cursor() as cursor:
        cursor.execute("SELECT sum(sqrt(i)) FROM generate_series(1, 2000000) i")
    if backends.cpu is None:
        pytest.skip("the database's processes cannot be seen from here")
    assert backends.cpu > 0
    assert backends.peak_mb > 0
    assert used_here()["cpu"] > 0
    assert used_here()["peak_mb"] > 20
