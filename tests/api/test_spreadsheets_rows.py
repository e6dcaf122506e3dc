"""Rows of a spreadsheet become records: with repairs, questions, refusals and notes."""

import csv
import io
from datetime import date
from time import process_time
from typing import Any

import pytest

from api.spreadsheets import KINDS, Choices, Mapping, SpreadsheetError
from api.spreadsheets.cells import Figure, join_name, read_figure
from api.spreadsheets.dates import Day, read_day
from api.spreadsheets.preview import Preview, Summary, describe
from api.spreadsheets.reading import open_spreadsheet
from api.spreadsheets.records import Record

REFERENCE: dict[str, dict[str, Any]] = {
    "64-17-5": {"pictograms": ["GHS02", "GHS07"], "signal_word": "Danger", "h_statements": ["H225", "H319"], "p_statements": ["P210"], "storage_class": "3", "hazards_from": "a table"},
    "57-13-6": {"pictograms": [], "signal_word": None, "h_statements": [], "p_statements": [], "storage_class": None, "hazards_from": "a table"},
}  # fmt: skip
SUBSTANCES = {"7789-09-5": (["Ammonium dichromate", "diammonium dichromate"], "(NH4)2Cr2O7")}


def read(
    *lines: list[str], choices: dict[str, Any] | None = None, reference: Any = None, **fields: str
) -> tuple[list[Record], Summary]:
    """The records of a file whose columns are guessed, but for the heads given in `fields`."""
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    with open_spreadsheet(text.getvalue().encode()) as file:
        columns = {column.index: fields.get(column.head, column.field) for column in describe(file, 1).columns}
        mapping = Mapping(1, {index: field for index, field in columns.items() if field})
        preview = Preview(file, mapping, Choices.from_json(choices or {}, date(2025, 11, 20)), reference, SUBSTANCES)
        return list(preview), preview.summary


def one(head: str, cells: list[str], choices: dict[str, Any] | None = None, reference: Any = None) -> Record:
    records, _ = read(head.split(","), cells, choices=choices, reference=reference)
    return records[0]


def kinds(record: Record) -> list[str]:
    return [problem.kind for problem in record.problems]


def test_a_whole_row_becomes_a_chemical_and_its_container() -> None:
    record = one(
        "Barcode,Name,CAS,Formula,Building,Room,Amount,Unit,Lot,Expiry,Supplier,Cat No,Purity,State,Notes",
        ["E1-3299", "Ethanol", "64-17-5", "C2H6O", "Main", "204 A", "250", "mL", "K12", "2027-06-30", "Merck", "100983", "99.9%",
         "clear liquid", "open"],
    )  # fmt: skip
    assert record.as_json() | {"cells": []} == {
        "row_number": 2, "cells": [], "derived": ["catalogue_number", "molar_mass_g_per_mol", "supplier"], "key": "E1-3299", "state": "ready", "count": 1, "joined_to": None, "location": None, "problems": [],
        "location_path": ["Main", "204 A"],
        "chemical": {"name": "Ethanol", "cas_number": "64-17-5", "formula": "C2H6O", "molar_mass_g_per_mol": "46.069",
                     "physical_state": "liquid", "supplier": "Merck", "catalogue_number": "100983"},
        "container": {"barcode": "E1-3299", "amount": "250", "unit": "mL", "lot": "K12", "expires_on": "2027-06-30",
                      "purity": "99.9%", "supplier": "Merck", "catalogue_number": "100983",
                          "notes": "open\nPhysical state in the file: clear liquid"},
    }  # fmt: skip


# CAS numbers


def test_a_cas_number_that_became_a_day_is_repaired_and_the_day_kept() -> None:
    record = one("Name,CAS", ["Ammonium dichromate", "9/5/7789"])
    assert record.chemical["cas_number"] == "7789-09-5"
    assert record.problems[0].as_json() == {
        "kind": "cas_date", "severity": "repaired", "column": "CAS", "says": "9/5/7789", "becomes": "7789-09-5",
        "proof": "7789-09-5 is Ammonium dichromate"}  # fmt: skip
    assert record.chemical["notes"] == "CAS number in the file: 9/5/7789"


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([["Chromic reagent", "9/5/7789", ""]], "cas_by_digit_alone"),
        ([["Chromic reagent", "7789095", ""]], "cas_by_digit_alone"),
        ([["Chromic reagent", "9/5/7789", "(NH4)2Cr2O7"]], "cas_date"),
        ([["AMMONIUM DICHROMATE 99 %", "9/5/7789", ""]], "cas_date"),
        ([["Chromic reagent", "9/5/7789", ""], ["chromic  reagent", "7789-09-5", ""]], "cas_date"),
        ([["Chromic reagent", "CAS: 7789-09-5", ""]], "cas_spelling"),
    ],
)
def test_a_cas_number_is_repaired_where_more_than_its_check_digit_speaks_for_it(
    lines: list[list[str]], kind: str
) -> None:
    record = read(["Name", "CAS", "Formula"], *lines)[0][0]
    assert kinds(record) == [kind]
    asked = kind == "cas_by_digit_alone"
    assert (record.state, "cas_number" in record.chemical) == ("question" if asked else "ready", not asked)
    if asked:
        agreed = read(["Name", "CAS", "Formula"], *lines, choices={"repairs": {kind: True}})[0][0]
        assert (agreed.state, agreed.chemical["cas_number"]) == ("ready", "7789-09-5")


def test_a_repair_that_is_refused_leaves_the_value_out() -> None:
    record = one("Name,CAS", ["Ammonium dichromate", "9/5/7789"], {"repairs": {"cas_date": False}})
    assert "cas_number" not in record.chemical
    assert record.state == "ready"
    assert "9/5/7789" in record.chemical["notes"]


@pytest.mark.parametrize("text", ["NO CAS", "NOCAS-2198", "n/a", "-", "Mixture", "None Established", "#N/A"])
def test_no_cas_is_no_problem(text: str) -> None:
    record = one("Name,CAS", ["Agar", text])
    assert (record.chemical, record.problems) == ({"name": "Agar"}, [])


def test_a_failing_check_digit_leaves_the_number_out_but_loads_the_row() -> None:
    record = one("Name,CAS", ["Tetrahydrofuran", "109-99-8"])
    assert record.state == "question"
    assert record.chemical == {"name": "Tetrahydrofuran", "notes": "CAS number in the file: 109-99-8"}
    assert record.problems[0].proof == "the check digit of 109-99 is 9"


def test_two_cas_numbers_in_one_cell_are_a_mixture() -> None:
    assert kinds(one("Name,CAS", ["HCl 6 N", "7647-01-0   7732-18-5"])) == ["cas_several"]


def test_a_cas_number_in_a_likely_year_waits_for_an_answer() -> None:
    assert kinds(one("Name,CAS", ["Dichloromethane", "1975-09-02"])) == ["cas_possible_date"]
    agreed = one("Name,CAS", ["Dichloromethane", "1975-09-02"], {"repairs": {"cas_possible_date": True}})
    assert (agreed.chemical["cas_number"], agreed.state) == ("75-09-2", "ready")


# Names


def test_a_row_with_neither_name_nor_cas_is_refused() -> None:
    record = one("Name,CAS,Room", ["", "NO CAS", "12"])
    assert (record.state, kinds(record)) == ("refused", ["no_name_no_cas"])


def test_a_chemical_without_a_name_is_called_by_its_cas_number() -> None:
    record = one("Name,CAS", ["", "64-17-5"])
    assert (record.chemical["name"], record.state, kinds(record)) == ("64-17-5", "question", ["name_missing"])


@pytest.mark.parametrize(
    ("start", "rest", "name"),
    [
        ("L-", "Leucine", "L-Leucine"),
        ("L", "Isoleucine", "L-Isoleucine"),
        ("D-(+)", "Maltose", "D-(+)-Maltose"),
        ("2 -", "Deoxyuridine", "2-Deoxyuridine"),
        ("Difco", "Agar", "Difco Agar"),
        ("", "Urea", "Urea"),
    ],
)
def test_a_name_in_two_columns_is_joined(start: str, rest: str, name: str) -> None:
    assert join_name(start, rest) == name


