"""Refuses files that carry programs or foreign objects: a lab's managers can download their lab's files again, and open them."""

import re
import zipfile
from typing import BinaryIO

from .errors import SpreadsheetError

_MACROS = re.compile(r"(?i)(?:.*/)?vbaproject\.bin|xl/(?:macrosheets|dialogsheets|activex)/.*|(?:basic|scripts)/.+")
_OBJECTS = re.compile(r"(?i)xl/embeddings/.*|object \d+")
"""Embedded files of a workbook. In an ODS a folder `Object 1/` is a chart, and a file of that name is an embedded one."""
_LINKS = re.compile(r"(?i)xl/externallinks/[^/]*\.xml")
_MOST_OF_A_LINK = 1024 * 1024
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_OLD_OBJECTS = re.compile(rb"M\x00B\x00D\x00(?:[0-9A-Fa-f]\x00){8}")
"""The name of the folder in which an XLS keeps an embedded object: MBD and eight digits, in UTF-16."""
_OLD_MACRO_SHEET = "= Macro sheet)"
"""The end of what xlrd notes about a sheet of Excel 4 macros."""
_CSV = (".csv", ".tsv", ".txt")


def refuse_in_archive(archive: zipfile.ZipFile, kind: str) -> None:
    """Looks through the names of what the archive holds, and through links to other files. Raises SpreadsheetError."""
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    if kind == "CSV":
        others = [name for name in names if not name.lower().endswith(_CSV) and not _is_of_a_mac(name)]
        if others:
            raise SpreadsheetError(f"The archive also holds “{others[0][-60:]}”. Leave only CSV files in it.")
        return
    if any(map(_MACROS.fullmatch, names)):
        _refuse("macros, which are programs")
    if any(map(_OBJECTS.fullmatch, names)):
        _refuse("embedded objects, such as drawings of another program")
    for name in filter(_LINKS.fullmatch, names):
        with archive.open(name) as link:
            text = link.read(_MOST_OF_A_LINK)
        if b"ddeLink" in text or b"oleLink" in text:
            _refuse("links that start other programs")


def refuse_in_old_workbook(file: BinaryIO, notes: str) -> None:
    """Looks through the bytes of an XLS, and through `notes`, which xlrd made of its sheets. Raises SpreadsheetError."""
    file.seek(0)
    content = file.read()
    if _OLD_MACROS in content or _OLD_MACRO_SHEET in notes:
        _refuse("macros, which are programs")
    if _OLD_OBJECTS.search(content):
        _refuse("embedded objects, such as drawings of another program")


def _is_of_a_mac(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rpartition("/")[2] == ".DS_Store"


def _refuse(what: str) -> None:
    raise SpreadsheetError(f"The workbook has {what}. Save its sheet as CSV, or copy the cells into a new workbook.")
