"""Domains are proven by DNS before they capture anything; the answers are real ones, from 127.0.0.1."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.models import SignOnDomain
from accounts.refusal import Refused
from accounts.sso import domains
from accounts.sso.capture import domain_of, home_of
from accounts.tenancy import organization_context
from tests.accounts.sso import walk
from tests.accounts.sso.conftest import proven
from tests.accounts.sso.dns_server import NameServer
from tests.accounts.sso.idp import saml_connection
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def dns(settings: Any) -> Iterator[NameServer]:
    with NameServer() as running:
        settings.SIGN_ON_DNS_SERVER = running.address
        yield running


def claim(cast: Cast, name: str = "halden.example") -> SignOnDomain:
    with organization_context(cast.organization):
        return domains.claim(name=name)


def check(cast: Cast, domain: SignOnDomain) -> bool:
    with organization_context(cast.organization):
        return domains.check(domain=domain)


def test_a_claim_captures_nothing_until_its_record_is_there(cast: Cast, dns: NameServer) -> None:
    with organization_context(cast.organization):
        saml_connection()
    domain = claim(cast)
    assert home_of("vera@halden.example") is None
    assert not check(cast, domain)
    dns.records[domain.record_name] = ["something else", "x" * 300]
    assert not check(cast, domain)
    assert home_of("vera@halden.example") is None
    dns.records[domain.record_name].append(domain.record_value)
    assert check(cast, domain)
    assert home_of("Vera@HALDEN.example ") == cast.organization.pk
    assert home_of("vera@sub.halden.example") is None
    assert dns.asked[-1] == "_cem-challenge.halden.example"
    (entry,) = walk.trail(cast.organization, "sign_on.domain_proven")
    assert entry.after == {"domain": "halden.example"}


def test_a_record_that_is_gone_later_does_not_lock_a_company_out(cast: Cast, dns: NameServer) -> None:
    domain = claim(cast)
    dns.records[domain.record_name] = [domain.record_value]
    assert check(cast, domain)
    dns.records.clear()
    assert not check(cast, domain)
    with organization_context(cast.organization):
        row = SignOnDomain.objects.get()
    assert row.is_proven
    assert row.checked_at
    assert len(walk.trail(cast.organization, "sign_on.domain_proven")) == 1


def test_the_value_of_one_organization_proves_nothing_for_another(cast: Cast, dns: NameServer) -> None:
    mine = claim(cast)
    with organization_context(cast.other):
        theirs = domains.claim(name="halden.example")
    assert mine.record_value != theirs.record_value
    dns.records[mine.record_name] = [mine.record_value]
    with organization_context(cast.other):
        assert not domains.check(domain=theirs)
    assert check(cast, mine)
    dns.records[mine.record_name] = [theirs.record_value]
    with organization_context(cast.other), pytest.raises(Refused, match="Another organization"):
        domains.check(domain=theirs)
    with organization_context(cast.other):
        assert not SignOnDomain.objects.get().is_proven


def test_a_name_server_that_fails_is_not_taken_for_a_no(cast: Cast, dns: NameServer) -> None:
    domain = claim(cast)
    dns.failing = True
    with pytest.raises(Refused, match="did not answer"):
        check(cast, domain)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" Halden.EXAMPLE. ", "halden.example"),
        ("anybody@halden.example", "halden.example"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_domains_are_kept_as_dns_has_them(typed: str, name: str, cast: Cast) -> None:
    assert claim(cast, typed).name == name


@pytest.mark.parametrize(
    "typed", ["", "halden", "com", "https://halden.example/", "a b.example", "-x.example"]
)
def test_what_is_no_domain_is_refused(typed: str, cast: Cast) -> None:
    with pytest.raises(Refused, match="is no domain"):
        claim(cast, typed)


def test_a_domain_is_noted_once(cast: Cast) -> None:
    claim(cast)
    with pytest.raises(Refused, match="in the list already"):
        claim(cast)


def test_the_domain_of_an_address_is_what_stands_after_the_last_at() -> None:
    assert domain_of('"olga@halden.example"@evil.example') == "evil.example"
    assert domain_of("olga@Bücher.example") == "xn--bcher-kva.example"
    assert domain_of("nothing") == "nothing"
    assert home_of("halden.example") is None


def test_the_page_shows_the_record_and_checks_it(cast: Cast, dns: NameServer, client: Client) -> None:
    client.force_login(cast.amir)
    page = client.post("/o/halden/settings/sign-on/domains/", {"domain": "halden.example"}, follow=True)
    with organization_context(cast.organization):
        domain = SignOnDomain.objects.get()
    assert domain.record_name in page.content.decode()
    assert domain.record_value in page.content.decode()
    path = f"/o/halden/settings/sign-on/domains/{domain.pk}/check/"
    assert "There is no TXT record" in client.post(path, follow=True).content.decode()
    dns.records[domain.record_name] = [domain.record_value]
    assert "the domain is proven" in client.post(path, follow=True).content.decode()
    client.post(f"/o/halden/settings/sign-on/domains/{domain.pk}/release/")
    with organization_context(cast.organization):
        assert not SignOnDomain.objects.exists()


def test_resolving_functions_tell_nothing_but_the_organization(cast: Cast) -> None:
    """From outside any organization, for a proven domain with a connection in use, of one that is not resting."""
    proven(cast.organization, "halden.example")
    assert home_of("vera@halden.example") is None, "no connection"
    with organization_context(cast.organization):
        connection = saml_connection()
    assert home_of("vera@halden.example") == cast.organization.pk
    with organization_context(cast.other):
        assert home_of("vera@halden.example") == cast.organization.pk
        assert not SignOnDomain.objects.exists()
        assert not type(connection).objects.exists()
    type(cast.organization).objects.filter(pk=cast.organization.pk).update(is_active=False)
    assert home_of("vera@halden.example") is None
    assert Client().get(f"/login/sso/{connection.pk}/").status_code == 404
