from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class LoginForm(AuthenticationForm):
    username = forms.EmailField(
        label="Email", widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"})
    )
    error_messages = {
        "invalid_login": "Email and password do not match. Check both; the password is case-sensitive.",
        "inactive": "This account is switched off. Ask an administrator of your organization.",
    }

    def clean_username(self) -> Any:
        return self.cleaned_data["username"].lower()