def test_rows_without_a_number_continue_the_row_above_as_synonyms() -> None:
    lines = [["1", "Agar noble", "214220", "Shelf"], ["", "Difco agar noble", "214220", "Shelf"], ["2", "Urea", "U5128", "Shelf"],
             ["", "Thiourea", "T8656", "Shelf"], ["3", "Water", "", ""]]  # fmt: skip
    records, summary = read(["ID", "Name", "Cat", "Location"], *lines)
    assert records[0].chemical["synonyms"] == ["Difco agar noble"]
    assert (records[1].state, records[1].joined_to) == ("joined", 2)
    assert (records[3].state, records[3].joined_to) == ("ready", None), "another catalogue number is another chemical"
    assert (summary.rows, summary.loadable, summary.states["joined"]) == (5, 5, 1)


def test_a_second_bottle_is_no_synonym_of_itself() -> None:
    lines = [
        ["1", "Butanol", "C4H10O", "2.5 L"],
        ["", "Butanol", "C4H10O", "2.5 L"],
        ["2", "Urea", "CH4N2O", "1 kg"],
        ["3", "Agar", "", "1 kg"],
    ]
    records, _ = read(["No", "Name", "Formula", "Pack size"], *lines)
    assert [(record.state, record.count) for record in records] == [("ready", 1)] * 4


def test_the_same_name_with_and_without_a_cas_number_is_a_question() -> None:
    lines = [["Name", "CAS"], ["Acetone", "67-64-1"], ["acetone", ""], ["Agar", ""]]
    records, _ = read(*lines)
    assert [kinds(record) for record in records] == [[], ["cas_of_same_name"], []]
    assert "cas_number" not in records[1].chemical
    records, _ = read(*lines, choices={"repairs": {"cas_of_same_name": True}})
    assert (records[1].chemical["cas_number"], records[1].state) == ("67-64-1", "ready")


def test_titles_totals_and_remarks_are_left_out_unless_somebody_says_that_they_are_chemicals() -> None:
    lines = [["Name", "CAS", "Amount", "Unit"], ["LIQUIDS"], ["Acetone", "67-64-1", "500", "mL"], ["Ethanol", "64-17-5", "1", "L"],
             ["name", "", "amount", ""], ["Total", "", "1250", ""], ["Last checked in May"], ["Agar", "", "5", "g"]]  # fmt: skip
    records, _ = read(*lines)
    assert {record.row_number: record.state for record in records} == {
        2: "refused", 3: "ready", 4: "ready", 6: "refused", 7: "refused", 8: "ready"}  # fmt: skip
    assert [kinds(record) for record in records if record.state == "refused"] == [["no_chemical"]] * 3
    records, _ = read(*lines, choices={"exceptions": {"no_chemical": [7]}})
    assert {record.row_number for record in records if record.state == "refused"} == {2, 6}


def test_a_title_in_a_numbered_list_is_no_synonym_of_the_row_above() -> None:
    lines = [["1", "Acetone", "500", "mL"], ["", "SOLIDS", "", ""], ["2", "Urea", "1", "kg"], ["3", "Agar", "5", "g"]]
    records, _ = read(["No", "Name", "Amount", "Unit"], *lines)
    assert [record.state for record in records] == ["ready", "refused", "ready", "ready"]
    assert "synonyms" not in records[0].chemical


def test_a_second_column_of_names_is_a_question_and_never_synonyms() -> None:
    records, _ = read(["Name", "Company", "", "Name", "Company"], ["Glucose", "A", "", "Phenol", "B"], ["Agar", "A"])
    assert [kinds(record) for record in records] == [["second_name"], []]
    assert records[0].problems[0].says == "Phenol"
    assert "synonyms" not in records[0].chemical


def test_nothing_is_repaired_in_a_column_that_has_few_cas_numbers() -> None:
    records, _ = read(
        ["Name", "CAS"],
        ["Azide", "71289"],
        ["Broth", "237500"],
        ["Lysis", "44503619"],
        ["Agar", "A950-10G"],
        CAS="cas_number",
    )
    assert [kinds(record) for record in records] == [["cas_unreadable"]] * 4
    assert all("cas_number" not in record.chemical for record in records)


def test_the_outermost_level_of_a_location_comes_first() -> None:
    records, _ = read(["Name", "Building", "Floor", "Room", "Campus"], ["Acetone", "Annex", "2", "N215", "North"])
    assert records[0].location_path == ["North", "Annex", "2", "N215"]


def test_signs_that_nobody_sees_make_no_other_chemical() -> None:
    records, _ = read(["Name", "Formula"], ["Urea\u200b", "\u200eCH4N2O"], ["Soft\u00adsoap", ""])
    assert [record.chemical["name"] for record in records] == ["Urea", "Softsoap"]
    assert records[0].chemical["formula"] == "CH4N2O"


def test_spellings_of_one_name_are_asked_about_and_made_one() -> None:
    lines = [["Octyl-amine 99+", "111-86-4"], ["Octylamine 99 +", "111-86-4"], ["OCTYLAMINE 99 +", "111-86-4"]]
    records, _ = read(["Name", "CAS"], *lines)
    assert [kinds(record) for record in records] == [["name_spelling"], [], []]
    records, _ = read(["Name", "CAS"], *lines, choices={"repairs": {"name_spelling": True}})
    assert {record.chemical["name"].casefold() for record in records} == {"octylamine 99 +"}


# Amounts


@pytest.mark.parametrize(
    ("cell", "amount", "unit", "kind"),
    [
        ("250 g", "250", "g", "amount_with_unit"),
        ("1,5 g", "1.5", "g", "decimal_comma"),
        ("0,500 mL", "0.5", "mL", "decimal_comma"),
        ("1.234,5 g", "1234.5", "g", "thousands"),
        ("5 lb", "2267.96185", "g", "unit_converted"),
        ("0.30000000000000004 kg", "0.3", "kg", "amount_with_unit"),
    ],
)
def test_an_amount_with_its_unit_in_one_cell_is_taken_apart(cell: str, amount: str, unit: str, kind: str) -> None:
    record = one("Name,Amount", ["X", cell])
    assert record.container is not None
    assert (record.container["amount"], record.container["unit"]) == (amount, unit)
    assert kind in kinds(record)
    assert record.state == "ready"


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("500", "amount_without_unit"), ("1,500 g", "amount_comma"), ("half full", "amount_unreadable"), ("5 drops", "unit_unknown"),
     ("-5 g", "amount_unreadable"), ("~5 g", "amount_unreadable"), ("1e3 g", "amount_unreadable")],
)  # fmt: skip
def test_an_amount_that_is_not_certain_is_not_known_and_kept_as_a_note(cell: str, kind: str) -> None:
    record = one("Name,Amount", ["X", cell])
    assert record.container is not None
    assert "amount" not in record.container
    assert cell in record.container["notes"]
    assert (kinds(record), record.state) == ([kind], "question")


def test_a_unit_chosen_for_the_file_counts_where_there_is_none() -> None:
    records, _ = read(["Name", "Amount"], ["X", "500"], ["Y", "2 L"], choices={"unit": "g"})
    assert [(record.container or {}).get("unit") for record in records] == ["g", "L"]
    assert kinds(records[0]) == ["unit_chosen"]


def test_amounts_loaded_as_not_known_on_purpose_wait_for_nothing() -> None:
    record = one("Name,Amount", ["X", "500"], {"repairs": {"amount_without_unit": False}})
    assert (record.state, record.container) == ("ready", {"notes": "Amount left in the file: 500 (without a unit)"})


def test_what_a_comma_means_is_seen_from_the_other_rows() -> None:
    # A decimal comma elsewhere does not prove that this one is decimal, too: both are offered.
    rows = [["Name", "Amount"], ["X", "1,500 g"], ["Y", "2,5 g"]]
    records, _ = read(*rows)
    assert "amount" not in (records[0].container or {})
    assert (kinds(records[0]), records[0].problems[0].proof) == (["amount_comma"], "1500 or 1.5")
    for answer, amount in ((True, "1500"), (False, "1.5")):
        records, _ = read(*rows, choices={"repairs": {"amount_comma": answer}})
        assert ((records[0].container or {})["amount"], records[0].state) == (amount, "ready")
    records, _ = read(["Name", "Amount"], ["X", "1,500 g"], ["Y", "1,250.5 g"])
    assert (records[0].container or {})["amount"] == "1500"


def test_an_amount_beside_a_pack_size_takes_its_unit() -> None:
    record = one("Name,Pack size,Pack unit,Quantity left", ["X", "4", "L", "0.32"])
    assert record.container == {"amount": "0.32", "unit": "L", "pack_size": "4", "pack_unit": "L"}
    assert record.problems[0].proof == "not more than 4 L"


