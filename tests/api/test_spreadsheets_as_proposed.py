"""Small lists as labs in many countries write them, read with the columns that are proposed: each cell is right, or asked about."""

import io
import json
from typing import Any

import openpyxl
import pytest

from api.spreadsheets.__main__ import answer

Rows = list[dict[str, Any]]


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read(content: str | bytes, **choices: Any) -> tuple[dict[str, str | None], Rows]:
    """The field that is proposed for each head, and the rows as they are read by that, with the tables that are proposed."""
    content = content.encode() if isinstance(content, str) else content
    reading: dict[str, Any] = {"sheet": None, "encoding": None, "lists": {}, "hazards": {}, "substances": {}}
    looking = {"act": "describe", "name": None, "head_row": None, "values_of": None, "tables": None}
    looked = next(answer(reading | looking, content))
    mapping = {
        "head_row": looked["head_row"],
        "columns": {str(of["index"]): of["field"] for of in looked["columns"] if of["field"]},
    }
    tables = [table["table"] for table in looked["tables"] if table["chosen"]]
    previewing = {"act": "preview", "mapping": mapping, "choices": choices, "today": "2026-11-30", "tables": tables}
    *rows, _ = answer(reading | json.loads(json.dumps(previewing)), content)
    return {of["head"]: of["field"] for of in looked["columns"]}, rows


def kinds(row: dict[str, Any]) -> list[str]:
    return [problem["kind"] for problem in row["problems"] if problem["severity"] != "repaired"]


def amounts(rows: Rows) -> list[tuple[int, str | None, str | None]]:
    """Number of containers, and the amount and the pack size of each."""
    said = [row["container"] or {} for row in rows]
    parts = [[" ".join((of[name], of[unit])) if name in of else None for name, unit in (("amount", "unit"), ("pack_size", "pack_unit"))] for of in said]  # fmt: skip
    return [(row["count"], amount, pack) for row, (amount, pack) in zip(rows, parts, strict=True)]


# Heads


@pytest.mark.parametrize(
    "heads",
    [
        "Sostanza chimica;N. CAS;Quantità residua;Unità di misura;Stanza;Ditta;Data scadenza", "Nazwa odczynnika chemicznego;Numer CAS;Ilość;J.m.;Pomieszczenie;Producent;Data przydatności",
        "화학물질명(국문);CAS 번호;재고수량;단위;보관 장소;제조회사;유효기한", "Nome do reagente;Nº CAS;Qtd.;Un.;Local de armazenamento;Marca;Vencimento",
        "Naam stof;CAS-nummer;Hoeveelheid;Eenheid;Ruimte;Merk;Houdbaarheidsdatum", "Kimyasalın Adı;CAS Numarası;Kalan miktar;Birim;Dolap No;Firma;Son kullanım tarihi",
        "薬品;CAS RN;現在量;単位;保管庫名;メーカー名;使用期限", "药品名;CAS;库存数量;单位;存储位置;厂商;到期日期", "藥品名稱;CAS No.;庫存量;單位;櫃子;廠牌;有效日期",
        "Nom du produit chimique;N° CAS;Quantité restante;Unité de mesure;Lieu de stockage;Distributeur;Date de péremption",
        "Gefahrstoff;CAS;Gewicht;Mengeneinheit;Gebäude;Anbieter;Verwendbar bis", "Sustancia química;CAS;Cantidad disponible;Unidad de medida;Anaquel;Marca;Fecha de expiración",
    ],
)  # fmt: skip
def test_longer_heads_are_known_in_the_languages_of_labs(heads: str) -> None:
    fields, _ = read(heads + "\nAcetone;67-64-1;500;mL;A 1;Firm;2030-01-31\nEthanol;64-17-5;1;L;A 2;Firm;2031-01-31\n")
    assert list(fields.values()) == ["name", "cas_number", "amount", "unit", "location", "supplier", "expires_on"]


@pytest.mark.parametrize(
    "heads",
    [
        "Stoff;Fach;Schrank;Raum;Stockwerk;Gebäude", "Sostanza;Ripiano;Armadio;Stanza;Piano;Edificio", "Produit;Étagère;Armoire;Salle;Étage;Bâtiment",
        "Chemical;Shelf No;Cabinet No.;Room #;Floor;Bldg", "시약명;선반;시약장;실험실;층;건물", "試薬名;棚;保管庫;部屋;階;建物", "名称;层;柜;房间;楼层;楼",
        "Naam;Plank;Kast;Kamer;Verdieping;Gebouw", "Nazwa;Półka;Szafa;Pokój;Piętro;Budynek", "Kimyasal;Raf;Dolap;Oda;Kat;Bina",
        "Reagente;Prateleira;Armário;Sala;Andar;Prédio", "Reactivo;Estante;Gabinete;Sala;Piso;Edificio",
    ],
)  # fmt: skip
def test_the_building_is_outermost_in_the_languages_of_labs(heads: str) -> None:
    assert read(heads + "\nA;5;4;3;2;1\n")[1][0]["location_path"] == ["1", "2", "3", "4", "5"]


