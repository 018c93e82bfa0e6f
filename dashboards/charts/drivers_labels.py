"""Names beside crosses, where they cover neither each other nor a cross's point."""

from collections.abc import Sequence
from typing import NamedTuple

from .marks import text_width


class Box(NamedTuple):
    """A cross in pixels: its point and the ends of its two whiskers."""

    x: float
    y: float
    across: tuple[float, float]
    upright: tuple[float, float]


# Beside the point, above or below the lying whisker: (sideways, up or down, text ends there)
_CANDIDATES = [
    (12.0, -8.0, False),
    (-12.0, -8.0, True),
    (12.0, 17.0, False),
    (-12.0, 17.0, True),
    (6.0, -20.0, False),
    (-6.0, -20.0, True),
    (6.0, 30.0, False),
    (-6.0, 30.0, True),
]


def place_labels(
    labels: Sequence[str], crosses: Sequence[Box], edges: tuple[float, float, float, float]
) -> tuple[list[tuple[float, float, bool]], bool]:
    """For each label its x, its baseline, and whether it ends (true) or starts there; and whether all fit."""
    taken: list[tuple[float, float, float, float]] = []
    places = []
    fit = True
    for index, label in enumerate(labels):
        width = text_width(label)
        best: tuple[float, float, float, bool] | None = None
        for order, (dx, dy, end) in enumerate(_CANDIDATES):
            cross = crosses[index]
            x, y = cross.x + dx, cross.y + dy
            area = (x - width, y - 11, x, y + 3) if end else (x, y - 11, x + width, y + 3)
            cost = order * 0.5 + _cost(area, index, crosses, taken, edges)
            if best is None or cost < best[0]:
                best = (cost, x, y, end)
        assert best is not None
        cost, x, y, end = best
        fit = fit and cost < 30
        taken.append((x - width, y - 11, x, y + 3) if end else (x, y - 11, x + width, y + 3))
        places.append((x, y, end))
    return places, fit


def _cost(
    area: tuple[float, float, float, float],
    own: int,
    crosses: Sequence[Box],
    taken: Sequence[tuple[float, float, float, float]],
    edges: tuple[float, float, float, float],
) -> float:
    left, top, right, bottom = area
    cost = 40.0 * sum(_overlap(area, other) > 0 for other in taken)
    first, last, ceiling, ground = edges
    outside = max(0, first - left) + max(0, right - last) + max(0, ceiling - top) + max(0, bottom - ground)
    cost += 4.0 * outside
    for index, cross in enumerate(crosses):
        dot = (cross.x - 6, cross.y - 6, cross.x + 6, cross.y + 6)
        cost += 30.0 * (_overlap(area, dot) > 0)
        if index != own:
            lying = (cross.across[0], cross.y - 1, cross.across[1], cross.y + 1)
            standing = (cross.x - 1, cross.upright[0], cross.x + 1, cross.upright[1])
            cost += 4.0 * (_overlap(area, lying) > 0) + 4.0 * (_overlap(area, standing) > 0)
    return cost


def _overlap(one: tuple[float, float, float, float], two: tuple[float, float, float, float]) -> float:
    width = min(one[2], two[2]) - max(one[0], two[0])
    height = min(one[3], two[3]) - max(one[1], two[1])
    return max(0.0, width) * max(0.0, height)
