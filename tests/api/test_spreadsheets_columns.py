"""The head and the fields of the columns are guessed as a person who reads the file would guess them."""

import pytest

from api.spreadsheets import FIELDS, Choices, Mapping, SpreadsheetError
from api.spreadsheets.choices import NO_NAME
from api.spreadsheets.head_words import words
from api.spreadsheets.heads import field_of_head, fold_head
from api.spreadsheets.preview import count_values, describe
from api.spreadsheets.reading import open_spreadsheet


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("Chemical Name", "name"),
        ("CAS", "cas_number"),
        ("CAS No.", "cas_number"),
        ("casNo", "cas_number"),
        ("Cat. #", "catalogue_number"),
        ("Catalogue Number", "catalogue_number"),
        ("Lot/Batch No", None),
        ("lot_or_catalog", "lot"),
        ("MolecularFormula", "formula"),
        ("Molecular Weight (g/mol)", "molar_mass_g_per_mol"),
        ("MW", "molar_mass_g_per_mol"),
        ("quantity_no_unit", "amount"),
        ("Quantity", "amount"),
        ("Units", "unit"),
        ("Pack Size", "pack_size"),
        ("No. of containers", "containers"),
        ("Expiry Date", "expires_on"),
        ("Expiration", "expires_on"),
        ("Date received", "received_on"),
        ("date_entered", None),
        ("Opened", "opened_on"),
        ("Room", "location"),
        ("Storage Location", "location"),
        ("Storage class", "storage_class"),
        ("Vendor", "supplier"),
        ("Hazard Classification", "hazards"),
        ("h_codes", "h_statements"),
        ("Signal word", "signal_word"),
        ("Inventory Number", "barcode"),
        ("ID", "file_number"),
        ("Department", "owner"),
        ("SDS", "sds_url"),
        ("Price (EUR)", "price"),
        ("Storage Temperature", "storage_temperature"),
        ("", None),
    ],
)
def test_a_head_is_understood(head: str, field: str | None) -> None:
    assert field_of_head(head) == field


def fields_of(text: str) -> dict[str, str | None]:
    with open_spreadsheet(text.encode()) as file:
        return {column.head: column.field for column in describe(file).columns}


def test_the_head_is_found_below_a_title() -> None:
    text = "Inventory of room 12,,\nas of 3/27/2013,,\n,,\nName,CAS,Room\nEthanol,64-17-5,12\n"
    with open_spreadsheet(text.encode()) as file:
        looked = describe(file)
    assert (looked.head_row, looked.row_count) == (4, 1)
    assert looked.first_rows == [(5, ["Ethanol", "64-17-5", "12"])]


def test_a_column_of_cas_numbers_is_known_without_its_head() -> None:
    assert fields_of("Chemical,Registry,\nEthanol,x,64-17-5\nWater,y,7732-18-5\n")["Column C"] == "cas_number"


def test_an_unnamed_column_left_of_the_name_is_its_first_part() -> None:
    assert fields_of("ID,,Name,Cat\n1,L-,Leucine,L8000\n2,,Urea,U5128\n") == {
        "ID": "file_number", "Column B": "name_start", "Name": "name", "Cat": "catalogue_number"}  # fmt: skip


def test_a_quantity_beside_a_pack_size_counts_bottles() -> None:
    assert fields_of("Name,Pack size,Qty\nEthanol,500 mL,2\nWater,1 L,12\n")["Qty"] == "containers"
    assert fields_of("Name,Pack size,Qty\nEthanol,500 mL,250 mL\n")["Qty"] == "amount"


def test_a_column_that_cannot_be_what_its_head_says_is_left_open() -> None:
    assert fields_of("Name,State\nEthanol,New York\nWater,Ohio\n")["State"] is None
    assert fields_of("Name,Description\nEthanol,a clear liquid\n") == {"Name": "name", "Description": "kept"}


