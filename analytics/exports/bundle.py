"""Everything of one run in one ZIP: frames, the script that repeats it, the result, and what all of it means."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as pq

from analytics.models import Run
from analytics.privacy import files
from analytics.studies.kinds import kind_of
from analytics.studies.results import READINGS

from .columns import ROWS, meaning
from .schemas import schema
from .script import script
from .tables import sentences

ZIP = "application/zip"
_COPY = 1 << 20
#: What the script needs; the versions are those that the run was computed with.
_NEEDS = ("numpy", "pandas", "pyarrow", "scipy", "statsmodels")
#: So that the same run gives the same archive.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def bundle(run: Run) -> IO[bytes]:
    """The archive as a temporary file, at its beginning; gone when it is closed.

    Raises:
        FileNotFoundError: where the run's own frame is not stored any more.
    """
    stored = files(run) if run.frame_path else {}
    if "" not in stored:
        raise FileNotFoundError(f"The frame of run {run.number} is not stored any more.")
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the caller streams and closes it
    sums: dict[str, str] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _texts(run, stored):
            sums[name] = hashlib.sha256(content).hexdigest()
            archive.writestr(zipfile.ZipInfo(name, _NO_TIME), content, zipfile.ZIP_DEFLATED)
        for part, path in stored.items():
            name = place(part, path)
            sums[name] = _copied(archive, name, path)
        listed = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
        archive.writestr(zipfile.ZipInfo("SHA256SUMS", _NO_TIME), listed.encode())
    out.seek(0)
    return out


def place(part: str, path: Path) -> str:
    """Where a frame lies in the archive: the run's own at the top, the others in a folder."""
    if not part:
        return "frame.parquet"
    letters = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in part)
    return f"parts/{letters}.parquet"


def _texts(run: Run, stored: dict[str, Path]) -> Iterator[tuple[str, bytes]]:
    yield "README.md", readme(run, stored).encode()
    yield "repeat.py", script(run).encode()
    yield (
        "requirements.txt",
        "".join(f"{name}=={run.versions[name]}\n" for name in _NEEDS if name in run.versions).encode(),
    )
    yield "result.json", _json(run.result)
    yield "result.schema.json", _json(schema(kind_of(run.result or {})))
    yield "run.json", _json(about(run))


def about(run: Run) -> dict[str, Any]:
    """What went in: enough to say which run this was, whoever has the files."""
    return {
        "id": str(run.pk),
        "study": {"id": str(run.study_id), "name": run.study.name, "kind": run.study.kind},
        "number": run.number,
        "as_of": run.as_of.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "seed": run.seed,
        "schema_version": run.schema_version,
        "settings": run.settings,
        "versions": run.versions,
        "ledger": run.ledger,
        "frame_sha256_of_content": run.frame_hash,
        "parts": run.parts,
    }


def _copied(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Parquet is compressed already, so it is stored as it is. Returns its digest."""
    digest = hashlib.sha256()
    entry = zipfile.ZipInfo(name, _NO_TIME)
    with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
        while piece := source.read(_COPY):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def readme(run: Run, stored: dict[str, Path]) -> str:
    result: dict[str, Any] = run.result or {}
    lines = [
        f"# {_line(run.study.name)}, run {run.number}",
        "",
        _line(sentences(result).lede),
        "",
        f"Reading: {READINGS.get(result['reading'], result['reading'])}. As of {run.as_of:%Y-%m-%d %H:%M} UTC, "
        f"seed {run.seed}. An association, not proof.",
        "",
        "## Repeat it",
        "",
        "    pip install -r requirements.txt",
        "    python repeat.py frame.parquet",
        "",
        "`requirements.txt` names the versions that the run was computed with; newer ones give the same figures to six",
        "digits. The script prints each figure beside the stored one and ends with 1 where any of them differs.",
        "`sha256sum -c SHA256SUMS` checks that the files are whole.",
        "",
        "## Files",
        "",
        "- `result.json`: the result; `result.schema.json` says what stands where (JSON Schema).",
        "- `run.json`: settings, seed, versions, and which answers were kept and left out.",
        "- `repeat.py`, `requirements.txt`, `SHA256SUMS`.",
    ]
    lines += [f"- `{place(part, path)}`: one row is {rows(run, part)}." for part, path in stored.items()]
    for places, table in _tables(run, stored).items():
        lines += [
            "",
            f"## Columns of {places}",
            "",
            "| column | type | what it holds |",
            "|---|---|---|",
            *table,
        ]
    lines += [
        "",
        "t is the moment of the answer; windows are in days, half-open, so that nothing at t is in them.",
    ]
    return "\n".join(lines) + "\n"


def _tables(run: Run, stored: dict[str, Path]) -> dict[str, list[str]]:
    """What the columns hold, by the files that have just these."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for part, path in stored.items():
        table = tuple(
            f"| `{one.name}` | {one.type} | {_line(meaning(run, part, one.name)).replace('|', '/')} |"
            for one in pq.read_schema(path)
        )
        alike.setdefault(table, []).append(f"`{place(part, path)}`")
    return {", ".join(places): list(table) for table, places in alike.items()}


def rows(run: Run, part: str) -> str:
    if not part:
        return ROWS[kind_of(run.settings)]
    return next((words for beginning, words in ROWS.items() if part.startswith(beginning)), "one more row")


def _line(text: str) -> str:
    return " ".join(text.split())


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
