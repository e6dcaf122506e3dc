"""The page's blueprint, and what its modules share."""

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("admin", __name__, template_folder="templates")

Answer = Response | str | tuple[str, int]