def test_a_location_stands_between_floor_and_its_own_parts() -> None:
    _, rows = read("Name,Sublocation,Location,Floor,Building\nA,Shelf 3,Room 101,1,Annex\n")
    assert rows[0]["location_path"] == ["Annex", "1", "Room 101", "Shelf 3"]


def test_brackets_and_figures_of_wide_keyboards_are_read() -> None:
    fields, rows = read("試薬名,容量（mL）,残量（g）\nA,５００,２０．５\n")
    assert list(fields.values()) == ["name", "pack_size", "amount"]
    assert amounts(rows) == [(1, "20.5 g", "500 mL")]


@pytest.mark.parametrize(
    "heads",
    ["Bestellnummer;Artikelnummer;Bezeichnung", "Order code;Catalog No;Name", "Bestelnummer;Artikelnummer;Naam"],
)
def test_the_number_of_an_order_is_no_catalogue_number_where_another_column_has_it(heads: str) -> None:
    _, rows = read(heads + "\n301;A-100;Aceton\n301;S-200;Salz\n")
    assert [row["chemical"]["catalogue_number"] for row in rows] == ["A-100", "S-200"]


# Tables and rows


@pytest.mark.parametrize("between", [",", ""])
def test_tables_side_by_side_may_have_other_words_for_the_same_fields(between: str) -> None:
    _, rows = read(
        f"Chemical,Qty,{between}Reagent name,Quantity\nAcetone,500 mL,{between}Ethanol,1 L\nToluene,2 L,{between}Hexane,3 L\n"
    )
    assert [row["chemical"]["name"] for row in rows] == ["Acetone", "Toluene", "Ethanol", "Hexane"]
    assert [row["container"]["amount"] for row in rows] == ["500", "2", "1", "3"]


@pytest.mark.parametrize(
    "total",
    ["Suma:", "Ogółem", "Genel Toplam", "Total geral", "Totale generale", "Insgesamt", "Zwischensumme", "Gesamt 12", "Summe Säuren:", "総計", "计", "합 계", "소계", "Всего", "Totaal: 3 flessen"],
)  # fmt: skip
def test_a_total_is_left_out_in_the_languages_of_labs(total: str) -> None:
    _, rows = read(f"Name;CAS;Amount\nAcetone;67-64-1;5 g\n{total};;5 g\n")
    assert [row["state"] for row in rows] == ["ready", "refused"]


@pytest.mark.parametrize("name", ["Total ionic strength buffer", "Summit reagent", "计数珠 beads", "TISAB"])
def test_a_chemical_that_begins_like_a_total_is_none(name: str) -> None:
    _, rows = read(f"Name;CAS;Amount\nAcetone;67-64-1;5 g\n{name};;5 g\n")
    assert rows[1]["state"] == "ready"


@pytest.mark.parametrize("word", ["keine", "sin CAS", "brak", "yok", "없음", "なし", "无", "geen", "nessuno"])
def test_no_cas_is_said_in_the_languages_of_labs(word: str) -> None:
    fields, rows = read(f"Name;CAS;Amount\nAcetone;67-64-1;5 g\nAcetone;{word};1 g\n")
    assert fields["CAS"] == "cas_number"
    assert [kinds(row) for row in rows] == [[], ["cas_of_same_name"]]


# Packs and numbers


@pytest.mark.parametrize(
    ("cell", "count", "pack"),
    [
        ("4x2.5L", 4, "2.5 L"), ("12 × 500 mL", 12, "500 mL"), ("6 X 1 L", 6, "1 L"), ("24 x 1 L", 24, "1 L"), ("500 mL x 6", 6, "500 mL"),
        ("500g x 2", 2, "500 g"), ("3L×4本", 4, "3 L"), ("５００ｍL×１０", 10, "500 mL"), ("1 x 500 g", 1, "500 g"),
    ],
)  # fmt: skip
def test_packs_of_several_are_read_in_any_order(cell: str, count: int, pack: str) -> None:
    assert amounts(read(f"Name,Pack size,Room\nAcetone,{cell},1\n")[1]) == [(count, None, pack)]


@pytest.mark.parametrize("cell", ["6/pk", "10/cs", "2 @ 500 mL", "500g + 250g"])
def test_a_pack_that_is_not_understood_is_asked_about(cell: str) -> None:
    _, rows = read(f"Name,Pack size,Room\nAcetone,{cell},1\n")
    assert (amounts(rows), kinds(rows[0])) == ([(1, None, None)], ["amount_unreadable"])


