"""Charts and numbers in templates."""

import json
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboards.charts import PLAIN, RATIO, SHARE, Associations, Chart, Estimate, Unit, Verdict, Width
from dashboards.charts import numbers as said
from dashboards.charts.associations import READINGS

register = template.Library()

_UNITS = {"plain": PLAIN, "share": SHARE, "ratio": RATIO, "mean": said.MEAN, "days": said.DAYS}
_PAIRS: dict[int, tuple[Width, Width]] = {
    12: ("wide", "narrow"),
    8: ("wide", "narrow"),
    6: ("wide", "narrow"),
    4: ("column", "slim"),
}


def _unit(name: Unit | str) -> Unit:
    """A Unit, one of the names above, or a currency's code."""
    if isinstance(name, Unit):
        return name
    return _UNITS[name] if name in _UNITS else said.money(name)


@register.filter
def count(value: int | None) -> str:
    return "" if value is None else said.count(value)


@register.filter
def moment(text: str | None) -> datetime | None:
    """A stored ISO 8601 moment, for the `date` filter."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def percent(share: float) -> str:
    """A counted share, such as progress: `{{ run.progress|percent }}`."""
    return f"{share:.0%}"


@register.filter
def amount(value: Any, currency: str) -> str:
    """A counted sum of money: `{{ order.total|amount:"EUR" }}`."""
    return said.exact(value, said.money(currency))


@register.filter
def estimate(value: Estimate | None, unit: Unit | str = "plain") -> SafeString:
    """Value, reach and n, never one without the others; None reads as too few answers."""
    if value is None:
        return format_html('<span class="lack-n">{}</span>', "not enough answers")
    shown = format_html(
        '<span class="val">{}</span> <span class="ci">{}</span>',
        said.value_text(value, _unit(unit)),
        said.reach_text(value, _unit(unit)),
    )
    if value.n is None:
        return shown
    return format_html('{} <span class="n">{}</span>', shown, said.n_text(value.n))


@register.filter
def value(item: Estimate, unit: Unit | str = "plain") -> str:
    return said.value_text(item, _unit(unit))


@register.filter
def reach(item: Estimate, unit: Unit | str = "plain") -> str:
    return said.reach_text(item, _unit(unit))


@register.filter
def change(item: Estimate, unit: Unit | str = "plain") -> str:
    """`−3.9 pt (−6.5 pt to −1.3 pt)`."""
    return said.full_text(item, _unit(unit).difference(), sign=True)


@register.simple_tag
def chart(spec: Chart, width: Width = "wide") -> SafeString:
    """One picture of a chart, without words around it."""
    return spec.svg(width)


@register.inclusion_tag("figures/verdict.html")
def verdict(spec: Verdict) -> dict[str, Any]:
    return {"verdict": spec, "picture": spec.svg()}


@register.inclusion_tag("figures/associations.html")
def associations(spec: Associations) -> dict[str, Any]:
    rows = [
        {
            "row": row,
            "picture": spec.row_svg(row),
            "value": spec.value(row.estimate),
            "span": spec.span(row.estimate),
            "q": spec.q_text(row),
            "reading": READINGS[row.reading],
        }
        for row in spec.rows
    ]
    return {"spec": spec, "rows": rows, "head": spec.head_svg()}


@register.inclusion_tag("figures/figure.html")
def figure(
    spec: Chart,
    title: str = "",
    subtitle: str = "",
    foot: str = "",
    size: int = 8,
    extra: str = "",
    export: str = "",
    explore: bool = True,
    level: int = 2,
    key: str = "",
    at: Any = None,
) -> dict[str, Any]:
    """The whole block: title, both widths, foot, table, Explore. `extra` are more classes of the block.

    `key` and `at` (a `dashboards.pictures.At`) name the files that it can be taken away as.
    """
    plot = spec.plotly() if explore else None
    files = at.links(key) if at and key else []
    return {
        "title": title,
        "subtitle": subtitle,
        "foot": " ".join(filter(None, (foot, spec.axis_note()))),
        "size": size,
        "extra": extra,
        "export": export,
        "picture_files": files[:2],
        "table_files": files[2:],
        "pictures": [spec.svg(width) for width in _PAIRS[size]],
        "table": spec.table(),
        "plot": plot,
        "plot_id": _name(plot) if plot else "",
        "heading": f"h{level}",
    }


@register.inclusion_tag("figures/files.html")
def files(at: Any, key: str, chart: bool = False) -> dict[str, Any]:
    """Links to what a table (or with `chart` a picture) can be taken away as; nothing where there is no place."""
    return {"files": at.links(key, chart=chart) if at and key else []}


@register.inclusion_tag("figures/plot.html")
def plot(figure: dict[str, Any], label: str = "") -> dict[str, Any]:
    """What only Plotly draws (Sankey): loaded when it comes near the viewport. Give a table beside it."""
    return {"plot": figure, "plot_id": _name(figure), "label": label}


def _name(figure: dict[str, Any]) -> str:
    """The same numbers have the same id, so that a swapped fragment does not change it for nothing."""
    text = json.dumps(figure, sort_keys=True, default=str)
    return "plot-" + blake2b(text.encode(), digest_size=6).hexdigest()
