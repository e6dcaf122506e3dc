"""Guesses which row is the head and which field each column holds, from the words of the head and the cells below.

The guess is the starting point of the mapping; the person who imports the file can change all of it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from api.chemistry import cas_numbers
from api.chemistry.properties import EVERY, OF_CONTAINERS, Choice, ShortText
from api.chemistry.quantities import UNITS, QuantityError, is_pieces_or_enzyme, parse_amount

from .cells import is_figure, looks_like_cas, says_no_cas
from .heads import (
    JOINED,
    column_letter,
    field_of_head,
    field_of_our_head,
    fold_head,
    without_common_start,
    written_by_us,
)
from .properties import word_of
from .reading import Row
from .units import means_containers, read_unit

SAMPLE_ROWS = 200
_OF_CHEMICALS = frozenset({"cas_number", "formula", "catalogue_number", "amount", "pack_size", "purity", "supplier"})
_IN_WORDS = {
    one.name: one
    for one in EVERY
    if isinstance(one, Choice) or (isinstance(one, ShortText) and one.name not in {of.name for of in OF_CONTAINERS})
}
"""Properties whose columns hold a few words or codes, so that other cells show that the head was misread. A lot or a supplier may be any text."""


@dataclass(frozen=True)
class Column:
    """One column of the file, for the mapping form."""

    index: int
    head: str
    """The text at the head of the column; `Column C` where there is none."""
    field: str | None
    examples: list[str]
    by_cells: bool
    """Whether the field was guessed from the cells, not from the head."""
    filled: int
    """The number of rows in the sample whose cell in this column is not empty."""


def find_head(rows: Sequence[Row]) -> int:
    """The number of the row that is the head: among the first rows of the file, the one with the most words that are known as heads; where
    no word is known, the first row if its cells are words and a column below holds nothing but figures.

    0 if no row looks like a head: then the first row describes a chemical already.
    """
    best, best_score = 0, 0.0
    for number, cells in rows[:30]:
        filled = [cell for cell in without_common_start(cells) if cell]
        known = {field for cell in filled if len(cell) <= 60 and (field := field_of_head(cell))}
        if not known & {"name", "cas_number", "barcode", "synonyms", "catalogue_number", "formula"}:
            continue
        score = len(known) + len(filled) / 1000
        if score > best_score and not any(cas_numbers.is_valid(cell) for cell in filled):
            best, best_score = number, score
    return best or (rows[0][0] if rows and _is_head_by_shape(rows) else 0)


def _is_head_by_shape(rows: Sequence[Row]) -> bool:
    first, below = rows[0][1], [cells for _, cells in rows[1:]]
    if len(first) < 2 or any(not 0 < len(cell) <= 60 or re.search(r"\d", cell) for cell in first):
        return False
    columns = [[cells[index] for cells in below if index < len(cells) and cells[index]] for index in range(len(first))]
    return any(len(values) > 2 and all(re.fullmatch(r"[\d.,]+", value) for value in values) for values in columns)


def is_head(cells: Sequence[str]) -> bool:
    """Whether a row of a sheet can only be a head: three words or more, most of them known as heads, the name among them, and no figures."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(len(cell) > 40 or re.fullmatch(r"[\d.,/-]+", cell) for cell in filled):
        return False
    known = [field for cell in filled if (field := field_of_head(cell))]
    return "name" in known and len(set(known)) > 1 and len(known) > len(filled) / 2


