"""The bytes of a file, inflated where it is packed, with bounds: what is small may be packed from something endless."""

import gzip
import io
from pathlib import Path
from typing import Any

from django.conf import settings

#: No line is longer. One without an end would otherwise be read into memory whole.
LINE_BYTES = 1_000_000
#: Tables shrink to a tenth or a twentieth; what inflates more than this is made to.
MOST_FOLD = 200
#: Below so many bytes nothing is suspicious.
FREE_BYTES = 50_000_000
BUFFER = 1 << 16

#: How files begin that are no text, and what they are.
_OTHERS = {
    b"PK\x03\x04": "a ZIP or a spreadsheet (.xlsx): save the table as CSV (UTF-8), plain or gzip",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet (.xls): save the table as CSV (UTF-8)",
    b"PAR1": "Parquet: export the table as CSV",
    b"BZh": "packed with bzip2: pack it with gzip instead, or send it plain",
    b"\xfd7zXZ": "packed with xz: pack it with gzip instead, or send it plain",
    b"(\xb5/\xfd": "packed with zstd: pack it with gzip instead, or send it plain",
    b"%PDF": "a PDF: export the table as CSV",
}


class UnreadableFile(ValueError):
    """The file as a whole cannot be imported; the message says why and what to do."""


def inflated(raw: Any, path: Path) -> io.BufferedReader:
    """The file's text as bytes, checked while it is read.

    Raises:
        UnreadableFile: for what is no delimited text; while reading, for what grows beyond the bounds.
    """
    start = raw.read(8)
    raw.seek(0)
    for magic, what in _OTHERS.items():
        if start.startswith(magic):
            raise UnreadableFile(f"{path} is {what}.")
    packed = start.startswith(b"\x1f\x8b")
    body = gzip.GzipFile(fileobj=raw) if packed else raw
    return io.BufferedReader(_Bounded(body, raw if packed else None, path), BUFFER)


class _Bounded(io.RawIOBase):
    """Counts what comes out and how long its lines are."""

    def __init__(self, body: Any, packed: Any, path: Path) -> None:
        self.body, self.packed, self.path = body, packed, path
        self.most = settings.IMPORT_MAX_MB * 1_000_000
        self.out = self.line = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        got: int = self.body.readinto(buffer)
        self.out += got
        if self.out > self.most:
            raise UnreadableFile(
                f"{self.path} holds more than {settings.IMPORT_MAX_MB:,} MB"
                + (" once it is inflated" if self.packed else "")
                + ". Send it in parts, or raise IMPORT_MAX_MB."
            )
        if self.packed and self.out > FREE_BYTES and self.out > MOST_FOLD * max(1, self.packed.tell()):
            raise UnreadableFile(
                f"{self.path} inflates more than {MOST_FOLD}-fold, as no table does. If it is one, send it plain."
            )
        taken = bytes(buffer[:got])
        last = max(taken.rfind(b"\n"), taken.rfind(b"\r"))
        self.line = self.line + got if last < 0 else got - last - 1
        if self.line > LINE_BYTES:
            raise UnreadableFile(
                f"{self.path} has a line of more than {LINE_BYTES:,} bytes. Is it a table with a line for each row?"
            )
        return got
