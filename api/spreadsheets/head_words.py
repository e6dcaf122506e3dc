"""The heads of columns in German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish, Russian, Thai, Korean, Japanese and Chinese.

A line is a field and the words that mean it, separated by commas; each word is the whole head, without accents, case, spaces and marks.
English heads are patterns in `heads`, because they vary more.
"""

_WORDS = """
name: chemikalie, substanz, stoff, stoffbezeichnung, produktname, produktbezeichnung, artikelbezeichnung, reagenz, reagens, chemikalienname
name: nom du produit, produit, produit chimique, substance chimique, designation, reactif, reactifs, nom chimique, denomination
name: nombre, sustancia, sustancias, reactivo, reactivos, producto, producto quimico, compuesto, nombre del producto, nombre quimico, nombre del reactivo, descripcion
name: nome, substancia, reagente, reagentes, produto, produto quimico, composto, designacao, nome do produto, nome do reagente
name: sostanza, prodotto, denominazione, composto, nome prodotto, nome chimico, reagente chimico
name: naam, stof, stofnaam, productnaam, chemicalie, chemische stof, omschrijving
name: nazwa, substancja, odczynnik, nazwa odczynnika, nazwa substancji, nazwa chemiczna, nazwa produktu
name: ad, adı, isim, madde, madde adı, kimyasal, kimyasal adı, kimyasal madde, kimyasal madde adı, malzeme, malzeme adı, ürün, ürün adı
name: название, наименование, реактив, реактивы, вещество, наименование реактива, название вещества, название реактива
name: ชื่อสารเคมี, ชื่อ, สารเคมี, รายการ, รายการสารเคมี
name: 이름, 명칭, 품명, 시약, 시약명, 물질명, 화학물질명, 제품명
name: 名称, 品名, 試薬, 試薬名, 薬品名, 物質名, 化合物名, 製品名, 薬品名称
name: 名稱, 试剂, 试剂名称, 試劑名稱, 药品名称, 藥品名稱, 化学品名称, 化學品名稱, 物质名称, 产品名称, 中文名, 中文名称
synonyms: synonyme, synonymes, sinonimos, sinonimo, sinonimi, synoniemen, synonimy, eş anlamlı, 동의어, 이명, 別名, 别名, 同义词, 英文名, 英文名称
formula: формула, химическая формула, สูตร, สูตรเคมี
formula: formule, formule brute, formula molecular, formula quimica, formula chimica, molecuulformule, wzor, wzor sumaryczny, formul, kimyasal formul, 화학식, 분자식, 化学式, 分子式
molar_mass_g_per_mol: molare masse, masse molaire, masa molar, peso molecular, massa molar, massa molare, peso molecolare, molmassa, masa molowa, molekul agırlıgı, 분자량, 分子量
density_g_per_ml: densite, densidad, densidade, densita, dichtheid, gestosc, yogunluk, 밀도, 密度
physical_state: aggregatzustand, etat, etat physique, estado fisico, stato fisico, fysische toestand, stan skupienia, fiziksel hal, 성상, 状態, 状态
h_statements: h satze, mentions de danger, phrases h, frases h, frasi h, h zinnen, zwroty h
barcode: strichcode, code barres, codigo de barras, codice a barre, streepjescode, kod kreskowy, barkod, 바코드, バーコード, 条形码, 条码
file_number: номер, п п, no п п, ลำดับ, ลำดับที่
file_number: nummer, lfd nr, numero, num, n°, nº, codigo, codice, lp, sıra, sıra no, 번호, 연번, 순번, 番号, 序号, 编号, 編號
location: ort, standort, lagerplatz, raum, schrank, regal, kuhlschrank, emplacement, lieu, localisation, lieu de stockage, salle, armoire, etagere
location: ubicacion, lugar, localizacion, sala, armario, estante, estanteria, localizacao, local, prateleira, posizione, ubicazione, luogo, armadio, stanza, scaffale
location: locatie, plaats, kast, kamer, lokaal, miejsce, lokalizacja, szafa, połka, pokoj, yer, yeri, konum, dolap, raf, oda, bulundugu yer
location: место хранения, местоположение, место, помещение, шкаф, полка, комната, สถานที่เก็บ, สถานที่, ตู้, ชั้น, ห้อง
location: 위치, 장소, 보관장소, 보관위치, 場所, 保管場所, 保管庫, 棚, 位置, 存放位置, 存放地点, 地点, 柜, 櫃
amount: menge, bestand, restmenge, inhalt, quantite, qte, cantidad, existencias, quantidade, estoque, quantita, giacenza, hoeveelheid, voorraad, ilosc, miktar, miktarı, stok
amount: количество, кол во, остаток, объем, масса, ปริมาณ, จำนวน, คงเหลือ
amount: 재고량, 재고, 残量, 在庫量, 数量, 库存, 库存量, 余量
unit: единица измерения, ед изм, единица, หน่วย
unit: einheit, unite, unidad, unidades, unidade, unita, unita di misura, eenheid, jednostka, birim, 단위, 単位, 单位, 單位
pack_size: gebinde, gebindegroße, gebindegrosse, packungsgroße, packungsgrosse, conditionnement, contenance, envase, presentacion, contenido, embalagem, capacidade, confezione
pack_size: фасовка, упаковка, ขนาดบรรจุ
pack_size: verpakking, inhoud, opakowanie, wielkosc opakowania, ambalaj, ambalaj miktarı, 규격, 용량, 포장단위, 容量, 規格, 包装, 规格, 包装规格
containers: anzahl, anzahl gebinde, nombre de flacons, numero de envases, liczba, adet, 개수, 수량, 本数, 瓶数
supplier: hersteller, lieferant, firma, fournisseur, fabricant, marque, proveedor, fabricante, marca, fornecedor, fornitore, produttore, leverancier, fabrikant
supplier: empresa, casa comercial, marca comercial, производитель, поставщик, фирма, ผู้ผลิต, บริษัท, ยี่ห้อ
supplier: dostawca, producent, tedarikci, uretici, uretici firma, marka, 공급처, 제조사, 구입처, 회사, 供給元, メーカー, 製造元, 供应商, 厂家, 生产厂家, 品牌, 廠商
catalogue_number: artikelnummer, bestellnummer, bestell nr, katalognummer, reference, ref, numero de catalogue, referencia, numero de catalogo, codice prodotto, bestelnummer
catalogue_number: catalogo, no de catalogo, num catalogo, каталожный номер, артикул, кат номер
catalogue_number: numer katalogowy, katalog no, katalog numarası, 카탈로그번호, 제품번호, 품번, カタログ番号, 製品番号, 品番, 货号, 目录号, 貨號
lot: номер партии, серия
lot: chargennummer, numero de lot, n° de lot, lote, numero de lote, lotto, partij, partia, seria, numer serii, parti no, 로트번호, ロット, ロット番号, 批号, 批號
purity: чистота, квалификация
purity: reinheit, purete, pureza, purezza, zuiverheid, czystosc, saflık, 순도, 純度, 纯度
received_on: eingangsdatum, lieferdatum, date de reception, fecha de recepcion, fecha de entrada, data de recebimento, data di ricevimento, ontvangstdatum, data przyjecia
received_on: gelis tarihi, 입고일, 구입일, 入荷日, 購入日, 入库日期, 购买日期
opened_on: anbruch, geoffnet am, offnungsdatum, date d ouverture, fecha de apertura, data de abertura, data di apertura, openingsdatum, data otwarcia, acılıs tarihi, 개봉일, 開封日, 开封日期
expires_on: verfall, verfallsdatum, haltbar bis, ablaufdatum, mindesthaltbarkeit, date de peremption, peremption, date d expiration, caducidad, fecha de caducidad, vencimiento
expires_on: fecha de vencimiento, validade, data de validade, scadenza, data di scadenza, houdbaar tot, vervaldatum, data waznosci, termin waznosci, son kullanma tarihi, skt
expires_on: срок годности, годен до, วันหมดอายุ
expires_on: 유효기간, 유통기한, 有効期限, 使用期限, 有效期, 有效期至, 失效日期
price: preis, prix, precio, preco, prezzo, prijs, cena, fiyat, 가격, 価格, 价格, 单价
owner: laboratorio, laboratoire, labor, ответственный, หน่วยงาน
owner: besitzer, verantwortlich, proprietaire, responsable, responsavel, responsabile, eigenaar, własciciel, sorumlu, 담당자, 관리자, 担当者, 负责人, 管理员
notes: примечание, примечания, หมายเหตุ
notes: remarques, commentaires, observations, observaciones, notas, comentarios, observacoes, osservazioni, opmerkingen, uwagi, acıklama, notlar, 비고, 메모, 備考, メモ, 备注, 備註
"""


def words() -> list[tuple[str, str]]:
    """Pairs of a field and a head that means it, as people write the head."""
    return [
        (field, word.strip())
        for line in _WORDS.strip().splitlines()
        for field, heads in [line.split(": ", 1)]
        for word in heads.split(",")
    ]
