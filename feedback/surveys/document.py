"""A survey as a validated document.

`parse` turns JSON (as from `json.loads`) into a frozen `Document`; `Document.validate` turns somebody's
answers into what is stored. `schema.json` beside this file is the published JSON Schema of the same.

    {"title": "After your call", "languages": ["en", "nl"],
     "questions": [{"id": "csat", "type": "csat", "title": {"en": "How satisfied …?", "nl": "Hoe …?"}},
                   {"id": "why", "type": "long_text", "title": "Why?"}]}
"""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext as _
from msgspec import Meta, Struct

from feedback.metrics import family

from .questions import Form, Matrix, Question, Refused, Statement, repeated
from .text import Language, Text, in_language

#: Fields of the form itself; a question of that name would be mistaken for one.
RESERVED = frozenset({"token", "started", "website", "dismiss", "lang"})
#: Answers with more fields than this are refused unread (Django refuses forms with more than 500 fields).
MOST_FIELDS = 400


class InvalidDocument(ValueError):
    """The document cannot be a survey. `path` says where, `problem` what is wrong."""

    def __init__(self, path: str, problem: str) -> None:
        self.path, self.problem = path, problem
        super().__init__(f"{path}: {problem}" if path else problem)


class Document(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What is asked, word for word. The first language is the fallback for every text."""

    title: Text
    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=100)]
    languages: Annotated[tuple[Language, ...], Meta(min_length=1, max_length=40)] = ("en",)
    intro: Text | None = None
    submit: Text | None = None
    thanks: Text | None = None
    #: One sentence on what happens to the answer, on every page; the page "How it is used" says the rest.
    privacy: Text | None = None

    def language(self, wanted: str | None) -> str:
        """The best language of this survey for a wish such as "pt-BR": itself, its base, else the first."""
        wanted = (wanted or "").replace("_", "-")
        lower = {language.lower(): language for language in self.languages}
        base = wanted.partition("-")[0].lower()
        found: str = lower.get(wanted.lower()) or lower.get(base) or self.languages[0]
        return found

    def text(self, text: Text | None, language: str) -> str:
        return in_language(text, language, self.languages[0])

    def question(self, question_id: str) -> Question:
        """The question with this id; a matrix item's (`matrix.item`) is its matrix. KeyError when unknown."""
        wanted = question_id.partition(".")[0]
        for question in self.questions:
            if question.id == wanted:
                return question
        raise KeyError(question_id)

    def bound(self) -> Iterator[tuple[str, str, int, int]]:
        """Every scored question as (question id, metric, lowest, highest)."""
        for question in self.questions:
            yield from question.bound()

    def from_form(self, form: Form) -> dict[str, Any]:
        """Answers from an HTML form (Django's `request.POST`), for `validate`. Other fields are ignored."""
        given = {question.id: question.from_form(form) for question in self.questions}
        return {key: value for key, value in given.items() if value not in (None, "", [], {})}

    def validate(self, answers: Any, *, partial: bool = False) -> tuple[dict[str, Any], dict[str, str]]:
        """What is stored of these answers, and what is wrong with them.

        Args:
            answers: {question id: answer} in JSON types, exactly: 8, not "8".
            partial: required questions may be missing (answers saved while somebody is still answering).

        Returns:
            (clean, errors): clean leaves unanswered questions out and validates again to itself; errors maps
            question ids to sentences for the respondent, and "" to what concerns no question.
        """
        if not isinstance(answers, dict):
            return {}, {"": _("Answers must be an object of question ids and answers.")}
        known = {question.id for question in self.questions}
        errors = {
            str(key)[:60]: _("This survey has no such question.") for key in answers if key not in known
        }
        clean: dict[str, Any] = {}
        for question in self.questions:
            try:
                value = question.clean(answers.get(question.id))
                if value is not None:
                    clean[question.id] = value
                elif question.required and not partial:
                    raise Refused(_("Please answer this question."))
            except Refused as refused:
                if not (partial and isinstance(question, Matrix) and self._fits(question, answers, clean)):
                    errors[question.id] = str(refused)
        return clean, errors

    def _fits(self, matrix: Matrix, answers: dict[str, Any], clean: dict[str, Any]) -> bool:
        """Whether a required matrix is merely not finished yet; if so, keeps what there is."""
        try:
            value = msgspec.structs.replace(matrix, required=False).clean(answers.get(matrix.id))
        except Refused:
            return False
        if value is not None:
            clean[matrix.id] = value
        return True

    def as_json(self) -> dict[str, Any]:
        """The document as JSON types, without defaults; parses to an equal document."""
        json: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        return json


def parse(document: Any) -> Document:
    """The document, checked.

    Raises:
        InvalidDocument: naming the first thing that is wrong and where, such as
            ``questions[2].items[0].id: 'speed' is used twice; ids must differ``.
    """
    try:
        parsed = msgspec.convert(document, Document)
    except msgspec.ValidationError as error:
        problem, _at, path = str(error).partition(" - at `$")
        raise InvalidDocument(path.rstrip("`").lstrip("."), problem[:1].lower() + problem[1:]) from None
    for path, problem in problems(parsed):
        raise InvalidDocument(path, problem)
    return parsed


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a document, as published in `schema.json`."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    found = {"$schema": dialect, "title": "CEM survey document", **msgspec.json.schema(Document)}
    json: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(found))
    return json


def problems(document: Document) -> Iterator[tuple[str, str]]:
    """(path, what is wrong) for all that a schema cannot say."""
    yield from repeated("questions", "id", [question.id for question in document.questions])
    if len(set(document.languages)) < len(document.languages):
        yield "languages", "a language is listed twice"
    fields = sum(len(q.items) if isinstance(q, Matrix) else 1 for q in document.questions)
    if fields > MOST_FIELDS:
        yield "questions", f"asks for {fields} answers; {MOST_FIELDS} is the most"
    if all(isinstance(question, Statement) for question in document.questions):
        yield "questions", "there is nothing to answer; add a question"
    for index, question in enumerate(document.questions):
        path = f"questions[{index}]"
        if question.id in RESERVED:
            yield f"{path}.id", f"{question.id!r} is a field of the form itself; choose another id"
        for below, problem in question.problems():
            yield f"{path}.{below}", problem
        for bound, metric, low, high in question.bound():
            scale = family(metric).scale
            if scale and scale != (low, high):
                yield (
                    f"{path}.metric",
                    f"{bound} is on {low}–{high}, but {metric} is defined on {scale[0]}–{scale[1]}",
                )
    yield from _untranslated("", document, document.languages)


def _untranslated(path: str, struct: Any, languages: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in struct.__struct_fields__:
        value = getattr(struct, name)
        below = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            if languages[0] not in value:
                yield below, f"has no text in {languages[0]!r}, the first language"
            for language in value:
                if language not in languages:
                    yield below, f"{language!r} is not one of the survey's languages ({', '.join(languages)})"
        elif isinstance(value, tuple) and value and isinstance(value[0], Struct):
            for index, one in enumerate(value):
                yield from _untranslated(f"{below}[{index}]", one, languages)


__all__ = ["Document", "InvalidDocument", "parse", "schema"]
