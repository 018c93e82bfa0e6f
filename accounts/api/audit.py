"""/audit"""

from typing import Any

from django_filters import filters
from rest_framework import serializers

from accounts.audit.actions import ACTIONS
from accounts.audit.selectors import about
from accounts.models import AuditEntry
from accounts.privacy.masking import mask_within
from cem.lib.rest.fields import Instant, JsonObject
from cem.lib.rest.filters import Filters, InstantFilter
from cem.lib.rest.serializers import Strict

from .endpoint import Listed
from .masked import SCOPE


class AuditEntrySerializer(Strict):
    """Who did what to which thing, and from where. Members are named, that is what it is for; an address or a
    telephone number in it is hidden from a key without the scope `personal:read`."""

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
    customer_ids = serializers.ListField(
        child=serializers.UUIDField(),
        read_only=True,
        allow_null=True,
        source="subject_ids",
        help_text="Whom a list or a search showed; pseudonyms once erased.",
    )
    before = JsonObject(read_only=True, allow_null=True)
    after = JsonObject(
        read_only=True, allow_null=True, help_text="Changed fields; personal ones without their value."
    )
    address = serializers.CharField(read_only=True, allow_null=True)
    request_id = serializers.CharField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        document: dict[str, Any] = super().to_representation(instance)
        key = getattr(self.context.get("request"), "auth", None)
        if key is None or key.may(SCOPE):
            return document
        texts = ("target_id", "target_label", "before", "after")
        return document | {name: mask_within(document[name]) for name in texts}


class AuditFilters(Filters):
    action = filters.ChoiceFilter(choices=list(ACTIONS.items()))
    actor_id = filters.UUIDFilter()
    customer = filters.UUIDFilter(method="about_customer", label="About them, alone or among others.")
    target_id = filters.CharFilter()
    request_id = filters.CharFilter()
    after = InstantFilter(field_name="at", lookup_expr="gte", label="At or after.")
    before = InstantFilter(field_name="at", lookup_expr="lt", label="Before.")

    class Meta:
        model = AuditEntry
        fields: list[str] = []

    def about_customer(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(about(value))


class Audit(Listed):
    """Oldest first, so that a cursor kept is where to go on."""

    scopes = {"GET": "audit:read"}
    summaries = {"GET": "Read the audit trail"}
    operation_ids = {"GET": "audit_list"}
    queryset = AuditEntry.objects.all()
    serializer_class = AuditEntrySerializer
    filterset_class = AuditFilters
