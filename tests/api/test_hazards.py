"""The rule for pictograms and signal words, compared with the Regulation and with a published list."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from api.chemistry.hazards import (
    H_CODES,
    PICTOGRAMS,
    HazardError,
    codes_meant,
    optional_among,
    pictograms_of,
    pictograms_of_words,
    read_h_code,
    read_pictograms,
    read_statements,
    says_not_hazardous,
    signal_word_of,
    undecided_among,
)
from api.labels.pictograms import names
from pages.chemicals.listing import HAZARDS
from pages.common import words
from tests.lists import LISTS, needs_lists

ROOT = Path(__file__).parents[2]
LIST = LISTS / "reference/hcis_ghs_2022.csv"


@pytest.mark.parametrize(
    ("codes", "pictograms"),
    [
        ("H225 H319 H336", "GHS02 GHS07"),
        # Article 26(1)(b): beside the skull there is no exclamation mark, whatever code brings it.
        ("H301 H302", "GHS06"),
        ("H301 H317", "GHS06"),
        ("H330 H335", "GHS06"),
        ("H331 H420", "GHS06"),
        # (c): beside the corrosion pictogram, irritation of skin and eyes brings no exclamation mark; other hazards do.
        ("H314 H315", "GHS05"),
        ("H318 H319", "GHS05"),
        ("H290 H315", "GHS05"),
        ("H314 H335", "GHS05 GHS07"),
        ("H318 H315 H317", "GHS05 GHS07"),
        # (d): beside the health hazard for the lungs, sensitisation of the skin and irritation bring no exclamation mark.
        ("H334 H317", "GHS08"),
        ("H334 H315 H319 H317", "GHS08"),
        ("H334 H317 H302", "GHS07 GHS08"),
        ("H350 H317", "GHS07 GHS08"),
        # (a) and (e) leave a choice: the pictograms that may be left out are kept.
        ("H200 H225 H271", "GHS01 GHS02 GHS03"),
        ("H220 H280", "GHS02 GHS04"),
        ("H330 H280", "GHS04 GHS06"),
        ("H241", "GHS01 GHS02"),
        ("H282", "GHS02 GHS04"),
        ("H283", "GHS02 GHS04"),
        ("H284", "GHS04"),
        ("H209 H210 H211", "GHS01"),
        ("H206", "GHS02"),
        ("H360FD", "GHS08"),
        ("H300+H310+H330", "GHS06"),
        ("H302+H312 H301", "GHS06"),
        ("H205 H221 H227 H229 H362 H412 H413 EUH066 EUH208", ""),
        ("", ""),
    ],
)
def test_h_codes_bring_their_pictograms(codes: str, pictograms: str) -> None:
    assert pictograms_of(codes.split()) == pictograms.split()


@pytest.mark.parametrize(
    ("codes", "optional"),
    [
        ("H200 H225 H271", {"GHS02", "GHS03"}),
        ("H241 H271", {"GHS03"}),
        ("H220 H280", {"GHS04"}),
        ("H330 H280", {"GHS04"}),
        ("H280 H302", set()),
        ("H225 H271", set()),
    ],
)
def test_some_pictograms_may_be_left_out(codes: str, optional: set[str]) -> None:
    assert optional_among(codes.split()) == optional


@pytest.mark.parametrize(
    ("codes", "word", "undecided"),
    [
        ("H302 H225", "Danger", []),
        ("H302", "Warning", []),
        ("H411", None, []),
        ("H411 H302", "Warning", []),
        ("EUH066", None, []),
        ("H228", None, ["H228"]),
        ("H228 H319", None, ["H228"]),
        ("H228 H318", "Danger", []),
        ("H205", "Danger", []),
        ("H229", "Warning", []),
        ("H350i", "Danger", []),
    ],
)
def test_h_codes_bring_their_signal_word(codes: str, word: str | None, undecided: list[str]) -> None:
    assert (signal_word_of(codes.split()), undecided_among(codes.split())) == (word, undecided)


@pytest.mark.parametrize(
    ("text", "h", "p", "unread"),
    [
        ("H225 H319 H360FD AUH066, see SDS", "H225 H319 H360FD EUH066", "", "see SDS"),
        ("h225 ; H 319", "H225 H319", "", ""),
        ("H302, 350", "H302", "", "350"),
        ("H300 + h330+H310", "H300+H310+H330", "", ""),
        ("H225+H319", "H225 H319", "", ""),
        ("H225/H319/H336", "H225 H319 H336", "", ""),
        ("H302 *** (H-315)", "H302 H315", "", ""),
        ("EUH208; euh 201a", "EUH208 EUH201A", "", ""),
        ("H350I h361FD H360Df", "H350i H361fd H360Df", "", ""),
        ("H225 P210, P301+P310", "H225", "P210 P301+P310", ""),
        ("P305 + p351+P338 P338", "", "P305+P351+P338 P338", ""),
        ("P403+P233 P304+P233", "", "P403+P233 P304+P233", ""),
        ("H225+P210+H999", "H225", "P210", "H999"),
        ("P210a", "", "", "P210a"),
        ("H2251 XH225", "", "", "H2251 XH225"),
        ("H225H319", "", "", "H225H319"),
        ("H999", "", "", "H999"),
        ("H225 toxic", "H225", "", "toxic"),
        ("", "", "", ""),
    ],
)
def test_codes_are_read_in_any_spelling_and_the_rest_is_named(text: str, h: str, p: str, unread: str) -> None:
    found = read_statements(text)
    assert (found.h, found.p, found.unread) == (h.split(), p.split(), unread)


@pytest.mark.parametrize(
    ("text", "code"),
    [("h225", "H225"), ("euh066", "EUH066"), ("AUH066", "EUH066"), ("h 310 + h300", "H300+H310"), ("h350I", "H350i"), ("H360Fd", "H360Fd"), ("H360DF", "H360Df")],
)  # fmt: skip
def test_one_code_is_read(text: str, code: str) -> None:
    assert read_h_code(text) == code


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("H225", ["H225"]),
        ("h 225, H319", ["H225", "H319"]),
        ("H360", ["H360 H360D H360Df H360F H360FD H360Fd"]),
        ("h360fd", ["H360FD H360Fd"]),
        ("H361", ["H361 H361d H361f H361fd"]),
        ("H350", ["H350 H350i"]),
        ("H300+H310", ["H300 H300+H310 H300+H310+H330 H300+H330", "H300+H310 H300+H310+H330 H310 H310+H330"]),
        ("AUH066", ["EUH066"]),
    ],
)
def test_a_query_means_codes_with_their_variants(text: str, meant: list[str]) -> None:
    assert [" ".join(sorted(codes)) for codes in codes_meant(text)] == meant


@pytest.mark.parametrize("text", ["H", "H36", "H999", "225", "nonsense", "H225 and H319", "P210", "H225.*", "%"])
def test_a_query_for_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(HazardError):
        codes_meant(text)


@pytest.mark.parametrize("text", ["", "H", "H999", "H301+H317", "P210", "H360fd", "H300+", "H225 H319", "225", "H225x"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(HazardError):
        read_h_code(text)


def test_pictograms_and_words_are_read() -> None:
    assert read_pictograms("GHS02;ghs 7, GHS-08") == ["GHS02", "GHS07", "GHS08"]
    assert read_pictograms("flame") is None
    assert pictograms_of_words("Highly flammable liquid; irritant") == ["GHS02", "GHS07"]
    assert pictograms_of_words("Toxic and irritant") == ["GHS06"]
    assert pictograms_of_words("toxic, smelly") is None
    assert says_not_hazardous("Not classified (GHS)")
    assert not says_not_hazardous("none")


def test_everybody_calls_the_pictograms_alike() -> None:
    assert {code: word for code, word in HAZARDS.items() if code in PICTOGRAMS} == PICTOGRAMS
    assert list(names()) == list(PICTOGRAMS)
    assert words.PICTOGRAMS == PICTOGRAMS


def why_the_list_differs(row: dict[str, str]) -> str:
    """The reason why the published list gives this row other pictograms than its codes bring, in the words of docs/hazards.md."""
    listed, brought = set(row["pictograms"].split()), set(pictograms_of(read_statements(row["h_codes"]).h))
    if listed == brought:
        return ""
    if listed == brought | {"GHS04"} and "Gases under pressure" in row["hazard_categories"]:
        return "gas under pressure without a code"
    if brought == _of_categories(row["hazard_categories"]):
        return "sign against its own categories"
    if listed == _of_categories(row["hazard_categories"]):
        return "category without its code"
    return "not explained"


_OF_CATEGORY = (  # pattern of a category → its pictogram, or the kind of effect for which it would have the exclamation mark
    (r"flammable (gas|liquid) . category [123]$|flammable solid|pyrophoric|self-heating|water emits", "GHS02"),
    (r"oxidising", "GHS03"),
    (r"gases under pressure", "GHS04"),
    (r"skin corrosion|eye damage|corrosive to metals", "GHS05"),
    (r"acute toxicity.* category [123]$", "GHS06"),
    (r"acute toxicity.* category 4$|organ toxicity.* category 3$", "harmful"),
    (r"(skin|eye) irritation", "irritation"),
    (r"skin sensitisation", "sensitisation"),
    (r"respiratory sensitisation", "lungs"),
    (
        r"carcinogenicity|mutagenicity|reproductive toxicity . category|organ toxicity.* category [12]$|aspiration",
        "GHS08",
    ),
    (r"\(acute\) . category 1$|\(chronic\) . category [12]$", "GHS09"),
)


def _of_categories(categories: str) -> set[str]:
    """The pictograms that follow from the list's classes and categories, which should say the same as its codes."""
    parts = [part.strip().lower() for part in categories.split(";")]
    found = {brought for pattern, brought in _OF_CATEGORY for part in parts if re.search(pattern, part)}
    mild = found & {"harmful", "irritation", "sensitisation"}
    if "GHS05" in found:
        mild -= {"irritation"}
    if "lungs" in found:
        found, mild = found | {"GHS08"}, mild - {"irritation", "sensitisation"}
    if mild and "GHS06" not in found:
        found.add("GHS07")
    return found & PICTOGRAMS.keys()


