"""The words that labs write at the head of a column, and the field that they mean."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from types import MappingProxyType

from api.chemistry.properties import EVERY, FIGURES, OF_CONTAINERS, PROPERTIES, Scale

from .cells import read_currency
from .head_words import words
from .units import UNIT_BEHIND, plain_head, read_unit

FIELDS = MappingProxyType(
    {
        "name": "Name",
        "name_start": "Name, first part",
        "synonyms": "Synonyms",
        "cas_number": "CAS number",
        "formula": "Formula",
        **{one.name: one.head for one in PROPERTIES},
        "pictograms": "Hazard pictograms (GHS01…)",
        "hazards": "Hazards in words",
        "signal_word": "Signal word",
        "hazards_from": "Source of the hazards",
        "origins": "From the reference",
        "h_statements": "H statements",
        "barcode": "Barcode",
        "file_number": "Number in this file",
        "location": "Location",
        "location_kind": "Kind of a location that stands alone",
        "count_period_days": "Days between counts of that location",
        "amount": "Amount left",
        "unit": "Unit of the amount",
        "pack_size": "Pack size",
        "pack_unit": "Unit of the pack size",
        "containers": "Number of containers",
        "low_stock_amount": "Reorder at",
        "low_stock_unit": "Unit of reorder at",
        "chemical_supplier": "Supplier of the chemical",
        "chemical_catalogue_number": "Catalogue number of the chemical",
        "chemical_notes": "Notes on the chemical",
        **{one.name: one.head for one in OF_CONTAINERS},
        "price": "Price",
        "currency": "Currency",
        "owner": "Owner or department (to choose rows by)",
        "notes": "Notes",
        "kept": "Kept as a note",
    }
)
"""The fields that a column may hold, and the names by which the page shows them."""

JOINED = frozenset(
    {"name_start", "synonyms", "location", "amount", "pictograms", "hazards", "h_statements", "notes", "kept"}
)
"""Fields that several columns may hold together: their cells are joined from left to right. Any other field has one column."""

# Heads are folded before they are compared: "Cat. No." becomes catno, "quantity_no_unit" quantitynounit, and # becomes no. The first
# line that fits the whole head decides, so narrow expressions stand before wide ones.
_HEADS = r"""
    location_kind: (kind|type)oflocation|location(kind|type)
    count_period_days: (count|counting)perioddays|days?betweencounts
    hazards_from: sourceofthehazards|hazards?source
    origins: fromthereference
    low_stock_unit: unitofreorder(at|level|point)
    low_stock_amount: reorder(at|level|point)
    chemical_supplier: chemicalsupplier
    chemical_catalogue_number: chemicalcataloguenumber
    chemical_notes: chemicalnotes
    pack_unit: (pack(age|ing)?|bottle|container|pkg)(size)?(unit|uom)s?
    unit: units?(ofmeasure(ment)?)?|uom|(quantity|amount|qty)units?
    file_number: id|no|nr|number|sno|srno|serialno|index|entry|row|lfdnr|itemid
    barcode: .*barcode.*|(container|bottle|inventory|asset|tag|label)(id|no|nr|number|code|tag)|tag
    cas_number: cas.*|.*cas|(chemicalabstracts|registryn).*
    formula: .*formula|mf|summenformel|formel
    synonyms: (synonym|alias|aka|(other|alternat(iv)?e|common|trivial|iupac)name)(e?s)?
    name: (chemical|substance|product|compound|reagent|material|item|trade|full|molecule)?names?|items?|reagents|stoffname|bezeichnung|nom
        |chemicals?|molecule|substance|compound|reagent|material|product|((item|product|chemical))?description
    signal_word: signalwords?
    pictograms: .*pictograms?|ghs(symbol|code)?s?
    h_statements: h(code|statement|phrase)?s?|p(code|statement|phrase)s?|hazard(code|statement)s?
    hazards: (ghs)?hazards?((class(ification)?|type|word|category|description)(e?s)?)?|hazardcategories|dangers?
    containers: (no|nr|number|count|qty|quantity)(of)?(container|bottle|item|package|pack|vial|unit)s?
        |containers?|bottles?|(container|bottle)count|count|stockcount
    pack_size: (pack(age|ing)?|bottle|container|unit|pkg|vial|original)(size|volume|capacity|quantity)
        |pack|size|package
    amount: (quantity|qty|amount).*|remaining.*|onhand|stock|instock|inventory|volume|mass|weight|menge|left
        |stock(level|amount|quantity)|current(quantity|amount)|(milli|kilo)?(grams?|lit(er|re)s?)|mg|kg|ml
    currency: currency
    price: (unit)?(price|cost)s?.*
    owner: owner.*|dep(artmen)?t|(research)?group|lab(oratory)?(name)?|pi|principalinvestigator|responsible.*|user
        |belongsto|contact
    location: .*location|location(building|floor|room|cabinet|cupboard|shelf|drawer|fridge|freezer|rack|box)|site|campus|building|bldg|floor|(lab)?room(no|number)?|(bldg|building)room|loc|(cabinet|cupboard|shelf|drawer|fridge
        |freezer)(no|nr|number|id)?|stockroom|storage(place|area|unit|room|site)?|rack|box|bench|where|place|lagerort|position
    kept: holder|heldby|markedfordeletion|missingsince
    notes: (note|comment|remark)s?|bemerkung(en)?|memo|additionalinfo(rmation)?
