"""Outcomes that are not about everybody: order values of buyers, cancellations of those who hold a subscription."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from accounts.tenancy import organization_context
from analytics.frames import asked, financial, metrics, store
from crm.models import Customer
from feedback.models import Invitation
from tests import factories
from tests.cast import Cast
from tests.frames.world import DAY, MICRO, QUESTION, T, answer, frame, long_history, spend, survey

pytestmark = pytest.mark.django_db

START, RENEWAL, CANCEL = "subscription_start", "subscription_renewal", "subscription_cancel"


def holds(who: Customer, *rows: tuple[str, timedelta]) -> Customer:
    """What happened to the customer's subscription, by its moment from T."""
    for kind, moment in rows:
        factories.transaction(who, kind=kind, occurred_at=T + moment, amount="20.00")
    return who


def outcome(folder: Path, name: str) -> dict[str, float | None]:
    table, _ = frame(folder, outcome=name, controls=())
    names = {str(one.pk): one.name for one in Customer.objects.all()}
    return {
        names[who]: None if np.isnan(value) else float(value)
        for who, value in zip(table["customer"], table["outcome"], strict=True)
    }


def people() -> None:
    """One customer a case; all answer at T."""
    before = timedelta(days=-400)
    cases: dict[str, list[tuple[str, timedelta]]] = {
        "keeps": [(START, before)],
        "cancels": [(START, before), (CANCEL, 20 * DAY)],
        "cancels at the end": [(START, before), (CANCEL, 30 * DAY)],
        "cancels later": [(START, before), (CANCEL, 30 * DAY + MICRO)],
        "cancelled before": [(START, before), (CANCEL, -DAY)],
        "came back": [(START, before), (CANCEL, -10 * DAY), (START, -DAY), (CANCEL, 5 * DAY)],
        "renewed": [(RENEWAL, -DAY), (CANCEL, 3 * DAY)],
        "cancels as they answer": [(START, before), (CANCEL, timedelta())],
        "starts later": [(START, DAY), (CANCEL, 5 * DAY)],
        "never": [],
    }
    for name, rows in cases.items():
        answer(holds(factories.customer(name=name), *rows), 9, T)


