from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms

from accounts.audit.actions import ACTIONS
from accounts.audit.selectors import Wanted, actors
from accounts.models import Organization


class AuditFilters(forms.Form):
    """The trail's filters, as they stand in the address."""

    q = forms.CharField(label="Search", required=False, max_length=200)
    action = forms.ChoiceField(label="What", required=False)
    actor = forms.ChoiceField(label="Who", required=False)
    subject = forms.UUIDField(required=False, widget=forms.HiddenInput)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, organization: Organization) -> None:
        super().__init__(data)
        self.organization = organization
        whoever = [("", "Anybody"), *((str(pk), name) for pk, name in actors())]
        self.fields["action"].choices = [("", "Anything"), *ACTIONS.items()]  # type: ignore[attr-defined]
        self.fields["actor"].choices = whoever  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "The last day lies before the first. Exchange the two.")
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """What was asked for; of a field that makes no sense, nothing."""
        self.is_valid()
        data = self.cleaned_data
        return Wanted(
            action=data.get("action", ""),
            actor=UUID(data["actor"]) if data.get("actor") else None,
            subject=data.get("subject"),
            text=data.get("q", ""),
            since=self._midnight(data.get("since"), 0),
            until=self._midnight(data.get("until"), 1),
        )

    def _midnight(self, day: Any, later: int) -> datetime | None:
        if day is None:
            return None
        return datetime.combine(day + timedelta(days=later), time(), tzinfo=self.organization.tz)
