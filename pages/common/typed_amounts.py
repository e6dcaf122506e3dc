"""Amounts as people type them."""

from __future__ import annotations

import re

NUMBER_AND_UNIT = re.compile(r"([0-9.,\s]*[0-9.,])\s*([A-Za-zµμ]+)")


def typed_amount(amount: str, unit: str) -> dict[str, str]:
    """The number and unit of an amount. A unit typed after the number, as in 250 mg, goes before the `unit` chosen in the list."""
    if written := NUMBER_AND_UNIT.fullmatch(amount):
        return {"amount": written[1], "unit": written[2]}
    return {"amount": amount, "unit": unit}
