"""The choices by which a file is read, taken from the forms, and the words of the preview's questions and answers."""

import re
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

Reading = dict[str, Any]
Kind = dict[str, Any]

ANSWERS = {
    "amount_comma": ("1,500 is fifteen hundred", "1,500 is one and a half"),
    "pack_order": ("The second number counts the packs", "Not known"),
    "count_of_packs": ("It counts packs", "It counts containers"),
    "count_or_amount": ("It counts containers", "It is what is left"),
    "amount_changed": ("Take the file's amounts", "Keep ChemTrack's"),
    "location_changed": ("Move them where the file says", "Keep ChemTrack's"),
    "container_changed": ("Take what the file says", "Keep ChemTrack's"),
    "chemical_changed": ("Take what the file says", "Keep ChemTrack's"),
    "same_row_again": ("They are other containers", "They are here already"),
    "location_spelling": ("Make them one", "Leave them apart"),
    "name_spelling": ("Make them one", "Leave them apart"),
    "holds_more": ("They hold that much", "Load the amounts as not known"),
    "merged_cells": ("They count for each row", "For the first row alone"),
    "no_chemical": ("They are chemicals", "Leave them out"),
    "cas_of_same_name": ("They have this CAS number", "Leave them without"),
    "cas_by_digit_alone": ("Take them as CAS numbers", "Leave them out"),
    "cas_possible_date": ("Take them as CAS numbers", "Leave them out"),
    "hazard_words": ("Take the pictograms", "Leave them not known"),
    "h_statements_unread": ("Take the codes that were read", "Leave them not known"),
    "hazards_filled": ("Fill in", "Leave them not known"),
    "pictogram_forbidden": ("Leave GHS07 out", "Keep both"),
}
"""The words for yes and no where "Repair" and "Leave" would not fit the question."""
KEPT = (
    "amount_with_unit",
    "h_statements_unread",
    "hazard_words",
    "hazards_filled",
    "pack_in_catalogue_number",
    "pictograms_of_h",
    "unit_chosen",
    "unit_of_pack",
)
"""Repairs that add something to the text of the file, which is therefore not struck out in the preview."""
AS_IT_IS = (
    *("amount_changed", "location_changed", "container_changed", "chemical_changed", "count_changed"),
    *("cas_of_same_name", "location_spelling", "name_spelling"),
)
"""Questions that change nothing until they are answered with yes."""
SAME = {
    "amount_without_unit": "unit_chosen",
    "unit_chosen": "amount_without_unit",
    "unit_unknown": "unit_word",
    "unit_word": "unit_unknown",
}
"""Two kinds that stand for the same question: before it was answered, and afterwards."""
CURRENCIES = [
    "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "KRW", "INR", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "TRY", "BRL", "MXN", "COP",
    "THB", "ZAR",
]  # fmt: skip


def no_choices() -> dict[str, Any]:
    """The choices before the user has answered any question."""
    return {
        "unit": None,
        "unit_words": {},
        "all_full": False,
        "currency": None,
        "day_first": None,
        "repairs": {},
        "exceptions": {},
    }


def from_columns_form(form: MultiDict[str, str], before: Reading | None) -> Reading:
    """The reading chosen in the form of the columns; earlier answers about problems stay."""
    columns = {
        name.removeprefix("column-"): value or None for name, value in form.items() if name.startswith("column-")
    }
    values = form.getlist("only")
    choices = before["choices"] if before else no_choices()
    if before and any(
        before[name] != now for name, now in (("sheet", form.get("sheet") or None), ("columns", columns))
    ):
        choices = choices | {"exceptions": {}}  # the exceptions are rows of the previous sheet or columns
    choices = no_choices() | choices | {"all_full": form.get("all_full") == "1"}
    places = {
        int(name.removeprefix("order-")): value
        for name, value in form.items()
        if re.fullmatch("order-[0-9]{1,3}", name)
    }
    inward = [index for index in places if columns.get(str(index)) == "location"]
    return {
        "sheet": form.get("sheet") or None,
        "encoding": form.get("encoding") or None,
        "tables": [name for name in form.getlist("table") if name],
        "head_row": form.get("head_row", ""),
        "columns": columns,
        "inward": sorted(inward, key=lambda index: (places[index].zfill(3), index)),
        "all_containers": form.get("all_containers") == "1",
        "all_locations": form.get("all_locations") == "1",
        "lists": {head: number for number, _, head in (one.partition(" ") for one in form.getlist("list") if one)},
        "choices": choices,
        "only": {"column": form.get("values_of", ""), "values": values} if values else None,
    }


