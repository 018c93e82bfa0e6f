"""The chance to answer, from what was known before the occasion.

A logistic model of whether an occasion that was sampled was answered, on what the customer did in the look-back, how
long they had been one, and their segment. Errors are clustered by customer, who may be asked several times. What an
answer would have been is no part of it: weights cannot mend silence that depends on that.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.stats import regression
from analytics.studies import design
from analytics.studies.adjusted import inverse_link
from analytics.studies.design import FloatArray
from analytics.studies.interval import Interval
from analytics.studies.sections.nonresponse import ResponseTerm

_TITLES = {
    "revenue": "revenue (log)",
    f"revenue{design.BEND}": "revenue above the middle (log)",
    f"revenue{design.NONE}": "no revenue",
    "contacts": "contacts (log)",
    f"contacts{design.BEND}": "contacts above the middle (log)",
    f"contacts{design.NONE}": "no contact",
    "tenure": "tenure (log of years)",
    "tenure unknown": "tenure unknown",
}
_SEGMENT = "segment"


@dataclass(frozen=True, slots=True)
class Response:
    """chance: of each eligible occasion to be answered once it is sampled."""

    chance: FloatArray
    terms: list[ResponseTerm]


def fit(occasions: pd.DataFrame, minimum: int, level: float) -> Response:
    """Of eligible occasions.

    Raises:
        ValueError: in words, where too few answered or were silent, or no finite estimate exists.
    """
    sampled = occasions["sampled"].to_numpy() == 1
    answered = occasions["answered"].to_numpy(dtype=np.float64)
    yes, no = int(answered[sampled].sum()), int((1 - answered[sampled]).sum())
    if sampled.any() and not no:
        return Response(np.ones(len(occasions)), [])
    if min(yes, no) < minimum:
        raise ValueError(
            f"{yes:,} sampled occasions were answered and {no:,} were not; a model of answering asks for {minimum:,} "
            "of each"
        )
    groups = occasions["customer"].to_numpy()[sampled]
    for left_out in ((), (design.BEND, design.NONE), (design.BEND, design.NONE, _SEGMENT)):
        matrix, names = _columns(occasions, answered, sampled, left_out)
        table = pd.DataFrame(matrix[sampled], columns=names)
        try:
            found = regression.logistic(answered[sampled], table, groups=groups, level=level)
        except ValueError as error:
            if "separate" not in str(error):
                raise
            continue
        eta = found.coefficients[0] + matrix @ found.coefficients[1:]
        return Response(inverse_link(eta, "binomial"), _terms(found))
    raise ValueError(
        "customers of some kind answered, or were silent, without exception, so their chance cannot be modelled"
    )


def _terms(found: regression.Fit) -> list[ResponseTerm]:
    return [
        ResponseTerm(name, Interval(one.coefficient, one.low, one.high), one.p)
        for name, one in found.terms.items()
        if name != "intercept"
    ]


def _columns(
    occasions: pd.DataFrame, answered: FloatArray, sampled: np.ndarray, left_out: tuple[str, ...]
) -> tuple[FloatArray, list[str]]:
    """Columns that say something of their own among the sampled occasions. `left_out`: parts of names; bends and
    kinds are the first to go where numbers are small, segments the last."""
    found: list[tuple[str, FloatArray]] = []
    for name in ("revenue", "contacts"):
        values = occasions[name].to_numpy(dtype=np.float64)
        found += [(f"{name}{suffix}", column) for suffix, column in design.amounts(values)]
    years = design.tenure(occasions["tenure_days"].to_numpy(dtype=np.float64))
    found += [(f"tenure{suffix}", column) for suffix, column in years]
    segments = occasions["segment"].to_numpy(dtype=object)
    found += [(f"{_SEGMENT}{name}", column) for name, column in design.levels(segments, answered, True)]
    found = [one for one in found if not any(part in one[0] for part in left_out)]
    kept = design.independent([], [column[sampled] for _, column in found])
    if not kept:
        raise ValueError("nothing is known of customers before they were asked that could tell who answers")
    names = [found[j][0] for j in kept]
    return np.column_stack([found[j][1] for j in kept]), [_TITLES.get(name, name) for name in names]
