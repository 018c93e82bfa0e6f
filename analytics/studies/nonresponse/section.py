"""The non-response section, and the weighted comparison that worth speaks with."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.studies.adjusted import Adjusted
from analytics.studies.link import Link
from analytics.studies.readings import CONTRASTS
from analytics.studies.sections.nonresponse import NonResponse, Weighted, Weights

from . import ledger, response
from .response import Response
from .weights import CAP_RULE, Hajek, hajek

Progress = Callable[[float, str], None]
WORDS = "Comparing those who answered with those who did not"


@dataclass(frozen=True, slots=True)
class Speaking:
    """The link weighted to speak for `eligible` customers; rows: of the link's frame that have a weight. Where the
    outcome is about some customers only, `eligible` is how many of those eligible they are, by their weights."""

    model: Adjusted
    rows: np.ndarray
    eligible: float


def compute(
    asked: pd.DataFrame | None, link: Link, progress: Progress = lambda share, words: None
) -> tuple[NonResponse, Speaking | None]:
    """Ledger, gaps and weights; what is missing is said in `why`.

    Args:
        asked: `frames.parts.Parts.asked`.
    """
    progress(0.0, WORDS)
    if asked is None or asked.empty:
        return NonResponse(
            0, {}, [], why="No invitation is recorded, so who could have answered is not known."
        ), None
    occasions = ledger.eligible(asked)
    stages = ledger.stages(occasions)
    counts = len(asked), ledger.ineligible(asked)
    if not stages:
        return NonResponse(*counts, [], why="Nobody who was due to be asked was eligible."), None
    gaps = ledger.gaps(occasions, link.settings.level)
    progress(0.4, WORDS)
    try:
        answering = response.fit(occasions, link.settings.minimum_n, link.settings.level)
        weights = hajek(occasions, answering.chance) if len(ledger.reached(occasions)) else None
    except ValueError as error:
        return NonResponse(*counts, stages, gaps, why=f"There are no weights: {error}."), None
    if weights is None:
        why = "There are no weights: nobody who was asked is among those followed."
        return NonResponse(*counts, stages, gaps, why=why), None
    progress(0.7, WORDS)
    differences, speaking, why = _compared(link, weights, eligible=stages[0].customers)
    section = _section(weights, answering, differences, followed=len(link.frame), link=link)
    return NonResponse(*counts, stages, gaps, section, why), speaking


def _section(
    weights: Hajek, answering: Response, differences: list[Weighted], *, followed: int, link: Link
) -> Weights:
    covered = int(np.isin(weights.rows, link.rows, assume_unique=True).sum())
    return Weights(
        customers=covered,
        coverage=covered / followed if followed else 0.0,
        effective=weights.effective,
        trimmed=weights.trimmed,
        cap=weights.cap,
        cap_rule=CAP_RULE,
        largest=float(weights.weights.max()),
        terms=answering.terms,
        differences=differences,
    )


def _compared(link: Link, weights: Hajek, *, eligible: int) -> tuple[list[Weighted], Speaking | None, str]:
    """Every contrast as the link has it and weighted, both on the customers who have a weight."""
    if link.model is None:
        return [], None, ""
    known = np.isin(weights.rows, link.rows, assume_unique=True)
    rows = np.searchsorted(link.rows, weights.rows[known])
    w = weights.weights[known]
    fewest = int(pd.Series(link.band[rows]).value_counts().min())
    if fewest < link.settings.minimum_n:
        return (
            [],
            None,
            f"Nothing is compared with weights: a band has {fewest:,} customers with one, and this study asks for "
            f"{link.settings.minimum_n:,}.",
        )
    try:
        _, plain = link.fit(rows, "outcome", "c_")
        _, weighted = link.fit(rows, "outcome", "c_", w)
    except ValueError as error:
        return [], None, f"The bands cannot be compared with weights: {error}."
    level, nouns = link.settings.level, link.attitude.nouns
    return (
        [
            Weighted(
                name,
                nouns[first],
                nouns[second],
                plain.difference(first, second, level)[0],
                weighted.difference(first, second, level)[0],
            )
            for name, first, second in CONTRASTS
        ],
        Speaking(weighted, rows, eligible * float(w.sum() / weights.weights.sum())),
        "",
    )
