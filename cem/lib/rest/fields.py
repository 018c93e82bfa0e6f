"""Fields that take one spelling: RFC 3339 instants, decimal strings, JSON objects."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[+-]\d\d:\d\d)")
_DECIMAL = re.compile(r"-?\d{1,20}(\.\d{1,12})?")


def instant(text: Any) -> datetime:
    """An RFC 3339 date-time as UTC.

    Raises:
        ValueError: with a sentence for the sender.
    """
    if not isinstance(text, str) or not _RFC3339.fullmatch(text):
        raise ValueError("Use RFC 3339 with an offset, such as 2026-11-01T12:00:00Z.")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("There is no such date or time.") from None


class Instant(serializers.DateTimeField):
    """An instant. Without an offset it would mean another moment on each machine, so that is refused."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return instant(value)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from None


@extend_schema_field({"type": "string", "pattern": r"^-?\d{1,20}(\.\d{1,12})?$", "examples": ["129.90"]})
class Amount(serializers.DecimalField):
    """A decimal string. JSON numbers are floats in most languages and lose digits, so they are refused."""

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or not _DECIMAL.fullmatch(data):
            raise serializers.ValidationError('Send a decimal string, such as "129.90".')
        return super().to_internal_value(data)


@extend_schema_field({"type": "object", "additionalProperties": True})
class JsonObject(serializers.JSONField):
    """Any JSON object of at most `most` members."""

    most = 200

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError("Send a JSON object.")
        if len(data) > self.most:
            raise serializers.ValidationError(f"At most {self.most} members.")
        super().to_internal_value(data)
        return data


@extend_schema_field({"type": "object", "additionalProperties": {"type": "number"}})
class Measures(JsonObject):
    """Name → number."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        found = super().to_internal_value(data)
        for name, value in found.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise serializers.ValidationError({name: "A measure is a number (yes and no are 1 and 0)."})
            if abs(value) > 1e15:
                raise serializers.ValidationError({name: "This number is too large for a measure."})
        return found
