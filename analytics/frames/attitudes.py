"""Attitudes that a study can start from: metrics of `feedback.scoring`, by their bands or by thirds of the answers."""

from dataclasses import dataclass

from django.db import connection

from accounts.tenancy import current_organization_id
from feedback import scoring

from . import terciles
from .question import Question

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
    sentence. is_cut: the bands are thirds of the answers, since the metric has none of its own.
    """

    name: str
    label: str
    bands: tuple[str, str, str]
    nouns: tuple[str, str, str]
    is_cut: bool = False

    def band_sql(self, column: str) -> str:
        """In a statement that has `cuts_sql` among its common table expressions."""
        return terciles.band_sql(column) if self.is_cut else scoring.band_sql(self.name, column)

    @property
    def cuts_sql(self) -> str:
        """What `band_sql` needs after a table expression "answers" with a column "value"; empty for fixed bands."""
        return terciles.CUTS if self.is_cut else ""


def attitude(name: str) -> Attitude:
    """The attitude a study starts from, such as "nps", "csat:delivery" or "rating:tidiness".

    Raises:
        ValueError: naming what is not one, and what is.
    """
    found = with_bands(name)
    if found is None:
        known = ", ".join(key for key, metric in scoring.METRICS.items() if len(metric.bands) == 3)
        raise ValueError(
            f"predictor: {name!r} is not an attitude with bands. Choose one of {known}, one of their own names, "
            "such as csat:delivery, or a rating, such as rating:tidiness."
        )
    return found


def with_bands(name: str) -> Attitude | None:
    """None for what has no bands and is not known to be a rating."""
    if name.startswith("rating:"):
        nouns = ("high raters", "middle raters", "low raters")
        return Attitude(name, scoring.label(name), ("high", "middle", "low"), nouns, is_cut=True)
    family = scoring.family(name)
    if len(family.bands) != 3:
        return None
    low, middle, high = family.bands
    nouns_of = _NOUNS.get(family.key, {})
    return Attitude(
        name=name,
        label=scoring.label(name),
        bands=(high.key, middle.key, low.key),
        nouns=(
            nouns_of.get(high.key, high.label.lower()),
            nouns_of.get(middle.key, middle.label.lower()),
            nouns_of.get(low.key, low.label.lower()),
        ),
    )


def answered(question: Question) -> list[str]:
    """Every attitude that customers answered in the period: the study's own first, then by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT s.metric FROM feedback_score s
                WHERE s.organization_id = %(organization)s AND s.counts AND s.customer_id IS NOT NULL
                  AND (%(from)s::timestamptz IS NULL OR s.answered_at >= %(from)s::timestamptz)
                  AND (%(until)s::timestamptz IS NULL OR s.answered_at < %(until)s::timestamptz)
                  AND s.answered_at <= %(as_of)s
                  AND s.survey_id IN (SELECT id FROM feedback_survey
                                       WHERE organization_id = %(organization)s AND kind <> 'employee')""",
            {
                "organization": str(current_organization_id()),
                "from": question.answered_from,
                "until": question.answered_until,
                "as_of": question.as_of,
            },
        )
        found = {name for (name,) in cursor.fetchall()}
    return [question.predictor, *sorted(found - {question.predictor}, key=_families_first)]


def _families_first(name: str) -> tuple[bool, str]:
    return scoring.family(name).key == "rating", name
