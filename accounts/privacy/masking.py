"""What somebody sees of a customer who may not see who it is: enough to tell two apart, not to call either."""

import copy
import re
from collections.abc import Collection
from typing import Any, NoReturn, TypeVar

from django.db.models import Model

from .detector import DOTS, holds_name, is_contact, mask_text
from .marks import Kind, personal_fields

Row = TypeVar("Row", bound=Model)


def mask(kind: Kind, value: Any, names: Collection[str] = ()) -> Any:
    """The value as a reader without the permission sees it. Empty stays empty.

    Args:
        names: of the customer whom it is about, to be hidden in texts.
    """
    if not value:
        return value
    if kind is Kind.JSON:
        return dict.fromkeys(value, DOTS) if isinstance(value, dict) else DOTS
    if kind is Kind.ANSWERS:
        return mask_within(value, names)
    text = str(value).strip()
    if kind is Kind.TEXT:
        return mask_text(text, names)
    if kind is Kind.ID:
        return _id(text, names)
    if kind is Kind.EMAIL:
        return _email(text, names)
    return {Kind.NAME: _name, Kind.PHONE: _phone}[kind](text)


def mask_within(value: Any, names: Collection[str] = ()) -> Any:
    """Every text in a structure, masked as free text; numbers and truth values as they are."""
    if isinstance(value, str):
        return mask_text(value, names)
    if isinstance(value, dict):
        return {key: mask_within(one, names) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(mask_within(one, names) for one in value)
    return value


def _id(text: str, names: Collection[str]) -> str:
    """As it is, unless the company knows people by their address or number."""
    if not is_contact(text):
        return text
    return _email(text, names) if "@" in text else _phone(text)


def _name(text: str) -> str:
    """Initials: "Ana Sousa" → "A••• S•••"."""
    return " ".join(f"{word[0]}{DOTS}" for word in text.split()[:4])


def _email(text: str, names: Collection[str] = ()) -> str:
    """The first letter and the domain, unless that is the person's own: "a•••@mail.example"."""
    local, at, domain = text.rpartition("@")
    if not at or not local:
        return DOTS
    return f"{local[0]}{DOTS}@{DOTS if holds_name(domain, names) else domain}"


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


def names_of(customer: Any) -> tuple[str, ...]:
    """What to hide of a customer in texts about them; of nobody, nothing."""
    return (customer.name,) if customer is not None and customer.name else ()


def own_names(row: Model) -> tuple[str, ...]:
    """Those of the person that a row is."""
    marked = personal_fields(type(row))
    return tuple(
        getattr(row, name) for name, kind in marked.items() if kind is Kind.NAME and getattr(row, name)
    )


def veiled(row: Row, names: Collection[str] = ()) -> Row:
    """A copy of a row with its personal fields masked, to be shown; it cannot be saved."""
    names = names or own_names(row)
    copied = copy.copy(row)
    for name, kind in personal_fields(type(row)).items():
        setattr(copied, name, mask(kind, getattr(row, name), names))
    copied.save = _refuse  # type: ignore[method-assign]
    return copied


def shown(row: Row, viewer: Any, names: Collection[str] = ()) -> Row:
    """The row as `viewer` (a membership) may see it; `names` of the customer whom it is about."""
    return row if viewer.may("personal.view") else veiled(row, names)


def mask_document(
    model: type[Model], document: dict[str, Any], names: Collection[str] = ()
) -> dict[str, Any]:
    """The same for a document of the API, whose members are called as the model's fields."""
    marked = personal_fields(model)
    return {
        name: mask(marked[name], value, names) if name in marked else value
        for name, value in document.items()
    }


def _refuse(*args: Any, **kwargs: Any) -> NoReturn:
    raise TypeError("A masked copy cannot be saved: it would overwrite the data with what hides it.")