def with_answer(reading: Reading, form: MultiDict[str, str]) -> Reading:
    """The reading with one more answer: to a kind of problem (`kind`, `answer`, `unit`), or to single rows of it."""
    kind, answer = form.get("kind", ""), form.get("answer", "")
    choices = no_choices() | reading["choices"]
    repairs, exceptions = dict(choices["repairs"]), dict(choices["exceptions"])
    if answer == "rows":
        shown, ticked = set(form.getlist("shown", type=int)), set(form.getlist("row", type=int))
        usual = form.get("usual") == "yes"
        other = (shown - ticked) if usual else ticked
        exceptions[kind] = sorted((set(exceptions.get(kind, [])) - shown) | other)
    else:
        exceptions.pop(kind, None)
        repairs.pop(kind, None)
        if kind == "amount_without_unit":
            choices["unit"] = form.get("unit") if answer == "unit" else None
        if kind == "price_without_currency":
            choices["currency"] = form.get("currency") if answer == "currency" else None
        if kind == "unit_unknown":
            # The form lists neither words that were said to be containers nor those beyond its 30: their earlier answers stay.
            # "" stands for "Not known", also for a word whose meaning was said for an earlier list.
            words = form.getlist("word")
            said = (
                dict(zip(words, form.getlist("means"), strict=False)) if answer == "units" else dict.fromkeys(words, "")
            )
            choices["unit_words"] = choices["unit_words"] | said
        if kind == "date_order":
            choices["day_first"] = {"day": True, "month": False}.get(answer)
        if answer in ("yes", "no"):
            repairs[kind] = answer == "yes"
    choices |= {"repairs": repairs, "exceptions": {name: rows for name, rows in exceptions.items() if rows}}
    return {name: reading.get(name) for name in ("sheet", "encoding", "head_row", "columns", "only")} | {
        "tables": reading.get("tables") or [],
        "inward": reading.get("inward") or [],
        "all_containers": bool(reading.get("all_containers")),
        "all_locations": bool(reading.get("all_locations")),
        "lists": reading.get("lists") or {},
        "choices": choices,
    }


@dataclass(frozen=True)
class Group:
    """A heading of the list of problems, with its lines: kind, title, rows, and whether it is the one shown."""

    title: str
    sign: tuple[str, str]
    lines: list[Kind]


def groups(summary: dict[str, Any]) -> list[Group]:
    """The problems as the page lists them, those that wait for an answer first."""
    # The line "unit_chosen" already lets the user answer the question about amounts without a unit again.
    chosen = any(kind["kind"] == "unit_chosen" for kind in summary["kinds"])
    kinds = [
        kind for kind in summary["kinds"] if kind["rows"] or not (chosen and kind["kind"] == "amount_without_unit")
    ]
    waits = [kind for kind in kinds if kind["severity"] == "question" and kind["answer"] is None and kind["rows"]]
    refused = [kind for kind in kinds if kind["severity"] == "refused" and kind["answer"] is not True]
    done = [kind for kind in kinds if kind not in waits and kind not in refused]
    fine = [{"kind": "fine", "title": "Nothing to change", "rows": summary["fine"]}] if summary["fine"] else []
    there = (
        [{"kind": "present", "title": "Nothing would be added", "rows": summary["present"]}]
        if summary["present"]
        else []
    )
    absent = (
        [{"kind": "absent", "title": "In ChemTrack, not in the file", "rows": summary["absent"]}]
        if summary.get("absent")
        else []
    )
    found = [
        Group("Needs you", ("help", "warn"), waits),
        Group("Repaired, unless you say no", ("check", "ok"), done),
        Group("Left out", ("x", "bad"), refused),
        Group("Fine as they are", ("check", "ok"), fine),
        Group("Here already", ("check", "ok"), there),
        Group("Not in this file", ("help", "warn"), absent),
    ]
    return [group for group in found if group.lines]


def rows_query(kind: str) -> dict[str, Any]:
    """The query that asks the API for the rows of one kind of problem."""
    if kind == "fine":
        return {"fine": "true"}
    return {"state": "present"} if kind == "present" else {"kind": kind}
