"""Reads structures that are written as SMILES, draws them, and compares them.

Only processes of their own import this module, because RDKit is slow to load and takes much memory,
and because its C++ parses what people typed: a fault in it must not end the API.
"""

import logging
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from rdkit import Chem, DataStructs, rdBase

LONGEST = 2000
MOST_ATOMS_DRAWN = 300
WIDTH, HEIGHT, LONGEST_BOND = 250, 220, 36
HAVE_BONDS_TO_COUNT = {"C", "N", "O"}
"""Elements of which a bond too many is a slip of the pen. Of others RDKit knows too few: of chlorine in ClF₃, of boron in diborane."""
_ATOM = re.compile(r"\[[^\]]*\]|Br|Cl|[BCNOPSFIbcnops*]")
_TELLING = re.compile(r"position (\d+)|(unclosed ring|extra open|extra close)")
_WHY = {
    "unclosed ring": "a ring is opened by its number and never closed",
    "extra open": "this bracket is never closed",
    "extra close": "this bracket was never opened",
}


class StructureError(ValueError):
    """The text is no structure; the message is a sentence that says where."""


class _Heard(logging.Handler):
    """Keeps what RDKit says of a text, which it only logs."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a line."""
        self.lines.append(record.getMessage())


_HEARD = _Heard()
rdBase.LogToPythonLogger()
logging.getLogger("rdkit").handlers[:] = [_HEARD]
logging.getLogger("rdkit").propagate = False
rdBase.DisableLog("rdApp.*")  # only while _read_loosely listens, it speaks


def _as_written(sanitize: bool) -> Any:
    given: Any = Chem.SmilesParserParams()
    given.sanitize = given.removeHs = sanitize
    given.allowCXSMILES = given.parseName = False
    return given


def read_smiles(text: str) -> Chem.Mol:
    """The molecule that a SMILES describes. Raises StructureError."""
    for place, sign in enumerate(text, 1):
        if not "!" <= sign <= "~":
            raise StructureError(
                f"A SMILES has no {'blank' if sign.isspace() else f'“{sign}”'}: look at character {place}."
            )
    if not text or len(text) > LONGEST:
        raise StructureError(f"A SMILES has from 1 to {LONGEST} characters.")
    molecule = Chem.MolFromSmiles(text, _as_written(sanitize=True))
    return molecule if molecule is not None else _read_loosely(text)


def _read_loosely(text: str) -> Chem.Mol:
    """The molecule of a SMILES whose bonds RDKit refuses, if the refusal says little. Raises StructureError."""
    _HEARD.lines.clear()
    rdBase.EnableLog("rdApp.error")
    molecule = Chem.MolFromSmiles(text, _as_written(sanitize=False))
    rdBase.DisableLog("rdApp.error")
    if molecule is None:
        raise StructureError(_place_of_the_slip(text))
    for problem in Chem.DetectChemistryProblems(molecule):
        index = problem.GetAtomIdx() if hasattr(problem, "GetAtomIdx") else problem.GetAtomIndices()[0]
        symbol = molecule.GetAtomWithIdx(index).GetSymbol()
        place = next(found.start() + 1 for number, found in enumerate(_ATOM.finditer(text)) if number == index)
        if problem.GetType() == "AtomValenceException" and symbol not in HAVE_BONDS_TO_COUNT:
            continue
        raise StructureError(
            f"The {symbol} at character {place} has too many bonds."
            if problem.GetType() == "AtomValenceException"
            else f"The small letters from character {place} on are no aromatic ring. Is a hydrogen missing, as in [nH]?"
        )
    molecule.UpdatePropertyCache(strict=False)
    Chem.SanitizeMol(molecule, Chem.SANITIZE_ALL ^ Chem.SANITIZE_PROPERTIES)
    return molecule


def _place_of_the_slip(text: str) -> str:
    place, why = 0, ""
    for line in _HEARD.lines:
        for found in _TELLING.finditer(line):
            place, why = int(found[1] or place), _WHY.get(found[2], why)
    where = f" at character {place}, “{text[place - 1]}”" if 0 < place <= len(text) else ""
    return f"This SMILES cannot be read{where}{f': {why}' if why else ''}."


def draw(molecule: Chem.Mol) -> str:
    """The molecule as an SVG without a background. Raises StructureError for one that is too large to be looked at."""
    if molecule.GetNumAtoms() > MOST_ATOMS_DRAWN:
        raise StructureError(
            f"Only structures of up to {MOST_ATOMS_DRAWN} atoms are drawn; this one has {molecule.GetNumAtoms()}."
        )
    from rdkit.Chem.Draw import rdMolDraw2D  # loads for longer than all else together, and only for this

    drawing = rdMolDraw2D.MolDraw2DSVG(WIDTH, HEIGHT)
    options: Any = drawing.drawOptions()
    options.clearBackground = False
    options.fixedBondLength = LONGEST_BOND
    options.prepareMolsBeforeDrawing = False  # that would refuse the bonds which read_smiles lets pass
    prepared = rdMolDraw2D.PrepareMolForDrawing(molecule, kekulize=True, addChiralHs=False)
    drawing.DrawMolecule(prepared)
    drawing.FinishDrawing()
    text: str = drawing.GetDrawingText()
    return text


def read_query(text: str) -> Chem.Mol:
    """The part that a structure is to have: a SMILES, else a SMARTS. Raises StructureError.

    A SMILES whose atoms have free valences, such as [OH] or [As], is a SMARTS, too: as such it means more than a radical.
    """
    try:
        molecule = read_smiles(text)
        if not any(atom.GetNumRadicalElectrons() for atom in molecule.GetAtoms()):
            return molecule
    except StructureError as error:
        part = Chem.MolFromSmarts(text) if text.isascii() and 0 < len(text) <= LONGEST else None
        if part is None:
            raise StructureError(f"{error} It is no SMARTS either.") from error
        return part
    return Chem.MolFromSmarts(text) or molecule


@dataclass(frozen=True)
class Prints:
    """What is kept of a structure, so that the database can compare it; the fingerprints as PostgreSQL takes a bit(2048)."""

    canonical: str
    pattern: str
    morgan: str


def pattern_of(molecule: Chem.Mol) -> str:
    """The fingerprint of parts, of a structure or of a query: a structure that has the query has all bits of the query."""
    return _bits(Chem.PatternFingerprint(molecule, fpSize=2048))


def morgan_of(molecule: Chem.Mol) -> str:
    """The fingerprint of the surroundings of each atom, up to two bonds far."""
    return _bits(_surroundings().GetFingerprint(molecule))


@cache
def _surroundings() -> Any:
    from rdkit.Chem import rdFingerprintGenerator  # brings NumPy, which takes longer to load than RDKit

    return rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)


def prints_of(molecule: Chem.Mol) -> Prints:
    """What is kept of a structure."""
    return Prints(Chem.MolToSmiles(molecule), pattern_of(molecule), morgan_of(molecule))


def _bits(fingerprint: DataStructs.ExplicitBitVect) -> str:
    return f"x{DataStructs.BitVectToFPSText(fingerprint)}"
