"""Answers by score: bars from zero, the groups they belong to underneath."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from . import plot
from .base import FIGURE_CLASSES, WIDTHS, Chart, PlotlyFigure, Table, Tone, Width
from .marks import CLASSES, text_width
from .numbers import bare, count, n_text
from .svg import Node, bold, hline, picture, rect, text


@dataclass(frozen=True)
class ScoreGroup:
    """Neighbouring scores that are read as one, such as the detractors."""

    label: str
    tone: Tone
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Distribution(Chart):
    """`groups` from left to right; `scores` names every bar, in the same order."""

    scores: tuple[str, ...]
    groups: tuple[ScoreGroup, ...]

    def __post_init__(self) -> None:
        if len(self.scores) != len(self.counts):
            raise ValueError(f"{len(self.scores)} scores for {len(self.counts)} bars")

    @property
    def counts(self) -> list[int]:
        return [number for group in self.groups for number in group.counts]

    @property
    def total(self) -> int:
        return sum(self.counts)

    def share(self, counts: Sequence[int]) -> str:
        return f"{bare(100 * sum(counts) / self.total, 1)}%" if self.total else "0%"

    def label(self) -> str:
        parts = ", ".join(f"{count(sum(group.counts))} {group.label.lower()}" for group in self.groups)
        return f"Answers by score: {parts}"

    def svg(self, width: Width = "column") -> SafeString:
        full = WIDTHS[width]
        gap = 3 if full < 384 else 4
        bars = max(1, len(self.scores))
        each = (full - gap * (bars - 1)) / bars
        tallest = max([*self.counts, 1])
        nodes: list[Node] = []
        place = 0
        for group in self.groups:
            left = place * (each + gap)
            for amount in group.counts:
                x = place * (each + gap)
                height = 168 * amount / tallest
                nodes += [
                    rect(x, 192 - height, each, height, f"bar {CLASSES[group.tone]}", 1.5),
                    text(x + each / 2, 186 - height, count(amount), cls="mid"),
                    text(x + each / 2, 208, self.scores[place], cls="mid t"),
                ]
                place += 1
            if group.counts:
                nodes += self._group(group, left, place * (each + gap) - gap, full)
        return picture(full, 258, self.label(), nodes, cls=FIGURE_CLASSES[width])

    def _group(self, group: ScoreGroup, left: float, right: float, full: int) -> list[Node]:
        share, n = self.share(group.counts), n_text(sum(group.counts))
        room = right - left - text_width(share, bold=True) - 8 >= text_width(n)
        end = right > full - 1 and text_width(group.label) > right - left
        x, cls = (right, " end-t") if end else (left, "")
        words: list[Node | str] = [bold(share)]
        if room:
            words.append(f" {n}")
        return [
            hline(left, right, 216, f"line {CLASSES[group.tone]}"),
            text(x, 234, group.label, cls=f"t{cls}"),
            text(x, 250, *words, cls=cls.strip()),
        ]

    def plotly(self) -> PlotlyFigure:
        tones: list[Tone] = [group.tone for group in self.groups for _ in group.counts]
        counts = self.counts
        return plot.figure(
            [
                {
                    "type": "bar",
                    "x": [plot.words(score) for score in self.scores],
                    "y": counts,
                    "marker": {"color": [plot.color(tone) for tone in tones]},
                    "text": [f"{count(amount)}, {self.share([amount])}" for amount in counts],
                    "textposition": "none",
                    "hovertemplate": "%{x}: %{text}<extra></extra>",
                }
            ],
            xaxis=plot.axis(type="category"),
            yaxis=plot.axis(rangemode="tozero"),
            bargap=0.1,
        )

    def table(self) -> Table:
        names = [group.label for group in self.groups for _ in group.counts]
        rows = [
            [score, name, count(amount), self.share([amount])]
            for score, name, amount in zip(self.scores, names, self.counts, strict=True)
        ]
        return Table(["Score", "Group", "Answers", "Share"], rows)
