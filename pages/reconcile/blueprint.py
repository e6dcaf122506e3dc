"""The page's blueprint, and what its modules share."""

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("reconcile", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]

ONE = "<int(min=1, max=9223372036854775807):{0}>"
STOCKTAKE = "/reconcile/<lab>/" + ONE.format("stocktake")
LOCATION = "/reconcile/<lab>/locations/" + ONE.format("location")
