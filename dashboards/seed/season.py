"""Days, seasons and hours. Time is in days since the world began, at midnight UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from .truth import DAYS, Truth


@dataclass(frozen=True)
class Calendar:
    """The 24 months that end at the start of the day `until`, with the season of orders summed up."""

    start: date
    until: date
    #: ∫ season from the start to each midnight; the season's mean is 1.
    cumulative: np.ndarray

    @classmethod
    def ending(cls, until: date, truth: Truth) -> "Calendar":
        start = until - timedelta(days=DAYS)
        days = [start + timedelta(days=number) for number in range(DAYS)]
        year = np.array([one.timetuple().tm_yday for one in days])
        week = np.array([one.weekday() for one in days])
        season = np.exp(
            truth.season_year * np.cos(2 * np.pi * (year - 330) / 365.25)
            + truth.season_week * np.cos(2 * np.pi * (week - 5) / 7)
        )
        return cls(start, until, np.r_[0.0, np.cumsum(season / season.mean())])

    def season(self, time: np.ndarray) -> np.ndarray:
        """∫ season from the start to each time."""
        return np.asarray(np.interp(time, np.arange(DAYS + 1), self.cumulative))

    def moment(self, season: np.ndarray) -> np.ndarray:
        """The inverse of `season`."""
        return np.asarray(np.interp(season, self.cumulative, np.arange(DAYS + 1)))

    def instants(self, time: np.ndarray) -> np.ndarray:
        """datetime64[s] in UTC."""
        origin = np.datetime64(self.start.isoformat(), "s")
        return np.asarray(origin + np.floor(time * 86_400).astype("timedelta64[s]"))

    def datetime(self, time: float) -> datetime:
        return datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC) + timedelta(days=time)

    def quarters(self, time: np.ndarray) -> np.ndarray:
        """Waves: the calendar quarter of each time, such as "2026-Q3"."""
        months = self.instants(time).astype("datetime64[M]").astype(np.int64)
        names = np.array([f"{1970 + q // 4}-Q{q % 4 + 1}" for q in range(240)])
        return np.asarray(names[months // 3])


def at_hours(time: np.ndarray, hours: tuple[float, float]) -> np.ndarray:
    """The same days, with the time of day pressed into opening hours (UTC)."""
    day = np.floor(time)
    return np.asarray(day + (hours[0] + (time - day) * (hours[1] - hours[0])) / 24)