@pytest.mark.parametrize(
    "heads",
    [
        "Bezeichnung;CAS-Nr.;Menge;Einheit;Lagerort;Hersteller;Verfallsdatum", "Produit;N° CAS;Quantité;Unité;Emplacement;Fournisseur;Date de péremption",
        "Sustancia;CAS;Cantidad;Unidad;Ubicación;Proveedor;Caducidad", "Reagente;CAS;Quantidade;Unidade;Localização;Fornecedor;Validade",
        "Sostanza;CAS;Quantità;Unità;Ubicazione;Fornitore;Scadenza", "Stofnaam;CAS;Hoeveelheid;Eenheid;Locatie;Leverancier;Houdbaar tot",
        "Nazwa odczynnika;CAS;Ilość;Jednostka;Miejsce;Dostawca;Data ważności", "Kimyasal Adı;CAS No;Miktar;Birim;Dolap;Üretici;Son kullanma tarihi",
        "시약명;CAS 번호;재고량;단위;보관장소;제조사;유효기간", "試薬名;CAS番号;残量;単位;保管場所;メーカー;有効期限",
        "试剂名称;CAS号;库存量;单位;存放位置;厂家;有效期", "chemicalName;casNumber;quantityLeft;unit;storageLocation;vendorName;expirationDate",
    ],
)  # fmt: skip
def test_heads_are_known_in_the_languages_of_labs(heads: str) -> None:
    fields = fields_of(
        heads + "\nAcetone;67-64-1;500;mL;A 1;Firm;2030-01-31\nEthanol;64-17-5;1;L;A 2;Firm;2031-01-31\n"
    )
    assert list(fields.values()) == ["name", "cas_number", "amount", "unit", "location", "supplier", "expires_on"]


def test_no_head_word_means_two_fields() -> None:
    meanings: dict[str, set[str]] = {}
    for field, word in words():
        meanings.setdefault(fold_head(word), set()).add(field)
        assert field in FIELDS
    assert {word: fields for word, fields in meanings.items() if len(fields) > 1} == {}


def test_the_column_that_looks_like_names_is_proposed_whatever_its_head() -> None:
    fields = fields_of("ID,Stuff we have,CAS Nr.,Ok\n1,Acetic acid,64-19-7,y\n2,Acetone,67-64-1,y\n3,Carbon glue,-,n\n")
    assert fields["Stuff we have"] == "name"


def test_a_column_of_catalogue_numbers_is_no_column_of_cas_numbers() -> None:
    rows = "Sodium azide,71289\nBroth,237500\nLysis reagent,44503619\nAgarose,A950-10G\nGlycine,G712-500G\n"
    assert fields_of("name,cas_number\n" + rows)["cas_number"] == "catalogue_number"


def test_a_product_number_is_a_catalogue_number_and_an_order_number_is_not() -> None:
    assert fields_of("Order Number,Product Number,Description\n301,A-100,Acetone\n302,B-2,Ethanol\n") == {
        "Order Number": None, "Product Number": "catalogue_number", "Description": "name"}  # fmt: skip


def test_text_without_columns_is_refused() -> None:
    with pytest.raises(SpreadsheetError, match=r"This text has no columns\. Choose a CSV or XLSX file"):
        fields_of("Dear all\n\nhere is the list\n")


def test_a_head_without_rows_is_refused() -> None:
    with pytest.raises(SpreadsheetError, match="a head and no rows below it"):
        fields_of("Name,CAS\n")


def test_the_values_of_a_column_are_counted_to_choose_from() -> None:
    with open_spreadsheet(b"Name,Owner\nA,Art\nB,Biology\nC,Art\nD\n") as file:
        assert count_values(file, 1, 1) == [("Art", 2), ("Biology", 1), ("", 1)]


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ([], "Choose which column is what."),
        ({"columns": {"0": "lot"}}, NO_NAME),
        ({"columns": {"0": "name", "1": "colour"}}, "“colour” is nothing that a column can be."),
        ({"columns": {"0": "name", "x": "lot"}}, "“lot” is nothing that a column can be."),
        ({"columns": {"0": "name", "1": "name"}}, "Two columns are chosen as Name. Choose one."),
        ({"columns": {"0": "name"}, "head_row": -1}, "The row of the head is a number from 0 (none) to 1000."),
    ],
)
def test_a_mapping_that_is_none_is_refused(mapping: object, sentence: str) -> None:
    with pytest.raises(SpreadsheetError) as refused:
        Mapping.from_json(mapping)
    assert str(refused.value) == sentence


