"""The database counts the atoms of a formula for the search, as api/chemistry/formulas.py does."""

from api.chemistry.formulas import FormulaError, atoms_of, in_hill_order
from tests.installation import Installation

WRITTEN = {
    "C2H5OH": "C2H6O",
    "H2O": "H2O",
    "NaCl": "ClNa",
    "CuSO4·5H2O": "CuH10O9S",
    "CuSO4 * 5 H2O": "CuH10O9S",
    "CaSO4.0.5H2O": "CaHO4.5S",
    "CaSO4·½H2O": "CaHO4.5S",
    "[Fe(CN)6]^3-": "C6FeN6",
    "NH4^+": "H4N",
    "Ca^2+": "Ca",
    "SO₄²⁻": "O4S",
    "Al2(SO4)3": "Al2O12S3",
    "Ca10(PO4)6(OH)2": "Ca10H2O26P6",
    "K3[Fe(C2O4)3]·3H2O": "C6H6FeK3O15",
    "[13C]H4": "CH4",
    "CDCl3": "CCl3D",
    "Co": "Co",
    "CO": "CO",
}
NOT_COUNTED = [
    "NaOAc",
    "PhOH",
    "OiPr",
    "C2H6O)",
    "(C2H6O",
    "C2H6O·",
    "xH2O",
    "CaCl2·xH2O",
    "Q2",
    "5H",
    "2",
    "·",
    "C2 H6 ?",
    "c6h6",
    "()",
    "C99999H",
]


def hill(installation: Installation, formulas: list[str]) -> list[str]:
    """What the database stores of each formula; empty: nothing."""
    stored = "SELECT (SELECT w FROM inventory.words_of_formula(f) AS w WHERE starts_with(w, '==')) FROM unnest(%s::text[]) WITH ORDINALITY AS u (f, n) ORDER BY n"
    return [(word or "").removeprefix("==") for (word,) in installation.psql(stored, formulas)]


def test_the_database_counts_atoms_as_the_api_does(installation: Installation) -> None:
    assert {formula: in_hill_order(atoms_of(formula)) for formula in WRITTEN} == WRITTEN
    assert dict(zip(WRITTEN, hill(installation, list(WRITTEN)), strict=True)) == WRITTEN


def test_of_what_it_cannot_count_it_says_nothing(installation: Installation) -> None:
    assert dict.fromkeys(NOT_COUNTED, "") == dict(zip(NOT_COUNTED, hill(installation, NOT_COUNTED), strict=True))


def test_all_formulas_of_the_reference_are_counted_alike(installation: Installation) -> None:
    formulas = [
        formula
        for (formula,) in installation.psql(
            "SELECT DISTINCT formula FROM reference.substances WHERE formula IS NOT NULL"
        )
    ]
    assert len(formulas) > 100
    differing = {}
    for formula, stored in zip(formulas, hill(installation, formulas), strict=True):
        try:
            wanted = in_hill_order(atoms_of(formula))
        except FormulaError:
            wanted = ""
        if stored not in (wanted, ""):
            differing[formula] = stored, wanted
    assert not differing


def test_no_search_text_finds_the_words_of_formulas(installation: Installation) -> None:
    words = installation.psql(
        "SELECT w.word FROM unnest(ARRAY['C2H6O', '==C2H6O', 'Br:0']) AS q CROSS JOIN inventory.words_of_query(q) AS w"
    )
    assert len(words) == 3
    assert [word for (word,) in words if not word.isalnum() or word != word.lower()] == []
