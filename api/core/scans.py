"""The field of a form that a container is scanned or typed into, as the forms of check-outs and of moves have it."""

from collections.abc import Callable
from typing import LiteralString

from pydantic import Field

from api.core.database import Found, Statement
from api.core.fields import Model
from api.core.product_codes import FIND_BY_CODE, FIND_BY_PRODUCT, ScannedProduct, scanned_parameters, scanned_product
from api.core.rows import Row
from api.core.search_words import FOUND_BY_WORDS, IS_MEANT
from api.core.views import CONTAINER

FIND_BY_WORDS = f"{CONTAINER} WHERE s.disposed_at IS NULL AND s.chemical_id IN ({FOUND_BY_WORDS})"
"""The containers in stock whose chemicals `q` finds. Each form adds the order in which it offers them."""


class ScanForm(Model):
    """The part of a form that tells of a scan. Beside these fields a form has its `containers`, and `hits` to choose from."""

    added: int | None = Field(
        description="the container that q found, when it is just one, not found by chance, and still there"
    )
    product: ScannedProduct | None = Field(
        description="what q says, if it is a manufacturer's code by which no one container is found"
    )


def scan_statements(code: str, by_words: LiteralString) -> dict[str, Statement]:
    """The statements that look for `code`; none if it is empty. `by_words` is FIND_BY_WORDS with an order."""
    if not code:
        return {}
    return {
        "by_code": (FIND_BY_CODE, scanned_parameters(code)),
        "by_product": (FIND_BY_PRODUCT, scanned_parameters(code)),
        "by_words": (by_words, {"q": code}),
        "meant": (IS_MEANT, {"q": code}),
    }


def fields_of_scan(code: str, found: Found, containers: list[Row], shown: Callable[[Row], Row]) -> Row:
    """The fields of a ScanForm with `containers` and `hits`, from the rows that the statements of `scan_statements` found.

    The only container that `code` means is added behind the others. What `code` found by chance, and a container that was disposed of,
    stand in `hits`: nothing is added that nobody meant. `shown` makes of a row what the form shows.
    """
    by_code, by_product = found.get("by_code"), found.get("by_product")
    chosen = [shown(row) for row in by_code or by_product or found.get("by_words") or []]
    is_sure = len(chosen) == 1 and bool(by_code or (not by_product and found["meant"]))
    added = chosen[0]["id"] if is_sure and chosen[0]["disposed_at"] is None else None
    is_new = added and all(row["id"] != added for row in containers)
    return {
        "containers": containers + chosen if is_new else containers,
        "added": added,
        "hits": [] if added else chosen,
        "product": None if by_code else scanned_product(code),
    }
