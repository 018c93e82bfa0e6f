"""Reads of the customer pages; each is one query, however much there is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from uuid import UUID

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from crm.models import Case, Customer, Interaction, Transaction
from crm.models.transaction import TransactionKind
from feedback.models import Score
from feedback.scoring import METRICS

#: How far back the picture of a customer reaches.
PICTURE_DAYS = 540
PICTURE_ORDERS = 200


def latest_scores(customers: Iterable[UUID], metric: str) -> dict[UUID, Score]:
    """Each customer's last counted answer on one metric."""
    rows = (
        Score.objects.filter(customer_id__in=list(customers), metric=metric, counts=True)
        .order_by("customer_id", "-answered_at", "-id")
        .distinct("customer_id")
    )
    return {row.customer_id: row for row in rows if row.customer_id}


def recent_customers(limit: int) -> list[Customer]:
    """Who was changed or added last: what an agent without a query most likely looks for."""
    return list(Customer.objects.select_related("company").order_by("-id")[:limit])


@dataclass(frozen=True, slots=True)
class Spending:
    orders: int
    total: Decimal
    first: date | None
    last: date | None


def spending(customer: Customer) -> Spending:
    """Orders of all time, gross, in the reporting currency."""
    row = Transaction.objects.filter(customer=customer, kind=TransactionKind.ORDER).aggregate(
        orders=Count("id"), total=Sum("reporting_amount"), first=Min("occurred_at"), last=Max("occurred_at")
    )
    return Spending(
        row["orders"],
        row["total"] or Decimal(0),
        row["first"].date() if row["first"] else None,
        row["last"].date() if row["last"] else None,
    )


@dataclass(frozen=True, slots=True)
class Vital:
    """The last answer on one metric and, for comparison, the one before."""

    metric: str
    value: float
    answered: date
    before: float | None
    before_answered: date | None


def vitals(customer: Customer, metrics: Iterable[str] = METRICS) -> list[Vital]:
    """Last and last but one answer per metric, in the order of `metrics`."""
    rows = (
        Score.objects.filter(customer=customer, counts=True, metric__in=list(metrics))
        .order_by("metric", "-answered_at", "-id")
        .values_list("metric", "value", "answered_at")
    )
    found: dict[str, list[tuple[float, date]]] = {}
    for metric, value, moment in rows[:500]:
        pair = found.setdefault(metric, [])
        if len(pair) < 2:
            pair.append((value, moment.date()))
    return [
        Vital(metric, *found[metric][0], *(found[metric][1] if len(found[metric]) > 1 else (None, None)))
        for metric in metrics
        if metric in found
    ]


@dataclass(frozen=True, slots=True)
class History:
    """What the picture shows: answers and orders of the last months, and the usual gap between orders."""

    start: date
    end: date
    answers: list[tuple[date, int]]
    orders: list[tuple[date, Decimal]]
    usual_gap: int | None


def history(customer: Customer, metric: str = "nps") -> History:
    end = timezone.now()
    start = end - timedelta(days=PICTURE_DAYS)
    answers = Score.objects.filter(
        customer=customer, metric=metric, counts=True, answered_at__gte=start
    ).order_by("answered_at")
    orders = list(
        Transaction.objects.filter(customer=customer, kind=TransactionKind.ORDER, occurred_at__gte=start)
        .order_by("-occurred_at")
        .values_list("occurred_at", "reporting_amount")[:PICTURE_ORDERS]
    )[::-1]
    days = sorted({moment.date() for moment, _ in orders})
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    return History(
        start.date(),
        end.date(),
        [(moment.date(), round(value)) for value, moment in answers.values_list("value", "answered_at")],
        [(moment.date(), amount) for moment, amount in orders],
        round(median(gaps)) if len(gaps) >= 3 else None,
    )


def open_cases(customer: Customer) -> list[Case]:
    return list(
        Case.objects.filter(~Q(status=Case.Status.CLOSED), customer=customer)
        .select_related("owner", "team")
        .order_by("due_at")
    )


def contacts_since(customer: Customer, days: int = 90) -> int:
    since = timezone.now() - timedelta(days=days)
    return Interaction.objects.filter(customer=customer, occurred_at__gte=since).count()
