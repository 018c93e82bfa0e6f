"""Frames beside a financial study's own: every attitude's answers, who was asked, what else was answered.

Each is one statement into one Parquet file beside the study's own frame, so that a run is repeated from its
files alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import asked, attitudes, financial, items, metrics, store
from .question import Question

ANSWERS = "answers-"
#: More attitudes than this are not correlated in one run.
MOST = 32

Stored = dict[str, dict[str, Any]]
#: Builds one part into a file; its hash, rows and whatever else it says of itself.
Job = Callable[[Path], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Parts:
    """The frames of one run beside its own.

    answers: by attitude, columns as `financial` has them, with o_<outcome> after and b_<outcome> before the
    answer. tables: the others by name; read from disk, each is loaded anew when it is asked for, so that
    one is in memory at a time. left_out: attitudes beyond `MOST`.
    """

    answers: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def asked(self) -> pd.DataFrame | None:
        """Who was due to be asked (`asked`), with `coded` columns for who they are."""
        return self.tables.get("asked")

    @property
    def returning(self) -> pd.DataFrame | None:
        """First answers, windows over or not, with the days until the next order."""
        return self.tables.get("returning")

    @property
    def items(self) -> pd.DataFrame | None:
        """What else was answered (`items`)."""
        return self.tables.get("items")


def jobs(
    question: Question, outcomes: tuple[str, ...], *, alive: Callable[[], None] = lambda: None
) -> dict[str, Job]:
    """What builds each part, by name. Attitudes are looked up now; nothing else is read yet."""
    names = attitudes.answered(question)
    left_out = names[MOST:]

    def own(path: Path) -> dict[str, Any]:
        return {**_answers(question, names[0], outcomes, alive)(path), "left_out": left_out}

    return {
        f"{ANSWERS}{names[0]}": own,
        **{f"{ANSWERS}{name}": _answers(question, name, outcomes, alive) for name in names[1:MOST]},
        "asked": lambda path: asked.build(question, path, alive=alive),
        "returning": lambda path: _returning(question, path, alive),
        "items": lambda path: items.build(question, path, alive=alive),
    }


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
    made: Stored = {}
    todo = jobs(question, outcomes, alive=alive)
    for number, (name, job) in enumerate(todo.items()):
        told(words(name), number / len(todo))
        made[name] = job(beside(main, name))
    return made


def words(name: str) -> str:
    """What is being done while a part is built."""
    return {
        "asked": "Looking up who was asked",
        "returning": "Looking up when customers ordered again",
        "items": "Collecting what else they answered",
    }.get(name, "Joining every attitude with every outcome")


def _answers(question: Question, attitude: str, outcomes: tuple[str, ...], alive: Callable[[], None]) -> Job:
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


def is_whole(main: Path, name: str, stored: Stored) -> bool:
    """Whether the part's file is there and holds what it held."""
    return name in stored and store.digest_of(beside(main, name)) == stored[name]["hash"]


def are_whole(main: Path, stored: Stored) -> bool:
    return all(is_whole(main, name, stored) for name in stored)


def read(main: Path, stored: Stored) -> Parts | None:
    """The parts of a run; None where it has none (those from before there were parts)."""
    if not stored:
        return None
    names = [name for name in stored if name.startswith(ANSWERS)]
    left_out = [one for name in names for one in stored[name].get("left_out", [])]
    loading: dict[str, Callable[[], pd.DataFrame]] = {
        "asked": lambda: _coded(beside(main, "asked"), main),
        "returning": lambda: store.read(beside(main, "returning"), without=("customer",)),
        "items": lambda: _described(store.read(beside(main, "items")), stored["items"]),
    }
    return Parts(
        answers=_Lazy({name.removeprefix(ANSWERS): _loading(beside(main, name)) for name in names}),
        tables=_Lazy({name: load for name, load in loading.items() if name in stored}),
        left_out=tuple(left_out),
    )


def _loading(path: Path) -> Callable[[], pd.DataFrame]:
    return lambda: store.read(path, without=("customer", "band"))


def _coded(path: Path, main: Path) -> pd.DataFrame:
    """Ids as numbers, since text of a million customers weighs more than all their figures."""
    frame = store.read(path, without=("customer",))
    who = store.ids(path)
    frame["customer"] = _numbers(who.dictionary_encode().indices)
    frame["followed"] = _numbers(pc.index_in(who, value_set=store.ids(main)))
    return frame


def coded(frame: pd.DataFrame, customers: pd.Series) -> pd.DataFrame:
    """`frame` with numbers for its customers, and "followed": their row in the study's own frame (−1: none)."""
    who = pa.array(frame["customer"].astype(str), pa.string())
    found = pc.index_in(who, value_set=pa.array(customers.astype(str), pa.string()))
    return frame.assign(customer=_numbers(who.dictionary_encode().indices), followed=_numbers(found))


def _numbers(found: pa.Array) -> np.ndarray:
    numbers: np.ndarray = pc.fill_null(found.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return numbers


def _described(frame: pd.DataFrame, stored: Mapping[str, Any]) -> pd.DataFrame:
    """With what the part says of its columns, as `frame.attrs`."""
    frame.attrs["items"] = stored.get("items", [])
    frame.attrs["own"] = stored.get("own")
    frame.attrs["answers"] = stored.get("answers", len(frame))
    return frame


class _Lazy(Mapping[str, pd.DataFrame]):
    """Tables that are loaded when they are asked for, and kept by nobody."""

    def __init__(self, loading: Mapping[str, Callable[[], pd.DataFrame]]) -> None:
        self._loading = loading

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self._loading[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._loading)

    def __len__(self) -> int:
        return len(self._loading)

    def __contains__(self, name: object) -> bool:
        return name in self._loading
