"""Forms of the settings pages."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.brand import check_accent
from accounts.models import CasePriority, KeyKind, Membership, Organization
from accounts.models.apikey import KIND_SCOPES
from accounts.organizations.hours import CASE_HOURS
from accounts.people.members import may_give
from accounts.roles import SCOPES, Role
from cem.lib import validators


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = forms.ChoiceField(
        help_text="Days and business hours are counted in it.",
        choices=lambda: [(name, name.replace("_", " ")) for name in sorted(available_timezones())],
    )
    accent = forms.CharField(
        required=False,
        label="Accent colour",
        help_text="#rrggbb, for links and buttons on light grounds. Empty: the product's own.",
    )

    class Meta:
        model = Organization
        fields = ("name", "time_zone", "locale", "minimum_n", "accent")
        labels = {"locale": "Language", "minimum_n": "Minimum n"}
        help_texts = {"locale": "Kept for translated pages; so far all are in English."}

    def clean_accent(self) -> str:
        accent: str = self.cleaned_data["accent"].strip().lower()
        if accent:
            validators.hex_colour(accent)
            check_accent(accent)
        return accent


class HoursForm(forms.Form):
    """A line of spans for each weekday, a line for each holiday, and by when cases are due."""

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in validators.WEEKDAYS:
            spans = organization.business_hours.get(day, [])
            self.fields[day] = forms.CharField(
                required=False,
                label=day.capitalize(),
                initial=", ".join("-".join(span) for span in spans),
                widget=forms.TextInput(attrs={"placeholder": "closed"}),
            )
        self.fields["holidays"] = forms.CharField(
            required=False,
            widget=forms.Textarea(attrs={"rows": 6}),
            initial="\n".join(f"{one['day']} {one['name']}" for one in organization.holidays),
            help_text="One a line: 2026-12-25 Christmas",
        )
        for priority, hours in CASE_HOURS.items():
            self.fields[f"case_{priority}"] = forms.IntegerField(
                required=False,
                min_value=1,
                max_value=2_000,
                label=f"Cases of {priority.label.lower()} priority",
                initial=organization.case_hours.get(priority.value),
                help_text=f"Business hours until they are due. Empty: {hours}.",
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        hours = {}
        for day in validators.WEEKDAYS:
            text = data.get(day, "").replace("–", "-").strip()
            if not text:
                continue
            spans = [[end.strip() for end in span.split("-")] for span in text.split(",")]
            try:
                validators.business_hours({day: spans})
            except ValidationError:
                self.add_error(day, "Write spans as 09:00-12:30, 13:30-17:00, in order and without overlap.")
                continue
            hours[day] = spans
        data["business_hours"] = hours
        lines = [line.split(maxsplit=1) for line in data.get("holidays", "").splitlines() if line.strip()]
        days = sorted(
            ({"day": line[0], "name": (line[1:] or [""])[0].strip()} for line in lines), key=_by_day
        )
        try:
            validators.holidays(days)
        except ValidationError as error:
            self.add_error("holidays", error)
        data["holiday_list"] = days
        data["case_hours"] = {
            priority.value: data[f"case_{priority}"]
            for priority in CasePriority
            if data.get(f"case_{priority}") is not None
        }
        return data


def _by_day(one: dict[str, str]) -> str:
    return one["day"]


class RateForm(forms.Form):
    currency = forms.CharField(
        min_length=3, max_length=3, help_text="ISO 4217, such as USD.", widget=forms.TextInput()
    )
    day = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    rate = forms.DecimalField(max_digits=18, decimal_places=8, label="Rate")

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reporting = organization.currency
        self.fields["rate"].help_text = f"{self.reporting} for one unit of it."
        self.fields["day"].help_text = "It holds from this day until the next rate."

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].upper()
        validators.currency_code(currency)
        if currency == self.reporting:
            raise ValidationError(f"{currency} is the reporting currency; its rate is 1.")
        return currency

    def clean_rate(self) -> Any:
        rate = self.cleaned_data["rate"]
        if rate <= 0:
            raise ValidationError("A rate is more than zero.")
        return rate


def roles_to_give(by: Membership) -> list[tuple[str, str]]:
    return [(role.value, role.label) for role in Role if may_give(by, role)]


class InviteForm(forms.Form):
    email = forms.EmailField(max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(initial=Role.VIEWER)

    def __init__(self, *args: Any, by: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_to_give(by)  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    role = forms.ChoiceField()

    def __init__(self, *args: Any, by: Membership, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].initial = member.role
        self.fields["role"].choices = roles_to_give(by)  # type: ignore[attr-defined]


class KeyForm(forms.Form):
    name = forms.CharField(max_length=120, help_text="Who or what uses it, so that it can be revoked safely.")
    kind = forms.ChoiceField(choices=KeyKind.choices, initial=KeyKind.ORDINARY)
    scopes = forms.MultipleChoiceField(
        required=False,
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="A write key takes those that end in write; a public key takes none.",
    )
    until = forms.DateField(
        required=False,
        label="Valid until",
        help_text="The last day it works.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_until(self) -> datetime | None:
        day = self.cleaned_data["until"]
        if day is None:
            return None
        end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
        if end <= timezone.now():
            raise ValidationError("This day is over. Choose a later one, or leave it empty.")
        return end

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "kind" in data and "scopes" in data:
            allowed = KIND_SCOPES[KeyKind(data["kind"])]
            if too_much := sorted(set(data["scopes"]) - allowed):
                self.add_error("scopes", f"A {data['kind']} key cannot have {', '.join(too_much)}.")
            elif allowed and not data["scopes"]:
                self.add_error("scopes", "Choose at least one: without any the key opens nothing.")
        return data