@pytest.mark.parametrize(
    ("pictograms", "codes", "categories", "why"),
    [
        ("GHS07", "H302", "Acute toxicity – category 4", ""),
        (
            "GHS02 GHS04",
            "H220",
            "Flammable gas – category 1; Gases under pressure",
            "gas under pressure without a code",
        ),
        ("GHS06", "H302", "Acute toxicity – category 4", "sign against its own categories"),
        (
            "GHS07 GHS09",
            "H302 H412",
            "Acute toxicity – category 4; Hazardous to the aquatic environment (acute) – category 1",
            "category without its code",
        ),
        ("GHS01", "H302", "Acute toxicity – category 3", "not explained"),
    ],
)
def test_a_difference_from_a_published_list_is_explained(
    pictograms: str, codes: str, categories: str, why: str
) -> None:
    row = {"pictograms": pictograms, "h_codes": codes, "hazard_categories": categories}
    assert why_the_list_differs(row) == why


@needs_lists
def test_every_row_of_a_published_list_agrees_or_is_explained() -> None:
    with LIST.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert all(not read_statements(row["h_codes"]).unread for row in rows)
    assert all(code in H_CODES for row in rows for code in read_statements(row["h_codes"]).h)
    assert Counter(map(why_the_list_differs, rows)) == {
        "": 5928,
        "gas under pressure without a code": 200,
        "sign against its own categories": 103,
        "category without its code": 1,
    }