def test_more_than_a_pack_holds_is_asked_about() -> None:
    head = "Name,Density (g/mL),Pack size,Amount"
    for pack, amount in (("500 mL", "600 mL"), ("1 L", "5 L"), ("500 mL", "600 g")):
        asked = one(head, ["X", "0.8", pack, amount])
        assert kinds(asked)[-1] == "holds_more"
        assert "amount" not in (asked.container or {})
        assert amount in (asked.container or {})["notes"]
        agreed = one(head, ["X", "0.8", pack, amount], {"repairs": {"holds_more": True}})
        assert agreed.container["amount"] == amount.split()[0]  # type: ignore[index]
    for pack, amount in (("500 mL", "500 mL"), ("500 mL", "390 g"), ("500 g", "3 each"), ("500 mL", "0.6 L of it")):
        assert "holds_more" not in kinds(one(head, ["X", "0.8", pack, amount]))


def test_a_pack_size_in_a_unit_that_the_amount_cannot_have_is_asked_about() -> None:
    for pack, unit, cells in (("500 g", "each", "3 each"), ("10 kU", "mL", "5 mL"), ("2 mol", "g", "3 g")):
        asked = one("Name,Pack size,Amount", ["X", pack, cells])
        assert kinds(asked)[-1] == "pack_of_other_kind"
        container = asked.container or {}
        assert (container["unit"], "pack_size" in container, "pack_unit" in container) == (unit, False, False)
        assert f"Pack size in the file: {pack}" in container["notes"]
    alone = one("Name,Pack size,Unit", ["X", "500 g", "each"])
    assert kinds(alone)[-1] == "pack_of_other_kind", "the unit alone decides, too"
    for pack, cells in (("500 g", "3 mL"), ("1 L", "3 g"), ("10 mmol", "3 mol"), ("5 g", "")):
        assert "pack_of_other_kind" not in kinds(one("Name,Pack size,Amount", ["X", pack, cells]))


def test_several_containers_share_an_amount_only_when_all_are_full() -> None:
    head = "Name,Pack size,Containers,Quantity left"
    full = one(head, ["X", "250 mL", "4", "1 L"])
    assert (full.count, (full.container or {})["amount"]) == (4, "250")
    opened = one(head, ["X", "250 mL", "4", "480 mL"])
    assert (opened.count, kinds(opened)[-1]) == (4, "amount_of_several")
    assert "amount" not in (opened.container or {})


def test_six_packs_in_a_cell_are_six_containers() -> None:
    record = one("Name,Amount", ["X", "6 x 500 mL"])
    assert (record.count, record.container) == (6, {"amount": "500", "unit": "mL"})


@pytest.mark.parametrize(
    ("cell", "unit", "becomes"),
    [
        ("500", "gr", ("500", "g")), ("500", "Grs.", ("500", "g")), ("1", "lt", ("1", "L")), ("2.5", "Lt.", ("2.5", "L")),
        ("5", "dL", ("500", "mL")), ("2", "cl", ("20", "mL")), ("3", "hL", ("300", "L")), ("500", "克", ("500", "g")),
        ("500", "毫升", ("500", "mL")), ("2", "升", ("2", "L")), ("10", "fl. oz.", ("295.735295625", "mL")), ("3", "ml.", ("3", "mL")),
    ],
)  # fmt: skip
def test_units_are_known_as_lists_write_them(cell: str, unit: str, becomes: tuple[str, str]) -> None:
    container = one("Name,Amount,Unit", ["A", cell, unit]).container or {}
    assert (container["amount"], container["unit"]) == becomes


@pytest.mark.parametrize(("word", "count"), [("bottles", 3), ("Flaschen", 3), ("瓶", 3), ("vials", 3)])
def test_bottles_are_containers_whose_amount_nobody_knows(word: str, count: int) -> None:
    records, _ = read(["Name", "Quantity", "Unit"], ["A", "3", word], ["B", "0", word], ["C", "4", "spoons"])
    assert (records[0].count, records[0].container, kinds(records[0])) == (count, {}, [])
    assert (records[1].count, kinds(records[1])) == (0, ["none_left"])
    assert kinds(records[2]) == ["unit_unknown"]
    assert (records[2].container or {})["notes"] == "Amount left in the file: 4 spoons"


def test_a_unit_in_the_head_counts_and_of_two_amounts_neither_is_lost() -> None:
    records, _ = read(
        ["Name", "Mass (g)", "Volume (mL)"], ["Salt", "500", ""], ["Oil", "", "250"], ["Slurry", "5", "4"]
    )
    assert [(record.container or {}).get("unit") for record in records] == ["g", "mL", None]
    assert [(record.container or {}).get("amount") for record in records] == ["500", "250", None]
    assert (kinds(records[2]), (records[2].container or {})["notes"]) == (
        ["amounts_several"],
        "Amount left in the file: Mass (g): 5; Volume (mL): 4",
    )


def test_ten_packs_of_500_are_not_500_bottles() -> None:
    lines = [["Name", "Amount", "Unit"], ["Chloroform", "500 x 10", "mL"], ["Acetone", "2 x 2500", "mL"]]
    records, _ = read(*lines)
    assert [(record.count, record.state) for record in records] == [(1, "question"), (2, "ready")]
    records, _ = read(*lines, choices={"repairs": {"pack_order": True}})
    assert (records[0].count, records[0].container, records[0].state) == (10, {"amount": "500", "unit": "mL"}, "ready")


def test_a_number_beside_a_pack_size_may_count_containers() -> None:
    lines = [["Name", "Unit size", "Amount in stock"], ["Salt", "500 g", "3"]]
    records, _ = read(*lines)
    assert (records[0].count, kinds(records[0])[-1]) == (1, "count_or_amount")
    assert "amount" not in (records[0].container or {})
    records, _ = read(*lines, choices={"repairs": {"count_or_amount": True}})
    assert (records[0].count, records[0].state) == (3, "ready")
    records, _ = read(*lines, choices={"repairs": {"count_or_amount": False}})
    assert (records[0].count, (records[0].container or {})["amount"]) == (1, "3")


@pytest.mark.parametrize(
    ("cell", "count", "kind"),
    [("3 Flaschen", 3, None), ("1 Adet", 1, None), ("2 + tube", 2, "containers_unreadable"), ("~3", 3, "containers_unreadable"), ("some", 1, "containers_unreadable"),
     ("30", 30, "many_containers")],
)  # fmt: skip
def test_a_number_of_containers_never_refuses_its_row(cell: str, count: int, kind: str | None) -> None:
    records, _ = read(["Name", "Bottles", "Room"], ["A", cell, "1"], ["B", "1", "1"], ["C", "2", "1"])
    record = records[0]
    assert (record.count, kinds(record)) == (count, [kind] if kind else [])
    assert record.state == ("question" if kind else "ready")


def test_what_is_no_amount_is_kept_with_its_unit() -> None:
    record = one("Name,Amount,Unit", ["Oil", "8-Jan", "of a gallon"])
    assert record.problems[0].proof == "may have been 1/8"
    assert (record.container or {})["notes"] == "Amount left in the file: 8-Jan of a gallon"


def test_none_left_lists_the_chemical_alone() -> None:
    record = one("Barcode,Name,Containers", ["E1", "X", "0"])
    assert (record.count, record.container, kinds(record)) == (0, None, ["none_left"])


def test_the_pack_size_hidden_in_a_catalogue_number_is_found() -> None:
    record = one("Name,Cat No,Room", ["D-Asparagine", "A0334-25G", "1"])
    assert ((record.container or {})["pack_size"], (record.container or {})["pack_unit"]) == ("25", "g")
    assert one("Name,Cat No,Room", ["Agar", "BP350-1", "1"]).problems == []


# Days


