"""What allauth asks of us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect

from accounts.audit.current import address_of
from accounts.audit.logins import note_failure
from accounts.audit.record import record
from accounts.models import Membership
from accounts.sso.capture import may_go_round, refusal, required_by
from accounts.tenancy import organization_context

from .box import box
from .network import network_of


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": (
            "Email and password do not match. Check both; the password is case-sensitive."
        ),
        "too_many_login_attempts": (
            "Too many log-ins failed from this network. Wait five minutes, or reset the password."
        ),
    }

    def is_open_for_signup(self, request: Any) -> bool:
        return False  # organizations are founded in accounts/organizations, people are invited

    def get_client_ip(self, request: Any) -> str:
        return address_of(request) or "::"  # a request without one, such as a test makes

    def _get_login_attempts_cache_key(self, request: Any, **credentials: Any) -> str:
        """Failed log-ins count per account *and* network.

        Per account alone, as allauth does it, anybody who knows an address could lock its owner out for ever
        by failing on purpose. Here they lock out themselves; a limit per address stands beside it.
        """
        login = str(credentials.get("email", "")).strip().lower()
        return f"{login}|{network_of(self.get_client_ip(request))}"

    def pre_authenticate(self, request: Any, **credentials: Any) -> None:
        """An attempt that is refused for being one too many is an attempt, and is recorded as one."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            if hasattr(request, "id"):
                note_failure(request, str(credentials.get("email", "")))
            raise

    def pre_login(self, request: Any, user: Any, **options: Any) -> Any:
        """Every log-in by password or passkey passes here, before a second step is asked for."""
        organization = required_by(user.email)
        if organization is not None and not may_go_round(user, organization):
            messages.error(request, refusal(organization))
            return redirect("sign-on")
        return super().pre_login(request, user, **options)

    def post_login(self, request: Any, user: Any, **options: Any) -> Any:
        organization = required_by(user.email)
        if organization is not None:
            members = Membership.objects.select_related("user")
            with organization_context(organization):
                member = members.filter(organization=organization, user=user).first()
                record("sign_on.gone_round", actor=member, request=request)
        return super().post_login(request, user, **options)

    def reauthenticate(self, user: Any, password: str) -> bool:
        """allauth would look the address up in its own table, which we leave empty."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second step are encrypted at rest, with the secret key and those before it."""

    def encrypt(self, text: str) -> str:
        return box("second step").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return box("second step").decrypt(encrypted_text.encode()).decode()
