"""Pieces that the statements of several frames share."""

from typing import Any

import pyarrow as pa


def line(reason: str, label: str, n: int, *, dropped: bool = True) -> dict[str, Any]:
    """One line of a ledger."""
    return {"reason": reason, "label": label, "n": n, "dropped": dropped}


def null(column: str, columns: pa.Schema) -> str:
    """A NULL of the column's type, for the row that holds the counts."""
    kind = columns.field(column).type
    if pa.types.is_string(kind):
        return "NULL::text"
    if pa.types.is_timestamp(kind):
        return "NULL::bigint"
    return "NULL::int" if pa.types.is_integer(kind) else "NULL::numeric"


def microseconds(moment: str) -> str:
    """SQL that writes a moment as the frame's timestamps are read."""
    return f"(extract(epoch FROM {moment}) * 1000000)::bigint"
