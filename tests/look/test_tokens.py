"""Contrast as look.md promises it, and the flat copy for respondents."""

import hashlib
import re
from base64 import b64encode

import pytest

from cem.lib import look

# Pair of tokens, least contrast in light, in dark: the table of the look, rounded down.
PAIRS = [
    ("text", "bg", 17.7, 14.6),
    ("muted", "bg", 5.7, 6.9),
    ("muted", "sunken", 5.3, 7.4),
    ("muted", "hover", 5.0, 5.7),
    ("accent", "bg", 6.9, 8.5),
    ("focus", "bg", 6.9, 8.5),
    ("on-accent", "accent", 6.9, 8.2),
    ("on-accent", "accent-hover", 4.5, 4.5),
    ("accent", "accent-soft", 4.5, 4.5),
    ("control", "bg", 3.0, 3.0),
    ("promoter", "bg", 5.9, 7.8),
    ("passive", "bg", 3.0, 3.0),
    ("detractor", "bg", 5.3, 7.4),
    ("promoter", "good-soft", 5.1, 6.3),
    ("detractor", "bad-soft", 4.5, 6.2),
    ("caution", "caution-soft", 5.4, 7.6),
    ("text", "caution-soft", 4.5, 4.5),
    ("text", "raised", 4.5, 4.5),
]


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("front", "back", "light", "dark"), PAIRS)
def test_contrast(front: str, back: str, light: float, dark: float) -> None:
    for theme, least in (("light", light), ("dark", dark)):
        colors = look.flat(theme)  # type: ignore[arg-type]
        assert contrast(colors[f"--{front}"], colors[f"--{back}"]) >= least, theme


def test_flat_tokens_are_plain() -> None:
    css = look.flat_tokens()
    assert "light-dark" not in css
    assert "var(" not in css
    assert css.count("@media (prefers-color-scheme:dark)") == 1


def test_choose_splits_at_the_outer_comma() -> None:
    value = "0 0 light-dark(rgb(1 2 3 / .1), rgb(0, 0, 0)), 1px light-dark(a, b)"
    assert look.choose(value, "light") == "0 0 rgb(1 2 3 / .1), 1px a"
    assert look.choose(value, "dark") == "0 0 rgb(0, 0, 0), 1px b"


def test_a_token_that_refers_to_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="--a"):
        look.flat("light", ":root { --a: var(--a); }")
    with pytest.raises(ValueError, match="--gone"):
        look.flat_tokens("p { color: var(--gone) }")


def test_survey_css_is_small_and_complete() -> None:
    css = look.survey_css()
    assert len(css) < 9_000
    assert "light-dark" not in css
    assert "/*" not in css
    defined = set(re.findall(r"(--[\w-]+):", css))
    assert set(re.findall(r"var\((--[\w-]+)\)", css)) <= defined


def test_survey_css_source_is_the_hash_of_what_stands_in_the_page() -> None:
    digest = b64encode(hashlib.sha256(look.survey_css().encode()).digest()).decode()
    assert look.survey_css_source() == f"'sha256-{digest}'"


def test_every_token_used_in_a_style_sheet_exists() -> None:
    known = set(look.flat("light")) | {"--k", "--said", "--did", "--dot"}
    for path in look.CSS.glob("*.css"):
        used = set(re.findall(r"var\((--[\w-]+)\)", path.read_text()))
        assert used <= known, path.name


def test_only_tokens_name_colours() -> None:
    for path in look.CSS.glob("*.css"):
        if path.name != "tokens.css":
            assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])", path.read_text()), path.name
