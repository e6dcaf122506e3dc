"""The amount, the pack size and the number of containers that a row gives."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from api.chemistry.quantities import (
    LARGEST,
    UNITS,
    Quantity,
    QuantityError,
    convert,
    is_pieces_or_enzyme,
    plain,
    stored,
)

from .cells import AmountCell, is_figure, pack_in_catalogue_number, read_figure, split_amount
from .row import RowDraft
from .units import CONTAINERS, UnitWord, fold_unit, means_containers, read_unit

MOST_CONTAINERS = 1000
USUAL_CONTAINERS = 24
"""A row that makes more containers than these is asked about."""


@dataclass(frozen=True)
class _Read:
    number: Decimal
    unit: str | None
    times: int = 1


def add_amounts(row: RowDraft) -> None:
    """Puts amount, unit, pack_size and pack_unit into the row's container, and the number of containers into `count`."""
    count = _count(row)
    pack = _read(row, "pack_size", "pack_unit")
    if pack and not pack.number:
        pack = None
    amount = _read(row, "amount", "unit")
    if pack and not pack.unit and amount and _shares_its_unit(row, amount, pack):
        pack, amount = replace(pack, unit=amount.unit), replace(amount, unit=None)
    if pack and not pack.unit:
        pack = _with_chosen_unit(row, "pack_size", pack)
    if not pack and not row.text("pack_size"):
        pack = _pack_in_catalogue_number(row)
    times = max(amount.times if amount else 1, pack.times if pack else 1)
    if count is None and amount and amount.unit == CONTAINERS:
        count = int(amount.number)
        amount = None
    if count and times > 1 and count != times:
        count = _count_of_packs(row, count, times)
    row.count = count if count is not None else times
    if amount and not amount.unit and pack and pack.unit and count is None and _may_count(amount):
        amount = _count_or_amount(row, amount, pack)
    if row.count > USUAL_CONTAINERS:
        row.add_problem(
            "many_containers", "containers" if "containers" in row.values else "amount", f"{row.count} containers"
        )
    if not row.count and not row.ours:
        row.add_problem("none_left", "containers")
    if amount and not amount.unit:
        amount = _with_unit_of_pack(row, amount, pack) or _with_chosen_unit(row, "amount", amount)
    if amount and amount.times == 1 and row.count > 1:
        amount = _share(row, amount, pack)
    unit = read_unit(row.text("unit"))
    if unit:
        row.container["unit"] = UNITS[unit.unit].stored_as
    elif row.text("unit") and not row.text("amount"):
        row.keep("unit")
    if row.choices.all_full and not amount and pack and pack.unit and not row.text("amount"):
        row.add_problem("amount_of_pack", "pack_size", f"{plain(pack.number)} {pack.unit}")
        amount = _Read(pack.number, pack.unit)
    if amount and pack and _overfills(row, amount, pack) and not row.ours:
        agreed = row.choices.allows("holds_more")
        written, whole = (f"{plain(read.number)} {read.unit}" for read in (amount, pack))
        row.add_problem("holds_more", "amount", written if agreed else "", f"the pack holds {whole}")
        if not agreed:
            row.keep("amount", written)
            amount = None
    if amount and amount.unit:
        _keep(row, "amount", "unit", amount)
    if pack and pack.unit and not _fits(pack, row.container.get("unit")):
        row.leave_out("pack_of_other_kind", "pack_size", text=f"{plain(pack.number)} {pack.unit}")
    elif pack and pack.unit:
        _keep(row, "pack_size", "pack_unit", pack)


def _fits(pack: _Read, unit: str | None) -> bool:
    """Whether a container that keeps its amount in this unit may have the pack size. Grams and millilitres fit each other without a density."""
    try:
        convert(Quantity(pack.number, pack.unit or ""), unit or pack.unit or "", density_g_per_ml=Decimal(1))
    except QuantityError:
        return False
    return True


