"""What the API answers, as types. Written by `python -m local.page_types` from the API's OpenAPI: do not edit.

    labs: answers.Labs = api.get("/labs")

The types are for mypy and editors only: nothing is checked or converted when a page runs. Decimals and dates are texts.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class Absent(TypedDict):
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    location: str | None
    amount: str | None
    unit: str | None


class AbsentList(TypedDict):
    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    items: list[Absent]


class AccessToken(TypedDict):
    id: int
    name: str
    access: Literal["read", "write"]
    labs: list[str]
    made_at: str
    expires_at: str
    used_at: str | None
    used_from: str | None


class AccessTokens(TypedDict):
    items: list[AccessToken]
    own_labs: list[Membership]


class Addition(TypedDict):
    made_at: str
    by: str
    name: str
    role: str
    themselves: bool


class Adoptable(TypedDict):
    chemical_id: int
    name: str
    cas_number: str
    title: str
    pictograms: list[str]
    signal_word: str | None
    h_statements: list[str]


class Adopted(TypedDict):
    id: int


class Adoption(TypedDict):
    chemicals: int
    adopted: int
    most_adopted: int
    adoptable: list[Adoptable]
    several: int
    to_choose: list[Classified]
    differing: int
    changed: list[Differing]


class AllBroughtBack(TypedDict):
    items: list[BroughtBack]


class AllCorrected(TypedDict):
    items: list[Corrected]
    not_restored: list[str]


class AllHeld(TypedDict):
    items: list[Held]


class AllMoved(TypedDict):
    location_id: int
    location: str
    moved: int
    items: list[Moved]


class AllReturned(TypedDict):
    items: list[Returned]


class AttachForm(TypedDict):
    code: ReadProduct | None
    carriers: list[Container]
    found: int | None
    items: list[Container]


class Attached(TypedDict):
    gtin: str
    attached: int


class Attempt(TypedDict):
    what: str
    statement: str
    outcome: str
    held: bool
    seen: int | None
    there: int | None


class BroughtBack(TypedDict):
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    movement_id: int | None
    counted_id: int | None
    kind: str | None
    amount: str | None
    balance: str | None
    unit: str | None
    transfer_id: int | None


class Candidate(TypedDict):
    chemical_id: int
    chemical_name: str
    cas_number: str | None
    pictograms: list[str] | None
    signal_word: str | None
    container_id: int | None
    barcode: str | None
    location: str | None
    holder: str | None
    containers: int
    container_ids: list[int]
    unknown_amounts: int
    totals: list[dict[str, Any]]
    disposal_id: int | None
    gone: bool


class Candidates(TypedDict):
    items: list[Candidate]
    in_stock: int | None


class Changed(TypedDict):
    changed: int


class Check(TypedDict):
    what: str
    faults: list[str]


class CheckOutForm(TypedDict):
    added: int | None
    product: ScannedProduct | None
    containers: list[Takeable]
    hits: list[Takeable]
    watch: list[HazardWarning]
    purposes: list[str]
    out: list[Out]
    held: list[Container]


class CheckedOut(TypedDict):
    items: list[Taken]


class Chemical(TypedDict):
    molar_mass_g_per_mol: str | None
    physical_state: str | None
    storage_class: str | None
    storage_temperature: str | None
    un_number: str | None
    packing_group: str | None
    density_g_per_ml: str | None
    melting_point_celsius: str | None
    boiling_point_celsius: str | None
    flash_point_celsius: str | None
    days_after_opening: str | None
    peroxide_class: str | None
    smiles: str | None
    inchikey: str | None
    sds_url: str | None
    id: int
    version: str
    name: str
    synonyms: list[str]
    cas_number: str | None
    formula: str | None
    pictograms: list[str] | None
    signal_word: str | None
    h_statements: list[StatementText]
    p_statements: list[StatementText]
    hazards_from: str | None
    classifications: int
    hazards_list: str | None
    hazards_by_name: str | None
    hazards_at: str | None
    origins: dict[str, str]
    supplier: str | None
    catalogue_number: str | None
    low_stock_amount: str | None
    low_stock_unit: str | None
    low: bool
    stock_amount: str | None
    notes: str | None
    made_at: str
    made_by_name: str | None
    changed_at: str
    changed_by_name: str | None
    retired_at: str | None
    mark: Mark | None
    twins: list[Twin]
    totals: list[Total]
    containers: list[Container]
    movements: list[Movement]
    weeks: list[StockOfWeek]


class ChemicalFacets(TypedDict):
    chemicals: int
    flags: dict[str, int]
    states: dict[str, int]
    locations: list[LocationFacet]


class ChemicalLine(TypedDict):
    molar_mass_g_per_mol: str | None
    physical_state: str | None
    storage_class: str | None
    storage_temperature: str | None
    un_number: str | None
    packing_group: str | None
    density_g_per_ml: str | None
    melting_point_celsius: str | None
    boiling_point_celsius: str | None
    flash_point_celsius: str | None
    id: int
    name: str
    cas_number: str | None
    formula: str | None
    pictograms: list[str] | None
    signal_word: str | None
    h_statements: list[str]
    totals: list[Total]
    containers: int
    unknown_amounts: int
    location: str | None
    locations: int
    earliest_opened: str | None
    earliest_expiry: str | None
    low: bool
    marked: bool


class ChemicalList(TypedDict):
    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    items: list[ChemicalLine]
    total: int
    no_word: bool
    container: Scanned | None
    product: ReadProduct | None
    location: ChosenLocation | None
    facets: ChemicalFacets | None
    unknown: dict[str, int]
    searches: list[SavedSearch]
    columns: list[str] | None


class ChosenColumns(TypedDict):
    columns: list[str]


class ChosenLocation(TypedDict):
    id: int
    name: str
    full_name: str


class Classification(TypedDict):
    cas_number: str
    name: str
    notes: str
    pictograms: list[str]
    signal_word: str | None
    h_statements: list[str]


class ClassificationList(TypedDict):
    id: int
    name: str
    version: str
    file_name: str
    made_at: str
    made_by_name: str
    kept_at: str | None
    is_latest: bool
    classifications: int
    substances: int
    with_several: int
    refused_rows: int


class ClassificationLists(TypedDict):
    items: list[ClassificationList]


class Classified(TypedDict):
    chemical_id: int
    name: str
    cas_number: str


class Confirmed(TypedDict):
    disposed_containers: int
    retired_chemicals: int


class Container(TypedDict):
    lot: str | None
    supplier: str | None
    catalogue_number: str | None
    purity: str | None
    received_on: str | None
    opened_on: str | None
    expires_on: str | None
    tare_g: str | None
    id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    cas_number: str | None
    pictograms: list[str] | None
    signal_word: str | None
    h_statements: list[str]
    density_g_per_ml: str | None
    amount: str | None
    unit: str | None
    units: list[str]
    pack_size: str | None
    pack_unit: str | None
    left_percent: int | None
    location_id: int | None
    location: str | None
    holder_id: int | None
    holder: str | None
    held_since: str | None
    holder_left_at: str | None
    price: str | None
    currency: str | None
    use_by: str | None
    use_by_is: Literal["printed", "extended", "opened"] | None
    days_after_opening: int | None
    expired: bool
    notes: str | None
    delivery_id: int | None
    last_counted_at: str | None
    missing_since: str | None
    disposed_at: str | None
    made_at: str
    marked: bool
    peroxides: Peroxides | None


class ContainerDetail(TypedDict):
    lot: str | None
    supplier: str | None
    catalogue_number: str | None
    purity: str | None
    received_on: str | None
    opened_on: str | None
    expires_on: str | None
    tare_g: str | None
    id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    cas_number: str | None
    pictograms: list[str] | None
    signal_word: str | None
    h_statements: list[str]
    density_g_per_ml: str | None
    amount: str | None
    unit: str | None
    units: list[str]
    pack_size: str | None
    pack_unit: str | None
    left_percent: int | None
    location_id: int | None
    location: str | None
    holder_id: int | None
    holder: str | None
    held_since: str | None
    holder_left_at: str | None
    price: str | None
    currency: str | None
    use_by: str | None
    use_by_is: Literal["printed", "extended", "opened"] | None
    days_after_opening: int | None
    expired: bool
    notes: str | None
    delivery_id: int | None
    last_counted_at: str | None
    missing_since: str | None
    disposed_at: str | None
    made_at: str
    marked: bool
    peroxides: Peroxides | None
    version: str
    movements: list[Movement]
    peroxide_tests: list[PeroxideTest]
    tare_proposal: TareProposal | None
    mark: dict[str, Any] | None


class ContainerList(TypedDict):
    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    items: list[Container]
    exact: bool


class Contradicted(TypedDict):
    chemical_id: int
    name: str
    cas_number: str
    substance: str
    matched_by: Literal["cas_number", "name", "inchikey"]
    contradictions: list[Literal["name", "mass", "hydrate", "inchikey"]]


class Corrected(TypedDict):
    movement_id: int
    kind: str
    refers_to_id: int | None
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    amount: str
    balance: str | None
    unit: str | None


class Correction(TypedDict):
    id: int
    made_at: str
    made_by_name: str
    typed_amount: str | None
    typed_unit: str | None
    amount: str
    unit: str | None
    reason: str | None


class Counted(TypedDict):
    counted: int
    elsewhere: int


class Counter(TypedDict):
    name: str
    counted: int


class Counts(TypedDict):
    open: int
    disposed: int
    kept: int
    missing: int


class Delivery(TypedDict):
    id: int
    order_number: str | None
    supplier: str | None
    received_on: str
    made_at: str
    made_by: int
    made_by_name: str
    taken_back_at: str | None
    taken_back_by_name: str | None
    containers: int
    chemicals: list[dict[str, Any]]
    items: list[ReceivedContainer]


class DeliveryLine(TypedDict):
    id: int
    order_number: str | None
    supplier: str | None
    received_on: str
    made_at: str
    made_by: int
    made_by_name: str
    taken_back_at: str | None
    taken_back_by_name: str | None
    containers: int
    chemicals: list[dict[str, Any]]


class DeliveryList(TypedDict):
    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    items: list[DeliveryLine]


class DeliveryWarning(TypedDict):
    pointer: str
    detail: str


Description = TypedDict(
    "Description",
    {
        "import": "Import",
        "kind": "str",
        "sheet": "str | None",
        "sheets": "list[str]",
        "encodings": "list[dict[str, Any]]",
        "head_row": "int",
        "row_count": "int",
        "tables": "list[dict[str, Any]]",
        "lists": "list[dict[str, Any]]",
        "sheets_not_looked_at": "int",
        "columns": "list[dict[str, Any]]",
        "inward": "list[int]",
        "first_rows": "list[Any]",
        "remembered": "str | None",
        "values_of": "int | None",
        "values": "list[dict[str, Any]]",
        "fields": "list[dict[str, Any]]",
    },
)


class Differing(TypedDict):
    chemical_id: int
    name: str
    cas_number: str
    hazards_from: str


class Disposal(TypedDict):
    chemical_id: int
    chemical_name: str
    cas_number: str | None
    pictograms: list[str] | None
    signal_word: str | None
    container_id: int | None
    barcode: str | None
    location: str | None
    holder: str | None
    containers: int
    container_ids: list[int]
    unknown_amounts: int
    totals: list[dict[str, Any]]
    id: int
    reason: str
    marked_at: str
    marked_by: int
    marked_by_name: str
    outcome: Literal["disposed", "kept"] | None
    decided_at: str | None
    decided_by: int | None
    decided_by_name: str | None
    brought_back: int


class DisposalList(TypedDict):
    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    items: list[Disposal]
    counts: Counts


class Drift(TypedDict):
    stocktake_id: int
    posted_at: str
    location: str | None
    counted: int
    off: int


class DueLocation(TypedDict):
    id: int
    full_name: str
    due_on: str
    last_counted_at: str | None


class DueStocktake(TypedDict):
    id: int
    full_name: str
    due_on: str
    count_period_days: int
    last_counted_at: str | None
    containers: int
    stocktake_id: int | None


class Enriched(TypedDict):
    id: int
    chemicals: int
    fields: int


class Enrichment(TypedDict):
    chemicals: int
    matched: int
    filled: int
    most_filled: int
    fields: dict[str, int]
    fillable: list[Fillable]
    contradicted: int
    contradictions: list[Contradicted]


class EnrichmentUndone(TypedDict):
    emptied: int
    kept: int


class Entry(TypedDict):
    id: int
    name: str
    cas_number: str | None
    formula: str | None
    containers: int


class Event(TypedDict):
    id: int
    made_at: str
    kind: str
    title: str
    made_by: int | None
    made_by_name: str
    database_role: str
    address: str
    about_name: str | None
    lab: str | None
    more: str


class Events(TypedDict):
    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    items: list[Event]
    kinds: list[Kind]


class Extended(TypedDict):
    extended: int


class Fillable(TypedDict):
    chemical_id: int
    name: str
    cas_number: str
    substance: str
    matched_by: Literal["cas_number", "name", "inchikey"]
    fields: dict[str, Any]


class HazardWarning(TypedDict):
    code: str
    text: str
    chemicals: list[str]


class Held(TypedDict):
    id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    holder_id: int
    holder: str
    held_since: str
    transfer_id: int | None


class Here(TypedDict):
    id: int
    full_name: str
    expected: int
    counted: int


class History(TypedDict):
    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    items: list[HistoryLine]
    facets: HistoryFacets | None


class HistoryFacets(TypedDict):
    count: int
    counted_all: bool
    members: list[Person]
    kinds: list[str]
    chemical: str | None
    container: str | None
    member: str | None
    stocktake: str | None
    delivery: str | None


class HistoryLine(TypedDict):
    source: str
    id: int
    made_at: str
    kind: str
    made_by: int
    made_by_name: str
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    cas_number: str | None
    typed_amount: str | None
    typed_unit: str | None
    amount: str | None
    unit: str | None
    balance: str | None
    reason: str | None
    refers_to_id: int | None
    stocktake_id: int | None
    delivery_id: int | None
    from_location: str | None
    to_location: str | None
    from_holder: str | None
    to_holder: str | None
    order_number: str | None
    supplier: str | None
    stocktake_of: str | None
    corrections: list[Correction]
    refers_to: Referred | None
    undone: bool
    correctable: bool


class Hit(TypedDict):
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    pictograms: list[str] | None
    signal_word: str | None
    lot: str | None
    tare_g: str | None
    location_id: int | None
    location: str | None
    holder: str | None
    amount: str | None
    unit: str | None
    units: list[str]
    state: Literal["not_counted", "matched", "first", "tolerance", "off", "elsewhere", "not_found"]
    recount: bool
    has_count: bool
    counted: str | None
    counted_unit: str | None
    expected: str | None
    variance: str | None
    percent: int | None
    moves_to: str | None
    clash: bool
    reason: str | None
    counted_at: str | None
    counted_by_name: str | None
    missing_since: str | None
    disposed_at: str | None
    belongs: bool
    since: list[Since]


class Holdings(TypedDict):
    items: list[Container]
    locations: list[NamedLocation]
    members: list[Person]


class Import(TypedDict):
    id: int
    version: str
    file_name: str
    state: Literal["new", "read", "committed", "taken_back", "cancelled"]
    made_at: str
    made_by_name: str
    committed_at: str | None
    committed_by_name: str | None
    cancelled_at: str | None
    reading: dict[str, Any] | None
    summary: dict[str, Any] | None
    outcome: dict[str, Any] | None
    taken_back: TakenBack | None
    file_is_kept: bool


class ImportList(TypedDict):
    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    items: list[Import]


class ImportRow(TypedDict):
    row_number: int
    number: int
    part: str
    state: Literal["ready", "question", "joined", "refused", "loaded", "present"]
    chemical: dict[str, Any]
    container: dict[str, Any] | None
    count: int
    location: str
    problems: list[dict[str, Any]]
    chemical_id: int | None
    container_id: int | None
    barcode: str | None


ImportRows = TypedDict(
    "ImportRows",
    {
        "next": "NotRequired[str | None]",
        "previous": "NotRequired[str | None]",
        "import": "Import",
        "items": "list[ImportRow]",
    },
)


class KeptSettings(TypedDict):
    sheet: NotRequired[str]
    fields: NotRequired[list[str]]
    version: NotRequired[str]


class Kind(TypedDict):
    kind: str
    title: str


class Known(TypedDict):
    cas_number: str
    name: str | None
    formula: str | None
    molar_mass_g_per_mol: str | None
    physical_state: str | None
    pictograms: list[str] | None
    signal_word: str | None
    listed: list[dict[str, Any]]


class Lab(TypedDict):
    id: int
    version: str
    slug: str
    name: str
    time_zone: str
    members: int
    made_at: str
    archived_at: str | None


class LabRole(TypedDict):
    slug: str
    name: str
    role: str


class LabelField(TypedDict):
    name: str
    title: str


class LabelFormat(TypedDict):
    name: str
    title: str


class LabelPreview(TypedDict):
    items: list[Labelled]
    sheets: list[Sheet]
    fields: list[LabelField]
    formats: list[LabelFormat]
    settings: KeptSettings


class Labelled(TypedDict):
    lot: str | None
    supplier: str | None
    catalogue_number: str | None
    purity: str | None
    received_on: str | None
    opened_on: str | None
    expires_on: str | None
    tare_g: str | None
    id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    cas_number: str | None
    pictograms: list[str] | None
    signal_word: str | None
    h_statements: list[str]
    density_g_per_ml: str | None
    amount: str | None
    unit: str | None
    units: list[str]
    pack_size: str | None
    pack_unit: str | None
    left_percent: int | None
    location_id: int | None
    location: str | None
    holder_id: int | None
    holder: str | None
    held_since: str | None
    holder_left_at: str | None
    price: str | None
    currency: str | None
    use_by: str | None
    use_by_is: Literal["printed", "extended", "opened"] | None
    days_after_opening: int | None
    expired: bool
    notes: str | None
    delivery_id: int | None
    last_counted_at: str | None
    missing_since: str | None
    disposed_at: str | None
    made_at: str
    marked: bool
    peroxides: Peroxides | None
    printed_name: str
    unprintable: str


class Labs(TypedDict):
    items: list[Lab]


class LineDetail(TypedDict):
    line: HistoryLine
    container: Container
    counted_since: Referred | None


class LineList(TypedDict):
    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    stocktake: Stocktake
    items: list[StocktakeLine]
    hit: Hit | None
    product: ScannedProduct | None
    here: Here | None


class ListedChemical(TypedDict):
    id: int
    name: str


class LoadedList(TypedDict):
    id: int
    name: str
    version: str
    file_name: str
    made_at: str
    made_by_name: str
    kept_at: str | None
    is_latest: bool
    classifications: int
    substances: int
    with_several: int
    refused_rows: int
    items: list[Classification]
    refused: list[Refused]


class Location(TypedDict):
    id: int
    version: str
    parent_id: int | None
    kind: Literal["building", "room", "storage", "shelf"]
    name: str
    full_name: str
    depth: int
    containers: int
    containers_here: int
    count_period_days: int | None
    last_counted_at: str | None
    due_on: str | None
    due: bool
    archived_at: str | None


class LocationFacet(TypedDict):
    id: int
    parent_id: int | None
    name: str
    full_name: str
    chemicals: int


class LocationLabel(TypedDict):
    id: int
    name: str
    full_name: str
    code: str
    printed_name: str
    unprintable: str


class LocationLabelChoice(TypedDict):
    name: str
    title: str


class LocationLabels(TypedDict):
    items: list[LocationLabel]
    most: int
    sheets: list[LocationLabelChoice]
    formats: list[LocationLabelChoice]
    sheet: str


class LocationTree(TypedDict):
    items: list[Location]
    today: str


class Login(TypedDict):
    username: str
    version: str
    name: str
    administrator: bool
    second_factor: bool
    labs: list[LabRole]


class LoginList(TypedDict):
    items: list[Login]


class Low(TypedDict):
    chemical_id: int
    name: str
    amount: str
    limit_amount: str
    unit: str
    containers: int
    missing: int
    check_outs: int


class Made(TypedDict):
    id: int
    containers: list[Received]
    warnings: list[DeliveryWarning]


class MadeLogin(TypedDict):
    username: str
    password: str


class MadeLogins(TypedDict):
    items: list[MadeLogin]


class MadeToken(TypedDict):
    id: int
    token: str


class Mark(TypedDict):
    id: int
    reason: str
    marked_at: str
    marked_by: int
    marked_by_name: str


class Marked(TypedDict):
    disposal_ids: list[int]


class Member(TypedDict):
    user_id: int
    version: str
    username: str
    name: str
    role: Literal["viewer", "member", "manager"]
    also_in: list[str]
    signed_in_at: str | None
    made_at: str
    ended_at: str | None


class Members(TypedDict):
    lab: Lab
    items: list[Member]


class Membership(TypedDict):
    id: int
    slug: str
    name: str
    role: Literal["viewer", "member", "manager"]


class Merger(TypedDict):
    id: int
    containers: int


class MergerUndone(TypedDict):
    containers: int
    containers_stayed: int
    names_stayed: list[str]


class MolarMass(TypedDict):
    molar_mass_g_per_mol: str


class MoveForm(TypedDict):
    added: int | None
    product: ScannedProduct | None
    containers: list[Container]
    hits: list[Container]
    locations: list[NamedLocation]


class Moved(TypedDict):
    id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    holder: str | None
    transfer_id: int | None


class Movement(TypedDict):
    source: str
    id: int
    made_at: str
    kind: str
    made_by: int
    made_by_name: str
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    cas_number: str | None
    typed_amount: str | None
    typed_unit: str | None
    amount: str | None
    unit: str | None
    balance: str | None
    reason: str | None
    refers_to_id: int | None
    stocktake_id: int | None
    delivery_id: int | None
    from_location: str | None
    to_location: str | None
    from_holder: str | None
    to_holder: str | None


class NamedLocation(TypedDict):
    id: int
    full_name: str


class NewKey(TypedDict):
    key: str
    address: str
    qr_code: list[str]


class NewSession(TypedDict):
    user: User
    administrator: bool
    labs: list[Membership]
    expires_at: str
    idle_seconds: int
    password_first: bool
    refused_before: RefusedTries | None
    second_factor_reset_at: str | None
    second_factor_needed: bool
    token: str


class NewToken(TypedDict):
    token: str


class Offer(TypedDict):
    today: str
    chemicals: list[OfferedChemical]
    known: list[Known]
    locations: list[NamedLocation]
    suppliers: list[str]
    currency: str | None
    units: list[str]
    latest: list[DeliveryLine]


class OfferedChemical(TypedDict):
    catalogue_number: str | None
    purity: str | None
    id: int
    name: str
    cas_number: str | None
    formula: str | None
    physical_state: str | None
    pictograms: list[str] | None
    signal_word: str | None
    containers: int
    totals: list[dict[str, Any]]
    marked: bool
    pack_size: str | None
    pack_unit: str | None
    location_id: int | None


class OfferedEntry(TypedDict):
    list_id: int
    place: int
    title: str
    name: str
    notes: str
    pictograms: list[str]
    signal_word: str | None
    h_statements: list[StatementText]
    is_present: bool


class OffersFor(TypedDict):
    id: int
    version: str
    name: str
    cas_number: str | None
    pictograms: list[str] | None
    signal_word: str | None
    h_statements: list[StatementText]
    hazards_from: str | None
    items: list[OfferedEntry]


class OpenStocktake(TypedDict):
    id: int
    location: str | None
    started_at: str
    started_by_name: str
    total: int
    counted: int
    off: int
    counters: list[Counter]


class Out(TypedDict):
    movement_id: int
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    made_at: str
    made_by: int
    made_by_name: str
    purpose: str | None
    typed_amount: str
    typed_unit: str
    still_out: str
    unit: str
    units: list[str]


class OwnSession(TypedDict):
    id: int
    this_one: bool
    made_at: str
    used_at: str
    address: str
    browser: str
    refused_before: RefusedTries | None


class OwnSessions(TypedDict):
    items: list[OwnSession]


class Past(TypedDict):
    id: int
    location_id: int | None
    location: str | None
    started_at: str
    started_by_name: str
    posted_at: str | None
    posted_by_name: str | None
    cancelled_at: str | None
    outcome: Posting | None


class PeroxideTest(TypedDict):
    id: int
    ppm: str
    tested_on: str
    next_due: str
    noted_at: str
    noted_by_name: str


class Peroxides(TypedDict):
    peroxide_class: Literal["A", "B", "C", "D"]
    ppm: str | None
    tested_on: str | None
    due_on: str
    state: Literal["over", "due", "tested"]


class Person(TypedDict):
    id: int
    name: str


class Posting(TypedDict):
    counts: int
    amounts_changed: int
    moved: int
    missing: int
    left_for_recount: int
    uncounted: int
    off: int
    clashes: NotRequired[int]


class Product(TypedDict):
    catalogue_number: str | None
    purity: str | None
    chemical_id: int
    name: str
    pack_size: str | None
    pack_unit: str | None
    barcode: str | None


class Proof(TypedDict):
    ran_at: str
    seconds: float
    postgresql: str
    lab: str
    other: str
    holds: bool
    own: int
    attempts: list[Attempt]
    catalogue: list[Check]


class Proposal(TypedDict):
    id: int
    name: str
    cas_number: str | None
    formula: str | None
    containers: int
    because: Literal["cas_number", "name", "inchikey"]


class Proposals(TypedDict):
    kept: Entry
    items: list[Proposal]


class ReadProduct(TypedDict):
    gtin: str | None
    lot: str | None
    expires_on: str | None
    serial_number: str | None
    catalogue_number: str | None
    net_weight_kg: str | None
    is_certain: bool
    joined: str | None
    fault: str | None
    product: Product | None


class ReceiptTakenBack(TypedDict):
    containers: int


class Received(TypedDict):
    id: int
    barcode: str
    line: int


class ReceivedContainer(TypedDict):
    lot: str | None
    supplier: str | None
    catalogue_number: str | None
    purity: str | None
    received_on: str | None
    opened_on: str | None
    expires_on: str | None
    tare_g: str | None
    id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    cas_number: str | None
    pictograms: list[str] | None
    signal_word: str | None
    h_statements: list[str]
    density_g_per_ml: str | None
    amount: str | None
    unit: str | None
    units: list[str]
    pack_size: str | None
    pack_unit: str | None
    left_percent: int | None
    location_id: int | None
    location: str | None
    holder_id: int | None
    holder: str | None
    held_since: str | None
    holder_left_at: str | None
    price: str | None
    currency: str | None
    use_by: str | None
    use_by_is: Literal["printed", "extended", "opened"] | None
    days_after_opening: int | None
    expired: bool
    notes: str | None
    delivery_id: int | None
    last_counted_at: str | None
    missing_since: str | None
    disposed_at: str | None
    made_at: str
    marked: bool
    peroxides: Peroxides | None
    received_amount: str | None
    received_unit: str | None


class RecoveryCodes(TypedDict):
    recovery_codes: list[str]


class Referred(TypedDict):
    id: int
    kind: Literal["receive", "check_out", "return", "count", "dispose", "correct"]
    made_at: str
    made_by_name: str
    typed_amount: str | None
    typed_unit: str | None
    amount: str | None
    unit: str | None


class Refused(TypedDict):
    row: int
    reason: str


class RefusedTries(TypedDict):
    tries: int
    since: str
    addresses: list[str]


class Returned(TypedDict):
    movement_id: int
    refers_to_id: int
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    typed_amount: str
    typed_unit: str
    balance: str
    unit: str


class Rules(TypedDict):
    expired: Literal["warn", "refuse"]
    marked: Literal["warn", "refuse"]
    peroxides: Literal["warn", "refuse"]
    peroxide_limit_ppm: str
    version: NotRequired[str]


class SavedSearch(TypedDict):
    id: int
    name: str
    query: str
    shared: bool
    own: bool


class Scanned(TypedDict):
    id: int
    barcode: str
    chemical_id: int
    chemical_name: str


class ScannedContainer(TypedDict):
    place: int
    id: int
    barcode: str
    chemical_name: str


class ScannedProduct(TypedDict):
    gtin: str | None
    lot: str | None
    expires_on: str | None
    serial_number: str | None
    catalogue_number: str | None
    net_weight_kg: str | None
    is_certain: bool
    joined: str | None
    fault: str | None


class SecondFactor(TypedDict):
    is_on: bool
    recovery_codes: int
    is_needed: bool


class ServiceAccount(TypedDict):
    id: int
    username: str
    name: str
    made_at: str
    ended: bool
    tokens: list[ServiceToken]


class ServiceAccounts(TypedDict):
    items: list[ServiceAccount]


class ServiceToken(TypedDict):
    id: int
    name: str
    access: Literal["read", "write"]
    made_at: str
    expires_at: str
    used_at: str | None
    used_from: str | None


class Session(TypedDict):
    user: User
    administrator: bool
    labs: list[Membership]
    expires_at: str
    idle_seconds: int
    password_first: bool


class Sheet(TypedDict):
    name: str
    title: str
    places: int


class SignOutAddress(TypedDict):
    address: str


class Since(TypedDict):
    kind: str
    made_at: str
    made_by_name: str
    amount: str | None
    unit: str | None
    typed_amount: str | None
    typed_unit: str | None


class StatementText(TypedDict):
    code: str
    text: str | None


class StockOfWeek(TypedDict):
    monday: str
    amount: str
    unit: str


class Stocktake(TypedDict):
    tolerance_percent: str
    tolerance_amount: str
    id: int
    location_id: int | None
    location: str | None
    started_at: str
    started_by_name: str
    posted_at: str | None
    posted_by_name: str | None
    cancelled_at: str | None
    open: bool
    blind: bool
    sample_percent: int | None
    not_counted_days: int | None
    dangerous_only: bool
    counters: list[str]
    expected: int
    counted: int
    with_somebody: int
    states: dict[str, int]
    recount: int
    posting: Posting


class StocktakeDetail(TypedDict):
    tolerance_percent: str
    tolerance_amount: str
    id: int
    location_id: int | None
    location: str | None
    started_at: str
    started_by_name: str
    posted_at: str | None
    posted_by_name: str | None
    cancelled_at: str | None
    open: bool
    blind: bool
    sample_percent: int | None
    not_counted_days: int | None
    dangerous_only: bool
    counters: list[str]
    expected: int
    counted: int
    with_somebody: int
    states: dict[str, int]
    recount: int
    posting: Posting
    locations: list[StocktakeLocation]


class StocktakeLine(TypedDict):
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    pictograms: list[str] | None
    signal_word: str | None
    lot: str | None
    tare_g: str | None
    location_id: int | None
    location: str | None
    holder: str | None
    amount: str | None
    unit: str | None
    units: list[str]
    state: Literal["not_counted", "matched", "first", "tolerance", "off", "elsewhere", "not_found"]
    recount: bool
    has_count: bool
    counted: str | None
    counted_unit: str | None
    expected: str | None
    variance: str | None
    percent: int | None
    moves_to: str | None
    clash: bool
    reason: str | None
    counted_at: str | None
    counted_by_name: str | None
    missing_since: str | None
    disposed_at: str | None


class StocktakeList(TypedDict):
    next: NotRequired[str | None]
    previous: NotRequired[str | None]
    open: list[Stocktake]
    due: list[DueStocktake]
    items: list[Past]
    today: str
    usual: Tolerance


class StocktakeLocation(TypedDict):
    id: int
    full_name: str
    name: str
    depth: int
    expected: int
    counted: int


class Substance(TypedDict):
    molar_mass_g_per_mol: str | None
    physical_state: str | None
    storage_class: str | None
    density_g_per_ml: str | None
    melting_point_celsius: str | None
    boiling_point_celsius: str | None
    flash_point_celsius: str | None
    smiles: str | None
    inchikey: str | None
    cas_number: str
    known: bool
    name: str | None
    synonyms: list[str]
    formula: str | None
    pictograms: list[str] | None
    signal_word: str | None
    h_statements: list[StatementText]
    p_statements: list[StatementText]
    source: str | None
    autoignition_celsius: str | None
    lower_explosion_limit_percent: str | None
    upper_explosion_limit_percent: str | None
    twa_ppm: str | None
    twa_mg_per_m3: str | None
    stel_ppm: str | None
    stel_mg_per_m3: str | None
    ceiling_ppm: str | None
    ceiling_mg_per_m3: str | None
    absorbed_by_skin: bool | None
    iarc_group: str | None
    iarc_agent: str | None
    ntp_listing: str | None
    sources: dict[str, str]
    origins: dict[str, str]
    same_structure: list[str]
    listed: list[ListedChemical]


class SubstanceList(TypedDict):
    items: list[Substance]


class Summary(TypedDict):
    today: str
    totals: Totals
    expiring: list[Container]
    peroxides: list[Container]
    low: list[Low]
    missing: list[Container]
    without_location: list[Container]
    mine: list[Container]
    left_behind: list[Container]
    due: list[DueLocation]
    stocktakes: list[OpenStocktake]
    additions: list[Addition]
    movements: list[Movement]
    weeks: list[Week]
    drift: list[Drift]


class Takeable(TypedDict):
    lot: str | None
    supplier: str | None
    catalogue_number: str | None
    purity: str | None
    received_on: str | None
    opened_on: str | None
    expires_on: str | None
    tare_g: str | None
    id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    cas_number: str | None
    pictograms: list[str] | None
    signal_word: str | None
    h_statements: list[str]
    density_g_per_ml: str | None
    amount: str | None
    unit: str | None
    units: list[str]
    pack_size: str | None
    pack_unit: str | None
    left_percent: int | None
    location_id: int | None
    location: str | None
    holder_id: int | None
    holder: str | None
    held_since: str | None
    holder_left_at: str | None
    price: str | None
    currency: str | None
    use_by: str | None
    use_by_is: Literal["printed", "extended", "opened"] | None
    days_after_opening: int | None
    expired: bool
    notes: str | None
    delivery_id: int | None
    last_counted_at: str | None
    missing_since: str | None
    disposed_at: str | None
    made_at: str
    marked: bool
    peroxides: Peroxides | None
    factors: dict[str, str]


class Taken(TypedDict):
    movement_id: int
    count_id: int | None
    container_id: int
    barcode: str
    chemical_id: int
    chemical_name: str
    typed_amount: str
    typed_unit: str
    balance: str
    unit: str


class TakenBack(TypedDict):
    containers: int
    chemicals: int
    locations: int
    stay: int
    staying: list[str]
    at: str
    by_name: str


class TareProposal(TypedDict):
    container_id: int
    barcode: str
    tare_g: str


class Tolerance(TypedDict):
    tolerance_percent: str
    tolerance_amount: str


class Total(TypedDict):
    amount: str
    unit: str


class Totals(TypedDict):
    chemicals: int
    containers: int
    locations: int
    expired: int
    expiring: int
    low: int
    peroxides: int
    marked: int
    due: int
    missing: int
    unknown: int
    without_location: int
    mine: int
    left_behind: int
    stocktakes: int


class Twin(TypedDict):
    id: int
    name: str


class Undone(TypedDict):
    undone: int


class User(TypedDict):
    id: int
    username: str
    name: str


class Waiting(TypedDict):
    reconcile: int
    disposal: int


class WayThere(TypedDict):
    address: str
    state: str
    nonce: str
    verifier: str


class Week(TypedDict):
    monday: str
    taken: int
    came: int


class Withdrawn(TypedDict):
    disposal_ids: list[int]


class Written(TypedDict):
    id: int


class WrittenChemical(TypedDict):
    id: int
    warning: NotRequired[str | None]
