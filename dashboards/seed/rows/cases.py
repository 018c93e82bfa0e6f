"""Cases as rows."""

from collections.abc import Iterator, Sequence
from typing import Any

from crm.models import Case

from .. import asking
from ..cases import OPENED_BY, ROOT_CAUSES
from ..world import BLOCK
from .base import METRICS, BlockRows, Table


def cases(w: BlockRows) -> Table:
    table = w.block.cases
    opened, due, closed = (
        w.time(table.opened_at),
        w.time(table.due_at),
        w.time(table.closed_at),
    )
    first = w.block.number * 10 * BLOCK + 1

    def rows() -> Iterator[Sequence[Any]]:
        for row, (who, reason, source, waiting, owner, cause) in enumerate(
            zip(
                table.who.tolist(),
                table.reason.tolist(),
                table.source.tolist(),
                table.waiting.tolist(),
                table.owner.tolist(),
                table.root_cause.tolist(),
                strict=True,
            )
        ):
            is_open = closed[row] is None
            status = Case.Status.WAITING if waiting else Case.Status.OPEN
            yield (
                first + row,
                w.customers[who],
                _subject(w, reason, source),
                OPENED_BY[reason],
                f"interaction:{w.interactions[source]}"
                if OPENED_BY[reason] == "complaint"
                else f"response:{w.responses[source]}",
                status if is_open else Case.Status.CLOSED,
                w.to.employees[owner] if owner >= 0 else None,
                w.to.teams[owner] if owner >= 0 else None,
                ROOT_CAUSES[cause],
                opened[row],
                due[row],
                closed[row],
            )

    fields = "number customer subject reason source status owner team root_cause opened_at due_at closed_at"
    return Case, fields.split(), rows()


def _subject(w: BlockRows, reason: int, source: int) -> str:
    if OPENED_BY[reason] == "complaint":
        return f"Complaint about the {w.products[w.block.interactions.product[source]]}"
    survey, score = int(w.block.responses.survey[source]), int(w.block.responses.score[source])
    most = 10 if survey == asking.NPS else 5
    return f"{METRICS[survey].upper()} {score} of {most} in {w.to.survey_names[survey]}"
