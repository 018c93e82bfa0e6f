"""What comes in has bounds: packed import files, posted files, and what leaves runs as nobody's formula."""

import csv
import gzip
import io
import resource
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.audit.record import record
from accounts.tenancy import organization_context
from analytics.exports.cells import Sheet
from analytics.exports.workbook import comma_separated, workbook
from cem.lib.spreadsheet import safe
from crm.imports import inflating
from crm.imports.mapping import Format
from crm.imports.reading import RowFile, UnreadableFile
from crm.models import Customer, ImportRun
from tests.cast import Cast
from tests.crm.files import CUSTOMERS, Desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(cast: Cast, tmp_path: Path) -> Desk:
    return Desk(tmp_path, cast.organization)


def bomb(path: Path, line: bytes, megabytes: int) -> Path:
    """Members of a megabyte, one after the other, as gzip allows: quick to make, however much comes out."""
    member = gzip.compress(line * (1_000_000 // len(line)))
    path.write_bytes(gzip.compress(b"id,name,email,tier\n") + member * megabytes)
    return path


def read(path: Path) -> int:
    with RowFile(path, Format()) as file:
        return sum(len(chunk.records) for chunk in file.chunks())


def test_a_small_file_that_inflates_without_end_is_refused_while_it_is_read(tmp_path: Path) -> None:
    """A real bomb: about a megabyte that becomes a gigabyte. Neither is ever held."""
    path = bomb(tmp_path / "bomb.csv.gz", b"K-1," + b"A" * 9_000 + b",,\n", 1_000)
    assert path.stat().st_size < 3_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(UnreadableFile, match="inflates more than 200-fold"):
        read(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000, "kilobytes"


def test_a_line_without_an_end_is_not_read_into_memory(tmp_path: Path) -> None:
    path = bomb(tmp_path / "line.csv.gz", b"x", 40)
    with pytest.raises(UnreadableFile, match=r"a line of more than 1,000,000 bytes"):
        read(path)
    plain = tmp_path / "line.csv"
    plain.write_bytes(b"id,name\n" + b"y" * 1_100_000)
    with pytest.raises(UnreadableFile, match=r"a line of more than 1,000,000 bytes"):
        read(plain)


def test_a_record_over_endless_lines_is_refused(tmp_path: Path) -> None:
    """Each field ends and the next begins in quotes, so no single one is too long."""
    path = tmp_path / "quotes.csv"
    with path.open("w") as file:
        file.write("id,name\n")
        for _ in range(300_000):
            file.write('"abcdefgh\n",')
    with pytest.raises(UnreadableFile, match="Is a quote left open"):
        read(path)


@pytest.mark.parametrize("packed", [True, False])
def test_more_than_the_installation_takes(tmp_path: Path, settings: Any, packed: bool) -> None:
    settings.IMPORT_MAX_MB = 1
    text = "id,name\n" + "".join(f"K-{n},name {n * 7919 % 100_003}\n" for n in range(80_000))
    path = tmp_path / "large.csv"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    with pytest.raises(UnreadableFile, match=r"holds more than 1 MB.*raise IMPORT_MAX_MB"):
        read(path)


def test_a_table_that_packs_well_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflating, "FREE_BYTES", 100_000)
    text = "id,name\n" + "".join(f"K-{n},name {n * 7919 % 100_003}\n" for n in range(80_000))
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    assert read(path) == 80_000


def test_an_import_of_a_bomb_fails_whole_and_says_why(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflating, "FREE_BYTES", 100_000)
    rows = b"id,name,email,tier\n" + b"K-1,A,,\n" * 400_000
    with pytest.raises(UnreadableFile, match="200-fold"):
        desk.take("customers", gzip.compress(rows), CUSTOMERS)
    with organization_context(desk.organization):
        run = ImportRun.objects.get()
        assert run.status == "failed"
        assert "200-fold" in run.error
        assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"PK\x03\x04\x14\0", "a ZIP or a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old spreadsheet"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"(\xb5/\xfd\x04", "zstd"),
        (b"PAR1\x15", "Parquet"),
        (b"%PDF-1.7", "a PDF"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, start: bytes, what: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(start + b"\0" * 100)
    with pytest.raises(UnreadableFile, match=what):
        read(path)


@pytest.mark.parametrize("address", ["/login/", "/o/halden/settings/profile/", "/csp-report"])
def test_posted_files_are_bounded_on_every_address(
    client: Client, cast: Cast, settings: Any, address: str
) -> None:
    """Also where no form asks for one: Django would write it to the disk first."""
    settings.UPLOAD_MAX_MB = 1
    client.force_login(cast.olga)
    parts = {f"file{n}": SimpleUploadedFile("x.bin", b"x" * 400_000) for n in range(3)}
    assert client.post(address, parts).status_code in (400, 413)


def test_files_below_the_bound_come_in_whole(cast: Cast, rf: Any) -> None:
    request = rf.post("/", {"file": SimpleUploadedFile("x.bin", b"x" * 300_000)})
    assert len(request.FILES["file"].read()) == 300_000
    assert configured.FILE_UPLOAD_HANDLERS[0] == "cem.uploads.Bounded"


EVIL = ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1+1"]


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_that_leaves_is_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"
    sheet = Sheet("t", "T", (text,), [[text, -1.5]])
    lines = list(csv.reader(io.StringIO(comma_separated(sheet).removeprefix("\ufeff"))))
    assert lines[0] == [f"'{text}"]
    assert lines[1][0] == f"'{text}"
    assert lines[1][1] == "-1.5", "a number stays a number"


@pytest.mark.parametrize("text", EVIL)
def test_no_cell_of_a_workbook_is_a_formula(text: str) -> None:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook([Sheet("t", "T", ("a",), [[text]])])))
    assert book.active is not None
    assert book.active["A2"].data_type == "s"


def test_plain_cells_are_left_alone() -> None:
    for value in ("Ana", "", 5, -5, 1.5, None, True, "3-2", "a=b"):
        assert safe(value) == value


def test_the_trail_and_refused_rows_leave_without_formulas(client: Client, cast: Cast, desk: Desk) -> None:
    with organization_context(cast.organization):
        record("data.exported", label="=HYPERLINK(1)")
    client.force_login(cast.olga)
    answer: Any = client.get("/o/halden/settings/audit/export/")
    assert "'=HYPERLINK(1)" in b"".join(answer.streaming_content).decode()
    desk.take("customers", "id,name,email,tier\n=cmd(),A,not an address,\n", CUSTOMERS)
    assert desk.refused()[0]["raw"].startswith("'=cmd()")
