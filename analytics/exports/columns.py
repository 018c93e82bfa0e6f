"""What the columns of stored frames mean, in words for whoever gets the files."""

from typing import Any

from analytics.frames import metrics
from analytics.frames.parts import ANSWERS
from analytics.frames.questions import CONSTITUENCY_CONTROLS, OPERATIONAL_CONTROLS
from analytics.models import Run
from analytics.studies.kinds import kind_of

#: By the beginning of a part's name: what one row of it is.
ROWS = {
    "financial": "a customer, from their first answer in the period",
    "operational": "a contact that was asked about and answered",
    "constituency": "a unit (team) in one period; n is the number of units",
    ANSWERS: "a customer, from their first answer to this attitude in the period",
    "asked": "an occasion on which a customer was due to be asked, asked or not",
    "returning": "a customer, from their first answer, whether its window is over or not",
    "items": "an answer to the study’s attitude, with what else was answered in it",
}
_ANSWER = {
    "customer": "id of the customer; nothing else of a person is in the files",
    "answered_at": "when the answer was given, UTC",
    "value": "the answer as it was given",
    "band": "the answer’s band",
    "lookback_covered": "1 where the data reach back over the whole look-back before the answer",
    "placebo_possible": "1 where they also reach back over the placebo’s windows",
    "tenure_days": "days since they became a customer; missing where nobody knows",
    "segment": "their segment when the frame was built",
    "country": "their country when the frame was built",
    "language": "their language when the frame was built",
    "next_days": "days from then to the next order; missing where there was none until the as-of moment",
    "followed_days": "days from then to the as-of moment, or to the order",
}
_CONTACT = {
    "customer": "id of the customer; rows of one belong together",
    "answered_at": "when the answer was given, UTC",
    "contact": "id of the contact that was asked about",
    "contact_at": "when it was, UTC",
    "agent": "the agent’s id in your own system; empty where nobody is named; rows of one belong together",
    "hour": "hour of the contact in the organization’s time zone",
    "measure": "the study’s measure of the contact",
    "value": "the answer about it",
    "previous": "the customer’s answer to the same question before this contact; missing where there is none",
    "earlier": "the one before that",
    "channel": "channel of the contact",
    "touchpoint": "key of its touchpoint",
}
_UNIT = {
    "unit": "the unit’s id in your own system",
    "period": "first moment of the period, UTC",
    "name": "the unit’s name",
    "region": "the unit above it",
    "size": "employees of the unit",
    "employees": "employees who answered in the period, five at least",
    "felt": "mean of their answers",
    "felt_within": "sum of squared differences from that mean",
    "customers": "customers’ answers about contacts that the unit handled",
    "outcome": "the customers’ score, after the employees had answered",
    "outcome_within": "sum of squared differences from it",
    "previous": "the customers’ score of the period before; missing where there is none",
    "earlier": "the one before that",
}
_ASKED = {
    "customer": "id of the customer",
    "asked_at": "when they were asked, or would have been, UTC",
    "probability": "with which probability they were drawn; missing where nobody drew",
    "reason": "why they were not asked; empty where they were",
    "sampled": "1 where they were drawn",
    "delivered": "1 where the invitation arrived, as far as is known",
    "answered": "1 where they answered",
    "revenue": "what they ordered in the look-back before",
    "orders": "how many orders they placed in the look-back before",
    "contacts": "how often they were in touch in the look-back before",
}


def meaning(run: Run, part: str, column: str) -> str:
    """What a column of a run's frame ("" is its own) holds; never empty for columns that this version writes."""
    kind = kind_of(run.settings)
    if kind == "operational" and not part:
        return _CONTACT.get(column) or OPERATIONAL_CONTROLS.get(column, ("", ""))[0] or _fact(column)
    if kind == "constituency" and not part:
        return _UNIT.get(column) or CONSTITUENCY_CONTROLS.get(column) or _fact(column)
    if part == "asked" and column in _ASKED:
        return _ASKED[column]
    if part == "items" and (found := _item(run, column)):
        return found
    return _followed(run.settings, column) or _ANSWER.get(column) or _fact(column)


def _followed(settings: dict[str, Any], column: str) -> str:
    """Windows: t is the answer, h the horizon, w the look-back, in days."""
    h, w = settings.get("horizon_days", 0), settings.get("lookback_days", 0)
    windows = {
        "outcome": (settings["outcome"], f"in (t, t+{h}]"),
        "placebo": (settings["outcome"], f"in [t−{h}, t)"),
    }
    for prefix, words in (
        ("o_", f"in (t, t+{h}]"),
        ("b_", f"in [t−{h}, t)"),
        ("c_", f"in [t−{w}, t), held fixed for the link"),
        ("p_", f"in [t−{h + w}, t−{h}), held fixed for the placebo"),
    ):
        if column.startswith(prefix):
            windows[column] = (column.removeprefix(prefix), words)
    if column not in windows:
        return ""
    name, words = windows[column]
    known = metrics.METRICS.get(name)
    label = known.label if known else name
    unit = f" ({settings['currency']})" if known and known.unit == "money" else ""
    return f"{label}{unit} {words}"


def _item(run: Run, column: str) -> str:
    if column == "touchpoint":
        return "id of the touchpoint that the answer is about; empty where it is about none"
    named = (run.parts.get("items") or {}).get("items", [])
    return next((f"answer to: {one['label']}" for one in named if one["column"] == column), "")


def _fact(column: str) -> str:
    return f"{column.replace('_', ' ')}, as it stood when the frame was built"
