"""What somebody sees of a customer who may not see who it is: enough to tell two apart, not to call either."""

import copy
import re
from typing import Any, NoReturn, TypeVar

from django.db.models import Model

from .marks import Kind, personal_fields

Row = TypeVar("Row", bound=Model)
DOTS = "•••"


def mask(kind: Kind, value: Any) -> Any:
    """The value as a reader without the permission sees it. Empty stays empty."""
    if not value or kind in (Kind.ID, Kind.TEXT):
        return value
    if kind is Kind.JSON:
        return dict.fromkeys(value, DOTS) if isinstance(value, dict) else DOTS
    text = str(value).strip()
    return {Kind.NAME: _name, Kind.EMAIL: _email, Kind.PHONE: _phone}[kind](text)


def _name(text: str) -> str:
    """Initials: "Ana Sousa" → "A••• S•••"."""
    return " ".join(f"{word[0]}{DOTS}" for word in text.split()[:4])


def _email(text: str) -> str:
    """The first letter and the domain, which is rarely a person's own: "a•••@mail.example"."""
    local, at, domain = text.rpartition("@")
    return f"{local[0]}{DOTS}@{domain}" if at and local else DOTS


def _phone(text: str) -> str:
    """Country and last three digits: "+351 ••• ••• 482"."""
    import phonenumbers

    digits = re.sub(r"\D", "", text)
    if len(digits) < 7:
        return DOTS
    try:
        country = f"+{phonenumbers.parse(text).country_code} "
    except phonenumbers.NumberParseException:
        country = ""
    return f"{country}{DOTS} {DOTS} {digits[-3:]}"


def veiled(row: Row) -> Row:
    """A copy of a row with its personal fields masked, to be shown; it cannot be saved."""
    copied = copy.copy(row)
    for name, kind in personal_fields(type(row)).items():
        setattr(copied, name, mask(kind, getattr(row, name)))
    copied.save = _refuse  # type: ignore[method-assign]
    return copied


def shown(row: Row, viewer: Any) -> Row:
    """The row as `viewer` (a membership) may see it."""
    return row if viewer.may("personal.view") else veiled(row)


def mask_document(model: type[Model], document: dict[str, Any]) -> dict[str, Any]:
    """The same for a document of the API, whose members are called as the model's fields."""
    marked = personal_fields(model)
    return {name: mask(marked[name], value) if name in marked else value for name, value in document.items()}


def _refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise TypeError("A masked copy cannot be saved: it would overwrite the data with what hides it.")
