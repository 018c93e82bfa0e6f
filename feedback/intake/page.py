"""A survey as the templates in `templates/survey/` draw it."""

from collections.abc import Mapping
from typing import Any

from django.conf.locale import LANG_INFO

from feedback.surveys.document import Document
from feedback.surveys.questions import (
    Choice,
    Consent,
    Matrix,
    Question,
    Scale,
    ShortText,
    kind,
)
from feedback.surveys.text import Text, direction

from .door import Door


def survey_context(door: Door, language: str) -> dict[str, Any]:
    """Context of survey/base.html: the survey, what happens to the answer, and where to say never."""
    document = door.document
    return {
        "survey": {
            "title": document.text(document.title, language),
            "organization_name": door.organization_name,
            "language": language,
            "direction": direction(language),
            "languages": [
                {"code": code, "name": language_name(code), "url": f"?lang={code}"}
                for code in document.languages
            ],
        },
        "token": door.token,
        "privacy": document.text(document.privacy, language),
        "is_personal": door.is_personal,
    }


def language_name(code: str) -> str:
    """The language's own name for itself: "Nederlands"; the code where we do not know it."""
    for known in (code.lower(), code.partition("-")[0]):
        if name := LANG_INFO.get(known, {}).get("name_local"):
            return str(name[:1].upper() + name[1:])
    return code


def questions_context(
    document: Document, language: str, given: Mapping[str, Any], errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One dict per question, as survey/question.html reads it; `given` is shown again after an error."""

    def text(one: Text | None) -> str:
        return document.text(one, language)

    def draw(question: Question) -> dict[str, Any]:
        value = given.get(question.id)
        drawn: dict[str, Any] = {
            "id": question.id,
            "type": kind(question),
            "title": text(question.title),
            "hint": text(question.hint),
            "required": question.required,
            "value": value,
            "error": errors.get(question.id, ""),
        }
        if isinstance(question, Scale | Matrix):
            drawn |= {
                "values": question.values,
                "low_label": text(question.low_label),
                "high_label": text(question.high_label),
            }
        if isinstance(question, Matrix):
            chosen = value if isinstance(value, dict) else {}
            drawn["items"] = [
                {"id": item.id, "label": text(item.title), "value": chosen.get(item.id)}
                for item in question.items
            ]
        elif isinstance(question, Choice):
            drawn["options"] = [{"value": one.value, "label": text(one.label)} for one in question.options]
            drawn["value"] = value if value is not None else []
        elif isinstance(question, Consent):
            drawn["options"] = [{"value": "true", "label": text(question.label)}]
            drawn["value"] = "true" if value is True else ""
        elif isinstance(question, ShortText):
            drawn["max_length"] = question.max_length
        return drawn

    drawn = [draw(question) for question in document.questions]
    if follows_up(document):
        drawn[1]["follow"] = True
    return drawn


def follows_up(document: Document) -> bool:
    """A score and its reason: the second question appears when the first is answered."""
    questions = document.questions
    return (
        len(questions) == 2
        and isinstance(questions[0], Scale)
        and isinstance(questions[1], ShortText)
        and not questions[1].required
    )


__all__ = ["language_name", "questions_context", "survey_context"]
