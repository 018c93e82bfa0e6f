"""Sign-up, suspension, deletion."""

import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey, AuditEntry, Membership, Organization, OutboxEntry, User
from accounts.organizations import deletion
from accounts.organizations.belongings import owned_models
from accounts.organizations.founding import email_of, found, sign_up_token
from accounts.refusal import Refused
from accounts.tenancy import organization_context
from crm.models import Customer
from tests import factories
from tests.accounts.locks import waits_for_us
from tests.cast import PASSWORD, Cast
from tests.dashboards import world
from tests.waiting import until

pytestmark = pytest.mark.django_db

SENT = {
    "organization": "Nova Café & Söhne",
    "time_zone": "Europe/Berlin",
    "currency": "chf",
    "name": "Nora",
    "password": PASSWORD,
}


@pytest.fixture
def opened(settings: Any) -> None:
    settings.SIGN_UP = "open"


def link() -> str:
    found_ = re.search(r"http://\S+?(/sign-up/\S+)", str(mail.outbox[-1].body))
    assert found_
    return found_[1]


@pytest.mark.usefixtures("opened")
def test_a_stranger_founds_an_organization_and_owns_it(client: Client, db: None) -> None:
    page = client.post("/sign-up/", {"email": "Nora@nova.example"}).content.decode()
    assert "A link is on its way to Nora@nova.example" in page
    assert not User.objects.exists(), "nothing is kept before the mailbox is proved"
    answer = client.post(link(), SENT, follow=True)
    assert "is founded" in answer.content.decode()
    organization = Organization.objects.get()
    assert (organization.slug, organization.currency) == ("nova-cafe-sohne", "CHF")
    membership = Membership.objects.get()
    assert (membership.user.email, membership.role) == ("nora@nova.example", "owner")
    with organization_context(organization):
        assert AuditEntry.objects.filter(action="organization.founded", actor_id=membership.pk).count() == 1


@pytest.mark.usefixtures("opened")
def test_the_page_tells_nobody_who_has_an_account(cast: Cast, client: Client) -> None:
    pages = [
        client.post("/sign-up/", {"email": email}).content.decode().replace(email, "X")
        for email in ("olga@halden.example", "nobody@nova.example")
    ]
    assert pages[0] == pages[1]


@pytest.mark.usefixtures("opened")
def test_an_account_that_exists_logs_in_first_and_keeps_its_password(cast: Cast, client: Client) -> None:
    path = f"/sign-up/{sign_up_token('olga@halden.example')}/"
    assert client.post(path, SENT).headers["Location"] == f"/login/?next={path}"
    assert Organization.objects.count() == 2
    client.force_login(cast.otto)
    assert client.post(path, SENT).status_code == 409
    client.force_login(cast.olga)
    assert client.post(path, SENT, follow=True).status_code == 200
    assert Membership.objects.filter(user=cast.olga).count() == 2
    assert User.objects.get(pk=cast.olga.pk).name == "Olga"


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("token", ["guess", "signed elsewhere"])
def test_a_token_of_somebody_elses_making_opens_nothing(client: Client, db: None, token: str) -> None:
    from django.core import signing

    made = signing.dumps("x@y.example", salt="other") if token == "signed elsewhere" else token
    assert email_of(made) is None
    assert client.post(f"/sign-up/{made}/", SENT).status_code == 404
    assert not Organization.objects.exists()


def test_closed_nobody_founds_anything(client: Client, db: None, settings: Any) -> None:
    settings.SIGN_UP = "closed"
    assert "Sign-up is closed here" in client.post("/sign-up/", {"email": "x@y.example"}).content.decode()
    assert not mail.outbox
    assert client.post(f"/sign-up/{sign_up_token('x@y.example')}/", SENT).status_code == 404
    assert "Found an organization" not in client.get("/login/").content.decode()


def test_equal_names_get_different_addresses(cast: Cast) -> None:
    first = found(owner=cast.olga, name="Same Name")
    second = found(owner=cast.otto, name="Same Name")
    assert first.slug == "same-name"
    assert re.fullmatch(r"same-name-[a-z0-9]{6}", second.slug)


