"""A block of the world as rows of the models: fields and values in COPY's order."""

from collections.abc import Iterator

from .base import BlockRows, References, Table
from .cases import cases
from .customers import customers
from .interactions import interactions
from .invitations import invitations
from .responses import responses, scores, verbatims
from .transactions import transactions

__all__ = ["BlockRows", "References", "Table", "tables"]


def tables(rows: BlockRows) -> Iterator[Table]:
    """The tables of one block, each after those it refers to."""
    yield from customers(rows)
    yield transactions(rows)
    yield interactions(rows)
    yield invitations(rows)
    yield responses(rows)
    yield scores(rows)
    yield verbatims(rows)
    yield cases(rows)
