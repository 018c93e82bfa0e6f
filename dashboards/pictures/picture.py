"""One thing that can be taken away from a page, and where its files are."""

from dataclasses import dataclass
from typing import Any

from analytics.exports.cells import Cell, Sheet
from dashboards.charts import Chart, Table

from .numbers import numbers

#: What a chart can be had as; a table without a picture is only the last two.
ENDINGS = ("svg", "png", "csv", "xlsx")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with the words around it, or a table without one.

    `n`: how many answers (customers, contacts, units) it rests on, where that is one number. `key` names it in
    addresses and file names: lower-case letters, digits and hyphens.
    """

    key: str
    title: str
    chart: Chart | None = None
    table: Table | Sheet | None = None
    subtitle: str = ""
    foot: str = ""
    n: int | None = None
    #: What `n` counts.
    of: str = "n"

    @property
    def endings(self) -> tuple[str, ...]:
        return ENDINGS if self.chart is not None else ENDINGS[2:]

    def sheet(self) -> Sheet:
        """The numbers as numbers; where nobody said what they are, as the page writes them."""
        found = numbers(self.chart) if self.chart is not None else self.table
        if isinstance(found, Sheet):
            return found
        if found is None:
            assert self.chart is not None
            found = self.chart.table()
        rows: list[list[Cell]] = [list(row) for row in found.rows]
        return Sheet(self.key, self.title, tuple(found.headers), rows)

    def caption(self) -> str:
        """What stands under the picture: its own foot, and where an axis starts that does not start at zero."""
        note = self.chart.axis_note() if self.chart is not None else ""
        return " ".join(filter(None, (self.foot, note)))


@dataclass(frozen=True, slots=True)
class Pictures:
    """Everything that one page offers.

    Args:
        source: what stands in the file's last line beside the organization: "Overview, 1 Aug – 30 Aug 2026".
        name: begins file names.
        target: the object the page is about, for the audit trail.
    """

    source: str
    name: str
    items: tuple[Picture, ...]
    target: Any = None

    def named(self, key: str) -> Picture | None:
        return next((one for one in self.items if one.key == key), None)


@dataclass(frozen=True, slots=True)
class At:
    """Where a page's pictures are served: the address without name and ending, and the page's own query."""

    base: str
    query: str = ""

    def links(self, key: str, *, chart: bool = True) -> list[tuple[str, str]]:
        """(ending in capitals, address) for each kind of file."""
        tail = f"?{self.query}" if self.query else ""
        return [
            (ending.upper(), f"{self.base}{key}.{ending}{tail}")
            for ending in (ENDINGS if chart else ENDINGS[2:])
        ]
