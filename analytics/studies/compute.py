"""A frame to a result: pure, seeded, the same digits for the same frame."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analytics.frames import attitudes, metrics
from analytics.stats import association as correlations

from . import adjusted, bootstrap, design, panels, readings, worth
from .adjusted import Adjusted
from .design import Design, FloatArray
from .facts import facts
from .readings import CONTRASTS, Standardised
from .results import Association, Contrast, Correlation, Panel, Result, Shortfall
from .settings import Settings

Progress = Callable[[float, str], None]


def compute(
    frame: pd.DataFrame, settings: Settings, progress: Progress = lambda share, words: None
) -> Result:
    """Bands, adjusted differences, placebo, associations and worth of one study.

    Args:
        frame: as `analytics.frames.financial` builds it.
        progress: called with the share done (0 to 1) and what is being done; may raise to stop.

    Raises:
        ValueError: on unknown names in the settings. Data that cannot answer are a result, not an error.
    """
    return _Study(frame, settings, progress).result()


class _Study:
    def __init__(self, frame: pd.DataFrame, settings: Settings, progress: Progress) -> None:
        self.frame, self.settings, self.progress = frame.reset_index(drop=True), settings, progress
        self.attitude = attitudes.attitude(settings.predictor)
        self.metric = metrics.outcome(settings.outcome)
        self.band = pd.Categorical(self.frame["band"], categories=list(self.attitude.bands))
        self.outcome = self.frame["outcome"].to_numpy(dtype=np.float64)
        self.why: dict[str, str] = {}

    def result(self) -> Result:
        self.progress(0.0, "Comparing bands")
        shortfalls = self.shortfalls()
        if shortfalls or np.ptp(self.outcome) == 0:
            if not shortfalls:
                self.why["figures"] = f"{self.metric.label} is the same for every customer in this period."
            return self.insufficient(shortfalls)
        self.progress(0.05, "Adjusting for what came before")
        try:
            link_design, link = self.fit(np.arange(len(self.frame)), "outcome", "c_")
        except ValueError as error:
            self.why["figures"] = f"The bands cannot be compared at the same controls: {error}."
            return self.insufficient([])
        placebo = self.placebo()
        after = panels.panel(self.outcome, self.band, self.attitude, link, self.settings.level, tested=True)
        before = None
        if placebo is not None:
            rows, _, _, backwards = placebo
            before = panels.panel(
                backwards.y, self.band[rows], self.attitude, backwards, self.settings.level, tested=False
            )
        self.progress(0.15, "Drawing the uncertainty")
        drawn = self.draw(link, placebo)
        contrasts = self.contrasts(link, placebo, drawn)
        self.progress(0.9, "Correlating")
        forwards = self.association(self.frame["value"], self.outcome, link_design)
        backwards_association = None
        if placebo is not None:
            rows, placebo_design, _, fitted = placebo
            values = self.frame["value"].iloc[rows]
            backwards_association = self.association(values, fitted.y, placebo_design)
        return Result(
            facts=facts(self.frame, self.settings, len(contrasts), link_design),
            reading=contrasts[0].reading,
            after=after,
            before=before,
            contrasts=contrasts,
            association=forwards,
            placebo_association=backwards_association,
            worth=worth.worth(contrasts[2], link, drawn[0], self.metric, self.settings, self.why),
            why=self.why,
        )

    def shortfalls(self) -> list[Shortfall]:
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

    def insufficient(self, shortfalls: list[Shortfall]) -> Result:
        """How many there are, and nothing that could be read as a figure."""
        counts = panels.counts(self.band, self.attitude)
        return Result(
            facts=facts(self.frame, self.settings, 0, None),
            reading="insufficient_evidence",
            after=Panel(len(self.frame), counts, None),
            shortfalls=shortfalls,
            why=self.why,
        )

    def fit(self, rows: np.ndarray, outcome: str, prefix: str) -> tuple[Design, Adjusted]:
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
        return columns, adjusted.compare(y, columns, self.metric.model)

    def placebo(self) -> tuple[np.ndarray, Design, Adjusted, Adjusted] | None:
        """(customers whose history allows it, the placebo's design, the link on them, the placebo on them)."""
        possible = self.frame["placebo_possible"].to_numpy() == 1
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
            placebo_design, backwards = self.fit(rows, "placebo", "p_")
        except ValueError as error:
            self.why["placebo"] = f"The same comparison cannot be drawn backwards: {error}."
            return None
        return rows, placebo_design, link, backwards

    def draw(
        self, link: Adjusted, placebo: tuple[np.ndarray, Design, Adjusted, Adjusted] | None
    ) -> list[bootstrap.Draws]:
        """Of the link on all customers; then of link and placebo on those who have both."""
        models: list[tuple[Adjusted, np.ndarray | None]] = [(link, None)]
        everybody = False
        if placebo is not None:
            rows, _, same, backwards = placebo
            everybody = len(rows) == len(self.frame)
            models += [(backwards, rows)] if everybody else [(backwards, rows), (same, rows)]
        drawn = bootstrap.draw(
            models,
            customers=len(self.frame),
            draws=self.settings.draws,
            seed=self.settings.seed,
            tick=lambda share: self.progress(0.15 + 0.75 * share, "Drawing the uncertainty"),
        )
        return [*drawn, drawn[0]] if everybody else drawn

    def contrasts(
        self,
        link: Adjusted,
        placebo: tuple[np.ndarray, Design, Adjusted, Adjusted] | None,
        drawn: list[bootstrap.Draws],
    ) -> list[Contrast]:
        """All primary tests of the run, one family."""
        level = self.settings.level
        tested = [link.difference(first, second, level) for _, first, second in CONTRASTS]
        q_values = correlations.false_discovery([p for _, p in tested])
        standardised: tuple[Standardised, Standardised] | None = None
        if placebo is not None:
            _, _, same, backwards = placebo
            standardised = (
                Standardised.of(same.means, same.y, drawn[2]),
                Standardised.of(backwards.means, backwards.y, drawn[1]),
            )
        found = []
        for (name, first, second), (after, p), q in zip(CONTRASTS, tested, q_values, strict=True):
            sign = 1.0 if after.value >= 0 else -1.0
            both: readings.Beside | None = None
            before, before_p = None, None
            if placebo is not None and standardised is not None:
                both = readings.beside(*standardised, first, second, sign, level)
                before, before_p = placebo[3].difference(first, second, level)
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

    def association(self, values: pd.Series, outcome: FloatArray, columns: Design) -> Association:
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


def _correlation(found: correlations.Association) -> Correlation:
    return Correlation(found.coefficient, found.low, found.high, found.p, found.n)
