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
name: chemikalien, gefahrstoff, gefahrstoffbezeichnung, produkt, artikel, artikelname, nom du produit chimique, nom du reactif, nom de la substance, nom produit, libelle
name: nombre de la sustancia, sustancia quimica, reactivo quimico, nome da substancia, substancia quimica, nome do produto quimico, nome quimico, molecula
name: sostanza chimica, nome sostanza, nome della sostanza, nome reagente, nome composto, prodotto chimico, descrizione, reattivo, reattivi
name: naam stof, naam product, naam chemicalie, artikelomschrijving, productomschrijving, nazwa odczynnika chemicznego, nazwa substancji chemicznej, odczynniki, zwiazek, zwiazek chemiczny
name: kimyasalın adı, kimyasal ismi, maddenin adı, reaktif, reaktif adı, 시약 이름, 화학물질, 화학물질 명칭, 물질명칭, 품목, 품목명, 물품명, 薬品, 試薬名称, 化学物質名, 物質名称, 商品名, 品目
name: 试剂名, 药品, 药品名, 化学品, 化学名称, 物品名称, 商品名称, 产品名, 中文名稱, 藥品, 化學藥品名稱, 化學品, 物質名稱
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
file_number: 管理番号, 관리번호, 관리 번호
location: ort, standort, lagerplatz, raum, schrank, regal, kuhlschrank, emplacement, lieu, localisation, lieu de stockage, salle, armoire, etagere
location: ubicacion, lugar, localizacion, sala, armario, estante, estanteria, localizacao, local, prateleira, posizione, ubicazione, luogo, armadio, stanza, scaffale
location: locatie, plaats, kast, kamer, lokaal, miejsce, lokalizacja, szafa, połka, pokoj, yer, yeri, konum, dolap, raf, oda, bulundugu yer
location: место хранения, местоположение, место, помещение, шкаф, полка, комната, สถานที่เก็บ, สถานที่, ตู้, ชั้น, ห้อง
location: 위치, 장소, 보관장소, 보관위치, 場所, 保管場所, 保管庫, 棚, 位置, 存放位置, 存放地点, 地点, 柜, 櫃
location: gebaude, stockwerk, etage, fach, schublade, gefrierschrank, lagerraum, batiment, niveau, piece, tiroir, rayon, refrigerateur, congelateur, placard, emplacement de stockage
location: edificio, piso, planta, anaquel, repisa, gabinete, cajon, nevera, refrigerador, congelador, almacen, bodega, deposito, lugar de almacenamiento, predio, andar, geladeira, gaveta
location: bancada, almoxarifado, local de armazenamento, piano, ripiano, cassetto, frigorifero, congelatore, luogo di stoccaggio, luogo di conservazione
location: gebouw, verdieping, ruimte, plank, lade, koelkast, vriezer, opslaglocatie, opslagplaats, budynek, pietro, pomieszczenie, regał, szuflada, lodowka, zamrazarka, magazyn, miejsce przechowywania
location: bina, kat, dolap no, raf no, oda no, buzdolabı, cekmece, depo, saklama yeri, здание, корпус, этаж, кабинет, стеллаж, холодильник
location: 건물, 층, 호실, 실험실, 시약장, 선반, 냉장고, 보관실, 보관함, 建物, 階, 部屋, 部屋番号, 保管庫名, 保管場所名, 棚番号, 冷蔵庫, 引き出し, 置き場所, 置場
location: 校区, 大楼, 楼, 楼层, 房间, 房间号, 实验室, 柜子, 柜号, 试剂柜, 货架, 架, 层, 层号, 冰箱, 抽屉, 存储位置, 储存位置, 存放处, 库位, 大樓, 樓, 樓層, 房間, 櫃子, 櫃號
amount: menge, bestand, restmenge, inhalt, quantite, qte, cantidad, existencias, quantidade, estoque, quantita, giacenza, hoeveelheid, voorraad, ilosc, miktar, miktarı, stok
amount: количество, кол во, остаток, объем, масса, ปริมาณ, จำนวน, คงเหลือ
amount: 재고량, 재고, 残量, 在庫量, 数量, 库存, 库存量, 余量
amount: masse, gewicht, volumen, fullmenge, aktueller bestand, quantite restante, quantite disponible, stock restant, poids, cantidad restante, cantidad disponible, cantidad actual, existencia, masa, peso
amount: qtd, qtde, quantidade restante, quantidade disponivel, quantidade atual, saldo, massa, quantita residua, quantita disponibile, rimanenza, restant
amount: ilosc pozostała, stan magazynowy, waga, objetosc, kalan miktar, mevcut miktar, stok miktarı, agırlık, kutle, hacim, вес
amount: 잔량, 잔여량, 현재량, 보유량, 중량, 무게, 부피, 재고수량, 現在量, 在庫, 保有量, 重量, 体積, 剩余量, 剩余, 现有量, 库存数量, 质量, 体积, 數量, 庫存, 庫存量, 剩餘量
unit: единица измерения, ед изм, единица, หน่วย
unit: einheit, unite, unidad, unidades, unidade, unita, unita di misura, eenheid, jednostka, birim, 단위, 単位, 单位, 單位
unit: mengeneinheit, maßeinheit, unite de mesure, unidad de medida, unidade de medida, u m, j m, jedn, jednostka miary, un, und, unid, maateenheid, olcu birimi, 计量单位, 計量單位
pack_size: gebinde, gebindegroße, gebindegrosse, packungsgroße, packungsgrosse, conditionnement, contenance, envase, presentacion, contenido, embalagem, capacidade, confezione
pack_size: фасовка, упаковка, ขนาดบรรจุ
pack_size: verpakking, inhoud, opakowanie, wielkosc opakowania, ambalaj, ambalaj miktarı, 규격, 용량, 포장단위, 容量, 規格, 包装, 规格, 包装规格
pack_size: flaschengroße, gebindeinhalt, packungsinhalt, taille du conditionnement, volume du flacon, capacite, tamaño del envase, contenido neto, tamanho da embalagem, volume da embalagem, apresentacao
pack_size: formato, dimensione confezione, capacita, verpakkingsgrootte, opak, pojemnosc, ambalaj boyutu, ambalaj buyuklugu, 포장규격, 포장, 포장용량, 内容量, 包装単位, 包装容量, 包装量, 净含量, 包裝, 包裝規格
containers: anzahl, anzahl gebinde, nombre de flacons, numero de envases, liczba, adet, 개수, 수량, 本数, 瓶数
containers: stuck, stuckzahl, anzahl flaschen, flaschen, nombre de bouteilles, nb de flacons, nb flacons, nombre de contenants, flacons, n de frascos, no de frascos, numero de frascos
containers: frascos, cantidad de frascos, quantidade de frascos, qtd frascos, n de envases, no de envases, envases, n confezioni, numero confezioni, confezioni, n flaconi, numero flaconi, flaconi
containers: n bottiglie, numero bottiglie, bottiglie, numero contenitori, pezzi, n pezzi, aantal, aantal flessen, aantal verpakkingen, aantal stuks, flessen, stuks
containers: liczba opakowan, liczba butelek, liczba sztuk, ilosc opakowan, ilosc sztuk, butelki, opakowania, szt, sise sayısı, ambalaj adedi, 병수, 보유수량, 個数, 在庫数, 残数, 瓶數, 个数, 件数
supplier: hersteller, lieferant, firma, fournisseur, fabricant, marque, proveedor, fabricante, marca, fornecedor, fornitore, produttore, leverancier, fabrikant
supplier: empresa, casa comercial, marca comercial, производитель, поставщик, фирма, ผู้ผลิต, บริษัท, ยี่ห้อ
supplier: dostawca, producent, tedarikci, uretici, uretici firma, marka, 공급처, 제조사, 구입처, 회사, 供給元, メーカー, 製造元, 供应商, 厂家, 生产厂家, 品牌, 廠商
supplier: anbieter, bezugsquelle, distributeur, ditta, azienda, casa produttrice, marchio, merk, wytworca, satıcı, 제조회사, 구매처, 판매처, 업체, 공급업체, 브랜드, 製造会社, 販売元, 購入先, 会社名, メーカー名
supplier: 厂商, 厂牌, 生产商, 生产企业, 制造商, 供货商, 供應商, 廠牌, 製造商
catalogue_number: artikelnummer, bestellnummer, bestell nr, katalognummer, reference, ref, numero de catalogue, referencia, numero de catalogo, codice prodotto, bestelnummer
catalogue_number: catalogo, no de catalogo, num catalogo, каталожный номер, артикул, кат номер
catalogue_number: numer katalogowy, katalog no, katalog numarası, 카탈로그번호, 제품번호, 품번, カタログ番号, 製品番号, 品番, 货号, 目录号, 貨號
catalogue_number: art nr, artikelnr, produktnummer, kat nr, katalog nr, code article, reference produit, codigo de producto, numero de referencia, codigo do produto, codice articolo, numero di catalogo
catalogue_number: catalogusnummer, nr kat, nr katalogowy, urun kodu, kat no, 제품코드, 商品コード, 製品コード, 商品番号, カタログno, 产品编号, 商品编号, 目錄號, 產品編號
lot: номер партии, серия
lot: chargennummer, numero de lot, n° de lot, lote, numero de lote, lotto, partij, partia, seria, numer serii, parti no, 로트번호, ロット, ロット番号, 批号, 批號
lot: chargennr, n lot, no lot, no de lot, no de lote, n de lote, n lote, numero lotto, n lotto, chargenummer, batchnummer, lotnummer, nr partii, nr serii, parti numarası, lot numarası, lot번호, 로트, ロットno, 生产批号
purity: чистота, квалификация
purity: reinheit, purete, pureza, purezza, zuiverheid, czystosc, saflık, 순도, 純度, 纯度
purity: qualitat, qualite, grado, grado di purezza, grau de pureza, stopien czystosci, 등급, グレード, 等级, 级别
received_on: eingangsdatum, lieferdatum, date de reception, fecha de recepcion, fecha de entrada, data de recebimento, data di ricevimento, ontvangstdatum, data przyjecia
received_on: gelis tarihi, 입고일, 구입일, 入荷日, 購入日, 入库日期, 购买日期
received_on: eingang, wareneingang, kaufdatum, date d achat, date de livraison, fecha de compra, fecha de adquisicion, data de compra, data de entrada, data de aquisicao, data acquisto, data di acquisto, data di arrivo
received_on: datum ontvangst, ontvangen op, aankoopdatum, data zakupu, data otrzymania, data dostawy, satın alma tarihi, alım tarihi, 입고일자, 구입일자, 구매일, 구매일자, 購入年月日, 入庫日, 受入日, 购入日期, 采购日期, 到货日期, 購買日期
opened_on: anbruch, geoffnet am, offnungsdatum, date d ouverture, fecha de apertura, data de abertura, data di apertura, openingsdatum, data otwarcia, acılıs tarihi, 개봉일, 開封日, 开封日期
opened_on: geoffnet, angebrochen am, data apertura, geopend op, 개봉일자, 開封年月日
expires_on: verfall, verfallsdatum, haltbar bis, ablaufdatum, mindesthaltbarkeit, date de peremption, peremption, date d expiration, caducidad, fecha de caducidad, vencimiento
expires_on: fecha de vencimiento, validade, data de validade, scadenza, data di scadenza, houdbaar tot, vervaldatum, data waznosci, termin waznosci, son kullanma tarihi, skt
expires_on: срок годности, годен до, วันหมดอายุ
expires_on: 유효기간, 유통기한, 有効期限, 使用期限, 有效期, 有效期至, 失效日期
expires_on: ablauf, mhd, verwendbar bis, fecha de expiracion, vencimento, data de vencimento, data scadenza, houdbaarheidsdatum, tht, data przydatnosci, termin przydatnosci, son kullanım tarihi
expires_on: 유효기한, 사용기한, 만료일, 有效日期, 有效期限, 到期日期, 过期日期
price: preis, prix, precio, preco, prezzo, prijs, cena, fiyat, 가격, 価格, 价格, 单价
price: stuckpreis, einzelpreis, prix unitaire, precio unitario, preco unitario, prezzo unitario, eenheidsprijs, cena jednostkowa, birim fiyat, 단가, 単価
owner: laboratorio, laboratoire, labor, ответственный, หน่วยงาน
owner: besitzer, verantwortlich, proprietaire, responsable, responsavel, responsabile, eigenaar, własciciel, sorumlu, 담당자, 관리자, 担当者, 负责人, 管理员
notes: примечание, примечания, หมายเหตุ
currency: wahrung, devise, moneda, moeda, valuta, waluta, para birimi, 통화, 通貨, 货币, 币种
notes: remarques, commentaires, observations, observaciones, notas, comentarios, observacoes, osservazioni, opmerkingen, uwagi, acıklama, notlar, 비고, 메모, 備考, メモ, 备注, 備註
notes: anmerkung, anmerkungen, remarque, commentaire, observation, observacion, nota, comentario, commenti, annotazioni, opmerking, uwaga, obs, 특이사항, 说明, 說明
"""


def words() -> list[tuple[str, str]]:
    """Pairs of a field and a head that means it, as people write the head."""
    return [
        (field, word.strip())
        for line in _WORDS.strip().splitlines()
        for field, heads in [line.split(": ", 1)]
        for word in heads.split(",")
    ]
