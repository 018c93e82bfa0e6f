"""Companies and customers as rows."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from crm.models import Company, Customer

from .. import people
from ..ids import uuids
from ..truth import SEGMENTS
from .base import BlockRows, Table


def customers(w: BlockRows) -> Iterator[Table]:
    customers = w.block.customers
    numbers = np.unique(customers.trade[customers.trade >= 0]).tolist()
    companies = dict(zip(numbers, uuids(len(numbers)), strict=True))
    opening = w.time(np.zeros(1))[0]
    firm = ((companies[number], f"B-{number}", people.company_name(number), opening) for number in numbers)
    yield Company, ("id", "external_id", "name", "created_at"), firm
    since = w.time(customers.since)
    known_since = w.time(np.maximum(customers.since, 0.0))
    opted = w.time(customers.opted_out)
    codes = [people.COUNTRIES[one] for one in customers.country.tolist()]

    def rows() -> Iterator[Sequence[Any]]:
        for row, (number, segment, trade, reachable, language) in enumerate(
            zip(
                customers.number.tolist(),
                customers.segment.tolist(),
                customers.trade.tolist(),
                customers.reachable.tolist(),
                customers.language.tolist(),
                strict=True,
            )
        ):
            first, last = w.names[row]
            yield (
                w.customers[row],
                f"C-{100_000 + number}",
                f"{first} {last}",
                people.email(first, last, number) if reachable else "",
                people.phone(codes[row], number),
                companies.get(trade),
                SEGMENTS[segment],
                codes[row],
                language,
                since[row],
                opted[row],
                f'{{"newsletter": {"true" if number % 3 else "false"}}}',
                known_since[row],
                known_since[row],
            )

    fields = (
        "id external_id name email phone company segment country language since surveys_opted_out_at "
        "attributes created_at updated_at"
    )
    yield Customer, fields.split(), rows()
