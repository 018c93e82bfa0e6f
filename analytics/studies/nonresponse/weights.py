"""Hájek weights: for how many eligible customers each one who is followed speaks.

A customer is seen when any of their eligible occasions is sampled and answered: with chances s and r, that chance is
1 − Π(1 − s·r) over their occasions, and the weight 1 ÷ it. Only ratios of weighted sums are used (Hájek 1971, comment
in "Foundations of Statistical Inference", 236), so the weights' scale does not matter. Those above CAP_RULE times the
mean are cut to it, which trades a little bias for much less variance, Potter (1990), "A study of procedures to
identify and trim extreme sampling weights", Proceedings of the Survey Research Methods Section, 225–230.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.studies.design import FloatArray

CAP_RULE = 5.0


@dataclass(frozen=True, slots=True)
class Hajek:
    """rows: of the study's frame, ascending; weights: theirs, of mean 1; cap: in the same scale."""

    rows: np.ndarray
    weights: FloatArray
    trimmed: int
    cap: float

    @property
    def effective(self) -> float:
        """Kish (1965), Survey Sampling, section 11.7: (Σw)²/Σw²."""
        return float(self.weights.sum() ** 2 / (self.weights @ self.weights))


def hajek(occasions: pd.DataFrame, chance: FloatArray) -> Hajek:
    """Of customers who answered an eligible occasion and are followed."""
    who = occasions["customer"].to_numpy()
    seen_at_all = chance_of_any(who, occasions["probability"].to_numpy(dtype=np.float64) * chance)
    came = ((occasions["answered"] == 1) & (occasions["followed"] >= 0)).to_numpy()
    rows, first = np.unique(occasions["followed"].to_numpy()[came], return_index=True)
    weights = 1.0 / seen_at_all[who[came][first]]
    weights = weights / weights.mean()
    cut = np.minimum(weights, CAP_RULE)
    scale = float(cut.mean())
    return Hajek(rows, cut / scale, int((weights > CAP_RULE).sum()), CAP_RULE / scale)


def chance_of_any(who: np.ndarray, chance: FloatArray) -> FloatArray:
    """1 − Π(1 − chance) by customer number."""
    with np.errstate(divide="ignore"):
        none = np.bincount(who, weights=np.log1p(-np.minimum(chance, 1.0)))
    return np.asarray(-np.expm1(none), dtype=np.float64)
