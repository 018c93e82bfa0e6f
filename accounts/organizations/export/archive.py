"""The ZIP: parts written as they are read, each with its rows, bytes and SHA-256; memory stays flat."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from .tables import StoredFile, Table

BLOCK = 1 << 20
#: COPY as CSV of one column whose quote and delimiter never stand in JSON text (control characters are escaped
#: there), so that each line is the JSON itself.
_COPY = (
    "COPY (SELECT row_to_json(r) FROM ({query}) r) TO STDOUT (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
)


@dataclass(frozen=True)
class Part:
    """A file of the archive. `rows` is 0 for what is no table."""

    name: str
    label: str
    rows: int
    bytes: int
    sha256: str

    @property
    def plain(self) -> dict[str, Any]:
        return asdict(self)


class _Sink:
    """What COPY and file copies write to."""

    def __init__(self, target: Any, tell: Callable[[int], None]) -> None:
        self._target, self._tell = target, tell
        self._digest = hashlib.sha256()
        self.rows = self.bytes = 0

    def write(self, data: bytes) -> int:
        self._target.write(data)
        self._digest.update(data)
        self.rows += data.count(b"\n")
        self.bytes += len(data)
        self._tell(self.rows)
        return len(data)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Archive:
    """Writes one ZIP. Call `close` once everything is in, or leave the file to be removed."""

    def __init__(self, path: Path, made_at: datetime) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._made_at = made_at
        self.parts: list[Part] = []

    def add_table(self, table: Table, organization_id: Any, tell: Callable[[int], None]) -> Part:
        """Stream a table's rows as JSON Lines. `tell` hears how many rows are written."""
        with connection.cursor() as cursor, self._open(table.file) as target:
            sink = _Sink(target, tell)
            query = cursor.mogrify(table.query, [str(organization_id)]).decode()
            cursor.copy_expert(_COPY.format(query=query), sink, BLOCK)
        return self._note(table.file, table.label, sink.rows, sink)

    def add_file(self, stored: StoredFile) -> Part | None:
        """Copy a file. None when it went meanwhile, such as a frame that retention let go."""
        try:
            source = stored.path.open("rb")
        except FileNotFoundError:
            return None
        packed = stored.path.suffix in (".parquet", ".gz", ".zip", ".xlsx")
        with source, self._open(stored.name, zipfile.ZIP_STORED if packed else None) as target:
            sink = _Sink(target, lambda rows: None)
            while block := source.read(BLOCK):
                sink.write(block)
        return self._note(stored.name, "", 0, sink)

    def add_text(self, name: str, text: str) -> Part:
        with self._open(name) as target:
            sink = _Sink(target, lambda rows: None)
            sink.write(text.encode())
        return self._note(name, "", 0, sink)

    def close(self) -> None:
        """Add the check sums, which `sha256sum --check` reads, and finish."""
        lines = (f"{part.sha256}  {part.name}\n" for part in self.parts)
        with self._open("SHA256SUMS") as target:
            target.write("".join(lines).encode())
        self._zip.close()

    def _open(self, name: str, method: int | None = None) -> Any:
        info = zipfile.ZipInfo(name, self._made_at.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED if method is None else method
        info.external_attr = 0o600 << 16
        return self._zip.open(info, "w", force_zip64=True)

    def _note(self, name: str, label: str, rows: int, sink: _Sink) -> Part:
        part = Part(name, label, rows, sink.bytes, sink.sha256)
        self.parts.append(part)
        return part


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"
