"""A run from its start to its end, in this process."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import Lease, Membership, OutboxEntry
from accounts.tenancy import organization_context
from analytics.frames import store
from analytics.models import Run
from analytics.studies import running, services
from analytics.tasks import run_study
from tests.analytics import simulated
from tests.analytics.runs import EFFECT, do, start, study
from tests.cast import Cast
from tests.factories import NOW
from tests.frames import world

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_run_finishes_with_everything_that_repeats_it(cast: Cast, files: Path) -> None:
    manager = Membership.objects.get(user=cast.maya)
    with organization_context(cast.organization):
        simulated.fill(300, effect=EFFECT)
        run = start(study(created_by=manager), requested_by=manager, seed=None)
        assert (run.number, run.status, run.seed) == (1, "queued", 20261101)
        assert OutboxEntry.objects.get().arguments == {"run": str(run.pk)}
    run = do(cast.organization, run)
    assert (run.status, run.progress, run.step, run.error, run.claim) == ("finished", 1.0, "", "", 1)
    assert run.started_at is not None
    assert run.finished_at is not None
    assert run.frame_path == f"frames/{cast.organization.pk}/{run.pk}.parquet"
    assert store.digest_of(files / run.frame_path) == run.frame_hash
    assert run.ledger[-1]["n"] == len(store.read(files / run.frame_path)) == 300
    assert run.settings["controls"] == ["revenue", "tenure_days", "segment"]
    assert run.settings["currency"] == "EUR"
    assert "numpy" in run.versions
    assert run.result["facts"]["customers"] == 300
    assert run.result["findings"]["lede"].endswith(".")
    assert not OutboxEntry.objects.exists()


def test_the_truth_is_recovered_where_the_naive_comparison_errs(cast: Cast) -> None:
    with organization_context(cast.organization):
        truth = simulated.fill(900, effect=EFFECT)
        run = start(study())
    result = do(cast.organization, run).result
    ends = result["contrasts"][0]
    planted = truth.difference("promoter", "detractor")
    assert ends["after"]["low"] <= planted <= ends["after"]["high"]
    assert result["reading"] == ends["reading"] == "stands"
    rows = {row["band"]: row for row in result["after"]["rows"]}
    for band in simulated.BANDS:
        assert rows[band]["adjusted"]["low"] <= truth.means[band] <= rows[band]["adjusted"]["high"]
    naive = rows["promoter"]["low"] - rows["detractor"]["high"]  # the nearest ends of the two intervals
    assert naive > planted
    assert result["findings"]["lede"].startswith("Promoters went on to spend €")


def test_pure_selection_does_not_stand(cast: Cast) -> None:
    with organization_context(cast.organization):
        simulated.fill(900)
        run = start(study())
    result = do(cast.organization, run).result
    rows = {row["band"]: row for row in result["after"]["rows"]}
    assert rows["promoter"]["low"] > rows["detractor"]["high"]  # the naive comparison is fooled
    assert result["reading"] == "noise"
    assert result["worth"] is None
    assert "o clear difference" in result["findings"]["lede"]


def test_the_same_study_twice_gives_the_same_digits(cast: Cast) -> None:
    with organization_context(cast.organization):
        simulated.fill(300, effect=EFFECT)
        asked = study()
        first, second = start(asked), start(asked)
    one, two = do(cast.organization, first), do(cast.organization, second)
    assert one.result == two.result
    assert one.frame_hash == two.frame_hash
    assert (one.number, two.number) == (1, 2)
    with organization_context(cast.organization):
        third = start(asked, seed=2)
    other = do(cast.organization, third)
    assert other.frame_hash == one.frame_hash
    assert other.result["contrasts"][0]["link_sd"] != one.result["contrasts"][0]["link_sd"]


def test_too_few_answers_are_a_result_and_not_an_error(cast: Cast) -> None:
    with organization_context(cast.organization):
        simulated.fill(60)
        few, none = start(study()), start(study(name="Nobody", predictor="ces"))
    result = do(cast.organization, few).result
    assert result["reading"] == "insufficient_evidence"
    assert result["shortfalls"]
    assert result["contrasts"] == []
    assert {row["mean"] for row in result["after"]["rows"]} == {None}
    empty = do(cast.organization, none)
    assert (empty.status, empty.result["reading"]) == ("finished", "insufficient_evidence")
    assert [short["n"] for short in empty.result["shortfalls"]] == [0, 0, 0]


def test_what_cannot_succeed_fails_with_its_message_and_is_not_owed(cast: Cast) -> None:
    with organization_context(cast.organization):
        asked = study()
        asked.outcome = "happiness"
        asked.save()
        run = start(asked)
    run = do(cast.organization, run)
    assert run.status == "failed"
    assert "'happiness' is not a business metric" in run.error
    assert run.finished_at is not None
    assert not OutboxEntry.objects.exists()


def test_a_cancelled_run_is_left_alone(cast: Cast) -> None:
    with organization_context(cast.organization):
        run = start(study())
        assert services.cancel_run(run=run)
        assert not services.cancel_run(run=run)
    run = do(cast.organization, run)
    assert (run.status, run.result, run.claim) == ("cancelled", None, 0)
    assert not OutboxEntry.objects.exists()


def test_a_run_cancelled_on_the_way_stops_between_steps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with organization_context(cast.organization):
        simulated.fill(300)
        run = start(study())
    seen: list[str] = []
    update = running._update

    def watched(work: Any, run_id: str, **fields: Any) -> None:
        update(work, run_id, **fields)
        seen.append(fields["step"])
        if "joined" in fields["step"]:
            with organization_context(cast.organization):
                services.cancel_run(run=run)

    monkeypatch.setattr(running, "_update", watched)
    run = do(cast.organization, run)
    assert seen == ["Joining answers with what customers did", "300 customers joined"]
    assert (run.status, run.result) == ("cancelled", None)
    assert not OutboxEntry.objects.exists()


def test_a_deleted_run_is_no_longer_owed(cast: Cast) -> None:
    with organization_context(cast.organization):
        run = start(study())
        entry, gone = OutboxEntry.objects.get(), str(run.pk)
        run.delete()
    run_study(organization_id=str(cast.organization.pk), outbox_id=entry.pk, run=gone)
    assert not OutboxEntry.objects.exists()


def test_after_five_claims_it_is_given_up(cast: Cast) -> None:
    with organization_context(cast.organization):
        run = start(study())
    name = f"analytics.run_study:{run.pk}"
    Lease.objects.create(name=name, claim=running.MAX_CLAIMS - 1)
    Lease.objects.create(name="another", claim=1)
    with organization_context(cast.organization):
        simulated.fill(300)
    fifth = do(cast.organization, run)
    assert (fifth.status, fifth.claim) == ("finished", 5)
    with organization_context(cast.organization):
        run = start(fifth.study)
    Lease.objects.create(name=f"analytics.run_study:{run.pk}", claim=running.MAX_CLAIMS)
    sixth = do(cast.organization, run)
    assert sixth.status == "failed"
    assert "Given up after 5 attempts" in sixth.error
    assert not OutboxEntry.objects.exists()


def test_what_may_pass_by_itself_is_noted_and_stays_owed(cast: Cast, files: Path) -> None:
    with organization_context(cast.organization):
        simulated.fill(300)
        run = start(study())
    files.write_text("a file where a folder must be")  # as a full or vanished disk would
    with pytest.raises(OSError, match="files"):
        do(cast.organization, run)
    with organization_context(cast.organization):
        run.refresh_from_db()
    assert run.status == "running"
    assert run.error.startswith("Attempt 1: ")
    assert OutboxEntry.objects.count() == 1
    files.unlink()
    run = do(cast.organization, run)
    assert (run.status, run.error, run.claim) == ("finished", "", 2)


def test_a_second_claim_goes_on_from_a_whole_frame_only(cast: Cast, files: Path) -> None:
    with organization_context(cast.organization):
        simulated.fill(300)
        run = start(study())
    done = do(cast.organization, run)

    def again() -> Run:
        """The run as a worker killed while computing left it, and a second worker's go at it."""
        with organization_context(cast.organization):
            Run.objects.filter(pk=run.pk).update(status="running", result=None, progress=0.5)
            services.owe(services.TASK, run=str(run.pk))
        return do(cast.organization, run)

    path = files / done.frame_path
    before = path.stat().st_ino, path.stat().st_mtime_ns
    resumed = again()
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == before
    assert (resumed.result, resumed.claim) == (done.result, 2)
    path.write_bytes(path.read_bytes()[:1000])
    rebuilt = again()
    assert path.stat().st_size > 1000
    assert (rebuilt.result, rebuilt.frame_hash, rebuilt.claim) == (done.result, done.frame_hash, 3)


def test_numbers_are_given_once_when_two_start_at_once(cast: Cast) -> None:
    with organization_context(cast.organization):
        asked = study()
    barrier = threading.Barrier(4)
    errors: list[Exception] = []

    def begin() -> None:
        try:
            barrier.wait()
            with organization_context(cast.organization):
                start(asked)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with organization_context(cast.organization):
        assert sorted(Run.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert OutboxEntry.objects.count() == 4


def test_a_run_undone_owes_nothing(cast: Cast) -> None:
    with organization_context(cast.organization):
        asked = study()

    def undone() -> None:
        with organization_context(cast.organization):
            start(asked)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        undone()
    assert not OutboxEntry.objects.exists()


def test_later_rows_change_nothing_in_a_repeated_run(cast: Cast) -> None:
    with organization_context(cast.organization):
        simulated.fill(300)
        asked = study()
        first = start(asked)
    one = do(cast.organization, first)
    with organization_context(cast.organization):
        who = world.factories.customer()
        world.spend(who, [(NOW + timedelta(days=1), 500)])
        world.answer(who, 10, NOW + timedelta(days=2))
        second = start(asked)
    assert do(cast.organization, second).frame_hash == one.frame_hash
