"""Bad files, bad rows and bad mappings: what is said, and that the rest comes in."""

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Lease
from accounts.tenancy import organization_context
from crm.imports.mapping import MappingError
from crm.imports.reading import UnreadableFile
from crm.imports.staging import lease_name
from crm.models import Customer, ImportRun, Transaction
from tests.cast import Cast

from .files import CUSTOMERS, TRANSACTIONS, Desk, counts

pytestmark = pytest.mark.django_db
HEAD = "order,customer,date,amount\n"
GOOD = "O-1,C-1,2026-01-05,10.00\n"


@pytest.fixture
def desk(cast: Cast, tmp_path: Path) -> Desk:
    return Desk(tmp_path, cast.organization)


def staging_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'staging'")
        return [name for (name,) in cursor.fetchall()]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("O-2,C-1,05/01/2026,1", "date", "'05/01/2026' is not a date ISO 8601"),
        ("O-2,C-1,2026-02-30,1", "date", "'2026-02-30' is not a date"),
        ("O-2,C-1,2026-01-05,-1", "amount", "-1 is below 0; amounts are never negative"),
        ("O-2,C-1,2026-01-05,ten", "amount", "'ten' is not a number"),
        ('O-2,C-1,2026-01-05,"12,5"', "amount", 'for a decimal comma say "decimal"'),
        ("O-2,C-1,2026-01-05,1.234", "amount", "more than 2 decimal places"),
        ("O-2,C-1,2026-01-05,1e400", "amount", "is not a number"),
        ("O-2,C-1,2026-01-05,٣", "amount", "is not a number"),
        ("O-2,C-1,2026-01-05,99999999999999", "amount", "is above 999999999999.99"),
        ("O-2,,2026-01-05,1", "customer", "is empty"),
        ("O-2,C-1,2026-01-05", "", "has 3 columns, not 4"),
        ("O-2,C-1,2026-01-05,1,2", "", "has 5 columns, not 4"),
        ("O-2,C\0-1,2026-01-05,1", "customer", "holds a NUL character"),
        ("O-2," + "C" * 201 + ",2026-01-05,1", "customer", "is longer than 200 characters"),
        ('O-2,"C-1,2026-01-05,1', "", "quote"),
        (",C-1,,1", "order", "order: is empty; date: is empty"),
    ],
)
def test_a_bad_row_fails_alone(desk: Desk, row: str, column: str, reason: str) -> None:
    run = desk.take("transactions", HEAD + GOOD + row + "\nO-3,C-1,2026-01-05,3\n", TRANSACTIONS)
    assert counts(run) == (2, 0, 0, 1)
    (refused,) = desk.refused()
    assert (refused["line"], refused["column"]) == ("3", column)
    assert reason in refused["reason"]
    assert refused["raw"] == row.replace("\0", "\\0")
    assert run.errors_file == str(desk.errors)


def test_bytes_that_are_no_text_cost_their_row(desk: Desk) -> None:
    rows = "id,name,email,tier\n1,Ana,,\n2,José,,\n".encode().replace("José".encode(), b"Jos\xe9")
    assert counts(desk.take("customers", rows, CUSTOMERS)) == (1, 0, 0, 1)
    assert "no text in the file's encoding" in desk.refused()[0]["reason"]
    assert counts(desk.take("customers", rows, CUSTOMERS | {"format": {"encoding": "cp1252"}})) == (
        1,
        0,
        1,
        0,
    )
    with organization_context(desk.organization):
        assert Customer.objects.get(external_id="2").name == "José"


