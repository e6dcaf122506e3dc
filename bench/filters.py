"""The list of chemicals in each order; then each of its filters in each order, in the lab of 100,000."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import get_args

from api.resources.chemicals.filters import FILTERS, UNKNOWN
from api.resources.chemicals.queries import FLAGS, HAZARDS, Search
from bench.load import Ask, Load, wrk
from bench.result import Result, middle
from bench.stand import LARGE, MIDDLE, TOGETHER, Stand

[LAB] = LARGE.slugs
ROUNDS = 3
SORTS = [sort for sort in get_args(Search.model_fields["sort"].annotation) if not sort.startswith("-")]
TODAY = date.today()  # noqa: DTZ011
GIVEN: dict[str, object] = {
    "location": LARGE.first * 1000 + 2,
    "state": "gas",
    "molar_mass_from": 400,
    "molar_mass_to": 70,
    "expires_before": TODAY + timedelta(days=90),
    "cas_number": "52-62-0",
    "chemical": None,  # filled in: ids of the lab
    "q": "bromo",
    "hazard": "GHS06",
    "h_code": "H350",
    "h_code_any": "H350 H340",
    "h_code_none": "H350",
    "signal_word": "Danger",
    "formula": "C6H6",
    "elements": "C, Br>=2",
    "storage_class": "3",
    "storage_temperature": "freezer",
    "un_number": "1203",
    "packing_group": "II",
    "density_from": 2,
    "density_to": 0.7,
    "melting_point_from": 300,
    "melting_point_to": -50,
    "boiling_point_from": 300,
    "boiling_point_to": 40,
    "flash_point_from": 200,
    "flash_point_to": 0,
    "structure": "c1ccccc1C(=O)O",
    "amount_from": "900 g",
    "added_since": TODAY,
    "changed_since": TODAY,
    "expires_within": 30,
    "open_longer_than": 900,
    "supplier": "sigma",
    "lot_number": "999",
    "catalogue_number": "99",
    "order_number": "99",
    "held_by": "a",
    "checked_out": "never",
}


def asks() -> dict[str, tuple[str, object]]:
    """A name and a query parameter for each filter, flag and hazard of the list."""
    missing = set(FILTERS) - set(GIVEN)
    assert not missing, f"not measured: {missing}"
    return {
        **{name: (name, value) for name, value in GIVEN.items() if value is not None},
        **{f"flag={flag}": ("flag", flag) for flag in FLAGS},
        **{f"unknown={part}": ("unknown", part) for part in UNKNOWN},
        **{f"hazard={hazard}": ("hazard", hazard) for hazard in HAZARDS},
    }


def measure(stand: Stand) -> Iterator[Result]:
    """The orders and the filters."""
    database = stand.prepare(TOGETHER)
    yield orders(stand, database)
    yield filters(stand, database)


def orders(stand: Stand, database: str) -> Result:
    """The time of each order, and of the numbers beside the filters, beside that of the list by name; the worst ratio is the figure."""
    asked = {sign + name: ("sort", sign + name) for name in SORTS for sign in ("", "-")} | {
        "numbers beside the filters": ("facets", "true")
    }
    [lab] = MIDDLE.slugs
    times: dict[str, list[float]] = {name: [] for name in asked}
    with stand.api(database) as api:
        for _ in range(ROUNDS):
            for name, given in asked.items():
                one, by_name = (
                    wrk(stand, api.url, [Ask(lab, "/chemicals", [("limit", 50), *more])], 1, connections=1).p50
                    for more in ([given], [])
                )
                times[name].append(one / by_name)
    ratios = {name: middle(found) for name, found in times.items()}
    worst = sorted(ratios, key=lambda name: -ratios[name])
    return Result(
        f"{len(ratios)} ways to order the list, the worst ({worst[0]}); lab of 5,000", "the list by name", ratios[worst[0]],
        "at most", 3, detail=", ".join(f"{name} {ratios[name]:.1f}" for name in worst[:6]),
    )  # fmt: skip


def filters(stand: Stand, database: str) -> Result:
    """The time of each filter in each order beside that of the plain list in the same order; the worst ratio is the figure."""
    with stand.superuser(database) as connection:
        ids = connection.execute(
            "SELECT id FROM inventory.chemicals WHERE lab_id = %s ORDER BY id LIMIT 50", (LARGE.first,)
        ).fetchall()
    chosen = asks()
    ratios: dict[str, float] = {}
    with stand.api(database) as api:

        def time(sort: str, *filters: tuple[str, object]) -> Load:
            return wrk(
                stand, api.url, [Ask(LAB, "/chemicals", [("limit", 50), ("sort", sort), *filters])], 1, connections=1
            )

        for sort in [order for name in SORTS for order in (name, f"-{name}")]:
            plain = middle([time(sort).p50 for _ in range(ROUNDS)])
            ratios |= {f"{name} by {sort}": time(sort, given).p50 / plain for name, given in chosen.items()}
            ratios[f"chemical by {sort}"] = time(sort, *(("chemical", number) for (number,) in ids)).p50 / plain
    worst = sorted(ratios, key=lambda name: -ratios[name])
    return Result(
        f"{len(ratios)} ways to filter and sort, the worst ({worst[0]}); lab of 100,000", "the plain list in that order", ratios[worst[0]],
        "at most", 5, detail=", ".join(f"{name} {ratios[name]:.1f}" for name in worst[:6]),
    )  # fmt: skip
