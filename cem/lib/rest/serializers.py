"""The base of every body that comes in."""

from typing import Any

from rest_framework import serializers


class Strict(serializers.Serializer[Any]):
    """Refuses members it does not know, and those it only sends: nothing is dropped in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise serializers.ValidationError({"non_field_errors": ["Send a JSON object."]})
        errors = {}
        for name in data:
            field = self.fields.get(name)
            if field is None:
                errors[name] = "Unknown field."
            elif field.read_only:
                errors[name] = "Read-only: leave it out."
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            detail = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
            raise serializers.ValidationError({**errors, **detail}) from None
        if errors:
            raise serializers.ValidationError(errors)
        return value


class ProblemError(serializers.Serializer[Any]):
    """One place in the request, and what is wrong there."""

    pointer = serializers.CharField(required=False, help_text="JSON pointer into the body, such as #/email")
    parameter = serializers.CharField(required=False, help_text="Name of the query parameter")
    detail = serializers.CharField()


class ProblemDocument(serializers.Serializer[Any]):
    """RFC 9457."""

    type = serializers.CharField(help_text="urn:problem-type:cem:… — one per kind, never changes")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    request_id = serializers.CharField(help_text="The X-Request-Id of this request; quote it to support.")
    errors = ProblemError(many=True, required=False)  # type: ignore[assignment]
