"""Attitudes that a study can start from, each with its three bands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attitude:
    """A score metric and how its answers fall into bands.

    `low` holds answers up to `low_until`, `high` those of `high_from` and more, `middle` what lies between.
    Names are (one, many), as sentences need them.
    """

    name: str
    label: str
    low_until: float
    high_from: float
    high: tuple[str, str]
    middle: tuple[str, str]
    low: tuple[str, str]

    @property
    def bands(self) -> tuple[str, str, str]:
        """Names in the frame, best first."""
        return self.high[0], self.middle[0], self.low[0]

    @property
    def plurals(self) -> tuple[str, str, str]:
        return self.high[1], self.middle[1], self.low[1]

    @property
    def band_sql(self) -> str:
        high, middle, low = self.bands
        return (
            f"CASE WHEN k.value >= {self.high_from:g} THEN '{high}' "
            f"WHEN k.value <= {self.low_until:g} THEN '{low}' ELSE '{middle}' END"
        )


_ALL = (
    Attitude(
        "nps", "NPS", 6, 9,
        ("promoter", "promoters"), ("passive", "passives"), ("detractor", "detractors"),
    ),
    Attitude(
        "csat", "CSAT", 2, 4,
        ("satisfied", "satisfied customers"), ("neutral", "neutral customers"),
        ("dissatisfied", "dissatisfied customers"),
    ),
    Attitude(
        "ces", "CES", 3, 6,
        ("easy", "customers who found it easy"), ("middling", "customers in between"),
        ("hard", "customers who found it hard"),
    ),
)  # fmt: skip

ATTITUDES: dict[str, Attitude] = {attitude.name: attitude for attitude in _ALL}


def attitude(name: str) -> Attitude:
    """The attitude a study starts from.

    Raises:
        ValueError: naming what is not one, and what is.
    """
    if name not in ATTITUDES:
        raise ValueError(
            f"predictor: {name!r} is not an attitude with bands. Choose one of {', '.join(ATTITUDES)}."
        )
    return ATTITUDES[name]
