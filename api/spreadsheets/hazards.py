"""The hazards of a row: from its GHS codes, H codes or words, or from the reference by the CAS number."""

from api.chemistry.hazards import (
    pictograms_of,
    pictograms_of_words,
    read_pictograms,
    read_statements,
    says_not_hazardous,
    signal_word_of,
    undecided_among,
    without_forbidden,
)

from .row import RowDraft

MOST_STATEMENTS = 60
LONGEST_SOURCE = 200
CHECKED = ("none", "no pictogram")
"""The words in ChemTrack's own files for chemicals that somebody classified and that need no pictogram."""


def add_hazards(row: RowDraft) -> None:
    """Puts pictograms, H and P statements and signal_word into the row's chemical, and other words about hazards into the notes.

    The file's own codes are preferred, then the reference's classification of the CAS number, then words. If something beside the
    codes was not understood, the codes may not be complete: they become a question, and until it is answered the hazards stay not
    known. A file that ChemTrack wrote says whether the lab knows them, and is taken as it is.
    """
    statements = read_statements(row.text("h_statements"))
    column, given, said = "pictograms", row.text("pictograms"), row.text("hazards")
    if not given and read_pictograms(said):
        column, given, said = "hazards", said, ""
    checked = row.ours and given in CHECKED
    pictograms = [] if checked else read_pictograms(given)
    if pictograms and not row.ours:
        pictograms = _without_forbidden(row, column, pictograms)
    words = [said, statements.unread, "" if pictograms or checked else given]
    wording = "; ".join(word for word in words if word)
    if wording:
        row.notes.append(f"Hazards in the file: {wording}")
    h_statements = statements.h[:MOST_STATEMENTS]
    if h_statements and statements.unread:
        agreed = row.choices.allows("h_statements_unread")
        becomes = " ".join(h_statements) if agreed else ""
        row.add_problem("h_statements_unread", "h_statements", becomes, f"not read: {statements.unread}")
        if not agreed:
            row.keep("h_statements")
            _keep(row, pictograms, [])
            return
    if statements.p:
        row.chemical["p_statements"] = statements.p
    if pictograms is None and not h_statements and not row.ours and _fill_in(row):
        return
    if wording and pictograms is None and not h_statements:
        pictograms = _agreed_pictograms(row, wording)
    if h_statements and pictograms is None:
        if row.choices.allows("pictograms_of_h"):
            pictograms = pictograms_of(h_statements)
            row.derived.add("pictograms")
            open_words = ", ".join(undecided_among(h_statements))
            proof = f"{open_words}: Danger or Warning, as its category says" if open_words else ""
            row.add_problem("pictograms_of_h", "h_statements", " ".join(pictograms) or "none", proof)
        else:
            row.leave_out("pictograms_of_h", "h_statements")
    _keep(row, pictograms, h_statements)


def _without_forbidden(row: RowDraft, column: str, pictograms: list[str]) -> list[str]:
    allowed = without_forbidden(pictograms)
    if allowed == pictograms:
        return pictograms
    agreed = row.choices.allows("pictogram_forbidden")
    row.add_problem("pictogram_forbidden", column, " ".join(allowed) if agreed else "")
    return allowed if agreed else pictograms


def _keep(row: RowDraft, pictograms: list[str] | None, h_statements: list[str]) -> None:
    """Puts the hazards into the chemical. The signal word is the one in the file, or else the one that the H codes bring."""
    signal_word = row.text("signal_word").capitalize()
    if pictograms is None:
        _keep_as_notes(row)
        return
    row.chemical["pictograms"] = pictograms
    if h_statements:
        row.chemical["h_statements"] = h_statements
    if source := row.text("hazards_from"):
        row.chemical["hazards_from"] = source[:LONGEST_SOURCE]
    if signal_word and signal_word not in ("Danger", "Warning"):
        row.leave_out("value_left_out", "signal_word", "neither Danger nor Warning")
    elif signal_word:
        row.chemical["signal_word"] = signal_word
    elif not row.ours and (follows := signal_word_of(h_statements)):
        row.chemical["signal_word"] = follows
        row.derived.add("signal_word")


def _fill_in(row: RowDraft) -> bool:
    """Takes the classification of the reference, if there is one and the manager has not refused this repair."""
    known = row.reference.get(row.chemical.get("cas_number", ""))
    if known is None:
        return False
    written = " ".join([*known["pictograms"], *known["h_statements"]]) or "none"
    agreed = row.choices.allows("hazards_filled")
    source = f"from {known['hazards_from']}"
    row.add_problem(
        "hazards_filled", "cas_number", written if agreed else "", source if agreed else f"{written}, {source}"
    )
    if agreed:
        _keep_as_notes(row)
        row.derived |= known.keys() - row.chemical.keys()
        if known["storage_class"] and "storage_class" not in row.chemical:
            row.chemical["origins"] = {"storage_class": f"{known['hazards_from']} ({row.chemical['cas_number']})"}
        # A storage class and P statements that the file gives are kept.
        row.chemical = {name: value for name, value in known.items() if value is not None} | row.chemical
    return agreed


def _keep_as_notes(row: RowDraft) -> None:
    """Keeps what the file says of the classification where the chemical has none, or that of the reference."""
    for name in ("signal_word", "hazards_from"):
        if row.text(name):
            row.keep(name)


def _agreed_pictograms(row: RowDraft, words: str) -> list[str] | None:
    pictograms = [] if says_not_hazardous(words) else pictograms_of_words(words)
    if pictograms is None:
        row.add_problem("hazards_unclear", "hazards", says=words)
        return None
    agreed = row.choices.allows("hazard_words")
    written = " ".join(pictograms) or "none"
    row.add_problem("hazard_words", "hazards", written if agreed else "", "" if agreed else f"yes: {written}", words)
    return pictograms if agreed else None
