"""Molar masses: figures checked against NIST's and PubChem's, and what is refused."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.chemistry.formulas import FormulaError, MassNotKnownError, TwoMeaningsError, known_molar_mass, molar_mass


@pytest.mark.parametrize(
    ("formula", "mass"),
    [
        ("C2H6O", "46.069"),
        ("H₂SO₄", "98.078"),
        ("CuSO4·5H2O", "249.685"),
        ("CuSO4.5H2O", "249.685"),
        ("CuSO4 * 5 H2O", "249.685"),
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
        ("THF", "“T” is not an element. Write a formula such as C2H6O."),
        ("H²O", "There is no O of mass number 2."),
        ("Ca²", "“²” does not belong in a formula. Write it such as C2H6O or CuSO4·5H2O."),
        ("CuSO4·0H2O", "A part of a formula cannot be there 0 times."),
        ("(C9999)9999", "(C9999)9999 would have more than 1000000000 g/mol. Check its figures."),
        (
            "((((((((C9999)9999)9999)9999)9999)9999)9999)9999)9999",
            "((((((((C9999)9999)9999)9999)… would have more than 1000000000 g/mol. Check its figures.",
        ),
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


LEADING = "may be a mass number or say how many. Write [13C]H4 for a mass number, (H2O)2 for how many."


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("2H2O", f"The number before H2O {LEADING}"),
        ("13CH4", f"The number before CH4 {LEADING}"),
        ("2 NaOH·H2O", f"The number before NaOH·H2O {LEADING}"),
        ("NaAc", "Ac may be acetyl or actinium. Write the atoms of the group instead."),
        ("Ac2O3", "Ac may be acetyl or actinium. Write the atoms of the group instead."),
        ("NiPr2", "Pr may be propyl or praseodymium. Write the atoms of the group instead."),
        ("AmOH", "Am may be amyl or americium. Write the atoms of the group instead."),
        ("ArOH", "Ar may be aryl or argon. Write the atoms of the group instead."),
        ("NBS", "NBS reads like an abbreviation. Write the formula with its figures."),
        ("DBU", "DBU reads like an abbreviation. Write the formula with its figures."),
        ("KHP", "KHP reads like an abbreviation. Write the formula with its figures."),
    ],
)
def test_what_can_be_read_in_two_ways_is_asked(formula: str, sentence: str) -> None:
    with pytest.raises(TwoMeaningsError) as asked:
        molar_mass(formula)
    assert str(asked.value) == sentence


@pytest.mark.parametrize(
    "name", ["THF", "DMF", "DMSO", "DCM", "DCE", "NMP", "MTBE", "TFA", "PBS", "BSA", "SDS", "NHS", "PEG", "HMPA", "DME"]
)
def test_no_abbreviation_is_weighed(name: str) -> None:
    with pytest.raises(FormulaError):
        molar_mass(name)


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("¹²⁴I2", "The mass of I of mass number 124 is not known here."),
        ("Na[124I]", "The mass of I of mass number 124 is not known here."),
        ("CaCl2·xH2O", "How many H2O are in it is not said, so its molar mass is not known."),
        ("Og", "The mass of Og is not known here."),
    ],
)
def test_a_formula_may_have_no_mass_that_is_known(formula: str, why: str) -> None:
    with pytest.raises(MassNotKnownError) as unknown:
        molar_mass(formula)
    assert (str(unknown.value), known_molar_mass(formula)) == (why, None)


@given(
    some.text(alphabet=some.sampled_from("CHONaClFePrAcEtxn0123456789()[]·.,/½+-^ *₂²¹⁺"), max_size=60)
    | some.text(max_size=40)
)
def test_any_text_has_a_mass_or_is_refused(text: str) -> None:
    with suppress(FormulaError):
        assert molar_mass(text) > 0
