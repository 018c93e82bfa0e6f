from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django.conf import settings


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """Email and password, in our words; the link to a reset stands below the form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, complete in (
            ("login", "Email", "username"),
            ("password", "Password", "current-password"),
        ):
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["autocomplete"] = complete
        self.fields["login"].widget.attrs["autofocus"] = True

    @property
    def sign_up_open(self) -> bool:
        """Whether the page offers to found an organization."""
        return bool(settings.SIGN_UP == "open")
