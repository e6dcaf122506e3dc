"""Reads the properties of a chemical or a container: figures in the units that heads and cells name, short texts, days, and choices by
the words for them.
"""

import re
from typing import Any

from api.chemistry.properties import Choice, Day, Figure, Property, Scale, ShortText
from api.chemistry.quantities import plain

from .cells import read_figure
from .dates import read_day
from .heads import scale_of_head
from .row import RowDraft


def add_property(row: RowDraft, one: Property, fields: dict[str, Any]) -> None:
    """Puts a property into the fields of the chemical or of the container, or leaves it out and reports it."""
    if isinstance(one, Figure):
        _add_figure(row, one, fields)
    elif isinstance(one, Day):
        _add_day(row, one, fields)
    elif text := row.text(one.name):
        if value := word_of(one, text):
            fields[one.name] = value
            if isinstance(one, Choice) and not re.fullmatch(f"{value}s?|{value[0]}", text.strip(" ."), re.IGNORECASE):
                row.keep(one.name)  # "white powder" says more than solid
        else:
            row.leave_out("value_left_out", one.name, _why_not(one, text))


def _add_day(row: RowDraft, one: Day, fields: dict[str, Any]) -> None:
    text = row.text(one.name)
    if not text:
        return
    if row.ours and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        fields[one.name] = text
        return
    day = read_day(text, row.survey.day_first, end_of_month=one.ahead)
    if isinstance(day, str):
        row.leave_out(day, one.name)
    elif day.repair == "placeholder_date":
        if row.choices.allows("placeholder_date"):
            row.leave_out("placeholder_date", one.name)
        else:
            row.add_problem("placeholder_date", one.name, day.day.isoformat())
            fields[one.name] = day.day.isoformat()
    elif row.choices.today and not one.ahead and day.day > row.choices.today:
        row.leave_out("date_in_future", one.name)
    elif day.repair and not row.choices.allows(day.repair):
        row.leave_out(day.repair, one.name)
    else:
        if day.repair:
            row.add_problem(day.repair, one.name, day.day.isoformat())
        fields[one.name] = day.day.isoformat()


def _why_not(one: Property, text: str) -> str:
    """Why a cell is left out."""
    if isinstance(one, Choice):
        return f"none of {', '.join(one.choices)}, or more than one"
    if isinstance(one, Figure):
        return f"no number from {plain(one.least)} to {plain(one.most)}{f' {one.unit}' if one.unit else ''}"
    if isinstance(one, ShortText):
        return f"at most {one.longest} characters" if len(text) > one.longest else one.hint
    return ""


_OR = re.compile(r"[,;/]|\b(?:or|to|and)\b", re.IGNORECASE)


def word_of(one: Property, text: str) -> str | None:
    """A cell as a short text or a choice is kept: `solid` for "white crystalline powder"; None where it is not one, or not certain."""
    if isinstance(one, Choice):
        parts = [part.strip(" .") for part in _OR.split(text)]
        found = {
            word
            for word, pattern in one.choices.items()
            if any(re.fullmatch(pattern, part, re.IGNORECASE) for part in parts)
        }
        return found.pop() if len(found) == 1 else None
    return text if isinstance(one, ShortText) and one.fits(text) else None


def _add_figure(row: RowDraft, figure: Figure, fields: dict[str, Any]) -> None:
    """Takes a plain number, converted from the unit that the cell names, else the column's head. A range, an unknown unit or
    "decomposes" is left out and reported."""
    if not row.text(figure.name):
        return
    text, scale = _number_and_scale(row, figure)
    sign = text[0] if text[0] in "+-−" else ""
    written = text.removeprefix(sign)
    read = read_figure(written, comma_is_decimal=row.survey.comma_is_decimal, points_group=row.survey.points_group)
    if read == "comma" and figure.most < 100:
        # A comma cannot group thousands here: no density is that large.
        read = read_figure(written, comma_is_decimal=True)
    if read == "comma":
        row.leave_out("figure_comma", figure.name)
        return
    if isinstance(read, str) or not scale:
        row.leave_out("value_left_out", figure.name, _why_not(figure, row.text(figure.name)))
        return
    number = scale.convert(-read.number if sign in ("-", "−") else read.number)
    if not number and not figure.least:
        return  # nothing weighs nothing: lists write 0 where they do not know
    if figure.least <= number <= figure.most:
        fields[figure.name] = plain(number)
        row.derived.discard(figure.name)
    else:
        row.leave_out("value_left_out", figure.name, _why_not(figure, row.text(figure.name)))


def _number_and_scale(row: RowDraft, figure: Figure) -> tuple[str, Scale | None]:
    """The text of the cell without its unit, and the scale of that unit; None where the unit is not known."""
    text = row.text(figure.name)
    unit = re.search(r"(?<=[\d.\s])[°%A-Za-z][^\d,;(]*(?:-?[13])?$", text)
    if unit and (scale := figure.scale_of(unit[0])):
        return text[: unit.start()].strip(), scale
    index = row.columns[figure.name]
    head = row.heads[index] if index < len(row.heads) else ""
    return text, scale_of_head(figure.name, head)
