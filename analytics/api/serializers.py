"""The shapes of studies and runs."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from analytics.models import Run, Study
from cem.lib.rest.fields import Instant, JsonObject
from cem.lib.rest.serializers import Strict

#: No organization has data from before.
EARLIEST = 1971


class StudySerializer(serializers.Serializer[Any]):
    """A question about how an attitude goes with what customers then do."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Study.Kind.choices)
    predictor = serializers.CharField(help_text='The attitude: a metric such as "nps".')
    outcome = serializers.CharField(help_text='A business metric such as "revenue".')
    horizon_days = serializers.IntegerField()
    lookback_days = serializers.IntegerField()
    controls = serializers.ListField(child=serializers.CharField())
    answered_from = Instant(allow_null=True)
    answered_until = Instant(allow_null=True)
    minimum_n = serializers.IntegerField()
    created_at = Instant()


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


class RunDetailSerializer(RunSerializer):
    """A run with what went in and what came out."""

    seed = serializers.IntegerField()
    settings = JsonObject()
    versions = JsonObject()
    ledger = serializers.ListField(help_text="Rows kept and dropped, with reasons.")
    frame_hash = serializers.CharField(allow_blank=True)
    schema_version = serializers.IntegerField(help_text="Of `result`.")
    result = JsonObject(allow_null=True, help_text="Null until the run has finished.")