def test_shapes_of_files(desk: Desk) -> None:
    """A byte order mark, UTF-16, gzip, CRLF, semicolons, quotes, blank lines, no header, whitespace."""
    plain = 'id,name,email,tier\r\n1,"Ana ""A"", B",,\r\n\r\n2,"two\nlines",,\r\n'
    for content, form in [
        (b"\xef\xbb\xbf" + plain.encode(), {}),
        (plain.encode("utf-16"), {"encoding": "utf-16"}),
        (gzip.compress(plain.encode()), {}),
    ]:
        run = desk.take("customers", content, CUSTOMERS | {"format": form})
        assert (run.rows, run.failed) == (2, 0)
    with organization_context(desk.organization):
        assert list(Customer.objects.order_by("external_id").values_list("name", flat=True)) == [
            'Ana "A", B',
            "two\nlines",
        ]
    positions = {"columns": {"external_id": 1, "name": 2}}
    for content, form in [
        ("1;Ana B\n", {"delimiter": ";", "header": False}),
        ("1\tAna B\n", {"delimiter": "\t", "header": False, "quote": ""}),
        ("  1   Ana\n", {"delimiter": "whitespace", "header": False}),
    ]:
        assert desk.take("customers", content, positions | {"format": form}).failed == 0


def test_hostile_text_arrives_as_it_is(desk: Desk) -> None:
    name = "tab\there \\N \\. '; DROP TABLE crm_customer; -- é日本"
    desk.take("customers", f'id,name,email,tier\n1,{name},,"{{\\"\n', CUSTOMERS | {"format": {"quote": ""}})
    with organization_context(desk.organization):
        ana = Customer.objects.get()
        assert (ana.name, ana.attributes) == (name, {"tier": '"{\\"'})


def test_an_open_quote_costs_one_line_even_in_a_long_file(desk: Desk) -> None:
    rows = "".join(f"{number},name,,\n" for number in range(30_000))
    run = desk.take("customers", 'id,name,email,tier\nx,"open,,\n' + rows, CUSTOMERS)
    assert counts(run) == (30_000, 0, 0, 1)


def test_empty_files(desk: Desk) -> None:
    with pytest.raises(UnreadableFile, match="is empty"):
        desk.take("customers", "", CUSTOMERS)
    assert desk.take("customers", "id,name,email,tier\n", CUSTOMERS).rows == 0


def test_a_missing_file(desk: Desk) -> None:
    from crm.imports.run import import_file

    with pytest.raises(UnreadableFile, match="No such file"):
        import_file(
            kind="customers", path=desk.folder / "none.csv", organization=desk.organization, mapping=CUSTOMERS
        )


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({}, "columns: must be an object"),
        ({"columns": {"name": "name"}}, "columns.external_id: is required"),
        ({"columns": {"external_id": "idd"}}, "no column 'idd'; did you mean 'id'?"),
        ({"columns": {"external_id": 9}}, "there is no column 9; the file has 4"),
        ({"columns": {"external_id": 0}}, "positions begin at 1"),
        ({"columns": {"external_id": {"colum": "id"}}}, "did you mean 'column'?"),
        (
            {"columns": {"external_id": {"column": "id", "constant": "x"}}},
            'needs either "column" or "constant"',
        ),
        ({"columns": {"external_id": "id", "nam": "name"}}, "columns.nam: unknown; did you mean 'name'?"),
        (
            {"columns": {"external_id": "id", "since": {"column": "name", "time_zone": "Mars"}}},
            "'Mars' is not an IANA",
        ),
        (
            {"columns": {"external_id": "id", "country": {"constant": "Portugal"}}},
            "is not a country's two letters",
        ),
        (
            {"columns": {"external_id": "id"}, "format": {"encoding": "klingon"}},
            "there is no encoding 'klingon'",
        ),
        (
            {"columns": {"external_id": "id"}, "format": {"encoding": "base64"}},
            "there is no encoding 'base64'",
        ),
        ({"columns": {"external_id": "id"}, "format": {"delimiter": ",,"}}, "format.delimiter"),
        ({"columns": {"external_id": "id"}, "kind": "transactions"}, "but 'customers' is being imported"),
        ({"columns": {"external_id": "id"}, "key": ["name"]}, "'name' is not among the mapped columns"),
        ({"columns": {"external_id": "id"}, "typo": 1}, "typo: unknown"),
        ({"columns": {"external_id": "id", "attributes": "tier"}}, "columns.attributes: must be an object"),
    ],
)
def test_a_wrong_mapping_is_refused_before_anything_happens(
    desk: Desk, mapping: dict[str, Any], said: str
) -> None:
    with pytest.raises(MappingError) as refused:
        desk.take("customers", "id,name,email,tier\n1,Ana,,\n", mapping)
    assert said in str(refused.value)
    with organization_context(desk.organization):
        assert not ImportRun.objects.exists()
    assert not Lease.objects.exists()


