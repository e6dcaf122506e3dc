"""The sentences for the database's rules about imports (see api/core/refusals.py)."""

from api.core.problems import NOT_FOUND
from api.core.refusals import Meaning

MEANINGS = {
    "import_exists": Meaning(404, NOT_FOUND),
    "import_is_open": Meaning(409, "This import is over. Choose the file again."),
    "import_is_loaded": Meaning(409, "This import was not loaded: there is nothing to take back. Cancel it instead."),
    "import_is_read": Meaning(409, "Say first what the columns of the file are."),
    "imports_are_loaded_one_at_a_time": Meaning(
        409, "Another import is being loaded into this lab just now. Wait until it is done."
    ),
    "containers_import_key_is_taken": Meaning(409, "Somebody else loaded this row at the same moment."),
}
