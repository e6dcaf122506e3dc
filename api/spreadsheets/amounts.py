"""The amount, the pack size and the number of containers that a row gives."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from api.quantities import LARGEST, UNITS, Quantity, QuantityError, convert, plain, stored

from .cells import pack_in_catalogue_number, read_figure, read_unit, split_amount

if TYPE_CHECKING:
    from .rows import RowReader

MOST_CONTAINERS = 1000


@dataclass(frozen=True)
class _Read:
    number: Decimal
    unit: str | None
    times: int = 1


def add_amounts(row: "RowReader") -> None:
    """Put amount, unit, pack_size and pack_unit into the row's container, and its number of containers into `count`."""
    count = _count(row)
    pack = _read(row, "pack_size", "pack_unit")
    if pack and not pack.number:
        pack = None
    if pack and not pack.unit:
        pack = _with_chosen_unit(row, "pack_size", pack)
    if not pack and not row.text("pack_size"):
        pack = _pack_in_catalogue_number(row)
    amount = _read(row, "amount", "unit")
    times = max(amount.times if amount else 1, pack.times if pack else 1)
    row.count = count if count is not None else times
    if not row.count:
        row.add_problem("none_left", "containers")
    if amount and not amount.unit:
        amount = _with_unit_of_pack(row, amount, pack) or _with_chosen_unit(row, "amount", amount)
    if amount and amount.times == 1 and row.count > 1:
        amount = _share(row, amount, pack)
    unit = read_unit(row.text("unit"))
    if unit:
        row.container["unit"] = UNITS[unit].stored_as
    if amount and amount.unit:
        _keep(row, "amount", "unit", amount)
    if pack and pack.unit:
        _keep(row, "pack_size", "pack_unit", pack)


def _count(row: "RowReader") -> int | None:
    text = row.text("containers")
    if not text:
        return None
    match = re.fullmatch(r"([0-9]{1,4})(?:\.0+)? ?(x|bottles?|containers?|packs?|pcs|each|ea)?\.?", text, re.IGNORECASE)
    if not match or int(match[1]) > MOST_CONTAINERS:
        row.add_problem("containers_unreadable", "containers")
        return None
    return int(match[1])


def _read(row: "RowReader", name: str, unit_name: str) -> _Read | None:
    """The figure and the unit of a cell and the unit column beside it; None where there is no figure to be had."""
    text = row.text(name)
    if not text:
        return None
    cell = split_amount(text)
    if not cell or (cell.times > 1 and not row.choices.allows("pack_times")):
        row.leave_out("amount_unreadable", name)
        return None
    figure = read_figure(cell.number, comma_is_decimal=row.survey.comma_is_decimal)
    if isinstance(figure, str):
        row.leave_out(f"amount_{figure}", name)
        return None
    if figure.repair:
        if not row.choices.allows(figure.repair):
            row.leave_out(figure.repair, name)
            return None
        row.add_problem(figure.repair, name, plain(figure.number))
    beside = row.text(unit_name)
    if not cell.unit and not beside:
        return _Read(figure.number, None, cell.times)
    unit = read_unit(cell.unit or beside)
    if not unit:
        row.add_problem("unit_unknown", name if cell.unit else unit_name)
        row.keep(name, text if cell.unit else f"{text} {beside}")
        return None
    if cell.unit and not row.choices.allows("amount_with_unit"):
        row.leave_out("amount_with_unit", name)
        return None
    if cell.times > 1:
        row.add_problem("pack_times", name, f"{cell.times} containers of {plain(figure.number)} {unit}")
    elif cell.unit:
        row.add_problem("amount_with_unit", name, f"{plain(figure.number)} {unit}")
    return _Read(figure.number, unit, cell.times)


def _with_chosen_unit(row: "RowReader", name: str, read: _Read) -> _Read | None:
    unit = row.choices.unit
    if unit:
        row.add_problem("unit_chosen", name, f"{plain(read.number)} {unit}")
        return _Read(read.number, unit, read.times)
    row.add_problem("amount_without_unit", name)
    row.keep(name, f"{row.text(name)} (without a unit)")
    return None


def _with_unit_of_pack(row: "RowReader", amount: _Read, pack: _Read | None) -> _Read | None:
    """An amount beside "500 mL" that is not more than the packs hold is meant in mL."""
    if not pack or not pack.unit or amount.number > pack.number * row.count or not row.choices.allows("unit_of_pack"):
        return None
    packs = f"{row.count} × {plain(pack.number)} {pack.unit}" if row.count > 1 else f"{plain(pack.number)} {pack.unit}"
    row.add_problem("unit_of_pack", "amount", f"{plain(amount.number)} {pack.unit}", f"not more than {packs}")
    return _Read(amount.number, pack.unit, amount.times)


def _pack_in_catalogue_number(row: "RowReader") -> _Read | None:
    found = pack_in_catalogue_number(row.text("catalogue_number"))
    if not found or not row.choices.allows("pack_in_catalogue_number"):
        return None
    row.add_problem("pack_in_catalogue_number", "catalogue_number", f"{plain(found[0])} {found[1]}")
    return _Read(*found)


def _share(row: "RowReader", amount: _Read, pack: _Read | None) -> _Read | None:
    """The amount in each of several containers, known only where the whole is that many full packs."""
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


def _keep(row: "RowReader", name: str, unit_name: str, read: _Read) -> None:
    """Put unit and number into the container as it keeps them."""
    quantity = Quantity(read.number, read.unit or "")
    kept = stored(quantity)
    if kept.amount >= LARGEST:
        row.leave_out("amount_unreadable", name)
        return
    if kept.unit != quantity.unit:
        row.add_problem("unit_converted", name, str(kept))
        row.keep(name, str(quantity))
    row.container[unit_name], row.container[name] = kept.unit, plain(kept.amount)
