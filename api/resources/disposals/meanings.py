"""The sentences for the database's rules about disposals (see api/core/refusals.py)."""

from api.core.problems import NOT_FOUND
from api.core.refusals import Meaning

MEANINGS = {
    "disposals_marked_once": Meaning(409, "This is marked for deletion already."),
    "disposals_reason_is_said": Meaning(422, "Say why, in a few words.", "reason"),
    "disposals_are_decided_once": Meaning(409, "The mark on {named} was confirmed or taken back already."),
    "disposals_are_of_what_was_shown": Meaning(
        409, "{changed}. Nothing was disposed of: look at what is here now, then decide.", "container_ids"
    ),
    "disposals_are_decided_by_a_manager": Meaning(403, "A manager confirms disposal."),
    "disposal_exists": Meaning(404, NOT_FOUND),
}
