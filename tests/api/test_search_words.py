"""A name that is pasted into the search finds its chemical, however it is spelt; a text without letters and digits finds nothing."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.installation import Installation
from tests.lists import LISTS, needs_lists
from tests.spellings import SPELLINGS
from tests.sql.shelf import Shelf, shelf

NAMES = [
    "5-(Hydroxymethyl)furfural", "Poly(ethylene glycol)", "Hünig's base", "Müller reagent", "Ångström", "Straße", "ε-Caprolactam",
    "λ-Carrageenan", "β-Mercaptoethanol", "L-(+)-Tartaric acid", "(R)-(+)-Limonene", "Sulfuric acid", "Aluminium oxide", "Caesium chloride",
    "Oestradiol", "μ-Oxo complex", "4,4′-Bipyridine", "N,N-Dimethylformamide", "Triton X-100", "2-Propanol",
    "Weinreb’s amide", "Copper(I) chloride", "Vanadium(III) chloride", "1,2-Dichloroethane", "(±)-α-Pinene", "Iron(III) chloride FeCl3",
    "Formaldehyde 37 %", "Palladium on carbon Pd/C", "2ⁿᵈ standard", "CuSO4·5H2O", "¹³C-Urea", "Dowex™ 50W", "Æther", "硫酸", "Ацетон",
]  # fmt: skip
TYPED = {
    "5-hydroxymethylfurfural": "5-(Hydroxymethyl)furfural", "hydroxymethylfurfural": "5-(Hydroxymethyl)furfural",
    "polyethylene glycol": "Poly(ethylene glycol)", "hunig": "Hünig's base", "huenig": "Hünig's base", "Hu\u0308nig": "Hünig's base",
    "hunigs": "Hünig's base", "muller": "Müller reagent", "mueller": "Müller reagent", "angstrom": "Ångström", "strasse": "Straße",
    "epsilon-caprolactam": "ε-Caprolactam", "lambda-carr": "λ-Carrageenan", "b-mercapto": "β-Mercaptoethanol",
    "beta mercaptoethanol": "β-Mercaptoethanol", "L-tartaric": "L-(+)-Tartaric acid", "(+)-tartaric": "L-(+)-Tartaric acid",
    "R-limonene": "(R)-(+)-Limonene", "sulphuric": "Sulfuric acid", "sulp": "Sulfuric acid", "aluminum": "Aluminium oxide",
    "aluminiu": "Aluminium oxide", "cesium": "Caesium chloride", "caes": "Caesium chloride", "estradiol": "Oestradiol",
    "oestr": "Oestradiol", "\u00b5-oxo": "μ-Oxo complex", "\u03bc-oxo": "μ-Oxo complex", "mu-oxo": "μ-Oxo complex",
    "4,4-bipyridine": "4,4′-Bipyridine", "4,4'-bipy": "4,4′-Bipyridine", "4,4’-bipy": "4,4′-Bipyridine", "nn-dimethyl": "N,N-Dimethylformamide",
    "n,n-dimethyl": "N,N-Dimethylformamide", "triton x100": "Triton X-100", "tritonx100": "Triton X-100", "2propanol": "2-Propanol",
    "2‑propanol": "2-Propanol", "weinrebs": "Weinreb’s amide", "weinreb's": "Weinreb’s amide", "copper(": "Copper(I) chloride",
    "copper (I)": "Copper(I) chloride", "vanadium(iii)": "Vanadium(III) chloride", "1,2-dichloro": "1,2-Dichloroethane",
    "α-pinene": "(±)-α-Pinene", "a-pinene": "(±)-α-Pinene", "fecl₃": "Iron(III) chloride FeCl3", "37 %": "Formaldehyde 37 %",
    "37%": "Formaldehyde 37 %", "pd/c": "Palladium on carbon Pd/C", "2nd": "2ⁿᵈ standard", "cuso4.5h2o": "CuSO4·5H2O",
    "13c": "¹³C-Urea", "dowex 50w": "Dowex™ 50W", "aether": "Æther", "硫": "硫酸", "ацет": "Ацетон",
    "chloroethane": "1,2-Dichloroethane", "tritn": "Triton X-100", "limonnee": "(R)-(+)-Limonene", "mercatpo": "β-Mercaptoethanol",
}  # fmt: skip

NOT_FOUND = """
SELECT q.n FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS q (query, name, n)
 WHERE NOT EXISTS (SELECT FROM inventory.chemicals_found(q.query) AS f (id) JOIN inventory.chemicals h USING (id)
                    WHERE q.name = ANY (h.synonyms) OR inventory.composed(q.name) = h.name)"""


@pytest.fixture(scope="module", autouse=True)
def curie(installation: Installation) -> Iterator[Shelf]:
    with shelf(installation) as on:
        on.run("INSERT INTO inventory.chemicals (name) SELECT unnest(%s::text[])", NAMES)
        yield on


def found(installation: Installation, q: str, **more: Any) -> list[str]:
    answer = installation.as_user("ada").get("/labs/curie/chemicals", params={"q": q, "limit": 200} | more)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["items"]]


@pytest.mark.parametrize("typed", TYPED)
def test_what_a_chemist_types_finds_the_chemical_alone(installation: Installation, typed: str) -> None:
    assert found(installation, typed) == [TYPED[typed]]


def test_a_typing_error_finds_nothing_where_something_fits(installation: Installation) -> None:
    assert found(installation, "chloride") == [
        "Caesium chloride",
        "Copper(I) chloride",
        "Iron(III) chloride FeCl3",
        "Vanadium(III) chloride",
    ]
    assert found(installation, "xylitol") == []
    assert found(installation, "0W") == []  # a word with digits is not looked for inside others: 50W


@pytest.mark.parametrize("query", ["%", "_", "*", "-", "()", "😀", "± %", "\\"])
def test_signs_alone_find_nothing_and_say_so(installation: Installation, query: str) -> None:
    body = installation.as_user("ada").get("/labs/curie/chemicals", params={"q": query}).json()
    assert (body["items"], body["total"], body["no_word"]) == ([], 0, True)
    for file in ("chemicals.csv", "containers.csv"):
        answer = installation.as_user("ada").get(f"/labs/curie/{file}", params={"q": query})
        assert len(list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))) == 1  # only the head
    assert installation.as_user("ada").get("/labs/curie/chemicals", params={"q": " "}).json()["no_word"] is False


def missed(on: Shelf, names: list[str]) -> list[str]:
    """The spellings that do not find the chemical with that name or synonym."""
    asked = [(how, name, SPELLINGS[how](name)) for how in SPELLINGS for name in names]
    rows = on.run(NOT_FOUND, [query for _, _, query in asked], [name for _, name, _ in asked])
    return [f"{asked[n - 1][1]} {asked[n - 1][0]}: {asked[n - 1][2]}" for (n,) in rows]


def copied(file: str, table: str) -> list[list[str]]:
    """The rows that a file in sql/ copies into a table."""
    lines = (ROOT / "sql" / file).read_text().splitlines()
    begins = next(n for n, line in enumerate(lines) if line.startswith(f"COPY {table}"))
    begins = next(n for n, line in enumerate(lines) if n >= begins and line.endswith(";"))
    return list(csv.reader(lines[begins + 1 : lines.index("\\.", begins)]))


def test_every_name_here_is_found_in_every_spelling(curie: Shelf) -> None:
    assert missed(curie, NAMES) == []


def test_every_name_of_the_demo_labs_is_found_in_every_spelling(curie: Shelf) -> None:
    names = {row[0] for lab in ("curie", "hodgkin") for row in copied(f"seed/{lab}.sql", "demo_chemicals")}
    names |= {
        name
        for row in copied("reference/substances.sql", "own_substances")
        for name in (row[1], *filter(None, row[2].split("; ")))
    }
    assert len(names) > 400
    curie.run("INSERT INTO inventory.chemicals (name) SELECT left(unnest(%s::text[]), 300)", sorted(names))
    assert missed(curie, sorted(names)) == []


HUNDRED = LISTS / "reference/lab100.csv"


@needs_lists
def test_every_name_of_a_hundred_chemicals_is_found_in_every_spelling(curie: Shelf) -> None:
    names = [row["name"] for row in csv.DictReader(HUNDRED.open(encoding="utf-8"))]
    curie.run(
        "INSERT INTO inventory.chemicals (name, synonyms) SELECT 'Sample ' || n, ARRAY[name] FROM unnest(%s::text[]) WITH ORDINALITY AS u (name, n)",
        names,
    )
    assert missed(curie, names) == []


def test_what_looks_alike_is_one_chemical(installation: Installation, curie: Shelf) -> None:
    ada = installation.as_user("ada")
    for name in ("Mu\u0308hle \u00b5", "M\u00fchle \u03bc"):
        assert ada.post("/labs/curie/chemicals", json={"name": name}).status_code == 201
    [[folded, stored]] = curie.run(
        "SELECT DISTINCT name_folded, name FROM inventory.chemicals WHERE starts_with(name_folded, 'mühle')"
    )
    assert (stored, folded) == ("M\u00fchle \u03bc", "m\u00fchle \u03bc")


def test_a_container_is_found_by_what_its_label_says(installation: Installation, curie: Shelf) -> None:
    [[chemical]] = curie.run("INSERT INTO inventory.chemicals (name) VALUES ('Oil of unknown origin') RETURNING id")
    curie.run(
        "INSERT INTO inventory.containers (chemical_id, lot, supplier, catalogue_number, notes) VALUES (%s, 'BCBX-1234', 'Acros Organics', '34,863', 'seal broken by Jörg')",
        chemical,
    )
    for typed in ("bcbx1234", "BCBX-12", "acros", "34863", "seal joerg"):
        assert found(installation, typed) == ["Oil of unknown origin"]
    assert found(installation, "oil acros") == ["Oil of unknown origin"]
    curie.run("UPDATE inventory.containers SET lot = 'other lot' WHERE chemical_id = %s", chemical)
    assert found(installation, "BCBX-12") == []
    assert found(installation, "other lot") == ["Oil of unknown origin"]


def test_the_words_of_another_lab_find_nothing_here(installation: Installation) -> None:
    with shelf(installation, "eve", "hodgkin") as hodgkin:
        [[chemical]] = hodgkin.run("INSERT INTO inventory.chemicals (name) VALUES ('Phlogiston') RETURNING id")
        hodgkin.run("INSERT INTO inventory.containers (chemical_id, notes) VALUES (%s, 'caloric')", chemical)
        assert hodgkin.run("SELECT * FROM inventory.chemicals_found('phlogiston caloric')") == [(chemical,)]
    for typed in ("phlogiston", "logisto", "phlogistn", "caloric"):
        assert found(installation, typed) == []


def test_a_list_is_a_chemists_index(installation: Installation, curie: Shelf) -> None:
    curie.run(
        "INSERT INTO inventory.chemicals (name) SELECT unnest(%s::text[])",
        [f"{word} zzindex" for word in ("Box 10", "1,2-Box 2", "(R)-Äbox", "α-Cbox", "tert-Bbox")],
    )
    assert found(installation, "zzindex") == [
        f"{word} zzindex" for word in ("(R)-Äbox", "tert-Bbox", "1,2-Box 2", "Box 10", "α-Cbox")
    ]
    assert found(installation, "zzindex", sort="plain_name")[0] == "(R)-Äbox zzindex"
    assert found(installation, "zzindex", sort="-name") == found(installation, "zzindex")[::-1]


def test_retired_chemicals_are_found_on_request(installation: Installation, curie: Shelf) -> None:
    names = ("Old retirol", "New retirol", "Lost retirol")
    curie.run("INSERT INTO inventory.chemicals (name) SELECT unnest(%s::text[])", list(names))
    installation.psql(
        """WITH ada AS MATERIALIZED (SELECT set_config('app.user_id', (SELECT id::text FROM control.users WHERE username = 'ada'), true))
        UPDATE inventory.chemicals SET retired_at = now() FROM ada WHERE name IN ('Old retirol', 'Lost retirol')""",
        lab="curie",
    )
    assert found(installation, "retirol") == ["New retirol"]
    assert found(installation, "retirol", retired="true") == ["Lost retirol", "Old retirol"]
    assert found(installation, "", retired="true", hazard="unknown") == ["Lost retirol", "Old retirol"]
    assert found(installation, "retirol", retired="true", hazard="none") == []
    body = installation.as_user("ada").get("/labs/curie/chemicals", params={"retired": "true", "limit": 1}).json()
    assert (body["total"], len(body["items"]), body["next"] is None) == (2, 1, False)
