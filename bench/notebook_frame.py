"""The notebook's tables: everything read into pandas, windows by merging. Shares no code with what it is beside."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import psycopg2

BANDS = ("promoter", "passive", "detractor")
OUTCOMES = ("revenue", "orders", "contacts", "repurchased")
ZERO = pd.Timedelta(0)

_SQL = {
    "answers": "SELECT s.id, s.response_id, s.customer_id, s.metric, s.value, s.answered_at "
    "FROM feedback_score s JOIN feedback_survey v ON v.id = s.survey_id "
    "WHERE s.counts AND s.customer_id IS NOT NULL AND v.kind <> 'employee'",
    "orders": "SELECT customer_id, occurred_at, reporting_amount::float8 AS amount FROM crm_transaction "
    "WHERE kind = 'order'",
    "contacts": "SELECT customer_id, occurred_at FROM crm_interaction",
    "customers": "SELECT id AS customer_id, since, segment FROM crm_customer",
    "invitations": "SELECT i.id, i.customer_id, i.sent_at, i.status, i.ineligible_reason, i.sampling_probability, "
    "r.id AS response_id FROM feedback_invitation i LEFT JOIN feedback_response r ON r.invitation_id = i.id",
}


def read(asked: dict[str, Any]) -> dict[str, pd.DataFrame]:
    connection = psycopg2.connect(asked["dsn"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization_id', %s, false)", [asked["organization"]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas would rather have SQLAlchemy
        tables = {name: pd.read_sql(text, connection) for name, text in _SQL.items()}
    connection.close()
    as_of = pd.Timestamp(asked["as_of"])
    for name, moment in (("answers", "answered_at"), ("orders", "occurred_at"), ("contacts", "occurred_at")):
        tables[name] = tables[name][tables[name][moment] <= as_of]
    tables["answers"] = tables["answers"].sort_values(["answered_at", "id"])
    return tables


class Frames:
    """Tables and windows of one study. h: after the answer and, for the placebo, before it; w: the look-back."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self.tables = read(asked)
        self.as_of = pd.Timestamp(asked["as_of"])
        self.h, self.w = pd.Timedelta(days=asked["horizon"]), pd.Timedelta(days=asked["lookback"])
        self.start = self.tables["orders"].occurred_at.min()

    def first_answers(self, metric: str, *, over: bool = True) -> pd.DataFrame:
        """A customer's first answer; `over`: of those whose window after it is over."""
        answers = self.tables["answers"]
        answers = answers[answers.metric == metric]
        if over:
            answers = answers[answers.answered_at + self.h <= self.as_of]
        return answers.drop_duplicates("customer_id")

    def link(self) -> pd.DataFrame:
        """One row a customer whose window is over: what they spent after and before."""
        first = self.first_answers("nps")
        frame = self._with_facts(self._windows(first, self.tables["orders"], ("revenue",)))
        frame["placebo_possible"] = self._possible(frame, self.start)
        return frame

    def answers(self, metric: str) -> pd.DataFrame:
        """The same for every outcome, from another attitude's answers."""
        first = self.first_answers(metric)
        frame = self._windows(first, self.tables["orders"], ("revenue", "orders"))
        for window in ("after", "before", "back", "earlier"):
            frame[f"{window}_repurchased"] = (frame[f"{window}_orders"] > 0).astype(float)
        frame = self._windows(frame, self.tables["contacts"], ("contacts",))
        frame = self._with_facts(frame)
        start = max(self.start, self.tables["contacts"].occurred_at.min())
        frame["placebo_possible"] = self._possible(frame, start)
        return frame

    def returning(self) -> pd.DataFrame:
        """First answers, windows over or not, with begun days until the next order and whole days followed."""
        first = self.first_answers("nps", over=False)
        frame = self._with_facts(self._windows(first, self.tables["orders"], ("revenue",)))
        return self._next_order(frame, frame.answered_at)

    def invited(self) -> pd.DataFrame:
        """Every occasion whose horizon is over, with what the customer did before it."""
        occasions = self.tables["invitations"]
        occasions = occasions[occasions.sent_at + self.h <= self.as_of].rename(
            columns={"sent_at": "answered_at"}
        )
        answers = self.tables["answers"]
        scored = answers.response_id[answers.metric == "nps"]
        occasions = occasions.assign(answered=occasions.response_id.isin(scored))
        frame = self._windows(occasions, self.tables["orders"], ("revenue",))
        frame = self._windows(frame, self.tables["contacts"], ("contacts",))
        return self._with_facts(frame)

    def items(self) -> pd.DataFrame:
        """What else was answered in the same response, a column an item."""
        first = self.first_answers("nps", over=False)[["response_id", "value"]]
        rated = self.tables["answers"]
        rated = rated[rated.metric.str.startswith("rating:")]
        wide = rated.pivot_table(index="response_id", columns="metric", values="value")
        return first.merge(wide, left_on="response_id", right_index=True, how="left")

    def _windows(self, first: pd.DataFrame, rows: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
        """Sums (revenue) or counts of rows in (t, t+h], [t−h, t), [t−w, t) and [t−h−w, t−h)."""
        keys = first[["id", "customer_id", "answered_at"]]
        joined = keys.merge(rows, on="customer_id", how="inner")
        gap = joined.occurred_at - joined.answered_at
        inside = {
            "after": (gap > ZERO) & (gap <= self.h),
            "before": (gap < ZERO) & (gap >= -self.h),
            "back": (gap < ZERO) & (gap >= -self.w),
            "earlier": (gap < -self.h) & (gap >= -self.h - self.w),
        }
        for window, where in inside.items():
            for name in names:
                joined[f"{window}_{name}"] = (
                    joined.amount.where(where, 0.0) if name == "revenue" else where * 1.0
                )
        columns = [f"{window}_{name}" for window in inside for name in names]
        sums = joined.groupby("id")[columns].sum()
        frame = first.merge(sums, left_on="id", right_index=True, how="left")
        # To the cent, or the order in which floats were added decides which customers spent the same.
        frame[columns] = frame[columns].fillna(0.0).round(2)
        return frame

    def _with_facts(self, frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.merge(self.tables["customers"], on="customer_id")
        frame["tenure"] = (frame.answered_at - frame.since).dt.total_seconds().clip(lower=0) / 86_400
        if "value" in frame:
            frame["band"] = np.select([frame.value > 8, frame.value > 6], BANDS[:2], BANDS[2])
        return frame

    def _possible(self, frame: pd.DataFrame, start: pd.Timestamp) -> pd.Series:
        known = frame.since.isna() | (frame.since <= frame.answered_at - self.h)
        return known & (frame.answered_at - self.h - self.w >= start)

    def _next_order(self, frame: pd.DataFrame, since: pd.Series) -> pd.DataFrame:
        later = frame[["id", "customer_id", "answered_at"]].merge(self.tables["orders"], on="customer_id")
        later = later[later.occurred_at > later.answered_at]
        days = (later.occurred_at - later.answered_at).dt.total_seconds() / 86_400
        frame["next_days"] = np.ceil(frame.id.map(days.groupby(later.id).min()))
        frame["followed"] = np.floor((self.as_of - since).dt.total_seconds() / 86_400)
        return frame
