"""The style of pictures as plain attributes: a file outside the page has no style sheet to take colours from.

The rules are read from the pages' own style sheets and tokens, so that a picture and its file cannot come apart.
"""

import re
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree

from cem.lib.look import CSS, flat

#: Where rules about marks stand.
SHEETS = ("figures", "numbers")
#: What both browsers and renderers of SVG take as an attribute.
PAINT = (
    "fill",
    "stroke",
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-dasharray",
    "opacity",
    "paint-order",
    "text-anchor",
    "font-weight",
)
#: The look's faces, then one that is everywhere where there is a Linux.
FACES = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
SIZE = 12
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PART = re.compile(r"^([a-z]*)((?:\.[\w-]+)*)$")
_VAR = re.compile(r"var\((--[\w-]+)\)")
_PIXELS = re.compile(r"^([\d.]+)px$")


@dataclass(frozen=True, slots=True)
class Rule:
    """One simple selector: an element's name (or any) and classes that it must all have."""

    tag: str
    classes: frozenset[str]
    values: dict[str, str]
    weight: tuple[int, int]

    def fits(self, tag: str, classes: set[str]) -> bool:
        return self.tag in ("", tag) and self.classes <= classes


@cache
def rules() -> tuple[Rule, ...]:
    """What applies to marks, weakest first."""
    found = []
    for name in SHEETS:
        css = _COMMENT.sub("", (CSS / f"{name}.css").read_text("utf-8"))
        for selectors, body in _RULE.findall(css):
            values = _values(body)
            for selector in selectors.split(",") if values else ():
                rule = _rule(selector.split(), values)
                if rule is not None:
                    found.append(rule)
    return tuple(sorted(found, key=lambda rule: rule.weight))  # sorted() keeps the sheets' order


def _rule(parts: list[str], values: dict[str, str]) -> Rule | None:
    """A selector of one part, or of one inside `svg`: everything else is not about marks."""
    if len(parts) == 2 and parts[0] == "svg":
        ancestors = 1
    elif len(parts) == 1:
        ancestors = 0
    else:
        return None
    part = _PART.match(parts[-1])
    if part is None or part[1] == "svg":
        return None
    classes = frozenset(filter(None, part[2].split(".")))
    return Rule(part[1], classes, values, (len(classes), ancestors + bool(part[1])))


def _values(body: str) -> dict[str, str]:
    pairs = (one.partition(":") for one in body.split(";") if ":" in one)
    named = {name.strip(): value.strip() for name, _, value in pairs}
    return {name: value for name, value in named.items() if name in PAINT or name == "--k"}


@cache
def tokens() -> dict[str, str]:
    """Colours of the light theme: files stand on a light ground wherever they are shown."""
    return flat("light")


def colour(name: str) -> str:
    return tokens()[f"--{name}"]


def dressed(element: ElementTree.Element, hue: str = "") -> None:
    """Give an element and all below it their attributes, and take away what only a page understands."""
    tag = element.tag.rpartition("}")[2]
    classes = set((element.attrib.pop("class", "") or "").split())
    values: dict[str, str] = {}
    for rule in rules():
        if rule.fits(tag, classes):
            values |= rule.values
    hue = _plain(values.pop("--k"), hue) if "--k" in values else hue
    for name, value in values.items():
        plain = _plain(value, hue)
        element.set(name, match[1] if (match := _PIXELS.match(plain)) else plain)
    for child in element:
        dressed(child, hue)


def _plain(value: str, hue: str) -> str:
    return _VAR.sub(lambda found: hue if found[1] == "--k" else tokens()[found[1]], value)
