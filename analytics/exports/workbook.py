"""A run's tables as a spreadsheet, and one of them as CSV."""

import csv
import io
import re
from collections.abc import Sequence

from cem.lib.spreadsheet import safe

from .cells import Cell, Sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 80
_SMALL = 1e-3


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """XLSX with one sheet a table. Numbers are numbers; text is never a formula."""
    # About a tenth of a second, which pages need not start with.
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    for number, table in enumerate(sheets):
        page = book.active if number == 0 else book.create_sheet()
        assert page is not None
        page.title = _title(table.title, taken=book.sheetnames)
        page.freeze_panes = "A2"
        lines: list[list[Cell]] = [list(table.headers), *table.rows]
        for down, row in enumerate(lines, 1):
            for across, value in enumerate(row, 1):
                cell = page.cell(down, across)
                if isinstance(value, str):
                    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                    cell.data_type = "s"
                    cell.alignment = Alignment(vertical="top", wrap_text=len(value) > _WIDEST)
                else:
                    cell.value = value
                    cell.number_format = _format(value)
                if down == 1:
                    cell.font = Font(bold=True)
        for across, header in enumerate(table.headers):
            shown = [header, *(str(row[across] or "") for row in table.rows if isinstance(row[across], str))]
            width = min(_WIDEST, max(10, *(len(one) + 2 for one in shown)))
            page.column_dimensions[get_column_letter(across + 1)].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _title(title: str, *, taken: Sequence[str]) -> str:
    """At most 31 letters, none of []:*?/\\, and no other sheet's."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", title)[:31]
    return plain if plain not in taken else f"{plain[:28]} {len(taken)}"


def _format(value: Cell) -> str:
    if not isinstance(value, float):
        return "General"
    return "0.00E+00" if value and abs(value) < _SMALL else "#,##0.00##"


def comma_separated(table: Sheet) -> str:
    """RFC 4180 with a byte order mark, so that spreadsheets read it as UTF-8; full digits."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([safe(header) for header in table.headers])
    writer.writerows([safe(value) for value in row] for row in table.rows)
    return out.getvalue()
