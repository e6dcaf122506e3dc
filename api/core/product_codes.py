"""The code that a manufacturer prints on a pack: GTIN, lot, expiry, serial number, catalogue number; as scanners type it.

biip reads the elements of a code by the table of the GS1 General Specifications. It leaves three of their rules to its caller, which this
module keeps: which symbols are GS1 at all (the AIM identifier says so), where an element of variable length ends, and check digits.
"""

import re
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NoReturn

from pydantic import Field

from api.chemistry.properties import OF_CONTAINERS
from api.core.fields import Model, Number
from api.core.properties import answered
from api.core.rows import Row
from api.core.views import CONTAINER

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementString

SEPARATOR = "\x1d"
"""The control character GS, which scanners send for FNC1. It ends an element of variable length that is not the last one."""
GS1, RETAIL = ("]C1", "]d2", "]d8", "]Q3", "]e0", "]J1"), ("]E0", "]E4")
"""The AIM identifiers of GS1-128, GS1 DataMatrix (]d8: rectangular), GS1 QR, GS1 DataBar and DotCode; of EAN and UPC."""
MAY_FOLLOW = re.compile(r"(?:11|17)\d\d(?:0[1-9]|1[0-2])[0-3]\d|(?:10|21|240|241).")
"""The beginning of an element that may stand behind a lot or a serial number."""


@dataclass(frozen=True)
class ProductCode:
    """The elements of the code on a pack."""

    gtin: str
    """14 digits: an EAN or UPC has zeros in front."""
    lot: str | None = None
    expires_on: date | None = None
    serial_number: str | None = None
    catalogue_number: str | None = None
    net_weight_kg: Decimal | None = None
    """The weight of the contents, where the code says it (AI 310n: a weight in kilograms with n decimals)."""
    is_certain: bool = True
    """False: bare digits, which may be the GTIN of an EAN or UPC, or another number with a fitting check digit."""
    joined: str | None = None
    """The lot or serial number where a separator may be missing behind it: with the elements that follow, or all of it the one."""


def read_product_code(typed: str) -> ProductCode | None:
    """Reads a scanned code; None if it is no manufacturer's code. Raises ValueError for a damaged one."""
    text = typed.strip(" \t\r\n\x04\x1e")
    found = re.match(r"\][A-Za-z][0-9A-Za-z]", text)
    identifier, data = (found[0], text[3:]) if found else ("", text)
    if identifier in RETAIL:
        return ProductCode(gtin_of(data) or _refuse("Its check digit is wrong."))
    if identifier in GS1 or (not identifier and SEPARATOR in data):
        return _read_elements(data)
    if identifier:
        return None  # the identifier is that of another kind of symbol, whatever its text looks like
    if gtin := gtin_of(data):
        return ProductCode(gtin, is_certain=False)
    if re.match(r"01\d{14}", data) and gtin_of(data[2:16]):
        return _read_elements(data)
    return None


def gtin_of(digits: str) -> str | None:
    """The 14 digits of a GTIN that has 8, 12, 13 or 14; None if the length or the check digit shows that it is no GTIN."""
    if not re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", digits) or not int(digits):
        return None
    from biip import ParseError  # imported here, because its tables would take a tenth of the API's start
    from biip.gtin import Gtin

    try:
        Gtin.parse(digits)
    except ParseError:
        return None
    return digits.zfill(14)


def _refuse(why: str) -> NoReturn:
    raise ValueError(f"This manufacturer's code was not read well. {why} Scan it again.")


def _read_elements(data: str) -> ProductCode:
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    data = data.strip(SEPARATOR)
    try:
        elements = GS1Message.parse(data).element_strings
    except ParseError:
        _refuse("Not all of it is in the form of GS1.")
    _check_ends(data, elements)
    by_kind: dict[str, GS1ElementString] = {}
    for element in elements:
        if by_kind.setdefault(element.ai.ai, element).value != element.value:
            _refuse(f"It says two things of one kind, {by_kind[element.ai.ai].value} and {element.value}.")
    values = {kind: element.value for kind, element in by_kind.items()}
    if "01" not in values:
        raise ValueError("This code names no product (GTIN). Scan the other code of the pack.")
    last, joined = elements[-1], None
    if last.ai.ai in ("10", "21") and SEPARATOR not in data and _may_be_joined(last):
        joined = values.pop(last.ai.ai)
    return ProductCode(
        gtin=gtin_of(values["01"]) or _refuse("The check digit of its GTIN is wrong."),
        lot=values.get("10"),
        expires_on=by_kind["17"].date if "17" in by_kind else None,
        serial_number=values.get("21"),
        catalogue_number=values.get("240") or values.get("241"),
        net_weight_kg=_net_weight(by_kind),
        joined=joined,
    )


def _net_weight(by_kind: "dict[str, GS1ElementString]") -> Decimal | None:
    """The weight in kilograms; None where the code says none, 0, or two different ones (with n and with m decimals)."""
    weights = {
        element.decimal for kind, element in by_kind.items() if re.fullmatch("310[0-5]", kind) and element.decimal
    }
    return weights.pop() if len(weights) == 1 else None


