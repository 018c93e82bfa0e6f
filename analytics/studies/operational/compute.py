"""An operational frame to a result: pure, seeded, the same digits for the same frame."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from analytics.frames.scored import scored
from analytics.stats import association as correlations
from analytics.studies import ranks, readings
from analytics.studies.clusters import Clusters, IntArray
from analytics.studies.design import Control, FloatArray
from analytics.studies.means import Fitted, fit
from analytics.studies.results import Association, Interval, Reading
from analytics.studies.told import Figure

from . import controls, curve, thresholds
from .facts import facts
from .results import Contrast, Result, Shortfall, Side
from .settings import Settings
from .shortfalls import shortfalls

Progress = Callable[[float, str], None]


def compute(
    frame: pd.DataFrame, settings: Settings, progress: Progress = lambda share, words: None
) -> Result:
    """Curve, threshold, adjusted difference, placebo and associations of one study.

    Args:
        frame: as `analytics.frames.operational` builds it.
        progress: called with the share done (0 to 1) and what is being done; may raise to stop.

    Raises:
        ValueError: on unknown names in the settings. Data that cannot answer are a result, not an error.
    """
    return _Study(frame, settings, progress).result()


@dataclass(frozen=True, slots=True)
class _Placebo:
    """On contacts whose customer had answered before: the link again, and the earlier answer in its place."""

    rows: IntArray
    clusters: Clusters
    link: Fitted
    before: Fitted
    controls: FloatArray


class _Study:
    def __init__(self, frame: pd.DataFrame, settings: Settings, progress: Progress) -> None:
        self.frame, self.settings, self.progress = frame.reset_index(drop=True), settings, progress
        self.outcome = scored(settings.outcome)
        self.x = self.frame["measure"].to_numpy(dtype=np.float64)
        self.y = self.outcome.of(self.frame["value"].to_numpy(dtype=np.float64))
        self.previous = self.outcome.of(self.frame["previous"].to_numpy(dtype=np.float64))
        self.clusters = Clusters.of(
            self.frame["customer"].to_numpy(dtype=object), self.frame["agent"].to_numpy(dtype=object)
        )
        self.why: dict[str, str] = {}
        self.used: list[Control] = []
        self.share = self.outcome.unit == "share"

    def result(self) -> Result:
        self.progress(0.0, "Choosing where to cut")
        tried = self.candidates()
        if not tried:
            return self.insufficient()
        if np.ptp(self.y) == 0:
            self.why["figures"] = f"{self.outcome.label} is the same after every contact in this period."
            return self.insufficient()
        held, self.used = controls.columns(
            self.frame, self.settings.controls, before="previous", outcome=self.y, shares=self.share
        )
        found = thresholds.search(self.x, self.y, held, tried, self.clusters, self.settings.seed)
        above = (self.x > found.chosen).astype(np.float64)
        self.progress(0.2, "Comparing at the same controls")
        try:
            link = fit(self.y, above[:, None], held, self.outcome.model)
            drawn = curve.draw(
                self.x, self.y, held, self.outcome.model, self.clusters,
                minimum=self.settings.minimum_n, level=self.settings.level,
            )  # fmt: skip
        except ValueError as error:
            self.why["figures"] = f"Contacts cannot be compared at the same controls: {error}."
            return self.insufficient()
        self.progress(0.5, "Asking what was there before the contact")
        placebo = self.placebo(above)
        contrast, q_curve = self.contrast(found, above, link, drawn.p, placebo)
        self.progress(0.9, "Correlating")
        associations = self.associations(held, placebo)
        return Result(
            facts=facts(self.frame, self.settings, tests=2, used=self.used),
            reading=contrast.reading,
            contrast=contrast,
            curve=curve.shown(
                drawn,
                self.x,
                self.y,
                found,
                self.settings.measure.unit,
                self.clusters,
                q=q_curve,
                minimum=self.settings.minimum_n,
                level=self.settings.level,
                share=self.share,
            ),
            association=associations[0],
            placebo_association=associations[1],
            link=Figure.of(contrast.after, self.outcome.unit),
            placebo=Figure.of(contrast.before, self.outcome.unit) if contrast.before else None,
            link_sd=link.standardised()[0],
            why=self.why,
        )

    def candidates(self) -> list[float]:
        minimum, declared = self.settings.minimum_n, self.settings.threshold
        if declared is None:
            return thresholds.candidates(self.x, self.settings.measure.unit, minimum)
        n = int((self.x > declared).sum())
        return [declared] if min(n, len(self.x) - n) >= minimum else []

    def placebo(self, above: FloatArray) -> _Placebo | None:
        rows = np.flatnonzero(~np.isnan(self.previous))
        n, high = len(rows), int(above[rows].sum())
        if min(high, n - high) < self.settings.minimum_n:
            self.why["placebo"] = (
                f"For {n:,} of {len(self.x):,} contacts the customer had answered the same question before; "
                f"this study asks for {self.settings.minimum_n} on each side."
            )
            return None
        part, treated = self.frame.iloc[rows], above[rows][:, None]
        fitted, held = [], np.empty((n, 0))
        try:
            for outcome, before in ((self.y, "previous"), (self.previous, "earlier")):
                values = outcome[rows]
                if np.ptp(values) == 0:
                    raise ValueError("every answer is the same")
                held, _ = controls.columns(
                    part, self.settings.controls, before=before, outcome=values, shares=self.share
                )
                fitted.append(fit(values, treated, held, self.outcome.model))
        except ValueError as error:
            self.why["placebo"] = f"The same comparison cannot be drawn backwards: {error}."
            return None
        return _Placebo(rows, self.clusters.at(rows), fitted[0], fitted[1], held)

    def contrast(
        self,
        found: thresholds.Search,
        above: FloatArray,
        link: Fitted,
        p_curve: float,
        placebo: _Placebo | None,
    ) -> tuple[Contrast, float]:
        """The difference, and the q of the curve: both primary tests of the run are one family."""
        level = self.settings.level
        value, influence = link.difference()
        se, critical = self.clusters.error(influence), found.critical(level)
        after = Interval(value, value - critical * se, value + critical * se)
        p = found.p(value / se) if se > 0 else 1.0
        q, q_curve = correlations.false_discovery([p, p_curve])
        sign = 1.0 if value >= 0 else -1.0
        both: readings.Beside | None = None
        before: Interval | None = None
        before_p: float | None = None
        if placebo is not None:
            pairs = [placebo.link.standardised(), placebo.before.standardised()]
            values = np.array([one for one, _ in pairs])
            psi = np.column_stack([one for _, one in pairs])
            values = np.append(values, sign * (values[0] - values[1]))
            psi = np.column_stack([psi, sign * (psi[:, 0] - psi[:, 1])])
            both = readings.Beside(
                *placebo.clusters.bootstrap(
                    values,
                    psi,
                    draws=self.settings.draws,
                    seed=self.settings.seed,
                    level=1 - 2 * float(special.stdtr(found.df, -critical)),  # the search is paid here too
                )
            )
            before, before_p = placebo.clusters.interval(*placebo.before.difference(), level)
        threshold = found.chosen
        high, low = thresholds.sides(self.settings.measure, threshold)
        reading: Reading = readings.read(float(q), sign, both)
        return (
            Contrast(
                threshold=threshold,
                threshold_words=thresholds.say(threshold, self.settings.measure.unit),
                how="searched" if self.settings.threshold is None else "declared",
                candidates=len(found.tried),
                above=self.side(high, above == 1, link, 1.0),
                below=self.side(low, above == 0, link, 0.0),
                after=after,
                p=p,
                q=float(q),
                reading=reading,
                before=before,
                before_p=before_p,
                link_sd=both.link if both else None,
                placebo_sd=both.placebo if both else None,
                difference_sd=both.difference if both else None,
            ),
            float(q_curve),
        )

    def side(self, words: str, inside: np.ndarray, link: Fitted, state: float) -> Side:
        rows, level = np.flatnonzero(inside), self.settings.level
        mean, influence = link.mean(np.array([state]))
        error = self.clusters.error(influence)
        return Side(
            words,
            len(rows),
            curve.observed(self.y[rows], self.clusters.at(rows), level=level, share=self.share),
            curve.on_scale(mean, error, self.clusters.df, level, self.outcome.model),
        )

    def associations(
        self, held: FloatArray, placebo: _Placebo | None
    ) -> tuple[Association, Association | None]:
        """Of measure and answer; and of measure and previous answer."""

        def error(clusters: Clusters) -> ranks.Error:
            return lambda influence: (clusters.error(influence), clusters.df)

        level = self.settings.level
        forwards = ranks.both(self.x, self.y, held, error(self.clusters), level=level, n=len(self.x))
        if placebo is None:
            return forwards, None
        x, y = self.x[placebo.rows], self.previous[placebo.rows]
        return forwards, ranks.both(x, y, placebo.controls, error(placebo.clusters), level=level, n=len(x))

    def insufficient(self) -> Result:
        """How many there are, and nothing that could be read as a figure."""
        short: list[Shortfall] = []
        if "figures" not in self.why:
            if len(self.x) >= 2 * self.settings.minimum_n and np.ptp(self.x) == 0:
                self.why["figures"] = f"{self.settings.predictor_label} is the same for every contact."
            else:
                short = shortfalls(self.x, self.frame["answered_at"], self.settings)
        return Result(
            facts=facts(self.frame, self.settings, tests=0, used=self.used),
            reading="insufficient_evidence",
            shortfalls=short,
            why=self.why,
        )
