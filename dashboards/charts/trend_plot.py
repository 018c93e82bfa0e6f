"""A trend for Plotly: the same points, bands as shapes, events as dashed lines."""

from typing import TYPE_CHECKING, Any

from . import plot
from .base import PlotlyFigure
from .numbers import full_text, n_text

if TYPE_CHECKING:
    from .trend import Trend


def figure(trend: "Trend") -> PlotlyFigure:
    groups: dict[str, list[int]] = {}
    known = trend.known()
    for index, (day, _) in enumerate(known):
        groups.setdefault(trend.tone_of(day), []).append(index)
    data = []
    for tone, places in groups.items():
        estimates = [known[place][1] for place in places]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [known[place][0].isoformat() for place in places],
                "y": [plot.shown(item.value, trend.unit) for item in estimates],
                "error_y": plot.reach(estimates, trend.unit, tone, 1.25),
                "marker": {"color": plot.color(tone), "size": 8},
                "text": [f"{full_text(item, trend.unit)} {n_text(item.n)}".strip() for item in estimates],
                "hovertemplate": "%{x}: %{text}<extra></extra>",
            }
        )
    low, high = trend.domain()
    span = [plot.shown(low, trend.unit), plot.shown(high, trend.unit)]
    return plot.figure(
        data,
        shapes=_shapes(trend),
        annotations=_notes(trend),
        xaxis=plot.axis(type="date"),
        yaxis=plot.value_axis(trend.unit, trend.title, range=span, zeroline=True),
    )


def _shapes(trend: "Trend") -> list[dict[str, Any]]:
    shapes: list[dict[str, Any]] = []
    for period in trend.periods:
        tone = "plain" if period is trend.periods[-1] else "noise"
        x = {"x0": period.start.isoformat(), "x1": period.end.isoformat()}
        low, high = plot.shown(period.mean.low, trend.unit), plot.shown(period.mean.high, trend.unit)
        value = plot.shown(period.mean.value, trend.unit)
        band = {"fillcolor": plot.color(tone, 0.14), "line": {"width": 0}, "layer": "below"}
        shapes.append({"type": "rect", **x, "y0": low, "y1": high, **band})
        line = {"color": plot.color(tone), "width": 2}
        shapes.append({"type": "line", **x, "y0": value, "y1": value, "line": line, "layer": "below"})
    for level in trend.levels:
        value = plot.shown(level.value, trend.unit)
        shapes.append(plot.dashed(xref="paper", x0=0, x1=1, y0=value, y1=value))
    for event in trend.events:
        day = event.day.isoformat()
        shapes.append(plot.dashed(yref="paper", x0=day, x1=day, y0=0, y1=1))
    return shapes


def _notes(trend: "Trend") -> list[dict[str, Any]]:
    notes = [
        plot.note(
            f"{period.words}: {full_text(period.mean, trend.unit)}",
            x=period.start.isoformat(),
            xanchor="left",
            yref="paper",
            y=1,
            yanchor="bottom",
        )
        for period in trend.periods
    ]
    notes += [
        plot.note(event.words, x=event.day.isoformat(), xanchor="left", yref="paper", y=0, yanchor="bottom")
        for event in trend.events
    ]
    notes += [
        plot.note(
            level.label,
            xref="paper",
            x=1,
            xanchor="right",
            y=plot.shown(level.value, trend.unit),
            yanchor="bottom",
        )
        for level in trend.levels
    ]
    return notes
