"""The words for stocktakes in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.common.filters import amount, grouped, things

if TYPE_CHECKING:
    from pages.common import answers

STATES = {
    "matched": "Matched",
    "first": "First amount",
    "tolerance": "Within tolerance",
    "off": "Off",
    "elsewhere": "Found elsewhere",
    "not_found": "Not found",
    "not_counted": "Not counted",
}
REASONS = ("Not written down", "Evaporated", "Spilled", "Weighing error", "Wrong label", "Wrong container")


def name(stocktake: answers.Stocktake | answers.StocktakeDetail) -> str:
    """The own name of the stocktake's location: Room 2.14."""
    return str(stocktake["location"] or "the whole lab").split(" › ")[-1]


def within(full_name: str | None, stocktake: answers.Stocktake | answers.StocktakeDetail) -> str:
    """A location's name inside the stocktake's location: Flammables cabinet 1 › Shelf 2. The stocktake's own has its last name."""
    if not full_name:
        return "no location"
    if full_name == stocktake["location"]:
        return name(stocktake)
    root = f"{stocktake['location']} › "
    return full_name.removeprefix(root) if stocktake["location"] else full_name


def part(stocktake: answers.Stocktake | answers.StocktakeDetail) -> str:
    """The part of the location that is counted, and how: a random 10 % · not counted for 90 days. "" for everything, openly."""
    sample, days = stocktake["sample_percent"], stocktake["not_counted_days"]
    parts = [
        f"a random {sample} %" if sample else "",
        f"not counted for {things(days, 'day')}" if days else "",
        "danger or hazards not known" if stocktake["dangerous_only"] else "",
        "counted blind" if stocktake["blind"] else "",
    ]
    return " · ".join(part for part in parts if part)


def posting(numbers: answers.Posting) -> tuple[str, str]:
    """The effects of posting, in words: the first sentence, and the rest."""
    first = f"Posting writes {things(numbers['counts'], 'count') if numbers['counts'] else 'no count'}."
    does = [
        things(numbers["amounts_changed"], "amount changes", "amounts change") if numbers["amounts_changed"] else "",
        things(numbers["moved"], "container moves here", "containers move here") if numbers["moved"] else "",
        things(numbers["missing"], "becomes missing", "become missing") if numbers["missing"] else "",
    ]
    effects = ", ".join(part for part in does if part)
    waits, left = numbers["left_for_recount"], numbers["uncounted"]
    rest = [
        f"{effects}." if effects else "No amount changes.",
        f"{things(waits, 'waits', 'wait')} for a recount." if waits else "",
        f"{things(left, 'was not counted and stays as it is', 'were not counted and stay as they are')}."
        if left
        else "",
    ]
    return first, " ".join(part for part in rest if part)


def posted(numbers: answers.Posting) -> str:
    """The effects that posting had, in words."""
    parts = [
        things(numbers["counts"], "count"),
        things(numbers["amounts_changed"], "amount changed", "amounts changed") if numbers["amounts_changed"] else "",
        f"{grouped(numbers['moved'])} moved here" if numbers["moved"] else "",
        f"{grouped(numbers['missing'])} missing" if numbers["missing"] else "",
        f"{grouped(numbers['left_for_recount'])} left for a recount" if numbers["left_for_recount"] else "",
    ]
    return "Posted: " + ", ".join(part for part in parts if part)


def drift(numbers: answers.Posting) -> str:
    """How many of the measured amounts were off: 9 off (3 %)."""
    if not numbers["counts"]:
        return "nothing measured"
    if not numbers["off"]:
        return "none off"
    share = 100 * numbers["off"] / numbers["counts"]
    return (
        f"{grouped(numbers['off'])} off ({share:.0f} %)" if share >= 1 else f"{grouped(numbers['off'])} off (under 1 %)"
    )


def counted(line: answers.StocktakeLine | answers.Hit, blind: bool = False) -> str:
    """The recorded result of a container: 780 mL, as expected · there, not measured · not found. `blind`: not whether it was expected."""
    if line["state"] == "not_found":
        return "not found"
    if line["counted"] is None:
        return "there, not measured"
    measured = amount(line["counted"], line["counted_unit"])
    return f"{measured}, as expected" if line["variance"] == "0" and not blind else measured
