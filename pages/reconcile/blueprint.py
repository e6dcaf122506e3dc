"""The page's blueprint, and what its modules share."""

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("reconcile", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]

ONE = "<int(min=1, max=9223372036854775807):{0}>"
STOCKTAKE = "/reconcile/<lab>/" + ONE.format("stocktake")
LOCATION = "/reconcile/<lab>/locations/" + ONE.format("location")


def id_of(text: object) -> int | None:
    """The number of a row, None if it cannot be one."""
    written = str(text)
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 20 else 0
    return number if 0 < number < 2**63 else None
