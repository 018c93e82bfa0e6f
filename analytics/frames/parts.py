"""Frames beside a financial study's own: every attitude's answers, who was asked, what else was answered.

Each is one statement into one Parquet file beside the study's own frame, so that a run is repeated from its
files alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from . import asked, attitudes, financial, items, metrics, store
from .question import Question

ANSWERS = "answers-"
#: More attitudes than this are not correlated in one run.
MOST = 32


@dataclass(frozen=True, slots=True)
class Parts:
    """The frames of one run beside its own, read.

    answers: by attitude, columns as `financial` has them, with o_<outcome> after and b_<outcome> before the
    answer. asked: who was due to be asked (`asked`). returning: first answers, windows over or not, with
    the days until the next order. items: what else was answered (`items`). customers: of the study's own frame,
    in its order.
    """

    answers: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    asked: pd.DataFrame | None = None
    returning: pd.DataFrame | None = None
    items: pd.DataFrame | None = None
    customers: pd.Series | None = None


Stored = dict[str, dict[str, Any]]


def build(
    question: Question,
    outcomes: tuple[str, ...],
    main: Path,
    *,
    alive: Callable[[], None] = lambda: None,
    told: Callable[[str, float], None] = lambda words, share: None,
) -> Stored:
    """Every part beside the study's own frame at `main`.

    Args:
        alive: called once a batch; may raise to stop.
        told: called before each part, with what is read and the share done.

    Returns:
        Name → hash, rows and whatever else the part says of itself, as `read` needs it.
    """
    names = attitudes.answered(question)[:MOST]
    jobs: dict[str, Callable[[Path], dict[str, Any]]] = {
        **{f"{ANSWERS}{name}": _answers(question, name, outcomes, alive) for name in names},
        "asked": lambda path: asked.build(question, path, alive=alive),
        "returning": lambda path: _returning(question, path, alive),
        "items": lambda path: items.build(question, path, alive=alive),
    }
    stored: Stored = {}
    for number, (name, job) in enumerate(jobs.items()):
        told("Joining every attitude with every outcome", number / len(jobs))
        stored[name] = job(beside(main, name))
    return stored


def _answers(
    question: Question, attitude: str, outcomes: tuple[str, ...], alive: Callable[[], None]
) -> Callable[[Path], dict[str, Any]]:
    def job(path: Path) -> dict[str, Any]:
        own = [name for name in outcomes if metrics.outcome(name).is_control]
        asking = replace(
            question, predictor=attitude, controls=tuple(dict.fromkeys([*question.controls, *own]))
        )
        pairs = tuple(
            financial.Followed(metrics.outcome(name), f"o_{name}", f"b_{name}") for name in outcomes
        )
        built = financial.build(asking, path, pairs=pairs, alive=alive)
        return {"hash": built.digest, "rows": built.rows}

    return job


def _returning(question: Question, path: Path, alive: Callable[[], None]) -> dict[str, Any]:
    built = financial.build(question, path, pairs=(), returning=True, alive=alive)
    return {"hash": built.digest, "rows": built.rows}


def beside(main: Path, name: str) -> Path:
    """Where the part of this name lies."""
    return main.with_name(f"{main.stem}.{quote(name, safe='')}{main.suffix}")


def are_whole(main: Path, stored: Stored) -> bool:
    """Whether every part's file is there and holds what it held."""
    return all(store.digest_of(beside(main, name)) == one["hash"] for name, one in stored.items())


def read(main: Path, stored: Stored) -> Parts | None:
    """The parts of a run; None where it has none (runs of before schema version 2)."""
    if not stored:
        return None

    def table(name: str, *without: str) -> pd.DataFrame | None:
        return store.read(beside(main, name), without=without) if name in stored else None

    return Parts(
        answers=_Lazy(main, [name for name in stored if name.startswith(ANSWERS)]),
        asked=table("asked"),
        returning=table("returning", "customer"),
        items=_described(table("items"), stored.get("items", {})),
        customers=store.column(main, "customer"),
    )


def _described(frame: pd.DataFrame | None, stored: Mapping[str, Any]) -> pd.DataFrame | None:
    """With what the part says of its columns, as `frame.attrs`."""
    if frame is not None:
        frame.attrs["items"] = stored.get("items", [])
        frame.attrs["own"] = stored.get("own")
        frame.attrs["answers"] = stored.get("answers", len(frame))
    return frame


class _Lazy(Mapping[str, pd.DataFrame]):
    """One attitude's answers in memory at a time."""

    def __init__(self, main: Path, names: list[str]) -> None:
        self._main, self._names = main, [name.removeprefix(ANSWERS) for name in names]

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(name)
        return store.read(beside(self._main, f"{ANSWERS}{name}"), without=("customer", "band"))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
