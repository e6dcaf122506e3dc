"""What somebody is about to take. All of it is in the form, or in the address: nothing is kept between two requests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

LARGEST_ID = 2**63 - 1
MOST_LINES = 50
LONGEST_ADDRESS = 1500
FIELD = re.compile(r"lines-(\d{1,3})-(container_id|amount|unit|left_before|left_unit)")
NUMBER = re.compile(r"[0-9]{0,20}\.?[0-9]{1,20}")


def id_of(text: object) -> int | None:
    """The number of a row, None if it cannot be one."""
    written = str(text)
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 20 else 0
    return number if 0 < number <= LARGEST_ID else None


@dataclass
class Line:
    """An amount from one container, as typed. `container` is what the API says of it."""

    container_id: int
    amount: str = ""
    unit: str = ""
    left_before: str = ""
    left_unit: str = ""
    container: dict[str, Any] = field(default_factory=dict)
    is_new: bool = False
    """It was scanned just now: the cursor goes there."""

    @property
    def asks_what_is_in_it(self) -> bool:
        """Whether nobody knows how much is in it."""
        return self.container.get("amount") is None

    @property
    def leaves(self) -> str | None:
        """What would be left, in the container's unit; None where that cannot be said."""
        factor = self.container.get("factors", {}).get(self.unit)
        if factor is None or self.asks_what_is_in_it or not NUMBER.fullmatch(self.amount):
            return None
        rest = Decimal(self.container["amount"]) - Decimal(self.amount) * Decimal(factor)
        return format(rest.normalize(), "f") if rest >= 0 else None

    def as_json(self) -> dict[str, Any]:
        """The line as the API takes it. A unit written beside the number, 250 mg, is meant, not the list's."""
        said = {"container_id": self.container_id, **typed(self.amount, self.unit)}
        if self.left_before:
            before = typed(self.left_before, self.left_unit)
            said |= {"left_before": before["amount"], "left_unit": before["unit"]}
        return said


def typed(amount: str, unit: str) -> dict[str, str]:
    """Number and unit of two fields; a unit that was written beside the number goes before the chosen one."""
    if written := re.fullmatch(r"([0-9.,\s]+?)\s*([A-Za-zµμ]+)", amount):
        return {"amount": written[1], "unit": written[2]}
    return {"amount": amount, "unit": unit}


@dataclass
class Basket:
    """The lines of the form, and what they are for."""

    lines: list[Line] = field(default_factory=list)
    purpose: str = ""

    @classmethod
    def of_form(cls, form: Mapping[str, str]) -> "Basket":
        """What was sent; what is no line is left out."""
        found: dict[int, dict[str, str]] = {}
        for name, value in form.items():
            if part := FIELD.fullmatch(name):
                found.setdefault(int(part[1]), {})[part[2]] = value.strip()
        lines = [
            Line(
                number,
                said.get("amount", ""),
                said.get("unit", ""),
                said.get("left_before", ""),
                said.get("left_unit", ""),
            )
            for _, said in sorted(found.items())
            if (number := id_of(said.get("container_id", "")))
        ]
        return cls(lines[:MOST_LINES], form.get("purpose", "").strip())

    @classmethod
    def of_address(cls, args: "MultiDict[str, str]") -> "Basket":
        """container=12&amount=250&unit=mL&container=15…; other pages' links name containers alone."""
        numbers = [id_of(text) for text in args.getlist("container")]
        amounts, units = args.getlist("amount"), args.getlist("unit")
        if not len(numbers) == len(amounts) == len(units):
            amounts = units = [""] * len(numbers)
        lines = [Line(n, a, u) for n, a, u in zip(numbers, amounts, units, strict=True) if n]
        basket = cls([], args.get("purpose", "").strip())
        for line in lines[:MOST_LINES]:
            if basket.line(line.container_id) is None:
                basket.lines.append(line)
        if basket.lines and not any(line.amount for line in basket.lines):
            basket.lines[0].is_new = True
        return basket

    def address(self, path: str) -> str | None:
        """The address that holds the basket; None where it grew too long for one."""
        query = [
            (name, value)
            for line in self.lines
            for name, value in (("container", line.container_id), ("amount", line.amount), ("unit", line.unit))
        ]
        if self.purpose and query:
            query.append(("purpose", self.purpose))
        whole = f"{path}?{urlencode(query)}" if query else path
        return whole if len(whole) <= LONGEST_ADDRESS else None

    def line(self, container_id: int | None) -> Line | None:
        """The line of a container."""
        return next((line for line in self.lines if line.container_id == container_id), None)

    def put(self, container_id: int) -> bool:
        """Makes the container's line the one with the cursor; whether it was made just now."""
        there = self.line(container_id)
        for line in self.lines:
            line.is_new = line is there
        if there is None:
            self.lines.insert(0, Line(container_id, is_new=True))
        return there is None

    def learn(self, containers: list[dict[str, Any]]) -> None:
        """Gives each line its container; a line of one that the lab does not have goes."""
        known = {container["id"]: container for container in containers}
        for line in self.lines:
            line.container = known.get(line.container_id, {})
            line.unit = line.unit or line.container.get("unit") or ""
        self.lines = [line for line in self.lines if line.container]

    @property
    def hazards(self) -> list[tuple[str, int]]:
        """How many of the containers carry each pictogram: [("GHS02", 2), …, ("unknown", 1)], the most first."""
        counts: dict[str, int] = {}
        for line in self.lines:
            found = line.container["pictograms"]
            for code in ["unknown"] if found is None else found:
                counts[code] = counts.get(code, 0) + 1
        return sorted(counts.items(), key=lambda item: (item[0] == "unknown", -item[1], item[0]))

    def as_json(self) -> dict[str, Any]:
        """The check-out as the API takes it."""
        return {"purpose": self.purpose, "lines": [line.as_json() for line in self.lines]}
