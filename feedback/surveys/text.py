"""Texts of a survey in one or several languages, and texts that respondents wrote."""

import unicodedata
from typing import Annotated, TypeAlias

from msgspec import Meta

#: The most that anybody can write into one answer.
LONGEST_ANSWER = 5_000

Phrase: TypeAlias = Annotated[str, Meta(min_length=1, max_length=4_000)]
Language: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$(?!\n)")]
#: A text, or one per language, such as {"en": "Why?", "nl": "Waarom?"}.
Text: TypeAlias = Phrase | dict[Language, Phrase]

_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}


def in_language(text: Text | None, language: str, first: str) -> str:
    """The text in this language, else in the survey's first one, else in any; "" without a text."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get(first) or next(iter(text.values()), "")


def direction(language: str) -> str:
    """ "rtl" or "ltr", for the `dir` attribute."""
    return "rtl" if language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def printable(text: str) -> str:
    """Without what a database cannot store or a page cannot show.

    NUL, other control characters and lone surrogates go; line ends become one kind; white space at both ends
    goes. Doing it twice changes nothing more.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return text.strip()