def guess_columns(head: Sequence[str], rows: Iterable[Row]) -> list[Column]:
    """Every column with the field that it seems to hold. `rows` are some rows below the head."""
    sample = [cells for _, cells in rows][:SAMPLE_ROWS]
    width = max([len(head), *(len(cells) for cells in sample)])
    below = [[cells[index] for cells in sample if index < len(cells) and cells[index]] for index in range(width)]
    meant = heads = [head[index] if index < len(head) else "" for index in range(width)]
    if written_by_us(heads):
        fields = [field_of_our_head(text, heads) if text else None for text in heads]
    else:
        meant = without_common_start(heads)
        fields = [field_of_head(text) if text else None for text in meant]
        for index in range(width):
            fields[index] = _by_content(fields[index], meant[index], below[index], fields)
        _keep_one_of_each(fields, meant, below)
        _share_the_unit(fields, meant, below)
        if "name" not in fields and (likely := _likely_name(fields, below)) is not None:
            fields[likely] = "name"
    if "name" in fields and (place := fields.index("name")) > 0 and not heads[place - 1] and below[place - 1]:
        fields[place - 1] = "name_start"
    return [
        Column(
            index,
            heads[index] or f"Column {column_letter(index)}",
            fields[index],
            _examples(below[index]),
            fields[index] is not None and (not heads[index] or field_of_head(meant[index]) != fields[index]),
            len(below[index]),
        )
        for index in range(width)
    ]


def _examples(values: list[str]) -> list[str]:
    return [value[:80] for value in list(dict.fromkeys(values))[:3]]


def _share(values: list[str], fits: Callable[[str], object]) -> float:
    return sum(1 for value in values if fits(value)) / len(values) if values else 0.0


def _by_content(field: str | None, head: str, values: list[str], fields: list[str | None]) -> str | None:
    """The field that the values show clearly; otherwise the field that the head names."""
    if not values:
        return field
    if field == "cas_number" and not _holds_cas_numbers(values):
        return "catalogue_number" if "catalogue_number" not in fields else "kept"
    if field == "name" and _share(values, is_figure) > 0.5:
        return None  # numbers of chemicals that are named elsewhere
    if "cas_number" not in fields and _share(values, lambda value: cas_numbers.is_valid(value)) > 0.5:
        return "cas_number"
    if (
        "inchikey" not in fields
        and _share(values, lambda value: re.fullmatch(r"[A-Z]{14}-[A-Z]{10}-[A-Z]", value)) > 0.5
    ):
        return "inchikey"
    if field in ("hazards", "pictograms", "h_statements", None):
        if (
            _share(values, lambda value: re.match(r"(EU|AU)?H[2-4]?\d\d\d?", value)) > 0.6
            and "h_statements" not in fields
        ):
            return "h_statements"
        if _share(values, lambda value: re.match(r"GHS ?0\d", value)) > 0.6:
            return "pictograms"
    if field == "pictograms" and _share(values, lambda value: re.search(r"GHS ?0?\d", value, re.IGNORECASE)) < 0.3:
        return "hazards"
    if field == "amount" and _counts_containers(head, values, fields):
        return "containers"
    if field == "containers" and _share(values, _begins_with_a_count) < 0.5:
        return "pack_size" if _share(values, _is_amount) > 0.5 and "pack_size" not in fields else None
    if field == "unit" and _share(values, _is_unit) < 0.2 and _share(values, _may_be_a_unit) < 0.9:
        return "pack_size" if _share(values, _is_amount) > 0.5 and "pack_size" not in fields else None
    if field in _IN_WORDS and _share(values, lambda value: word_of(_IN_WORDS[field], value)) < 0.3:
        return None
    if field == "file_number" and _share(values, lambda value: len(value) <= 20) < 0.9:
        return None
    return field


def _share_the_unit(fields: list[str | None], heads: list[str], below: list[list[str]]) -> None:
    """Gives a column of units to the pack size that it stands behind ("Size, Unit, Quantity"), or that alone needs it. A number beside grams or
    millilitres is an amount, even if its head usually counts containers (수량, Aantal)."""
    if "unit" not in fields or "pack_unit" in fields:
        return
    place = fields.index("unit")
    of_amounts = [values for values, field in zip(below, fields, strict=True) if field == "amount"]
    amounts_need_it = any(_share(values, is_figure) > 0.2 for values in of_amounts)
    size = fields.index("pack_size") if "pack_size" in fields else None
    if size is not None and _share(below[size], is_figure) > 0.5 and (size == place - 1 or not amounts_need_it):
        fields[place] = "pack_unit"
        for index, field in enumerate(fields):
            if field == "amount" and _counts_containers(heads[index], below[index], fields):
                fields[index] = "containers"
    elif "containers" in fields and "amount" not in fields and "pack_size" not in fields:
        number = fields.index("containers")
        if fold_head(heads[number]) in _NUMBERS_OF_ANYTHING and _share(below[place], _is_measure) > 0.2:
            fields[number] = "amount"


