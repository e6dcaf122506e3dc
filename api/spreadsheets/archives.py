"""Archives (ZIP) that may hold a spreadsheet: an XLSX or ODS workbook, or CSV files. Checked by their lists before anything is unpacked."""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from .errors import SpreadsheetError
from .programs import refuse_in_archive

MOST_UNPACKED = 200 * 1024 * 1024
MOST_WRITTEN = 200 * 1024 * 1024
"""How many characters the rows that are read may have: a cell that a file has once may stand in many of them."""
MOST_UNPACKED_STRINGS = 60 * 1024 * 1024
HIGHEST_RATIO = 150
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
OUR_CSV = "inventory.csv"
"""The file that an import takes from the archive of all that a lab has."""
_DAMAGED = "The file is damaged: it cannot be unpacked. Save it again as XLSX or CSV."
_BROKEN = (KeyError, zipfile.BadZipFile, ValueError, OSError, NotImplementedError, zlib.error, RuntimeError)
"""The errors that zipfile raises for an archive that is broken or has a password."""


def check_archive(file: BinaryIO) -> dict[str, int]:
    """The files of the archive with their sizes. Raises SpreadsheetError where they are larger than can be read."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except _BROKEN as error:
        raise SpreadsheetError(_DAMAGED) from error
    # One sheet is read at a time, as it is unpacked: the others take no memory. The time for them is bounded where they are opened.
    sheets = [entry.file_size for entry in entries if _is_sheet(entry.filename)]
    unpacked = sum(entry.file_size for entry in entries) - sum(sheets) + max(sheets, default=0)
    packed = sum(entry.compress_size for entry in entries)
    strings = sum(entry.file_size for entry in entries if entry.filename.lower().endswith("sharedstrings.xml"))
    too_dense = unpacked > 10 * 1024 * 1024 and unpacked > HIGHEST_RATIO * max(packed, 1)
    if unpacked > MOST_UNPACKED or strings > MOST_UNPACKED_STRINGS or too_dense or len(entries) > 2000:
        raise SpreadsheetError(
            f"Unpacked, the file has {unpacked / 1024**2:.0f} MB, more than can be read. Save the sheet as CSV."
        )
    return {entry.filename: entry.file_size for entry in entries}


def check_written(characters: int) -> None:
    """Refuses rows that are longer than MOST_WRITTEN. Raises SpreadsheetError."""
    if characters > MOST_WRITTEN:
        raise SpreadsheetError(
            f"Written out, the rows have more than {MOST_WRITTEN // 1024**2} MB, more than can be read. Delete long cells that repeat, or split the file."
        )


def kind_of_archive(file: BinaryIO, names: Iterable[str]) -> str:
    """XLSX, ODS or CSV (an archive of CSV files). Raises SpreadsheetError for other archives, with what they are, and for those that
    carry programs."""
    names = set(names)
    if "xl/workbook.xml" in names:
        _refuse_strict(file)
        kind = "XLSX"
    elif "content.xml" in names and _beginning(file, "mimetype").startswith(ODS_TYPE):
        kind = "ODS"
    elif any(map(_is_csv, names)):
        kind = "CSV"
    else:
        raise SpreadsheetError(_other_archive(names))
    try:
        with zipfile.ZipFile(file) as archive:
            refuse_in_archive(archive, kind)
    except SpreadsheetError:
        raise
    except _BROKEN as error:
        raise SpreadsheetError(_DAMAGED) from error
    return kind


def choose_csv(sizes: Mapping[str, int], name: str | None) -> tuple[str, list[str]]:
    """A CSV of the archive (the one that was chosen, else ChemTrack's own inventory, else the largest), and the names of all."""
    files = [one for one in sizes if _is_csv(one)]
    if name is not None and name not in files:
        raise SpreadsheetError(f"The archive has no file “{name[:60]}”.")
    return name or (OUR_CSV if OUR_CSV in files else max(files, key=lambda one: sizes[one])), files


def unpack(file: BinaryIO, name: str) -> BinaryIO:
    """One file of the archive, unpacked into a temporary file. Raises SpreadsheetError."""
    unpacked = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    try:
        with zipfile.ZipFile(file) as archive, archive.open(name) as source:
            shutil.copyfileobj(source, unpacked)
    except (*_BROKEN, EOFError) as error:
        unpacked.close()
        raise SpreadsheetError(_DAMAGED) from error
    return unpacked


def _is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/") or _is_csv(name)


def _is_csv(name: str) -> bool:
    return name.lower().endswith((".csv", ".tsv", ".txt")) and not name.startswith(("__MACOSX/", "xl/"))


def _beginning(file: BinaryIO, name: str) -> str:
    """The beginning of a file of the archive; "" where it cannot be read."""
    with zipfile.ZipFile(file) as archive:
        try:
            return archive.open(name).read(4096).decode("utf-8", "replace")
        except _BROKEN:
            return ""


def _refuse_strict(file: BinaryIO) -> None:
    start = _beginning(file, "xl/workbook.xml")
    if not start:
        raise SpreadsheetError(_DAMAGED)
    if "purl.oclc.org/ooxml" in start:
        raise SpreadsheetError(
            "This is a workbook of the kind “Strict Open XML”. Save it in Excel as “Excel Workbook (.xlsx)”, or as CSV."
        )


def _other_archive(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "This is a Word document, not a spreadsheet. Copy its table into one, and save that as XLSX or CSV."
    if any(name.startswith("ppt/") for name in names):
        return "This is a PowerPoint file, not a spreadsheet. Choose a CSV or XLSX file."
    if "xl/workbook.bin" in names:
        return "This is an Excel file of the binary kind (.xlsb). Save it as .xlsx or CSV."
    if "mimetype" in names or "content.xml" in names:
        return "This is an OpenDocument file, but no spreadsheet. Copy its table into one, and save that as ODS, XLSX or CSV."
    if any(name.startswith("Index/") for name in names):
        return "This is a Numbers file. Export it as XLSX or CSV."
    return "This is a ZIP archive, not a spreadsheet. Unpack it, and choose the CSV or XLSX file in it."
