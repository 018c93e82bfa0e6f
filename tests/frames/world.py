"""A small organization whose rows lie where a test puts them. Inside an organization_context."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from analytics.frames import store
from analytics.frames.financial import Built, build
from analytics.frames.question import Question
from crm.models import Customer
from feedback.models import Invitation, Response, Score, Survey, SurveyVersion
from tests import factories

NOW = factories.NOW
T = NOW - timedelta(days=100)
DAY = timedelta(days=1)
MICRO = timedelta(microseconds=1)
_number = count(1)


def survey() -> SurveyVersion:
    found = SurveyVersion.objects.first()
    if found is None:
        asked = Survey.objects.create(key="relationship", name="Relationship", kind="relationship")
        found = SurveyVersion.objects.create(survey=asked, number=1, document={})
    return found


def answer(who: Customer | None, value: float = 9, at: datetime = T, **fields: Any) -> Score:
    """One counted NPS answer with its response."""
    version = survey()
    invitation: Invitation | None = fields.pop("invitation", None)
    interaction = fields.pop("interaction", None)
    response = Response.objects.create(
        survey=version.survey,
        version=version,
        customer=who,
        answered_at=at,
        invitation=invitation,
        interaction=interaction,
    )
    defaults = {"metric": "nps", "question": "q1", "channel": "link", "counts": True}
    return Score.objects.create(
        response=response,
        customer=who,
        survey=version.survey,
        value=value,
        answered_at=at,
        **{**defaults, **fields},
    )


def long_history() -> None:
    """An early order of somebody else, so that every look-back is covered."""
    factories.transaction(factories.customer(), occurred_at=T - 2000 * DAY)
    factories.interaction(factories.customer(), occurred_at=T - 2000 * DAY)


QUESTION = Question(
    predictor="nps",
    outcome="revenue",
    controls=("revenue", "tenure_days", "segment"),
    horizon_days=30,
    lookback_days=60,
    as_of=NOW,
)


def frame(folder: Path, question: Question = QUESTION, **changes: Any) -> tuple[pd.DataFrame, Built]:
    path = folder / f"{next(_number)}.parquet"
    built = build(replace(question, **changes), path)
    return store.read(path), built


def ledger(built: Built) -> dict[str, int]:
    return {line["reason"]: line["n"] for line in built.ledger}


def spend(who: Customer, moments: Iterable[tuple[datetime, int]], kind: str = "order") -> None:
    """Amounts as powers of two tell afterwards which rows were counted."""
    for moment, amount in moments:
        factories.transaction(who, occurred_at=moment, amount=f"{amount}.00", kind=kind)
