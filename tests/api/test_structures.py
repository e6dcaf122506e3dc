"""Structures: drawn from SMILES by a process of its own, each lab's for that lab alone."""

import json
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import pytest

from api.chemistry.structures import StructureError, draw, read_smiles
from tests.installation import Client, Installation
from tests.sql.shelf import shelf

CAFFEINE = "CN1C=NC2=C1C(=O)N(C)C(=O)N2C"


def listed(client: Client, lab: str, **fields: Any) -> int:
    answer = client.post(f"/labs/{lab}/chemicals", json={"name": "Drawn"} | fields)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_the_structure_of_a_chemical_is_drawn(installation: Installation) -> None:
    ada = installation.as_user("ada")
    path = f"/labs/curie/chemicals/{listed(ada, 'curie', smiles=CAFFEINE)}/structure"
    answer = ada.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    drawing = ElementTree.fromstring(answer.content)
    bonds = {part.get("class", "").split()[0] for part in drawing.iter() if part.get("class", "").startswith("bond-")}
    assert len(bonds) == 15
    assert not list(drawing.iter("{http://www.w3.org/2000/svg}rect")), "it stands on what is behind it"


def test_a_drawing_that_one_has_is_not_sent_again_until_the_structure_changes(installation: Installation) -> None:
    ada = installation.as_user("ada")
    chemical = listed(ada, "curie", smiles=CAFFEINE)
    path = f"/labs/curie/chemicals/{chemical}/structure"
    have = {"If-None-Match": ada.get(path).headers["ETag"]}
    again = ada.get(path, headers=have)
    assert (again.status_code, again.content) == (304, b"")
    assert installation.as_user("eve").get(path.replace("curie", "hodgkin"), headers=have).status_code == 404
    assert ada.patch(f"/labs/curie/chemicals/{chemical}", json={"smiles": "CCO"}).status_code == 200
    assert ada.get(path, headers=have).status_code == 200


def test_without_a_smiles_there_is_nothing_to_draw(installation: Installation) -> None:
    ada = installation.as_user("ada")
    answer = ada.get(f"/labs/curie/chemicals/{listed(ada, 'curie')}/structure")
    assert answer.status_code == 404
    assert "no SMILES" in answer.json()["detail"]


def test_a_smiles_from_before_that_cannot_be_read_gets_a_sentence_with_its_place(installation: Installation) -> None:
    ada = installation.as_user("ada")
    chemical = listed(ada, "curie")
    with shelf(installation) as on:
        on.run("UPDATE inventory.chemicals SET smiles = 'CC(C)(' WHERE id = %s", chemical)
    answer = ada.get(f"/labs/curie/chemicals/{chemical}/structure")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": "/smiles", "detail": "This SMILES cannot be read at character 6, “(”."}
    ]


@pytest.mark.parametrize(
    ("smiles", "sentence"),
    [
        ("CC)C", "at character 3, “)”: this bracket was never opened"),
        ("C(C", "at character 2, “(”: this bracket is never closed"),
        ("C1CC", "a ring is opened by its number and never closed"),
        ("Xx", "at character 1, “X”"),
        ("[Fe+2", "at character 5, “2”"),
        ("CCO ethanol", "no blank: look at character 4"),
        ("Cα", "no “α”: look at character 2"),
        ("CC(C)(C)(C)C", "The C at character 2 has too many bonds"),
        ("ClC1CCC[13C](C)(C)(C)C1", "The C at character 8 has too many bonds"),
        ("Cn1cccc1.c1cccc1", "from character 10 on are no aromatic ring"),
        ("C" * 2001, "from 1 to 2000 characters"),
        ("", "from 1 to 2000 characters"),
    ],
)
def test_a_slip_is_told_with_its_place(smiles: str, sentence: str) -> None:
    with pytest.raises(StructureError, match=sentence.replace("(", r"\(").replace(")", r"\)").replace("[", r"\[")):
        read_smiles(smiles)


def test_a_bad_smiles_is_refused_at_its_field(installation: Installation) -> None:
    ada = installation.as_user("ada")
    at = {
        "pointer": "/smiles",
        "detail": "This SMILES cannot be read at character 3, “)”: this bracket was never opened.",
    }
    refused = ada.post("/labs/curie/chemicals", json={"name": "Slipped", "smiles": "CC)C"})
    assert (refused.status_code, refused.json()["errors"]) == (422, [at])
    assert ada.get("/labs/curie/chemicals", params={"q": "Slipped"}).json()["items"] == []
    path = f"/labs/curie/chemicals/{listed(ada, 'curie', smiles='CCO')}"
    refused = ada.patch(path, json={"smiles": "CC)C"})
    assert (refused.status_code, refused.json()["errors"]) == (422, [at])
    assert ada.get(path).json()["smiles"] == "CCO"


def test_an_old_smiles_that_cannot_be_read_hinders_no_other_change(installation: Installation) -> None:
    ada = installation.as_user("ada")
    chemical = listed(ada, "curie", name="Of old")
    with shelf(installation) as on:
        on.run("UPDATE inventory.chemicals SET smiles = 'CC)C' WHERE id = %s", chemical)
    path = f"/labs/curie/chemicals/{chemical}"
    assert ada.patch(path, json={"smiles": "CC)C", "notes": "Looked at"}).status_code == 200
    assert ada.patch(path, json={"smiles": "CC)CC"}).status_code == 422


def test_nobody_who_may_not_write_has_a_structure_read(installation: Installation) -> None:
    for who, status in (("cleo", 403), ("eve", 404)):
        answer = installation.as_user(who).post("/labs/curie/chemicals", json={"name": "Not theirs", "smiles": "CC)C"})
        assert answer.status_code == status


def test_every_structure_of_the_reference_can_be_read_and_drawn(installation: Installation) -> None:
    known = [
        smiles for (smiles,) in installation.psql("SELECT smiles FROM reference.substances WHERE smiles IS NOT NULL")
    ]
    assert len(known) > 100
    for smiles in [*known, "FCl(F)F", "O=Cl(=O)(=O)F", "[BH2]1[H][BH2][H]1", "F[Kr]F", "*C", "[H][H]", "[Na+].[Cl-]"]:
        assert draw(read_smiles(smiles)).rstrip().endswith("</svg>"), smiles


def test_a_structure_that_nobody_could_look_at_is_not_drawn() -> None:
    with pytest.raises(StructureError, match="up to 300 atoms are drawn; this one has 301"):
        draw(read_smiles("C" * 301))


def test_the_process_that_reads_structures_has_bounds_and_low_priority() -> None:
    code = """
import json, os, resource, runpy
runpy.run_module('api.structures', run_name='__main__')
print(json.dumps([os.nice(0), *resource.getrlimit(resource.RLIMIT_AS), resource.getrlimit(resource.RLIMIT_CPU)[0]]))"""
    asked = json.dumps({"act": "draw", "smiles": "CCO"}).encode()
    done = subprocess.run([sys.executable, "-c", code], input=asked, capture_output=True, check=True)
    answer, end = json.JSONDecoder().raw_decode(done.stdout.decode())
    assert answer["svg"].endswith("</svg>\n")
    niceness, least, most, seconds = json.loads(done.stdout[end:])
    assert niceness > 0
    assert least == most == 512 * 1024 * 1024
    assert seconds == 10


def test_the_api_itself_never_loads_rdkit() -> None:
    code = "import sys, api.app; print([name for name in sys.modules if name.startswith(('rdkit', 'numpy'))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout == b"[]\n"
