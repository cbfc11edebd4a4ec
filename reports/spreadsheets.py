"""Tables as files: CSV and XLSX that open well in Excel and in LibreOffice, in Arabic too, and never compute."""

import asyncio
import csv
import io
import re
from collections.abc import Mapping
from typing import Any

# A cell that begins with one of these would be computed: https://owasp.org/www-community/attacks/CSV_Injection
_COMPUTES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NOT_IN_NAMES = str.maketrans("[]:*?/\\", "       ")
_WIDEST = 60  # characters
_ARABIC = re.compile("[\u0600-\u06ff]")  # what has none of it reads from the left: +212…, =A1


async def csv_file(book: Mapping[str, Any]) -> bytes:
    """The tables one below the other.  `book` is as for `xlsx_file`.

    A byte order mark tells Excel that it is UTF-8; where numbers have a decimal comma it separates by semicolons.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for table in book["tables"]:
        writer.writerow([defused(table["title"])])
        writer.writerows([defused(cell) for cell in row] for row in table["rows"])
        writer.writerow([])
    return "\ufeff".encode() + text.getvalue().encode()


def defused(cell: Any) -> Any:
    """A cell that shows what it says, and computes nothing."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_COMPUTES) else cell


async def xlsx_file(book: Mapping[str, Any]) -> bytes:
    """A sheet for each table, from the right where the language runs so.

    `book` has a `direction`, "rtl" or "ltr", and `tables` of a `title` and `rows`; the first row names the columns.
    """
    return await asyncio.to_thread(_xlsx, book)


def _xlsx(book: Mapping[str, Any]) -> bytes:
    from xlsxwriter import Workbook  # noqa: PLC0415 - only who wants a file waits for it

    file, is_rtl = io.BytesIO(), book["direction"] == "rtl"
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        reading = {"reading_order": 2} if is_rtl else {}
        plain, bold = workbook.add_format(reading), workbook.add_format({**reading, "bold": True, "bottom": 1})
        latin = workbook.add_format({"reading_order": 1, "align": "right"} if is_rtl else {})
        for number, table in enumerate(book["tables"], 1):
            sheet = workbook.add_worksheet(_name(number, table["title"]))
            if is_rtl:
                sheet.right_to_left()
            for at, row in enumerate(table["rows"]):
                for column, cell in enumerate(row):
                    words = latin if isinstance(cell, str) and not _ARABIC.search(cell) else plain
                    sheet.write(at, column, cell, words if at else bold)
            for column, cells in enumerate(zip(*table["rows"], strict=True)):
                sheet.set_column(column, column, min(max(len(str(cell)) for cell in cells) + 2, _WIDEST))
            sheet.freeze_panes(1, 0)
    return file.getvalue()


def _name(number: int, title: str) -> str:
    """What Excel takes as the name of a sheet: 31 characters, each name once."""
    return f"{number} {title.translate(_NOT_IN_NAMES).strip(chr(39))}"[:31].strip()