def test_a_cancellation_is_one_of_those_who_held_a_subscription(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        people()
        assert outcome(tmp_path, "churned_contract") == {
            "keeps": 0.0,
            "cancels": 1.0,
            "cancels at the end": 1.0,
            "cancels later": 0.0,
            "cancelled before": None,
            "came back": 1.0,
            "renewed": 1.0,
            "cancels as they answer": None,
            "starts later": None,
            "never": None,
        }


def test_a_cancellation_has_no_placebo(cast: Cast, tmp_path: Path) -> None:
    """Whoever cancelled before the answer was not there to be asked."""
    with organization_context(cast.organization):
        people()
        table, _ = frame(tmp_path, outcome="churned_contract", controls=())
        assert table["placebo"].isna().all()


def test_days_to_the_cancellation_are_of_those_who_held_one(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        people()
        names = {str(one.pk): one.name for one in Customer.objects.all()}
        path = tmp_path / "returning.parquet"
        question = replace(QUESTION, outcome="churned_contract")
        financial.build(question, path, pairs=(), returning=True)
        table = store.read(path)
        found = {
            names[who]: tuple(row)
            for who, *row in table[["customer", "next_days", "followed_days"]].to_numpy()
        }
    held = {name: row for name, row in found.items() if not np.isnan(row[1])}
    assert set(held) == {"keeps", "cancels", "cancels at the end", "cancels later", "came back", "renewed"}
    assert {row[1] for row in held.values()} == {100.0}
    assert (held["cancels"][0], held["cancels later"][0], held["renewed"][0]) == (20.0, 31.0, 3.0)
    assert np.isnan(held["keeps"][0])
    assert np.isnan(found["starts later"][0])  # and no day of theirs is followed


def test_the_silent_are_followed_to_their_cancellation_too(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        answer(factories.customer(), 9, T)
        keeps = holds(factories.customer(), (START, -400 * DAY))
        cancels = holds(factories.customer(), (START, -400 * DAY), (CANCEL, 9 * DAY))
        never = factories.customer()
        spend(never, [(T + 2 * DAY, 8)])
        for who in (keeps, cancels, never):
            Invitation.objects.create(survey=survey().survey, customer=who, sent_at=T, status="sent")
        found = {}
        for name in ("churned_contract", "revenue"):
            path = tmp_path / f"{name}.parquet"
            asked.build(replace(QUESTION, outcome=name), path)
            table = store.read(path).set_index("customer")
            found[name] = {
                who.pk: tuple(table.loc[str(who.pk), ["next_days", "followed_days"]])
                for who in (keeps, cancels, never)
            }
    assert found["churned_contract"][cancels.pk] == (9.0, 100.0)
    assert pd.isna(found["churned_contract"][keeps.pk][0])
    assert pd.isna(found["churned_contract"][never.pk][1])
    assert found["revenue"][never.pk] == (2.0, 100.0)


def test_an_order_value_is_one_of_buyers(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        long_history()
        buys, returns, nothing = (factories.customer(name=name) for name in ("buys", "returns", "nothing"))
        spend(buys, [(T - DAY, 64), (T + DAY, 4), (T + 2 * DAY, 8), (T + 31 * DAY, 512)])
        spend(returns, [(T + DAY, 16)])
        spend(returns, [(T + 3 * DAY, 2)], kind="refund")
        holds(nothing, (START, DAY))
        for who in (buys, returns, nothing):
            answer(who, 9, T)
        assert outcome(tmp_path, "average_order_value") == {"buys": 6.0, "returns": 16.0, "nothing": None}
        table, _ = frame(tmp_path, outcome="average_order_value", controls=())
        assert sorted(table["placebo"].dropna()) == [64.0]


def test_what_was_agreed_on_is_no_revenue(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        long_history()
        who = holds(factories.customer(name="who"), (START, DAY), (RENEWAL, 2 * DAY), (CANCEL, 3 * DAY))
        spend(who, [(T + DAY, 4)])
        answer(who, 9, T)
        names = ("revenue", "net_revenue", "orders", "repurchased", "refunds", "average_order_value")
        assert [outcome(tmp_path, name)["who"] for name in names] == [4.0, 4.0, 1.0, 1.0, 0.0, 4.0]


def test_a_subscription_of_long_ago_is_no_history_of_orders(cast: Cast, tmp_path: Path) -> None:
    with organization_context(cast.organization):
        who = holds(factories.customer(), (START, -2000 * DAY))
        spend(who, [(T - DAY, 4)])
        answer(who, 9, T)
        table, _ = frame(tmp_path, controls=("revenue",))
        assert (table["lookback_covered"].iloc[0], table["placebo_possible"].iloc[0]) == (0, 0)


def test_the_registry_says_whom_a_metric_is_about() -> None:
    churn, value = metrics.outcome("churned_contract"), metrics.outcome("average_order_value")
    assert (churn.model, churn.among, churn.without_rows) == (
        "binomial",
        "customers with a subscription",
        None,
    )
    assert (value.model, value.among) == ("poisson", "customers who ordered")
    assert not churn.has_placebo
    assert value.has_placebo
    assert not churn.is_control
    assert metrics.waiting("churned_contract").name == "days_to_cancellation"
    assert metrics.waiting("revenue").name == "days_to_next_order"


@pytest.mark.parametrize("name", ["days_to_next_order", "days_to_cancellation"])
def test_a_censored_time_has_no_mean_to_compare(name: str) -> None:
    assert metrics.METRICS[name].model is None
    with pytest.raises(ValueError, match=r"not a business metric that can be followed"):
        metrics.outcome(name)
    with pytest.raises(ValueError, match=r"cannot be held fixed"):
        metrics.control(name)
