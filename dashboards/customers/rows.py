"""From what the rooms tell of a customer to what the page shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from crm.models.interaction import Channel
from crm.models.transaction import TransactionKind
from crm.timeline import Entry
from dashboards.charts import money
from dashboards.charts.numbers import exact
from feedback.metrics import family, label
from feedback.models import Score
from feedback.scoring import band, side

from .selectors import Vital

#: side of a band → (hue class, tag class, shape); each meaning has all three.
_LOOKS = {-1: ("kd", "bad", "▼"), 0: ("kn", "", "■"), 1: ("kp", "good", "▲")}


#: Money or a customer that goes; and rows whose amount was agreed on, not paid.
_BACK = {TransactionKind.REFUND, TransactionKind.CANCELLATION, TransactionKind.SUBSCRIPTION_CANCEL}
_AGREED = {
    TransactionKind.SUBSCRIPTION_START,
    TransactionKind.SUBSCRIPTION_RENEWAL,
    TransactionKind.SUBSCRIPTION_CANCEL,
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A score with its band as hue, shape and word."""

    label: str
    value: str
    scale: str
    word: str
    hue: str
    tag: str
    shape: str
    moment: datetime | None = None


def badge_of(metric: str, value: float, moment: datetime | None = None) -> Badge:
    hue, tag, shape = _LOOKS[side(metric, value)]
    scale = family(metric).scale
    word = band(metric, value)
    return Badge(
        label(metric),
        f"{value:g}",
        f" of {scale[1]}" if scale and scale[0] > 0 else "",
        word,
        hue,
        tag,
        shape if word else "",
        moment,
    )


def badge(metric: str, score: Score | None) -> Badge | None:
    return None if score is None else badge_of(metric, score.value, score.answered_at)


def vital(item: Vital) -> dict[str, Any]:
    return {
        "badge": badge_of(item.metric, item.value),
        "day": item.answered,
        "before": None if item.before is None else f"{item.before:g}",
        "before_day": item.before_answered,
    }


@dataclass
class Row:
    """One line of the timeline. `css` places its dot on a rail; `tie` marks a branch that passes or ends here."""

    id: UUID
    moment: datetime
    css: list[str]
    title: str
    words: str = ""
    aside: str = ""
    score: str = ""
    badges: list[Badge] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def classes(self) -> str:
        return " ".join(self.css)


def timeline_rows(entries: Sequence[Entry], zone: ZoneInfo) -> list[Row]:
    """Rows newest first, in the organization's zone, with branches from answers down to the contact they are about.

    One branch at a time: where a second would cross the first, it is left out rather than drawn wrongly.
    """
    rows = [_row(entry, zone) for entry in entries]
    places = {entry.id: place for place, entry in enumerate(entries)}
    free_from = 0
    for place, entry in enumerate(entries):
        about = entry.facts.get("interaction") if entry.source == "answers" else None
        root = places.get(about) if about else None
        if root is None or root <= place or place < free_from:
            continue
        hue = next(name for name in (*rows[place].css, "kn") if name in ("kp", "kn", "kd"))
        rows[place].css.append("tie")
        for between in rows[place + 1 : root]:
            between.css += ["pass"] if "said" in between.css else ["pass", hue]
        rows[root].css += ["root", hue]
        free_from = root + 1
    return rows


def _row(entry: Entry, zone: ZoneInfo) -> Row:
    moment = entry.occurred_at.astimezone(zone)
    make = _MAKERS.get(entry.source)
    if make is None:
        return Row(entry.id, moment, ["sent"], entry.title, entry.detail)
    return make(entry, moment)


def _answer(entry: Entry, moment: datetime) -> Row:
    badges = [badge_of(one["metric"], one["value"]) for one in entry.facts.get("scores", ())]
    main = badges[0] if badges else None
    return Row(
        entry.id,
        moment,
        ["said", main.hue if main else "kn"],
        f"{main.label} {main.value}{main.scale}" if main else entry.title,
        aside=entry.detail,
        score=main.value if main else "·",
        badges=badges[:1],
        quotes=[one["text"] for one in entry.facts.get("verbatims", ())],
    )


def _invitation(entry: Entry, moment: datetime) -> Row:
    css = ["unasked"] if entry.kind == "not_asked" else ["sent"]
    return Row(entry.id, moment, css, entry.title, entry.detail, str(entry.facts.get("reason", "")))


def _contact(entry: Entry, moment: datetime) -> Row:
    facts = entry.facts
    channel = Channel(facts["channel"]).label if facts["channel"] in Channel.values else facts["channel"]
    seconds = facts.get("duration_seconds")
    lead = f"{channel}, {max(1, round(seconds / 60))} min" if seconds else channel
    title = entry.title
    if facts["channel"] == Channel.OTHER:  # a delivery, say: what happened is the better name
        lead, title = title, ""
    with_whom = f"with {facts['employee']}" if facts.get("employee") else ""
    words = ": ".join(filter(None, (with_whom, title)))
    css = ["complaint"] if entry.kind == "complaint" else []
    return Row(entry.id, moment, css, lead, words, " · ".join(_measures(facts.get("measures") or {})))


def _measures(measures: dict[str, Any]) -> list[str]:
    found = []
    if (wait := measures.get("wait_seconds")) is not None:
        found.append(f"waited {_duration(float(wait))}")
    if transfers := measures.get("transfers"):
        found.append(f"transferred {'once' if transfers == 1 else f'{transfers:g} times'}")
    if (solved := measures.get("resolved_first_contact")) is not None:
        found.append("resolved" if solved else "not resolved")
    if (late := measures.get("days_late")) is not None:
        found.append(f"{late:g} days late" if late > 0 else "on time")
    return found


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _purchase(entry: Entry, moment: datetime) -> Row:
    facts = entry.facts
    number = facts.get("external_id", "")
    kind = str(TransactionKind(entry.kind).label)
    paid = exact(facts["amount"], money(facts["currency"]))
    money_text = "" if entry.kind in _AGREED and not facts["amount"] else f", {paid}"
    shown = f" {number}" if number and len(number) <= 24 else ""
    words = entry.title if entry.title != kind else ""
    if (quantity := facts.get("quantity")) and quantity > 1:
        counted = words.startswith(f"{quantity} ×")  # some sources say so in the description
        words = words if counted else f"{quantity} × {words}" if words else f"{quantity} pieces"
    css = ["buy", "back"] if entry.kind in _BACK else ["buy"]
    return Row(entry.id, moment, css, f"{kind}{shown}{money_text}", words, facts.get("channel") or "")


def _case(entry: Entry, moment: datetime) -> Row:
    facts = entry.facts
    owner = f"owner {facts['owner']}" if facts.get("owner") else ""
    state = "past due" if facts.get("overdue") else entry.detail.lower()
    return Row(entry.id, moment, ["sent"], entry.title, owner, state)


_MAKERS = {
    "answers": _answer,
    "invitations": _invitation,
    "interactions": _contact,
    "transactions": _purchase,
    "cases": _case,
}