@pytest.mark.parametrize(
    ("text", "day_first", "result"),
    [
        ("2025-09-30", None, Day(date(2025, 9, 30))),
        ("2025-09-30 00:00:00", None, Day(date(2025, 9, 30))),
        ("30/9/2025", None, Day(date(2025, 9, 30))),
        ("9/30/25", None, Day(date(2025, 9, 30))),
        ("9/5/2025", True, Day(date(2025, 5, 9))),
        ("9/5/2025", False, Day(date(2025, 9, 5))),
        ("9/5/2025", None, "date_order"),
        ("05.09.2025", None, Day(date(2025, 9, 5))),
        ("5 Sep 2025", None, Day(date(2025, 9, 5))),
        ("September 5th, 2025", None, Day(date(2025, 9, 5))),
        ("05-Sep-25", None, Day(date(2025, 9, 5))),
        ("42614", None, Day(date(2016, 9, 1), "date_number")),
        ("02/2024", None, Day(date(2024, 2, 29), "month_end")),
        ("Dec 2025", None, Day(date(2025, 12, 31), "month_end")),
        ("1/1/1987", None, Day(date(1987, 1, 1))),
        ("31/2/2024", None, "date_unreadable"),
        ("soon", None, "date_unreadable"),
        ("0000-00-00", None, "date_unreadable"),
        ("9/5/7789", None, "date_unreadable"),
    ],
)
def test_a_day_is_read_or_named_as_a_problem(text: str, day_first: bool | None, result: Day | str) -> None:
    assert read_day(text, day_first, end_of_month=True) == result


def test_the_order_of_day_and_month_is_seen_from_the_other_rows() -> None:
    records, _ = read(["Name", "Received"], ["X", "9/5/2014"], ["Y", "12/15/2011"])
    assert (records[0].container or {})["received_on"] == "2014-09-05"
    records, _ = read(["Name", "Received"], ["X", "9/5/2014"])
    assert kinds(records[0]) == ["date_order"]
    records, _ = read(["Name", "Received"], ["X", "9/5/2014"], choices={"day_first": True})
    assert (records[0].container or {})["received_on"] == "2014-05-09"


def test_an_expiry_on_new_years_day_is_a_day() -> None:
    for text in ("2027-01-01", "1/1/2027", "1/1/27", "01.01.2027"):
        record = one("Name,Expires", ["X", text])
        assert (kinds(record), record.container) == ([], {"expires_on": "2027-01-01"})
    kept = one("Name,Received", ["X", "1/1/07"], {"repairs": {"placeholder_date": False}})
    assert kept.container == {"received_on": "2007-01-01"}


@pytest.mark.parametrize(
    "lines", [[["Name", "Amount", "Unit"], ["A", "2", "units"]], [["Name", "Amount"], ["A", "2 unit"]]]
)
def test_units_may_be_pieces_or_of_an_enzyme_so_they_are_asked_about(lines: list[list[str]]) -> None:
    [record], _ = read(*lines)
    assert (kinds(record), record.state) == (["unit_of_two_meanings"], "question")
    assert record.container is not None
    assert "amount" not in record.container
    assert "2 unit" in record.container["notes"]


def test_a_point_groups_thousands_where_the_comma_is_decimal() -> None:
    records, _ = read(
        ["Name", "Amount", "Price"],
        ["A", "0,75 L", "1.234 €"],
        ["C", "1.234,5 g", ""],
        ["D", "1.000 g", ""],
        ["E", "2.500 g", ""],
    )
    containers = [record.container or {} for record in records]
    assert [container["amount"] for container in containers] == ["0.75", "1234.5", "1000", "2500"]
    assert (containers[0]["price"], containers[0]["currency"]) == ("1234", "EUR")
    assert (one("Name,Amount", ["A", "2.500 g"]).container or {})["amount"] == "2.5"


def test_a_column_of_hazards_in_words_may_hold_codes_of_pictograms() -> None:
    records, _ = read(
        ["Name", "Pictograms"], ["A", "none"], ["B", "None"], ["C", "GHS02, GHS07"], ["D", "no pictogram"]
    )
    assert [record.chemical.get("pictograms") for record in records] == [None, None, ["GHS02", "GHS07"], None]
    assert kinds(records[2]) == []


def test_a_temperature_and_a_reorder_point_are_written_as_the_rest_of_the_file() -> None:
    records, _ = read(
        ["Name", "Amount", "Reorder at", "Boiling point", "Melting point (°C)"],
        ["Salt", "2,5 g", "1.500 g", "1.465", "801"],
        ["Ethanol", "2,5 g", "0,5 g", "78,5 °C", "-114,1"],
    )
    assert [record.chemical["boiling_point_celsius"] for record in records] == ["1465", "78.5"]
    assert [record.chemical["melting_point_celsius"] for record in records] == ["801", "-114.1"]
    assert [record.chemical["low_stock_amount"] for record in records] == ["1500", "0.5"]
    assert kinds(one("Name,Boiling point", ["Salt", "1,465"])) == ["figure_comma"]
    assert one("Name,Boiling point", ["Salt", "1.465"]).chemical["boiling_point_celsius"] == "1.465"


def test_an_amount_of_several_packs_shows_what_a_comma_means() -> None:
    records, _ = read(["Name", "Pack size"], ["A", "4 x 2.500 g"], ["B", "2 x 1,5 g"])
    assert [(record.container or {})["pack_size"] for record in records] == ["2500", "1.5"]


def test_a_comma_in_a_molar_mass_is_as_the_file_proves_or_asked() -> None:
    records, _ = read(["Name", "Amount", "Molar mass"], ["B", "1,234.5 g", "1,234.5"], ["E", "12,000 g", "150,000"])
    assert [record.chemical["molar_mass_g_per_mol"] for record in records] == ["1234.5", "150000"]
    asked = one("Name,Molar mass", ["B", "1,234"])
    assert (kinds(asked), asked.state, "molar_mass_g_per_mol" in asked.chemical) == (
        ["figure_comma"],
        "question",
        False,
    )
    assert one("Name,Density", ["B", "1,234"]).chemical["density_g_per_ml"] == "1.234"


@pytest.mark.parametrize(
    ("head", "cell", "field", "value"),
    [
        ("Density (g/mL)", "0.789", "density_g_per_ml", "0.789"),
        ("Density (kg/m³)", "1.2", "density_g_per_ml", "0.0012"),
        ("Density (lb/gal)", "6.58", "density_g_per_ml", "0.78845789"),
        ("Density [kg/L]", "1.2", "density_g_per_ml", "1.2"),
        ("Density (oz/pint)", "1.2", "density_g_per_ml", None),
        ("Density (at 20 °C)", "1.2", "density_g_per_ml", "1.2"),
        ("Molar mass (kg/mol)", "0.046", "molar_mass_g_per_mol", "46"),
        ("Molar mass (kDa)", "66.5", "molar_mass_g_per_mol", "66500"),
        ("Molar mass (g/mol)", "46.07", "molar_mass_g_per_mol", "46.07"),
        ("Flash point (°F)", "-4", "flash_point_celsius", "-20"),
        ("Flash point (°R)", "455", "flash_point_celsius", None),
        ("Boiling point (K)", "373.15", "boiling_point_celsius", "100"),
        ("Boiling point (760 mmHg)", "100", "boiling_point_celsius", "100"),
        ("Melting point °F", "−40", "melting_point_celsius", "-40"),
        ("Melting point (K)", "-1", "melting_point_celsius", None),
        ("Density", "789 kg/m3", "density_g_per_ml", "0.789"),
        ("Density", "6.58 lb/gal", "density_g_per_ml", "0.78845789"),
        ("Density (kg/m³)", "0.789 g/cm³", "density_g_per_ml", "0.789"),
        ("Molar mass", "66.5 kDa", "molar_mass_g_per_mol", "66500"),
    ],
)
def test_a_unit_in_head_or_cell_counts(head: str, cell: str, field: str, value: str | None) -> None:
    record = one(f"Name,{head}", ["X", cell])
    assert record.chemical.get(field) == value
    assert kinds(record) == ([] if value else ["value_left_out"])


def test_a_smiles_that_cannot_be_read_is_left_out_and_the_place_of_the_slip_said() -> None:
    assert one("Name,SMILES", ["Ethanol", "CCO"]).chemical["smiles"] == "CCO"
    record = one("Name,SMILES", ["Ethanol", "CC)O"])
    assert record.chemical == {"name": "Ethanol", "notes": "SMILES in the file: CC)O"}
    [problem] = record.problems
    assert problem.kind == "value_left_out"
    assert problem.proof == "This SMILES cannot be read at character 3, “)”: this bracket was never opened."


def test_placeholder_dates_are_left_empty_and_said() -> None:
    record = one("Name,Received", ["X", "1/1/1987"])
    assert (record.container, kinds(record), record.state) == (
        {"notes": "Received in the file: 1/1/1987"}, ["placeholder_date"], "ready")  # fmt: skip
    kept = one("Name,Received", ["X", "1/1/1987"], {"repairs": {"placeholder_date": False}})
    assert kept.container == {"received_on": "1987-01-01"}


