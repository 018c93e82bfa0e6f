from typing import Any

from django import forms

from accounts.privacy.retention import LONGEST_DAYS, kinds
from crm.models import Customer


class EraseForm(forms.Form):
    """The customer's own id, typed: nobody erases the wrong one by a slip."""

    confirm = forms.CharField(max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, data: Any, *, customer: Customer) -> None:
        super().__init__(data)
        self.customer = customer
        self.fields["confirm"].label = f"Type the customer’s id, {customer.external_id}, to confirm"

    def clean_confirm(self) -> str:
        typed: str = self.cleaned_data["confirm"].strip()
        if typed != self.customer.external_id:
            raise forms.ValidationError(f"That is not {self.customer.external_id}. Nothing was erased.")
        return typed


class LiftForm(forms.Form):
    """Whom to let come back, by what they were known by then, and why."""

    identity = forms.CharField(
        label="Id, email or phone they had",
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    why = forms.CharField(
        label="Why",
        max_length=300,
        help_text="Such as: became a customer again, asked to be kept. Stands in the audit trail.",
    )


class RetentionForm(forms.Form):
    """Days for each kind of data; empty keeps it for ever."""

    def __init__(self, data: Any, *, periods: dict[str, int]) -> None:
        super().__init__(data)
        for kind in kinds():
            self.fields[kind.name] = forms.IntegerField(
                label=kind.label,
                required=False,
                initial=periods.get(kind.name),
                min_value=kind.least_days,
                max_value=LONGEST_DAYS,
                help_text=f"Days, {kind.least_days} at least. Empty: for ever.",
            )
