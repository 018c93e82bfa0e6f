"""What allauth asks of us."""

import base64
import hashlib
from ipaddress import ip_network
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

from accounts.audit.current import address_of

#: Addresses that one attacker easily has many of count as one.
NETWORK_BITS = {4: 24, 6: 64}


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

    def reauthenticate(self, user: Any, password: str) -> bool:
        """allauth would look the address up in its own table, which we leave empty."""
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of the second step are encrypted at rest, with the secret key and those before it."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def network_of(address: str) -> str:
    """The network that an address counts as: /24 of IPv4, /64 of IPv6."""
    bits = NETWORK_BITS[6 if ":" in address else 4]
    return str(ip_network(f"{address}/{bits}", strict=False))


def _box() -> MultiFernet:
    """The first key encrypts, all decrypt, so that SECRET_KEY can be rotated through SECRET_KEY_FALLBACKS."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"second step:{secret}".encode()).digest())
