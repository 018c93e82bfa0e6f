"""The list of studies: what narrows it and how it is sorted, all of it in the address."""

from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from analytics import selectors
from analytics.models import Run, Study
from analytics.selectors import StudyRow, Turn
from analytics.studies.results import READINGS

from .told import told

SORTS = {"name": "Study", "reading": "Reading", "last": "Last run"}


@dataclass(frozen=True, slots=True)
class Row:
    study: Study
    latest: Run | None
    finished: Run | None
    finding: str
    reading: str
    #: Where its reading turned with its latest run.
    turn: Turn | None

    @classmethod
    def of(cls, row: StudyRow, turn: Turn | None) -> Self:
        result = row.finished.result if row.finished else None
        return cls(
            row.study,
            row.latest,
            row.finished,
            told(result).short if result else "",
            result["reading"] if result else "",
            turn,
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands in the address: `q`, `kind`, `reading`, `archived`, `sort`. What it does not know is left out."""

    q: str = ""
    kind: str = ""
    reading: str = ""
    archived: bool = False
    sort: str = "name"

    @classmethod
    def of(cls, data: Any) -> Self:
        kind, reading, sort = (data.get(name, "") for name in ("kind", "reading", "sort"))
        return cls(
            q=data.get("q", "").strip()[:200],
            kind=kind if kind in Study.Kind.values else "",
            reading=reading if reading in READINGS else "",
            archived=data.get("archived") == "1",
            sort=sort if sort in SORTS else "name",
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.kind or self.reading)

    def rows(self) -> list[Row]:
        """Four queries, however many studies there are."""
        turned = {} if self.archived else {turn.study.pk: turn for turn in selectors.turns()}
        rows = [Row.of(row, turned.get(row.study.pk)) for row in selectors.studies(archived=self.archived)]
        return sorted(filter(self._keeps, rows), key=self._place)

    def _keeps(self, row: Row) -> bool:
        return (
            self.q.lower() in row.study.name.lower()
            and self.kind in ("", row.study.kind)
            and self.reading in ("", row.reading)
        )

    def _place(self, row: Row) -> tuple[float, str]:
        name = row.study.name.lower()
        if self.sort == "reading":
            return selectors.RANK.get(row.reading, len(selectors.RANK)), name
        if self.sort == "last":
            return (-row.latest.created_at.timestamp() if row.latest else 0.0), name
        return 0.0, name

    def heads(self) -> list[dict[str, Any]]:
        """The heads that sort, each with its address."""
        return [
            {"key": key, "title": title, "query": self._query(sort=key), "current": key == self.sort}
            for key, title in SORTS.items()
        ]

    def _query(self, **changes: str) -> str:
        held = {
            "q": self.q,
            "kind": self.kind,
            "reading": self.reading,
            "archived": "1" if self.archived else "",
            "sort": self.sort if self.sort != "name" else "",
        }
        return urlencode({name: value for name, value in {**held, **changes}.items() if value})