def test_nothing_was_received_tomorrow() -> None:
    assert kinds(one("Name,Received", ["X", "2025-11-21"])) == ["date_in_future"]
    assert kinds(one("Name,Expires", ["X", "2035-11-21"])) == []


# Hazards


@pytest.mark.parametrize(
    ("cell", "pictograms", "signal_word"),
    [
        ("H301 H312 H315 H317 H319 H332 H340 H350 H361f H372", ["GHS06", "GHS08"], "Danger"),  # acrylamide
        ("H301 H311 H331 H314 H317 H341 H350", ["GHS05", "GHS06", "GHS08"], "Danger"),  # formaldehyde
        ("H225, h304, h315", ["GHS02", "GHS07", "GHS08"], "Danger"),
        ("h225 ; H 319", ["GHS02", "GHS07"], "Danger"),
        ("H284", ["GHS04"], "Warning"),
        ("H228", ["GHS02"], None),
        ("H225 P210 P301+P310", ["GHS02"], "Danger"),
    ],
)
def test_h_statements_bring_their_pictograms_and_signal_word(
    cell: str, pictograms: list[str], signal_word: str | None
) -> None:
    record = one("Name,H statements", ["X", cell])
    assert (record.chemical["pictograms"], record.chemical.get("signal_word")) == (pictograms, signal_word)
    assert (kinds(record), record.state, "notes" in record.chemical) == (["pictograms_of_h"], "ready", False)


@pytest.mark.parametrize(
    ("cell", "unread"),
    [
        ("H302, 350", "350"),
        ("H225, toxic", "toxic"),
        ("H302 H999", "H999"),
        ("H360fd", None),
        ("H302 H360fD", "H360fD"),
    ],
)
def test_codes_beside_something_that_was_not_read_are_never_all(cell: str, unread: str | None) -> None:
    record = one("Name,H statements", ["X", cell])
    assert not {"pictograms", "h_statements"} & record.chemical.keys()
    assert cell in record.chemical["notes"]
    if unread:
        assert (kinds(record), record.state) == (["h_statements_unread"], "question")
        assert record.problems[0].proof == f"not read: {unread}"
        agreed = one("Name,H statements", ["X", cell], {"repairs": {"h_statements_unread": True}})
        assert agreed.chemical["h_statements"] == [cell[:4]]
        assert agreed.chemical["notes"] == f"Hazards in the file: {unread}"


def test_pictograms_of_the_file_stay_where_its_codes_were_not_all_read() -> None:
    record = one("Name,Pictograms,H statements", ["X", "GHS02 GHS06", "H225, 301"])
    assert (record.chemical["pictograms"], record.state) == (["GHS02", "GHS06"], "question")
    assert "h_statements" not in record.chemical


def test_hazard_words_are_taken_only_after_an_answer() -> None:
    record = one("Name,Hazards", ["Acrolein", "Flammable, toxic"])
    assert "pictograms" not in record.chemical
    assert (kinds(record), record.state) == (["hazard_words"], "question")
    agreed = one("Name,Hazards", ["Acrolein", "Flammable, toxic"], {"repairs": {"hazard_words": True}})
    assert agreed.chemical["pictograms"] == ["GHS02", "GHS06"]
    assert agreed.chemical["notes"] == "Hazards in the file: Flammable, toxic"


@pytest.mark.parametrize("words", ["Generally Safe", "None known", "flammable when heated, maybe", "No hazards"])
def test_words_that_name_no_hazard_leave_it_not_known(words: str) -> None:
    record = one("Name,Hazards", ["X", words])
    assert "pictograms" not in record.chemical
    assert words in record.chemical["notes"]


def test_a_signal_word_without_a_classification_is_a_note() -> None:
    assert one("Name,Signal word", ["X", "danger"]).chemical == {
        "name": "X",
        "notes": "Signal word in the file: danger",
    }
    assert one("Name,Signal word,H codes", ["X", "danger", "H225"]).chemical["signal_word"] == "Danger"


# Locations, barcodes, keys


def test_one_room_in_several_spellings_is_asked_about_and_made_one() -> None:
    lines = [["A", "Science Building 204 A"], ["B", "Science Building 204 A"], ["C", "SCIENCE BUILDING ROOM 204A"],
             ["D", "science building 204 a"], ["E", "Science Building 203 A"]]  # fmt: skip
    records, _ = read(["Name", "Location"], *lines)
    assert [kinds(record) for record in records] == [[], [], ["location_spelling"], [], []]
    assert records[3].location_path == ["Science Building 204 A"], "case alone makes no other location"
    records, _ = read(["Name", "Location"], *lines, choices={"repairs": {"location_spelling": True}})
    assert [record.location_path[0][-5:] for record in records] == ["204 A", "204 A", "204 A", "204 A", "203 A"]


def test_levels_of_a_location_are_parted_at_their_marks() -> None:
    assert one("Name,Location", ["X", "Main > 204 > Cabinet 3"]).location_path == ["Main", "204", "Cabinet 3"]
    assert one("Name,Building,Room,Shelf", ["X", "Main", "n/a", "3"]).location_path == ["Main", "3"]
    assert one("Name,Location", ["X", "(none)"]).location_path == []


def test_a_barcode_used_twice_is_refused_the_second_time() -> None:
    records, summary = read(["Barcode", "Name"], ["E1", "A"], ["E2", "B"], ["E1", "C"])
    assert [record.state for record in records] == ["ready", "ready", "refused"]
    assert records[2].problems[0].proof == "first in row 2"
    assert len({record.key for record in records}) == 3
    assert summary.loadable + summary.states["refused"] == summary.rows == 3


def test_a_barcode_with_spaces_becomes_one_that_can_be_printed() -> None:
    records, _ = read(["Barcode", "Name"], ["LIB 2", "A"], ["BR/TR18", "B"], ["*TS*", "C"], ["TS", "D"], ["E#1", "E"])
    assert [(record.container or {}).get("barcode") for record in records] == ["LIB-2", "BR-TR18", "TS", None, None]
    assert kinds(records[3]) == kinds(records[4]) == ["barcode_unreadable"]


def test_the_same_file_has_the_same_keys_whatever_was_chosen() -> None:
    lines = [["Name", "Amount", "Room"], ["A", "5", "1"], ["B", "6", "1"], ["A", "5", "1"]]
    first, _ = read(*lines)
    again, _ = read(*lines, choices={"unit": "g", "repairs": {"location_spelling": True}})
    assert [record.key for record in first] == [record.key for record in again]
    assert first[2].key == first[0].key + "-2", "twins are both loaded"


def test_rows_of_one_department_are_taken_alone() -> None:
    lines = [["Name", "Department"], ["A", "Art"], ["B", "Biology"], ["C", "Art"]]
    records, summary = read(*lines, choices={"only": {"column": 1, "values": ["Art"]}})
    assert [record.chemical["name"] for record in records] == ["A", "C"]
    assert (summary.rows, summary.left_aside) == (2, 1)


def test_a_row_moved_by_a_comma_is_refused() -> None:
    lines = [["Name", "Room"], *[["A", str(number)] for number in range(30)], ["Acid", " 37 %", "12"]]
    records, _ = read(*lines)
    assert kinds(records[-1]) == ["too_many_cells"]


def test_the_head_repeated_on_each_page_is_no_row() -> None:
    _, summary = read(["Name", "Room"], ["A", "1"], ["Name", "Room"], ["B", "2"])
    assert summary.rows == 2


def test_formulas_of_a_spreadsheet_stay_text() -> None:
    assert one("Name,Notes", ["=HYPERLINK(1)", "=1+1"]).chemical == {"name": "=HYPERLINK(1)", "notes": "=1+1"}


# The rest


def test_a_formula_of_a_chemical_is_tidied_or_kept_as_a_note() -> None:
    assert one("Name,Formula", ["X", "Na2WO4 - 2H2O"]).chemical["formula"] == "Na2WO4·2H2O"
    assert one("Name,Formula", ["X", "C8 H19 N"]).chemical["molar_mass_g_per_mol"] == "129.244"
    assert one("Name,Formula", ["X", "KCL"]).chemical == {"name": "X", "notes": "Formula in the file: KCL"}
    assert one("Name,Formula", ["X", "/"]).problems == []


