"""The API as it would be without policies: the list of chemicals says its lab itself. Only to measure beside; see lists.py."""

from typing import Any

from fastapi import FastAPI

from api.app import create_app as create_fenced_app
from api.chemicals.search import Search
from api.database import Statement

OF_THE_LAB = "h.lab_id = nullif(current_setting('app.lab_id', true), '')::int"


def create_app() -> FastAPI:
    """The same API, but that each look at the chemicals names the lab."""
    page = Search.page

    def page_of_the_lab(self: Search, *how: Any, **more: Any) -> Statement:
        text, given = page(self, *how, **more)
        for condition in ("h.retired_at IS NULL", "h.id = k.id"):
            text = text.replace(condition, f"{OF_THE_LAB} AND {condition}")
        return text, given

    setattr(Search, "page", page_of_the_lab)  # noqa: B010  # a method is replaced, which a type checker refuses
    return create_fenced_app()
