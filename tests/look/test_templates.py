"""The rules that the content security policy and htmx's strict settings put on every template."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = sorted(
    path
    for folder in ("templates", "accounts", "crm", "feedback", "analytics", "dashboards")
    for path in (ROOT / folder).rglob("*.html")
)
RULES = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "an inline script": r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>",
    "an event attribute": r"<[^>]*\son[a-z]+\s*=",
    "hx-on": r"\shx-on",
    "js: in an htmx attribute": r"\bhx-(?:vals|headers|include)\s*=\s*[\"']\s*(?:js|javascript):",
    "a javascript: address": r"(?:href|action|src)\s*=\s*[\"']\s*javascript:",
    "a trigger filter, which needs eval": r"\bhx-trigger\s*=\s*[\"'][^\"']*\[",
    "an address of another host": r"(?:src|href)\s*=\s*[\"'](?:https?:)?//[a-z]",
    "an empty address": r"href\s*=\s*[\"']#[\"']",
}


def broken(source: str) -> list[str]:
    source = re.sub(r"{#.*?#}", "", source)
    return [name for name, rule in RULES.items() if re.search(rule, source, re.IGNORECASE)]


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 20


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_keeps_the_policy(path: Path) -> None:
    source = path.read_text("utf-8")
    if "mail" not in path.parts:  # mails have no policy, and no style sheet but their own attributes
        assert not broken(source)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_survey_has_an_inline_style(path: Path) -> None:
    """It is allowed by its hash, so nothing but that text may stand in it."""
    styles = re.findall(r"<style[^>]*>(.*?)</style>", path.read_text("utf-8"), re.DOTALL)
    assert styles in ([], ["{{ survey_css }}"]) or "mail" in path.parts


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ('<p style="color:red">', "a style attribute"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<b onclick="x()">', "an event attribute"),
        ('<b hx-on:click="x()">', "hx-on"),
        ("<b hx-vals='js:{a: 1}'>", "js: in an htmx attribute"),
        ('<b hx-trigger="click[ctrlKey]">', "a trigger filter, which needs eval"),
        ('<script src="https://cdn.example/x.js"></script>', "an address of another host"),
        ('<a href="#">', "an empty address"),
    ],
)
def test_a_broken_rule_is_seen(source: str, name: str) -> None:
    assert name in broken(source)


@pytest.mark.parametrize("name", ["400", "403", "404", "500"])
def test_error_pages_stand_alone(name: str) -> None:
    """They are made inside a broken transaction: no user, no navigation, no message."""
    source = (ROOT / f"templates/{name}.html").read_text() + (ROOT / "templates/alone.html").read_text()
    source = re.sub(r'"[^"]*"', "", source)
    for word in ("user", "nav", "messages", "organization.", "request"):
        assert not re.search(r"{[{%][^}]*\b" + re.escape(word), source), word