def test_suspended_its_members_see_one_quiet_page(cast: Cast, client: Client) -> None:
    key = cast.key("crm:read")
    Organization.objects.filter(pk=cast.organization.pk).update(is_active=False)
    client.force_login(cast.olga)
    for path in ("/o/halden/", "/o/halden/settings/people/", "/o/halden/customers/"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "Halden Home is resting" in answer.content.decode()
    assert client.post("/o/halden/settings/profile/", {"name": "x"}).status_code == 403
    assert Client().get("/api/v1/customers", headers={"Authorization": f"Bearer {key}"}).status_code == 403
    client.force_login(cast.otto)
    assert client.get("/o/halden/").status_code == 404, "an outsider learns nothing"
    assert client.get("/o/other/").status_code == 200


def test_a_day_of_deletion_is_set_by_name_and_stopped(cast: Cast, client: Client) -> None:
    client.force_login(cast.olga)
    answer = client.post("/o/halden/settings/delete/", {"confirm": "wrong"})
    assert answer.status_code == 422
    page = client.post("/o/halden/settings/delete/", {"confirm": "halden"}, follow=True).content.decode()
    assert "Everything here is erased on" in page
    row = Organization.objects.get(pk=cast.organization.pk)
    assert row.delete_at
    assert timedelta(days=29) < row.delete_at - timezone.now() < timedelta(days=31)
    assert deletion.sweep_deletions() == 0, "not yet"
    client.force_login(cast.amir)
    assert client.post("/o/halden/settings/delete/stop/").status_code == 403
    client.force_login(cast.olga)
    page = client.post("/o/halden/settings/delete/stop/", follow=True).content.decode()
    assert "Nothing will be deleted" in page
    assert Organization.objects.get(pk=cast.organization.pk).delete_at is None


def due(organization: Organization) -> None:
    Organization.objects.filter(pk=organization.pk).update(delete_at=timezone.now() - timedelta(minutes=1))


@pytest.mark.django_db(transaction=True)
def test_on_its_day_everything_of_it_goes_and_nothing_else(cast: Cast, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            world.build(customers=6)
            ApiKey.issue(name="x", scopes=["crm:read"])
        folder = tmp_path / "frames" / str(organization.pk)
        folder.mkdir(parents=True)
        (folder / "run.parquet").write_text("x")
    mine, other = cast.organization.pk, cast.other.pk
    before = counts(other)
    due(cast.organization)

    assert deletion.sweep_deletions() == 1
    assert deletion.sweep_deletions() == 0, "once"
    assert not Organization.objects.get(pk=mine).is_active
    with organization_context(mine), pytest.raises(Refused, match="begun"):
        deletion.stop_deletion(organization=cast.organization)
    owed = OutboxEntry.objects.get(task=deletion.ERASE)
    deletion.erase_organization(organization_id=str(mine), outbox_id=owed.pk, **owed.arguments)

    assert not Organization.objects.filter(pk=mine).exists()
    assert not any(counts(mine).values())
    assert not (tmp_path / "frames" / str(mine)).exists()
    assert counts(other) == before
    assert (tmp_path / "frames" / str(other) / "run.parquet").exists()
    assert User.objects.filter(pk=cast.olga.pk).exists(), "people may belong elsewhere too"
    deletion.erase_organization(
        organization_id=str(mine), outbox_id=owed.pk, **owed.arguments
    )  # published twice


def counts(organization_id: Any) -> dict[str, int]:
    with organization_context(organization_id):
        return {
            model._meta.db_table: model._default_manager.filter(organization_id=organization_id).count()
            for model in owned_models()
        }


def test_what_is_not_due_is_not_erased(cast: Cast) -> None:
    with organization_context(cast.organization):
        factories.customer()
    deletion.erase_organization(
        organization_id=str(cast.organization.pk), organization=str(cast.organization.pk)
    )
    with organization_context(cast.organization):
        assert Customer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_stop_at_the_last_moment_is_heard_by_the_sweep(cast: Cast) -> None:
    due(cast.organization)
    begun: list[int] = []

    def sweep() -> None:
        try:
            begun.append(deletion.sweep_deletions())
        finally:
            connection.close()

    thread = threading.Thread(target=sweep)
    with organization_context(cast.organization):
        deletion.stop_deletion(organization=cast.organization)
        thread.start()  # it sees the day that is set still, and must wait for us
        until(lambda: waits_for_us() or not thread.is_alive(), what="the sweep to wait or be through")
    thread.join(30)
    assert begun == [0]
    row = Organization.objects.get(pk=cast.organization.pk)
    assert (row.is_active, row.delete_at) == (True, None)
    assert not OutboxEntry.objects.filter(task=deletion.ERASE).exists()
