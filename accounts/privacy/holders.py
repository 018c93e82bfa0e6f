"""Who holds personal data of customers. Each room adds its own in `AppConfig.ready`.

A holder can count what it has of one customer, hand it out and erase it. Models that refer to the customer are
found by themselves (`register_models`); files and other things are added by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Protocol
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from .marks import readable_fields

CUSTOMER = "crm.Customer"


@dataclass(frozen=True)
class Subject:
    """Whom it is about: the customer's id and, as long as their row is there, what else names them."""

    id: UUID
    external_id: str = ""
    email: str = ""
    phone: str = ""

    @property
    def names(self) -> list[str]:
        """What in a text would give them away."""
        return [name for name in (str(self.id), self.external_id, self.email, self.phone) if name]


class NotYet(Exception):
    """A holder is in use and cannot be erased now; the message says by what. It is tried again."""


class Holder(Protocol):
    """One place that holds personal data. All three run inside the organization's context."""

    #: Such as "crm.interactions"; the name of its file in an export.
    name: str
    #: What a reader of the receipt sees.
    label: str
    #: Erased in this order: what needs the customer's row first, the row, then what only needs the id.
    order: int

    def count(self, subject: Subject) -> int: ...

    def export(self, subject: Subject) -> Iterator[dict[str, Any]]: ...

    def erase(self, subject: Subject) -> int:
        """Remove it all and return how much. Again it removes nothing and returns 0. May raise NotYet."""


FILES, ROWS, CUSTOMERS, LATER, LAST = 10, 30, 50, 70, 90
_holders: dict[str, Holder] = {}


def register(holder: Holder) -> None:
    """Add one.

    Raises:
        ValueError: when the name is taken by another.
    """
    if _holders.setdefault(holder.name, holder) is not holder:
        raise ValueError(f"There is already a holder called {holder.name!r}.")


def holders() -> list[Holder]:
    """All, in the order in which they are erased."""
    models = {holder.model for holder in _holders.values() if isinstance(holder, ModelHolder)}

    def place(holder: Holder) -> tuple[int, int, str]:
        depth = _depth(holder.model, models) if isinstance(holder, ModelHolder) else 0
        return (
            holder.order,
            -depth,
            holder.name,
        )  # what refers goes before what it refers to, and is counted itself

    return sorted(_holders.values(), key=place)


def _depth(model: type[Model], among: set[type[Model]]) -> int:
    targets = {
        field.related_model
        for field in model._meta.local_fields
        if field.is_relation and field.related_model in among
    } - {model}
    return 1 + max((_depth(target, among) for target in targets), default=0)


class ModelHolder:
    """The rows of a model that refer to the customer, or the customer's own row."""

    def __init__(self, model: type[Model], fields: list[str], order: int) -> None:
        self.model, self.fields, self.order = model, fields, order
        plural = str(model._meta.verbose_name_plural)
        self.name = f"{model._meta.app_label}.{plural.replace(' ', '_')}"
        self.label = plural.capitalize()

    def rows(self, subject: Subject) -> QuerySet[Any]:
        wanted = reduce(or_, (Q(**{field: subject.id}) for field in self.fields))
        return self.model._default_manager.filter(wanted)

    def count(self, subject: Subject) -> int:
        return self.rows(subject).count()

    def export(self, subject: Subject) -> Iterator[dict[str, Any]]:
        names = [field.attname for field in readable_fields(self.model) if field.name != "organization"]
        yield from self.rows(subject).order_by("pk").values(*names).iterator(1_000)

    def erase(self, subject: Subject) -> int:
        _, by_model = self.rows(subject).delete()
        return by_model.get(self.model._meta.label, 0)


def register_models(app_label: str) -> None:
    """A holder for each model of a room that refers to a customer, so that a new table cannot be forgotten."""
    for model in apps.get_app_config(app_label).get_models():
        if model._meta.label == CUSTOMER:
            register(ModelHolder(model, ["pk"], CUSTOMERS))
        elif fields := [
            field.attname
            for field in model._meta.local_fields
            if field.is_relation and field.related_model is not None and _label(field) == CUSTOMER
        ]:
            register(ModelHolder(model, fields, ROWS))


def _label(field: Any) -> str:
    target = field.related_model
    return target if isinstance(target, str) else target._meta.label


def identify(customer_id: UUID) -> Subject:
    """The customer by what names them; by their id alone once the row is gone."""
    row = (
        apps.get_model(CUSTOMER)
        .objects.filter(pk=customer_id)
        .values("external_id", "email", "phone")
        .first()
    )
    return Subject(customer_id, **row) if row else Subject(customer_id)
