"""Search by structure: it finds what RDKit finds by looking at each structure of the lab, and nothing of another lab."""

import csv
import io
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from api.chemistry.structures import StructureError, read_query, read_smiles
from api.structures.apart import release
from tests.installation import Client, Installation
from tests.sql.shelf import shelf

Lab = dict[str, Chem.Mol]
"""The structures of a lab, by the names of the chemicals."""
BENZOIC_ACID = "OC(=O)c1ccccc1"
SMARTS = [
    "[#6]=O", "[CX3](=O)[OX2H1]", "[OX2H]", "[NX3;H2]", "a", "[!#6;!#1]", "[R]", "[r5]", "[$([CX4]O)]", "*~*~*", "[Cl,Br,I]", "[+]",
    "[-]", "c:n", "C#N", "[#7]~[#7]", "S(=O)(=O)", "[Na+]", "[Si,P]", "[D3]", "[2H]", "C=O", "C1=CC=CC=C1", "N=O", "*", "[OH]", "[Sb]", "[CH3]",
]  # fmt: skip
"""Queries that say more, or less, than a structure does."""


def edited(smiles: list[str], dice: random.Random) -> Iterator[str]:
    """Structures made of others: parts of them, mixtures of two, and such with another atom."""
    while True:
        one, other = dice.choice(smiles), dice.choice(smiles)
        molecule = read_smiles(one)
        around = Chem.FindAtomEnvironmentOfRadiusN(
            molecule, dice.choice([1, 2, 3]), dice.randrange(molecule.GetNumAtoms())
        )
        atoms = {
            at
            for bond in around
            for at in (molecule.GetBondWithIdx(bond).GetBeginAtomIdx(), molecule.GetBondWithIdx(bond).GetEndAtomIdx())
        }
        part = Chem.MolFragmentToSmiles(molecule, sorted(atoms)) if atoms else one
        yield dice.choice(
            [part, f"{one}.{other}", one.replace("C", "N", 1), one.replace("O", "S", 1), one.replace("N", "P", 1)]
        )


def readable(candidates: Iterator[str], number: int) -> list[str]:
    """The first structures that can be read."""
    found: dict[str, None] = {}
    while len(found) < number:
        smiles = next(candidates)
        try:
            read_smiles(smiles)
        except StructureError:
            continue
        if len(smiles) < 300:
            found[smiles] = None
    return list(found)


@pytest.fixture(scope="module")
def lab(installation: Installation) -> Lab:
    """Curie has some hundred structures, by their names; hodgkin has benzoic acid."""
    known = [
        smiles
        for (smiles,) in installation.psql(
            "SELECT smiles FROM reference.substances WHERE smiles IS NOT NULL ORDER BY cas_number"
        )
    ]
    made = [*known, *readable(edited(known, random.Random(7)), 150)]
    structures = {f"S {number}": smiles for number, smiles in enumerate(made)}
    with shelf(installation) as on:
        for name, smiles in structures.items():
            on.run("INSERT INTO inventory.chemicals (name, smiles) VALUES (%s, %s)", name, smiles)
        on.run("INSERT INTO inventory.chemicals (name) VALUES ('No structure')")
        on.run("INSERT INTO inventory.chemicals (name, smiles) VALUES ('Unreadable', 'CC)C')")
    eve = installation.as_user("eve")
    assert eve.post("/labs/hodgkin/chemicals", json={"name": "Theirs", "smiles": BENZOIC_ACID}).status_code == 201
    return {name: read_smiles(smiles) for name, smiles in structures.items()}


def found(client: Client, lab: str = "curie", **asked: Any) -> set[str]:
    """The names of all chemicals that a search finds."""
    answer = client.get(f"/labs/{lab}/chemicals.csv", params=asked)
    assert answer.status_code == 200, answer.text
    return {line["Name"] for line in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))}


def looked_through(lab: Lab, fits: Callable[[Chem.Mol], bool]) -> set[str]:
    """The names of the structures that fit, each looked at without any fingerprint."""
    return {name for name, molecule in lab.items() if fits(molecule)}


def test_a_part_is_found_wherever_it_is(installation: Installation, lab: Lab) -> None:
    dice = random.Random(11)
    parts = readable(edited([Chem.MolToSmiles(one) for one in lab.values()], dice), 25)
    ada = installation.as_user("ada")
    hits = 0
    for query in [*SMARTS, *parts]:
        part = read_query(query)
        expected = looked_through(lab, lambda one, part=part: one.HasSubstructMatch(part))  # type: ignore[misc]
        assert found(ada, structure=query) == expected, query
        hits += len(expected)
    assert hits > 1000
    [[kept]] = installation.psql("SELECT count(*) FROM inventory.structures WHERE canonical IS NOT NULL", lab="curie")
    assert kept == len(lab), "the database left out what it could"


