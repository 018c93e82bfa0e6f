"""Who may not see who a customer is sees enough to tell two apart."""

import pytest
from django.test import Client

from accounts.privacy.marks import Kind
from accounts.privacy.masking import mask, veiled
from accounts.tenancy import organization_context
from crm.models import Customer
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.django_db
WHO = {"name": "Ana Sousa", "email": "ana.sousa@mail.example", "phone": "+351912345482"}


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        (Kind.NAME, "Ana Sousa", "A••• S•••"),
        (Kind.NAME, "", ""),
        (Kind.EMAIL, "ana.sousa@mail.example", "a•••@mail.example"),
        (Kind.EMAIL, "not an address", "•••"),
        (Kind.PHONE, "+351912345482", "+351 ••• ••• 482"),
        (Kind.PHONE, "912345482", "••• ••• 482"),
        (Kind.PHONE, "123", "•••"),
        (Kind.JSON, {"iban": "PT50"}, {"iban": "•••"}),
        (Kind.ID, "C-1", "C-1"),
        (Kind.ID, "100234567", "100234567"),
        (Kind.ID, "ana@mail.example", "a•••@mail.example"),
        (Kind.ID, "+351 912 345 482", "+351 ••• ••• 482"),
        (Kind.TEXT, "Ring 912 345 482 or ana@mail.example", "Ring ••• or •••"),
        (Kind.ANSWERS, {"nps": 9, "why": ["ask ana@mail.example"]}, {"nps": 9, "why": ["ask •••"]}),
    ],
)
def test_masks(kind: Kind, value: object, seen: object) -> None:
    assert mask(kind, value) == seen


@pytest.mark.parametrize("domain", ["sousa.example", "familie-SOUSA.example", "ana.sousa-moebel.example"])
def test_a_domain_that_is_the_persons_own_is_hidden(
    client: Client, cast: Cast, inside: Cast, domain: str
) -> None:
    row = factories.customer(name="Ana Sousa", email=f"ana@{domain}", external_id=f"post@{domain}")
    copy = veiled(row)
    assert (copy.email, copy.external_id) == ("a•••@•••", "p•••@•••")
    headers = {"Authorization": f"Bearer {cast.key('crm:read')}"}
    assert "ousa" not in client.get(f"/api/v1/customers/{row.pk}", headers=headers).content.decode().lower()


def test_a_masked_copy_leaves_the_row_alone_and_cannot_be_saved(inside: Cast) -> None:
    row = factories.customer(**WHO)
    copy = veiled(row)
    assert (copy.name, row.name) == ("A••• S•••", "Ana Sousa")
    with pytest.raises(TypeError, match="cannot be saved"):
        copy.save()
    assert Customer.objects.get().name == "Ana Sousa"


@pytest.mark.parametrize(
    ("role", "sees"),
    [("owner", True), ("admin", True), ("manager", True), ("agent", True), ("analyst", False)],
)
def test_pages_mask_by_role(client: Client, cast: Cast, role: str, sees: bool) -> None:
    with organization_context(cast.organization):
        person = factories.customer(**WHO)
    client.force_login(cast[role])
    for address in (
        "/o/halden/customers/",
        "/o/halden/customers/?q=Ana+Sousa",
        f"/o/halden/customers/{person.pk}/",
        f"/o/halden/customers/{person.pk}/timeline/",
    ):
        page = client.get(address).content.decode().replace('value="Ana Sousa"', "")
        for secret in WHO.values():
            assert sees or secret not in page, f"{address} shows {secret}"
        if "?q=" in address and not sees:
            assert "A•••" not in page, "a match would tell whose name it is"
        elif not sees:
            assert "A••• S•••" in page
        elif "timeline" not in address:
            assert WHO["email"] in page


def test_the_viewer_and_the_analyst_may_not_and_the_rest_may(cast: Cast) -> None:
    from accounts.roles import Role

    assert {role.value for role in Role if not role.may("personal.view")} == {"viewer", "analyst"}


@pytest.mark.parametrize("path", ["", "/{id}", "/by-external-id/C-5"])
def test_the_api_masks_for_a_key_without_the_scope(client: Client, cast: Cast, path: str) -> None:
    with organization_context(cast.organization):
        person = factories.customer(external_id="C-5", attributes={"iban": "PT50"}, **WHO)

    def read(*scopes: str) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {cast.key(*scopes)}"}
        body = client.get(f"/api/v1/customers{path.format(id=person.pk)}", headers=headers).json()
        return body["data"][0] if "data" in body else body

    open_, closed = read("crm:read", "personal:read"), read("crm:read")
    assert {name: open_[name] for name in WHO} == WHO
    assert closed["name"] == "A••• S•••"
    assert closed["email"] == "a•••@mail.example"
    assert closed["phone"] == "+351 ••• ••• 482"
    assert closed["attributes"] == {"iban": "•••"}
    assert closed["external_id"] == "C-5"
