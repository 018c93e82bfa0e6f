"""Which fields of which models hold personal data, as each room's `personal.py` declares.

`PERSONAL` maps a model's label to {field: kind}; `HARMLESS` maps it to the text and JSON fields that hold none.
A test walks every tenant model and fails on a text field that is in neither.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

from django.apps import apps
from django.db.models import Model


class Kind(StrEnum):
    """What a personal field holds, which decides how it is masked."""

    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    #: Free text, in which anything may stand: contact details and the customer's own name in it are hidden.
    TEXT = "text"
    #: Members of an object, with whatever the sender put there: hidden whole.
    JSON = "json"
    #: Answers to a survey: scores and choices are shown, texts among them masked as free text is.
    ANSWERS = "answers"
    #: The company's own id of a person. Shown, since without it nobody could be spoken about, unless it is an
    #: address or a telephone number; never logged as harmless, exported and erased all the same.
    ID = "id"


@lru_cache(1)
def _declared() -> tuple[dict[str, dict[str, Kind]], dict[str, frozenset[str]]]:
    personal: dict[str, dict[str, Kind]] = {}
    harmless: dict[str, frozenset[str]] = {}
    for app in apps.get_app_configs():
        if find_spec(f"{app.name}.personal") is None:
            continue
        module = import_module(f"{app.name}.personal")
        personal |= module.PERSONAL
        harmless |= {label: frozenset(names) for label, names in module.HARMLESS.items()}
    return personal, harmless


def personal_fields(model: type[Model]) -> Mapping[str, Kind]:
    """Field → kind of a model's personal fields."""
    return MappingProxyType(_declared()[0].get(model._meta.label, {}))


def harmless_fields(model: type[Model]) -> frozenset[str]:
    """Text and JSON fields of which somebody decided that they hold no personal data."""
    return _declared()[1].get(model._meta.label, frozenset())


def declared_labels() -> set[str]:
    """Every model that some room speaks of."""
    personal, harmless = _declared()
    return set(personal) | set(harmless)


def is_secret(name: str) -> bool:
    """Fields that no trail and no export may hold, whatever model they are on."""
    return any(part in name for part in ("password", "hash", "token", "secret"))


def readable_fields(model: type[Model]) -> list[Any]:
    """The concrete fields that may leave the system in an export: no secret, no bytes."""
    return [
        field
        for field in model._meta.concrete_fields
        if not is_secret(field.name) and field.get_internal_type() != "BinaryField"
    ]
