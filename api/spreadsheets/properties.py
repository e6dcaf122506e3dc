"""Reads the properties of a chemical or a container: figures in the units that heads and cells name, short texts, days, and choices by
the words for them.
"""

import re
from decimal import Decimal
from typing import Any

from api.chemistry.properties import Choice, Day, Figure, Property, ShortText
from api.chemistry.quantities import plain

from .cells import read_figure
from .dates import read_day
from .row import RowDraft

MOST_DECIMALS = 4
"""The digits after the point that a physical figure may have."""


def add_property(row: RowDraft, one: Property, fields: dict[str, Any]) -> None:
    """Puts a property into the fields of the chemical or of the container, or leaves it out and reports it."""
    if isinstance(one, Figure) and one.other_units:
        _add_in_any_unit(row, one, fields)
    elif isinstance(one, Figure):
        _add_in_its_unit(row, one, fields)
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


def _add_in_any_unit(row: RowDraft, declared: Figure, fields: dict[str, Any]) -> None:
    """Takes a figure in any unit that its head or cell names, and converts it to the unit of the column."""
    name = declared.name
    if not row.text(name):
        return
    text = re.sub(r" ?(g ?/ ?mol|g ?mol-1|Da|g ?/ ?(mL|cm3|cm³|cc))$", "", row.text(name), flags=re.IGNORECASE)
    factor = _factor_of_head(row, declared) if text == row.text(name) else Decimal(1)
    comma = row.survey.comma_is_decimal
    figure = read_figure(text, comma_is_decimal=comma, points_group=row.survey.points_group)
    if figure == "comma" and declared.most < 100:
        # A comma cannot group thousands here: no density is that large.
        figure = read_figure(text, comma_is_decimal=True)
    if figure == "comma":
        row.leave_out("figure_comma", name)
    elif isinstance(figure, str) or not factor or figure.number * factor > declared.most:
        row.leave_out("value_left_out", name, _why_not(declared, text))
    elif figure.number:
        fields[name] = plain(round(figure.number * factor, 9))
        row.derived.discard(name)


def _factor_of_head(row: RowDraft, figure: Figure) -> Decimal | None:
    """The factor from the unit in the column's head, such as "Density (kg/m³)", to ChemTrack's unit; 1 where the head names no unit, None
    where the unit is not known."""
    index = row.columns[figure.name]
    head = row.heads[index] if index < len(row.heads) else ""
    unit = re.search(r"[(\[]([^()\[\]]{1,20}[/ a][^()\[\]]{0,20})[)\]]", head)
    if not unit:
        return Decimal(1)
    folded = re.sub(r"[ .·]", "", unit[1].casefold()).translate(str.maketrans("³⁻¹", "3-1")).replace("^", "")
    factor = figure.other_units.get(folded)
    return Decimal(factor) if factor else None if "/" in folded or folded.endswith("da") else Decimal(1)


def _add_in_its_unit(row: RowDraft, figure: Figure, fields: dict[str, Any]) -> None:
    """Takes the figure if the cell is a plain number, perhaps with the figure's unit. A range, another unit or
    "decomposes" is left out and reported."""
    if not row.text(figure.name):
        return
    text = re.sub(r"\s*(?:°\s*)?" + re.escape(figure.unit.strip("°")) + "$", "", row.text(figure.name))
    sign = text[0] if text[0] in "+-−" else ""
    read = read_figure(
        text.removeprefix(sign), comma_is_decimal=row.survey.comma_is_decimal, points_group=row.survey.points_group
    )
    if read == "comma":
        row.leave_out("figure_comma", figure.name)
        return
    number = None if isinstance(read, str) else -read.number if sign in ("-", "−") else read.number
    if number is None or number != round(number, MOST_DECIMALS) or not figure.least <= number <= figure.most:
        row.leave_out("value_left_out", figure.name, _why_not(figure, text))
    else:
        fields[figure.name] = plain(number)
