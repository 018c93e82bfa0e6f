"""Nothing is deleted before somebody saw the counts; then what is too old goes, and nothing else."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, OutboxEntry, RetentionPolicy
from accounts.privacy import retention
from accounts.tenancy import organization_context
from analytics.models import Run
from crm.models import ImportRun, Interaction, Transaction
from feedback.models import Response, Score
from tests import factories
from tests.cast import Cast

from .world import Home

pytestmark = pytest.mark.django_db


def work_off(cast: Cast) -> None:
    entry = OutboxEntry.objects.filter(task=retention.TASK, organization=cast.organization).latest("pk")
    retention.keep_periods(organization_id=str(cast.organization.pk), outbox_id=entry.pk, **entry.arguments)
    assert not OutboxEntry.objects.filter(pk=entry.pk).exists()


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ({"interactions": 5}, "Choose 30 to"),
        ({"audit_trail": 30}, "Choose 90 to"),
        ({"interactions": "40"}, "Choose 30 to"),
        ({"interactions": True}, "Choose 30 to"),
        ({"gossip": 40}, "no kind of data called 'gossip'"),
    ],
)
def test_periods_that_make_no_sense_are_refused(inside: Cast, periods: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        retention.propose(periods=periods)
    assert not RetentionPolicy.objects.exists()


def test_a_proposal_counts_and_deletes_nothing(cast: Cast) -> None:
    with organization_context(cast.organization):
        factories.interaction(occurred_at=timezone.now() - timedelta(days=100))
        factories.interaction(occurred_at=timezone.now() - timedelta(days=10))
        policy = retention.propose(periods={"interactions": 60, "transactions": None})
        assert policy.preview == {"interactions": 1}
        assert not policy.is_enforced
        assert Interaction.objects.count() == 2
    assert retention.retention_due() == 0
    assert not OutboxEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_enforcing_deletes_what_is_too_old_in_batches_and_tells(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for organization in (cast.organization, cast.other):
        with organization_context(organization):
            person = factories.customer()
            for days in (70, 80, 90, 100, 110, 10):
                factories.interaction(person, occurred_at=timezone.now() - timedelta(days=days))
            factories.transaction(person, occurred_at=timezone.now() - timedelta(days=5_000))
    with organization_context(cast.organization):
        retention.enforce(policy=retention.propose(periods={"interactions": 60}))
    work_off(cast)
    with organization_context(cast.organization):
        assert Interaction.objects.count() == 1
        assert Transaction.objects.count() == 1, "no period: kept for ever"
        assert RetentionPolicy.objects.get().last_run == {"interactions": 5}
        assert AuditEntry.objects.get(action="retention.enforced").after == {"interactions": 5}
    with organization_context(cast.other):
        assert Interaction.objects.count() == 6
    assert retention.retention_due() == 1, "every day from now on"


@pytest.mark.django_db(transaction=True)
def test_changing_the_periods_takes_the_deletion_back(cast: Cast) -> None:
    with organization_context(cast.organization):
        factories.interaction(occurred_at=timezone.now() - timedelta(days=100))
        retention.enforce(policy=retention.propose(periods={"interactions": 60}))
        retention.propose(periods={"interactions": 90})
    work_off(cast)
    with organization_context(cast.organization):
        assert Interaction.objects.count() == 1
    assert retention.retention_due() == 0


@pytest.mark.django_db(transaction=True)
def test_each_kind_reaches_its_rows_and_files(cast: Cast, homes: tuple[Home, Home]) -> None:
    mine, theirs = homes
    with organization_context(cast.organization):
        long_ago = timezone.now() - timedelta(days=4_000)
        Response.objects.update(answered_at=long_ago)
        Run.objects.update(finished_at=long_ago)
        ImportRun.objects.update(started_at=long_ago)
        AuditEntry.objects.create(at=long_ago, action="organization.changed", actor_kind="system")
        everything = {kind.name: max(kind.least_days, 3_000) for kind in retention.kinds()}
        policy = retention.propose(periods=everything)
        assert (
            policy.preview["frames"] == policy.preview["refused_rows"] == policy.preview["audit_trail"] == 1
        )
        assert policy.preview["answers"] == 4
        retention.enforce(policy=policy)
    work_off(cast)
    with organization_context(cast.organization):
        assert RetentionPolicy.objects.get().last_run == policy.preview
        assert not Response.objects.exists()
        assert not Score.objects.exists()
        assert not AuditEntry.objects.filter(at__lt=long_ago + timedelta(days=1)).exists()
    assert not mine.frame.exists()
    assert not Path(mine.errors).exists()
    assert theirs.frame.exists()
    assert theirs.errors.exists()


def test_the_page_shows_the_counts_and_enforces_only_what_was_seen(client: Client, cast: Cast) -> None:
    with organization_context(cast.organization):
        factories.interaction(occurred_at=timezone.now() - timedelta(days=100))
    client.force_login(cast.amir)
    address = "/o/halden/settings/retention/"
    assert client.post(address, {"interactions": "3"}).status_code == 422
    page = client.post(address, {"interactions": "60"}, follow=True).content.decode()
    assert "What enforcing would delete" in page
    assert "Interactions, older than 60 days" in page
    seen = page.split('name="previewed_at" value="')[1].split('"')[0]
    client.post(address, {"interactions": "90"})
    stale = client.post(f"{address}enforce/", {"previewed_at": seen}, follow=True).content.decode()
    assert "The periods were changed meanwhile" in stale
    page = client.get(address).content.decode()
    seen = page.split('name="previewed_at" value="')[1].split('"')[0]
    assert (
        "In force" in client.post(f"{address}enforce/", {"previewed_at": seen}, follow=True).content.decode()
    )
    assert OutboxEntry.objects.filter(task=retention.TASK).count() == 1
