"""A delivery as it is being written. All of it is in the form, sent again at each step: nothing typed is lost, nothing is kept here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LARGEST_ID = 2**63 - 1
MOST_LINES = 100
LINE_FIELD = re.compile(r"lines-(\d{1,4})-([a-z_-]+)")
BARCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}")
CAS_NUMBER = re.compile(r"\d{2,7}-\d\d-\d")
HEAD = ("order_number", "supplier", "received_on")
PLAIN = ("count", "amount", "unit", "lot", "catalogue_number", "purity", "expires_on", "location_id")
CHEMICAL = ("name", "cas_number", "formula")
PACK = {"pack_size": "pack-amount", "pack_unit": "pack-unit"}
"""The API's names and the form's, where an amount and its unit are one field."""
LIKE_THE_LAST = {name: name for name in ("location_id", "catalogue_number", "purity")} | PACK
"""What a new line takes over from the last container of its chemical."""


@dataclass
class Line:
    """One line: what was typed, by the names that the API has for it; `card` is its chemical as the lab lists it."""

    fields: dict[str, str] = field(default_factory=dict)
    card: dict[str, Any] | None = None
    known: dict[str, Any] | None = None
    is_new: bool = False
    """It was added just now: the cursor goes there."""

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def chemical_id(self) -> int | None:
        """The chemical that the lab lists; None: it is listed with this delivery."""
        text = self["chemical_id"]
        return int(text) if text.isascii() and text.isdigit() and 0 < int(text[:20]) <= LARGEST_ID else None

    @property
    def count(self) -> int:
        """How many containers, as far as that can be read."""
        text = self["count"].strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1

    @property
    def scans(self) -> bool:
        """Whether the containers have barcodes already, that are scanned or typed."""
        return self["scans"] == "1"

    @property
    def barcodes(self) -> list[str]:
        """Those given so far, one a line of the text."""
        return self["barcodes"].split() if self.scans else []

    @property
    def title(self) -> str:
        """What the line is called."""
        if self.chemical_id:
            return str(self.card["name"]) if self.card else "No longer listed"
        return self["chemical-name"] or "New chemical"

    def add_barcode(self, code: str) -> None:
        """One container more has its barcode."""
        self.fields |= {"scans": "1", "barcodes": "\n".join([*self.barcodes, code])}

    def as_json(self) -> dict[str, Any]:
        """The line as the API takes it."""
        sent: dict[str, Any] = {name: self[name] for name in PLAIN if self[name]}
        sent |= {name: self[ours] for name, ours in PACK.items() if self[ours]}
        if self["price"]:
            sent |= {"price": self["price"], "currency": self["currency"]}
        if self["amount_unknown"]:
            sent["amount_unknown"] = True
        if self.barcodes:
            sent["barcodes"] = self.barcodes
        if self.chemical_id is None:
            return sent | {
                "chemical": {name: self[f"chemical-{name}"] for name in CHEMICAL}
                | {"fill_in": bool(self["chemical-fill_in"])}
            }
        return sent | {"chemical_id": self.chemical_id}


@dataclass
class Delivery:
    """The whole form. `pending` is a barcode that waits for its first container."""

    head: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    pending: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Delivery":
        """What was sent. Of lines that are none nothing is kept."""
        found: dict[int, dict[str, str]] = {}
        for name, value in form.items():
            if part := LINE_FIELD.fullmatch(name):
                found.setdefault(int(part[1]), {})[part[2]] = value.strip()
        lines = [Line(fields) for _, fields in sorted(found.items())][:MOST_LINES]
        head = {name: form.get(name, "").strip() for name in HEAD}
        return cls(head, lines, form.get("pending", "").strip())

    @property
    def containers(self) -> int:
        """How many there will be."""
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
        """A line more; `called` is what a new chemical was searched for by: its name or CAS RN."""
        fields = {"count": "1", "currency": self.lines[-1]["currency"] if self.lines else ""}
        if chemical_id is not None:
            fields["chemical_id"] = str(chemical_id)
        else:
            fields |= {"chemical-cas_number" if CAS_NUMBER.fullmatch(called) else "chemical-name": called}
            fields["chemical-fill_in"] = "1"
        line = Line(fields, is_new=True)
        if self.pending:
            line.add_barcode(self.pending)
            self.pending = ""
        self.lines.append(line)
        return line

    def asked(self) -> dict[str, list[Any]]:
        """What the API is to be asked about the lines."""
        return {
            "chemical": [line.chemical_id for line in self.lines if line.chemical_id],
            "cas_number": [line["chemical-cas_number"][:100] for line in self.lines if line["chemical-cas_number"]],
        }

    def learn(self, offer: dict[str, Any]) -> None:
        """Gives each line what the API knows of its chemical; a line that was just added for one that is not there goes."""
        cards = {card["id"]: card for card in offer["chemicals"]}
        known = {digits(item["cas_number"]): item for item in offer["known"]}
        for line in self.lines:
            line.card = cards.get(line.chemical_id)
            line.known = known.get(digits(line["chemical-cas_number"]))
            if line.is_new and line.card:
                usual = {ours: str(line.card[name]) for name, ours in LIKE_THE_LAST.items() if line.card[name]}
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
    """The digits alone: a CAS RN whatever its hyphens are."""
    return re.sub(r"[^0-9]", "", text)


def errors_by_field(errors: dict[str, str]) -> dict[str, str]:
    """The API's errors by the fields of the form: each barcode of a line is a part of one field, an amount and its unit are one."""
    placed: dict[str, str] = {}
    for pointer, sentence in errors.items():
        where = re.sub(r"(/lines/\d+/barcodes)/\d+$", r"\1", pointer)
        where = re.sub(r"(/lines/\d+)/pack_(size|unit)$", r"\1/pack/amount", where)
        where = re.sub(r"(/lines/\d+)/currency$", r"\1/price", where)
        where = re.sub(r"(/lines/\d+)/chemical_id$", r"\1/chemical", where)
        placed[where] = f"{placed[where]} {sentence}" if where in placed else sentence
    return placed
