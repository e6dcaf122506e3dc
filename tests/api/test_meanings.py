"""Each constraint that may refuse a request has a sentence, beside the resource that owns it."""

import re
from collections import Counter
from pathlib import Path

from api import app
from api.core import refusals

SQL = Path(__file__).parents[2] / "sql"
NAMED = re.compile(r"CONSTRAINT (?:= ')?([a-z_]+)|CREATE UNIQUE INDEX ([a-z_]+)")

NOT_BY_A_REQUEST = {
    "backfill_is_whole": "of a migration",
    "rows_are_of_the_lab_entered": "no statement of a route changes the lab while it runs",
    "events_are_append_only": "no route changes or deletes a line of the trace",
    "events_details_are_bounded": "triggers and routes write details of their own, a few words each",
    "events_kind_is_one_word": "triggers and routes name the kinds",
    "sessions_token_role_is_known": "the API writes it, from the access that was chosen",
    "sessions_token_is_whole": "control.make_token writes name, role and labs together",
    "provider_logins_issuer_is_bounded": "a setting, which the settings bound",
    "provider_logins_subject_is_bounded": "the API refuses what the provider says beyond the bound",
    "login_directory_has_one_row": "apply.sql writes the row; routes only count it up",
    "movements_are_refused": "holds what other constraints refused, each with its own meaning",
    "imports_are_taken_back_by_their_function": "no route writes what became of an import",
    "disposals_decision_is_whole": "a trigger writes who decides and when",
    "import_rows_chemical_exists": "the API writes it itself, from what the database just answered",
    "import_rows_state_is_one": "the API writes it itself, from what the reader of files says",
    "disposals_outcome_is_known": "the API writes it, from which route was called",
    "transfers_kind_is_known": "a trigger writes them",
    "transfers_undoes_a_transfer": "inventory.transfer_back writes it",
    "transfers_undone_once": "inventory.undo_transfers looks first, with the container locked",
    "movements_corrections_refer_to_a_line": "corrections are written by the API from a line",
    "movements_lines_are_numbered": "a trigger numbers them",
    "movements_count_once_a_stocktake": "a stocktake is posted once, under a lock",
    "product_codes_gtin_is_whole": "the API writes 14 digits, from a GTIN whose check digit it verified",
    "product_codes_serial_number_is_short": "NewDeliveryLine refuses longer ones",
    "saved_searches_name_is_one_line": "SearchIn refuses other names",
    "saved_searches_query_is_bounded": "SearchIn refuses longer ones",
    "structures_smiles_is_short": "it is a chemical's, which is as short",
    "structures_release_is_short": "the API writes the release of RDKit",
    "structures_canonical_is_short": "RDKit writes a chemical's SMILES anew, which is never ten times as long",
    "structures_are_read_or_not": "the API writes all three or none",
    "list_columns_are_few": "the API takes names from its list of orders",
    "label_settings_sheet_is_short": "the API writes a name from its list of sheets",
    "label_settings_fields_are_few": "the API writes names from its list of fields",
    "chemicals_hazards_by_a_member": "a trigger writes who acts",
    "chemicals_hazards_import_exists": "inventory.load_these_rows writes the import that it loads",
    "enrichments_filled_is_an_object": "inventory.enrich writes it",
    "classification_lists_file_name_is_short": "tidy_name shortens it",
    "classification_lists_refused_is_bounded": "at most 200 rows are kept, each with a reason of 300 characters",
    "classifications_cas_number_has_its_form": "read_classifications refuses other numbers",
    "classifications_name_is_short": "read_classifications shortens it",
    "classifications_notes_are_short": "read_classifications shortens them",
    "classifications_pictograms_are_ghs": "read_classifications refuses others",
    "classifications_signal_word_is_known": "read_classifications refuses others",
    "classifications_have_h_statements": "read_classifications refuses a row without, or with more",
    "containers_amount_has_a_unit": "a trigger writes the amount with the unit of the movement",
    "stocktakes_sample_is_a_part": "StocktakeIn refuses other parts",
    "stocktakes_not_counted_days_are_days": "StocktakeIn refuses other numbers of days",
    "stocktakes_tolerance_percent_is_a_share": "StocktakeIn refuses other shares",
    "stocktakes_tolerance_amount_is_not_negative": "StocktakeIn refuses other amounts",
    "stocktake_counts_counted_has_a_unit": "CountsIn refuses an amount without a unit, and the SQL writes both or neither",
    "stocktake_counts_only_what_is_found_is_counted": "CountLine.row takes the amount of what is not found away",
}


def constraints() -> set[str]:
    """All constraints and unique indexes that the tables, triggers and functions name."""
    parts = [path.read_text() for kind in ("tables", "triggers", "functions") for path in (SQL / kind).glob("*.sql")]
    return {one or other for one, other in NAMED.findall("\n".join(parts))}


def test_each_constraint_has_a_sentence_or_cannot_be_broken_by_a_request() -> None:
    without = {name for name in constraints() if refusals.meaning_of(name) is None}
    assert without == NOT_BY_A_REQUEST.keys()


def test_no_constraint_has_two_sentences() -> None:
    names = Counter(name for table in [refusals.ENTERING, *app.MEANINGS] for name in table)
    assert [name for name, times in names.items() if times > 1] == []


def test_each_table_of_meanings_is_gathered() -> None:
    written = [
        path
        for path in (SQL.parent / "api").glob("*/**/*.py")
        if re.search(r"^MEANINGS = ", path.read_text(), re.MULTILINE)
    ]
    assert len(written) == len(app.MEANINGS)


def test_no_sentence_is_of_a_constraint_that_is_not_there() -> None:
    made_by_postgresql = {"containers_lab_id_location_id_fkey"}
    known = constraints() | made_by_postgresql
    assert [name for table in [refusals.ENTERING, *app.MEANINGS] for name in table if name not in known] == []


def test_a_sentence_whose_facts_are_missing_is_another_plain_one() -> None:
    for table in [refusals.ENTERING, *app.MEANINGS]:
        for name, meaning in table.items():
            sentence = refusals._broken_rule(name, "23514", "").sentence  # type: ignore[union-attr]
            assert sentence == (refusals.UNTOLD if "{" in meaning.sentence else meaning.sentence)
