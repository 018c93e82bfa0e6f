"""A survey is a validated document, and answers are validated against it."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.surveys import document as module
from feedback.surveys.document import Document, InvalidDocument, parse, schema
from feedback.surveys.questions import Form
from feedback.surveys.templates import TEMPLATES

OPTIONS = [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}, {"value": "c", "label": "C"}]
EVERYTHING: dict[str, Any] = {
    "title": {"en": "All", "ar": "الكل"},
    "languages": ["en", "ar"],
    "questions": [
        {"id": "hello", "type": "statement", "title": "Hello"},
        {"id": "nps", "type": "nps", "title": {"en": "Recommend?", "ar": "هل"}, "required": True},
        {"id": "csat", "type": "csat", "title": "Satisfied?"},
        {"id": "ces", "type": "ces", "title": "Easy?", "metric": "ces:checkout"},
        {"id": "stars", "type": "rating", "title": "Stars", "min": 1, "max": 5, "metric": "rating:tidiness"},
        {"id": "faces", "type": "rating", "title": "Faces", "min": 0, "max": 10},
        {"id": "one", "type": "single", "title": "One", "options": OPTIONS},
        {"id": "some", "type": "multiple", "title": "Some", "options": OPTIONS},
        {"id": "drop", "type": "dropdown", "title": "Drop", "options": OPTIONS},
        {
            "id": "m",
            "type": "matrix",
            "title": "Each",
            "min": 0,
            "max": 10,
            "items": [
                {"id": "speed", "title": "Speed", "metric": "speed"},
                {"id": "price", "title": "Price"},
            ],
        },
        {"id": "age", "type": "number", "title": "Age", "min": 0, "max": 150},
        {"id": "day", "type": "date", "title": "Day"},
        {"id": "short", "type": "short_text", "title": "Short"},
        {"id": "why", "type": "long_text", "title": "Why?"},
        {"id": "ok", "type": "consent", "title": "Contact?", "label": "You may write to me"},
    ],
}
ALL = parse(EVERYTHING)
GOOD: dict[str, Any] = {
    "nps": 9,
    "csat": 4,
    "ces": 7,
    "stars": 3,
    "faces": 0,
    "one": "a",
    "some": ["b", "a"],
    "drop": "c",
    "m": {"speed": 8},
    "age": 12.5,
    "day": "2026-02-28",
    "short": "  hi\x00 there ",
    "why": "first\r\nsecond\x07\ud800",
    "ok": True,
}


def one(question: dict[str, Any]) -> Document:
    return parse({"title": "T", "questions": [{"title": "Q", "id": "q", **question}]})


def test_good_answers_are_cleaned() -> None:
    clean, errors = ALL.validate(GOOD)
    assert errors == {}
    assert clean == {**GOOD, "some": ["a", "b"], "short": "hi there", "why": "first\nsecond"}


@pytest.mark.parametrize(
    ("question", "wrong"),
    [
        ("nps", 11),
        ("nps", -1),
        ("nps", "9"),
        ("nps", 9.0),
        ("nps", True),
        ("nps", 10**400),
        ("csat", 0),
        ("ces", 8),
        ("stars", 0),
        ("one", "d"),
        ("one", ["a"]),
        ("some", "a"),
        ("some", ["a", "a"]),
        ("some", ["z"]),
        ("some", [{}]),
        ("m", 8),
        ("m", {"speed": 11}),
        ("m", {"colour": 1}),
        ("age", "12"),
        ("age", -1),
        ("age", float("nan")),
        ("age", float("inf")),
        ("age", True),
        ("day", "2026-02-30"),
        ("day", "20260228"),
        ("day", 20260228),
        ("short", "x" * 401),
        ("short", 5),
        ("why", "x" * 5001),
        ("ok", "yes"),
        ("ok", 1),
        ("hello", "hello"),
    ],
)
def test_wrong_answers_are_refused_where_they_are(question: str, wrong: Any) -> None:
    clean, errors = ALL.validate({**GOOD, question: wrong})
    assert list(errors) == [question]
    assert errors[question].endswith(".")
    assert question not in clean


def test_unknown_questions_are_refused() -> None:
    assert "such question" in ALL.validate({**GOOD, "nsp": 9})[1]["nsp"]
    assert list(ALL.validate([9])[1]) == [""]


def test_required_and_partial() -> None:
    assert list(ALL.validate({})[1]) == ["nps"]
    assert ALL.validate({}, partial=True) == ({}, {})
    for empty in (None, ""):
        assert list(ALL.validate({"nps": empty})[1]) == ["nps"]
    matrix = one({"type": "matrix", "required": True, "items": [{"id": i, "title": i} for i in "ab"]})
    assert "every line" in matrix.validate({"q": {"a": 3}})[1]["q"]
    assert matrix.validate({"q": {"a": 3}}, partial=True) == ({"q": {"a": 3}}, {})
    assert list(matrix.validate({"q": {"a": 9}}, partial=True)[1]) == ["q"]
    tick = one({"type": "consent", "label": "Yes", "required": True})
    assert list(tick.validate({"q": False})[1]) == ["q"]


def test_empty_text_is_no_answer() -> None:
    clean, errors = ALL.validate({"nps": 0, "short": " \x00 ", "why": "", "some": [], "m": {}})
    assert (clean, errors) == ({"nps": 0}, {})


def test_a_form_becomes_the_same_answers() -> None:
    form = QueryDict(mutable=True)
    strings = {key: str(value) for key, value in GOOD.items() if key not in ("some", "m", "ok")}
    form.update({**strings, "m.speed": "8", "ok": "true", "website": "", "other": "1"})
    form.setlist("some", ["a", "b"])
    clean, errors = ALL.validate(ALL.from_form(form))
    assert errors == {}
    assert clean == ALL.validate(GOOD)[0]


@pytest.mark.parametrize("text", ["9.0", "nine", "９", "+9", " 9", "9\n", "1e1", "9" * 50])
def test_a_form_does_not_guess(text: str) -> None:
    form = QueryDict(mutable=True)
    form["nps"] = text
    assert list(ALL.validate(ALL.from_form(form))[1]) == ["nps"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"id": "Q"}, "questions[0].id"),
        ({"id": "q\n"}, "questions[0].id"),
        ({"id": "token"}, "questions[0].id: 'token' is a field of the form"),
        ({"type": "nsp"}, "questions[0].type"),
        ({"colour": "red"}, "questions[0]: object contains unknown field `colour`"),
        ({"metric": "NPS"}, "questions[0].metric"),
        ({"metric": "csat"}, "questions[0].metric: q is on 0–10, but csat is defined on 1–5"),
        ({"title": {"nl": "V"}}, "questions[0].title: has no text in 'en'"),
        ({"title": {"en": "Q", "nl": "V"}}, "questions[0].title: 'nl' is not one of"),
        ({"title": ""}, "questions[0].title"),
        ({"type": "single", "options": [OPTIONS[0]]}, "questions[0].options"),
        ({"type": "single", "options": [OPTIONS[0]] * 2}, "questions[0].options[1].value: 'a' is used twice"),
        ({"type": "rating", "max": 11}, "questions[0].max"),
        ({"type": "number", "min": 2, "max": 1}, "questions[0].min"),
        ({"type": "statement"}, "questions: there is nothing to answer"),
        ({"type": "matrix", "items": [{"id": "a", "title": "A"}] * 2}, "questions[0].items[1].id"),
    ],
)
def test_a_wrong_document_says_where(change: dict[str, Any], where: str) -> None:
    question = {"id": "q", "type": "nps", "title": "Q", **change}
    with pytest.raises(InvalidDocument) as caught:
        parse({"title": "T", "questions": [question]})
    assert str(caught.value).startswith(where)


def test_too_many_fields_are_refused() -> None:
    items = [{"id": f"i{n}", "title": "I"} for n in range(50)]
    questions = [{"id": f"m{n}", "type": "matrix", "title": "M", "items": items} for n in range(9)]
    with pytest.raises(InvalidDocument, match="asks for 450 answers; 400 is the most"):
        parse({"title": "T", "questions": questions})


def test_texts_fall_back_to_the_first_language() -> None:
    assert [ALL.language(wish) for wish in ("ar", "AR-eg", "nl", "", None)] == ["ar", "ar", "en", "en", "en"]
    assert ALL.text(ALL.title, "ar") == "الكل"
    assert ALL.text(ALL.question("csat").title, "ar") == "Satisfied?"
    assert ALL.text({"en": "only"}, "ar") == "only"
    assert ALL.text(None, "ar") == ""


def test_the_published_schema_is_the_code() -> None:
    published = Path(module.__file__).with_name("schema.json")
    assert json.loads(published.read_text("utf-8")) == schema(), "python -m feedback.surveys writes it again"


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_are_surveys(template: str) -> None:
    _name, _kind, make = TEMPLATES[template]
    document = parse(make("Halden Home"))
    assert [metric for _q, metric, _l, _h in document.bound()] == [template.split("-")[1]]


def test_a_document_survives_its_json() -> None:
    assert parse(json.loads(json.dumps(ALL.as_json()))) == ALL


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
THINGS = st.recursive(
    SCALARS, lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(max_size=8), one, max_size=4)
)
IDS = st.sampled_from([question.id for question in ALL.questions])
LIKELY = st.integers(-1, 11) | st.sampled_from(["a", "b", "2026-01-01", "", ["a", "c"], {"speed": 3}, True])


@given(st.dictionaries(IDS | st.text(max_size=6), LIKELY | THINGS, max_size=15), st.booleans())
@settings(max_examples=400, deadline=None)
def test_validation_never_crashes_and_clean_answers_stay(answers: dict[str, Any], partial: bool) -> None:
    clean, errors = ALL.validate(answers, partial=partial)
    assert not set(clean) & set(errors)
    json.dumps(clean, allow_nan=False).encode()
    again, more = ALL.validate(clean, partial=True)
    assert again == clean
    assert more == {}
    if not errors:
        assert ALL.validate(clean, partial=partial) == (clean, {})


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_stored(text: str) -> None:
    clean, errors = ALL.validate({"nps": 1, "why": text})
    assert not errors
    stored = clean.get("why", "x")
    assert "\0" not in stored
    stored.encode()


@given(THINGS)
@settings(max_examples=200, deadline=None)
def test_parsing_never_crashes(thing: Any) -> None:
    for candidate in (thing, {"title": "T", "questions": thing}, {"title": "T", "questions": [thing]}):
        with pytest.raises(InvalidDocument):
            parse(candidate)


@given(st.lists(st.tuples(IDS | st.just("m.speed"), st.text(max_size=10)), max_size=10))
@settings(max_examples=200, deadline=None)
def test_any_form_is_read(fields: list[tuple[str, str]]) -> None:
    form: Form = QueryDict(mutable=True)
    for key, value in fields:
        form.appendlist(key, value)  # type: ignore[attr-defined]
    ALL.validate(ALL.from_form(form))
