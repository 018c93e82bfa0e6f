"""Cells that leave for a spreadsheet: text that it would run is made text that it shows."""

from typing import TypeVar

Cell = TypeVar("Cell")

#: What a spreadsheet takes for the beginning of a formula, also in the full width that some turn into the narrow one.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe(value: Cell) -> Cell | str:
    """Text that begins like a formula gets an apostrophe in front, as spreadsheets write it themselves; blanks
    before it do not hide it. Numbers stay numbers."""
    if isinstance(value, str) and (value.startswith(FORMULA) or value.lstrip().startswith(FORMULA)):
        return f"'{value}"
    return value
