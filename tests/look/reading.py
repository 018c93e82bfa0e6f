"""Reads the numbers back out of a drawing."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def numbers(path: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", path)]


def whiskers(svg: str) -> list[tuple[str, float, float]]:
    """Way (H or V) and both ends of every whisker, in order."""
    found = []
    for element in tree(svg).iter():
        path = element.get("d", "")
        for piece in (
            re.findall(r"M([-\d.]+) ([-\d.]+)([HV])([-\d.]+)", path)
            if "w" in (element.get("class") or "").split()
            else []
        ):
            x, y, way, end = float(piece[0]), float(piece[1]), piece[2], float(piece[3])
            found.append((way, x if way == "H" else y, end))
    return found


def plotted(figure: dict[str, Any]) -> Iterator[tuple[float, float, float]]:
    """Value and both ends of every point with an error bar."""
    for trace in figure["data"]:
        for axis in ("x", "y"):
            bars = trace.get(f"error_{axis}")
            if bars:
                for value, above, below in zip(trace[axis], bars["array"], bars["arrayminus"], strict=True):
                    yield value, value - below, value + above
