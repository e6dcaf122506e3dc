"""What the name of a file must end with, by its contents: a file that is called otherwise would open in a program that it is not for."""

from collections.abc import Mapping
from types import MappingProxyType

from .errors import SpreadsheetError

ENDINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "CSV": (".csv", ".tsv", ".txt"),
        "ZIP": (".zip",),
        "XLSX": (".xlsx",),
        "XLS": (".xls",),
        "ODS": (".ods",),
        "SDF": (".sdf", ".sd"),
    }
)
"""Kind of a file → the endings that it may have."""
TEXT_OF_OLD_PROGRAMS = ".xls"
"""Many programs write text with tabs and call it a workbook, so that Excel opens it. It is read as text and kept as a text file."""
_WORDS = {"CSV": "a CSV file", "ZIP": "a ZIP archive", "SDF": "an SD file"}


def check_ending(name: str, kind: str) -> None:
    """Raises SpreadsheetError where the file's name does not fit its contents."""
    endings = ENDINGS[kind]
    if kept_name(name, kind) != name:
        return
    if not name.lower().endswith(endings):
        words = _WORDS.get(kind, f"an {kind} workbook")
        raise SpreadsheetError(
            f"By its contents this is {words}, but its name does not end with {' or '.join(endings)}. If that is the right file, rename it."
        )


def kept_name(name: str, kind: str) -> str:
    """The name under which a file is kept: stock.xls that holds text becomes stock.xls.txt, so that no program takes it for a workbook."""
    return f"{name}.txt" if kind == "CSV" and name.lower().endswith(TEXT_OF_OLD_PROGRAMS) else name
