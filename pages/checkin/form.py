"""A delivery as it is being written. The form sends the whole delivery again at each step; this page stores nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pages.common.ids import id_of
from pages.common.properties import OF_CONTAINERS

if TYPE_CHECKING:
    from pages.common import answers

MOST_LINES = 100
LINE_FIELD = re.compile(r"lines-(\d{1,4})-([a-z_-]+)")
BARCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}")
CAS_NUMBER = re.compile(r"\d{2,7}-\d\d-\d")
HEAD = ("order_number", "supplier", "received_on")
RECEIVED = tuple(one for one in OF_CONTAINERS if one.received)
PLAIN = ("count", "gtin", "amount", "unit", *(one.name for one in RECEIVED), "location_id")
CHEMICAL = ("name", "cas_number", "formula")
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
IN_A_KILOGRAM = {"kg": 1, "g": 1000, "mg": 1_000_000}
PACK = {"pack_size": "pack-amount", "pack_unit": "pack-unit"}
"""The API's names of fields → the form's, which has one field for an amount and its unit."""
OF_PRODUCT = ("gtin", "lot", "expires_on", "catalogue_number", "serial_numbers", "net_weight_kg")
"""The fields of a line that a manufacturer's code fills."""
FACTS_OF_PRODUCT = tuple(one.name for one in OF_CONTAINERS if one.of_product)
LIKE_THE_LAST = {name: name for name in ("location_id", *FACTS_OF_PRODUCT)} | PACK
"""The fields that a new line takes over from the last container of its chemical."""


@dataclass
class Line:
    """One line of the delivery. `fields`: the typed texts under the API's names; `card`: the chemical as the lab lists it."""

    fields: dict[str, str] = field(default_factory=dict)
    card: answers.OfferedChemical | None = None
    known: answers.Known | None = None
    is_new: bool = False
    """The line was added just now, so the cursor goes to it."""

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def chemical_id(self) -> int | None:
        """The id of the line's chemical; None for a chemical that the lab does not list yet and this delivery adds."""
        return id_of(self["chemical_id"])

    @property
    def count(self) -> int:
        """How many containers the line has; 1 while the typed text is not a number below 1000."""
        text = self["count"].strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1

    @property
    def scans(self) -> bool:
        """Whether the containers already carry barcodes, which a person scans or types."""
        return self["scans"] == "1"

    @property
    def barcodes(self) -> list[str]:
        """The barcodes given so far; the field has one on each line of its text."""
        return self["barcodes"].split() if self.scans else []

    @property
    def serial_numbers(self) -> list[str]:
        """The serial numbers of the manufacturer's codes, one on each line of the field's text."""
        return self["serial_numbers"].split() if self["gtin"] else []

    @property
    def title(self) -> str:
        """The name by which the page calls the line."""
        if self.chemical_id:
            return str(self.card["name"]) if self.card else "No longer listed"
        return self["chemical-name"] or "New chemical"

    @property
    def weight(self) -> tuple[str, str] | None:
        """Amount and unit of the net weight that the manufacturer's code says; None where the pack size says the same, or nothing does."""
        if not NUMBER.fullmatch(self["net_weight_kg"]):
            return None
        kilograms, size = Decimal(self["net_weight_kg"]), self["pack-amount"]
        factor = IN_A_KILOGRAM.get(self["pack-unit"])
        if factor and NUMBER.fullmatch(size) and Decimal(size) == kilograms * factor:
            return None
        weight, unit = (kilograms, "kg") if kilograms >= 1 else (kilograms * 1000, "g")
        return format(weight.normalize(), "f"), unit

    def weigh(self) -> None:
        """The pack size becomes the net weight that the code says."""
        if self.weight:
            self.fields["pack-amount"], self.fields["pack-unit"] = self.weight

    def add_barcode(self, code: str) -> None:
        """Give the barcode to the next container of the line."""
        self.fields |= {"scans": "1", "barcodes": "\n".join([*self.barcodes, code])}

    def as_json(self) -> dict[str, Any]:
        """The line as the API takes it."""
        sent: dict[str, Any] = {name: self[name] for name in PLAIN if self[name]}
        sent |= {name: self[ours] for name, ours in PACK.items() if self[ours]}
        if self["price"]:
            sent |= {"price": self["price"], "currency": self["currency"]}
        if self["amount_unknown"]:
            sent["amount_unknown"] = True
        if self["holds_more"]:
            sent["holds_more"] = True
        if self.serial_numbers:
            sent["serial_numbers"] = self.serial_numbers
        if self.barcodes:
            sent["barcodes"] = self.barcodes
        if self.chemical_id is None:
            return sent | {
                "chemical": {name: self[f"chemical-{name}"] for name in CHEMICAL}
                | {name: bool(self[f"chemical-{name}"]) for name in ("fill_in", "belong_together")}
            }
        return sent | {"chemical_id": self.chemical_id}


