"""The lag-safe frame of one study against the straightforward notebook: read_sql, merge, filter, group."""

import tempfile
import warnings
from datetime import datetime
from pathlib import Path

import pandas as pd
from django.db import connection
from django.utils import timezone

from accounts.tenancy import organization_context
from analytics.frames import financial
from analytics.frames.question import Question
from bench import world
from bench.figures import Figure, seconds

HORIZON = LOOKBACK = 90


def run(size: str) -> list[Figure]:
    made = world.organization(size)
    question = Question(
        predictor="nps",
        outcome="revenue",
        controls=("revenue", "tenure_days", "segment"),
        horizon_days=HORIZON,
        lookback_days=LOOKBACK,
        answered_from=None,
        answered_until=None,
        as_of=timezone.now(),
    )
    with tempfile.TemporaryDirectory() as folder, organization_context(made):
        path = Path(folder) / "frame.parquet"
        ours = seconds(lambda: financial.build(question, path))
        frame = pd.read_parquet(path)
        found: list[pd.DataFrame] = []
        theirs = seconds(lambda: found.append(notebook(question.as_of)))
    agree(frame, found[0])
    ratio = theirs / ours
    what = {"rows": len(frame), "customers": world.CUSTOMERS[size]}
    return [Figure("lag-safe frame", "s", ours, theirs, ratio, "≥ 1 × the notebook", ratio >= 1, what)]


def notebook(as_of: datetime) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas would rather have SQLAlchemy
        answers = pd.read_sql(
            "SELECT customer_id, value, answered_at FROM feedback_score "
            "WHERE metric = 'nps' AND counts AND customer_id IS NOT NULL",
            connection.connection,
        )
        orders = pd.read_sql(
            "SELECT customer_id, occurred_at, reporting_amount::float8 AS amount FROM crm_transaction "
            "WHERE kind = 'order'",
            connection.connection,
        )
    horizon = pd.Timedelta(days=HORIZON)
    answers = answers[answers.answered_at + horizon <= as_of]
    first = answers.sort_values("answered_at").drop_duplicates("customer_id")
    joined = first.merge(orders, on="customer_id", how="left")
    since = joined.occurred_at - joined.answered_at
    joined["after"] = joined.amount.where((since > pd.Timedelta(0)) & (since <= horizon), 0.0)
    joined["before"] = joined.amount.where((since < pd.Timedelta(0)) & (since >= -horizon), 0.0)
    found: pd.DataFrame = joined.groupby("customer_id")[["after", "before"]].sum()
    return found


def agree(frame: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Both found the same customers and the same money, or the figure means nothing."""
    assert len(frame) == len(theirs), (len(frame), len(theirs))
    assert abs(frame["outcome"].sum() - theirs.after.sum()) < 0.01
    assert abs(frame["placebo"].sum() - theirs.before.sum()) < 0.01
