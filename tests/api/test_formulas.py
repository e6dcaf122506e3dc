"""Molar masses: figures checked against NIST's and PubChem's, and what is refused."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.formulas import FormulaError, molar_mass


@pytest.mark.parametrize(
    ("formula", "mass"),
    [
        ("C2H6O", "46.069"),
        ("H₂SO₄", "98.078"),
        ("CuSO4·5H2O", "249.685"),
        ("CuSO4.5H2O", "249.685"),
        ("CuSO4 * 5 H2O", "249.685"),
        ("2H2O", "36.031"),  # not deuterium oxide
        ("D2O", "20.028"),
        ("[13C]H4", "17.035"),
        ("(NH4)2Fe(SO4)2·6H2O", "392.138"),
        ("[Fe(CN)6]4-", "211.952"),
        ("[Fe(CN)6]⁴⁻", "211.952"),
        ("Ca^2+", "40.077"),
        ("Na+", "22.989"),
        ("CO", "28.010"),
        ("Co", "58.933"),
    ],
)
def test_a_formula_has_its_molar_mass(formula: str, mass: str) -> None:
    assert molar_mass(formula) == Decimal(mass)


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("", "Write a formula, such as C2H6O."),
        ("EtOH", "“Et” is not an element. Write a formula such as C2H6O."),
        ("Ca2+", "Write the charge after a caret, such as Ca^2+ or NH4^+."),
        ("(C2H5", "The brackets of (C2H5 do not match."),
        ("C2H5)", "The brackets of C2H5) do not match."),
        ("C0", "The number 0 does not belong there in C0."),
        ("C99999", "The number 99999 does not belong there in C99999."),
        ("peptide(AA)", "“p” does not belong in a formula. Write it such as C2H6O or CuSO4·5H2O."),
        ("__import__('os')", "“_” does not belong in a formula. Write it such as C2H6O or CuSO4·5H2O."),
        ("C" * 201, "The formula is longer than 200 characters."),
        ("(" * 50 + "C" + ")" * 50, "The brackets of " + "(" * 29 + "… are nested too deep."),
    ],
)
def test_nonsense_is_refused_with_a_sentence(formula: str, sentence: str) -> None:
    with pytest.raises(FormulaError) as refused:
        molar_mass(formula)
    assert str(refused.value) == sentence


@given(some.text(alphabet=some.sampled_from("CHONaClFe0123456789()[]·.+-^ *₂"), max_size=60) | some.text(max_size=40))
def test_any_text_has_a_mass_or_is_refused(text: str) -> None:
    with suppress(FormulaError):
        assert molar_mass(text) > 0
