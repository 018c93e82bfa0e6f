"""The shapes of two runs beside each other, and of what studies can name."""

from typing import Any

from rest_framework import serializers

from analytics.models import Study

from .serializers import RunSerializer


class IntervalSerializer(serializers.Serializer[Any]):
    """A figure with its interval."""

    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class LedgerLineSerializer(serializers.Serializer[Any]):
    """One line of both runs' ledgers."""

    reason = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    first = serializers.IntegerField(allow_null=True)
    second = serializers.IntegerField(allow_null=True)


class SettingSerializer(serializers.Serializer[Any]):
    """A setting that differs."""

    name = serializers.CharField()
    first = serializers.JSONField(allow_null=True)
    second = serializers.JSONField(allow_null=True)


class DifferenceSerializer(serializers.Serializer[Any]):
    """One tested difference in both runs, in the outcome's unit, after the answer and at the same controls."""

    name = serializers.CharField()
    first = IntervalSerializer(allow_null=True)
    second = IntervalSerializer(allow_null=True)
    readings = serializers.ListField(child=serializers.CharField(allow_null=True))
    overlap = serializers.BooleanField(allow_null=True, help_text="Whether the two intervals overlap.")


class ComparisonSerializer(serializers.Serializer[Any]):
    """Two runs of a study. They share most of their answers, so whether a change is real is not tested."""

    first = RunSerializer()
    second = RunSerializer()
    readings = serializers.ListField(child=serializers.CharField())
    reading_changed = serializers.BooleanField()
    same_rows = serializers.BooleanField(help_text="Whether both were computed from exactly the same rows.")
    ledger = LedgerLineSerializer(many=True)
    settings = SettingSerializer(many=True, help_text="Those that differ.")
    differences = DifferenceSerializer(many=True)


class MeasureSerializer(serializers.Serializer[Any]):
    """Something that a study can start from, follow or hold fixed."""

    name = serializers.CharField(help_text="What stands in a study.")
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.ChoiceField(Study.Kind.choices)
    role = serializers.ChoiceField(["predictor", "outcome", "control", "both", "survival"])
    unit = serializers.CharField(help_text="money, count, share, days, seconds, text, points, scale or plain")
    direction = serializers.IntegerField(
        help_text="1 where more is better for the company, −1 where less is, 0 where neither."
    )
    usual = serializers.BooleanField(help_text="Whether it is held fixed where a study does not say.")


class MeasuresSerializer(serializers.Serializer[Any]):
    """The registry."""

    data = MeasureSerializer(many=True)  # type: ignore[assignment]


class SchemaSerializer(serializers.Serializer[Any]):
    """JSON Schema 2020-12."""

    def to_representation(self, instance: Any) -> Any:
        return instance