_NUMBERS_OF_ANYTHING = frozenset({"수량", "aantal", "stuck", "bottles", "count"})


def _is_measure(value: str) -> bool:
    """Whether the text is a unit of mass or volume."""
    unit = read_unit(value)
    return unit is not None and UNITS[unit.unit].dimension in ("mass", "volume")


def _counts_containers(head: str, values: list[str], fields: list[str | None]) -> bool:
    """Whether a column "Qty" beside a pack size counts bottles: its values are whole numbers below 100 without a unit."""
    return (
        "pack_size" in fields
        and "unit" not in fields
        and "containers" not in fields
        and re.fullmatch(r"qty|quantity|(in)?stock(level)?|onhand", fold_head(head)) is not None
        and _share(values, lambda value: re.fullmatch(r"\d{1,2}", value)) > 0.95
    )


def _begins_with_a_count(value: str) -> bool:
    return re.match(r"\D{0,4}[0-9]{1,4}(?![0-9.,])", value) is not None and not _is_amount(value)


def _is_amount(value: str) -> bool:
    try:
        return bool(parse_amount(value))
    except QuantityError:
        return False


def _is_unit(value: str) -> bool:
    return is_pieces_or_enzyme(value) or means_containers(value) or read_unit(value) is not None


def _may_be_a_unit(value: str) -> bool:
    """Whether the text is a short word without digits. Such a word may be an unknown unit, about which the preview asks for each row."""
    return len(value) <= 20 and not any(char.isdigit() for char in value)


def _holds_cas_numbers(values: list[str]) -> bool:
    """Whether most values are CAS numbers, as they are or as days that a spreadsheet made of them. Of figures without hyphens one in ten
    passes the check digit by chance, so most of them have to."""
    said = [value for value in values if not says_no_cas(value)]
    return not said or _share(said, looks_like_cas) > 0.5


def _likely_name(fields: list[str | None], below: list[list[str]]) -> int | None:
    """The first column without a field whose cells look like names: words in most rows, seldom the same twice. There is none where no
    other column shows that the file is about chemicals."""
    if _OF_CHEMICALS.isdisjoint(fields):
        return None
    rows = max(map(len, below))
    for index, values in enumerate(below):
        if (
            fields[index] is None
            and len(values) > rows / 2
            and _share(values, lambda value: re.search(r"[^\W\d_]{3}", value) and len(value) <= 200) > 0.8
            and len(set(values)) > len(values) * 0.7
        ):
            return index
    return None


def _keep_one_of_each(fields: list[str | None], heads: list[str], below: list[list[str]]) -> None:
    """Leaves each field that is not joined from several columns to one of them: the one with the most filled cells, the first of equals. A head
    that says name goes before other heads of names, and any head of a catalogue number before one that names the order. The other columns hold
    no field, but further names are kept as notes; under the same head, each row asks about them."""
    for field in set(fields) - JOINED - {None}:
        places = [index for index, other in enumerate(fields) if other == field]
        called = [index for index in places if field == "name" and "name" in fold_head(heads[index]) and below[index]]
        if field == "catalogue_number":
            called = [index for index in places if not fold_head(heads[index]).startswith(("bestel", "order"))]
        keep = max(called or places, key=lambda index: (len(below[index]), -index))
        for index in places:
            if index != keep:
                other = fold_head(heads[index]) != fold_head(heads[keep])
                fields[index] = "kept" if field == "name" and other else None