def _overfills(row: RowDraft, amount: _Read, pack: _Read) -> bool:
    """Whether the amount is more than the pack size; False where one of the two has no unit, or where the units cannot be converted."""
    if not amount.unit or not pack.unit:
        return False
    density = row.chemical.get("density_g_per_ml")
    try:
        held = convert(Quantity(amount.number, amount.unit), pack.unit, Decimal(density) if density else None)
    except QuantityError:
        return False
    return held > pack.number


def _count(row: RowDraft) -> int | None:
    text = row.text("containers")
    if not text:
        return None
    match = re.match(r"(\D{0,4}?)([0-9]{1,4})(?:[.,]0{1,2})?(?![0-9.,])(.*)", text)
    number = int(match[2]) if match else 1
    if match and not match[1] and number <= MOST_CONTAINERS:
        word = match[3].strip(" .").casefold()
        if not word or word in _COUNTS or means_containers(word) or read_unit(word) == UnitWord("each"):
            return number
    number = min(max(number, 1), MOST_CONTAINERS)
    row.add_problem("containers_unreadable", "containers", _containers(number))
    row.keep("containers")
    return number


def _count_of_packs(row: RowDraft, count: int, times: int) -> int:
    """The number of containers where a number stands beside packs of several: 2 beside "4 x 2.5 L" may be eight bottles."""
    name = "containers" if row.text("containers") else "amount"
    agreed = row.choices.has_answered("count_of_packs") and row.choices.allows("count_of_packs")
    number = count * times if agreed else count
    row.problems = [problem for problem in row.problems if problem.kind != "pack_times"]
    row.add_problem("count_of_packs", name, _containers(number), f"{count} × {times} = {count * times}")
    if not agreed:
        row.keep(name)
    return number


def _containers(number: int) -> str:
    return f"{number} container{'' if number == 1 else 's'}"


def _read(row: RowDraft, name: str, unit_name: str) -> _Read | None:
    """The figure and the unit from an amount's cell and the unit's column beside it, or the head; None where the cell holds no usable
    figure. Whatever is not loaded is kept as a note, the text of the unit too."""
    text, beside = row.text(name), row.text(unit_name)
    if not text:
        return None
    whole = f"{text} {beside}".strip()
    if len(row.values[name]) > 1:
        row.leave_out("amounts_several", name, text=f"{row.text_with_heads(name)} {beside}".strip())
        return None
    cell = split_amount(text)
    if not cell:
        row.leave_out("amount_unreadable", name, _was_a_fraction(text), whole)
        return None
    if cell.times > 1 and not row.choices.allows("pack_times"):
        row.leave_out("pack_times", name, text=whole)
        return None
    number = _figure(row, name, cell.number, bool(cell.unit))
    if number is None:
        row.keep(name, whole)
        return None
    written = cell.unit or beside
    if not written:
        unit = row.unit_of_head(name)
        return _as_packs(row, name, cell, number, unit, whole)
    said = row.choices.unit_words.get(fold_unit(written))
    in_containers = means_containers(written) or said == CONTAINERS
    if in_containers and name == "amount" and number == int(number) <= MOST_CONTAINERS:
        return _Read(number, CONTAINERS)
    unit = read_unit(written)
    if not unit and said and said != CONTAINERS:
        unit = UnitWord(said)
        row.add_problem("unit_word", name if cell.unit else unit_name, said, says=written)
    if not unit:
        kind = "unit_of_two_meanings" if is_pieces_or_enzyme(written) else "unit_unknown"
        row.add_problem(kind, name if cell.unit else unit_name, says=written)
        row.keep(name, whole)
        return None
    if cell.unit and not row.choices.allows("amount_with_unit"):
        row.leave_out("amount_with_unit", name)
        return None
    if cell.times == 1 and cell.unit:
        row.add_problem("amount_with_unit", name, f"{plain(number * unit.factor)} {unit.unit}")
    elif cell.times == 1 and unit.factor != 1:
        row.add_problem("unit_converted", name, f"{plain(number * unit.factor)} {unit.unit}")
        row.keep(name, whole)
    return _as_packs(row, name, cell, number, unit, whole)


