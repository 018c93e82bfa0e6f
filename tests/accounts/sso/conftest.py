"""Halden Home has proven halden.example; a part of the one Redis that only this test counts in."""

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import Organization, SignOnDomain
from accounts.tenancy import organization_context
from cem.lib.cache import QuietRedisCache
from tests.accounts.sso.oidc_provider import Provider


@pytest.fixture(autouse=True)
def own_counters(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuietRedisCache, "_away_until", 0.0)
    default = {**settings.CACHES["default"], "KEY_PREFIX": f"test-{secrets.token_hex(6)}"}
    settings.CACHES = {"default": default}
    settings.BASE_URL = "http://testserver"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """An OpenID Connect provider that listens on 127.0.0.1, which only a setting makes reachable."""
    settings.SIGN_ON_PRIVATE_ADDRESSES = True
    with Provider() as running:
        yield running


def proven(organization: Organization, name: str) -> SignOnDomain:
    from django.utils import timezone

    with organization_context(organization):
        return SignOnDomain.objects.create(
            name=name, token=secrets.token_urlsafe(24), proven_at=timezone.now()
        )
