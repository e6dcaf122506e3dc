"""The amounts that somebody is about to take. The form or the address carries them; the page stores nothing between requests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from pages.common.ids import id_of
from pages.common.typed_amounts import typed_amount

if TYPE_CHECKING:
    from pages.common import answers

MOST_LINES = 50
LONGEST_ADDRESS = 1500
FIELD = re.compile(r"lines-(\d{1,3})-(container_id|amount|unit|left_before|left_unit|holds_more)")
NUMBER = re.compile(r"[0-9]{0,20}\.?[0-9]{1,20}")


@dataclass
class Line:
    """An amount from one container, as typed. `container` is the API's answer about that container."""

    container_id: int
    amount: str = ""
    unit: str = ""
    left_before: str = ""
    left_unit: str = ""
    holds_more: str = ""
    container: answers.Takeable | None = None
    is_new: bool = False
    """Whether the container was scanned just now, so that the cursor goes to its amount."""

    @property
    def asks_what_is_in_it(self) -> bool:
        """Whether the amount in the container is unknown."""
        return self.container is None or self.container["amount"] is None

    @property
    def leaves(self) -> str | None:
        """The amount that would be left, in the container's unit; None where it cannot be computed or would be negative."""
        factor = self.container["factors"].get(self.unit) if self.container else None
        held = self.container["amount"] if self.container else None
        if factor is None or held is None or not NUMBER.fullmatch(self.amount):
            return None
        rest = Decimal(held) - Decimal(self.amount) * Decimal(factor)
        return format(rest.normalize(), "f") if rest >= 0 else None

    def as_json(self) -> dict[str, Any]:
        """The line as the API takes it. A unit typed after the number, as in 250 mg, goes before the unit chosen in the list."""
        said = {"container_id": self.container_id, **typed_amount(self.amount, self.unit)}
        if self.left_before:
            before = typed_amount(self.left_before, self.left_unit)
            said |= {"left_before": before["amount"], "left_unit": before["unit"]}
            said |= {"holds_more": True} if self.holds_more else {}
        return said


@dataclass
class Basket:
    """The lines of the form, and the purpose they share."""

    lines: list[Line] = field(default_factory=list)
    purpose: str = ""

    @classmethod
    def of_form(cls, form: Mapping[str, str]) -> Basket:
        """Read the form that was sent. Fields that belong to no line are ignored."""
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
                said.get("holds_more", ""),
            )
            for _, said in sorted(found.items())
            if (number := id_of(said.get("container_id", "")))
        ]
        return cls(lines[:MOST_LINES], form.get("purpose", "").strip())

    @classmethod
    def of_address(cls, args: MultiDict[str, str]) -> Basket:
        """Read an address: container=12&amount=250&unit=mL&container=15… Links from other pages name only containers."""
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

    def address(self, path: str, taken: bool = False) -> str | None:
        """The address that carries the basket, and for basket.js that something was taken out of it; None where it would be too long."""
        query = [
            (name, value)
            for line in self.lines
            for name, value in (("container", line.container_id), ("amount", line.amount), ("unit", line.unit))
        ]
        if self.purpose and query:
            query.append(("purpose", self.purpose))
        if taken:
            query.append(("taken", "1"))
        whole = f"{path}?{urlencode(query)}" if query else path
        return whole if len(whole) <= LONGEST_ADDRESS else None

    def line(self, container_id: int | None) -> Line | None:
        """The line of a container."""
        return next((line for line in self.lines if line.container_id == container_id), None)

    def put(self, container_id: int) -> bool:
        """Put the cursor on the container's line, adding the line if there is none. Returns whether it was added."""
        there = self.line(container_id)
        for line in self.lines:
            line.is_new = line is there
        if there is None:
            self.lines.insert(0, Line(container_id, is_new=True))
        return there is None

    def learn(self, containers: list[answers.Takeable]) -> None:
        """Give each line its container; drop the lines whose container the lab does not have."""
        known = {container["id"]: container for container in containers}
        for line in self.lines:
            line.container = known.get(line.container_id)
            line.unit = line.unit or (line.container and line.container["unit"]) or ""
        self.lines = [line for line in self.lines if line.container]

    @property
    def hazards(self) -> list[tuple[str, int]]:
        """How many of the containers carry each pictogram: [("GHS02", 2), …, ("unknown", 1)], the most first."""
        counts: dict[str, int] = {}
        for line in self.lines:
            found = line.container["pictograms"] if line.container else None
            for code in ["unknown"] if found is None else found:
                counts[code] = counts.get(code, 0) + 1
        return sorted(counts.items(), key=lambda item: (item[0] == "unknown", -item[1], item[0]))

    def as_json(self) -> dict[str, Any]:
        """The check-out as the API takes it."""
        return {"purpose": self.purpose, "lines": [line.as_json() for line in self.lines]}
