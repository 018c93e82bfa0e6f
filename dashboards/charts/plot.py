"""Plotly's side: plain dictionaries, colours by token name (`token:promoter`, `token:noise/.14`)."""

from collections.abc import Sequence
from typing import Any

from .base import PlotlyFigure, Tone
from .numbers import Estimate, Unit

SYMBOLS: dict[Tone, str] = {"promoter": "triangle-up", "passive": "square", "detractor": "triangle-down"}


def color(tone: Tone | str, alpha: float | None = None) -> str:
    name = "text" if tone == "plain" else tone
    return f"token:{name}" if alpha is None else f"token:{name}/{alpha}"


def symbol(tone: Tone, *, hollow: bool = False) -> str:
    return SYMBOLS.get(tone, "circle") + ("-open" if hollow else "")


def words(text: str) -> str:
    """Plotly reads a little HTML in its texts; names are never meant as HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shown(value: float, unit: Unit) -> float:
    return round(value * unit.factor, 10)


def reach(estimates: Sequence[Estimate], unit: Unit, tone: Tone | str, width: float = 2) -> dict[str, Any]:
    """Error bars without caps, from the ends of the intervals."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [shown(item.high - item.value, unit) for item in estimates],
        "arrayminus": [shown(item.value - item.low, unit) for item in estimates],
        "color": color(tone),
        "thickness": width,
        "width": 0,
    }


def axis(title: str = "", **more: Any) -> dict[str, Any]:
    return {
        "title": {"text": words(title)},
        "gridcolor": color("grid"),
        "zerolinecolor": color("control"),
        "linecolor": color("control"),
        "tickcolor": color("control"),
        "zeroline": False,
        "automargin": True,
        **more,
    }


def value_axis(unit: Unit, title: str = "", **more: Any) -> dict[str, Any]:
    return axis(
        title, tickprefix=words(unit.prefix), ticksuffix=words(unit.suffix), separatethousands=True, **more
    )


def dashed(**places: Any) -> dict[str, Any]:
    """A dashed line as a layout shape."""
    return {"type": "line", "line": {"color": color("control"), "width": 1, "dash": "dash"}, **places}


def note(text: str, **places: Any) -> dict[str, Any]:
    return {"text": words(text), "showarrow": False, "font": {"color": color("text"), "size": 12}, **places}


def figure(data: list[dict[str, Any]], **layout: Any) -> PlotlyFigure:
    return {
        "data": data,
        "layout": {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"color": color("muted"), "size": 12},
            "margin": {"l": 48, "r": 16, "t": 24, "b": 40},
            "showlegend": False,
            "hoverlabel": {
                "bgcolor": color("raised"),
                "bordercolor": color("control"),
                "font": {"color": color("text")},
            },
            "xaxis": axis(),
            "yaxis": axis(),
            **layout,
        },
    }