@pytest.mark.parametrize("head", ["Amount (mL)", "Volume_mL", "Milliliters"])
def test_packs_are_asked_about_where_the_head_has_the_unit(head: str) -> None:
    text = f"Name,{head}\nAcetone,500 x 10\nEthanol,2 x 2500\n"
    rows = read(text)[1]
    assert (amounts(rows), kinds(rows[0])) == ([(1, None, None), (2, "2500 mL", None)], ["pack_order"])
    assert amounts(read(text, repairs={"pack_order": True})[1])[0] == (10, "500 mL", None)


def test_packs_are_asked_about_where_the_unit_is_chosen() -> None:
    rows = read("Name,Amount\nAcetone,500 x 10\n", unit="mL")[1]
    assert (amounts(rows), kinds(rows[0])) == ([(1, None, None)], ["pack_order"])


def test_a_number_beside_packs_of_several_may_count_packs() -> None:
    text = "Substanz;Gebinde;Anzahl\nAceton;4 x 2,5 L;2\nEthanol;4 x 1 L;4\n"
    rows = read(text)[1]
    assert (amounts(rows), kinds(rows[0])) == ([(2, None, "2.5 L"), (4, None, "1 L")], ["count_of_packs"])
    assert rows[0]["container"]["notes"] == "Number of containers in the file: 2"
    assert amounts(read(text, repairs={"count_of_packs": True})[1])[0] == (8, None, "2.5 L")
    assert amounts(read(text, exceptions={"count_of_packs": [2]})[1])[0] == (8, None, "2.5 L")


@pytest.mark.parametrize("heads", ["Name,Size,UOM,Quantity", "Reagente,Capacidade,Unidade,Quantidade"])
def test_a_unit_behind_the_size_is_the_sizes(heads: str) -> None:
    _, rows = read(heads + "\nA,500,g,3\nB,1,L,2\n")
    assert [row["container"]["pack_size"] for row in rows] == ["500", "1"]
    assert [(row["count"], kinds(row)) for row in rows] in ([(3, []), (2, [])], [(1, ["count_or_amount"])] * 2)


def test_a_unit_behind_both_may_be_the_sizes() -> None:
    rows = read("Name,Size,Quantity,Unit\nA,500,3,g\nB,500,200,g\n")[1]
    assert amounts(rows) == [(1, None, "500 g"), (1, "200 g", None)]
    assert [kinds(row) for row in rows] == [["count_or_amount"], ["amount_without_unit"]]


def test_a_column_of_units_that_holds_sizes_is_the_pack_size() -> None:
    assert amounts(read("Name,Unit,Quantity\nA,500 g,3\nB,1 L,2\n")[1]) == [(3, None, "500 g"), (2, None, "1 L")]


def test_a_number_beside_grams_counts_no_containers() -> None:
    rows = read("시약명,수량,단위\nA,3,병\nD,500,g\nE,2,리터\n")[1]
    assert amounts(rows) == [(3, None, None), (1, "500 g", None), (1, "2 L", None)]
    rows = read("Naam,Aantal,Eenheid\nA,3,flessen\nB,500,gram\n")[1]
    assert amounts(rows) == [(3, None, None), (1, "500 g", None)]


@pytest.mark.parametrize(
    ("word", "amount"),
    [
        ("etti", "300 g"),
        ("gramów", "3 g"),
        ("litry", "3 L"),
        ("Liter(s)", "3 L"),
        ("szt.", "3 each"),
        ("pz", "3 each"),
        ("stuks", "3 each"),
    ],
)
def test_units_are_known_in_the_languages_of_labs(word: str, amount: str) -> None:
    assert amounts(read(f"Name,Amount,Unit\nA,3,{word}\n")[1]) == [(1, amount, None)]


@pytest.mark.parametrize("word", ["confezione", "op.", "słoiki", "paket", "팩", "盒", "ampolas", "paquets", "potten"])
def test_words_for_containers_are_known_in_the_languages_of_labs(word: str) -> None:
    assert amounts(read(f"Name,Amount,Unit\nA,3,{word}\nB,5,g\n")[1]) == [(3, None, None), (1, "5 g", None)]


def test_a_number_of_containers_with_a_comma_is_asked_about() -> None:
    rows = read('Name,Bottles,Room\nA,"1,000",1\nB,2.0,1\nC,3,1\nD,1,1\n')[1]
    assert [kinds(row) for row in rows] == [["containers_unreadable"], [], [], []]


# Thousands, decimals and prices


