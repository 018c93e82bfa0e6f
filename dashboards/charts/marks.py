"""The few marks that all charts are made of, and where their words go."""

from collections.abc import Sequence

from .base import Tone
from .svg import Node, el, group, hline, num, rect, vline

CLASSES: dict[Tone, str] = {
    "promoter": "kp",
    "passive": "kn",
    "detractor": "kd",
    "good": "up",
    "bad": "down",
    "noise": "km",
    "plain": "ki",
    "caution": "kc",
}
_NARROW_LETTERS = frozenset("iljtfrI.,:;|!'’()[] \u202f·")


def point(tone: Tone, x: float, y: float, *, radius: float = 4.5, hollow: bool = False) -> Node:
    """A band's own shape: triangle up, square, triangle down; a circle for everything else."""
    cls = f"pt {'o ' if hollow else ''}{CLASSES[tone]}"
    grown = radius / 4.5
    if tone in ("promoter", "detractor"):
        way = -1 if tone == "promoter" else 1
        tip, base, half = y + way * 6.6 * grown, y - way * 4.4 * grown, 6 * grown
        return el("path", cls=cls, d=f"M{num(x)} {num(tip)}L{num(x + half)} {num(base)}H{num(x - half)}Z")
    if tone == "passive":
        side = 9.9 * grown
        return rect(x - side / 2, y - side / 2, side, side, cls)
    return el("circle", cls=cls, cx=float(x), cy=float(y), r=float(radius))


def across(x1: float, x2: float, y: float, *, thin: bool = False) -> Node:
    """A lying whisker."""
    return hline(x1, x2, y, "w thin" if thin else "w")


def upright(x: float, y1: float, y2: float, *, thin: bool = False) -> Node:
    """A standing whisker."""
    return vline(x, y1, y2, "w thin" if thin else "w")


def marked(tone: Tone, *children: Node, title: str = "") -> Node:
    """A group that carries one tone and says its numbers when pointed at."""
    return group(*children, cls=CLASSES[tone], title=title)


def half_point(x: float, y: float, radius: float) -> list[Node]:
    """Clear of zero, but not after correction: half filled."""
    half = f"M{num(x)} {num(y - radius)}A{num(radius)} {num(radius)} 0 0 0 {num(x)} {num(y + radius)}Z"
    return [
        el("circle", cls="pt o", cx=float(x), cy=float(y), r=float(radius)),
        el("path", cls="bar", d=half),
    ]


def text_width(words: str, *, bold: bool = False) -> float:
    """A generous guess at 12 px, wide enough for DejaVu Sans; only used to keep words apart and inside."""
    narrow = sum(letter in _NARROW_LETTERS for letter in words)
    return narrow * 4.3 + (len(words) - narrow) * (8.4 if bold else 7.5)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places at least `gap` apart, each as near as it can be to the wanted one, inside the bounds."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = [0.0] * len(wanted)
    floor = low
    for index in order:
        placed[index] = max(wanted[index], floor)
        floor = placed[index] + gap
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return placed


def inside(x: float, width: float, low: float, high: float) -> float:
    """The middle of a centred text that must stay between two edges."""
    if high - low <= width:
        return (low + high) / 2
    return min(max(x, low + width / 2), high - width / 2)
