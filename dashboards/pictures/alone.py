"""A chart as a file of its own: title, caption, n and source around it, its colours written into it."""

import re
from xml.etree import ElementTree

from dashboards.charts.base import Chart, Width
from dashboards.charts.marks import text_width

from .picture import Picture
from .style import FACES, SIZE, colour, dressed

SVG = "http://www.w3.org/2000/svg"
EDGE = 24.0
#: Letters that XML has no place for.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTH: Width = "wide"
ElementTree.register_namespace("", SVG)


def standalone(picture: Picture, source: str) -> str:
    """The picture as SVG that needs no page, no style sheet and no script."""
    assert picture.chart is not None
    drawing = _drawing(picture.chart)
    _, _, width, height = (float(part) for part in drawing.attrib["viewBox"].split())
    full = max(width, 480.0) + 2 * EDGE
    root = ElementTree.Element(f"{{{SVG}}}svg")
    named = (("title", picture.title), ("desc", f"{picture.chart.label()}. {source}"))
    for tag, words in named:
        ElementTree.SubElement(root, f"{{{SVG}}}{tag}").text = _clean(words)
    ground = ElementTree.SubElement(root, f"{{{SVG}}}rect", fill=colour("bg"))
    y = EDGE
    y = _lines(root, picture.title, full, y, size=16, bold=True)
    y = _lines(root, picture.subtitle, full, y + 2 if picture.subtitle else y)
    inside = ElementTree.SubElement(root, f"{{{SVG}}}g", transform=f"translate({EDGE:g} {y + 10:g})")
    inside.extend(drawing)
    y += 10 + height + 8
    n = f"{picture.of} {picture.n:,}" if picture.n is not None else ""
    y = _lines(root, picture.caption(), full, y)
    y = _lines(root, " · ".join(filter(None, (n, source))), full, y + 4)
    y += EDGE - 8
    for element, sizes in ((root, (full, y)), (ground, (full, y))):
        element.set("width", f"{sizes[0]:g}")
        element.set("height", f"{sizes[1]:g}")
    root.set("viewBox", f"0 0 {full:g} {y:g}")
    root.set("role", "img")
    root.set("font-family", FACES)
    root.set("font-size", str(SIZE))
    # As the pages' digits are; a renderer that does not know it loses nothing.
    root.set("style", "font-variant-numeric:tabular-nums")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _drawing(chart: Chart) -> ElementTree.Element:
    """The chart's own SVG, dressed; its elements keep their places."""
    text = _clean(str(chart.svg(_WIDTH))).replace("<svg ", f'<svg xmlns="{SVG}" ', 1)
    drawing = ElementTree.fromstring(text)
    dressed(drawing, colour("text"))
    return drawing


def _lines(
    root: ElementTree.Element, words: str, full: float, y: float, *, size: int = SIZE, bold: bool = False
) -> float:
    """Words over as many lines as they need; returns where the next thing may begin."""
    room = (
        (full - 2 * EDGE) * SIZE / size * (0.94 if bold else 1.0)
    )  # the guess at a bold width is a little short
    for line in _wrapped(_clean(words), room, bold=bold):
        y += size * 1.4
        element = ElementTree.SubElement(
            root,
            f"{{{SVG}}}text",
            {
                "x": f"{EDGE:g}",
                "y": f"{y - size * 0.3:g}",
                "font-size": str(size),
                "fill": colour("text") if bold else colour("muted"),
                **({"font-weight": "600"} if bold else {}),
            },
        )
        element.text = line
    return y


def _wrapped(words: str, room: float, *, bold: bool) -> list[str]:
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}", bold=bold) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _clean(words: str) -> str:
    return _FORBIDDEN.sub("", words)
