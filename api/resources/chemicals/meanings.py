"""The sentences for the database's rules about chemicals (see api/core/refusals.py)."""

from api.core.problems import NOT_FOUND
from api.core.refusals import Meaning

MEANINGS = {
    "saved_searches_name_is_taken": Meaning(409, "You saved a search of this name before.", "name"),
    "chemicals_name_is_said": Meaning(422, "This is needed.", "name"),
    "chemical_exists": Meaning(404, NOT_FOUND),
    "enrichment_exists": Meaning(404, NOT_FOUND),
    "enrichments_are_undone_by_author_or_manager": Meaning(
        403, "Only the member who filled these in, or a manager, can undo it."
    ),
    "enrichments_are_undone_once": Meaning(409, "This was undone before."),
    "classifications_are_adopted_from_the_latest_list": Meaning(
        409,
        "This entry is not offered any more: a later version of the list was loaded, or the CAS RN was changed. Look again.",
    ),
    "merger_exists": Meaning(404, NOT_FOUND),
    "mergers_are_of_two_entries": Meaning(422, "Choose another entry than the one that is kept.", "merged_id"),
    "mergers_are_of_listed_entries": Meaning(409, "One of the two is no longer listed. Nothing was merged."),
    "mergers_wait_for_marks": Meaning(
        409, "One of the two is marked for deletion. Decide about the mark first; nothing was changed."
    ),
    "mergers_are_undone_once": Meaning(409, "This was undone before."),
    "mergers_are_undone_last_first": Meaning(409, "This entry was itself merged since: undo that first."),
    "chemicals_are_taken_back_by_author_or_manager": Meaning(
        403, "Only the member who listed the chemical, within a day, or a manager can take it back."
    ),
    "chemicals_are_taken_back_while_empty": Meaning(
        409, "This chemical cannot be taken back: it has or had containers, or is marked for deletion."
    ),
    "chemicals_low_stock_has_amount_and_unit": Meaning(
        422, "Write the limit with its unit, such as 500 mL.", "low_stock_unit"
    ),
    "chemicals_signal_word_needs_a_classification": Meaning(
        422, "Say which pictograms apply, or that there are none.", "pictograms"
    ),
    "chemicals_pictograms_are_ghs": Meaning(422, "Pictograms are GHS01 to GHS09.", "pictograms"),
}
