"""Nothing personal goes unmarked, and what is marked is reached by an erasure."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from accounts.models import User
from accounts.privacy.holders import CUSTOMER, ModelHolder, holders
from accounts.privacy.marks import declared_labels, harmless_fields, personal_fields
from accounts.tenant import TenantModel

TENANT = [model for model in apps.get_models() if issubclass(model, TenantModel)]
TEXTS = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField)
#: Personal fields of people who are not customers, or that hold nothing of a customer that a holder of another
#: kind does not reach; each with its reason.
NOT_BY_CUSTOMER = {
    "accounts.AuditEntry": "made pseudonymous by a holder of its own",
    "accounts.IdempotentRequest": "searched by a holder of its own",
    "accounts.MemberInvitation": "staff",
    "accounts.SignOnIdentity": "staff",
    "crm.Employee": "staff",
    "crm.ImportRun": "its message names a line of the file; the file is searched by a holder of its own",
}


def texts(model: Any) -> set[str]:
    found = set()
    for field in model._meta.local_fields:
        if field.choices:
            continue  # one of a few words
        if isinstance(field, TEXTS) or type(field).__name__ == "ArrayField":
            found.add(field.name)
    return found


@pytest.mark.parametrize("model", [*TENANT, User], ids=lambda model: model._meta.label)
def test_every_text_is_marked_personal_or_declared_harmless(model: Any) -> None:
    personal, harmless = set(personal_fields(model)), set(harmless_fields(model))
    room = model._meta.app_label
    left = texts(model) - personal - harmless - ({"password"} if model is User else set())
    assert not left, (
        f"{model._meta.label}: {sorted(left)} may hold personal data. Mark each in {room}/personal.py: "
        "PERSONAL with its kind, or HARMLESS."
    )
    names = {field.name for field in model._meta.get_fields()}
    assert personal | harmless <= names, f"{room}/personal.py names fields that are gone"
    assert not personal & harmless


def test_no_mark_is_for_a_model_that_is_gone() -> None:
    assert declared_labels() <= {model._meta.label for model in apps.get_models()}


@pytest.mark.parametrize(
    "model", [model for model in TENANT if personal_fields(model)], ids=lambda model: model._meta.label
)
def test_a_model_with_personal_fields_is_erased_with_its_customer(model: Any) -> None:
    reached = {holder.model for holder in holders() if isinstance(holder, ModelHolder)}
    assert model in reached or model._meta.label in NOT_BY_CUSTOMER, (
        f"{model._meta.label} holds personal data and no reference to {CUSTOMER}: add a holder in "
        f"{model._meta.app_label}/privacy.py, or a reason here."
    )


def test_every_reference_to_a_customer_has_a_holder() -> None:
    reached = {holder.model for holder in holders() if isinstance(holder, ModelHolder)}
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if field.is_relation and field.related_model._meta.label == CUSTOMER:
                assert model in reached, (
                    f"{model._meta.label} is not registered: see accounts/privacy/holders.py"
                )


def test_what_refers_is_erased_before_what_it_refers_to() -> None:
    names = [holder.name for holder in holders()]
    for first, then in (
        ("feedback.scores", "feedback.responses"),
        ("feedback.verbatims", "feedback.responses"),
        ("feedback.responses", "feedback.invitations"),
        ("feedback.responses", "crm.interactions"),
        ("crm.refused_rows", "crm.customers"),
        ("crm.customers", "analytics.frames"),
        ("analytics.frames", "accounts.audit_trail"),
    ):
        assert names.index(first) < names.index(then)