def test_a_point_beside_a_unit_groups_thousands_in_a_workbook_too() -> None:
    rows = read(workbook(["Substanz", "Menge"], ["Aceton", "1.000 g"], ["Ethanol", "2,5 L"]))[1]
    assert amounts(rows) == [(1, "1000 g", None), (1, "2.5 L", None)]
    assert (
        next(problem["proof"] for problem in rows[0]["problems"] if problem["kind"] == "thousands")
        == "as 2,5 L in row 3 shows"
    )


def test_a_point_beside_a_unit_is_asked_about_in_a_workbook_that_proves_nothing() -> None:
    content = workbook(["Substanz", "Menge"], ["Aceton", "1.000 g"], ["Ethanol", "2.500 g"])
    rows = read(content)[1]
    assert [kinds(row) for row in rows] == [["amount_comma"]] * 2
    assert rows[1]["problems"][0]["proof"] == "2500 or 2.5"
    assert amounts(read(content, repairs={"amount_comma": False})[1]) == [(1, "1 g", None), (1, "2.5 g", None)]
    assert amounts(read(workbook(["Name", "Amount", "Unit"], ["A", 1.125, "g"]))[1]) == [(1, "1.125 g", None)]


def test_prices_show_what_their_points_mean() -> None:
    rows = read("Name;Preis (EUR)\nA;1.000,50\nB;12,5\nC;1.200\n")[1]
    assert [row["container"]["price"] for row in rows] == ["1000.5", "12.5", "1200"]
    rows = read(workbook(["Name", "Preis (EUR)"], ["A", "12,50 €"], ["B", "1.200 €"], ["C", 12.125]))[1]
    assert [row["container"]["price"] for row in rows] == ["12.5", "1200", "12.125"]


@pytest.mark.parametrize(
    ("cell", "price", "currency"),
    [
        ("zł 12", "12", "PLN"), ("12000원", "12000", "KRW"), ("₩12000", "12000", "KRW"), ("R$ 12", "12", "BRL"), ("₺12", "12", "TRY"),
        ("1200円", "1200", "JPY"), ("12元", "12", "CNY"), ("CHF 12.-", "12", "CHF"), ("12 Kč", "12", "CZK"),
    ],
)  # fmt: skip
def test_signs_of_currencies_are_known(cell: str, price: str, currency: str) -> None:
    assert read(f"Nome,Prezzo\nA,{cell}\n")[1][0]["container"] == {"price": price, "currency": currency}


def test_a_sign_of_several_currencies_is_asked_about() -> None:
    assert [kinds(row) for row in read("Name,Price\nA,¥1200\nB,$12\n")[1]] == [["price_without_currency"]] * 2
    rows = read("Name,Price\nA,¥1200\nB,$12\n", currency="CNY")[1]
    assert rows[0]["container"] == {"price": "1200", "currency": "CNY"}
    assert "price" not in rows[1]["container"]
    assert "price" not in read("Name,Price (EUR)\nA,$12\n")[1][0]["container"], "dollars are no euros"


@pytest.mark.parametrize("heads", ["Preis;Währung", "Prix;Devise", "Prezzo;Valuta", "单价;币种"])
def test_a_column_of_currencies_is_known(heads: str) -> None:
    rows = read(f"Name;{heads}\nA;12,50;EUR\nB;3;€\n")[1]
    assert [row["container"] for row in rows] == [
        {"price": "12.5", "currency": "EUR"},
        {"price": "3", "currency": "EUR"},
    ]


def test_a_currency_behind_a_head_counts() -> None:
    assert read("Name,Preis in CHF\nA,12.50\n")[1][0]["container"] == {"price": "12.5", "currency": "CHF"}


# Units in heads


@pytest.mark.parametrize(
    "heads", ["Massa (g),Volume (L)", "Grams,Liters", "Quantity-g,Quantity-L", "무게(g),부피(L)", "重量（g）,体积（L）"]
)
def test_of_two_amounts_neither_is_lost_in_the_languages_of_labs(heads: str) -> None:
    rows = read(f"Name,{heads}\nA,500,\nB,,2.5\nC,3,4\n")[1]
    assert amounts(rows) == [(1, "500 g", None), (1, "2.5 L", None), (1, None, None)]
    assert kinds(rows[2]) == ["amounts_several"]


# Encodings


@pytest.mark.parametrize(
    ("encoding", "line"),
    [("cp1254", "Çinko tozu;Şişe"), ("mac_roman", "Éthanol;Étagère"), ("cp1250", "Hydroxid sodný;Železo")],
)
def test_a_capital_behind_a_small_letter_shows_a_wrong_encoding(encoding: str, line: str) -> None:
    rows = read(f"Name;Location\n{line}\nAcetone;1\n".encode(encoding))[1]
    assert [rows[0]["chemical"]["name"], *rows[0]["location_path"]] == line.split(";")
