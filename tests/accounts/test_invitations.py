"""Invitations: mailed through the outbox, accepted once, by the right person."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, MemberInvitation, Membership, OutboxEntry, User
from accounts.people import invitations
from accounts.people.mail import send_member_invitation
from accounts.refusal import Refused
from accounts.tenancy import organization_context
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

NEW = {"name": "Nadia New", "password": "quite a long one"}


def place(user: Any) -> Membership:
    return Membership.objects.get(user=user)


def deliver(cast: Cast) -> str:
    """Do what is owed, as a worker would, and give the path of the link in the last mail."""
    for owed in OutboxEntry.objects.filter(task=invitations.MAIL_TASK):
        send_member_invitation(organization_id=str(owed.organization_id), outbox_id=owed.pk, **owed.arguments)
    found = re.search(re.escape(settings.BASE_URL) + r"(/join/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


@pytest.fixture
def invited(cast: Cast) -> MemberInvitation:
    with organization_context(cast.organization):
        return invitations.invite(email="Nadia@new.example", role="analyst", by=place(cast.olga))


def test_the_mail_is_owed_and_its_token_is_kept_nowhere(invited: MemberInvitation, cast: Cast) -> None:
    assert not mail.outbox
    path = deliver(cast)
    assert not OutboxEntry.objects.filter(task=invitations.MAIL_TASK).exists(), "paid"
    (sent,) = mail.outbox
    assert sent.to == ["nadia@new.example"]
    assert "Halden Home" in sent.subject
    assert "as analyst" in str(sent.body)
    token = path.split("/")[2]
    with organization_context(cast.organization):
        row = MemberInvitation.objects.get()
        assert bytes(row.hash) == invitations.token_hash(token)
        assert token not in str(row.__dict__)
        assert token not in str(list(AuditEntry.objects.values()))


def test_a_new_person_makes_an_account_and_is_in(
    invited: MemberInvitation, cast: Cast, client: Client
) -> None:
    path = deliver(cast)
    assert "Join Halden Home" in client.get(path).content.decode()
    answer = client.post(path, NEW, follow=True)
    assert "Welcome to Halden Home" in answer.content.decode()
    user = User.objects.get(email="nadia@new.example")
    assert user.name == "Nadia New"
    assert place(user).role == "analyst"
    assert Client().get(path).status_code == 404, "used"
    with organization_context(cast.organization):
        assert AuditEntry.objects.filter(action="member.joined").count() == 1


def test_a_weak_password_is_refused_and_makes_nobody(
    invited: MemberInvitation, cast: Cast, client: Client
) -> None:
    answer = client.post(deliver(cast), {**NEW, "password": "short"})
    assert answer.status_code == 422
    assert not User.objects.filter(email="nadia@new.example").exists()


def test_an_existing_account_logs_in_first(cast: Cast, client: Client) -> None:
    with organization_context(cast.organization):
        invitations.invite(email=cast.otto.email, role="viewer", by=place(cast.olga))
    path = deliver(cast)
    page = client.get(path).content.decode()
    assert f"/login/?next={path}" in page
    client.post(path, NEW)
    assert not Membership.objects.filter(user=cast.otto, organization=cast.organization).exists()
    assert User.objects.get(pk=cast.otto.pk).check_password(PASSWORD), "the token sets no password"
    client.force_login(cast.otto)
    answer = client.post(path, follow=True)
    assert "Welcome to Halden Home" in answer.content.decode()
    assert "Other Goods" in answer.content.decode(), "switching between the two"


def test_somebody_else_cannot_use_the_link(invited: MemberInvitation, cast: Cast, client: Client) -> None:
    path = deliver(cast)
    client.force_login(cast.otto)
    assert "You are logged in as otto@other.example" in client.get(path).content.decode()
    assert client.post(path).status_code == 409
    assert Membership.objects.filter(user=cast.otto).count() == 1
    with organization_context(cast.organization), pytest.raises(Refused, match="is for nadia@"):
        invitations.accept(token=path.split("/")[2], user=cast.otto)


@pytest.mark.parametrize("how", ["revoked", "expired", "suspended", "guessed"])
def test_a_dead_link_says_so_and_lets_nobody_in(
    how: str, invited: MemberInvitation, cast: Cast, client: Client
) -> None:
    path = deliver(cast)
    assert client.get(path).status_code == 200
    with organization_context(cast.organization):
        if how == "revoked":
            invitations.revoke(invitation=invited)
        elif how == "expired":
            MemberInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if how == "suspended":
        type(cast.organization).objects.filter(pk=cast.organization.pk).update(is_active=False)
    if how == "guessed":
        path = "/join/guess/"
    answer = client.post(path, NEW)
    assert answer.status_code == 404
    assert "does not work any more" in answer.content.decode()
    assert not User.objects.filter(email="nadia@new.example").exists()


def test_sent_again_the_old_link_is_dead(invited: MemberInvitation, cast: Cast, client: Client) -> None:
    old = deliver(cast)
    with organization_context(cast.organization):
        invitations.send_again(invitation=invited)
    assert client.get(old).status_code == 404, "dead before the new mail is out"
    new = deliver(cast)
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_revoked_before_the_mail_went_out_no_mail_goes_out(invited: MemberInvitation, cast: Cast) -> None:
    with organization_context(cast.organization):
        invitations.revoke(invitation=invited)
    owed = OutboxEntry.objects.get(task=invitations.MAIL_TASK)
    send_member_invitation(organization_id=str(owed.organization_id), outbox_id=owed.pk, **owed.arguments)
    assert not mail.outbox


def test_members_and_invited_addresses_are_not_invited_twice(invited: MemberInvitation, cast: Cast) -> None:
    with organization_context(cast.organization):
        with pytest.raises(Refused, match="invited already"):
            invitations.invite(email="nadia@new.example", role="viewer", by=place(cast.olga))
        with pytest.raises(Refused, match="member already"):
            invitations.invite(email="VERA@halden.example", role="viewer", by=place(cast.olga))
        with pytest.raises(Refused, match="Only an owner"):
            invitations.invite(email="x@new.example", role="owner", by=place(cast.amir))
        with pytest.raises(IntegrityError), transaction.atomic():
            MemberInvitation.objects.create(
                email="nadia@new.example", role="viewer", expires_at=timezone.now()
            )


def test_the_function_gives_each_token_its_own_organization(cast: Cast) -> None:
    found = {}
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            owner = Membership.objects.get(organization=organization, role="owner")
            row = invitations.invite(email="same@new.example", role="viewer", by=owner)
            found[organization.pk] = invitations.fresh_token(row)
    for organization_id, token in found.items():
        assert invitations.organization_of(token) == organization_id
    assert invitations.organization_of("") is None
    with organization_context(cast.other):
        assert invitations.find(found[cast.organization.pk]) is None


def test_the_page_invites(cast: Cast, client: Client) -> None:
    client.force_login(cast.amir)
    page = client.post(
        "/o/halden/settings/people/", {"email": "nadia@new.example", "role": "agent"}, follow=True
    ).content.decode()
    assert "An invitation to nadia@new.example is on its way" in page
    assert "waiting to be sent" in page
    deliver(cast)
    again = client.post("/o/halden/settings/people/", {"email": "nadia@new.example", "role": "agent"})
    assert again.status_code == 422
    assert "invited already" in again.content.decode()
    more = client.post("/o/halden/settings/people/", {"email": "x@new.example", "role": "owner"})
    assert more.status_code == 422
