"""The shapes of studies and runs."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from analytics.models import Run, Study
from analytics.studies.interval import READINGS
from cem.lib.rest.fields import Instant, JsonObject
from cem.lib.rest.serializers import Strict

#: No organization has data from before.
EARLIEST = 1971


def _names(**options: Any) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, max_length=40, **options
    )


class StudySerializer(serializers.Serializer[Any]):
    """A question about how an attitude goes with what customers then do."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Study.Kind.choices)
    predictor = serializers.CharField(
        help_text='Financial: an attitude such as "nps". Operational: a measure such as "wait_seconds". '
        'Constituency: employees\' rating such as "rating:engagement".'
    )
    outcome = serializers.CharField(
        help_text='Financial: a business metric such as "revenue". The others: a score such as "csat".'
    )
    horizon_days = serializers.IntegerField()
    lookback_days = serializers.IntegerField()
    controls = serializers.ListField(child=serializers.CharField())
    options = JsonObject(
        help_text='Operational: {"threshold": 240}. Constituency: {"period": "quarter" or "month", "when": "same" '
        'or "next"}.'
    )
    outcomes = serializers.ListField(
        child=serializers.CharField(),
        help_text="Financial: outcomes beside which every attitude is correlated; empty: the usual ones.",
    )
    declared = serializers.ListField(
        child=serializers.CharField(), help_text='Hypotheses declared beforehand, as "nps>revenue".'
    )
    answered_from = Instant(allow_null=True)
    answered_until = Instant(allow_null=True)
    minimum_n = serializers.IntegerField()
    created_at = Instant()
    archived_at = Instant(allow_null=True, help_text="An archived study is not run; its runs stay.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Financial",
            {"name": "Revenue after NPS", "predictor": "nps", "outcome": "revenue", "horizon_days": 90},
            request_only=True,
        ),
        OpenApiExample(
            "Operational",
            {
                "name": "CSAT by wait",
                "kind": "operational",
                "predictor": "wait_seconds",
                "outcome": "csat",
                "options": {"threshold": 240},
            },
            request_only=True,
        ),
        OpenApiExample(
            "Constituency",
            {
                "name": "Engaged teams",
                "kind": "constituency",
                "predictor": "rating:engagement",
                "outcome": "csat",
                "options": {"period": "quarter", "when": "next"},
            },
            request_only=True,
        ),
    ]
)
class StudyRequestSerializer(Strict):
    """What to study. /measures lists what may stand in `predictor`, `outcome` and `controls`."""

    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(Study.Kind.choices, required=False)
    predictor = serializers.CharField(max_length=60)
    outcome = serializers.CharField(max_length=60)
    controls = _names(help_text="What is held fixed; left out: the usual ones.")
    horizon_days = serializers.IntegerField(required=False, help_text="Days followed after the answer; 90.")
    lookback_days = serializers.IntegerField(required=False, help_text="Days looked back before it; 90.")
    answered_from = Instant(required=False, allow_null=True)
    answered_until = Instant(required=False, allow_null=True, help_text="Before here.")
    minimum_n = serializers.IntegerField(required=False, max_value=1_000_000)
    options = JsonObject(required=False)
    outcomes = _names()
    declared = serializers.ListField(
        child=serializers.CharField(max_length=130), required=False, max_length=40
    )

    def validate(self, attrs: Any) -> Any:
        """Windows are refused where there are none, rather than dropped."""
        if attrs.get("kind", Study.Kind.FINANCIAL) != Study.Kind.FINANCIAL:
            wrong = {
                name: ["Only financial studies have windows."]
                for name in ("horizon_days", "lookback_days")
                if name in attrs
            }
            if wrong:
                raise serializers.ValidationError(wrong)
        return attrs


@extend_schema_serializer(
    examples=[
        OpenApiExample("Rename", {"name": "What promoters buy"}, request_only=True),
        OpenApiExample("Archive", {"archived": True}, request_only=True),
    ]
)
class StudyChangeSerializer(Strict):
    """Its name, and whether it is archived. What it asks stays: other settings are another study."""

    name = serializers.CharField(max_length=200, required=False)
    archived = serializers.BooleanField(required=False)


class RunRequestSerializer(Strict):
    """What to compute a study with; all of it may be left out."""

    as_of = Instant(required=False, help_text="Rows after this moment are not looked at. Now, when left out.")
    seed = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=2**32 - 1,
        help_text="Of the bootstrap; the same seed, the same figures.",
    )

    def validate_as_of(self, value: datetime) -> datetime:
        if value > timezone.now():
            raise serializers.ValidationError("This moment has not come yet.")
        if value.year < EARLIEST:
            raise serializers.ValidationError(f"Choose a moment from {EARLIEST} on.")
        return value


class NothingSerializer(Strict):
    """An empty body."""


class RunSerializer(serializers.Serializer[Any]):
    """One computation of a study: how far it is."""

    id = serializers.UUIDField()
    study = serializers.UUIDField(source="study_id")
    number = serializers.IntegerField()
    status = serializers.ChoiceField(Run.Status.choices)
    progress = serializers.FloatField(help_text="0 to 1")
    step = serializers.CharField(allow_blank=True, help_text="What is being done, in words.")
    error = serializers.CharField(allow_blank=True)
    as_of = Instant(help_text="Rows after this moment are not looked at.")
    created_at = Instant()
    started_at = Instant(allow_null=True)
    finished_at = Instant(allow_null=True)
    removed_at = Instant(
        allow_null=True,
        help_text="A removed run is in no list and is deleted a week after; restore brings it back.",
    )


@extend_schema_field(
    {
        "type": ["object", "null"],
        "additionalProperties": True,
        "description": "Shaped as /result-schemas/{kind} says; null until the run has finished.",
    }
)
class ResultField(serializers.JSONField):
    """A run's result as it is stored."""


class ResultSerializer(serializers.Serializer[Any]):
    """What results of every kind have; the rest is at /result-schemas/{kind}."""

    schema = serializers.IntegerField(help_text="Version of this kind's shape.")
    kind = serializers.ChoiceField(Study.Kind.choices)
    reading = serializers.ChoiceField(list(READINGS.items()))
    facts = JsonObject(help_text="What went in.")
    findings = JsonObject(help_text="Sentences, made from the figures.")
    why = JsonObject(help_text="In words, why a figure is null.")

    def to_representation(self, instance: Any) -> Any:
        return instance


class RunDetailSerializer(RunSerializer):
    """A run with what went in and what came out."""

    seed = serializers.IntegerField()
    settings = JsonObject()
    versions = JsonObject()
    ledger = serializers.ListField(help_text="Rows kept and dropped, with reasons.")
    frame_hash = serializers.CharField(allow_blank=True)
    parts = JsonObject(help_text="Frames beside the run's own: name → hash and rows.")
    repeat = JsonObject(
        allow_null=True,
        help_text='Computing it again from its stored frame: {"state": "waiting", "same", "different" or "failed", '
        '"at", "words"}; null where nobody asked.',
    )
    schema_version = serializers.IntegerField(help_text="Of `result`.")
    result = ResultField(allow_null=True)
