"""Readings and look-ups of the linkage pages."""

from collections.abc import Mapping
from typing import Any

from django import template

from analytics.studies.results import READINGS

register = template.Library()


@register.filter
def reading(name: str) -> str:
    """ "matched by its placebo"."""
    return READINGS.get(name, name)


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds under a key; None where nothing."""
    return found.get(key)