def test_a_formula_without_a_mass_is_kept_and_one_of_two_meanings_is_a_question() -> None:
    iodine = one("Name,Formula", ["Iodine-124", "Na¹²⁴I"])
    assert iodine.chemical == {"name": "Iodine-124", "formula": "Na¹²⁴I"}
    assert (kinds(iodine), iodine.state) == (["formula_without_mass"], "ready")
    assert iodine.problems[0].proof == "The mass of I of mass number 124 is not known here."
    methane = one("Name,Formula", ["Methane", "13CH4"])
    assert methane.chemical == {"name": "Methane", "notes": "Formula in the file: 13CH4"}
    assert (kinds(methane), methane.state) == (["formula_of_two_meanings"], "question")
    assert "mass number" in methane.problems[0].proof
    assert one("Name,Formula", ["X", "((((C9999)9999)9999)9999)9999"]).chemical.keys() == {"name", "notes"}


@pytest.mark.parametrize(
    ("head", "cell", "price", "currency"),
    [("Price", "£12.50", "12.5", "GBP"), ("Price (EUR)", "12.5", "12.5", "EUR"), ("Cost", "1,200 USD", "1200", "USD")],
)
def test_a_price_needs_its_currency(head: str, cell: str, price: str, currency: str) -> None:
    records, _ = read(["Name", head], ["X", cell])
    assert records[0].container == {"price": price, "currency": currency}
    asked = one("Name,Price", ["X", "$12.5"])
    assert (kinds(asked), asked.state) == (["price_without_currency"], "question")
    chosen = one("Name,Price", ["X", "$12.5"], choices={"currency": "USD"})
    assert (chosen.container, chosen.state) == ({"price": "12.5", "currency": "USD"}, "ready")
    other = one("Name,Price", ["X", "$12.5"], choices={"currency": "EUR"})
    assert other.container == {"notes": "Price in the file: $12.5"}, "a price in dollars is none in euros"


def test_values_too_long_for_their_field_are_kept_as_a_note() -> None:
    [record, *_], _ = read(["Name", "Lot"], ["X", "9" * 150], ["Y", "1"], ["Z", "2"])
    assert (kinds(record), (record.container or {})["notes"]) == (["value_left_out"], "Lot in the file: " + "9" * 150)
    assert kinds(one("Name,Lot", ["X" * 301, "1"])) == ["name_too_long"]


@pytest.mark.parametrize(
    ("text", "comma", "result"),
    [("1,5", None, Figure), ("1,500", None, "comma"), ("1,500", True, Figure), ("", None, "unreadable"), ("NaN", None, "unreadable"),
     ("1e5", None, "unreadable"), ("9" * 41, None, "unreadable"), ("1000000000000", None, "unreadable")],
)  # fmt: skip
def test_a_figure_is_read_or_named_as_a_problem(text: str, comma: bool | None, result: Any) -> None:
    figure = read_figure(text, comma_is_decimal=comma)
    assert isinstance(figure, Figure) if result is Figure else figure == result


def test_the_summary_lists_kinds_with_their_words_in_the_order_of_the_page() -> None:
    _, summary = read(["Barcode", "Name", "Amount"], ["E1", "A", "5"], ["E1", "B", "5 g"], ["E3", "C", ""])
    told = summary.as_json()
    assert (told["rows"], told["loadable"], told["refused"], told["question"], told["ready"], told["fine"]) == (
        3,
        2,
        1,
        1,
        1,
        1,
    )
    assert [(kind["kind"], kind["severity"], kind["rows"]) for kind in told["kinds"]] == [
        ("amount_without_unit", "question", 1), ("amount_with_unit", "repaired", 1), ("barcode_twice", "refused", 1)]  # fmt: skip
    assert told["kinds"][0]["title"] == "No unit beside the amount"


@pytest.mark.parametrize("name", ["Buffer, 25 ℃ 🔥", "👩\u200d🔬 mix", "Nº 5 ½", "آب\u200cژاول", "10 mM NaCl"])
def test_what_is_seen_of_a_name_stays_and_what_is_not_seen_goes(name: str) -> None:
    noisy = f"\ufeff{name[:2]}\u200b{name[2:]}\u00ad".replace(" ", "\u00a0")
    assert one("Name,Amount", [noisy, "5 g"]).chemical["name"] == name


def test_a_refused_row_keeps_its_barcode_from_no_other() -> None:
    """Of several rows with the same barcode one is loaded: the first that nothing else keeps out."""
    head = ["Barcode", "Name", "Amount"]
    records, summary = read(head, ["E1", "", "5 g"], ["e1", "Salt", "5 g"], ["E1", "Sugar", "5 g"], ["E1", "", "5 g"])
    assert [record.state for record in records] == ["refused", "ready", "refused", "refused"]
    assert [problem.kind for record in records for problem in record.problems if problem.severity == "refused"] == [
        "no_name_no_cas", "barcode_twice", "no_name_no_cas"]  # fmt: skip
    assert records[2].problems[-1].proof == "first in row 3"
    assert summary.loadable == 1


def test_every_question_says_how_it_can_be_answered() -> None:
    assert all(kind.answers for kind in KINDS.values() if kind.severity == "question")


# What the reference knows


def test_hazards_are_filled_in_where_the_file_gives_no_codes() -> None:
    ethanol = one("Name,CAS", ["Ethanol", "64-17-5"], reference=REFERENCE)
    assert kinds(ethanol) == ["hazards_filled"]
    assert {name: ethanol.chemical[name] for name in REFERENCE["64-17-5"]} == REFERENCE["64-17-5"]
    assert ethanol.problems[0].proof == "from a table"
    urea = one("Name,CAS", ["Urea", "57-13-6"], reference=REFERENCE)
    assert (urea.chemical["pictograms"], urea.problems[0].becomes) == ([], "none")
    assert "signal_word" not in urea.chemical
    assert "pictograms" not in one("Name,CAS", ["Unheard-of", "7789-09-5"], reference=REFERENCE).chemical


@pytest.mark.parametrize("head", ["Name,Pictograms", "Name,Hazards"])
def test_ghs07_is_left_out_beside_ghs06_unless_somebody_keeps_both(head: str) -> None:
    record = one(head, ["Sodium azide", "GHS06; GHS 7, GHS09"])
    assert (record.chemical["pictograms"], kinds(record)) == (["GHS06", "GHS09"], ["pictogram_forbidden"])
    both = one(head, ["Sodium azide", "GHS06 GHS07"], {"repairs": {"pictogram_forbidden": False}})
    assert both.chemical["pictograms"] == ["GHS06", "GHS07"]
    assert kinds(one(head, ["Ethanol", "GHS02 GHS07"])) == []


def test_the_files_own_codes_and_storage_class_come_before_the_reference_and_words_after_it() -> None:
    own = one("Name,CAS,H codes,Storage class", ["Ethanol", "64-17-5", "H226", "Red"], reference=REFERENCE)
    assert (own.chemical["pictograms"], own.chemical["storage_class"]) == (["GHS02"], "Red")
    words = one("Name,CAS,Hazards", ["Ethanol", "64-17-5", "Flammable"], reference=REFERENCE)
    assert (kinds(words), words.state) == (["hazards_filled"], "ready")
    assert words.chemical["notes"] == "Hazards in the file: Flammable"
    refused = one(
        "Name,CAS,Hazards", ["Ethanol", "64-17-5", "Flammable"], {"repairs": {"hazards_filled": False}}, REFERENCE
    )
    assert kinds(refused) == ["hazards_filled", "hazard_words"]
    assert "pictograms" not in refused.chemical


def test_what_the_file_says_of_hazards_beside_codes_is_kept_where_the_reference_fills_them_in() -> None:
    head, cells = (
        "Name,CAS,P codes,Signal word,Hazard source",
        ["Ethanol", "64-17-5", "P403+P233", "Warning", "our sheet"],
    )
    filled = one(head, cells, reference=REFERENCE)
    assert (kinds(filled), filled.chemical["h_statements"]) == (["hazards_filled"], ["H225", "H319"])
    assert (filled.chemical["p_statements"], filled.chemical["hazards_from"]) == (["P403+P233"], "a table")
    assert "p_statements" not in filled.derived
    assert filled.chemical["notes"] == "Signal word in the file: Warning\nSource of the hazards in the file: our sheet"
    unknown = one(head, cells)
    assert unknown.chemical["p_statements"] == ["P403+P233"]
    assert unknown.chemical["notes"] == filled.chemical["notes"]


