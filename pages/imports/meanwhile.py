"""Two managers choose the columns of one file: what one of them alone changed is merged, what both changed becomes a question."""

from typing import NoReturn

from pages.common import merging
from pages.common.problems import Problem
from pages.imports.reading import Reading

LABELS = {
    "/where": "Where the rows are",
    "/only": "Only some rows",
    "/inward": "Order of the location's columns",
    "/all_full": "All containers are full",
    "/all_containers": "Each row is a container",
    "/all_locations": "Each row is a location",
}


def as_shown(reading: Reading) -> merging.Values:
    """What the form of the columns shows of a reading, in words: a value for each field that two people may choose otherwise."""
    where = [
        f"head in row {reading['head_row']}",
        reading["sheet"],
        reading.get("encoding"),
        *(reading.get("tables") or []),
        *(f"numbers of {head}" for head in reading.get("lists") or {}),
    ]
    only = reading["only"]["values"] if reading["only"] else []
    ticked = {True: "ticked", False: "not ticked"}
    return {f"column-{index}": of_field for index, of_field in reading["columns"].items()} | {
        "where": ", ".join(filter(None, where)),
        "only": ", ".join(value or "(empty)" for value in only),
        "inward": ", ".join(f"column {index + 1}" for index in reading.get("inward") or []),
        "all_full": ticked[bool((reading.get("choices") or {}).get("all_full"))],
        "all_containers": ticked[bool(reading.get("all_containers"))],
        "all_locations": ticked[bool(reading.get("all_locations"))],
    }


def merge(reading: Reading, was: str | None, present: Reading, titles: dict[str, str]) -> None:
    """Merges into the reading that was chosen what somebody else has chosen since the form was opened. `was` is what the form showed then;
    `titles` has the words for fields. Raises Problem 409 where both changed the same, or where somebody else reads another table, whose
    columns are not those of the form."""
    values, now = as_shown(reading), as_shown(present)
    if values["where"] != now["where"]:
        if merging.opened({"where": now["where"]}).strip("{}") not in (was or ""):
            refuse([{"pointer": "/where", "detail": f"It is now: {now['where']}."}])
        return
    try:
        merging.merge(values, was, now, words={name: titles for name in values if name.startswith("column-")})
    except Problem as both:
        refuse(both.errors)
    reading["columns"] = {index: values[f"column-{index}"] for index in reading["columns"]}
    if values["all_full"] == now["all_full"]:
        reading["choices"] |= {"all_full": bool(present["choices"].get("all_full"))}
    reading |= {
        name: present.get(name)
        for name in ("only", "inward", "all_containers", "all_locations")
        if values[name] == now[name]
    }


def refuse(errors: list[dict[str, str]]) -> NoReturn:
    """Raises the Problem 409 with these errors, each with the words that the form has for its field."""
    said = [
        error | {"detail": ": ".join(filter(None, (LABELS.get(error["pointer"]), error["detail"])))} for error in errors
    ]
    raise Problem(409, "Somebody else changed this meanwhile", merging.AGAIN, said)
