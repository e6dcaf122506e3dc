"""The ids of rows, as forms and addresses carry them."""

LARGEST_ID = 2**63 - 1
"""The largest bigint of PostgreSQL."""


def id_of(text: object) -> int | None:
    """The id that a text holds; None if no row can have it."""
    written = str(text)
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 20 else 0
    return number if 0 < number <= LARGEST_ID else None
