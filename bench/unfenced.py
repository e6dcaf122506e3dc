"""The API as it would be without policies: the list of chemicals says its lab itself. Only to measure beside; see lists.py."""

from fastapi import FastAPI

from api.access import Row
from api.app import create_app as create_fenced_app
from api.chemicals.search import Search

IN_THE_LAB = "h.lab_id = nullif(current_setting('app.lab_id', true), '')::int"


def create_app() -> FastAPI:
    """The same API but for this one condition."""
    conditions = Search.conditions

    def conditions_with_lab(self: Search, inside: bool = False) -> tuple[str, Row]:
        where, given = conditions(self, inside)
        return f"{IN_THE_LAB} AND {where}", given

    setattr(Search, "conditions", conditions_with_lab)  # noqa: B010  # a method is replaced, which a type checker refuses
    return create_fenced_app()
