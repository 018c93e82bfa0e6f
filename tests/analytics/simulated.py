"""A small organization with known truth. Inside an organization_context.

Rates of ordering differ by segment, and so do answers: promoters spend more whether or not their answer goes with
anything. On top of that a planted effect multiplies the rate after the answer, by band.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from cem.lib.db.bulk import insert_rows
from crm.models import Customer, Transaction
from feedback.models import Response, Score, Survey, SurveyVersion
from tests.factories import NOW

HORIZON = LOOKBACK = 60
RATE = {"basic": 1.0, "plus": 2.0, "gold": 4.0}  # orders in a horizon
LIKING = {"basic": -0.8, "plus": 0.0, "gold": 0.8}  # of the answer, in standard deviations
AMOUNT = 40.0
BANDS = ("promoter", "passive", "detractor")
VALUES = {"promoter": 9, "passive": 7, "detractor": 4}


@dataclass(frozen=True)
class Truth:
    """What the study should find: mean spending after the answer, by band, had everybody been in that band."""

    means: dict[str, float]
    customers: int

    def difference(self, first: str, second: str) -> float:
        return self.means[first] - self.means[second]


def fill(customers: int = 900, *, effect: dict[str, float] | None = None, seed: int = 7) -> Truth:
    """Write the organization; `effect` multiplies the rate after the answer (1 where a band is left out)."""
    effect = dict.fromkeys(BANDS, 1.0) | (effect or {})
    random = np.random.default_rng(seed)
    segments = random.choice(list(RATE), customers, p=[0.5, 0.3, 0.2])
    liking = np.array([LIKING[segment] for segment in segments]) + random.normal(0, 1, customers)
    bands = np.where(liking > 0.5, "promoter", np.where(liking > -0.5, "passive", "detractor"))
    answered = [
        NOW - timedelta(days=float(days)) for days in random.uniform(HORIZON + 1, HORIZON + 120, customers)
    ]
    rates = np.array([RATE[segment] for segment in segments])
    common = {"created_at": NOW, "updated_at": NOW}

    insert_rows(
        Customer,
        [*_FIELDS, *common],
        (
            [
                f"S-{i}",
                "",
                "",
                "",
                segments[i],
                "",
                "",
                "{}",
                NOW - timedelta(days=1500 - int(i % 700)),
                NOW,
                NOW,
            ]
            for i in range(customers)
        ),
    )
    ids = dict(Customer.objects.filter(external_id__startswith="S-").values_list("external_id", "pk"))

    def orders() -> Iterator[list[Any]]:
        """Back to three windows before the answer, and the one after it at the planted rate."""
        number = 0
        for i in range(customers):
            past = random.uniform(-3 * HORIZON - 30, 0, random.poisson(rates[i] * (3.0 + 30 / HORIZON)))
            after = random.uniform(0, HORIZON, random.poisson(rates[i] * effect[bands[i]]))
            for offset in (*past, *after):
                number += 1
                amount = f"{random.gamma(4, AMOUNT / 4):.2f}"
                moment: datetime = answered[i] + timedelta(days=float(offset))
                yield [
                    ids[f"S-{i}"],
                    f"O-{number}",
                    "order",
                    moment,
                    amount,
                    "EUR",
                    amount,
                    "",
                    "",
                    "{}",
                    NOW,
                    NOW,
                ]

    insert_rows(Transaction, [*_ORDER, *common], orders())
    first = Transaction.objects.order_by("pk").first()
    assert first is not None
    first.occurred_at = NOW - timedelta(days=1000)  # the data reach back far enough for everybody
    first.save(update_fields=["occurred_at"])

    survey = Survey.objects.create(key="relationship", name="Relationship", kind="relationship")
    version = SurveyVersion.objects.create(survey=survey, number=1, document={})
    answer = ["complete", False, "", "link", "", "{}"]
    insert_rows(
        Response,
        [*_RESPONSE, *common],
        (
            [survey.pk, version.pk, ids[f"S-{i}"], *answer, answered[i], f"R-{i}", NOW, NOW]
            for i in range(customers)
        ),
    )
    responses = dict(Response.objects.values_list("external_id", "pk"))
    Score.objects.bulk_create(
        Score(
            response_id=responses[f"R-{i}"],
            customer_id=ids[f"S-{i}"],
            survey=survey,
            metric="nps",
            question="q1",
            value=VALUES[bands[i]],
            channel="link",
            answered_at=answered[i],
        )
        for i in range(customers)
    )
    mean = float(rates.mean()) * AMOUNT
    return Truth({band: mean * effect[band] for band in BANDS}, customers)


_FIELDS = [
    "external_id",
    "name",
    "email",
    "phone",
    "segment",
    "country",
    "language",
    "attributes",
    "since",
]
_ORDER = [
    "customer",
    "external_id",
    "kind",
    "occurred_at",
    "amount",
    "currency",
    "reporting_amount",
    "channel",
    "description",
    "properties",
]
_RESPONSE = [
    "survey",
    "version",
    "customer",
    "status",
    "is_test",
    "wave",
    "channel",
    "language",
    "answers",
    "answered_at",
    "external_id",
]
