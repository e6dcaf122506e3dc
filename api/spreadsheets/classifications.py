"""Reads a published list of hazard classifications (CLP annex VI, HCIS …): what each of its rows says of which CAS RNs.

A row is understood as a whole or not at all: a code that the GHS does not have, or a cell that holds anything else, would make its
hazards look complete.
"""

import re
from collections.abc import Iterator
from typing import Any

from api.chemistry.cas_numbers import is_valid
from api.chemistry.hazards import pictograms_of, read_pictograms, read_statements, signal_word_of, undecided_among

from .errors import SpreadsheetError
from .heads import fold_head
from .reading import Spreadsheet

MOST_HEADS_SEARCHED = 30
LONGEST_TEXT = 1000
MOST_NUMBERS = 50
MOST_STATEMENTS = 60
SIGNAL_WORDS = {"danger": "Danger", "dgr": "Danger", "warning": "Warning", "wng": "Warning"}
HEADS = {
    "cas_number": r"cas(no|nos|nr|rn|number|numbers)?|.*casn(o|umber)s?",
    "name": r"(chemical|substance)?name|internationalchemicalidentification|(international)?chemicalname|substance",
    "h_statements": r"(suppl(ementary|emental)?)?(h|hazardstatement)(codes?|statements?)?(codes?)?|hazardstatements?",
    "pictograms": r"(ghs|hazard)?pictograms?(signalwordcodes?|codes?)?",
    "signal_word": r"signalwords?(codes?)?",
    "notes": r"notes?|forms?|cutoffs?|specificconc.*|concentrationlimits?",
}
"""Field → the folded heads of its columns; of H statements and notes there may be several columns, of the others the first is read."""
NEEDED = {"cas_number": "CAS numbers", "h_statements": "H statements"}
_NUMBERS = re.compile(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]")
_EMPTY = frozenset({"", "-", "–", "—"})


def read_classifications(spreadsheet: Spreadsheet) -> Iterator[dict[str, Any]]:
    """A line for each CAS RN of each row that is understood, and a line with `refused`, the reason, for each that is not. Raises
    SpreadsheetError where there is no head with the columns that are needed."""
    columns: dict[str, list[int]] = {}
    for number, cells in spreadsheet.rows():
        if not columns:
            columns = _columns(cells)
            if not columns and number > MOST_HEADS_SEARCHED:
                break
            continue
        said = {
            name: "; ".join(cells[place] for place in places if place < len(cells) and cells[place] not in _EMPTY)
            for name, places in columns.items()
        }
        try:
            yield from _entries(number, said)
        except _NotUnderstoodError as error:
            yield {"row": number, "refused": str(error)[:300]}
    if not columns:
        raise SpreadsheetError("No row is a head with a column of CAS numbers and one of H statements (H codes).")


class _NotUnderstoodError(ValueError):
    """The row is not understood; the message is one sentence that says why."""


def _columns(cells: list[str]) -> dict[str, list[int]]:
    """Field → its columns, if the row is the head."""
    found: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        field = next((name for name, heads in HEADS.items() if re.fullmatch(heads, fold_head(cell[:100]))), None)
        if field and (field not in found or field in ("h_statements", "notes")):
            found.setdefault(field, []).append(place)
    return found if NEEDED.keys() <= found.keys() else {}


def _entries(number: int, said: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The lines of one row."""
    numbers = list(dict.fromkeys(_NUMBERS.findall(said["cas_number"])))
    if not said["cas_number"]:
        raise _NotUnderstoodError("It has no CAS number.")
    rest = re.sub(r"\[[0-9a-z]{1,3}\]", "", _NUMBERS.sub("", said["cas_number"]))
    wrong = [one for one in numbers if not is_valid(one)] or ([said["cas_number"]] if re.search(r"\w", rest) else [])
    if wrong or not numbers or len(numbers) > MOST_NUMBERS:
        raise _NotUnderstoodError(f"“{(wrong or [said['cas_number']])[0][:60]}” is not a CAS number.")
    hazards = _hazards(said)
    for cas_number in numbers:
        yield {
            "row": number,
            "cas_number": cas_number,
            "name": said.get("name", "")[:LONGEST_TEXT],
            "notes": said.get("notes", "")[:LONGEST_TEXT],
            **hazards,
        }


def _hazards(said: dict[str, str]) -> dict[str, Any]:
    """Pictograms, signal word and H statements of one row. Pictograms and signal word are the list's, else those that the codes bring."""
    text = said["h_statements"]
    # Annex VI names an organ or a way behind the code: H373 (nervous system).
    statements = read_statements(re.sub(r"\([^()0-9]{1,200}\)", " ", text[:5000]))
    if statements.unread or statements.p or len(text) > 5000 or len(statements.h) > MOST_STATEMENTS:
        raise _NotUnderstoodError(
            f"H statements: “{(statements.unread or ' '.join(statements.p) or text)[:60]}” is not understood."
        )
    if not statements.h:
        raise _NotUnderstoodError("It has no H statement.")
    codes = sorted(statements.h)
    words = [word for word in re.split(r"[\s,;]+", said.get("pictograms", "")) if word]
    signal = [
        word for word in (*words, *re.split(r"[\s,;]+", said.get("signal_word", ""))) if word.lower() in SIGNAL_WORDS
    ]
    drawn = " ".join(word for word in words if word.lower() not in SIGNAL_WORDS)
    pictograms = read_pictograms(drawn) if drawn else None
    if drawn and pictograms is None:
        raise _NotUnderstoodError(f"Pictograms: “{drawn[:60]}” is not understood.")
    said_words = {SIGNAL_WORDS[word.lower()] for word in signal}
    unread = re.sub(r"(?i)\b(danger|warning|dgr|wng|none)\b", "", said.get("signal_word", ""))
    if len(said_words) > 1 or re.search(r"\w", unread):
        raise _NotUnderstoodError(f"Signal word: “{said.get('signal_word', '')[:60]}” is not understood.")
    signal_word = said_words.pop() if said_words else signal_word_of(codes)
    if signal_word is None and (open_words := undecided_among(codes)):
        raise _NotUnderstoodError(
            f"Signal word: {', '.join(open_words)} may be Danger or Warning, and the list says neither."
        )
    return {
        "pictograms": pictograms if pictograms is not None else pictograms_of(codes),
        "signal_word": signal_word,
        "h_statements": codes,
    }