# Single rows


@pytest.mark.parametrize(
    ("kind", "head", "rows"),
    [
        ("cas_date", "Name,CAS", [["Ammonium dichromate", "9/5/7789"]]),
        ("cas_hyphens", "Name,CAS", [["Ammonium dichromate", "7789095"]]),
        ("cas_spelling", "Name,CAS", [["A", "CAS 7789-09-5"]]),
        ("cas_by_digit_alone", "Name,CAS", [["A", "9/5/7789"]]),
        ("cas_possible_date", "Name,CAS", [["A", "1975-09-02"]]),
        ("hazards_filled", "Name,CAS", [["A", "64-17-5"]]),
        ("hazard_words", "Name,Hazards", [["A", "toxic"]]),
        ("h_statements_unread", "Name,H codes", [["A", "H302, 350"]]),
        ("barcode_tidied", "Name,Barcode", [["A", "K 1"]]),
        ("amount_with_unit", "Name,Amount", [["A", "250 g"]]),
        ("holds_more", "Name,Pack size,Amount", [["A", "500 mL", "600 mL"]]),
        ("decimal_comma", "Name,Amount,Unit", [["A", "1,25", "g"]]),
        ("thousands", "Name,Amount,Unit", [["A", "1,500.5", "g"]]),
        ("date_number", "Name,Received", [["A", "45000"]]),
        ("month_end", "Name,Expires", [["A", "Sep 2027"]]),
        ("name_spelling", "Name,CAS", [["Eth anol", "64-17-5"], ["Ethanol", "64-17-5"], ["Ethanol", "64-17-5"]]),
        ("unit_of_pack", "Name,Pack size,Amount", [["A", "500 mL", "200"]]),
        ("pack_times", "Name,Amount", [["A", "6 x 500 mL"]]),
        ("pack_in_catalogue_number", "Name,Cat No,Room", [["A", "A0334-25G", "1"]]),
        ("cas_in_catalogue_number", "Name,Cat No", [["Ammonium dichromate", "7789-09-5"], ["A", "1"], ["B", "2"]]),
        ("pictograms_of_h", "Name,H codes", [["A", "H302"]]),
        ("pictogram_forbidden", "Name,Pictograms", [["A", "GHS06 GHS07"]]),
        ("location_spelling", "Name,Room", [["A", "Room 2-14"], ["A", "Room 2.14"], ["A", "Room 2.14"]]),
    ],
)
def test_one_row_is_answered_the_other_way_and_stays_in_sight(kind: str, head: str, rows: list[list[str]]) -> None:
    usual = KINDS[kind].severity == "repaired"
    for answer, exception, made in ((usual, False, usual), (usual, True, not usual), (not usual, True, usual)):
        choices = {"repairs": {kind: answer}, "exceptions": {kind: [2]} if exception else {}}
        records, _ = read(head.split(","), *rows, choices=choices, reference=REFERENCE)
        [problem] = [problem for problem in records[0].problems if problem.kind == kind]
        assert bool(problem.becomes) == made, (answer, exception)
    assert {name for name, of in KINDS.items() if of.by_row} - ASKED_ELSEWHERE == BY_ROW


ASKED_ELSEWHERE = {
    "merged_cells",
    "no_chemical",
    "cas_of_same_name",
    "amount_changed",
    "same_row_again",
    "amount_comma",
    "pack_order",
    "count_of_packs",
    "count_or_amount",
    "location_changed",
    "container_changed",
    "chemical_changed",
    "synonym_row",
    "placeholder_date",
}
"""Kinds of problems that have tests of their own, in this file, test_spreadsheets_as_proposed.py or test_imports.py."""
BY_ROW = {
    "cas_date", "cas_hyphens", "cas_spelling", "cas_by_digit_alone", "cas_possible_date", "hazards_filled", "hazard_words", "h_statements_unread", "barcode_tidied", "amount_with_unit",
    "holds_more", "decimal_comma", "thousands", "date_number", "month_end", "name_spelling", "location_spelling",
    "unit_of_pack", "pack_times", "pack_in_catalogue_number", "cas_in_catalogue_number", "pictograms_of_h",
    "pictogram_forbidden"}  # fmt: skip


def test_another_supplier_of_a_chemical_without_containers_is_kept_as_a_note() -> None:
    records, _ = read(["Name", "Supplier", "Cat No"], ["Agar", "Firm A", "A-1"], ["agar", "Firm B", "B-2"])
    assert [kinds(record) for record in records] == [[], ["chemical_differs", "chemical_differs"]]
    assert records[1].chemical["notes"] == "Supplier in the file: Firm B\nCatalogue number in the file: B-2"
    in_rooms, _ = read(["Name", "Supplier", "Room"], ["Agar", "Firm A", "1"], ["agar", "Firm B", "2"])
    assert [kinds(record) for record in in_rooms] == [[], []], "each container has its own"


def test_a_unit_that_stands_alone_and_is_not_known_is_kept_as_a_note() -> None:
    records, _ = read(["Name", "Amount", "Unit"], ["Agar", "", "Und"], ["Urea", "", "g"], ["Salt", "5", "g"])
    assert [record.container for record in records] == [
        {"notes": "Unit of the amount in the file: Und"},
        {"unit": "g"},
        {"amount": "5", "unit": "g"},
    ]


def test_nothing_left_is_no_question_about_packs() -> None:
    empty = one("Name,Amount,Unit", ["Agar", "0", "g"])
    assert (kinds(empty), empty.container) == ([], {"amount": "0", "unit": "g"})


def test_a_name_that_is_a_number_is_a_question() -> None:
    records, _ = read(["Name", "Room"], ["Agar", "1"], ["17", "1"], ["2-Propanol", "1"])
    assert [kinds(record) for record in records] == [[], ["name_is_a_number"], []]
    assert records[1].state == "question"


def test_a_unit_alone_makes_no_container_and_somebody_can_say_that_each_row_is_one() -> None:
    records, _ = read(["Name", "CAS", "Unit"], ["Agar", "9002-18-0", "g"])
    assert (records[0].count, records[0].container) == (0, None)
    with open_spreadsheet(b"Name,Cat No\nAgar,A0334-25G\n") as file:
        each = {"columns": {"0": "name", "1": "catalogue_number"}, "all_containers": True}
        [record] = Preview(file, Mapping.from_json(each))
    assert (record.count, record.container) == (
        1,
        {"pack_size": "25", "pack_unit": "g", "catalogue_number": "A0334-25G"},
    )


def test_the_first_of_january_is_kept_in_single_rows() -> None:
    lines = [["Name", "Received"], ["Agar", "2024-01-01"], ["Urea", "2023-01-01"]]
    records, _ = read(*lines, choices={"exceptions": {"placeholder_date": [3]}})
    assert [record.container for record in records] == [
        {"notes": "Received in the file: 2024-01-01"},
        {"received_on": "2023-01-01"},
    ]
    assert [kinds(record) for record in records] == [["placeholder_date"]] * 2


def test_a_single_row_without_a_number_is_a_container_of_its_own_where_somebody_says_so() -> None:
    lines = [["1", "Urea", "U-7"], ["", "Carbamide", "U-7"], ["2", "Agar", "A-1"], ["", "Agar-agar", "A-1"], ["3", "Salt", ""]]  # fmt: skip
    records, _ = read(["No", "Name", "Cat No"], *lines, choices={"exceptions": {"synonym_row": [3]}})
    assert [record.state for record in records] == ["ready", "ready", "ready", "joined", "ready"]
    assert [kinds(record) for record in records] == [[], ["synonym_row"], [], ["synonym_row"], []]
    assert records[2].chemical["synonyms"] == ["Agar-agar"]


# What the database holds


def test_what_continues_a_refused_row_is_refused_with_it() -> None:
    lines = [["1", "U" * 301, "U-7", "1"], ["", "Carbamide", "U-7", ""], ["2", "Agar", "", "1"], ["3", "Salt", "", "1"]]
    records, summary = read(["ID", "Name", "Cat No", "Containers"], *lines, ID="file_number")
    assert [record.state for record in records] == ["refused", "refused", "ready", "ready"]
    assert kinds(records[1]) == ["joined_to_refused"]
    assert (summary.loadable, summary.states["joined"]) == (2, 0)