def test_a_mapping_and_choices_are_read_from_json() -> None:
    mapping = Mapping.from_json({"head_row": 3, "columns": {"2": "location", "0": "name", "1": None, "3": "location"}})
    assert (mapping.head_row, mapping.columns_of("location"), mapping.has_containers) == (3, [2, 3], True)
    choices = Choices.from_json(
        {"unit": "ML", "repairs": {"cas_date": False}, "only": {"column": 5, "values": ["Art"]}}
    )
    assert (choices.unit, choices.allows("cas_date"), choices.allows("cas_hyphens")) == ("mL", False, True)
    assert choices.takes(["", "", "", "", "", "Art"])
    assert not choices.takes(["Art"])


@pytest.mark.parametrize(
    "choices",
    [
        [],
        {"unit": "pint"},
        {"day_first": "yes"},
        {"repairs": {"nothing": True}},
        {"repairs": ["x"]},
        {"only": {"column": "a"}},
    ],
)
def test_choices_that_are_none_are_refused(choices: object) -> None:
    with pytest.raises(SpreadsheetError):
        Choices.from_json(choices)


@pytest.mark.parametrize(("head", "field"), [("Volume_mL", "amount"), ("Mass in kg", "amount"), ("Pack size L", "pack_size"), ("Room L", None)])  # fmt: skip
def test_a_unit_behind_a_head_does_not_hide_what_it_is(head: str, field: str | None) -> None:
    assert field_of_head(head) == field


def test_a_word_with_which_all_heads_begin_is_no_part_of_them() -> None:
    rows = "1,Acid,Hydrochloric,0.1 M,450,mL,327\n2,Acid,Acetic,2 M,1,L,327\n"
    fields = ["file_number", "kept", "name", "purity", "amount", "unit", "location"]
    camel = "chemID,chemMaterial,chemName,chemConcentration,chemAmountInBottle,chemAmountUnit,chemLocationRoom\n"
    assert list(fields_of(camel + rows).values()) == fields
    snake = "chem_id,chem_material,chem_name,chem_concentration,chem_amount,chem_amount_unit,chem_location_room\n"
    assert list(fields_of(snake + rows).values()) == fields
    assert fields_of("Name,Notes,Number\nAgar,old,1\n") == {"Name": "name", "Notes": "notes", "Number": "file_number"}


def test_the_head_is_known_by_its_shape_where_none_of_its_words_is_known() -> None:
    def head_row(text: str) -> int:
        with open_spreadsheet(text.encode()) as file:
            return describe(file).head_row

    assert head_row("Nafn,Magn\nAgar,5\nSalt,2\nUrea,1\n") == 1
    assert head_row("Agar,Left,5\nSalt,Left,2\nUrea,Right,1\nGlucose,Right,3\n") == 0
    assert head_row("Agar,Left\nSalt,Left\nUrea,Right\n") == 0


def test_a_column_of_numbers_is_not_the_name_whatever_it_is_called() -> None:
    assert fields_of("ID,Name,Cabinet\n5,1,3\n6,2,4\n")["Name"] is None
    assert fields_of("ID,Name,Cabinet\n5,2-Propanol,3\n6,17,4\n")["Name"] == "name"


def test_a_column_called_cas_without_cas_numbers_is_kept_beside_a_catalogue_number() -> None:
    assert fields_of("Name,CAS,Cat No\nAgar,3556664,A-1\n") == {
        "Name": "name",
        "CAS": "kept",
        "Cat No": "catalogue_number",
    }


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("SKU#", "catalogue_number"),
        ("Supplier Item Identifier", "catalogue_number"),
        ("Vendor Part Number", "catalogue_number"),
        ("Supplier", "supplier"),
        ("Catálogo", "catalogue_number"),
        ("Empresa", "supplier"),
        ("Название", "name"),
        ("Ед. изм.", "unit"),
        ("№ п/п", "file_number"),
        ("ชื่อสารเคมี", "name"),
    ],
)
def test_heads_of_real_lists_are_understood(head: str, field: str) -> None:
    assert field_of_head(head) == field
