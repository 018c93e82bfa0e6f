"""The link of one study: its bands at the same controls, after the answer and before it."""

import re
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analytics.frames import attitudes, metrics
from analytics.stats import association as correlations

from . import adjusted, bootstrap, design, panels, readings
from .adjusted import Adjusted
from .design import Design, FloatArray
from .readings import CONTRASTS, Standardised
from .results import Association, Contrast, Correlation, Interval, Panel, Shortfall
from .settings import Settings

Progress = Callable[[float, str], None]
Tested = list[tuple[Interval, float]]


class Link:
    """What can be said of one frame. `model` is None where no figure can be shown; `why` and `shortfalls` say why.

    Customers whose outcome does not exist (the order value of those who ordered nothing) are left out; `rows` are
    the others' places in the frame as it came.
    """

    def __init__(self, frame: pd.DataFrame, settings: Settings, progress: Progress) -> None:
        known = frame["outcome"].notna().to_numpy()
        self.rows = np.flatnonzero(known)
        self.frame = (frame if known.all() else frame[known]).reset_index(drop=True)
        self.settings, self.progress = settings, progress
        self.attitude = attitudes.attitude(settings.predictor)
        self.metric = metrics.outcome(settings.outcome)
        self.band = pd.Categorical(self.frame["band"], categories=list(self.attitude.bands))
        self.outcome = self.frame["outcome"].to_numpy(dtype=np.float64)
        self.why: dict[str, str] = {}
        if self.metric.among:
            self.why["among"] = (
                f"About {self.metric.among}: {len(self.rows):,} of {len(frame):,} customers followed."
            )
        self.design: Design | None = None
        self.model: Adjusted | None = None
        self.placebo: Placebo | None = None
        self.drawn: list[bootstrap.Draws] = []
        self.tested: Tested = []
        self.shortfalls = self._shortfalls()
        self._fit()

    def _fit(self) -> None:
        self.progress(0.0, "Comparing bands")
        if self.shortfalls:
            return
        if np.ptp(self.outcome) == 0:
            self.why["figures"] = f"{self.metric.label} is the same for every customer in this period."
            return
        self.progress(0.05, "Adjusting for what came before")
        try:
            self.design, self.model = self.fit(np.arange(len(self.frame)), "outcome", "c_")
        except ValueError as error:
            self.why["figures"] = f"The bands cannot be compared at the same controls: {self._said(error)}."
            return
        self.placebo = self._placebo()
        self.progress(0.15, "Drawing the uncertainty")
        self.drawn = self._draw(self.model)
        self.tested = [
            self.model.difference(first, second, self.settings.level) for _, first, second in CONTRASTS
        ]
        self.progress(0.9, "Correlating")

    def fit(
        self, rows: np.ndarray, outcome: str, prefix: str, weights: FloatArray | None = None
    ) -> tuple[Design, Adjusted]:
        """Raises ValueError where no finite estimate exists."""
        part = self.frame.iloc[rows]
        y = part[outcome].to_numpy(dtype=np.float64)
        assert self.metric.model is not None
        columns = design.build(
            part,
            bands=self.attitude.bands,
            controls=self.settings.controls,
            prefix=prefix,
            outcome=y,
            zeros_separate=self.metric.model != "gaussian",
        )
        return columns, adjusted.compare(y, columns, self.metric.model, weights=weights)

    def panels(self) -> tuple[Panel, Panel | None]:
        """After the answer and, where history allows it, before; only n where no figure can be shown."""
        if self.model is None:
            return Panel(len(self.frame), panels.counts(self.band, self.attitude), None), None
        level = self.settings.level
        after = panels.panel(self.outcome, self.band, self.attitude, self.model, level, tested=True)
        if self.placebo is None:
            return after, None
        backwards = self.placebo.backwards
        band = self.band[self.placebo.rows]
        return after, panels.panel(backwards.y, band, self.attitude, backwards, level, tested=False)

    def contrasts(self, q_values: Sequence[float]) -> list[Contrast]:
        """The tested differences with their q, read beside their placebo."""
        level, placebo = self.settings.level, self.placebo
        standardised: tuple[Standardised, Standardised] | None = None
        if placebo is not None:
            standardised = (
                Standardised.of(placebo.link.means, placebo.link.y, self.drawn[2]),
                Standardised.of(placebo.backwards.means, placebo.backwards.y, self.drawn[1]),
            )
        found = []
        for (name, first, second), (after, p), q in zip(CONTRASTS, self.tested, q_values, strict=False):
            sign = 1.0 if after.value >= 0 else -1.0
            both: readings.Beside | None = None
            before, before_p = None, None
            if placebo is not None and standardised is not None:
                both = readings.beside(*standardised, first, second, sign, level)
                before, before_p = placebo.backwards.difference(first, second, level)
            found.append(
                Contrast(
                    name=name,
                    first=self.attitude.bands[first],
                    second=self.attitude.bands[second],
                    first_noun=self.attitude.nouns[first],
                    second_noun=self.attitude.nouns[second],
                    after=after,
                    p=p,
                    q=float(q),
                    reading=readings.read(float(q), sign, both),
                    before=before,
                    before_p=before_p,
                    link_sd=both.link if both else None,
                    placebo_sd=both.placebo if both else None,
                    difference_sd=both.difference if both else None,
                )
            )
        return found

    def associations(self) -> tuple[Association | None, Association | None]:
        """Answer and outcome in rank order, after and before."""
        if self.design is None:
            return None, None
        forwards = self._association(self.frame["value"], self.outcome, self.design)
        if self.placebo is None:
            return forwards, None
        values = self.frame["value"].iloc[self.placebo.rows]
        return forwards, self._association(values, self.placebo.backwards.y, self.placebo.design)

    def _association(self, values: pd.Series, outcome: FloatArray, columns: Design) -> Association:
        """None where a coefficient does not exist (an answer or outcome that does not vary)."""
        answers, level = values.to_numpy(dtype=np.float64), self.settings.level
        raw = partial = None
        try:
            raw = _correlation(correlations.correlate(answers, outcome, level=level))
            partial = _correlation(
                correlations.partial_correlation(
                    answers, outcome, columns.ranked(), method="spearman", level=level
                )
            )
        except ValueError as error:
            self.why["association"] = f"{error}."
        return Association(raw, partial)

    def _said(self, error: ValueError) -> str:
        """Why there is no finite estimate, with the customers' own names for columns."""
        found = re.search(r"column '(.+?)' separates the outcome", str(error))
        if found is None:
            return str(error).removeprefix("X: ").removeprefix("y: ")
        high, _, low = self.attitude.nouns
        who = {"band_high": high, "band_low": low}.get(found[1], f"customers at one end of “{found[1]}”")
        return f"{who} all have the same {self.metric.label.lower()}"

    def _shortfalls(self) -> list[Shortfall]:
        """Bands below the minimum, with how long it would take at this period's pace."""
        counts = pd.Series(self.band).value_counts()
        answered = self.frame["answered_at"]
        span = (answered.max() - answered.min()).total_seconds() / 86_400 if len(self.frame) > 1 else 0.0
        short = []
        for key, noun in zip(self.attitude.bands, self.attitude.nouns, strict=True):
            n, asked = int(counts[key]), self.settings.minimum_n
            if n < asked:
                days = int(np.ceil((asked - n) * span / n)) if n and span > 0 else None
                short.append(Shortfall(key, noun, n, asked, asked - n, days))
        return short

    def _placebo(self) -> "Placebo | None":
        if not self.metric.has_placebo:
            self.why["placebo"] = (
                f"{self.metric.label} cannot be drawn backwards: {self.metric.among} are chosen at the answer."
            )
            return None
        possible = (self.frame["placebo_possible"].to_numpy() == 1) & self.frame["placebo"].notna().to_numpy()
        rows = np.flatnonzero(possible)
        counts = pd.Series(self.band[rows]).value_counts()
        if counts.min() < self.settings.minimum_n:
            self.why["placebo"] = (
                f"History reaches back far enough for {len(rows):,} of {len(self.frame):,} customers; "
                f"this study asks for {self.settings.minimum_n} in each band."
            )
            return None
        try:
            _, link = self.fit(rows, "outcome", "c_")
            columns, backwards = self.fit(rows, "placebo", "p_")
        except ValueError as error:
            self.why["placebo"] = f"The same comparison cannot be drawn backwards: {self._said(error)}."
            return None
        return Placebo(rows, columns, link, backwards)

    def _draw(self, model: Adjusted) -> list[bootstrap.Draws]:
        """Of the link on all customers; then of placebo and link on those who have both."""
        models: list[tuple[Adjusted, np.ndarray | None]] = [(model, None)]
        everybody = False
        if self.placebo is not None:
            rows = self.placebo.rows
            everybody = len(rows) == len(self.frame)
            models += (
                [(self.placebo.backwards, rows)]
                if everybody
                else [(self.placebo.backwards, rows), (self.placebo.link, rows)]
            )
        drawn = bootstrap.draw(
            models,
            customers=len(self.frame),
            draws=self.settings.draws,
            seed=self.settings.seed,
            tick=lambda share: self.progress(0.15 + 0.75 * share, "Drawing the uncertainty"),
        )
        return [*drawn, drawn[0]] if everybody else drawn


class Placebo:
    """The same comparison drawn backwards, and the link, both on the customers (`rows`) whose history allows it."""

    def __init__(self, rows: np.ndarray, columns: Design, link: Adjusted, backwards: Adjusted) -> None:
        self.rows, self.design, self.link, self.backwards = rows, columns, link, backwards


def _correlation(found: correlations.Association) -> Correlation:
    return Correlation(found.coefficient, found.low, found.high, found.p, found.n)
