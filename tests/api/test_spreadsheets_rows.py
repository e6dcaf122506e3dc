"""What each row becomes: what is repaired, asked, refused and kept."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from api.spreadsheets import KINDS, Choices, Mapping, SpreadsheetError
from api.spreadsheets.cells import Figure, join_name, read_figure
from api.spreadsheets.dates import Day, read_day
from api.spreadsheets.hazards import pictograms_of, read_h_statements, read_pictograms
from api.spreadsheets.preview import Preview, Summary, describe
from api.spreadsheets.reading import open_spreadsheet
from api.spreadsheets.records import Record

REFERENCE: dict[str, dict[str, Any]] = {
    "64-17-5": {"pictograms": ["GHS02", "GHS07"], "signal_word": "Danger", "h_statements": ["H225", "H319"], "p_statements": ["P210"], "storage_class": "3"},
    "57-13-6": {"pictograms": [], "signal_word": None, "h_statements": [], "p_statements": [], "storage_class": None},
}  # fmt: skip


def read(
    *lines: list[str], choices: dict[str, Any] | None = None, reference: Any = None, **fields: str
) -> tuple[list[Record], Summary]:
    """The records of a file whose columns are guessed, but for the heads given in `fields`."""
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    with open_spreadsheet(text.getvalue().encode()) as file:
        columns = {column.index: fields.get(column.head, column.field) for column in describe(file, 1).columns}
        mapping = Mapping(1, {index: field for index, field in columns.items() if field})
        preview = Preview(file, mapping, Choices.from_json(choices or {}, date(2025, 11, 20)), reference)
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
        "row_number": 2, "cells": [], "key": "E1-3299", "state": "ready", "count": 1, "joined_to": None, "problems": [],
        "location_path": ["Main", "204 A"],
        "chemical": {"name": "Ethanol", "cas_number": "64-17-5", "formula": "C2H6O", "molar_mass_g_per_mol": "46.069",
                     "physical_state": "liquid", "supplier": "Merck", "catalogue_number": "100983"},
        "container": {"barcode": "E1-3299", "amount": "250", "unit": "mL", "lot": "K12", "expires_on": "2027-06-30",
                      "purity": "99.9%", "supplier": "Merck", "catalogue_number": "100983", "notes": "open"},
    }  # fmt: skip


# CAS numbers


def test_a_cas_number_that_became_a_day_is_repaired_and_the_day_kept() -> None:
    record = one("Name,CAS", ["Ammonium dichromate", "9/5/7789"])
    assert record.chemical["cas_number"] == "7789-09-5"
    assert record.problems[0].as_json() == {
        "kind": "cas_date", "severity": "repaired", "column": "CAS", "says": "9/5/7789", "becomes": "7789-09-5",
        "proof": "check digit 5 fits"}  # fmt: skip
    assert record.chemical["notes"] == "CAS number in the file: 9/5/7789"


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


def test_a_cas_number_in_a_likely_year_waits_for_a_word() -> None:
    assert kinds(one("Name,CAS", ["Dichloromethane", "1975-09-02"])) == ["cas_possible_date"]
    agreed = one("Name,CAS", ["Dichloromethane", "1975-09-02"], {"repairs": {"cas_possible_date": True}})
    assert (agreed.chemical["cas_number"], agreed.state) == ("75-09-2", "ready")


# Names


def test_a_row_with_neither_name_nor_cas_is_refused() -> None:
    record = one("Name,CAS,Room", ["", "NO CAS", "12"])
    assert (record.state, kinds(record)) == ("refused", ["no_name_no_cas"])


def test_a_chemical_without_a_name_is_called_by_its_cas_number() -> None:
    record = one("Name,CAS", ["", "64-17-5"])
    assert (record.chemical["name"], record.state) == ("64-17-5", "ready")


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
    records, _ = read(["Name", "Amount"], ["X", "1,500 g"], ["Y", "2,5 g"])
    assert (records[0].container or {})["amount"] == "1.5"
    records, _ = read(["Name", "Amount"], ["X", "1,500 g"], ["Y", "1,250.5 g"])
    assert (records[0].container or {})["amount"] == "1500"


def test_an_amount_beside_a_pack_size_takes_its_unit() -> None:
    record = one("Name,Pack size,Pack unit,Quantity left", ["X", "4", "L", "0.32"])
    assert record.container == {"amount": "0.32", "unit": "L", "pack_size": "4", "pack_unit": "L"}
    assert record.problems[0].proof == "not more than 4 L"


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
        ("1/1/1987", None, "placeholder_date"),
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


def test_ghs_codes_are_read_in_any_spelling() -> None:
    assert read_pictograms("GHS02;ghs 7, GHS-08") == ["GHS02", "GHS07", "GHS08"]
    assert read_pictograms("flame") is None
    assert read_h_statements("H225 H319 H360FD AUH066, see SDS") == (["H225", "H319", "H360FD", "EUH066"], "see SDS")


@pytest.mark.parametrize(
    ("codes", "pictograms"),
    [
        ("H225 H319 H336", ["GHS02", "GHS07"]),
        ("H301 H302", ["GHS06"]),
        ("H314 H315", ["GHS05"]),
        ("H314 H335", ["GHS05", "GHS07"]),
        ("H412", []),
        ("H360FD", ["GHS08"]),
    ],
)
def test_h_statements_ask_for_their_pictograms(codes: str, pictograms: list[str]) -> None:
    assert pictograms_of(codes.split()) == pictograms


def test_hazard_words_are_taken_only_on_a_word() -> None:
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


# Places, barcodes, keys


def test_one_room_in_several_spellings_is_asked_about_and_made_one() -> None:
    lines = [["A", "Science Building 204 A"], ["B", "Science Building 204 A"], ["C", "SCIENCE BUILDING ROOM 204A"],
             ["D", "science building 204 a"], ["E", "Science Building 203 A"]]  # fmt: skip
    records, _ = read(["Name", "Location"], *lines)
    assert [kinds(record) for record in records] == [[], [], ["location_spelling"], [], []]
    assert records[3].location_path == ["Science Building 204 A"], "case alone is no other place"
    records, _ = read(["Name", "Location"], *lines, choices={"repairs": {"location_spelling": True}})
    assert [record.location_path[0][-5:] for record in records] == ["204 A", "204 A", "204 A", "204 A", "203 A"]


def test_levels_of_a_place_are_parted_at_their_marks() -> None:
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


@pytest.mark.parametrize(
    ("head", "cell", "price", "currency"),
    [("Price", "£12.50", "12.5", "GBP"), ("Price (EUR)", "12.5", "12.5", "EUR"), ("Cost", "1,200 USD", "1200", "USD")],
)
def test_a_price_needs_its_currency(head: str, cell: str, price: str, currency: str) -> None:
    records, _ = read(["Name", head], ["X", cell])
    assert records[0].container == {"price": price, "currency": currency}
    assert kinds(one("Name,Price", ["X", "12.5"])) == ["value_left_out"]


def test_values_too_long_for_their_field_are_kept_as_a_note() -> None:
    record = one("Name,Lot", ["X", "9" * 150])
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


def test_every_question_says_how_it_can_be_answered() -> None:
    assert all(kind.answers for kind in KINDS.values() if kind.severity == "question")


# What the reference knows


def test_hazards_are_filled_in_where_the_file_gives_no_codes() -> None:
    ethanol = one("Name,CAS", ["Ethanol", "64-17-5"], reference=REFERENCE)
    assert kinds(ethanol) == ["hazards_filled"]
    assert {name: ethanol.chemical[name] for name in REFERENCE["64-17-5"]} == REFERENCE["64-17-5"]
    urea = one("Name,CAS", ["Urea", "57-13-6"], reference=REFERENCE)
    assert (urea.chemical["pictograms"], urea.problems[0].becomes) == ([], "none")
    assert "signal_word" not in urea.chemical
    assert "pictograms" not in one("Name,CAS", ["Unheard-of", "7789-09-5"], reference=REFERENCE).chemical


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


# Single rows


@pytest.mark.parametrize(
    ("kind", "head", "rows"),
    [
        ("cas_date", "Name,CAS", [["A", "9/5/7789"]]),
        ("cas_hyphens", "Name,CAS", [["A", "7789095"]]),
        ("cas_spelling", "Name,CAS", [["A", "CAS 7789-09-5"]]),
        ("cas_possible_date", "Name,CAS", [["A", "1975-09-02"]]),
        ("hazards_filled", "Name,CAS", [["A", "64-17-5"]]),
        ("hazard_words", "Name,Hazards", [["A", "toxic"]]),
        ("barcode_tidied", "Name,Barcode", [["A", "K 1"]]),
        ("amount_with_unit", "Name,Amount", [["A", "250 g"]]),
        ("decimal_comma", "Name,Amount,Unit", [["A", "1,25", "g"]]),
        ("thousands", "Name,Amount,Unit", [["A", "1,500.5", "g"]]),
        ("date_number", "Name,Received", [["A", "45000"]]),
        ("month_end", "Name,Expires", [["A", "Sep 2027"]]),
        ("name_spelling", "Name,CAS", [["Eth anol", "64-17-5"], ["Ethanol", "64-17-5"], ["Ethanol", "64-17-5"]]),
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
    assert {name for name, of in KINDS.items() if of.by_row} == BY_ROW


BY_ROW = {
    "cas_date", "cas_hyphens", "cas_spelling", "cas_possible_date", "hazards_filled", "hazard_words", "barcode_tidied", "amount_with_unit",
    "decimal_comma", "thousands", "date_number", "month_end", "name_spelling", "location_spelling"}  # fmt: skip


# What the database holds


def test_what_continues_a_refused_row_is_refused_with_it() -> None:
    head = ["ID", "Name", "Containers"]
    records, summary = read(
        head, ["1", "Urea", "x"], ["", "Carbamide", ""], ["2", "Agar", "1"], ["3", "Salt", "1"], ID="file_number"
    )
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
