"""The words that labs write at the head of a column, and the field of ours that they mean."""

import re
from types import MappingProxyType

FIELDS = MappingProxyType(
    {
        "name": "Name",
        "name_start": "Name, first part",
        "synonyms": "Synonyms",
        "cas_number": "CAS number",
        "formula": "Formula",
        "molar_mass_g_per_mol": "Molar mass (g/mol)",
        "density_g_per_ml": "Density (g/mL)",
        "smiles": "SMILES",
        "inchikey": "InChIKey",
        "physical_state": "Physical state",
        "pictograms": "Hazard pictograms (GHS01…)",
        "hazards": "Hazards in words",
        "signal_word": "Signal word",
        "h_statements": "H statements",
        "storage_class": "Storage class",
        "sds_url": "Safety data sheet (link)",
        "barcode": "Barcode",
        "file_number": "Number in this file",
        "location": "Location",
        "amount": "Amount left",
        "unit": "Unit of the amount",
        "pack_size": "Pack size",
        "pack_unit": "Unit of the pack size",
        "containers": "Number of containers",
        "supplier": "Supplier",
        "catalogue_number": "Catalogue number",
        "lot": "Lot",
        "purity": "Purity or grade",
        "received_on": "Received",
        "opened_on": "Opened",
        "expires_on": "Expires",
        "price": "Price",
        "currency": "Currency",
        "owner": "Owner or department (to choose rows by)",
        "notes": "Notes",
    }
)
"""What a column may be, and how the page calls it. Several columns of one field are joined, from left to right."""

JOINED = frozenset({"name_start", "synonyms", "location", "pictograms", "hazards", "h_statements", "notes"})
"""Fields that several columns may have; of all others the first column counts."""

# Heads are folded first: "Cat. No." is catno, "quantity_no_unit" quantitynounit, # is no. The first line that fits
# the whole head wins, so the narrower ones stand first.
_HEADS = r"""
    pack_unit: (pack(age|ing)?|bottle|container|pkg)(size)?(unit|uom)s?
    unit: units?(ofmeasure(ment)?)?|uom|(quantity|amount|qty)units?
    catalogue_number: cat(alog(ue)?)?(no|nr|num|number|id)?|(product|article|part|order)(no|nr|number|code|id)|sku
        |(item|material)(no|nr|number|code)
    lot: (lot|batch)(no|nr|number)?(or.*)?|charge
    file_number: id|no|nr|number|sno|srno|serialno|index|entry|row|lfdnr|itemid
    barcode: .*barcode.*|(container|bottle|inventory|asset|tag|label)(id|no|nr|number|code|tag)|tag
    cas_number: cas.*|.*cas|(chemicalabstracts|registryn).*
    inchikey: (standard)?inchikey
    smiles: .*smiles
    formula: .*formula|mf|summenformel|formel
    molar_mass_g_per_mol: mw|fw|(mol(ar|ecular)?|formula)(mass|weight|wt)(gmol)?|molmasse
    density_g_per_ml: density.*|specificgravity|spgr|dichte
    synonyms: (synonym|alias|aka|(other|alternat(iv)?e|common|trivial|iupac)name)(e?s)?
    name: (chemical|substance|product|compound|reagent|material|item|trade|full)?names?|stoffname|bezeichnung|nom
        |chemicals?|substance|compound|reagent|material|product|((item|product|chemical))?description
    physical_state: (physical)?(state|form)|phase|physicaldescription
    signal_word: signalwords?
    pictograms: .*pictograms?|ghs(symbol|code)?s?
    h_statements: h(code|statement|phrase)?s?|hazard(code|statement)s?
    hazards: (ghs)?hazards?((class(ification)?|type|word|category|description)(e?s)?)?|hazardcategories|dangers?
    storage_class: stor(age|ing)(class|group|code|category|hint|colou?r).*|(chemical)?compatibility(group)?|lgk|trgs510
    sds_url: (m?sds|safetydatasheet)(link|url|file|address)?
    expires_on: expir(y|es|ation|ing).*|exp(date)?|useby|bestbefore|validuntil|shelflifeend
    received_on: (date)?(received|purchased|delivered|arrived)(on|date)?|datein
        |(receipt|purchase|delivery|arrival|acquisition)date|date(of)?(receipt|purchase|delivery|arrival|acquisition)
    opened_on: (date)?opened(on|date)?|open(ing)?date|dateopen
    containers: (no|nr|number|count|qty|quantity)(of)?(container|bottle|item|package|pack|vial|unit)s?
        |containers?|bottles?|(container|bottle)count|count|stockcount
    pack_size: (pack(age|ing)?|bottle|container|unit|pkg|vial|original)(size|volume|capacity|quantity)
        |pack|size|package
    amount: (quantity|qty|amount).*|remaining.*|onhand|stock|instock|inventory|volume|mass|weight|menge|left
        |current(quantity|amount)
    purity: purity.*|grade|assay|quality|conc(entration)?|strength|reinheit
    supplier: (supplier|vendor|manufacturer).*|maker|brand|company|source|producer|mfr|mfg|web(site)?|distributor
        |lieferant|hersteller
    currency: currency
    price: (unit)?(price|cost)s?.*
    owner: owner.*|dep(artmen)?t|(research)?group|lab(oratory)?(name)?|pi|principalinvestigator|responsible.*|user
        |belongsto|contact
    location: .*location|site|campus|building|bldg|floor|(lab)?room(no|number)?|cabinet|cupboard|shelf|drawer|fridge
        |freezer|storage(place|area|unit|room|site)?|rack|box|bench|where|place|lagerort|position
    notes: (note|comment|remark)s?|bemerkung(en)?|memo|additionalinfo(rmation)?
"""
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (field, re.compile(re.sub(r"\s+", "", pattern)))
    for field, pattern in re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", _HEADS, re.MULTILINE)
)


def fold_head(head: str) -> str:
    """The words of a head without case, spaces and marks: Cat. No. → catno."""
    return re.sub(r"[\W_]+", "", head.replace("#", "no").replace("№", "no")).casefold()


def field_of_head(head: str) -> str | None:
    """The field that a head's words name, or None. What stands in brackets is left out: "Price (EUR)"."""
    folded = fold_head(re.sub(r"\(.*?\)|\[.*?\]", " ", head)) or fold_head(head)
    for field, pattern in _PATTERNS:
        if folded and pattern.fullmatch(folded):
            return field
    return None


def column_letter(index: int) -> str:
    """As a spreadsheet names its columns: 0 → A, 27 → AB."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
