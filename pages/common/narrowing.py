"""The filters of the list of chemicals that say something of single containers. What is done with chosen chemicals of a narrowed list is
done with those of their containers that fulfil the filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

WITH_A_VALUE = (
    "location", "expires_before", "expires_within", "open_longer_than", "supplier", "lot_number", "catalogue_number", "order_number", "held_by",
    "checked_out",
)  # fmt: skip
"""The filters of single containers that have one value: OF_CONTAINERS in api/core/narrowing.py."""
OF_A_CONTAINER = ("expired", "expiring", "held", "missing", "peroxides")
"""The flags that say something of a container; the others, such as low, say something of a chemical."""


def narrowing_of(given: MultiDict[str, str]) -> dict[str, list[str]]:
    """The filters in an address or a form that say something of containers, as parameters for the API: {"location": ["4"], "flag": ["expired"]}."""
    found = {name: given.getlist(name)[:1] for name in WITH_A_VALUE if given.get(name)}
    flags = [flag for flag in OF_A_CONTAINER if flag in given.getlist("flag")]
    return found | ({"flag": flags} if flags else {})
