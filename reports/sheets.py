"""Spreadsheets that staff fill in, read line by line: .xlsx and .csv, no larger than a list that people can check."""

import asyncio
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from locales.words import normalise

MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_CELL = 2_000_000, 5_000, 30, 2_000
_MOST_UNPACKED = 40_000_000  # bytes: a list of this length is far below, a zip bomb far above
_MOST_PARTS = 200  # files in a .xlsx

# What a column is called on its first line, in any language.
COLUMNS = {
    "cin": ("cin", "cnie", "n cin", "numero cin", "numero de cin", "numero cnie", "رقم البطاقه", "رقم البطاقه الوطنيه"),
    "name": ("nom", "nom complet", "nom et prenom", "name", "الاسم", "الاسم الكامل", "السميه", "السميه الكامله"),
    "quarter": ("quartier", "adresse", "quarter", "الحي", "العنوان"),
    "choices": ("projets", "projet", "choix", "vote", "projects", "المشاريع", "المشروع", "الاختيار"),
    "words": ("avis", "commentaire", "remarque", "texte", "comment", "الراي", "الملاحظه", "التعليق"),
    "article": ("article", "البند", "الفصل", "الماده"),
    "stance": ("position", "stance", "الموقف"),
}
_MEANT = {normalise(word): column for column, words in COLUMNS.items() for word in words}


class BadSheet(Exception):
    """It cannot be read; `why`: size, kind, rows, columns, empty."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list by the number it has in the file, and its cells by what their column means."""

    number: int
    cells: dict[str, str]


async def lines(content: bytes) -> list[Line]:
    """The lines under the first one, empty ones left out; raises BadSheet.  Reading takes a thread, not the loop."""
    return await asyncio.to_thread(read, content)


def read(content: bytes) -> list[Line]:
    """The same, at once."""
    if len(content) > MOST_BYTES:
        raise BadSheet("size")
    rows = _workbook(content) if content[:2] == b"PK" else _text(content)
    return list(_lines(rows))


def _lines(rows: Iterable[Sequence[Any]]) -> Iterator[Line]:
    columns: dict[int, str] | None = None
    count = 0
    for number, row in enumerate(rows, 1):
        cells = [_cell(value) for value in row[:MOST_COLUMNS]]
        if not any(cells):
            continue
        if columns is None:
            columns = {place: _MEANT[normalise(cell)] for place, cell in enumerate(cells) if normalise(cell) in _MEANT}
            if not columns:
                raise BadSheet("columns")
            continue
        count += 1
        if count > MOST_ROWS:
            raise BadSheet("rows")
        yield Line(number, {name: cells[place] for place, name in columns.items() if place < len(cells)})
    if not count:
        raise BadSheet("empty")


def _cell(value: Any) -> str:
    """As a person would write it: a number of a card is no decimal."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[:MOST_CELL]


def _workbook(content: bytes) -> Iterator[Sequence[Any]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - only where a list is read

    try:
        _refuse_bombs(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        yield from sheet.iter_rows(values_only=True, max_row=2 * MOST_ROWS, max_col=MOST_COLUMNS)
        book.close()
    except BadSheet:
        raise
    except Exception as broken:  # openpyxl raises whatever it stumbles over
        raise BadSheet("kind") from broken


def _refuse_bombs(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
            raise BadSheet("size")


def _text(content: bytes) -> Iterator[Sequence[Any]]:
    if b"\x00" in content:
        raise BadSheet("kind")
    for encoding in ("utf-8-sig", "cp1256" if _looks_arabic(content) else "cp1252"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadSheet("kind")
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=separator)
    except csv.Error as broken:
        raise BadSheet("kind") from broken


def _looks_arabic(content: bytes) -> bool:
    """Of bytes that are no UTF-8: letters of Windows-1256 stand side by side, French ones with accents do not."""
    return re.search(rb"[\xc0-\xfe]{3}", content) is not None
