"""What each measure is: its scale, bands and one-line definition. `feedback.scoring` computes them."""

import math
from dataclasses import dataclass
from typing import Literal

Formula = Literal["net", "share", "mean"]


@dataclass(frozen=True, slots=True)
class Band:
    """Answers up to and including `highest` that no lower band holds; `side` is −1 (unfavourable), 0 or 1."""

    key: str
    label: str
    highest: float
    side: int


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure: scale, who counts, formula and interval. Higher is better in all of them.

    `unit` is "points" (−100 to 100), "share" (0 to 1) or "scale" (the question's own); `scale` is None where
    each question brings its own, which then never changes for that metric.
    """

    key: str
    label: str
    definition: str
    formula: Formula
    unit: Literal["points", "share", "scale"]
    scale: tuple[int, int] | None
    bands: tuple[Band, ...]
    who_counts: str
    interval: str


_WHO = (
    "Relationship surveys: a customer's latest answer in each wave. Transactional surveys: every answer. "
    "Test, dismissed and erased answers never count."
)
METRICS: dict[str, Metric] = {
    metric.key: metric
    for metric in (
        Metric(
            "nps",
            "NPS",
            "Share of answers 9–10 less share of answers 0–6, times 100.",
            "net",
            "points",
            (0, 10),
            (
                Band("detractor", "Detractors", 6, -1),
                Band("passive", "Passives", 8, 0),
                Band("promoter", "Promoters", math.inf, 1),
            ),
            _WHO,
            "95 %, adjusted Wald",
        ),
        Metric(
            "csat",
            "CSAT",
            "Share of answers 4–5 on a scale from 1 to 5 (top two).",
            "share",
            "share",
            (1, 5),
            (
                Band("dissatisfied", "Dissatisfied", 2, -1),
                Band("neutral", "Neutral", 3, 0),
                Band("satisfied", "Satisfied", math.inf, 1),
            ),
            _WHO,
            "95 %, Wilson",
        ),
        Metric(
            "ces",
            "CES",
            "Mean answer on a scale from 1 to 7; higher is easier.",
            "mean",
            "scale",
            (1, 7),
            (
                Band("difficult", "Difficult", 3, -1),
                Band("neutral", "Neutral", 4, 0),
                Band("easy", "Easy", math.inf, 1),
            ),
            _WHO,
            "95 %, Student's t",
        ),
        Metric(
            "rating",
            "Rating",
            "Mean answer on the question's own scale; higher is better.",
            "mean",
            "scale",
            None,
            (),
            _WHO,
            "95 %, Student's t",
        ),
    )
}


def family(metric: str) -> Metric:
    """The definition behind a metric key: "nps:branch" is an NPS, "tidiness" a rating."""
    return METRICS.get(metric.partition(":")[0], METRICS["rating"])


def label(metric: str) -> str:
    """A name to show: "NPS", "CSAT delivery", "Tidiness"."""
    head, _, name = metric.partition(":")
    words = (name or head).replace("-", " ").replace("_", " ")
    if head in METRICS and head != "rating":
        return f"{METRICS[head].label} {words}" if name else METRICS[head].label
    return words[:1].upper() + words[1:]