"""
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    *((one.name, re.compile(one.heads)) for one in EVERY),
    *(
        (field, re.compile(re.sub(r"\s+", "", pattern)))
        for field, pattern in re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", _HEADS, re.MULTILINE)
    ),
)
"""Field and pattern of its English heads, in the order in which they are tried."""
_FIGURES = {figure.name: figure for figure in FIGURES}


CONTAINERS_FILE = frozenset(
    {"Barcode", "Name", "Amount", "Pack size", "Holder", "Marked for deletion", "Missing since"}
)
CHEMICALS_FILE = frozenset(
    {"Name", "In stock", "Containers", "Amounts not known", "Earliest expiry", "Marked for deletion"}
)
"""The heads by which ChemTrack's own exports are recognised. The file of chemicals has totals, not containers."""
_TOTALS = CHEMICALS_FILE - {"Name"} | {"Location", "Low"}


def written_by_us(heads: Iterable[str]) -> bool:
    """Whether the file is one of ChemTrack's exports, whose cells need no interpretation."""
    return CONTAINERS_FILE.issubset(heads) or CHEMICALS_FILE.issubset(heads)


def field_of_our_head(head: str, heads: Iterable[str]) -> str | None:
    """The field of a column in ChemTrack's exports. Totals have no field, because their bottles are in the file of containers."""
    return None if CHEMICALS_FILE.issubset(heads) and head in _TOTALS else field_of_head(head)


@lru_cache(maxsize=4096)
def fold_head(head: str) -> str:
    """The head in small letters without spaces, marks and accents: Cat. No. → catno, Größe → grosse."""
    plain = re.sub(
        "[\u0300-\u036f]", "", unicodedata.normalize("NFKD", head.replace("#", "no").replace("№", "no").casefold())
    )
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", plain))


def without_common_start(heads: Sequence[str]) -> list[str]:
    """The heads without the word with which all of them begin: chemID, chemName, chemAmount are ID, Name, Amount."""
    filled = [head for head in heads if head]
    start = re.match(r"[a-z]+(?=[A-Z])|[A-Za-z]+[_.]", filled[0]) if len(filled) > 2 else None
    if start and all(
        head.startswith(start[0]) and re.match("[A-Z]" if start[0].isalpha() else r"\w", head[start.end() :])
        for head in filled
    ):
        return [head.removeprefix(start[0]) for head in heads]
    return list(heads)


