"""The plot on a chemical's page: its amount in stock at the end of each week."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pages.common.filters import day

if TYPE_CHECKING:
    from pages.common import answers

LARGER = {"g": (("kg", Decimal(1000)),), "mL": (("L", Decimal(1000)),)}


def stock_plot(weeks: list[answers.StockOfWeek]) -> dict[str, Any] | None:
    """The plot of the amount in stock, week by week, in the unit that suits its largest value; and the finding in words."""
    if len(weeks) < 2:
        return None
    amounts = [Decimal(week["amount"]) for week in weeks]
    base, most = weeks[0]["unit"], max(amounts)
    unit, factor = next(((large, by) for large, by in LARGER.get(base, ()) if most >= by), (base, Decimal(1)))
    shown = [float(round(one / factor, 6)) for one in amounts]
    spec = {
        "type": "line",
        "labels": [day(week["monday"]) for week in weeks],
        "sets": [{"label": "In stock", "data": shown, "colour": "a", "steps": True}],
        "unit": f" {unit}",
    }
    finding = (
        f"In stock at the end of each of the last {len(weeks)} weeks: {shown[-1]:g} {unit} now, at most {max(shown):g} {unit}, "
        f"at least {min(shown):g} {unit}"
    )
    return {"spec": spec, "finding": finding}
