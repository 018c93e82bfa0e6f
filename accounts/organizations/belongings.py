"""What belongs to an organization: found by what models refer to, so that a new table is never forgotten."""

from typing import Any

from django.apps import apps

from accounts.models import Organization


def owned_models() -> list[Any]:
    """Every model that refers to an organization, of whatever room."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if any(field.related_model is Organization for field in model._meta.local_fields)
    ]
