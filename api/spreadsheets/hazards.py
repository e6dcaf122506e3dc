"""Hazards as files write them: GHS codes, H codes, words."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .rows import RowReader

HazardsByCas = Mapping[str, Mapping[str, Any]]
"""What the reference knows: CAS number → pictograms, signal_word, h_statements, p_statements and storage_class."""

# CLP, Regulation (EC) No 1272/2008, Annex I: the pictogram of each hazard statement. H statements without one
# (H205, H221, H227, H362, H412, H413…) are classified all the same, so they stand for no pictogram, not for unknown.
_PICTOGRAM_OF_H = {
    "GHS01": "H200 H201 H202 H203 H204 H240 H241",
    "GHS02": "H206 H207 H208 H220 H222 H223 H224 H225 H226 H228 H232 H241 H242 H250 H251 H252 H260 H261",
    "GHS03": "H270 H271 H272",
    "GHS04": "H280 H281",
    "GHS05": "H290 H314 H318",
    "GHS06": "H300 H301 H310 H311 H330 H331",
    "GHS07": "H302 H312 H332 H315 H317 H319 H335 H336 H420",
    "GHS08": "H304 H305 H334 H340 H341 H350 H351 H360 H361 H370 H371 H372 H373",
    "GHS09": "H400 H410 H411",
}
_PICTOGRAMS = {code: {name for name, codes in _PICTOGRAM_OF_H.items() if code in codes.split()} for code in
               " ".join(_PICTOGRAM_OF_H.values()).split()}  # fmt: skip

_WORDS = (
    ("GHS01", r"explosives?"),
    ("GHS02", r"(highly |extremely )?(in)?flamm?ables?|pyrophoric|self[- ]heating|self[- ]reactive"),
    ("GHS03", r"oxidi[sz](ing|ers?)"),
    ("GHS04", r"(compressed|liquefied) gas(es)?|gas(es)? under pressure"),
    ("GHS05", r"corrosives?"),
    ("GHS06", r"((highly|very|acutely|acute) )?toxic|poison(ous)?|acute toxicity|fatal"),
    ("GHS07", r"irritants?|irritating|harmful"),
    ("GHS08", r"carcinogen(ic|s)?|mutagen(ic|s)?|teratogen(ic|s)?|reprotoxic|reproductive tox(in|ic|icity)|health hazards?"),
    ("GHS09", r"(hazardous|dangerous|toxic) (to|for) (the )?(aquatic )?(environment|life)|environmental hazards?"),
)  # fmt: skip
_WORD_PATTERNS = tuple(
    (code, re.compile(rf"(?:{words})(?: (?:liquid|solid|gas|material|substance)s?)?")) for code, words in _WORDS
)


def read_pictograms(text: str) -> list[str] | None:
    """GHS codes in any spelling, "GHS02;ghs 7" → GHS02, GHS07; None where something else is written."""
    codes = re.findall(r"GHS[ -]?0?([1-9])(?![0-9])", text, re.IGNORECASE)
    rest = re.sub(r"GHS[ -]?0?[1-9](?![0-9])", "", text, flags=re.IGNORECASE)
    if not codes or re.search(r"[^\W_]", rest):
        return None
    return sorted({f"GHS0{code}" for code in codes})


def read_h_statements(text: str) -> tuple[list[str], str]:
    """The H codes in `text`, in its order, and what else it says. HCIS writes EUH066 as AUH066."""
    found: list[str] = []
    for match in re.finditer(r"\b(EU|AU)?H ?([0-9]{3}[A-Za-z]{0,2})\b", text):
        code = ("EUH" if match[1] else "H") + match[2]
        if (match[1] or match[2][0] in "234") and code not in found:
            found.append(code)
    rest = re.sub(r"\b(EU|AU)?H ?[0-9]{3}[A-Za-z]{0,2}\b", "", text)
    return found, " ".join(rest.split()).strip(" ,;.:+/-") if re.search(r"\w", rest) else ""


def pictograms_of(h_statements: list[str]) -> list[str]:
    """The pictograms that these H codes ask for, with the precedence of CLP's article 26: the skull or the corrosion
    sign, for the same hazard, makes the exclamation mark needless."""
    codes = {code[:4] for code in h_statements}
    pictograms = {name for code in codes for name in _PICTOGRAMS.get(code, ())}
    needless: set[str] = set()
    if "GHS06" in pictograms:
        needless |= {"H302", "H312", "H332"}
    if codes & {"H314", "H318"}:
        needless |= {"H315", "H319"}
    if "H334" in codes:
        needless |= {"H315", "H317", "H319"}
    if not any("GHS07" in _PICTOGRAMS.get(code, ()) for code in codes - needless):
        pictograms.discard("GHS07")
    return sorted(pictograms)


def pictograms_of_words(text: str) -> list[str] | None:
    """The pictograms of hazard words, "Flammable, toxic" → GHS02, GHS06; None if any part of it is not certain."""
    found = set()
    for part in re.split(r"\s*(?:[,;/&+\n]|\band\b)\s*", text.strip(" .").lower()):
        code = next((code for code, pattern in _WORD_PATTERNS if pattern.fullmatch(part)), None)
        if code is None:
            return None
        found.add(code)
    return sorted(found)


def says_not_hazardous(text: str) -> bool:
    """Whether somebody wrote that the chemical was classified and has no hazards; "None" alone does not say so."""
    return (
        re.fullmatch(
            r"(non|not)[- ]?(hazardous|classified)( \(?(according to )?(ghs|clp)\)?)?", text.strip(" ."), re.IGNORECASE
        )
        is not None
    )


def add_hazards(row: "RowReader") -> None:
    """Put pictograms, h_statements and signal_word into the row's chemical, and what else it says into the notes.

    The file's own codes come first, then what the reference knows of the CAS number, then words.
    """
    h_statements, rest = read_h_statements(row.text("h_statements"))
    words = [row.text("hazards"), rest]
    pictograms = None
    if text := row.text("pictograms"):
        pictograms = read_pictograms(text)
        words += [] if pictograms else [text]
    said = "; ".join(word for word in words if word)
    if said:
        row.notes.append(f"Hazards in the file: {said}")
    if pictograms is None and not h_statements and _fill_in(row):
        return
    if said and pictograms is None and not h_statements:
        pictograms = _agreed_pictograms(row, said)
    if h_statements and pictograms is None:
        if row.choices.allows("pictograms_of_h"):
            pictograms = pictograms_of(h_statements)
            row.add_problem("pictograms_of_h", "h_statements", " ".join(pictograms) or "none")
        else:
            row.keep("h_statements")
    signal_word = row.text("signal_word").capitalize()
    if pictograms is None:
        if signal_word:
            row.keep("signal_word")
        return
    row.chemical["pictograms"] = pictograms
    if h_statements:
        row.chemical["h_statements"] = h_statements[:60]
    if signal_word in ("Danger", "Warning"):
        row.chemical["signal_word"] = signal_word
    elif signal_word:
        row.leave_out("value_left_out", "signal_word")


def _fill_in(row: "RowReader") -> bool:
    """Take the classification of the reference, if it has one and nobody said no."""
    known = row.reference.get(row.chemical.get("cas_number", ""))
    if known is None:
        return False
    written = " ".join([*known["pictograms"], *known["h_statements"]]) or "none"
    agreed = row.choices.allows("hazards_filled")
    row.add_problem("hazards_filled", "cas_number", written if agreed else "", "" if agreed else written)
    if agreed:
        if signal_word := row.text("signal_word"):
            row.keep("signal_word", signal_word)
        # The file's own storage class stays.
        row.chemical = {name: value for name, value in known.items() if value is not None} | row.chemical
    return agreed


def _agreed_pictograms(row: "RowReader", words: str) -> list[str] | None:
    pictograms = [] if says_not_hazardous(words) else pictograms_of_words(words)
    if pictograms is None:
        row.add_problem("hazards_unclear", "hazards", says=words)
        return None
    agreed = row.choices.allows("hazard_words")
    written = " ".join(pictograms) or "none"
    row.add_problem("hazard_words", "hazards", written if agreed else "", "" if agreed else f"yes: {written}", words)
    return pictograms if agreed else None
