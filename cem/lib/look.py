"""The look outside the application: tokens as plain values, and the one style of survey pages.

`static/css/tokens.css` stays the only place where a colour is written. Old phones lack `light-dark()`, so
respondents' pages get a flat copy of it: plain light values and one block for dark.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Literal

from django.utils.safestring import SafeString, mark_safe

Theme = Literal["light", "dark"]

CSS = Path(__file__).resolve().parent.parent.parent / "static" / "css"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARATION = re.compile(r"(--[\w-]+)\s*:\s*([^;{}]+);")
_VAR = re.compile(r"var\((--[\w-]+)\)")
_USED = re.compile(r"var\((--[\w-]+)")


def declarations(css: str) -> dict[str, str]:
    """Custom properties as written; of several declarations the first, which no media query guards."""
    found: dict[str, str] = {}
    for name, value in _DECLARATION.findall(_COMMENT.sub("", css)):
        found.setdefault(name, " ".join(value.split()))
    return found


def choose(value: str, theme: Theme) -> str:
    """`value` with every `light-dark(a, b)` replaced by the theme's one."""
    while (start := value.find("light-dark(")) >= 0:
        depth, comma, place = 0, -1, start + len("light-dark(")
        while not (value[place] == ")" and depth == 0):
            if value[place] == "," and depth == 0:
                comma = place
            depth += {"(": 1, ")": -1}.get(value[place], 0)
            place += 1
        first, second = value[start + len("light-dark(") : comma], value[comma + 1 : place]
        value = value[:start] + (first if theme == "light" else second).strip() + value[place + 1 :]
    return value


def flat(theme: Theme, css: str | None = None) -> dict[str, str]:
    """Every token of the theme as a plain value, without `var()` and `light-dark()`."""
    written = declarations((CSS / "tokens.css").read_text("utf-8") if css is None else css)

    def plain(value: str, seen: tuple[str, ...] = ()) -> str:
        def replace(found: re.Match[str]) -> str:
            name = found[1]
            if name in seen or name not in written:
                raise ValueError(f"tokens.css: {name} is undefined or refers to itself")
            return plain(written[name], (*seen, name))

        return _VAR.sub(replace, choose(value, theme))

    return {name: plain(value) for name, value in written.items()}


def flat_tokens(used_by: str | None = None, *, selector: str = ":root") -> str:
    """The flat copy as CSS; with `used_by` only the tokens that this CSS names (`:host` in a shadow)."""
    light, dark = flat("light"), flat("dark")
    names = sorted(light if used_by is None else set(_USED.findall(used_by)))
    if missing := [name for name in names if name not in light]:
        raise ValueError(f"not in tokens.css: {', '.join(missing)}")
    plain = "".join(f"{name}:{light[name]};" for name in names)
    other = "".join(f"{name}:{dark[name]};" for name in names if dark[name] != light[name])
    dark_block = f"@media (prefers-color-scheme:dark){{{selector}{{{other}}}}}"
    still = (
        f"@media (prefers-reduced-motion:reduce){{{selector}{{--fast:0ms;}}}}" if "--fast" in names else ""
    )
    return f"{selector}{{color-scheme:light dark;{plain}}}{dark_block}{still}"


def minified(css: str) -> str:
    """Without comments and needless white space; quoted strings hold no runs of spaces here."""
    css = " ".join(_COMMENT.sub("", css).split())
    css = re.sub(r"\s*([{};,])\s*", r"\1", css)
    css = re.sub(r":\s+", ":", css)
    return css.replace(";}", "}")


@cache
def survey_css() -> SafeString:
    """The whole style of a respondent's page, to stand in one `<style>` element exactly as it is."""
    css = (CSS / "survey.css").read_text("utf-8")
    text = minified(flat_tokens(css) + css)
    if "<" in text:
        raise ValueError("survey.css must not hold a less-than sign: it stands inside a style element")
    return mark_safe(text)


@cache
def survey_css_source() -> str:
    """What `style-src` must allow for it: `'sha256-…'`."""
    digest = hashlib.sha256(survey_css().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
