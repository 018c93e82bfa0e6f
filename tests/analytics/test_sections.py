"""A financial run with everything beside its link: built once, gone on with, repeated, erased."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import OutboxEntry
from accounts.privacy.holders import Subject
from accounts.tenancy import organization_context
from analytics import privacy
from analytics.frames import parts, store
from analytics.models import Run
from analytics.studies import repeating, running, services
from analytics.studies.results import Result
from analytics.tasks import repeat_run
from crm.models import Customer
from tests.analytics import beside, simulated
from tests.analytics.runs import EFFECT, do, start, study
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)
SECTIONS = ("associations", "nonresponse", "survival", "drivers", "quality")


def run_of(cast: Cast, **asked: Any) -> Run:
    with organization_context(cast.organization):
        simulated.fill(300, effect={**EFFECT, "detractor": 0.35})
        beside.invite()
        beside.rate()
        run = start(study(**asked))
    return do(cast.organization, run)


def repeated(cast: Cast, run: Run) -> dict[str, str]:
    with organization_context(cast.organization):
        assert repeating.ask_to_repeat(run=run)
        entry = OutboxEntry.objects.get(task="analytics.repeat_run")
    repeat_run(organization_id=str(cast.organization.pk), outbox_id=entry.pk, **entry.arguments)
    with organization_context(cast.organization):
        found: dict[str, str] = Run.objects.get(pk=run.pk).repeat
    return found


def test_a_run_has_every_section_and_the_frames_that_repeat_it(cast: Cast, files: Path) -> None:
    run = run_of(cast)
    assert (run.status, run.error) == ("finished", "")
    result = Result.of(run.result)
    assert all(getattr(result, name) is not None for name in SECTIONS)
    assert set(run.parts) == {"answers-nps", "answers-csat", "asked", "returning", "items"}
    assert parts.are_whole(files / run.frame_path, run.parts)
    assert result.associations is not None
    assert len(result.associations.pairs) == 2 * 4
    assert result.facts.tests == result.associations.tests == 3 + 6  # contacts: there are none in this world
    assert result.nonresponse is not None
    counts = {one.key: one.customers for one in result.nonresponse.stages}
    assert counts == {"eligible": 480, "sampled": 420, "invited": 360, "answered": 300, "followed": 300}
    assert result.nonresponse.ineligible == {"opted_out": 20}
    assert result.nonresponse.weights is not None
    assert result.nonresponse.weights.coverage == 1.0
    assert result.worth is not None
    assert result.worth.eligible == 480


def test_repeated_from_its_files_every_figure_is_the_same(cast: Cast, files: Path) -> None:
    run = run_of(cast)
    assert repeated(cast, run)["state"] == "same"
    path = parts.beside(files / run.frame_path, "asked")
    path.write_bytes(path.read_bytes()[:500])
    found = repeated(cast, run)
    assert found["state"] == "failed"
    assert "missing or was changed" in found["words"]


def test_the_same_study_twice_gives_the_same_digits_in_every_section(cast: Cast) -> None:
    one = run_of(cast)
    with organization_context(cast.organization):
        again = start(one.study)
    two = do(cast.organization, again)
    assert one.result == two.result
    assert {name: part["hash"] for name, part in one.parts.items()} == {
        name: part["hash"] for name, part in two.parts.items()
    }


def test_a_run_from_before_there_were_parts_still_repeats(cast: Cast) -> None:
    run = run_of(cast)
    with organization_context(cast.organization):
        from analytics.studies import kinds

        old = kinds.compute(
            kinds.settings_of(run.settings), store.absolute(run.frame_path), lambda share, words: None
        )
        for name in SECTIONS:
            assert old[name] is None
        del old["worth"]["eligible"]  # as that version wrote it
        del old["quality"]
        Run.objects.filter(pk=run.pk).update(parts={}, result=old)
    assert repeated(cast, run)["state"] == "same"
    with organization_context(cast.organization):
        old["contrasts"][0]["after"]["value"] += 1
        Run.objects.filter(pk=run.pk).update(result=old)
    found = repeated(cast, run)
    assert found["state"] == "different"
    assert "contrasts.0.after.value" in found["words"]


def test_another_claim_goes_on_with_the_parts_that_are_whole(
    cast: Cast, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that dies while the third part is built; the next one builds that and what follows."""
    with organization_context(cast.organization):
        simulated.fill(300, effect=EFFECT)
        beside.invite()
        beside.rate()
        run = start(study())
    update, saved = running._update, []

    def dying(work: Any, run_id: str, **fields: Any) -> None:
        update(work, run_id, **fields)
        if "parts" in fields:
            saved.append(sorted(fields["parts"]))
            if len(saved) == 2:
                raise SystemExit  # as by a signal

    monkeypatch.setattr(running, "_update", dying)
    with pytest.raises(SystemExit):
        do(cast.organization, run)
    monkeypatch.setattr(running, "_update", update)
    with organization_context(cast.organization):
        run.refresh_from_db()
    assert run.status == "running"
    assert sorted(run.parts) == saved[-1] == ["answers-csat", "answers-nps"]
    main = files / run.frame_path
    kept = {name: parts.beside(main, name) for name in run.parts}
    before = {name: (path.stat().st_ino, path.stat().st_mtime_ns) for name, path in kept.items()}
    torn = kept["answers-csat"]
    torn.write_bytes(torn.read_bytes()[:200])  # of this one, half was written to the disk
    done = do(cast.organization, run)
    assert (done.status, done.claim) == ("finished", 2)
    after = {name: (path.stat().st_ino, path.stat().st_mtime_ns) for name, path in kept.items()}
    assert after["answers-nps"] == before["answers-nps"]
    assert after["answers-csat"] != before["answers-csat"]
    assert set(done.parts) == {"answers-nps", "answers-csat", "asked", "returning", "items"}
    assert parts.are_whole(main, done.parts)


