"""The page of recorded acts, the same for a lab's managers and for administrators."""

from typing import Any
from urllib.parse import urlencode

from flask import render_template, request

from pages.common import api
from pages.common.problems import Problem

FILTERS = ("person", "kind", "from", "to")


def show_events(source: str, here: str, title: str, sentence: str) -> str | tuple[str, int]:
    """A page of the events at the API's path `source`; `here` is the path of the page itself.

    A filter that is refused is left out, with the reason beside it.
    """
    typed = {name: value for name in (*FILTERS, "cursor") if (value := request.args.get(name, "").strip())}
    given, refused = dict(typed), None
    try:
        found = api.get(source, **given)
    except Problem as problem:
        refused = problem.for_form()
        wrong = {pointer.split("/")[1] for pointer in refused.by_field if pointer} & given.keys() or set(given)
        given = {name: value for name, value in given.items() if name not in wrong}
        found = api.get(source, **given)
    filters = {name: value for name, value in given.items() if name in FILTERS}

    def address(**more: Any) -> str:
        query = urlencode(filters | more)
        return f"{here}?{query}" if query else here

    page = render_template(
        "events.html",
        title=title,
        sentence=sentence,
        here=here,
        typed=typed,
        errors=refused.by_field if refused else {},
        found=found,
        kinds=[(one["kind"], one["title"]) for one in found["kinds"]],
        filters=filters,
        address=address,
        download=f"{here}.csv?{urlencode(filters)}" if filters else f"{here}.csv",
    )
    return (page, 422) if refused else page
