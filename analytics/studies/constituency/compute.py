"""A constituency frame to a result: pure, the same digits for the same frame. n is the number of units."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import special

from analytics.frames.scored import scored
from analytics.studies import ranks, readings
from analytics.studies.clusters import IntArray, sums
from analytics.studies.design import Control, FloatArray
from analytics.studies.results import Association, Interval, Reading
from analytics.studies.told import Figure

from . import controls
from .agreement import agreement
from .facts import facts
from .jackknife import Jackknifed, jackknife, slope
from .points import points
from .results import Line, Link, Result, Shortfall
from .settings import Settings

Progress = Callable[[float, str], None]
_GRID = 21


def compute(
    frame: pd.DataFrame, settings: Settings, progress: Progress = lambda share, words: None
) -> Result:
    """Adjusted link, placebo, agreement within units and associations of one study.

    Args:
        frame: as `analytics.frames.constituency` builds it.
        progress: called with the share done (0 to 1) and what is being done; may raise to stop.

    Raises:
        ValueError: on unknown names in the settings. Data that cannot answer are a result, not an error.
    """
    return _Study(frame, settings, progress).result()


class _Study:
    def __init__(self, frame: pd.DataFrame, settings: Settings, progress: Progress) -> None:
        self.frame, self.settings, self.progress = frame.reset_index(drop=True), settings, progress
        self.outcome = scored(settings.outcome)
        self.x, self.y, self.before, self.earlier = (
            self.frame[name].to_numpy(dtype=np.float64) for name in ("felt", "outcome", "previous", "earlier")
        )
        self.unit: IntArray = np.unique(self.frame["unit"].astype(str), return_inverse=True)[1].astype(
            np.int64
        )
        self.why: dict[str, str] = {}
        self.used: list[Control] = []

    @property
    def units(self) -> int:
        return int(self.unit.max(initial=-1)) + 1

    def result(self) -> Result:
        self.progress(0.0, "Comparing teams")
        if self.units < self.settings.minimum_n:
            return self.insufficient()
        for values, name in ((self.x, self.settings.predictor_label), (self.y, self.outcome.label)):
            if np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())):
                self.why["figures"] = f"{name} is the same in every team and {self.settings.period}."
                return self.insufficient()
        held, self.used = controls.columns(self.frame, self.settings.controls, before="previous")
        if len(self.x) < held.shape[1] + 4:
            self.why["figures"] = (
                f"{len(self.x):,} rows are too few to hold {held.shape[1]} columns of controls fixed."
            )
            return self.insufficient()
        placebo = self.placebo_rows()
        self.progress(0.3, "Leaving out one team at a time")
        drawn = jackknife(self.figures(held, placebo), self.unit)
        link = self.link(drawn, placebo)
        self.progress(0.8, "Correlating")
        forwards = self.association(np.arange(len(self.x)), self.y, held)
        backwards = None
        if placebo is not None:
            fixed = controls.columns(self.frame.iloc[placebo], self.settings.controls, before="earlier")[0]
            backwards = self.association(placebo, self.before[placebo], fixed)
        standard, _ = drawn.interval(_pick(1, len(drawn.values)), self.settings.level)
        return Result(
            facts=facts(self.frame, self.settings, tests=1, used=self.used),
            reading=link.reading,
            slope=link,
            line=self.line(drawn),
            units=points(self.frame, self.settings.level, self.outcome.unit),
            agreement=[
                one
                for one in (
                    agreement("employees", *self.moments("employees", "felt")),
                    agreement("customers", *self.moments("customers", "outcome")),
                )
                if one is not None
            ],
            association=forwards,
            placebo_association=backwards,
            link=Figure.of(standard, "sd"),
            placebo=Figure.of(link.placebo_sd, "sd") if link.placebo_sd else None,
            link_sd=standard.value,
            why=self.why,
        )

    def placebo_rows(self) -> IntArray | None:
        """Rows with the score before and, where that is held fixed, the one before it."""
        fixed = "previous" in self.settings.controls
        rows = np.flatnonzero(~np.isnan(self.before) & (~np.isnan(self.earlier) if fixed else True))
        units, asked = len(np.unique(self.unit[rows])), self.settings.minimum_n
        if units < asked:
            self.why["placebo"] = (
                f"Customers’ scores reach back far enough for {units:,} of {self.units:,} teams; this study asks "
                f"for {asked}."
            )
            return None
        held = controls.columns(self.frame.iloc[rows], self.settings.controls, before="earlier")[0]
        if len(rows) < held.shape[1] + 4 or np.ptp(self.before[rows]) == 0:
            self.why["placebo"] = "The same comparison cannot be drawn backwards: too few rows, or all alike."
            return None
        return rows

    def figures(self, held: FloatArray, placebo: IntArray | None) -> Callable[[IntArray], FloatArray]:
        """By position: slope, the same in standard deviations, mean x, mean y; of the placebo's rows: the placebo's
        slope, and link and placebo in standard deviations."""
        inside = np.zeros(len(self.x), dtype=bool)
        back = ahead = np.empty((0, 0))
        if placebo is not None:
            inside[placebo] = True
            part = self.frame.iloc[placebo]
            ahead = _spread_out(controls.columns(part, self.settings.controls, before="previous")[0], inside)
            back = _spread_out(controls.columns(part, self.settings.controls, before="earlier")[0], inside)

        def found(rows: IntArray) -> FloatArray:
            x, y = self.x[rows], self.y[rows]
            b = slope(y, x, held[rows])
            values = [b, b * _ratio(x, y), float(x.mean()), float(y.mean())]
            if placebo is not None:
                both = rows[inside[rows]]
                x, y, before = self.x[both], self.y[both], self.before[both]
                c = slope(before, x, back[both])
                values += [c, slope(y, x, ahead[both]) * _ratio(x, y), c * _ratio(x, before)]
            return np.asarray(values)

        return found

    def link(self, drawn: Jackknifed, placebo: IntArray | None) -> Link:
        level, size = self.settings.level, len(drawn.values)
        after, p = drawn.interval(_pick(0, size), level)
        sign = 1.0 if after.value >= 0 else -1.0
        both: readings.Beside | None = None
        before: Interval | None = None
        before_p: float | None = None
        if placebo is not None:
            before, before_p = drawn.interval(_pick(4, size), level)
            both = readings.Beside(
                drawn.interval(_pick(5, size), level)[0],
                drawn.interval(_pick(6, size), level)[0],
                drawn.interval(sign * (_pick(5, size) - _pick(6, size)), level)[0],
            )
        reading: Reading = readings.read(p, sign, both)  # one test is its own family: q = p
        return Link(
            after=after,
            p=p,
            q=p,
            reading=reading,
            spread=float(self.x.std()),
            before=before,
            before_p=before_p,
            link_sd=both.link if both else None,
            placebo_sd=both.placebo if both else None,
            difference_sd=both.difference if both else None,
        )

    def line(self, drawn: Jackknifed) -> list[Line]:
        """Mean outcome plus slope × (x − mean x); the product by its gradient at the estimates."""
        b, _, x_mean, y_mean = drawn.values[:4]
        points = []
        for x in np.linspace(float(self.x.min()), float(self.x.max()), _GRID):
            gradient = np.zeros(len(drawn.values))
            gradient[[0, 2, 3]] = (x - x_mean, -b, 1.0)
            se = float(np.sqrt(max(0.0, float(gradient @ drawn.covariance @ gradient))))
            reach = float(special.stdtrit(drawn.df, 0.5 + self.settings.level / 2)) * se
            value = float(y_mean + b * (x - x_mean))
            points.append(Line(float(x), value, value - reach, value + reach))
        return points

    def association(self, rows: IntArray, y: FloatArray, held: FloatArray) -> Association:
        unit = np.unique(self.unit[rows], return_inverse=True)[1].astype(np.int64)
        count, level = int(unit.max()) + 1, self.settings.level

        def error(influence: FloatArray) -> tuple[float, float]:
            totals = sums(influence[:, None], unit)[:, 0]
            return float(np.sqrt(totals @ totals * count / (count - 1))), float(count - 1)

        return ranks.both(self.x[rows], y, held, error, level=level, n=count)

    def moments(self, counted: str, mean: str) -> tuple[FloatArray, FloatArray, FloatArray]:
        n, means, within = (
            self.frame[name].to_numpy(dtype=np.float64) for name in (counted, mean, f"{mean}_within")
        )
        return n, means, within

    def insufficient(self) -> Result:
        """How many there are, and nothing that could be read as a figure."""
        short, asked = [], self.settings.minimum_n
        if self.units < asked:
            short = [Shortfall("teams", self.units, asked, asked - self.units)]
        return Result(
            facts=facts(self.frame, self.settings, tests=0, used=self.used),
            reading="insufficient_evidence",
            shortfalls=short,
            why=self.why,
        )


def _pick(position: int, size: int) -> FloatArray:
    weights = np.zeros(size)
    weights[position] = 1.0
    return weights


def _ratio(x: FloatArray, y: FloatArray) -> float:
    """Standard deviations of x in those of y."""
    return float(x.std() / y.std()) if y.std() > 0 else 0.0


def _spread_out(part: FloatArray, inside: np.ndarray) -> FloatArray:
    """Rows of some to rows of all, so that positions are those of the frame."""
    whole = np.zeros((len(inside), part.shape[1]))
    whole[inside] = part
    return whole
