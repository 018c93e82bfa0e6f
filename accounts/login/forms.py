from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.sso.capture import may_go_round, refusal, required_by


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

    def clean(self) -> Any:
        """Whoever has to come in through their organization reads so, whatever they typed as a password.

        The same words for a wrong password, for a right one and for no account at all: which owners may go round
        it is nobody's business.
        """
        organization = required_by(self.cleaned_data.get("login", ""))
        if organization is None:
            return super().clean()
        try:
            data = super().clean()
        except ValidationError as error:
            if getattr(error, "code", "") == "too_many_login_attempts":
                raise
            raise ValidationError(refusal(organization), code="sign_on_required") from None
        if self.user is None or not may_go_round(self.user, organization):
            raise ValidationError(refusal(organization), code="sign_on_required")
        return data

    @property
    def sign_up_open(self) -> bool:
        """Whether the page offers to found an organization."""
        return bool(settings.SIGN_UP == "open")


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc]
    def clean_email(self) -> str:
        email: str = super().clean_email()
        if organization := required_by(email):
            raise ValidationError(refusal(organization), code="sign_on_required")
        return email
