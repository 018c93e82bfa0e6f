"""Scores as outcomes: how an answer becomes a number whose mean is the metric."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from feedback import scoring

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Model = Literal["binomial", "gaussian"]


@dataclass(frozen=True, slots=True)
class Scored:
    """CSAT: 1 where satisfied, 0 else (logistic); NPS: 100, 0, −100; CES and ratings: the answer itself.

    The mean of `of(answers)` is what `feedback.scoring` calls the metric's value.
    """

    name: str
    label: str
    unit: Literal["share", "points", "scale"]
    model: Model
    #: How the favourable side is told, with the share before it: "67% were satisfied". "" where it is no share.
    verb: str

    def of(self, answers: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Unanswered (NaN) stays NaN."""
        import numpy as np  # pages that check a name need not load it

        if self.unit == "scale":
            return answers
        low, middle, _ = (one.highest for one in scoring.family(self.name).bands)
        top = np.where(np.isnan(answers), np.nan, (answers > middle).astype(np.float64))
        return top if self.unit == "share" else 100.0 * (top - np.where(answers <= low, 1.0, 0.0))

    def sql(self, column: str) -> str:
        """`of` as SQL; `column` must be the programmer's."""
        if self.unit == "scale":
            return f"{column}::float8"
        low, middle, _ = (one.highest for one in scoring.family(self.name).bands)
        top = f"({column} > {middle:g})::int"
        if self.unit == "share":
            return f"{top}::float8"
        return f"(100 * ({top} - ({column} <= {low:g})::int))::float8"


def scored(name: str) -> Scored:
    """The score that a study explains.

    Raises:
        ValueError: naming what is not one, and what is.
    """
    family = scoring.family(name)
    if family.key == "rating":
        raise ValueError(
            f"outcome: {name!r} is not a score of customers' answers. Choose csat, ces or nps, or one of their "
            "own names, such as csat:delivery."
        )
    model: Model = "binomial" if family.unit == "share" else "gaussian"
    verb = "were satisfied" if family.key == "csat" else ""
    return Scored(name, scoring.label(name), family.unit, model, verb)
