"""Reads structures that are written as SMILES, and draws them.

Only processes of their own import this module, because RDKit is slow to load and takes much memory,
and because its C++ parses what people typed: a fault in it must not end the API.
"""

import logging
import re
from typing import Any

from rdkit import Chem, rdBase

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
    _HEARD.lines.clear()
    molecule = Chem.MolFromSmiles(text, _as_written(sanitize=True))
    return molecule if molecule is not None else _read_loosely(text)


def _read_loosely(text: str) -> Chem.Mol:
    """The molecule of a SMILES whose bonds RDKit refuses, if the refusal says little. Raises StructureError."""
    _HEARD.lines.clear()
    molecule = Chem.MolFromSmiles(text, _as_written(sanitize=False))
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
