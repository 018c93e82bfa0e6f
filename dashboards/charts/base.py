"""What every chart is: one description that can be drawn by the server, by Plotly, and read as a table."""

from abc import ABC, abstractmethod
from typing import Any, Literal, NamedTuple

from django.utils.safestring import SafeString

Width = Literal["wide", "narrow", "column", "slim"]
Tone = Literal["promoter", "passive", "detractor", "good", "bad", "noise", "plain", "caution"]
PlotlyFigure = dict[str, Any]

# Two pairs: wide and narrow fold in a block of eight columns, column and slim in one of four.
WIDTHS: dict[Width, int] = {"wide": 792, "narrow": 328, "column": 384, "slim": 328}
FIGURE_CLASSES: dict[Width, str] = {
    "wide": "fig wide",
    "narrow": "fig narrow",
    "column": "fig w4",
    "slim": "fig n4",
}


class Table(NamedTuple):
    headers: list[str]
    rows: list[list[str]]


class Chart(ABC):
    """Subclasses are frozen dataclasses; they hold numbers and words, never colours or places."""

    @abstractmethod
    def svg(self, width: Width = "wide") -> SafeString:
        """The picture, complete with its accessible name."""

    @abstractmethod
    def plotly(self) -> PlotlyFigure:
        """`data` and `layout` for Plotly; colours are token names that explore.js resolves."""

    @abstractmethod
    def table(self) -> Table:
        """The same numbers in words."""

    @abstractmethod
    def label(self) -> str:
        """One sentence made from the numbers, for those who do not see the picture."""

    def axis_note(self) -> str:
        """Where an axis starts that does not start at zero; empty otherwise."""
        return ""
