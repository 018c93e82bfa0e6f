"""Attitudes that a study can start from: metrics of `feedback.scoring` that have bands."""

from dataclasses import dataclass

from feedback import scoring

#: How the customers of a band are called in a sentence, where the band's own label is no noun.
_NOUNS = {
    "csat": {
        "satisfied": "satisfied customers",
        "neutral": "neutral customers",
        "dissatisfied": "dissatisfied customers",
    },
    "ces": {
        "easy": "customers who found it easy",
        "neutral": "customers who found it neither easy nor difficult",
        "difficult": "customers who found it difficult",
    },
}


@dataclass(frozen=True, slots=True)
class Attitude:
    """A score metric with three bands, best first: their keys (as in the frame) and their names in a
    sentence.
    """

    name: str
    label: str
    bands: tuple[str, str, str]
    nouns: tuple[str, str, str]

    def band_sql(self, column: str) -> str:
        return scoring.band_sql(self.name, column)


def attitude(name: str) -> Attitude:
    """The attitude a study starts from, such as "nps" or "csat:delivery".

    Raises:
        ValueError: naming what is not one, and what is.
    """
    family = scoring.family(name)
    if len(family.bands) != 3:
        known = ", ".join(key for key, metric in scoring.METRICS.items() if len(metric.bands) == 3)
        raise ValueError(
            f"predictor: {name!r} is not an attitude with bands. Choose one of {known}, "
            "or one of their own names, such as csat:delivery."
        )
    low, middle, high = family.bands
    nouns = _NOUNS.get(family.key, {})
    return Attitude(
        name=name,
        label=scoring.label(name),
        bands=(high.key, middle.key, low.key),
        nouns=(
            nouns.get(high.key, high.label.lower()),
            nouns.get(middle.key, middle.label.lower()),
            nouns.get(low.key, low.label.lower()),
        ),
    )
