"""The sentences for the database's rules about stocktakes (see api/core/refusals.py)."""

from api.core.problems import NOT_FOUND
from api.core.refusals import Meaning

MEANINGS = {
    "stocktakes_one_is_open_here": Meaning(409, "A stocktake of this location is open already.", "location_id"),
    "stocktake_exists": Meaning(404, NOT_FOUND),
    "stocktakes_tolerance_is_set_by_a_manager": Meaning(
        403, "Only a manager chooses another tolerance than the lab's usual one.", "tolerance_percent"
    ),
    "stocktake_is_open": Meaning(409, "This stocktake is over."),
}