def test_every_problem_of_a_mapping_is_told_at_once(desk: Desk) -> None:
    with pytest.raises(MappingError) as refused:
        desk.take("customers", "id\n1\n", {"columns": {"external_id": "x", "name": "y", "email": "z"}})
    assert len(refused.value.problems) == 3


def test_a_file_in_another_currency_needs_a_rate(desk: Desk) -> None:
    mapping = {"columns": TRANSACTIONS["columns"] | {"currency": {"constant": "USD"}}}
    with pytest.raises(MappingError, match="the file is in USD, Halden Home reports in EUR"):
        desk.take("transactions", HEAD + GOOD, mapping)


def test_a_file_that_breaks_off_fails_whole(desk: Desk) -> None:
    """Some chunks were staged when the rest turned out unreadable: no row comes in, nothing is left."""
    rows = HEAD + "".join(f"O-{n},C-{n},2026-01-05,{n % 97}\n" for n in range(60_000))
    with pytest.raises(UnreadableFile, match="cannot be read to its end"):
        desk.take("transactions", gzip.compress(rows.encode())[:-2000], TRANSACTIONS)
    with organization_context(desk.organization):
        run = ImportRun.objects.get()
        assert run.status == "failed"
        assert run.rows >= 20_000
        assert "cannot be read to its end" in run.error
        assert not Transaction.objects.exists()
    assert not staging_tables()
    assert not Lease.objects.exists()


def test_a_dead_import_is_swept_and_a_living_one_is_not(desk: Desk) -> None:
    now = timezone.now()
    dead, alive, vanished = uuid4(), uuid4(), uuid4()
    Lease.objects.create(name=lease_name(dead), claim=1, holder="x", expires_at=now - timedelta(seconds=1))
    Lease.objects.create(name=lease_name(alive), claim=1, holder="x", expires_at=now + timedelta(minutes=5))
    with connection.cursor() as cursor:
        for run in (dead, alive, vanished):
            cursor.execute(f'CREATE UNLOGGED TABLE staging."{lease_name(run)}" (line bigint)')
        cursor.execute(f'CREATE UNLOGGED TABLE staging."{lease_name(dead)}_refused" (line bigint)')
    with organization_context(desk.organization):
        for run in (dead, alive, vanished):
            ImportRun.objects.create(pk=run, kind="customers", file_name="f", file_hash="0" * 64)
    desk.take("customers", "id,name,email,tier\n1,Ana,,\n", CUSTOMERS)
    assert staging_tables() == [lease_name(alive)]
    with organization_context(desk.organization):
        status = dict(ImportRun.objects.values_list("pk", "status"))
    assert (status[dead], status[vanished], status[alive]) == ("failed", "failed", "running")


def test_the_command(desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    mapping, file = tmp_path / "m.json", tmp_path / "f.csv"
    mapping.write_text('{"columns": {"external_id": "id"}}')
    file.write_text("id\n1\n2\n\n")
    call_command("import", "customers", str(file), organization="halden", mapping=mapping)
    assert "2 customers: 2 created, 0 updated, 0 unchanged, 0 failed" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no organization 'nobody'"):
        call_command("import", "customers", str(file), organization="nobody", mapping=mapping)
    mapping.write_text("{]")
    with pytest.raises(CommandError, match="is not JSON: line 1"):
        call_command("import", "customers", str(file), organization="halden", mapping=mapping)
