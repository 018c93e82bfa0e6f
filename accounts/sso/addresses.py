"""Our own addresses as providers know them: from BASE_URL, never from what a request calls us."""

from django.conf import settings
from django.urls import reverse

from accounts.models import SignOnConnection


def callback_url(connection: SignOnConnection) -> str:
    return _address("sign-on-callback", connection)


def acs_url(connection: SignOnConnection) -> str:
    return _address("sign-on-acs", connection)


def metadata_url(connection: SignOnConnection) -> str:
    """Also our name as a service provider."""
    return _address("sign-on-metadata", connection)


def _address(name: str, connection: SignOnConnection) -> str:
    return str(settings.BASE_URL) + reverse(name, args=[connection.pk])
