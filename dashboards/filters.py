"""The filter bar: dates, comparison, segment, channel, touchpoint, kept in the URL."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from accounts.models import Organization
from crm.models import Customer, Touchpoint
from crm.models.interaction import Channel

DEFAULT_DAYS = 90
LONGEST_DAYS = 3 * 366


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days of the organization, `first` to `last`, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        return self._midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first instant after the span."""
        return self._midnight(self.last + timedelta(days=1))

    def before(self) -> Self:
        """The same number of days, right before."""
        return type(self)(self.first - timedelta(days=self.days), self.first - timedelta(days=1), self.zone)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self.zone).astimezone(UTC)

    def __str__(self) -> str:
        if self.first.year == self.last.year:
            return f"{self.first.day} {self.first:%b} – {self.last.day} {self.last:%b %Y}"
        return f"{self.first.day} {self.first:%b %Y} – {self.last.day} {self.last:%b %Y}"


class FilterForm(forms.Form):
    """What stands in the URL. Nothing given means the last 90 whole days and no restriction."""

    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}), label="From")
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}), label="To")
    segment = forms.ChoiceField(required=False)
    channel = forms.ChoiceField(required=False)
    touchpoint = forms.ChoiceField(required=False)

    def __init__(self, data: Any, organization: Organization) -> None:
        super().__init__(data)
        self.organization = organization
        segments = Customer.objects.exclude(segment="").order_by("segment").values_list("segment", flat=True)
        self._choices("segment", [(name, name.capitalize()) for name in segments.distinct()])
        self._choices("channel", [*Channel.choices, ("link", "Link")])
        touchpoints = Touchpoint.objects.order_by("name").values_list("key", "name")
        self._choices("touchpoint", list(touchpoints))

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", "All"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "The last day lies before the first. Exchange the two.")
        elif since and until and (until - since).days >= LONGEST_DAYS:
            self.add_error("since", "Choose three years at most.")
        return cleaned


@dataclass(frozen=True, slots=True)
class Filters:
    """The filter bar's state, checked."""

    span: Span
    form: FilterForm
    segment: str = ""
    channel: str = ""
    touchpoint: str = ""

    @classmethod
    def of(cls, data: Any, organization: Organization) -> Self:
        """Read the URL. What makes no sense is shown as an error in the bar, and the default stands."""
        form = FilterForm(data, organization)
        valid = form.is_valid()
        cleaned = form.cleaned_data
        yesterday = timezone.now().astimezone(organization.tz).date() - timedelta(days=1)
        last = (cleaned.get("until") if valid else None) or yesterday
        first = (cleaned.get("since") if valid else None) or last - timedelta(days=DEFAULT_DAYS - 1)
        if first > last:
            first, last = last, last
        return cls(
            Span(first, last, organization.tz),
            form,
            cleaned.get("segment", ""),
            cleaned.get("channel", ""),
            cleaned.get("touchpoint", ""),
        )

    @property
    def restrictions(self) -> dict[str, str]:
        """What narrows the answers, without the dates."""
        named = {"segment": self.segment, "channel": self.channel, "touchpoint": self.touchpoint}
        return {name: value for name, value in named.items() if value}

    @property
    def query(self) -> str:
        """This state as a query string."""
        dates = {"since": self.span.first.isoformat(), "until": self.span.last.isoformat()}
        return urlencode({**dates, **self.restrictions})

    @property
    def menus(self) -> list[dict[str, Any]]:
        """A menu of links for each restriction: choosing one is following a link, without script."""
        menus = []
        for name in ("segment", "channel", "touchpoint"):
            chosen = getattr(self, name)
            options = [
                {"label": label, "query": self._with(name, value), "current": value == chosen}
                for value, label in self.form.fields[name].choices  # type: ignore[attr-defined]
            ]
            shown = next((option["label"] for option in options if option["current"]), "All")
            menus.append({"name": name.capitalize(), "chosen": shown, "options": options})
        return menus

    def _with(self, name: str, value: str) -> str:
        dates = {"since": self.span.first.isoformat(), "until": self.span.last.isoformat()}
        chosen = {**self.restrictions, name: value}
        return urlencode({**dates, **{key: text for key, text in chosen.items() if text}})