def _as_packs(
    row: RowDraft, name: str, cell: AmountCell, number: Decimal, unit: UnitWord | None, whole: str
) -> _Read | None:
    """The amount in each of the packs that the cell names, if it names several. 500 x 10 in a column of millilitres is a question: people
    who write it in this order mean ten packs of 500 mL."""
    factor, symbol = (unit.factor, unit.unit) if unit else (Decimal(1), None)
    in_this_order = cell.unit_first or (cell.unit and cell.times <= USUAL_CONTAINERS)
    if cell.times > 1 and cell.times > number and number == int(number) and not in_this_order:
        other = f"{_containers(int(number))} of {cell.times} {symbol or ''}".rstrip()
        if not row.choices.has_answered("pack_order") or not row.choices.allows("pack_order"):
            row.leave_out("pack_order", name, f"yes: {other}", whole)
            return None
        row.add_problem("pack_order", name, other)
        return _Read(cell.times * factor, symbol, int(number))
    if cell.times > 1:
        each = f"{plain(number * factor)} {symbol or ''}".rstrip()
        row.add_problem("pack_times", name, f"{_containers(cell.times)} of {each}")
    return _Read(number * factor, symbol, cell.times)


def _figure(row: RowDraft, name: str, text: str, has_unit: bool) -> Decimal | None:
    """The number in a cell; None where there is none. The manager's answer decides about a comma that may mean two things."""
    comma_is_decimal = False if row.survey.comma_groups(name) else None
    points_group = row.survey.points_group_in(name, has_unit)
    figure = read_figure(text, comma_is_decimal=comma_is_decimal, points_group=points_group)
    if name in row.survey.points_unclear and re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", text):
        figure = "comma"
    if figure == "comma" and row.choices.has_answered("amount_comma"):
        yes = row.choices.allows("amount_comma")
        figure = read_figure(text, comma_is_decimal=not yes, points_group=yes)
        if not isinstance(figure, str):
            row.add_problem("amount_comma", name, plain(figure.number))
            return figure.number
    if isinstance(figure, str):
        row.add_problem(f"amount_{figure}", name, proof=_both_readings(text) if figure == "comma" else "")
        return None
    if figure.repair:
        if not row.choices.allows(figure.repair):
            row.add_problem(figure.repair, name)
            return None
        may_be_two = re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", text) is not None
        row.add_problem(
            figure.repair, name, plain(figure.number), row.survey.evidence_of(name, text) if may_be_two else ""
        )
    return figure.number


def _both_readings(text: str) -> str:
    return f"{re.sub('[.,]', '', text)} or {plain(Decimal(text.replace(',', '.')))}"


_COUNTS = frozenset({"x", "pcs", "pc", "each", "ea", "stk", "st", "unit", "units"})
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _was_a_fraction(text: str) -> str:
    """What a spreadsheet may have made a day of: 8-Jan, Jan-08 and 2026-01-08 were 1/8."""
    month = "|".join(_MONTHS)
    if found := re.fullmatch(rf"([0-9]{{1,2}})-({month})", text):
        day, of = found[1], _MONTHS.index(found[2]) + 1
    elif found := re.fullmatch(rf"({month})-([0-9]{{1,2}})", text):
        day, of = found[2], _MONTHS.index(found[1]) + 1
    elif found := re.fullmatch(r"20[0-9]{2}-([0-9]{2})-([0-9]{2})", text):
        day, of = found[2], int(found[1])
    else:
        return ""
    return f"may have been {of}/{int(day)}"


def _may_count(amount: _Read) -> bool:
    """Whether an amount without a unit is a whole number that may count containers: 3 beside a pack size of 500 g."""
    return amount.number == int(amount.number) and 1 <= amount.number <= USUAL_CONTAINERS


