"""The page's blueprint, and what its modules share."""

from flask import Blueprint

blueprint = Blueprint("login", __name__, template_folder="templates")
