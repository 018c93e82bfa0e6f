"""A tiny builder of SVG elements: text and attributes are escaped in one place."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_NAMES = {"cls": "class", "view_box": "viewBox"}


@dataclass(frozen=True, slots=True)
class Node:
    tag: str
    attributes: tuple[tuple[str, str], ...]
    children: tuple["Node | str", ...] = ()

    def pieces(self) -> Iterator[str]:
        yield f"<{self.tag}"
        for name, value in self.attributes:
            yield f' {name}="{escape(value)}"'
        if not self.children:
            yield "/>"
            return
        yield ">"
        for child in self.children:
            if isinstance(child, Node):
                yield from child.pieces()
            else:
                yield escape(child)
        yield f"</{self.tag}>"

    def render(self) -> SafeString:
        return mark_safe("".join(self.pieces()))


def num(value: float) -> str:
    """A coordinate with one decimal at most."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def el(tag: str, *children: Node | str, **attributes: object) -> Node:
    """`el("path", cls="w", d="M0 0H9")`; attributes that are None or empty are left out."""
    pairs = []
    for name, value in attributes.items():
        if value is None or value == "":
            continue
        shown = num(value) if isinstance(value, float) else str(value)
        pairs.append((_NAMES.get(name, name.replace("_", "-")), shown))
    return Node(tag, tuple(pairs), tuple(children))


def group(*children: Node, cls: str = "", title: str = "") -> Node:
    inside = (el("title", title), *children) if title else children
    return el("g", *inside, cls=cls)


def text(x: float, y: float, *words: Node | str, cls: str = "") -> Node:
    return el("text", *words, x=float(x), y=float(y), cls=cls)


def bold(words: str) -> Node:
    return el("tspan", words, cls="b")


def hline(x1: float, x2: float, y: float, cls: str) -> Node:
    return el("path", cls=cls, d=f"M{num(x1)} {num(y)}H{num(x2)}")


def vline(x: float, y1: float, y2: float, cls: str) -> Node:
    return el("path", cls=cls, d=f"M{num(x)} {num(y1)}V{num(y2)}")


def rect(x: float, y: float, width: float, height: float, cls: str, rx: float | None = None) -> Node:
    return el(
        "rect",
        cls=cls,
        x=float(x),
        y=float(y),
        width=float(max(0, width)),
        height=float(max(0, height)),
        rx=rx,
    )


def points(pairs: list[tuple[float, float]]) -> str:
    return " ".join(f"{num(x)},{num(y)}" for x, y in pairs)


def picture(
    width: float, height: float, label: str, children: list[Node], *, cls: str = "fig", fixed: bool = False
) -> SafeString:
    """The svg element itself; `fixed` gives it its size in pixels, otherwise it fills its column."""
    size: dict[str, object] = {"width": num(width), "height": num(height)} if fixed else {}
    root = el(
        "svg",
        *children,
        cls=cls,
        **size,
        view_box=f"0 0 {num(width)} {num(height)}",
        role="img",
        aria_label=label,
    )
    return root.render()
