"""Files of rows, streamed: a few thousand records at a time, each with its line and its raw text."""

import csv
import gzip
import hashlib
import io
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Any, NamedTuple

from .inflating import UnreadableFile, inflated
from .mapping import Format, MappingError, suggestion

__all__ = ["Chunk", "Record", "Refusal", "RowFile", "UnreadableFile", "position_of", "sha256"]

#: Records staged by one COPY: enough to be quick, little enough to keep memory flat.
CHUNK = 20_000
#: Characters of it at most, so that long lines keep memory flat, too.
CHUNK_CHARACTERS = 32_000_000
#: Characters looked at together. One odd line costs its block the quick way, and no more.
BLOCK_CHARACTERS = 200_000
#: A record is not longer, over however many lines.
RECORD_CHARACTERS = 2_000_000


class Record(NamedTuple):
    line: int
    cells: list[str]
    raw: str


class Refusal(NamedTuple):
    line: int
    column: str
    reason: str
    raw: str


@dataclass
class Chunk:
    records: list[Record]
    refusals: list[Refusal]
    #: Bytes of the file (as stored, so before inflation) read so far.
    position: int


class _Lines(Iterator[str]):
    """Lines of text that remember those of the current record, and take some back."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream = stream
        self.number = 0
        self.taken: list[str] = []
        self.held = 0
        self.back: deque[str] = deque()

    def __next__(self) -> str:
        line = self.back.popleft() if self.back else next(self.stream)
        self.number += 1
        self.held = self.held + len(line) if self.taken else len(line)
        if self.held > RECORD_CHARACTERS:
            raise UnreadableFile(
                f"Line {self.number}: the record that it belongs to is longer than {RECORD_CHARACTERS:,} "
                "characters. Is a quote left open?"
            )
        self.taken.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        """Lines that were read from the stream ahead of the records."""
        self.back.extend(lines)

    def keep_first(self) -> None:
        """Of a record that went wrong over several lines (an open quote) only the first is it; the others are
        read anew."""
        others = self.taken[1:]
        self.back.extendleft(reversed(others))
        self.number -= len(others)
        del self.taken[1:]


class RowFile:
    """A delimited file as the mapping's format says, plain or gzip."""

    def __init__(self, path: Path, form: Format) -> None:
        self.path, self.format = path, form
        try:
            self.size = path.stat().st_size
            self._raw = path.open("rb")
        except OSError as error:
            raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from None
        self.header: list[str] | None = None
        #: How many columns every row has.
        self.width = 0
        try:
            body: Any = inflated(self._raw, path)
        except UnreadableFile:
            self._raw.close()
            raise
        # A byte order mark belongs to no column's name. What cannot be decoded costs its row, not the import.
        encoding = (
            "utf-8-sig" if form.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else form.encoding
        )
        try:
            # Kept: a wrapper that is collected closes the file below it.
            stream = self._stream = io.TextIOWrapper(body, encoding, "surrogateescape", newline="")
            self._lines = _Lines(stream)
            self._records = self._split(self._lines)
            self._peeked: list[Record | Refusal] = []
            if form.header:
                self.header = self._read_header()
                self.width = len(self.header)
            else:
                self._look_at_first()
        except (UnicodeError, EOFError, gzip.BadGzipFile, zlib.error) as error:
            self._raw.close()
            raise UnreadableFile(
                f"{path} is not {form.encoding} text ({error}). Name its encoding in format.encoding."
            ) from None
        except UnreadableFile:
            self._raw.close()
            raise

    def __enter__(self) -> "RowFile":
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()

    def _read_header(self) -> list[str]:
        first = next(self._records, None)
        if first is None:
            raise UnreadableFile(f"{self.path} is empty.")
        if isinstance(first, Refusal):
            raise UnreadableFile(f"{self.path}, line {first.line}: the header {first.reason}.")
        header = [name.strip() for name in first.cells]
        if any("\0" in name or not _is_text(name) for name in header):
            raise UnreadableFile(
                f"{self.path}: the header is not {self.format.encoding} text. Name the file's encoding in "
                "format.encoding (cp1252 and utf-16 are usual ones)."
            )
        return header

    def _look_at_first(self) -> None:
        """Without a header the first row says how wide the file is."""
        first = next(self._records, None)
        if isinstance(first, Record):
            self.width = len(first.cells)
        if first is not None:
            self._peeked.append(first)

    def _items(self) -> Iterator[list[Record] | Record | Refusal]:
        """All there is: whole blocks of records where lines allow it, one at a time where they do not."""
        yield from self._peeked
        lines = self._lines
        while not self.format.whitespace and self.width:
            while lines.back and (item := next(self._records, None)) is not None:
                yield item
            ahead = lines.stream.readlines(BLOCK_CHARACTERS)
            if not ahead:
                break
            block = self._block(ahead)
            if block is None:
                lines.give_back(ahead)
            else:
                lines.number += len(ahead)
                yield block
        yield from self._records

    def _block(self, ahead: list[str]) -> list[Record] | None:
        """These lines as a record each, several times quicker than one by one; None unless every line is one
        record of the right width (so no quote is left open, nothing is empty, ragged or refused)."""
        try:
            rows = list(self._reader(ahead))
        except csv.Error:
            return None
        if set(map(len, rows)) != {self.width} or len(rows) != len(ahead):
            return None
        return list(map(Record._make, zip(count(self._lines.number + 1), rows, ahead, strict=False)))

    def _reader(self, lines: Iterable[str]) -> Any:
        quote = self.format.quote
        return csv.reader(
            lines,
            delimiter=self.format.delimiter,
            quotechar=quote or None,
            quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
            strict=True,
        )

    def _split(self, lines: _Lines) -> Iterator[Record | Refusal]:
        if self.format.whitespace:
            for line in lines:
                if cells := line.split():
                    yield Record(lines.number, cells, line)
                lines.taken.clear()
            return
        reader = self._reader(lines)
        taken = lines.taken
        while True:
            taken.clear()
            start = lines.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                lines.keep_first()
                yield Refusal(start, "", f"is not well-formed: {error} (is a quote left open?)", taken[0])
                continue
            if not cells:
                continue  # an empty line is no row
            if len(taken) == 1:
                yield Record(start, cells, taken[0])
            elif not self.width or len(cells) == self.width:
                yield Record(start, cells, "".join(taken))
            else:
                lines.keep_first()
                yield Refusal(start, "", "has a quote that is left open", taken[0])

    def chunks(self) -> Iterator[Chunk]:
        """All records, once. Ragged lines are refused.

        Raises:
            UnreadableFile: when the rest of the file cannot be read (broken gzip, not this encoding).
        """
        records: list[Record] = []
        refusals: list[Refusal] = []
        characters = 0
        try:
            for item in self._items():
                if isinstance(item, list):
                    records += item
                    characters += BLOCK_CHARACTERS
                elif isinstance(item, Refusal):
                    refusals.append(item)
                    characters += len(item.raw)
                else:
                    width = len(item.cells)
                    characters += len(item.raw)
                    if width == self.width:
                        records.append(item)
                    elif not self.width:
                        self.width = width
                        records.append(item)
                    else:
                        reason = f"has {width} columns, not {self.width}"
                        refusals.append(Refusal(item.line, "", reason, item.raw))
                if max(len(records), len(refusals)) >= CHUNK or characters >= CHUNK_CHARACTERS:
                    yield Chunk(records, refusals, self._raw.tell())
                    records, refusals, characters = [], [], 0
        except (UnicodeError, EOFError, OSError, zlib.error) as error:
            raise UnreadableFile(f"{self.path} cannot be read to its end: {error}.") from None
        yield Chunk(records, refusals, self._raw.tell())


def _is_text(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from None


def position_of(column: str | int, header: list[str] | None, width: int, place: str) -> int:
    """A column's index from 0.

    Raises:
        MappingError: when the file has no such column, or two.
    """
    if isinstance(column, int):
        if width and column > width:
            raise MappingError([f"{place}: there is no column {column}; the file has {width}"])
        return column - 1
    if header is None:
        raise MappingError([f"{place}: the file has no header, so name columns by position (from 1)"])
    if header.count(column) > 1:
        raise MappingError(
            [f"{place}: the file has {header.count(column)} columns {column!r}; use a position"]
        )
    if column not in header:
        raise MappingError([f"{place}: the file has no column {column!r}" + suggestion(column, header)])
    return header.index(column)
