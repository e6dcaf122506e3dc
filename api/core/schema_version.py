"""Whether the API fits the schema of the database: for a schema that it does not know, every request is refused with a sentence.

docs/dba.md#the-schemas-number says when each of the numbers goes up.
"""

from typing import Any

import psycopg
from psycopg import AsyncConnection

SCHEMA_VERSION = 20
"""The schema this API was written for; the same number as in sql/functions/schema_version.sql beside it."""

ASK = "SELECT version, oldest_api FROM control.schema_version()"


async def misfit(connection: AsyncConnection[Any]) -> str | None:
    """The sentence that says why this API cannot work with the database of `connection`; None where it can."""
    try:
        found = await (await connection.execute(ASK, prepare=False)).fetchone()
    except (psycopg.errors.UndefinedFunction, psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidSchemaName):
        found = None  # the schema comes from a release that did not number it, or was never applied
    version, oldest_api = (found["version"], found["oldest_api"]) if found else (0, 0)
    if version < SCHEMA_VERSION:
        return (
            f"The database has schema {version}, and this API needs schema {SCHEMA_VERSION}. "
            "Apply sql/apply.sql of this release."
        )
    if oldest_api > SCHEMA_VERSION:
        return (
            f"The database has schema {version}, which works with APIs for schema {oldest_api} or later; this API was "
            f"written for schema {SCHEMA_VERSION}. Deploy the API of the release that was applied."
        )
    return None