def _may_be_joined(element: "GS1ElementString") -> bool:
    """Whether this element may contain the next one, because the scanner sent no separator between them."""
    starts = (MAY_FOLLOW.match(element.value[at:]) for at in range(1, len(element.value)))
    return any(start and not start[0].startswith(element.ai.ai) for start in starts)


def _check_ends(data: str, elements: "list[GS1ElementString]") -> None:
    """Refuses an element that is longer than its kind may be: biip would take the rest for another element."""
    at = 0
    for element in elements:
        at += len(element.ai.ai) + len(element.value)
        if ".." in element.ai.format and data[at : at + 1] not in ("", SEPARATOR):
            _refuse("A part of it is too long.")
        at += len(re.match(f"{SEPARATOR}*", data[at:])[0])  # type: ignore[index]


class ScannedProduct(Model):
    """The elements of a manufacturer's code, as an answer of the API."""

    gtin: str | None = Field(description="14 digits; null with a fault", examples=["04012345678901"])
    lot: str | None
    expires_on: date | None
    serial_number: str | None
    catalogue_number: str | None
    net_weight_kg: Number | None = Field(examples=["0.5"])
    is_certain: bool = Field(description="false: bare digits, which may be something else")
    joined: str | None = Field(
        description="a lot or serial number behind which the scanner may have left a separator out"
    )
    fault: str | None = Field(description="why the code cannot be used")


OF_PRODUCT = "inventory.containers_of_product(%(gtin)s, %(lot)s, %(serial_number)s)"
IDS_OF_PRODUCT = f"ARRAY(SELECT f.id FROM {OF_PRODUCT} AS f)"
"""The containers in stock that a manufacturer's code may be on; none where the parameters are NULL."""
FIND_SCANNED = "inventory.find_scanned(%(code)s, %(gtin)s, %(lot)s, %(serial_number)s)"
"""The id of the container whose barcode was scanned, or on which alone a manufacturer's code can be. See `scanned_parameters`."""
FIND_BY_CODE = f"{CONTAINER} WHERE s.id = {FIND_SCANNED}"
FIND_BY_PRODUCT = (
    f"{CONTAINER} WHERE s.id = ANY ({IDS_OF_PRODUCT}) ORDER BY s.opened_on NULLS LAST, s.use_by, s.id LIMIT 20"
)
FACTS_OF_PRODUCT = tuple(one for one in OF_CONTAINERS if one.of_product)
"""The facts of a label that all packs of a product have in common: the next pack is received with them."""
FIND_PRODUCT = f"""
SELECT c.chemical_id, h.name, c.pack_size, c.pack_unit, {", ".join(f"c.{one.name}" for one in FACTS_OF_PRODUCT)},
       (SELECT x.barcode FROM inventory.product_codes o JOIN inventory.containers x ON x.lab_id = o.lab_id AND x.id = o.container_id
         WHERE o.gtin = p.gtin AND o.serial_number = %(serial_number)s AND x.disposed_at IS NULL ORDER BY x.id LIMIT 1) AS barcode
  FROM inventory.product_codes p
  JOIN inventory.containers c ON c.lab_id = p.lab_id AND c.id = p.container_id
  JOIN inventory.chemicals h ON h.lab_id = c.lab_id AND h.id = c.chemical_id
 WHERE p.gtin = %(gtin)s AND h.retired_at IS NULL ORDER BY c.disposed_at IS NOT NULL, p.container_id DESC LIMIT 1"""
"""A row for Product."""
if TYPE_CHECKING:
    FactsOfProduct = Model
else:
    FactsOfProduct = answered("FactsOfProduct", FACTS_OF_PRODUCT)
NO_PRODUCT: Row = {"gtin": None, "lot": None, "serial_number": None}


class Product(FactsOfProduct):
    """The chemical and pack that the latest container with this GTIN was received as. Containers in stock are preferred to disposed ones,
    which may have been mistakes.
    """

    chemical_id: int
    name: str
    pack_size: Number | None
    pack_unit: str | None
    barcode: str | None = Field(description="of the container in stock that has this serial number")


class ReadProduct(ScannedProduct):
    """A manufacturer's code, and the product of the lab that it means."""

    product: Product | None = Field(description="null: the lab has received none with this GTIN")


def scanned_product(typed: str) -> Row | None:
    """The fields of a ScannedProduct; None where the text is no manufacturer's code."""
    try:
        code = read_product_code(typed)
    except ValueError as error:
        return asdict(ProductCode("")) | {"gtin": None, "fault": str(error)}
    return asdict(code) | {"fault": None} if code else None


def scanned_parameters(typed: str) -> Row:
    """The parameters of FIND_SCANNED for what was scanned or typed."""
    code = typed.strip()
    return {"code": code} | {name: (scanned_product(code) or NO_PRODUCT)[name] for name in NO_PRODUCT}
