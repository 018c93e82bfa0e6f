"""Nothing at or after the answer explains it, nothing at or before it is outcome."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.tenancy import organization_context
from analytics.frames import store
from analytics.frames.financial import build
from feedback.models import Invitation
from tests import factories
from tests.cast import Cast
from tests.frames import world
from tests.frames.world import DAY, MICRO, NOW, QUESTION, T
from tests.queries import QueryBudget

pytestmark = pytest.mark.django_db

H, W = 30 * DAY, 60 * DAY


def test_rows_on_the_edges_fall_into_the_right_window(inside: Cast, tmp_path: Path) -> None:
    world.long_history()
    who = factories.customer(since=T - 400 * DAY, segment="gold")
    edges = [
        T - H - W - MICRO,  # 1: before everything
        T - H - W,  # 2: first of the placebo's look-back
        T - H - MICRO,  # 4: its last, and in the look-back
        T - W - MICRO,  # 8: in the placebo's look-back only
        T - W,  # 16: first of the look-back; in the placebo's look-back too
        T - H,  # 32: first of the placebo
        T - MICRO,  # 64: last of look-back and placebo
        T,  # 128: the moment itself: nowhere
        T + MICRO,  # 256: first of the outcome
        T + H,  # 512: last of the outcome
        T + H + MICRO,  # 1024: after everything
    ]
    world.spend(who, [(moment, 2**power) for power, moment in enumerate(edges)])
    world.answer(who, 10)
    frame, built = world.frame(tmp_path)
    row = frame.iloc[0]
    assert built.rows == len(frame) == 1
    assert row.outcome == 256 + 512
    assert row.placebo == 32 + 64
    assert row.c_revenue == 4 + 16 + 32 + 64
    assert row.p_revenue == 2 + 4 + 8 + 16
    assert row.tenure_days == 400
    assert (row.segment, row.band, row.value) == ("gold", "promoter", 10)
    assert row.customer == str(who.pk)
    assert row.answered_at == T
    assert (row.lookback_covered, row.placebo_possible) == (1, 1)


def test_a_look_back_shorter_than_the_horizon_reads_its_own_window(inside: Cast, tmp_path: Path) -> None:
    world.long_history()
    who = factories.customer()
    world.spend(
        who, [(T - 25 * DAY, 1), (T - 10 * DAY, 2), (T - 31 * DAY, 4), (T - 36 * DAY, 8), (T - 41 * DAY, 16)]
    )
    world.answer(who)
    frame, _ = world.frame(tmp_path, lookback_days=10)
    row = frame.iloc[0]
    assert (row.c_revenue, row.placebo, row.p_revenue) == (2, 3, 4 + 8)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("revenue", 300), ("orders", 2), ("net_revenue", 240), ("refunds", 1), ("repurchased", 1)],
)
def test_each_transaction_metric(inside: Cast, tmp_path: Path, name: str, expected: float) -> None:
    world.long_history()
    who, idle = factories.customer(), factories.customer()
    world.spend(who, [(T + DAY, 100), (T + 2 * DAY, 200)])
    world.spend(who, [(T + 3 * DAY, 50)], kind="refund")
    world.spend(who, [(T + 3 * DAY, 10)], kind="cancellation")
    world.answer(who)
    world.answer(idle)
    frame, _ = world.frame(tmp_path, outcome=name, controls=(name,))
    outcome = dict(zip(frame.customer, frame.outcome, strict=True))
    assert outcome == {str(who.pk): expected, str(idle.pk): 0}


def test_sums_are_in_the_reporting_currency(inside: Cast, tmp_path: Path) -> None:
    who = factories.customer()
    factories.transaction(who, occurred_at=T + DAY, amount="100.00", currency="USD", reporting_amount="90.00")
    world.answer(who)
    assert world.frame(tmp_path)[0].outcome.tolist() == [90]


def test_contacts_leave_out_the_one_that_was_asked_about(inside: Cast, tmp_path: Path) -> None:
    world.long_history()
    asked, invited = factories.customer(), factories.customer()
    for who in (asked, invited):
        factories.interaction(who, occurred_at=T - 2 * DAY, is_complaint=True)
        factories.interaction(who, occurred_at=T + 2 * DAY)
    trigger = factories.interaction(asked, occurred_at=T - DAY, is_complaint=True)
    world.answer(asked, interaction=trigger)
    other = factories.interaction(invited, occurred_at=T - DAY, is_complaint=True)
    invitation = Invitation.objects.create(survey=world.survey().survey, customer=invited, interaction=other)
    world.answer(invited, invitation=invitation)
    frame, _ = world.frame(tmp_path, outcome="contacts", controls=("contacts", "complaints"))
    assert frame.outcome.tolist() == [1, 1]
    assert frame.placebo.tolist() == [1, 1]
    assert frame.c_contacts.tolist() == frame.c_complaints.tolist() == [1, 1]


def test_the_ledger_accounts_for_every_answer(inside: Cast, tmp_path: Path) -> None:
    twice, late, edge = factories.customer(), factories.customer(), factories.customer()
    world.answer(twice, 3, T)
    world.answer(twice, 9, T + DAY)
    world.answer(twice, 9, NOW - DAY)  # later and open: counted once, as open
    world.answer(late, 9, NOW - H + MICRO)  # open by a microsecond
    world.answer(edge, 9, NOW - H)  # over to the microsecond
    world.answer(None, 9, T)
    world.answer(factories.customer(), 9, T, counts=False)
    world.answer(factories.customer(), 4, T, metric="csat")
    world.answer(factories.customer(), 9, NOW + MICRO)  # after the as-of moment: not there at all
    frame, built = world.frame(tmp_path)
    assert world.ledger(built) == {
        "answers": 6,
        "window_open": 2,
        "anonymous": 1,
        "later_answers": 1,
        "kept": 2,
    }
    assert sorted(frame.customer) == sorted([str(twice.pk), str(edge.pk)])
    assert frame.set_index("customer").value[str(twice.pk)] == 3  # the first answer


def test_the_period_is_half_open(inside: Cast, tmp_path: Path) -> None:
    before, first, last, after = (factories.customer() for _ in range(4))
    world.answer(before, at=T - MICRO)
    world.answer(first, at=T)
    world.answer(last, at=T + 10 * DAY - MICRO)
    world.answer(after, at=T + 10 * DAY)
    frame, _ = world.frame(tmp_path, answered_from=T, answered_until=T + 10 * DAY)
    assert set(frame.customer) == {str(first.pk), str(last.pk)}


def test_bands_are_those_of_scoring(inside: Cast, tmp_path: Path) -> None:
    for value in range(11):
        world.answer(factories.customer(), value)
    frame, _ = world.frame(tmp_path)
    bands = dict(zip(frame.value, frame.band, strict=True))
    assert [bands[value] for value in range(11)] == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2


def test_a_short_history_is_kept_and_flagged(inside: Cast, tmp_path: Path) -> None:
    world.spend(factories.customer(), [(T - H - W + MICRO, 1)])  # the data begin a microsecond too late
    world.answer(factories.customer())
    frame, _ = world.frame(tmp_path)
    assert (frame.lookback_covered[0], frame.placebo_possible[0]) == (1, 0)
    world.spend(factories.customer(), [(T - H - W, 1)])
    assert world.frame(tmp_path)[0].placebo_possible[0] == 1


def test_who_came_during_the_placebo_has_none(inside: Cast, tmp_path: Path) -> None:
    world.long_history()
    old, new, unknown = (factories.customer(since=since) for since in (T - H, T - H + MICRO, None))
    for who in (old, new, unknown):
        world.answer(who)
    frame = world.frame(tmp_path)[0].set_index("customer")
    assert frame.placebo_possible[[str(old.pk), str(new.pk), str(unknown.pk)]].tolist() == [1, 0, 1]
    assert frame.tenure_days.isna()[[str(old.pk), str(new.pk), str(unknown.pk)]].tolist() == [
        False,
        False,
        True,
    ]


def test_without_any_transaction_there_is_no_placebo(inside: Cast, tmp_path: Path) -> None:
    world.answer(factories.customer())
    frame, _ = world.frame(tmp_path)
    assert frame[["outcome", "placebo_possible", "lookback_covered"]].to_numpy().tolist() == [[0, 0, 0]]


def test_another_organizations_rows_change_nothing(cast: Cast, tmp_path: Path) -> None:
    def fill() -> None:
        world.long_history()
        who = factories.customer(external_id="same", since=T - 400 * DAY)
        world.spend(who, [(T + DAY, 7), (T - DAY, 5)])
        world.answer(who)

    with organization_context(cast.organization):
        fill()
        digest = world.frame(tmp_path)[1].digest
    with organization_context(cast.other):
        fill()
        fill_again = factories.customer()
        world.answer(fill_again, 2)
    with organization_context(cast.organization):
        frame, built = world.frame(tmp_path)
        assert (len(frame), built.digest) == (1, digest)


def _later_order(who: object) -> None:
    factories.transaction(who, occurred_at=NOW + MICRO, amount="999.00")  # type: ignore[arg-type]


def _ancient_order(who: object) -> None:
    factories.transaction(who, occurred_at=T - H - W - MICRO, amount="999.00")  # type: ignore[arg-type]


def _order_at_the_moment(who: object) -> None:
    factories.transaction(who, occurred_at=T, amount="999.00")  # type: ignore[arg-type]


def _order_between_windows(who: object) -> None:
    factories.transaction(who, occurred_at=T + H + MICRO, amount="999.00")  # type: ignore[arg-type]


def _later_answer(who: object) -> None:
    world.answer(who, 0, T + DAY)  # type: ignore[arg-type]


def _answer_after(who: object) -> None:
    world.answer(factories.customer(), 0, NOW + DAY)


def _strangers(who: object) -> None:
    world.spend(factories.customer(), [(T + DAY, 999), (T - DAY, 999)])


def _uncounted(who: object) -> None:
    world.answer(who, 0, T - DAY, counts=False)  # type: ignore[arg-type]


def _refund(who: object) -> None:
    world.spend(who, [(T + DAY, 999), (T - DAY, 999)], kind="refund")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        _later_order,
        _ancient_order,
        _order_at_the_moment,
        _order_between_windows,
        _later_answer,
        _answer_after,
        _strangers,
        _uncounted,
        _refund,
    ],
)
def test_what_must_not_matter_does_not(
    inside: Cast, tmp_path: Path, change: Callable[[object], None]
) -> None:
    world.long_history()
    who = factories.customer(since=T - 400 * DAY)
    world.spend(who, [(T + DAY, 7), (T - DAY, 5)])
    world.answer(who)
    before = world.frame(tmp_path)[1]
    change(who)
    assert world.frame(tmp_path)[1].digest == before.digest


@pytest.mark.parametrize(
    ("moment", "column"),
    [(T + DAY, "outcome"), (T - DAY, "c_revenue"), (T - DAY, "placebo"), (T - H - DAY, "p_revenue")],
)
def test_what_must_matter_does(inside: Cast, tmp_path: Path, moment: object, column: str) -> None:
    world.long_history()
    who = factories.customer()
    world.answer(who)
    before, first = world.frame(tmp_path)
    factories.transaction(who, occurred_at=moment, amount="3.00")
    after, second = world.frame(tmp_path)
    assert after[column][0] - before[column][0] == 3
    assert first.digest != second.digest


def test_batches_make_no_difference(inside: Cast, tmp_path: Path) -> None:
    world.long_history()
    for number in range(7):
        who = factories.customer(segment=["", 'a "quoted", one', "line\nbreak"][number % 3])
        world.spend(who, [(T + DAY, number)])
        world.answer(who, number)
    one = build(QUESTION, tmp_path / "one.parquet")
    many = build(QUESTION, tmp_path / "many.parquet", batch_rows=2)
    assert (one.rows, one.digest) == (many.rows, many.digest)
    assert (
        store.digest_of(tmp_path / "one.parquet") == store.digest_of(tmp_path / "many.parquet") == one.digest
    )
    assert set(store.read(tmp_path / "many.parquet").segment) == {"", 'a "quoted", one', "line\nbreak"}
    assert store.read(tmp_path / "one.parquet").customer.is_monotonic_increasing


def test_an_empty_frame_is_whole_too(inside: Cast, tmp_path: Path) -> None:
    frame, built = world.frame(tmp_path)
    assert len(frame) == built.rows == 0
    assert world.ledger(built)["kept"] == 0
    assert [store.digest_of(path) for path in tmp_path.iterdir()] == [built.digest]


def test_a_stopped_build_leaves_no_file(inside: Cast, tmp_path: Path) -> None:
    world.answer(factories.customer())
    world.answer(factories.customer())

    def stop() -> None:
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        build(QUESTION, tmp_path / "f.parquet", batch_rows=1, alive=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_torn_or_changed_file_is_noticed(inside: Cast, tmp_path: Path) -> None:
    world.answer(factories.customer())
    path = tmp_path / "f.parquet"
    built = build(QUESTION, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert store.digest_of(path) is None
    world.answer(factories.customer())
    build(QUESTION, path)
    assert store.digest_of(path) not in (None, built.digest)
    path.unlink()
    assert store.digest_of(path) is None


def test_one_statement_however_many_customers(
    inside: Cast, tmp_path: Path, query_budget: type[QueryBudget]
) -> None:
    for _ in range(30):
        world.answer(factories.customer())
    with query_budget(3):  # the statement, and two that say how it is planned
        build(QUESTION, tmp_path / "f.parquet")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"predictor": "mood"}, "predictor: 'mood'.*nps"),
        ({"outcome": "tenure_days"}, "outcome: 'tenure_days'.*revenue"),
        ({"controls": ("luck",)}, "controls: 'luck'.*segment"),
        ({"horizon_days": 0}, "at least 1 day"),
    ],
)
def test_a_wrong_question_is_refused_by_name(
    inside: Cast, tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        world.frame(tmp_path, **changes)
    assert list(tmp_path.iterdir()) == []


def test_summer_time_does_not_move_a_window(inside: Cast, tmp_path: Path) -> None:
    """A horizon is so many times 24 hours, whatever the clocks do (Lisbon's changed on 25 October 2026)."""
    at = NOW - timedelta(days=31)
    who = factories.customer()
    world.spend(who, [(at + H, 1), (at + H + timedelta(minutes=30), 2)])
    world.answer(who, at=at)
    assert world.frame(tmp_path)[0].outcome.tolist() == [1]
