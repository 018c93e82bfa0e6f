"""Contacts and visits as rows."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from crm.models import Interaction

from .. import contacts
from .base import BlockRows, Table

_TASKS = dict(
    zip(
        contacts.TASK_PLACES.tolist(),
        ("Paid for", "Tracked", "Returned", "Assembly help", "Looked up the invoice"),
        strict=True,
    )
)


def interactions(w: BlockRows) -> Table:
    table = w.block.interactions
    when = w.time(table.at)
    measures = _measures(w)
    seconds = [None if np.isnan(one) else int(one) for one in table.handle.tolist()]

    def rows() -> Iterator[Sequence[Any]]:
        for row, (who, kind, channel, place, employee, order, product, complaint, late) in enumerate(
            zip(
                table.who.tolist(),
                table.kind.tolist(),
                table.channel.tolist(),
                table.place.tolist(),
                table.employee.tolist(),
                table.order.tolist(),
                table.product.tolist(),
                table.complaint.tolist(),
                table.days_late.tolist(),
                strict=True,
            )
        ):
            number = w.order_number(order) if order >= 0 else ""
            yield (
                w.interactions[row],
                f"I-{w.first_number + row}",
                w.customers[who],
                contacts.CHANNELS[channel],
                w.to.touchpoints[place],
                w.to.employees[employee] if employee >= 0 else None,
                when[row],
                seconds[row],
                _subject(kind, place, w.products[product], number, complaint, late),
                complaint,
                measures[row],
                f'{{"order": "{number}"}}' if number else "{}",
                when[row],
                when[row],
            )

    fields = (
        "id external_id customer channel touchpoint employee occurred_at duration_seconds subject "
        "is_complaint measures properties created_at updated_at"
    )
    return Interaction, fields.split(), rows()


def _measures(w: BlockRows) -> list[str]:
    table = w.block.interactions
    names = ("wait_seconds", "handle_seconds", "transfers", "resolved_first_contact", "days_late")
    columns = (table.wait, table.handle, table.transfers, table.resolved, table.days_late)
    return [
        "{" + ", ".join(f'"{n}": {int(v)}' for n, v in zip(names, values, strict=True) if v == v) + "}"
        for values in zip(*(column.tolist() for column in columns), strict=True)
    ]


def _subject(kind: int, place: int, product: str, number: str, complaint: bool, late: float) -> str:
    if kind == contacts.DELIVERY:
        what = f"Delivered order {number}" if number else f"Delivered a part for the {product}"
        return what + (f", {int(late)} days late" if late > 0 else "")
    if kind == contacts.CONTACT:
        return f"Complaint about the {product}" if complaint else f"Question about the {product}"
    if kind == contacts.TASK:
        return f"{_TASKS[place]}: {product}"
    return f"Asked about the {product}" if kind == contacts.IN_STORE else f"Looked at the {product}"
