"""`python -m bench [small|large] [name …]`: run the benches on a database of their own, print and keep the figures."""

import json
import os
import platform
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import Figure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cem.settings")
RESULTS = Path(__file__).parent / "results"
NAMES = ("imports", "frame", "pages", "truth", "linkage", "workers")


def main(arguments: list[str]) -> int:
    size = arguments[0] if arguments else "small"
    if size not in ("small", "large"):
        print(f"SIZE is small or large, not {size!r}.")
        return 2
    unknown = [name for name in arguments[1:] if name not in NAMES]
    if unknown:
        print(f"There is no bench {unknown[0]!r}; there are: {', '.join(NAMES)}.")
        return 2

    import django

    django.setup()
    from importlib import import_module

    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    figures: list[Figure] = []
    failed: list[str] = []
    try:
        for name in arguments[1:] or NAMES:
            print(f"… {name}", flush=True)
            try:
                figures += import_module(f"bench.{name}").run(size)
            except Exception:  # the others' figures are worth keeping
                failed.append(name)
                traceback.print_exc()
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
        teardown_test_environment()
    report(figures, size)
    if failed:
        print(f"Not measured, for the errors above: {', '.join(failed)}.")
    return 1 if failed else 0


def report(figures: list[Figure], size: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    moment = datetime.now(UTC)
    path = RESULTS / f"{moment:%Y%m%dT%H%M%S}-{size}.json"
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "machine": platform.machine()}
    document = {
        "at": moment.isoformat(),
        "size": size,
        "machine": machine,
        "figures": [figure.as_json() for figure in figures],
    }
    path.write_text(json.dumps(document, indent=1))
    print(f"\n{'work':34} {'ours':>14} {'baseline':>14} {'ratio':>8}  {'target':18}")
    for figure in figures:
        mark = "reached" if figure.reached else "MISSED"
        print(
            f"{figure.name:34} {figure.ours:>14,.4g} {figure.baseline:>14,.4g} {figure.ratio:>8.3g}  "
            f"{figure.target:18} {mark}  ({figure.unit}; {figure.what})"
        )
    print(f"\nkept in {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
