"""An import is locked before its reading changes or its rows are loaded, and has to be as whoever does so has seen it."""

from api.core.database import Run
from api.core.problems import Problem
from api.resources.imports.meanings import MEANINGS

LOCK_IMPORT = """
SELECT i.xmin::text AS version, i.committed_at, i.cancelled_at FROM inventory.imports i WHERE i.id = %(import)s FOR UPDATE"""
CHANGED = "Somebody else has changed how this file is read. Nothing of yours was done yet: look at the file once more."


async def lock_open_import(run: Run, import_id: int, version: str | None) -> None:
    """Locks an import until the end of the transaction. Raises Problem 409 where it is over, or where somebody has read its file otherwise
    since it had this version; without a version, that is not asked."""
    [locked] = await run(LOCK_IMPORT, {"import": import_id})
    if locked["committed_at"] or locked["cancelled_at"]:
        raise Problem(409, MEANINGS["import_is_open"].sentence)
    if version is not None and version != locked["version"]:
        raise Problem(409, CHANGED)
