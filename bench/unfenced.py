"""The API without policies: the list of chemicals has the lab in its WHERE instead. Only bench/lists.py uses it, to measure their price."""

from typing import Any

from fastapi import FastAPI

from api.app import create_app as create_fenced_app
from api.core.database import Statement
from api.resources.chemicals.queries import Search

OF_THE_LAB = "h.lab_id = nullif(current_setting('app.lab_id', true), '')::int"


def create_app() -> FastAPI:
    """The same API, except that the statements of the list of chemicals name the lab."""
    page = Search.page

    def page_of_the_lab(self: Search, *how: Any, **more: Any) -> Statement:
        text, given = page(self, *how, **more)
        for condition in ("h.retired_at IS NULL", "h.id = k.id"):
            text = text.replace(condition, f"{OF_THE_LAB} AND {condition}")
        return text, given

    setattr(Search, "page", page_of_the_lab)  # noqa: B010  # a method is replaced, which a type checker refuses
    return create_fenced_app()
