"""Said and did: a customer's answers above their orders."""

from dashboards.charts import Answer, Order, SaidDid
from dashboards.charts.base import Tone
from feedback.scoring import side

from .selectors import History

_TONES: dict[int, Tone] = {-1: "detractor", 0: "passive", 1: "promoter"}


def tone(metric: str, value: float) -> Tone:
    return _TONES[side(metric, value)]


def said_did(history: History, currency: str) -> SaidDid | None:
    """None where there is nothing to draw."""
    if not history.answers and not history.orders:
        return None
    return SaidDid(
        start=history.start,
        end=history.end,
        answers=tuple(Answer(day, score, tone("nps", score)) for day, score in history.answers),
        orders=tuple(Order(day, amount) for day, amount in history.orders),
        currency=currency,
        usual_gap=history.usual_gap,
    )


def title(history: History) -> str:
    """What the picture shows, in words made from its numbers."""
    parts = []
    if history.answers:
        scores = [score for _, score in history.answers]
        if len(scores) == 1:
            parts.append(f"Scored {scores[0]}")
        elif len(set(scores)) == 1:
            parts.append(f"Scored {scores[0]} each of {len(scores)} times")
        else:
            parts.append(f"Scored {scores[0]} at first, {scores[-1]} last")
    else:
        parts.append("No NPS answer in these months")
    if history.orders:
        silent = (history.end - history.orders[-1][0]).days
        if history.usual_gap is not None and silent > history.usual_gap:
            parts.append(f"no order for {silent} days")
        else:
            parts.append(f"{len(history.orders)} order{'s' if len(history.orders) > 1 else ''}")
    else:
        parts.append("no order")
    return "; ".join(parts)