@dataclass
class Delivery:
    """The whole form. `pending` is a barcode that waits for its first container."""

    head: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    pending: str = ""
    product: dict[str, str] = field(default_factory=dict)
    """The fields of the next line, as a manufacturer's code gave them whose GTIN the lab does not know."""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Delivery:
        """Read the form that was sent. Fields whose name has no line number are ignored."""
        found: dict[int, dict[str, str]] = {}
        for name, value in form.items():
            if part := LINE_FIELD.fullmatch(name):
                found.setdefault(int(part[1]), {})[part[2]] = value.strip()
        lines = [Line(fields) for _, fields in sorted(found.items())][:MOST_LINES]
        head = {name: form.get(name, "").strip() for name in HEAD}
        product = {name: form[f"product-{name}"] for name in OF_PRODUCT if form.get(f"product-{name}")}
        return cls(head, lines, form.get("pending", "").strip(), {} if form.get("act") == "ignore" else product)

    @property
    def containers(self) -> int:
        """How many containers the whole delivery has."""
        return sum(line.count for line in self.lines)

    @property
    def roomy(self) -> Line | None:
        """The last line, if it has containers without a barcode of their own."""
        last = self.lines[-1] if self.lines else None
        return last if last and len(last.barcodes) < last.count else None

    @property
    def waiting(self) -> Line | None:
        """The line whose containers are being scanned: the last one, while any of them lacks its barcode."""
        return self.roomy if self.roomy and self.roomy.scans else None

    def holds(self, code: str) -> bool:
        """Whether the barcode is in this form already."""
        return any(code in line.barcodes for line in self.lines)

    def add(self, chemical_id: int | None = None, called: str = "") -> Line:
        """Add a line. For a new chemical, `called` is the name or CAS RN that was searched for."""
        number = 1 + max((id_of(line["number"]) or 0 for line in self.lines), default=0)
        fields = {"number": str(number), "count": "1", "currency": self.lines[-1]["currency"] if self.lines else ""}
        if chemical_id is not None:
            fields["chemical_id"] = str(chemical_id)
        else:
            fields |= {"chemical-cas_number" if CAS_NUMBER.fullmatch(called) else "chemical-name": called}
            fields["chemical-fill_in"] = "1"
        line = Line(fields | self.product, is_new=True)
        self.product = {}
        if self.pending:
            line.add_barcode(self.pending)
            self.pending = ""
        self.lines.append(line)
        return line

    def add_product(self, code: answers.ReadProduct) -> Line | None:
        """Add a pack whose code was scanned to a line that is alike, or as a line of its own. Returns None where the user has to find its
        chemical first.
        """
        read = {name: str(value) for name, value in code.items() if name in OF_PRODUCT and value}
        number = code["serial_number"] or ""
        alike = [
            line
            for line in self.lines
            if all(line[name] == read.get(name, "") for name in ("gtin", "lot", "expires_on", "net_weight_kg"))
        ]
        if alike:
            line = alike[-1]
            numbers = [*line.serial_numbers, number] if number else line.serial_numbers
            line.fields |= {"count": str(line.count + 1), "serial_numbers": "\n".join(numbers)}
            return line
        self.product = read | ({"serial_numbers": number} if number else {})
        product = code["product"]
        if product is None:
            return None
        usual = {name: value for name, value in product.items() if name in FACTS_OF_PRODUCT}
        pack = {"pack-amount": product["pack_size"], "pack-unit": product["pack_unit"]}
        self.product = {name: str(value) for name, value in (usual | pack).items() if value} | self.product
        return self.add(product["chemical_id"])

    def asked(self) -> dict[str, list[Any]]:
        """The query that asks the API about the chemicals of the lines."""
        return {
            "chemical": [line.chemical_id for line in self.lines if line.chemical_id],
            "cas_number": [line["chemical-cas_number"][:100] for line in self.lines if line["chemical-cas_number"]],
        }

    def learn(self, offer: answers.Offer) -> None:
        """Give each line the API's answer about its chemical; drop new lines whose chemical the lab does not have."""
        cards = {card["id"]: card for card in offer["chemicals"]}
        known = {digits(item["cas_number"]): item for item in offer["known"]}
        for line in self.lines:
            line.card = cards.get(line.chemical_id or 0)
            line.known = known.get(digits(line["chemical-cas_number"]))
            if line.is_new and line.card:
                usual = {
                    LIKE_THE_LAST[name]: str(value)
                    for name, value in line.card.items()
                    if value and name in LIKE_THE_LAST
                }
                line.fields = usual | line.fields
            if line.known and line.known["name"] and not line["chemical-name"]:
                line.fields["chemical-name"] = line.known["name"]
            line.fields["currency"] = line["currency"] or offer["currency"] or ""
        self.lines = [line for line in self.lines if line.card or line.chemical_id is None or not line.is_new]

    def as_json(self) -> dict[str, Any]:
        """The delivery as the API takes it."""
        return {name: value for name, value in self.head.items() if value} | {
            "lines": [line.as_json() for line in self.lines]
        }


def digits(text: str) -> str:
    """The digits of a CAS RN, to compare it with others whatever hyphens were typed."""
    return re.sub(r"[^0-9]", "", text)


def errors_by_field(errors: dict[str, str]) -> dict[str, str]:
    """The API's errors under the form's fields. All barcodes of a line share one field, and so do an amount and its unit."""
    placed: dict[str, str] = {}
    for pointer, sentence in errors.items():
        where = re.sub(r"(/lines/\d+/barcodes)/\d+$", r"\1", pointer)
        where = re.sub(r"(/lines/\d+)/pack_(size|unit)$", r"\1/pack/amount", where)
        where = re.sub(r"(/lines/\d+)/currency$", r"\1/price", where)
        where = re.sub(r"(/lines/\d+)/chemical_id$", r"\1/chemical", where)
        placed[where] = f"{placed[where]} {sentence}" if where in placed else sentence
    return placed
