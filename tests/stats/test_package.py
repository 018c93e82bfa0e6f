from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from analytics import stats

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", stats.__all__)
def test_every_public_function_has_a_docstring_that_names_errors_and_source(name: str) -> None:
    room = getattr(stats, name)
    for public in room.__all__:
        thing = getattr(room, public)
        assert thing.__doc__, f"{name}.{public} has no docstring"
        if inspect.isfunction(thing):
            assert "ValueError" in thing.__doc__, f"{name}.{public} does not say when it refuses"
        elif inspect.isclass(thing):
            assert dataclasses.is_dataclass(thing)
            assert thing.__dataclass_params__.frozen  # type: ignore[attr-defined]
            assert "__slots__" in vars(thing)
            if public not in ("Band", "Pair", "Term"):  # parts of a result, counted there
                assert "dropped" in {field.name for field in dataclasses.fields(thing)}, public


def test_importing_costs_neither_django_nor_the_heavy_libraries() -> None:
    code = (
        "import sys\n"
        f"from analytics.stats import {', '.join(stats.__all__)}\n"
        "heavy = {'django', 'pandas', 'statsmodels', 'lifelines', 'sklearn', 'scipy.stats'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_room_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'magic'"):
        _ = stats.magic
    assert "survival" in dir(stats)
