"""Records of a file into lines of COPY, a column at a time."""

import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from .reading import Record, Refusal
from .values import NULL, Refused, Value, escape

#: A chunk's cells by column.
Cells = Sequence[Sequence[str]]


class Slot(Protocol):
    """One column of the staging table."""

    sql_type: str
    #: What to call it in a message: the column of the file where there is one.
    label: str

    def fill(self, cells: Cells, count: int) -> Sequence[str]:
        """The column's COPY texts. Raises Refused when a cell of the chunk is refused."""


class Cell:
    """Filled from one column of the file."""

    def __init__(self, position: int, value: Value, label: str) -> None:
        self.position, self.value, self.label = position, value, label
        self.sql_type = value.sql_type

    def fill(self, cells: Cells, count: int) -> Sequence[str]:
        return self.value.many(cells[self.position])


class Constant:
    """The same in each row. Refused at once when the constant is."""

    def __init__(self, text: str, value: Value, label: str) -> None:
        self.label, self.sql_type = label, value.sql_type
        self.text = value.one(text)

    def fill(self, cells: Cells, count: int) -> Sequence[str]:
        return [self.text] * count


class Members:
    """A JSON object of several cells, whose texts are JSON already; empty ones are left out."""

    sql_type = "jsonb"

    def __init__(self, members: dict[str, Slot], label: str) -> None:
        self.members, self.label = members, label
        self.names = [json.dumps(name, ensure_ascii=False) + ": " for name in members]

    def fill(self, cells: Cells, count: int) -> Sequence[str]:
        columns = []
        for name, slot in self.members.items():
            try:
                columns.append(slot.fill(cells, count))
            except Refused as refused:
                raise Refused(f"{name}: {refused}") from None
        return [
            escape(
                "{" + ", ".join(name + text for name, text in zip(self.names, row, strict=True) if text) + "}"
            )
            for row in zip(*columns, strict=True)
        ]


class RowProblem(NamedTuple):
    column: str
    reason: str


class Plan:
    """The staging columns of one import and how a chunk of records fills them.

    `digest_of` names the columns whose values tell rows without an id of their own from each other; their
    hash
    is staged as `digest`.
    """

    def __init__(self, slots: dict[str, Slot], *, digest_of: Sequence[str] = ()) -> None:
        self.slots = slots
        self._digest = [list(slots).index(name) for name in digest_of]

    @property
    def columns(self) -> dict[str, str]:
        """Staging column → SQL type."""
        columns = {"line": "bigint"} | {name: slot.sql_type for name, slot in self.slots.items()}
        return columns | ({"digest": "uuid"} if self._digest else {})

    def stage(self, records: Sequence[Record]) -> tuple[str, list[Refusal], int]:
        """COPY's text for these records, the refused ones, and how many were taken.

        Columns are converted at once; where a cell is refused its chunk is halved until its row stands alone.
        """
        if not records:
            return "", [], 0
        try:
            return self._lines(records), [], len(records)
        except Refused:
            if len(records) == 1:
                return "", [self._refusal(records[0])], 0
        middle = len(records) // 2
        first, first_refusals, first_taken = self.stage(records[:middle])
        second, second_refusals, second_taken = self.stage(records[middle:])
        return first + second, first_refusals + second_refusals, first_taken + second_taken

    def _lines(self, records: Sequence[Record]) -> str:
        cells = list(zip(*(record.cells for record in records), strict=True))
        count = len(records)
        columns = [slot.fill(cells, count) for slot in self.slots.values()]
        numbers = [str(record.line) for record in records]
        extra = [self.digests([columns[index] for index in self._digest])] if self._digest else []
        return "\n".join(map("\t".join, zip(numbers, *columns, *extra, strict=True))) + "\n"

    def _refusal(self, record: Record) -> Refusal:
        problems = self._problems(record)
        reason = problems[0].reason
        if len(problems) > 1:
            reason = "; ".join(f"{problem.column}: {problem.reason}" for problem in problems)
        return Refusal(record.line, problems[0].column, reason, record.raw)

    def _problems(self, record: Record) -> list[RowProblem]:
        cells = [(cell,) for cell in record.cells]
        problems = []
        for slot in self.slots.values():
            try:
                slot.fill(cells, 1)
            except Refused as refused:
                problem = RowProblem(slot.label, str(refused))
                if problem not in problems:  # two slots may read the same cells
                    problems.append(problem)
        return problems

    @staticmethod
    def digests(columns: Sequence[Sequence[str]]) -> list[str]:
        """A hash of each row that stays the same: staged texts are canonical and hold no raw tab."""
        return [
            hashlib.md5("\t".join(row).encode(), usedforsecurity=False).hexdigest()
            for row in zip(*columns, strict=True)
        ]


__all__ = ["NULL", "Cell", "Cells", "Constant", "Members", "Plan", "Slot"]
