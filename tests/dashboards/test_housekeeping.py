"""Names, archive and removal: what goes out of sight can be brought back, and what is gone is gone whole."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, OutboxEntry
from accounts.tenancy import organization_context
from accounts.work.outbox import publish_batch
from analytics import selectors
from analytics.models import Run, Schedule, Study
from analytics.studies import housekeeping, schedule
from analytics.studies.services import cancel_run, start_run
from analytics.tasks import purge_run
from feedback.models import Score
from tests.analytics.runs import study
from tests.cast import Cast
from tests.dashboards import results
from tests.factories import NOW
from tests.queries import QueryBudget

pytestmark = pytest.mark.django_db

L = "/o/halden/linkage/"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def maya(client: Client, cast: Cast) -> Client:
    client.force_login(cast.maya)
    return client


@pytest.fixture
def asked(cast: Cast) -> Study:
    with organization_context(cast.organization):
        return study()


def finished(cast: Cast, asked: Study, *, reading: str = "stands", days_ago: int = 0) -> Run:
    at = timezone.now() - timedelta(days=days_ago)
    result = {**results.two()[0], "kind": "financial", "reading": reading}
    with organization_context(cast.organization):
        run = start_run(study=asked, as_of=NOW)
        Run.objects.filter(pk=run.pk).update(status="finished", result=result, finished_at=at)
        run.refresh_from_db()
    return run


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(ValidationError) as error:
        call()
    return str(error.value.messages[0])


def test_a_study_is_renamed(maya: Client, cast: Cast, asked: Study) -> None:
    page = maya.post(
        f"{L}{asked.pk}/rename/", {"name": "  What promoters buy "}, follow=True
    ).content.decode()
    assert "The study is now called What promoters buy." in page
    with organization_context(cast.organization):
        asked.refresh_from_db()
        assert asked.name == "What promoters buy"
        entry = AuditEntry.objects.get(action="study.changed")
        assert (entry.before, entry.after) == ({"name": "Revenue after NPS"}, {"name": "What promoters buy"})
        housekeeping.rename_study(study=asked, name="What promoters buy")
        assert AuditEntry.objects.filter(action="study.changed").count() == 1, "nothing new records nothing"


def test_a_name_that_cannot_stand_is_refused_in_words(maya: Client, cast: Cast, asked: Study) -> None:
    with organization_context(cast.organization):
        study(name="Taken")
        for name, words in (
            ("Taken", "exists already"),
            (" ", "Give the study a name"),
            ("x" * 201, "200 at most"),
        ):
            assert words in refused(lambda name=name: housekeeping.rename_study(study=asked, name=name))
    page = maya.post(f"{L}{asked.pk}/rename/", {"name": "Taken"}, follow=True).content.decode()
    assert "The name was not changed." in page
    assert "exists already" in page


def test_an_archived_study_rests_and_comes_back(maya: Client, cast: Cast, asked: Study) -> None:
    run = finished(cast, asked)
    with organization_context(cast.organization):
        schedule.run_weekly(study=asked)
    assert "Strongest links" in (overview := maya.get("/o/halden/").content.decode())
    assert f"{L}runs/{run.pk}/" in overview
    page = maya.post(f"{L}{asked.pk}/archive/", {"on": "1"}, follow=True).content.decode()
    assert "is archived and is not run any more" in page
    assert f"{L}{asked.pk}/" not in page, "off the list"
    assert f"{L}runs/{run.pk}/" not in maya.get("/o/halden/").content.decode(), "and off the overview"
    assert not Schedule.objects.exists(), "and not run weekly"
    with organization_context(cast.organization):
        asked.refresh_from_db()
        assert "Restore it before running" in refused(lambda: start_run(study=asked))
        assert not housekeeping.archive_study(study=asked)
    answer = maya.post(f"{L}{asked.pk}/run/", follow=True).content.decode()
    assert "is archived. Restore it before running it." in answer
    assert "This study was archived on" in answer
    assert "Run again" not in answer
    assert asked.name in maya.get(f"{L}?archived=1").content.decode()

    maya.post(f"{L}{asked.pk}/archive/", {"on": "0"})
    assert asked.name in maya.get(L).content.decode()
    with organization_context(cast.organization):
        assert not housekeeping.restore_study(study=asked)
        told = AuditEntry.objects.filter(action="study.changed").values_list("after", flat=True)
        assert {"archived": True} in told
        assert {"archived": False} in told


def test_a_weekly_run_that_was_owed_before_the_archive_does_not_start(cast: Cast, asked: Study) -> None:
    with organization_context(cast.organization):
        housekeeping.archive_study(study=asked)
        assert schedule.start_scheduled(study_id=str(asked.pk)) is None
        assert not Run.objects.exists()


def test_a_removed_run_is_nowhere_until_it_is_brought_back(maya: Client, cast: Cast, asked: Study) -> None:
    first, second = finished(cast, asked), finished(cast, asked)
    page = maya.post(f"{L}runs/{second.pk}/remove/", follow=True).content.decode()
    assert "Run 2 was removed. It can be brought back below until" in page
    assert f"{L}runs/{first.pk}/" in page, "the study shows the run before"
    assert "Bring back" in page
    for path in ("", "run.xlsx", "report.html", "pictures/bands.svg", "progress/"):
        assert maya.get(f"{L}runs/{second.pk}/{path}").status_code == 404, path
    assert "fewer than two finished runs" in maya.get(f"{L}{asked.pk}/compare/").content.decode()
    with organization_context(cast.organization):
        assert [run.pk for run in selectors.latest_finished()] == [first.pk]
        assert [run.pk for run in selectors.strongest_links()] == [first.pk]
        assert selectors.run_detail(second.pk) is None
        assert start_run(study=asked).number == 3, "no number is given twice"

    page = maya.post(f"{L}runs/{second.pk}/restore/", follow=True).content.decode()
    assert "Run 2 is back." in page
    with organization_context(cast.organization):
        assert [run.pk for run in selectors.latest_finished()] == [second.pk]
        told = (
            AuditEntry.objects.filter(action__startswith="run.re")
            .order_by("pk")
            .values_list("action", flat=True)
        )
        assert list(told) == ["run.removed", "run.restored"]


def test_a_study_whose_only_run_was_removed_still_offers_it(maya: Client, cast: Cast, asked: Study) -> None:
    run = finished(cast, asked)
    page = maya.post(f"{L}runs/{run.pk}/remove/", follow=True).content.decode()
    assert "This study has not been run" in page
    assert f"{L}runs/{run.pk}/restore/" in page


def test_a_run_under_way_is_cancelled_before_it_is_removed(maya: Client, cast: Cast, asked: Study) -> None:
    with organization_context(cast.organization):
        run = start_run(study=asked)
    page = maya.post(f"{L}runs/{run.pk}/remove/", follow=True).content.decode()
    assert "Run 1 is under way. Cancel it first" in page
    with organization_context(cast.organization):
        cancel_run(run=run)
        when = housekeeping.remove_run(run=run)
        assert housekeeping.remove_run(run=run) == when, "twice is once"
        assert OutboxEntry.objects.filter(task=housekeeping.PURGE).count() == 1


def test_after_a_week_it_is_gone_with_its_frames(cast: Cast, asked: Study, files: Path) -> None:
    run, other = finished(cast, asked), finished(cast, asked)
    folder = files / "frames"
    folder.mkdir(parents=True)
    names = [f"{run.pk}.parquet", f"{run.pk}.asked.parquet", f"{other.pk}.parquet"]
    for name in names:
        (folder / name).write_bytes(b"PAR1")
    with organization_context(cast.organization):
        for one in (run, other):
            Run.objects.filter(pk=one.pk).update(frame_path=f"frames/{one.pk}.parquet", parts={"asked": {}})
        housekeeping.remove_run(run=run)
    entry = OutboxEntry.objects.get(task=housekeeping.PURGE)
    OutboxEntry.objects.exclude(pk=entry.pk).delete()
    assert publish_batch() == 0, "not due before the week is over"

    def work() -> None:
        purge_run(organization_id=str(cast.organization.pk), outbox_id=entry.pk, **entry.arguments)

    with organization_context(cast.organization):
        assert not housekeeping.purge(run_id=str(run.pk)), "nor is it done, whoever asks"
        Run.objects.filter(pk=run.pk).update(removed_at=timezone.now() - housekeeping.GRACE)
    work()
    with organization_context(cast.organization):
        assert [one.pk for one in Run.objects.all()] == [other.pk]
        assert AuditEntry.objects.get(action="run.deleted").target_id == str(run.pk)
    assert [path.name for path in folder.iterdir()] == [names[2]]
    assert not OutboxEntry.objects.filter(pk=entry.pk).exists()


def test_one_that_was_brought_back_is_not_deleted(cast: Cast, asked: Study) -> None:
    run = finished(cast, asked)
    with organization_context(cast.organization):
        housekeeping.remove_run(run=run)
        housekeeping.restore_run(run=run)
        later = timezone.now() + 2 * housekeeping.GRACE
        assert not housekeeping.purge(run_id=str(run.pk), now=later)
        housekeeping.remove_run(run=run)  # and removed again later: the first entry comes too early for it
        assert not housekeeping.purge(run_id=str(run.pk), now=timezone.now() + timedelta(days=6))
        assert housekeeping.purge(run_id=str(run.pk), now=later)


def test_another_organizations_runs_and_studies_are_out_of_reach(maya: Client, cast: Cast) -> None:
    with organization_context(cast.other):
        theirs = study()
        run = start_run(study=theirs)
        cancel_run(run=run)
    for path in (
        f"{theirs.pk}/rename/",
        f"{theirs.pk}/archive/",
        f"runs/{run.pk}/remove/",
        f"runs/{run.pk}/restore/",
    ):
        assert maya.post(f"{L}{path}", {"name": "Mine", "on": "1"}).status_code == 404, path
    assert maya.get(f"{L}new/?from={theirs.pk}").status_code in (200, 404)
    with organization_context(cast.other):
        theirs.refresh_from_db()
        assert (theirs.name, theirs.archived_at) == ("Revenue after NPS", None)


# --- the list ----------------------------------------------------------------------------------------------


@pytest.fixture
def several(cast: Cast) -> dict[str, Study]:
    with organization_context(cast.organization):
        made = {name: study(name=name) for name in ("Alpha", "Beta", "Gamma")}
        made["Delta"] = study(
            name="Delta", kind="operational", predictor="wait_seconds", outcome="csat", controls=None
        )
    finished(cast, made["Alpha"], reading="noise")
    finished(cast, made["Beta"])
    return made


def shown(client: Client, query: str) -> list[str]:
    page = client.get(f"{L}{query}").content.decode()
    names = ("Alpha", "Beta", "Gamma", "Delta")
    return sorted(
        (name for name in names if f">{name}</a>" in page), key=lambda name: page.index(f">{name}</a>")
    )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Alpha", "Beta", "Delta", "Gamma"]),
        ("?q=ALPH", ["Alpha"]),
        ("?kind=operational", ["Delta"]),
        ("?kind=financial&reading=stands", ["Beta"]),
        ("?sort=reading", ["Beta", "Alpha", "Delta", "Gamma"]),
        ("?sort=last", ["Beta", "Alpha", "Delta", "Gamma"]),
        ("?sort=nonsense&kind=nonsense&reading=nonsense", ["Alpha", "Beta", "Delta", "Gamma"]),
        ("?q=nothing", []),
        ("?archived=1", []),
    ],
)
def test_the_list_is_narrowed_and_sorted(
    maya: Client, several: dict[str, Study], query: str, names: list[str]
) -> None:
    assert shown(maya, query) == names


def test_sorting_keeps_what_narrows(maya: Client, several: dict[str, Study]) -> None:
    page = maya.get(f"{L}?kind=financial&q=a").content.decode()
    assert 'href="?q=a&amp;kind=financial&amp;sort=last"' in page
    assert "No study is like this" in maya.get(f"{L}?q=nothing").content.decode()
    assert "Nothing is archived" in maya.get(f"{L}?archived=1").content.decode()


def test_the_list_stays_within_its_budget(
    maya: Client, several: dict[str, Study], query_budget: Callable[[int], QueryBudget]
) -> None:
    maya.get(L)
    with query_budget(13):
        maya.get(L)


def test_a_reading_that_turned_is_said(maya: Client, cast: Cast, asked: Study) -> None:
    first = finished(cast, asked)
    second = finished(cast, asked, reading="noise")
    compare = f"{L}{asked.pk}/compare/?a={first.pk}&amp;b={second.pk}"
    page = maya.get(L).content.decode()
    assert "was “stands” in run 1" in page
    assert compare in page
    overview = maya.get("/o/halden/").content.decode()
    assert "Revenue after NPS now reads “noise”" in overview
    assert compare in overview

    finished(cast, asked, reading="noise")
    assert "was “stands”" not in maya.get(L).content.decode(), "a turn is news once"
    assert "now reads" not in maya.get("/o/halden/").content.decode()


def test_an_old_turn_is_no_news(maya: Client, cast: Cast, asked: Study) -> None:
    finished(cast, asked, days_ago=50)
    finished(cast, asked, reading="noise", days_ago=40)
    assert "was “stands” in run 1" in maya.get(L).content.decode()
    assert "now reads" not in maya.get("/o/halden/").content.decode()


def test_who_may_not_see_linkage_hears_nothing_of_it(client: Client, cast: Cast, asked: Study) -> None:
    finished(cast, asked)
    finished(cast, asked, reading="noise")
    client.force_login(cast.greta)
    assert "now reads" not in client.get("/o/halden/").content.decode()


# --- a new one like this -----------------------------------------------------------------------------------


def test_a_new_study_begins_as_another(maya: Client, cast: Cast) -> None:
    from tests.dashboards import world

    with organization_context(cast.organization):
        world.build(customers=12)
        asked = study(
            name="Orders after NPS, a month",
            outcome="orders",
            horizon_days=30,
            controls=["orders", "segment"],
            answered_until=NOW.replace(hour=0, minute=0, second=0, microsecond=0),
        )
    page = maya.get(f"{L}{asked.pk}/").content.decode()
    address = f"{L}new/?kind=financial&amp;from={asked.pk}"
    assert address in page
    form = maya.get(address.replace("&amp;", "&")).content.decode()

    def is_chosen(name: str, value: str) -> bool:
        start = form.index(f'name="{name}" value="{value}"')
        return "checked" in form[start : form.index(">", start)]

    assert is_chosen("outcome", "orders")
    assert is_chosen("controls", "outcome"), "the outcome's own past"
    assert is_chosen("controls", "segment")
    assert not is_chosen("controls", "tenure_days")
    assert 'value="30"' in form
    assert "Orders after NPS, a month" not in form, "two studies share no name"
    day = (NOW.replace(hour=0, minute=0) - timedelta(days=1)).date().isoformat()
    assert f'value="{day}"' in form
    assert maya.get(f"{L}new/?kind=operational&from={asked.pk}").status_code == 404
    assert maya.get(f"{L}new/?kind=financial&from=nonsense").status_code == 404


@pytest.mark.parametrize("kind", ["financial", "operational", "constituency"])
def test_each_kind_can_be_asked_beside_ratings(maya: Client, cast: Cast, kind: str) -> None:
    """Customers who rated items are attitudes to start from, and no scores to explain."""
    from tests.dashboards import world

    with organization_context(cast.organization):
        world.build(customers=12)
        score = Score.objects.select_related("response", "survey").first()
        assert score is not None
        score.pk, score.metric, score.question, score.value = None, "rating:delivery", "delivery", 4
        score.save(force_insert=True)
    page = maya.get(f"{L}new/?kind={kind}").content.decode()
    assert ('value="rating:delivery"' in page) == (kind == "financial")
