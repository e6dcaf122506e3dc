"""What the rows of a file say about one chemical: the first row that gives a field decides, and a later row that says otherwise is found."""

from collections.abc import Collection, Mapping
from typing import Any
from zlib import crc32

from api.chemistry.properties import PROPERTIES

COMPARED = ("formula", "supplier", "catalogue_number", *(one.name for one in PROPERTIES))
"""The fields that a chemical has once, whatever number of containers it has. Hazards, which are taken together from one row, the database
compares (inventory.share_fields)."""
_STEP = 5


class ChemicalsRead:
    """Remembers what was read of each chemical in few bytes: of each field its number and a checksum of its value."""

    def __init__(self) -> None:
        self._read: dict[int, bytes] = {}

    def said_otherwise(self, chemical: Mapping[str, Any], derived: Collection[str]) -> list[str]:
        """The fields for which an earlier row of the same name and CAS number gave another value. Derived ones were not in the file."""
        key = hash((chemical["name"].casefold(), chemical.get("cas_number")))
        before = self._read.get(key, b"")
        known = {before[place]: before[place : place + _STEP] for place in range(0, len(before), _STEP)}
        differ, added = [], b""
        for index, name in enumerate(COMPARED):
            if name not in chemical or name in derived:
                continue
            now = bytes([index]) + crc32(str(chemical[name]).casefold().encode()).to_bytes(_STEP - 1)
            if known.setdefault(index, now) != now:
                differ.append(name)
            elif index not in before[::_STEP]:
                added += now
        if added:
            self._read[key] = before + added
        return differ
