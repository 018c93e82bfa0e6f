"""What a kind of import is: which targets a mapping may name, and how staged rows become rows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db.models import Model

from accounts.models import Organization

from . import numbers, values
from .mapping import COMMON, Checker, Columns, Mapping, MappingError, Source
from .plan import Plan
from .reading import RowFile
from .staging import Staging


@dataclass(frozen=True)
class Counts:
    """What became of the staged rows. The rest of them was unchanged already."""

    created: int
    updated: int
    customers_created: int = 0


class Importer(Protocol):
    """Registered by kind in `crm.registries.importers`."""

    kind: str

    @property
    def fills(self) -> tuple[type[Model], ...]:
        """What it writes, so that the planner is told of it."""

    def read(self, document: dict[str, Any], organization: Organization) -> Mapping:
        """The checked mapping. Inside the organization's context.

        Raises:
            MappingError: with every problem found.
        """

    def plan(self, mapping: Mapping, file: RowFile, organization: Organization) -> Plan:
        """How rows of this file are staged. Inside the organization's context.

        Raises:
            MappingError: when the mapping names columns that the file does not have.
        """

    def write(self, staging: Staging, mapping: Mapping, organization: Organization) -> Counts:
        """Take the staged rows in, set-based, refusing those that cannot be. Inside the context."""


@dataclass(frozen=True)
class Target:
    """A field that a mapping may fill."""

    #: Makes the value's kind from its source and the organization's zone.
    make: Callable[[Source, ZoneInfo], values.Value]
    required: bool = False
    #: Filled by an object of named members, stored as JSON ("text" or "number").
    group: str = ""


def text(most: int, *, required: bool = False) -> Target:
    return Target(lambda source, _: values.Text(most, words=source.words, required=required), required)


def own_id(*, required: bool = False) -> Target:
    """The row's own id: need not be mapped, but where it is no cell may be empty."""
    return Target(lambda source, _: values.Text(200, words=source.words, required=True), required)


def pattern(look: str, expected: str, *, fold: Callable[[str], str] = str, required: bool = False) -> Target:
    def make(source: Source, _: ZoneInfo) -> values.Value:
        return values.Pattern(look, expected, fold=fold, words=source.words, required=required)

    return Target(make, required)


def choice(choices: Iterable[str], *, required: bool = False) -> Target:
    listed = tuple(choices)
    return Target(lambda source, _: values.Choice(listed, words=source.words, required=required), required)


def instant(*, required: bool = False) -> Target:
    def make(source: Source, zone: ZoneInfo) -> values.Value:
        return values.Instant(source.zone or zone, source.form, words=source.words, required=required)

    return Target(make, required)


def decimals(places: int, most: str, *, hint: str = "", required: bool = False) -> Target:
    def make(source: Source, _: ZoneInfo) -> values.Value:
        return numbers.Decimals(
            places=places,
            most=Decimal(most),
            hint=hint,
            comma=source.comma,
            words=source.words,
            required=required,
        )

    return Target(make, required)


def whole() -> Target:
    return Target(lambda source, _: numbers.Whole(comma=source.comma, words=source.words))


def flag() -> Target:
    return Target(lambda source, _: values.Flag(words=source.words))


def phone() -> Target:
    return Target(lambda source, _: values.Phone(source.region, words=source.words))


def group(form: str) -> Target:
    def make(source: Source, _: ZoneInfo) -> values.Value:
        return values.Json(source.type or form, comma=source.comma, words=source.words)

    return Target(make, group=form)


def read_columns(checker: Checker, document: dict[str, Any], targets: dict[str, Target]) -> Columns:
    """The `columns` of a mapping, checked against the targets of its kind."""
    written = document.get("columns")
    if not isinstance(written, dict) or not written:
        checker.note(
            "columns", "must be an object from our field to your column; it may have " + ", ".join(targets)
        )
        return {}
    checker.known("columns", written, targets)
    for name, target in targets.items():
        if target.required and name not in written:
            checker.note(f"columns.{name}", "is required: name its column, or a constant")
    return {
        name: checker.group(f"columns.{name}", value)
        if targets[name].group
        else checker.source(f"columns.{name}", value)
        for name, value in written.items()
        if name in targets
    }


def read_common(
    checker: Checker,
    document: dict[str, Any],
    kind: str,
    targets: dict[str, Target],
    options: Iterable[str] = (),
) -> Mapping:
    """What all kinds share. The caller checks its own options and then calls `checker.finish()`."""
    options = tuple(options)
    checker.known("", document, COMMON | set(options))
    if document.get("kind", kind) != kind:
        checker.note("kind", f"is {document['kind']!r}, but {kind!r} is being imported")
    file_format = checker.format(document.get("format", {}))
    columns = read_columns(checker, document, targets)
    key = document.get("key")
    if key is not None:
        if not isinstance(key, list) or not key or not all(isinstance(name, str) for name in key):
            checker.note("key", 'must be a list of fields, such as ["customer", "occurred_at"]')
            key = None
        else:
            for name in key:
                if name not in columns:
                    checker.note("key", f"{name!r} is not among the mapped columns")
        if "external_id" in columns:
            checker.note(
                "key", "is for rows without an id of their own; leave it out, or leave out external_id"
            )
    return Mapping(
        kind, file_format, columns, key, {name: document[name] for name in options if name in document}
    )


__all__ = ["Counts", "Importer", "MappingError", "Target", "read_columns", "read_common"]