def test_a_viewer_finds_the_same_before_anything_was_kept_and_keeps_nothing(
    installation: Installation, lab: Lab
) -> None:
    ada, cleo = installation.as_user("ada"), installation.as_user("cleo")
    for asked in (
        {"structure": "c1ccccc1"},
        {"structure": "CCO", "match": "exact"},
        {"structure": BENZOIC_ACID, "match": "similar", "similarity": 30},
    ):
        expected = found(ada, **asked)
        assert expected
        with shelf(installation) as on:
            on.run(
                "UPDATE inventory.structures SET release = 'another', pattern = ~ pattern, canonical = canonical || '.C'"
            )
        assert found(cleo, **asked) == expected, "what another release made counts for nothing"
        assert installation.psql("SELECT DISTINCT release FROM inventory.structures", lab="curie") == [("another",)]
        assert found(ada, **asked) == expected
        assert installation.psql("SELECT DISTINCT release FROM inventory.structures", lab="curie") == [(release(),)]


def test_exact_finds_each_way_to_write_the_structure(installation: Installation, lab: Lab) -> None:
    ada = installation.as_user("ada")
    for molecule in list(lab.values())[::25]:
        same = Chem.MolToSmiles(molecule)
        expected = looked_through(lab, lambda one, same=same: Chem.MolToSmiles(one) == same)  # type: ignore[misc]
        another_way = Chem.MolToSmiles(molecule, canonical=False, doRandom=True)
        assert found(ada, structure=another_way, match="exact") == expected
        assert expected


def test_similar_finds_by_tanimoto(installation: Installation, lab: Lab) -> None:
    ada, prints = installation.as_user("ada"), rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    for smiles, least in ((BENZOIC_ACID, 40), (BENZOIC_ACID, 100), ("CCO", 30), ("CCCCCC", 55)):
        mine = prints.GetFingerprint(read_smiles(smiles))
        expected = looked_through(
            lab,
            lambda one, mine=mine, least=least: (
                DataStructs.TanimotoSimilarity(mine, prints.GetFingerprint(one)) >= least / 100
            ),  # type: ignore[misc]
        )
        assert found(ada, structure=smiles, match="similar", similarity=least) == expected
    assert found(ada, structure="CCCCCC", match="similar", similarity=20) > found(
        ada, structure="CCCCCC", match="similar"
    )


def test_what_has_no_structure_is_counted_and_listed_apart(installation: Installation, lab: Lab) -> None:
    for who in ("ada", "cleo"):
        client = installation.as_user(who)
        asked = {"structure": "c1ccccc1", "facets": True}
        assert client.get("/labs/curie/chemicals", params=asked).json()["unknown"] == {"structure": 2}
        assert found(client, unknown="structure") == {"No structure", "Unreadable"}


def test_a_structure_that_changes_is_found_as_what_it_is_now(installation: Installation, lab: Lab) -> None:
    ada = installation.as_user("ada")
    made = ada.post("/labs/curie/chemicals", json={"name": "Changing", "smiles": "C[Po]C"}).json()["id"]
    assert found(ada, structure="[Po]") == {"Changing"}
    assert ada.patch(f"/labs/curie/chemicals/{made}", json={"smiles": "C[At]"}).status_code == 200
    assert found(ada, structure="[Po]") == set()
    assert found(ada, structure="[At]") == {"Changing"}


def test_it_narrows_with_the_other_filters_and_in_files(installation: Installation, lab: Lab) -> None:
    ada = installation.as_user("ada")
    both = found(ada, structure="c1ccccc1", q="S 1")
    assert both == {name for name in found(ada, structure="c1ccccc1") if name.startswith("S 1")}
    file = ada.get("/labs/curie/chemicals.csv", params={"structure": "c1ccccc1", "q": "S 1"}).content.decode()
    assert file.count("\r\n") == len(both) + 1
    seen = ada.get("/labs/curie/enrichments/new", params={"structure": "c1ccccc1", "q": "S 1"}).json()
    assert seen["chemicals"] == len(both)


@pytest.mark.parametrize("match", ["substructure", "exact", "similar"])
def test_a_slip_in_the_query_is_told_at_its_field(installation: Installation, match: str) -> None:
    ada = installation.as_user("ada")
    answer = ada.get("/labs/curie/chemicals", params={"structure": "C(C", "match": match})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["pointer"] == "/structure"
    assert error["detail"].startswith("This SMILES cannot be read at character 2, “(”: this bracket is never closed.")


def test_no_structure_of_another_lab_is_found_or_kept(installation: Installation, lab: Lab) -> None:
    ada, eve = installation.as_user("ada"), installation.as_user("eve")
    assert found(eve, lab="hodgkin", structure="c1ccccc1") == {"Theirs"}
    assert "Theirs" not in found(ada, structure="c1ccccc1")
    assert eve.get("/labs/curie/chemicals", params={"structure": "c1ccccc1"}).status_code == 404
    assert installation.psql("SELECT smiles FROM inventory.structures", lab="hodgkin") == [(BENZOIC_ACID,)]
