"""How a file is read, as the forms say it, and the words in which a preview asks and answers."""

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

Reading = dict[str, Any]
Kind = dict[str, Any]

ANSWERS = {
    "location_spelling": ("Make them one", "Leave them apart"),
    "name_spelling": ("Make them one", "Leave them apart"),
    "cas_possible_date": ("Take them as CAS numbers", "Leave them out"),
    "hazard_words": ("Take the pictograms", "Leave them not known"),
    "hazards_filled": ("Fill in", "Leave them not known"),
}
"""What yes and no mean where "Repair" and "Leave" do not say it."""
KEPT = (
    "amount_with_unit",
    "hazard_words",
    "hazards_filled",
    "pack_in_catalogue_number",
    "pictograms_of_h",
    "unit_chosen",
    "unit_of_pack",
)
"""Repairs that add to what the file says: it is not struck out."""
SAME = {"amount_without_unit": "unit_chosen", "unit_chosen": "amount_without_unit"}
"""A question under another name when it was answered."""
UNITS = [
    "g",
    "mg",
    "kg",
    "µg",
    "mL",
    "L",
    "µL",
    "each",
    "mol",
    "mmol",
    "µmol",
    "U",
    "kU",
    "bar",
    "psi",
    "lb",
    "oz",
    "gal",
    "qt",
]


def no_choices() -> dict[str, Any]:
    """What holds before anybody chose anything."""
    return {"unit": None, "day_first": None, "repairs": {}, "exceptions": {}}


def from_columns_form(form: MultiDict[str, str], before: Reading | None) -> Reading:
    """The reading that the columns form says; what was decided of problems before stays."""
    columns = {
        name.removeprefix("column-"): value or None for name, value in form.items() if name.startswith("column-")
    }
    values = form.getlist("only")
    choices = before["choices"] if before else no_choices()
    if before and any(
        before[name] != now for name, now in (("sheet", form.get("sheet") or None), ("columns", columns))
    ):
        choices = choices | {"exceptions": {}}  # they name rows of another sheet, or other repairs
    return {
        "sheet": form.get("sheet") or None,
        "head_row": form.get("head_row", ""),
        "columns": columns,
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
        if kind == "date_order":
            choices["day_first"] = {"day": True, "month": False}.get(answer)
        if answer in ("yes", "no"):
            repairs[kind] = answer == "yes"
    choices |= {"repairs": repairs, "exceptions": {name: rows for name, rows in exceptions.items() if rows}}
    return {name: reading[name] for name in ("sheet", "head_row", "columns", "only")} | {"choices": choices}


@dataclass(frozen=True)
class Group:
    """A heading of the list of problems, with its lines: kind, title, rows, and whether it is the one shown."""

    title: str
    sign: tuple[str, str]
    lines: list[Kind]


def groups(summary: dict[str, Any]) -> list[Group]:
    """The problems as the page lists them: what waits for a word first."""
    chosen = any(kind["kind"] == "unit_chosen" for kind in summary["kinds"])  # where the question can be answered anew
    kinds = [
        kind for kind in summary["kinds"] if kind["rows"] or not (chosen and kind["kind"] == "amount_without_unit")
    ]
    waits = [kind for kind in kinds if kind["severity"] == "question" and kind["answer"] is None and kind["rows"]]
    done = [kind for kind in kinds if kind["severity"] != "refused" and kind not in waits]
    refused = [kind for kind in kinds if kind["severity"] == "refused"]
    fine = [{"kind": "fine", "title": "Nothing to change", "rows": summary["fine"]}] if summary["fine"] else []
    there = (
        [{"kind": "present", "title": "Nothing would be added", "rows": summary["present"]}]
        if summary["present"]
        else []
    )
    found = [
        Group("Needs you", ("help", "warn"), waits),
        Group("Repaired, unless you say no", ("check", "ok"), done),
        Group("Cannot be loaded", ("x", "bad"), refused),
        Group("Fine as they are", ("check", "ok"), fine),
        Group("Here already", ("check", "ok"), there),
    ]
    return [group for group in found if group.lines]


def rows_query(kind: str) -> dict[str, Any]:
    """How the rows of a line of the list are asked for."""
    if kind == "fine":
        return {"fine": "true"}
    return {"state": "present"} if kind == "present" else {"kind": kind}
