"""The words by which a field is called outside its own page, where its label is not at hand: "Line 2: Pack size"."""

from __future__ import annotations

import re

from pages.common.properties import OF_CONTAINERS, PROPERTIES

UNSAID = re.compile(
    r"(.*[-_])?id|key|next|back|act|add|remove|row|was|now|filled|listed|called|kept|shown|usual|state|number|to|at|quick|show|result"
    r"|container|chemical|movement|disposal|sheet|.*[-_]was|product-.*|.*fill_in|.*with_questions",
)
"""Fields that nobody types: what a form is about, by numbers and marks of its own."""
LINE = re.compile(r"lines-(\d{1,4})-(?:chemical-)?(.+)")
WORDS = {
    **{one.name: one.label for one in (*PROPERTIES, *OF_CONTAINERS)},
    "cas_number": "CAS RN",
    "gtin": "GTIN",
    "h_statements": "H statements",
    "p_statements": "P statements",
    "low_stock_amount": "Reorder at",
    "left_before": "What is in it now",
    "holds_more": "It really holds more",
    "belong_together": "They belong together",
    "scans": "It has a barcode already",
    "pack-amount": "Pack size",
    "pack-unit": "Unit of the pack size",
    "pack_size-unit": "Unit of the pack size",
    "low_stock_amount-unit": "Unit of the reorder point",
    "amount-unit": "Unit of the amount",
    "q": "Search",
    "scan": "Scanned",
}


def words_of_field(name: str) -> str:
    """What the field `name` of a form is called; "" for one that nobody types."""
    line = LINE.fullmatch(name)
    bare = re.sub(r"-\d+", "", line[2] if line else name)  # reason-12 is the reason of the line that has the number 12
    if UNSAID.fullmatch(bare):
        return ""
    words = WORDS.get(bare) or re.sub("[-_]", " ", bare)
    words = words[:1].upper() + words[1:]
    return f"Line {int(line[1]) + 1}: {words}" if line else words