def _shares_its_unit(row: RowDraft, amount: _Read, pack: _Read) -> bool:
    """Whether one unit stands beside two figures of which the pack size is the larger: 500, 3 and g may be three containers of 500 g."""
    return (
        amount.unit not in (None, CONTAINERS)
        and bool(row.text("unit"))
        and is_figure(row.text("amount"))
        and _may_count(amount)
        and amount.number < pack.number
    )


def _count_or_amount(row: RowDraft, amount: _Read, pack: _Read) -> _Read | None:
    """Asks whether 3 beside "500 g" is three containers or 3 g left of one."""
    number = plain(amount.number)
    if not row.choices.has_answered("count_or_amount"):
        row.leave_out(
            "count_or_amount",
            "amount",
            f"{number} × {plain(pack.number)} {pack.unit}, or {number} {pack.unit} left of one",
        )
        return None
    if row.choices.allows("count_or_amount"):
        row.count = int(amount.number)
        row.add_problem("count_or_amount", "amount", f"{number} × {plain(pack.number)} {pack.unit}")
        return None
    row.add_problem("count_or_amount", "amount", f"{number} {pack.unit}")
    return _Read(amount.number, pack.unit)


def _with_chosen_unit(row: RowDraft, name: str, read: _Read) -> _Read | None:
    unit = row.choices.unit
    if unit:
        row.add_problem("unit_chosen", name, f"{plain(read.number)} {unit}")
        return _Read(read.number, unit, read.times)
    row.add_problem("amount_without_unit", name)
    row.keep(name, f"{row.text(name)} (without a unit)")
    return None


def _with_unit_of_pack(row: RowDraft, amount: _Read, pack: _Read | None) -> _Read | None:
    """The unit of the pack size, for an amount that has no unit and is not more than the packs hold: 200 beside "500 mL" means mL."""
    if not pack or not pack.unit or amount.number > pack.number * row.count:
        return None
    packs = f"{row.count} × {plain(pack.number)} {pack.unit}" if row.count > 1 else f"{plain(pack.number)} {pack.unit}"
    agreed = row.choices.allows("unit_of_pack")
    written = f"{plain(amount.number)} {pack.unit}" if agreed else ""
    row.add_problem("unit_of_pack", "amount", written, f"not more than {packs}")
    return _Read(amount.number, pack.unit, amount.times) if agreed else None


def _pack_in_catalogue_number(row: RowDraft) -> _Read | None:
    found = pack_in_catalogue_number(row.text("catalogue_number"))
    if not found:
        return None
    agreed = row.choices.allows("pack_in_catalogue_number")
    row.add_problem("pack_in_catalogue_number", "catalogue_number", f"{plain(found[0])} {found[1]}" if agreed else "")
    return _Read(*found) if agreed else None


def _share(row: RowDraft, amount: _Read, pack: _Read | None) -> _Read | None:
    """The amount in each of several containers. It is known only if the total equals that number of full packs."""
    if amount.unit and pack and pack.unit:
        try:
            if convert(Quantity(amount.number, amount.unit), pack.unit) == pack.number * row.count:
                return pack
        except QuantityError:
            pass
    if not amount.number:
        return amount
    row.add_problem("amount_of_several", "amount", proof=f"{row.count} containers")
    row.keep("amount", f"{plain(amount.number)} {amount.unit or ''}".strip() + f" in {row.count} containers")
    return None


def _keep(row: RowDraft, name: str, unit_name: str, read: _Read) -> None:
    """Puts number and unit into the container, converted to the unit in which it keeps them."""
    quantity = Quantity(read.number, read.unit or "")
    kept = stored(quantity)
    if kept.amount >= LARGEST:
        row.leave_out("amount_unreadable", name)
        return
    if kept.unit != quantity.unit:
        row.add_problem("unit_converted", name, str(kept))
        row.keep(name, str(quantity))
    row.container[unit_name], row.container[name] = kept.unit, plain(kept.amount)
