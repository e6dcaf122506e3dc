"""Which row is the head, and which column is what: guessed from the words of the head and from what stands below.

A guess is only where the mapping starts; whoever imports the file has the last word.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from api import cas_numbers
from api.quantities import QuantityError, parse_amount, parse_unit

from .cells import is_state
from .heads import JOINED, column_letter, field_of_head, fold_head
from .reading import Row

SAMPLE_ROWS = 200


@dataclass(frozen=True)
class Column:
    """One column of the file, for the mapping form."""

    index: int
    head: str
    """Its head; `Column C` where it has none."""
    field: str | None
    examples: list[str]
    filled: int
    """How many of the sample's rows have something in it."""


def find_head(rows: Sequence[Row]) -> int:
    """The number of the row that is the head, among the first rows of a file: the one with most words we know.

    0 if no row looks like one: then the first row is a chemical already.
    """
    best, best_score = 0, 0.0
    for number, cells in rows[:30]:
        filled = [cell for cell in cells if cell]
        known = {field for cell in filled if len(cell) <= 60 and (field := field_of_head(cell))}
        if not known & {"name", "cas_number", "barcode", "synonyms", "catalogue_number", "formula"}:
            continue
        score = len(known) + len(filled) / 1000
        if score > best_score and not any(cas_numbers.is_valid(cell) for cell in filled):
            best, best_score = number, score
    return best


def guess_columns(head: Sequence[str], rows: Iterable[Row]) -> list[Column]:
    """Every column with the field it seems to be. `rows` are some rows below the head."""
    sample = [cells for _, cells in rows][:SAMPLE_ROWS]
    width = max([len(head), *(len(cells) for cells in sample)])
    below = [[cells[index] for cells in sample if index < len(cells) and cells[index]] for index in range(width)]
    heads = [head[index] if index < len(head) else "" for index in range(width)]
    fields = [field_of_head(text) if text else None for text in heads]
    for index in range(width):
        fields[index] = _by_content(fields[index], heads[index], below[index], fields)
    _keep_one_of_each(fields, heads, below)
    if "name" in fields and (place := fields.index("name")) > 0 and not heads[place - 1] and below[place - 1]:
        fields[place - 1] = "name_start"
    return [
        Column(
            index,
            heads[index] or f"Column {column_letter(index)}",
            fields[index],
            _examples(below[index]),
            len(below[index]),
        )
        for index in range(width)
    ]


def _examples(values: list[str]) -> list[str]:
    return [value[:80] for value in list(dict.fromkeys(values))[:3]]


def _share(values: list[str], fits: Callable[[str], object]) -> float:
    return sum(1 for value in values if fits(value)) / len(values) if values else 0.0


def _by_content(field: str | None, head: str, values: list[str], fields: list[str | None]) -> str | None:
    """The field that the values speak for, where they speak clearly; else what the head says."""
    if not values:
        return field
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
    if field == "sds_url" and _share(values, lambda value: value.startswith("http")) < 0.5:
        return None
    if field == "amount" and _counts_containers(head, values, fields):
        return "containers"
    if field == "containers" and _share(values, str.isdigit) < 0.5:
        return "pack_size" if _share(values, _is_amount) > 0.5 and "pack_size" not in fields else None
    if field == "unit" and _share(values, _is_unit) < 0.2:
        return None
    if field == "physical_state" and _share(values, is_state) < 0.3:
        return None
    if field == "file_number" and _share(values, lambda value: len(value) <= 20) < 0.9:
        return None
    return field


def _counts_containers(head: str, values: list[str], fields: list[str | None]) -> bool:
    """Whether "Qty" beside a pack size counts bottles: whole numbers below 100, and no unit of their own."""
    return (
        "pack_size" in fields
        and "unit" not in fields
        and "containers" not in fields
        and re.fullmatch(r"qty|quantity|stock|in stock|on hand", fold_head(head)) is not None
        and _share(values, lambda value: re.fullmatch(r"\d{1,2}", value)) > 0.95
    )


def _is_amount(value: str) -> bool:
    try:
        return bool(parse_amount(value))
    except QuantityError:
        return False


def _is_unit(value: str) -> bool:
    try:
        return bool(parse_unit(value))
    except QuantityError:
        return False


def _keep_one_of_each(fields: list[str | None], heads: list[str], below: list[list[str]]) -> None:
    """Of several columns with one field that is not joined, keep the one that is filled most, the first of equals."""
    for field in set(fields) - JOINED - {None}:
        places = [index for index, other in enumerate(fields) if other == field]
        keep = max(places, key=lambda index: (len(below[index]), -index))
        for index in places:
            if index != keep:
                fields[index] = "synonyms" if field == "name" and "name" in fold_head(heads[index]) else None