def test_erasing_a_customer_reaches_every_frame(cast: Cast, files: Path) -> None:
    run = run_of(cast)
    main = files / run.frame_path
    paths = [main, *(parts.beside(main, name) for name in run.parts)]
    with organization_context(cast.organization):
        subject = Subject(Customer.objects.get(external_id="S-7").pk)
        held = privacy.Frames()
        assert held.count(subject) == len(paths) == 6
        assert {row["frame"] for row in held.export(subject)} == {"own", *run.parts}
        assert held.erase(subject) == 6
        assert held.count(subject) == 0
        after = Run.objects.get(pk=run.pk)
    for path in paths:
        assert str(subject.id) not in store.ids(path).to_pylist()
    assert parts.are_whole(main, after.parts)
    assert after.parts["asked"]["rows"] == run.parts["asked"]["rows"] - 1
    assert after.parts["answers-nps"]["left_out"] == []
    assert repeated(cast, after)["state"] == "different"  # one customer fewer, and it says so


def test_too_few_answers_still_show_what_can_be_shown(cast: Cast) -> None:
    with organization_context(cast.organization):
        simulated.fill(40)
        beside.invite(silent=30)
        few, none = start(study()), start(study(name="Nobody", predictor="ces"))
    found = Result.of(do(cast.organization, few).result)
    assert found.reading == "insufficient_evidence"
    assert found.associations is not None
    assert {one.reading for one in found.associations.pairs} == {"insufficient_evidence"}
    assert found.associations.tests == found.facts.tests == 0
    assert found.nonresponse is not None
    assert found.nonresponse.stages[-1].customers == 40
    empty = do(cast.organization, none)
    assert (empty.status, empty.error) == ("finished", "")
    assert Result.of(empty.result).nonresponse is not None


def test_a_run_is_computed_with_the_studys_outcomes_and_hypotheses(cast: Cast) -> None:
    run = run_of(cast, outcomes=["orders"], declared=["nps>revenue", "csat>orders"])
    assert run.settings["outcomes"] == ["revenue", "orders"]
    result = Result.of(run.result)
    assert result.associations is not None
    assert [(one.attitude, one.outcome, one.declared) for one in result.associations.pairs] == [
        ("nps", "revenue", True),
        ("nps", "orders", False),
        ("csat", "revenue", False),
        ("csat", "orders", True),
    ]
    assert (result.facts.tests, result.facts.declared) == (7, 5)
    assert services.default_controls("revenue") == run.settings["controls"]
