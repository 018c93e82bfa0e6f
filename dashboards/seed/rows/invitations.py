"""Who was asked and who was not, as rows."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from feedback.models import Invitation

from .. import asking
from .base import BlockRows, Table, Texts


def invitations(w: BlockRows) -> Table:
    asks = w.block.asks
    status, declined = _status(w)
    sent = asks.sent.tolist()
    digests = np.random.default_rng().bytes(32 * len(asks)).hex()  # of tokens that nobody has
    interaction = np.where(asks.survey == asking.NPS, -1, asks.row)
    waves = np.where(asks.survey == asking.NPS, w.calendar.quarters(asks.at), "").tolist()
    when, until = w.time(asks.at), w.time(asks.at + 30.0)
    answered = w.time(np.where(asks.answered, asks.answer_at, np.nan))

    def rows() -> Iterator[Sequence[Any]]:
        for row, (survey, who, reason, probability) in enumerate(
            zip(
                asks.survey.tolist(),
                asks.who.tolist(),
                asks.reason.tolist(),
                asks.probability.tolist(),
                strict=True,
            )
        ):
            about = interaction[row]
            yield (
                w.asks[row],
                w.to.surveys[survey],
                w.customers[who],
                w.interactions[about] if about >= 0 else None,
                waves[row],
                "email",
                f"\\x{digests[64 * row : 64 * row + 64]}" if sent[row] else None,
                Invitation.Status.DECLINED if row in declined else status[row],
                asking.REASONS[reason],
                probability,
                when[row],
                until[row] if sent[row] else None,
                answered[row],
            )

    fields = (
        "id survey customer interaction wave channel hash status ineligible_reason "
        "sampling_probability sent_at expires_at answered_at"
    )
    return Invitation, fields.split(), rows()


def _status(w: BlockRows) -> tuple[Texts, set[int]]:
    asks = w.block.asks
    names = np.array(["not_asked", "delivered", "bounced", "answered", "sent"])
    code = np.where(asks.sent, 1, 0)
    code[asks.sent & asks.bounced] = 2
    code[asks.answered] = 3
    code[asks.sent & ~asks.answered & ~asks.bounced & (asks.at > 729.9)] = 4
    return names[code].tolist(), set(w.block.responses.dismissed_asks.tolist())