def field_of_head(head: str) -> str | None:
    """The field that a head names, or None. Words in brackets are ignored, such as the currency of "Price (EUR)"."""
    head = plain_head(head)
    folded = fold_head(re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", head)) or fold_head(head)
    if found := _in_other_languages().get(folded):
        return found
    for field, pattern in PATTERNS:
        if folded and pattern.fullmatch(folded):
            return field
    if not (named := UNIT_BEHIND.search(head)):
        return None
    found = field_of_head(head[: named.start()])  # Volume_uL, Mass in kg, Flash point °F, Preis in EUR
    if found in _FIGURES:
        return found if _FIGURES[found].scale_of(named[1]) else None
    if found == "price":
        return found if read_currency(named[1]) else None
    return found if found in ("amount", "pack_size") and read_unit(named[1]) else None


@cache
def _in_other_languages() -> dict[str, str]:
    return {fold_head(word): field for field, word in words()}


_LEVELS = (
    "campus|site|standort|校区",
    "building|bldg|gebaude|batiment|edificio|predio|gebouw|budynek|bina|здание|корпус|건물|建物|大楼|楼|大樓|樓",
    "stockroom|storeroom|floor|level|etage|stockwerk|niveau|piso|planta|andar|piano|verdieping|pietro|kat|этаж|층|階|楼层|樓層",
    "(lab)?room|lab(oratory)?|raum|salle|piece|sala|stanza|kamer|lokaal|ruimte|pokoj|pomieszczenie|oda|кабинет|комната|помещение|ห้อง"
    "|호실|실험실|部屋|部屋番号|房间|房间号|房間|实验室",
    "loc(ation)?",
    "(storage)?(cabinet|cupboard|fridge|freezer|unit)|schrank|kuhlschrank|gefrierschrank|armoire|placard|refrigerateur|congelateur|armario"
    "|gabinete|nevera|refrigerador|congelador|geladeira|armadio|frigorifero|congelatore|kast|koelkast|vriezer|szafa|lodowka|zamrazarka"
    "|dolap|buzdolabı|шкаф|холодильник|ตู้|시약장|냉장고|保管庫|保管庫名|冷蔵庫|柜|柜子|柜号|櫃|櫃子|櫃號|试剂柜|冰箱",
    "sublocation|shelf|rack|drawer|regal|fach|schublade|etagere|rayon|tiroir|estante|estanteria|anaquel|repisa|cajon|prateleira|gaveta"
    "|scaffale|ripiano|cassetto|plank|lade|połka|regał|szuflada|raf|cekmece|полка|стеллаж|ชั้น|선반|棚|棚番号|引き出し|层|层号|架|货架|抽屉",
    "box|tray|bin", "position|slot|well",
)  # fmt: skip
"""The heads of location columns, from the outermost to the innermost."""


@lru_cache(maxsize=1024)
def level_of_head(head: str) -> int | None:
    """How far inside a location's name stands: 0 for a campus, 8 for a position in a box; None where the head does not say it."""
    folded = fold_head(head)
    folded = folded.removeprefix("location") or folded
    return next(
        (level for level, pattern in enumerate(_LEVELS) if re.fullmatch(f"({pattern})(no|nr|number|id)?", folded)), None
    )


@lru_cache(maxsize=1024)
def scale_of_head(name: str, head: str) -> Scale | None:
    """The scale of the unit that the head of a figure's column names, such as Density (kg/m³) or Flash point °F; ChemTrack's own where
    the head names none, None where the unit is not known."""
    figure = _FIGURES[name]
    head = plain_head(head)
    named = re.findall(r"[(\[]([^()\[\]]{1,30})[)\]]", head) or UNIT_BEHIND.findall(head)
    scales = [figure.scale_of(unit) for unit in named]
    if found := next(filter(None, scales), None):
        return found
    of_its_kind = "°" if figure.unit.startswith("°") else "/|da$"  # (at 20 °C) is no unit of a density
    unknown = any(re.search(of_its_kind, unit.casefold()) for unit in named)
    return None if unknown else Scale(Fraction(1))


def column_letter(index: int) -> str:
    """The letters by which a spreadsheet names a column: 0 → A, 27 → AB."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
