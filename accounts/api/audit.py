"""/audit"""

from django_filters import filters
from rest_framework import serializers

from accounts.audit.actions import ACTIONS
from accounts.models import AuditEntry
from cem.lib.rest.fields import Instant, JsonObject
from cem.lib.rest.filters import Filters, InstantFilter
from cem.lib.rest.serializers import Strict

from .endpoint import Listed


class AuditEntrySerializer(Strict):
    """Who did what to which thing, and from where."""

    id = serializers.UUIDField(read_only=True)
    at = Instant(read_only=True)
    action = serializers.CharField(read_only=True, help_text=f"One of {', '.join(ACTIONS)}.")
    actor_kind = serializers.CharField(read_only=True, help_text="member, key, system or nobody")
    actor_id = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="Of the membership or the API key."
    )
    actor_name = serializers.CharField(read_only=True)
    target_type = serializers.CharField(read_only=True, help_text="Such as crm.customer")
    target_id = serializers.CharField(read_only=True)
    target_label = serializers.CharField(read_only=True)
    customer_id = serializers.UUIDField(
        read_only=True,
        allow_null=True,
        source="subject_id",
        help_text="Whom it is about; a pseudonym once erased.",
    )
    before = JsonObject(read_only=True, allow_null=True)
    after = JsonObject(
        read_only=True, allow_null=True, help_text="Changed fields; personal ones without their value."
    )
    address = serializers.CharField(read_only=True, allow_null=True)
    request_id = serializers.CharField(read_only=True)


class AuditFilters(Filters):
    action = filters.ChoiceFilter(choices=list(ACTIONS.items()))
    actor_id = filters.UUIDFilter()
    customer = filters.UUIDFilter(field_name="subject_id")
    target_id = filters.CharFilter()
    request_id = filters.CharFilter()
    after = InstantFilter(field_name="at", lookup_expr="gte", label="At or after.")
    before = InstantFilter(field_name="at", lookup_expr="lt", label="Before.")

    class Meta:
        model = AuditEntry
        fields: list[str] = []


class Audit(Listed):
    """Oldest first, so that a cursor kept is where to go on."""

    scopes = {"GET": "audit:read"}
    summaries = {"GET": "Read the audit trail"}
    operation_ids = {"GET": "audit_list"}
    queryset = AuditEntry.objects.all()
    serializer_class = AuditEntrySerializer
    filterset_class = AuditFilters
