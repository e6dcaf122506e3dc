"""Finds the structures that a query fits, among those that the database could not leave out by itself."""

import time
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rdkit import Chem

from api.chemistry.structures import Prints, StructureError, pattern_of, prints_of, read_query, read_smiles

SECONDS_FOR_PRINTS = 1.5
"""After this processor time no further fingerprints are made: the next search goes on with them."""


class Query:
    """What is searched for: in `way` (exact, substructure or similar) the structure `text`; nothing at all where there is no text, only to
    make what is missing. `least` is the smallest similarity in percent."""

    def __init__(self, text: str | None, way: str, least: int) -> None:
        self._way, self._least = way, least
        self._part = read_query(text) if text and way == "substructure" else None
        self._prints = prints_of(read_smiles(text)) if text and way != "substructure" else None

    def told(self) -> dict[str, str]:
        """What the database needs of the query."""
        if self._part is not None:
            return {"pattern": pattern_of(self._part)}
        return asdict(self._prints) if self._prints else {}

    def fits(self, molecule: Chem.Mol, prints: Prints | None) -> bool:
        """Whether a structure is found; `prints` are its own, where they were made."""
        if self._part is not None:
            return bool(molecule.HasSubstructMatch(self._part))
        if self._prints is None:
            return False
        prints = prints or prints_of(molecule)
        if self._way == "exact":
            return prints.canonical == self._prints.canonical
        mine, its = (int(one.morgan[1:], 16) for one in (self._prints, prints))
        either = (mine | its).bit_count()
        return bool(either) and 100 * (mine & its).bit_count() >= self._least * either


def search(query: Query, candidates: Iterable[tuple[int, str, bool]]) -> dict[str, list[Any]]:
    """Of candidates (id, SMILES, whether the database has its fingerprints): the ids that fit, those that cannot be read, and what the
    database does not have yet."""
    found, unread, made = [], [], []
    began = time.process_time()
    for number, smiles, is_known in candidates:
        is_to_be_made = not is_known and time.process_time() - began < SECONDS_FOR_PRINTS
        prints, row = None, {"chemical_id": number, "smiles": smiles}
        try:
            molecule = read_smiles(smiles)
            if is_to_be_made:
                prints = prints_of(molecule)
                row |= asdict(prints)
            if query.fits(molecule, prints):
                found.append(number)
        except StructureError:
            unread.append(number)
        if is_to_be_made:
            made.append(row)
    return {"found": found, "unread": unread, "made": made}
