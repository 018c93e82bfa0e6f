"""Orders, refunds and cancellations as rows."""

from collections.abc import Iterator, Sequence
from typing import Any

from crm.models import Transaction

from .. import orders, people
from .base import BlockRows, Table


def transactions(w: BlockRows) -> Table:
    table, country = w.block.transactions, w.block.customers.country
    when = w.time(table.at)
    british = (country[table.who] == people.COUNTRIES.index("GB")).tolist()
    kinds = ("order", "refund", "cancellation")
    prefix = ("", "R-", "X-")

    def rows() -> Iterator[Sequence[Any]]:
        for row, (who, kind, order, product, quantity, euros, store) in enumerate(
            zip(
                table.who.tolist(),
                table.kind.tolist(),
                table.order.tolist(),
                table.product.tolist(),
                table.quantity.tolist(),
                table.euros.tolist(),
                table.store.tolist(),
                strict=True,
            )
        ):
            number = w.order_number(order)
            amount = round(euros * orders.POUND, 2) if british[row] else euros
            many = f"{quantity} × " if quantity > 1 else ""
            yield (
                w.customers[who],
                prefix[kind] + number,
                kinds[kind],
                when[row],
                f"{amount:.2f}",
                "GBP" if british[row] else "EUR",
                f"{euros:.2f}",
                quantity,
                "store" if store else "web",
                f"{many}{w.products[product]}",
                "{}" if kind == orders.ORDER else f'{{"order": "{number}"}}',
                when[row],
                when[row],
            )

    fields = (
        "customer external_id kind occurred_at amount currency reporting_amount quantity channel "
        "description properties created_at updated_at"
    )
    return Transaction, fields.split(), rows()
