"""A sheet as a PDF: tagged for screen readers and made to be kept (PDF/A-2a), with its own fonts."""

from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec
import typst

from footlights.invoicing.sheet import Sheet

FOLDER = Path(str(files(__name__.rpartition(".")[0])))


def render_pdf(sheet: Sheet, *, issued_at: datetime) -> bytes:
    """The document as bytes, the same ones each time. Takes about a tenth of a second; nothing outside is read."""
    content = asdict(sheet) | {"lang": sheet.language.partition("-")[0]}
    return typeset(_template(), content, at=issued_at)


def typeset(template: bytes, content: dict[str, Any], *, at: datetime) -> bytes:
    """A Typst template, which reads `content` as `sys.inputs.sheet`, as a PDF for keeping, in the house's fonts."""
    made = typst.compile(
        template,
        font_paths=_fonts(),
        sys_inputs={"sheet": msgspec.json.encode(content).decode()},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(at.timestamp()),
    )
    return bytes(made)


@cache
def _fonts() -> typst.Fonts:
    """Ours first; what the system has, for the letters they lack. Read once."""
    return typst.Fonts(
        include_system_fonts=True, include_embedded_fonts=False, font_paths=[str(FOLDER.parent / "fonts")]
    )


@cache
def _template() -> bytes:
    return (FOLDER / "document.typ").read_bytes()
