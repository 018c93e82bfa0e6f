"""The samples in a real browser: no sideways scroll, nothing refused, keys and themes work."""

from collections.abc import Callable
from typing import Any

import pytest
from django.template.loader import render_to_string

from . import sample
from .sample_crowded import crowded

pytestmark = pytest.mark.browser
FORMS = ["light", "dark", "360", "contrast"]


COLLISIONS = """() => {
  const shared = (a, b, side, size) =>
    Math.min(a[side] + a[size], b[side] + b[size]) - Math.max(a[side], b[side]);
  const shown = [...document.querySelectorAll("svg.fig")].filter(svg => svg.checkVisibility());
  return shown.flatMap(svg => {
    const wide = svg.viewBox.baseVal.width;
    const words = [...svg.querySelectorAll("text")].map(text => [text.textContent, text.getBBox()]);
    const out = words.filter(([, box]) => box.x < -9 || box.x + box.width > wide + 9);
    const met = words.flatMap(([one, a], place) => words.slice(place + 1)
      .filter(([, b]) => shared(a, b, "x", "width") > 2 && shared(a, b, "y", "height") > 4)
      .map(([two]) => `${one} / ${two}`));
    return [...out.map(([text]) => text), ...met];
  });
}"""


def sideways(page: Any) -> bool:
    return bool(page.evaluate("() => document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("form", FORMS)
def test_staff_page(open_page: Callable[..., Any], form: str) -> None:
    page = open_page({"/": sample.staff_page()}, form)
    assert not sideways(page)
    assert page.locator(".fig:visible").count() >= 9


@pytest.mark.parametrize("form", ["light", "360"])
def test_labels_neither_meet_nor_leave_their_picture(open_page: Callable[..., Any], form: str) -> None:
    page = open_page({"/": sample.staff_page()}, form)
    assert page.evaluate(COLLISIONS) == []


@pytest.mark.parametrize("form", ["light", "360"])
def test_labels_of_crowded_charts(open_page: Callable[..., Any], form: str) -> None:
    page = open_page({"/": render_to_string("look/crowded.html", {"crowded": crowded()})}, form)
    assert page.evaluate(COLLISIONS) == []
    assert not sideways(page)


def test_a_collision_is_seen(open_page: Callable[..., Any]) -> None:
    words = '<text x="5" y="20">one</text><text x="9" y="22">two</text><text x="95" y="60">outside it</text>'
    page = open_page({"/": f'<!doctype html><svg class="fig" viewBox="0 0 100 80">{words}</svg>'})
    assert page.evaluate(COLLISIONS) == ["outside it", "one / two"]


@pytest.mark.parametrize("form", FORMS)
def test_survey_page(open_page: Callable[..., Any], form: str) -> None:
    page = open_page({"/": sample.survey_page(questions=sample.questions())}, form)
    assert not sideways(page)
    assert page.locator("h1").count() == 1
    targets = ".scale label, .choice label, .btn, select, summary, footer a"
    small = page.evaluate(
        "targets => [...document.querySelectorAll(targets)].map(part => part.getBoundingClientRect())"
        ".filter(box => box.width < 43.5 || box.height < 43.5).length",
        targets,
    )
    assert small == 0


@pytest.mark.parametrize("name", ["400", "403", "404", "500"])
def test_error_page(open_page: Callable[..., Any], name: str) -> None:
    page = open_page({"/": render_to_string(f"{name}.html")})
    assert page.locator("h1").count() == 1


def test_buttons_and_chips_have_their_look(open_page: Callable[..., Any]) -> None:
    """A lost rule shows as the browser's own grey button in its own font."""
    page = open_page({"/": sample.staff_page()})
    for name in (".btn", ".chip"):
        font, corner = page.locator(name).first.evaluate(
            "part => [getComputedStyle(part).fontFamily, getComputedStyle(part).borderRadius]"
        )
        assert font == page.evaluate("() => getComputedStyle(document.body).fontFamily")
        assert corner == "6px"


def test_print_has_no_frame_and_opens_tables(open_page: Callable[..., Any]) -> None:
    page = open_page({"/": sample.staff_page()})
    page.emulate_media(media="print")
    assert not page.locator(".nav").is_visible()
    assert not page.locator(".top").is_visible()
    assert page.locator("details.data table").first.is_visible()


def test_survey_follow_up_waits_for_an_answer(open_page: Callable[..., Any]) -> None:
    questions = sample.questions()[:2]
    questions[0]["value"] = None
    page = open_page({"/": sample.survey_page(questions=questions)})
    assert not page.locator("textarea").is_visible()
    page.keyboard.press("Tab")
    page.locator("input[value='7']").check()
    assert page.locator("textarea").is_visible()


def test_survey_errors_are_named_and_linked(open_page: Callable[..., Any]) -> None:
    questions = sample.questions()
    for question in questions[:5]:
        question["error"] = "Choose one answer."
    page = open_page({"/": sample.survey_page(questions=questions, errors=True)})
    links = page.locator("#errors a")
    assert links.count() == 5
    for place in range(5):
        target = links.nth(place).get_attribute("href")
        assert page.locator(f"[id='{target[1:]}']").count() == 1


def test_slash_focuses_search_and_escape_closes_menus(open_page: Callable[..., Any]) -> None:
    page = open_page({"/": sample.staff_page()})
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.id") == "search"
    menu = page.locator("details.menu.right")
    menu.locator("summary").click()
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    menu.locator("summary").click()
    page.mouse.click(700, 600)
    assert menu.get_attribute("open") is None


def test_theme_is_kept(open_page: Callable[..., Any]) -> None:
    page = open_page({"/": sample.staff_page()})
    page.locator("details.menu.right summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.locator("[data-theme-choice=dark]").get_attribute("aria-pressed") == "true"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_more_opens_above_the_bottom_bar(open_page: Callable[..., Any]) -> None:
    page = open_page({"/": sample.staff_page()}, "360")
    page.get_by_text("More", exact=True).click()
    assert page.get_by_role("link", name="Voice").is_visible()
    assert not sideways(page)


def test_explore_draws_and_follows_the_theme(open_page: Callable[..., Any]) -> None:
    page = open_page({"/": sample.staff_page()})
    buttons = page.locator("[data-explore]")
    for place in range(buttons.count()):
        buttons.nth(place).click()
        page.wait_for_function(
            "most => document.querySelectorAll('.plot[data-drawn]').length > most", arg=place
        )
    text = "() => getComputedStyle(document.querySelector('.plot .xtick text')).fill"
    light = page.evaluate(text)
    page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
    page.wait_for_function(f"light => ({text})() !== light", arg=light)
    buttons.first.click()
    assert page.locator(".fig.wide").first.is_visible()
    assert not sideways(page)
