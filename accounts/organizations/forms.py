"""Forms of sign-up."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from accounts.people.forms import NewUserForm
from cem.lib import validators


class SignUpForm(forms.Form):
    email = forms.EmailField(
        max_length=254,
        help_text="A link is sent there, with which you go on.",
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class FoundForm(forms.Form):
    organization = forms.CharField(max_length=120, label="Name of the organization")
    time_zone = forms.ChoiceField(
        initial="UTC",
        choices=lambda: [(name, name.replace("_", " ")) for name in sorted(available_timezones())],
    )
    currency = forms.CharField(
        min_length=3,
        max_length=3,
        initial="EUR",
        label="Reporting currency",
        help_text="ISO 4217, such as EUR. It cannot be changed later: amounts are stored in it.",
    )

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].upper()
        validators.currency_code(currency)
        return currency


class FoundWithUserForm(FoundForm, NewUserForm):
    """For somebody without an account."""

    field_order = ("organization", "time_zone", "currency", "name", "password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Your name"