def test_what_is_too_much_for_its_column_is_left_away() -> None:
    synonyms = one("Name,Synonyms", ["A", "\n".join(f"{number:0290}" for number in range(30))]).chemical["synonyms"]
    assert len(" ".join(synonyms)) <= 5000
    assert len(synonyms) == 17
    deep = one("Name,Location", ["A", " > ".join(map(str, range(11)))])
    assert (deep.location_path, kinds(deep)) == ([], ["value_left_out"])
    heavy = one("Name,Amount", ["A", "999999999999 lb"])
    assert "amount" not in (heavy.container or {})
    assert kinds(heavy) == ["amount_with_unit", "amount_unreadable"]
    assert "formula" not in one("Name,Formula", ["A", "H0"]).chemical


def test_a_file_of_too_many_containers_is_refused() -> None:
    with pytest.raises(SpreadsheetError, match="more than 100,000 containers"):
        read(["Name", "Containers"], *[[f"Salt {number}", "1000"] for number in range(101)])


@pytest.mark.parametrize(
    "run", ["1", "9,", "a ", "(", "-", " ", "1 ", "x", "1-", "/", "A-", "1.", "~", "毫", "'", "H3"]
)
def test_long_runs_of_any_sign_cost_no_more_than_their_length(run: str) -> None:
    head = [
        "Name",
        "CAS",
        "Amount",
        "Unit",
        "Containers",
        "Pack size",
        "Price",
        "Received",
        "Location",
        "H codes",
        "Formula",
        "Cat No",
        "Synonyms",
    ]
    cell = (run * 9999)[:9999]
    began = process_time()
    read(head, *[[cell] * len(head)] * 5, ["A"] * len(head))
    assert process_time() - began < 5  # a pattern that backtracks at each sign would take longer for a single cell


def test_what_the_state_does_not_say_is_kept() -> None:
    record = one("Name,CAS,Physical state", ["Agar", "9002-18-0", "white powder, odourless or nearly so"])
    assert "white powder" in record.chemical["notes"]
    record = one("Name,CAS,Physical state", ["Agar", "9002-18-0", "white powder"])
    assert (record.chemical["physical_state"], record.chemical["notes"]) == (
        "solid",
        "Physical state in the file: white powder",
    )
    assert "notes" not in one("Name,CAS,Physical state", ["Agar", "9002-18-0", "Solid"]).chemical


def test_a_later_row_that_says_otherwise_of_its_chemical_is_kept_and_said() -> None:
    records, summary = read(
        ["Name", "CAS", "Room", "Storage class", "Formula"],
        ["Ethanol", "64-17-5", "1", "Flammable", ""],
        ["ethanol", "64-17-5", "1", "flammable", "C2H6O"],
        ["Ethanol", "64-17-5", "2", "Cabinet 3", "C2H5OH"],
        ["Ethanol", "", "2", "Cabinet 4", ""],
        choices={"repairs": {"cas_of_same_name": False}},
    )
    assert [kinds(record) for record in records] == [
        [],
        [],
        ["chemical_differs", "chemical_differs"],
        ["cas_of_same_name"],
    ]
    assert records[2].container
    assert records[2].container["notes"] == "Formula in the file: C2H5OH\nStorage class in the file: Cabinet 3"
    assert summary.states["ready"] == 4


@pytest.mark.parametrize(
    ("means", "count", "container"),
    [
        ("each", 1, {"amount": "40", "unit": "each"}),
        ("containers", 40, {}),
        ("mL", 1, {"amount": "40", "unit": "mL"}),
        ("", 1, {"notes": "Amount left in the file: 40 Tabs."}),
    ],
)
def test_a_word_for_a_unit_means_what_somebody_said(means: str, count: int, container: dict[str, str]) -> None:
    record = one("Name,Amount,Unit", ["Buffer", "40", "Tabs."], {"unit_words": {"tabs": means}})
    assert (record.count, record.container) == (count, container)
    assert record.problems[0].kind == {"": "unit_unknown", "containers": "many_containers"}.get(means, "unit_word")


def test_all_are_full_where_the_file_gives_no_amount() -> None:
    lines = [["Agar", "500 g", ""], ["Urea", "1 kg", "200 g"], ["Salt", "", ""]]
    records, _ = read(["Name", "Pack size", "Amount"], *lines, choices={"all_full": True})
    assert [(record.container or {}).get("amount") for record in records] == ["500", "200", None]
    assert "amount_of_pack" in kinds(records[0])
    assert (one("Name,Pack size", ["Agar", "500 g"]).container or {}).get("amount") is None


def test_the_order_of_a_locations_columns_can_be_chosen() -> None:
    text = b"Name,Sheet,Room,Building\nAgar,Acids,7,Main\n"
    with open_spreadsheet(text) as file:
        columns = {0: "name", 1: "location", 2: "location", 3: "location"}
        paths = [
            next(iter(Preview(file, Mapping(1, columns, inward)))).location_path for inward in ((), (3, 2, 1), (3,))
        ]
    assert paths == [["Acids", "7", "Main"], ["Main", "7", "Acids"], ["Main", "Acids", "7"]]


@pytest.mark.parametrize(
    ("cells", "becomes", "proof"),
    [
        (["1,500", "2,000,000"], "1500", "as 2,000,000 in row 3 shows"),
        (["1.000", "2,5"], "1000", "as 2,5 in row 3 shows"),
        (["1,500", "12"], "", "1500 or 1.5"),
    ],
)
def test_how_a_figure_is_read_is_shown_with_its_evidence(cells: list[str], becomes: str, proof: str) -> None:
    records, _ = read(["Name", "Amount", "Unit"], *(["Agar", cell, "g"] for cell in cells))
    problem = records[0].problems[0]
    assert (problem.becomes, problem.proof) == (becomes, proof)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31. Januar 2027", "2027-01-31"), ("31. Dez. 2027", "2027-12-31"), ("3 août 2027", "2027-08-03"), ("3 juin 2027", "2027-06-03"),
        ("3 de ene de 2027", "2027-01-03"), ("15 out 2027", "2027-10-15"), ("15 lug 2027", "2027-07-15"), ("15 mrt 2027", "2027-03-15"),
        ("15 październik 2027", "2027-10-15"), ("15 Şubat 2027", "2027-02-15"), ("Jan-27", "2027-01-31"), ("Mai 2027", "2027-05-31"),
        ("2027年1月31日", "2027-01-31"), ("2027년 1월", "2027-01-31"), ("Janvier 27", "2027-01-31"), ("31 juillet 2027", "2027-07-31"),
    ],
)  # fmt: skip
def test_days_and_months_are_read_in_the_languages_of_labs(text: str, day: str) -> None:
    assert (one("Name,Expiry", ["Agar", text]).container or {}).get("expires_on") == day


@pytest.mark.parametrize(("cell", "proof"), [("8-Jan", "1/8"), ("Jan-08", "1/8"), ("2026-03-04", "3/4"), ("Half", "")])
def test_a_day_in_a_column_of_amounts_is_asked_about(cell: str, proof: str) -> None:
    record = one("Name,Amount,Unit", ["Oil", cell, "of a gallon"])
    assert kinds(record) == ["amount_unreadable"]
    assert record.problems[0].proof == (f"may have been {proof}" if proof else "")
    assert (record.container or {})["notes"] == f"Amount left in the file: {cell} of a gallon"


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("Name;Menge;Einheit\nAceton;1.000;mL\nEthanol;2.500;mL\n", [None, None]),
        ("Name;Menge;Einheit\nAceton;1.000;mL\nEthanol;2,5;L\n", ["1000", "2.5"]),
        ("Name;Menge;Einheit\nAceton;1.000;mL\nEthanol;2.5;L\n", ["1", "2.5"]),
        ("Name,Amount,Unit\nAcetone,1.000,mL\nEthanol,2.500,mL\n", ["1", "2.5"]),
    ],
)
def test_a_point_with_three_digits_behind_it_is_asked_about_where_commas_are_decimal(
    text: str, amounts: list[str | None]
) -> None:
    columns = {0: "name", 1: "amount", 2: "unit"}
    with open_spreadsheet(text.encode()) as file:
        records = list(Preview(file, Mapping(1, columns)))
        assert [(record.container or {}).get("amount") for record in records] == amounts
        if None in amounts:
            assert records[0].problems[0].proof == "1000 or 1"
            answered = Preview(file, Mapping(1, columns), Choices(repairs={"amount_comma": True}))
            assert [(record.container or {}).get("amount") for record in answered] == ["1000", "2500"]
