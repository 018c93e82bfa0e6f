"""A suspended organization: every door is closed, nothing is lost, and it goes on where it stopped."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from celery import current_app, shared_task
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.api.authentication import key_rests
from accounts.models import ApiKey, AuditEntry, Membership, Organization, OutboxEntry, Suspension
from accounts.models.apikey import key_hash
from accounts.organizations import deletion
from accounts.organizations.suspension import resume, suspend
from accounts.refusal import Refused
from accounts.tenancy import organization_context
from accounts.work.outbox import owe, publish_batch
from accounts.work.task import LongTask, OrganizationTask, Work
from analytics.models import Run, Schedule
from analytics.studies import schedule
from analytics.studies.services import start_run
from crm.models import Customer
from feedback import links
from feedback.models import Response
from tests import factories
from tests.cast import Cast
from tests.dashboards import world
from tests.waiting import until
from tests.workers import Workers

pytestmark = pytest.mark.django_db


@shared_task(name="tests.rename_resting", base=OrganizationTask)
def rename(customer: str) -> None:
    Customer.objects.filter(pk=customer).update(name="renamed")


@shared_task(name="tests.two_steps", base=LongTask)
def two_steps(work: Work, customer: str) -> None:
    with work.step():
        Customer.objects.filter(pk=customer).update(name="first step")
    Organization.objects.filter(pk=work.organization_id).update(is_active=False)
    with work.step(last=True):
        Customer.objects.filter(pk=customer).update(name="second step")


def pause(cast: Cast, by: Suspension = Suspension.OWNER) -> None:
    suspend(organization=cast.organization, by=by, reason="We move house.")


def test_an_owner_pauses_and_resumes_on_a_page(cast: Cast, client: Client) -> None:
    client.force_login(cast.amir)
    assert client.post("/o/halden/settings/pause/", {"reason": "x"}).status_code == 403
    client.force_login(cast.olga)
    assert client.post("/o/halden/settings/pause/", {"reason": " "}).status_code == 422
    answer = client.post("/o/halden/settings/pause/", {"reason": "We move house."}, follow=True)
    assert answer.status_code == 403
    assert "We move house." in answer.content.decode()
    assert 'action="/o/halden/settings/resume/"' in answer.content.decode()
    for path in ("/o/halden/settings/export/", "/o/halden/settings/delete/"):
        assert client.get(path).status_code == 200, "owners take their data with them"
    for path in ("/o/halden/", "/o/halden/settings/", "/o/halden/settings/people/", "/o/halden/nowhere/"):
        assert client.get(path).status_code == 403

    client.force_login(cast.maya)
    page = client.get("/", follow=True)
    assert page.status_code == 403
    assert "Ask one of its owners" in page.content.decode()
    for path in ("/o/halden/settings/export/", "/o/halden/settings/delete/"):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "is resting" in answer.content.decode(), "the same page for every address"
    assert client.post("/o/halden/settings/resume/").status_code == 403
    client.force_login(cast.otto)
    assert client.post("/o/halden/settings/resume/").status_code == 404

    client.force_login(cast.olga)
    answer = client.post("/o/halden/settings/resume/", follow=True)
    assert answer.status_code == 200
    assert "It is open again" in answer.content.decode()
    with organization_context(cast.organization):
        entries = AuditEntry.objects.filter(action__in=("organization.paused", "organization.resumed"))
        assert [(one.action, one.actor_name) for one in entries.order_by("id")] == [
            ("organization.paused", "Olga"),
            ("organization.resumed", "Olga"),
        ]


def test_the_operator_suspends_by_command_and_no_owner_resumes(
    cast: Cast, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    pause(cast)
    call_command("organization", "suspend", "halden", "--reason", "Bill unpaid")
    client.force_login(cast.olga)
    page = client.get("/o/halden/").content.decode()
    assert "The operator of this installation has suspended it" in page
    assert "Bill unpaid" in page
    assert "settings/resume" not in page
    assert client.get("/o/halden/settings/export/").status_code == 200
    client.post("/o/halden/settings/resume/")
    assert not Organization.objects.get(pk=cast.organization.pk).is_active
    capsys.readouterr()
    call_command("organization", "list")
    assert "halden: suspended by the operator" in capsys.readouterr().out
    with pytest.raises(CommandError, match="rests already"):
        call_command("organization", "suspend", "halden", "--reason", "again")
    call_command("organization", "resume", "halden")
    assert client.get("/o/halden/").status_code == 200
    with pytest.raises(CommandError, match="is not suspended"):
        call_command("organization", "resume", "halden")
    with pytest.raises(CommandError, match="there is: halden, other"):
        call_command("organization", "resume", "nowhere")


def test_owners_find_what_rests_in_their_menu_and_others_do_not(cast: Cast, client: Client) -> None:
    for user, role in ((cast.olga, "owner"), (cast.maya, "owner")):
        Membership.objects.create(organization=cast.other, user=user, role=role)
    pause(cast)
    for user, shown in ((cast.olga, True), (cast.maya, False)):
        client.force_login(user)
        page = client.get("/o/other/").content.decode()
        assert ("Halden Home (resting)" in page) is shown
    assert client.get("/").headers["Location"] == "/o/other/", "the first page is of one that is awake"


def test_an_api_key_is_told_why_and_a_guess_is_not(cast: Cast, client: Client) -> None:
    key, revoked = cast.key("crm:read"), cast.key("crm:read")
    theirs = cast.key("crm:read", organization=cast.other)
    with organization_context(cast.organization):
        ApiKey.objects.filter(hash=key_hash(revoked)).update(revoked_at=timezone.now())
    pause(cast)

    def get(plain: str) -> Any:
        return client.get("/api/v1/customers", headers={"Authorization": f"Bearer {plain}"})

    answer = get(key)
    assert answer.status_code == 403
    assert "is suspended" in answer.json()["detail"]
    assert "Halden" not in answer.content.decode()
    assert get("cem_guess").status_code == 401
    assert get(revoked).status_code == 401
    assert get(theirs).status_code == 200
    for plain, rests in ((key, True), (revoked, False), (theirs, False), ("cem_guess", False)):
        assert key_rests(key_hash(plain)) is rests
        with organization_context(cast.other):
            assert key_rests(key_hash(plain)) is rests, "the same from inside another organization"
    assert client.post("/api/v1/customers", {}, headers={"Authorization": f"Bearer {key}"}).status_code == 403


def test_a_survey_is_quietly_not_available_and_takes_no_answer(cast: Cast, client: Client) -> None:
    with organization_context(cast.organization):
        one = world.build(customers=2)
        public = links.public_link(one.survey).token
        _, personal = links.invite(survey=one.survey, customer=one.customer)
        before = Response.objects.count()
    assert personal
    pause(cast)
    for token in (public, personal):
        assert links.rests(token)
        for answer in (client.get(f"/s/{token}"), client.post(f"/s/{token}", {"nps": "9"})):
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            page = answer.content.decode()
            assert "not available at the moment" in page
            assert "Halden" not in page
    assert client.get("/s/lguess-that-is-long-enough-to-be-one").status_code == 404
    assert not links.rests("lguess")
    with organization_context(cast.organization):
        assert Response.objects.count() == before
    resume(organization=cast.organization, by=Suspension.OWNER)
    assert not links.rests(public)
    assert client.get(f"/s/{public}").status_code == 200
    assert client.get(f"/s/{personal}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_what_is_owed_waits_and_is_never_given_up(cast: Cast) -> None:
    with organization_context(cast.organization):
        who = factories.customer(name="before")
        entry = owe("tests.rename_resting", nudge_now=False, customer=str(who.pk))
    with organization_context(cast.other):
        owe("tests.rename_resting", nudge_now=False, customer="0192b6f0-0000-7000-8000-000000000000")
    pause(cast)
    assert publish_batch() == 1, "only the other organization's"
    OutboxEntry.objects.filter(pk=entry.pk).update(due_at=timezone.now() - timedelta(days=9))
    assert publish_batch() == 0
    # Published before the pause, delivered after it: it does nothing and stays owed.
    rename(organization_id=str(cast.organization.pk), outbox_id=entry.pk, customer=str(who.pk))
    entry.refresh_from_db()
    assert entry.attempts == 0
    with organization_context(cast.organization):
        assert Customer.objects.get(pk=who.pk).name == "before"
    resume(organization=cast.organization, by=Suspension.OWNER)
    assert publish_batch() == 1
    rename(organization_id=str(cast.organization.pk), outbox_id=entry.pk, customer=str(who.pk))
    with organization_context(cast.organization):
        assert Customer.objects.get(pk=who.pk).name == "renamed"
    assert not OutboxEntry.objects.filter(pk=entry.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_long_work_stops_between_two_steps_and_stays_owed(cast: Cast) -> None:
    with organization_context(cast.organization):
        who = factories.customer(name="before")
        entry = owe("tests.two_steps", nudge_now=False, customer=str(who.pk))
    two_steps(organization_id=str(cast.organization.pk), outbox_id=entry.pk, customer=str(who.pk))
    with organization_context(cast.organization):
        assert Customer.objects.get(pk=who.pk).name == "first step"
    assert OutboxEntry.objects.filter(pk=entry.pk).exists()
    two_steps(organization_id=str(cast.organization.pk), outbox_id=entry.pk, customer=str(who.pk))
    with organization_context(cast.organization):
        assert Customer.objects.get(pk=who.pk).name == "first step", "it does not even begin"


def test_every_task_of_an_organization_waits_but_those_that_owners_need(cast: Cast) -> None:
    for room in ("accounts", "analytics", "feedback"):
        import_module(f"{room}.tasks")
    anyway = {name for name, task in current_app.tasks.items() if getattr(task, "while_suspended", False)}
    assert anyway == {"accounts.export_organization", "accounts.erase_organization"}


def test_schedules_wait_and_make_up_with_one_run(cast: Cast) -> None:
    with organization_context(cast.organization):
        study = world.build(customers=2).study
        schedule.run_weekly(study=study)
    pause(cast)
    late = timezone.now() + timedelta(weeks=5)
    assert schedule.owe_due(now=late) == 0
    assert Schedule.objects.get(study=study.pk).due_at < late, "it is due still"
    resume(organization=cast.organization, by=Suspension.OWNER)
    assert schedule.owe_due(now=late) == 1


@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_asked_for_before_goes_on_after(cast: Cast, workers: Workers) -> None:
    """With a real worker: nothing happens while it rests, and everything after."""
    with organization_context(cast.organization):
        run = start_run(study=world.build(customers=4).study)
        marker = factories.customer(name="before")
    pause(cast)
    with organization_context(cast.other):
        other = factories.customer(name="before")
        entry = owe("accounts.export_organization", export=str(other.pk))
    workers.start()
    until(
        lambda: not OutboxEntry.objects.filter(pk=entry.pk).exists(),
        seconds=60,
        what="the worker to pass the other organization's work",
    )
    with organization_context(cast.organization):
        assert Run.objects.get(pk=run.pk).status == "queued"
        assert Customer.objects.get(pk=marker.pk).name == "before"
    resume(organization=cast.organization, by=Suspension.OWNER)

    def is_over() -> bool:
        with organization_context(cast.organization):
            return Run.objects.get(pk=run.pk).is_over

    until(is_over, seconds=60, what="the run to go on")


def test_nothing_is_imported_meanwhile(cast: Cast, tmp_path: Path) -> None:
    pause(cast)
    for name in ("rows.csv", "mapping.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(CommandError, match=r"Halden Home rests \(paused by an owner since .*We move house"):
        call_command(
            "import",
            "customers",
            str(tmp_path / "rows.csv"),
            organization="halden",
            mapping=tmp_path / "mapping.json",
        )


def test_what_is_set_up_or_erased_nobody_wakes(cast: Cast, client: Client) -> None:
    for by in ("", "erasure"):
        Organization.objects.filter(pk=cast.organization.pk).update(is_active=False, suspended_by=by)
        for who in (Suspension.OWNER, Suspension.OPERATOR):
            with pytest.raises(Refused, match="cannot be resumed"):
                resume(organization=cast.organization, by=who)
        client.force_login(cast.olga)
        for path in ("/o/halden/settings/export/", "/o/halden/settings/delete/", "/o/halden/"):
            assert client.get(path).status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=cast.organization.pk).update(is_active=True)


def test_a_paused_one_is_deleted_on_its_day(cast: Cast) -> None:
    pause(cast)
    with organization_context(cast.organization):
        deletion.set_deletion(organization=cast.organization)
    assert deletion.sweep_deletions() == 0
    Organization.objects.filter(pk=cast.organization.pk).update(delete_at=timezone.now())
    assert deletion.sweep_deletions() == 1
    assert Organization.objects.get(pk=cast.organization.pk).suspended_by == "erasure"
    with pytest.raises(Refused, match="cannot be resumed"):
        resume(organization=cast.organization, by=Suspension.OPERATOR)


def test_the_answers_of_both_functions_hold_no_id(cast: Cast) -> None:
    """A yes or a no: whoever can call them learns no organization by them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT prorettype::regtype::text FROM pg_proc "
            "WHERE proname IN ('accounts_key_rests', 'feedback_token_rests')"
        )
        assert cursor.fetchall() == [("boolean",)]
