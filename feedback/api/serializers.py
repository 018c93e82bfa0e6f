"""The shapes of responses and scores."""

from datetime import timedelta
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.api.masked import Masked
from cem.lib.rest.fields import Instant, JsonObject
from cem.lib.rest.problems import invalid
from crm.api.references import OfCustomer, Reference
from crm.models import Interaction, Touchpoint
from feedback.models import Response, Survey

#: A sender's clock may be so far ahead.
SKEW = timedelta(minutes=5)


class ScoredAnswerSerializer(serializers.Serializer[Any]):
    """One scored answer."""

    metric = serializers.CharField()
    question = serializers.CharField()
    value = serializers.FloatField()
    counts = serializers.BooleanField(
        help_text="False for test answers, and where a later one took its place."
    )


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Sent",
            {"survey": "orders", "customer_external_id": "C-1001", "answers": {"nps": 9, "why": "Quick."}},
            request_only=True,
        )
    ]
)
class ResponseSerializer(Masked, OfCustomer):
    """One person's answers to one version of a survey. Without a customer it is anonymous. Without the scope
    `personal:read` contact details and the customer's name are hidden in texts among the answers."""

    masks = Response
    of_customer: ClassVar = {"customer_external_id": "external_id"}
    id = serializers.UUIDField(read_only=True)
    external_id = serializers.CharField(
        max_length=200, required=False, allow_null=True, help_text="Your own id for it, unique."
    )
    survey = Reference(
        model=Survey,
        by="key",
        required=True,
        allow_null=False,
        help_text="Key of the survey; its published version is answered.",
    )
    version = serializers.IntegerField(source="version.number", read_only=True)
    customer = serializers.UUIDField(source="customer_id", required=False, allow_null=True)
    customer_external_id = serializers.CharField(
        source="customer.external_id", required=False, allow_null=True, max_length=200
    )
    interaction = serializers.UUIDField(
        source="interaction_id",
        required=False,
        allow_null=True,
        help_text="The contact that was asked about.",
    )
    touchpoint = Reference(model=Touchpoint, by="key", help_text="Key of the touchpoint.")
    status = serializers.ChoiceField(Response.Status.choices, required=False)
    is_test = serializers.BooleanField(required=False, help_text="Test responses never count.")
    wave = serializers.CharField(max_length=40, required=False, allow_blank=True)
    channel = serializers.RegexField(r"^[a-z_]{1,16}$", required=False, help_text='"api" when left out.')
    language = serializers.RegexField(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$", max_length=12, required=False)
    answers = JsonObject(help_text="Question id → answer, as the survey's version defines them.")
    answered_at = Instant(required=False, help_text="Now, when left out.")
    scores = ScoredAnswerSerializer(many=True, read_only=True)
    created_at = Instant(read_only=True)
    updated_at = Instant(read_only=True)
    anonymous = True

    def validate_answered_at(self, value: Any) -> Any:
        if value > timezone.now() + SKEW:
            raise serializers.ValidationError("Nobody has answered in the future. Check your clock.")
        return value

    def validate_status(self, value: str) -> str:
        if value == Response.Status.DISMISSED:
            raise serializers.ValidationError("Send complete or partial.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        interaction, customer = attrs.get("interaction_id"), attrs["customer"]
        if interaction is not None:
            found = Interaction.objects.filter(pk=interaction).first()
            if found is None or (customer is not None and found.customer_id != customer.pk):
                raise invalid("interaction", "There is no such interaction of this customer.")
        return attrs
