"""Rows for spreadsheets (RFC 4180), that no spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n")  # OWASP, CSV injection


def row(cells: Iterable[str]) -> str:
    """One line. A cell that would be run as a formula gets an apostrophe before it; a plain number does not."""
    line = io.StringIO()
    csv.writer(line).writerow(_harmless(cell) for cell in cells)
    return line.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_BEGINS) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    return cell.removeprefix("-").replace(".", "", 1).isdecimal()
