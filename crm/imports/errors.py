"""The file of refused rows: line, column, reason, and the raw line, ready to be mended and sent again.

People open it in spreadsheets, so text that would be a formula there has an apostrophe in front.
"""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import TextIO

from cem.lib.spreadsheet import safe

from .mapping import Format
from .reading import Refusal, RowFile

COLUMNS = ("line", "column", "reason", "raw")


class ErrorsFile:
    """Made when the first row is refused; nothing is left behind when none is."""

    def __init__(self, path: Path, names_erased: Callable[[str], bool] | None = None) -> None:
        """`names_erased` tells lines that name somebody who was erased: of those nothing is kept again. The line's
        number leads whoever has the file to it."""
        self.path, self.names_erased = path, names_erased
        self.count = 0
        self._file: TextIO | None = None

    def __enter__(self) -> "ErrorsFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, refusals: Iterable[Refusal]) -> None:
        for refusal in refusals:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("w", newline="", encoding="utf-8", errors="backslashreplace")
                self._writer = csv.writer(self._file)
                self._writer.writerow(COLUMNS)
            self._writer.writerow(
                [
                    refusal.line,
                    safe(refusal.column),
                    safe(refusal.reason),
                    safe(self._kept(refusal.raw)),
                ]
            )
            self.count += 1

    def _kept(self, raw: str) -> str:
        if self.names_erased is not None and self.names_erased(raw):
            return ""
        return raw.rstrip("\r\n").replace("\0", "\\0")


def with_raw_lines(path: Path, form: Format, refused: Iterable[tuple[int, str, str]]) -> Iterable[Refusal]:
    """Rows that the database refused are known by line only: read the file again for their text.

    Args:
        refused: (line, column, reason) by line.
    """
    wanted = iter(refused)
    now = next(wanted, None)
    if now is None:
        return
    with RowFile(path, form) as file:
        for chunk in file.chunks():
            if chunk.records and chunk.records[-1].line < now[0]:
                continue
            for record in chunk.records:
                if record.line == now[0]:
                    yield Refusal(*now, record.raw)
                    now = next(wanted, None)
                    if now is None:
                        return
