"""Filters by query parameter. A misspelt one is an error, not a longer list."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django_filters import filters
from django_filters.rest_framework import DjangoFilterBackend, FilterSet

from .fields import instant
from .problems import Problem


class _InstantField(forms.CharField):
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return instant(text)
        except ValueError as error:
            hint = " A + in an address means a space: write %2B." if " " in text else ""
            raise ValidationError(f"{error}{hint}") from None


class InstantFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    field_class = _InstantField


class Filters(FilterSet):  # type: ignore[misc]
    """The base of the rooms' filter sets."""


class StrictFilters(DjangoFilterBackend):  # type: ignore[misc]
    """400 with the parameter's name for a value that does not fit."""

    filterset_base = Filters

    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        filterset = self.get_filterset(request, queryset, view)
        if filterset is None:
            return queryset
        if not filterset.is_valid():
            raise Problem(
                400,
                "A query parameter does not fit.",
                errors=[
                    {"parameter": name, "detail": str(text)}
                    for name, texts in filterset.errors.items()
                    for text in texts
                ],
            )
        return filterset.qs


def refuse_unknown(request: Any, known: frozenset[str]) -> None:
    """400 for a query parameter that this address does not have."""
    if unknown := sorted(set(request.query_params) - known):
        there = ", ".join(sorted(known)) or "none"
        raise Problem(
            400,
            f"Unknown query parameter. There are: {there}.",
            errors=[{"parameter": name, "detail": "Unknown parameter."} for name in unknown],
        )
