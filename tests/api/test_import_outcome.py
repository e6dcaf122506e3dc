"""What stays of an import that was loaded: its file as it was, the rows left out, and barcodes in the order of the file."""

import asyncio
import csv
import io
from urllib.parse import quote

import psycopg
import pytest
from fastapi import Request

from api.core.exports import NO_TURN, Download, Sending
from api.core.problems import Problem
from tests.api.test_database import database_of, visit
from tests.api.test_imports import commit, loaded, read, upload, uploaded
from tests.coroutines import run
from tests.installation import Client, Installation, words
from tests.sql.shelf import shelf

LIST = "Barcode,Name,CAS,Amount\nF-1,Filanol,64-17-5,500 mL\n,,NO CAS,1 g\nF-1,Acetone,67-64-1,1 L\n"
NAME = "Liste Müller; neu 2026.csv"


def test_new_barcodes_stand_in_their_order_in_a_new_installation(installation: Installation) -> None:
    """PostgreSQL 16 and later read a table that is known to be empty by a plan that keeps no order."""
    installation.psql("ANALYZE inventory.containers")
    codes = installation.psql("SELECT code FROM inventory.next_barcodes(300) AS code", lab="hodgkin")
    assert (len(codes), codes) == (300, sorted(codes))


@pytest.fixture(scope="module")
def made(installation: Installation) -> str:
    """The path of an import of LIST that was loaded."""
    ada = installation.as_user("ada")
    path = f"/labs/curie/imports/{upload(ada, LIST, NAME).json()['id']}"
    read(ada, path)
    assert commit(ada, path)[-1]["outcome"]["loaded"] == 1
    return path


def test_the_file_stays_as_it_was(installation: Installation, made: str) -> None:
    ada = installation.as_user("ada")
    assert ada.get(made).json()["file_is_kept"]
    file = ada.get(f"{made}/file")
    assert (file.status_code, file.content, file.headers["Content-Type"]) == (
        200,
        LIST.encode(),
        "application/octet-stream",
    )
    assert file.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote(NAME, safe='')}"
    [event] = ada.get("/labs/curie/events", params={"kind": ["exported"]}).json()["items"][:1]
    assert f"import-{made.rpartition('/')[2]}" in str(event)
    assert ada.get(f"{made}/columns").status_code == 409


def test_the_trace_that_administrators_read_does_not_name_the_file(installation: Installation) -> None:
    ada = installation.as_user("ada")
    imports = [uploaded(ada, "Name,Room\nSalt,1\n").rsplit("/")[-1] for _ in range(2)]
    read(ada, f"/labs/curie/imports/{imports[0]}")
    commit(ada, f"/labs/curie/imports/{imports[0]}")
    assert ada.post(f"/labs/curie/imports/{imports[0]}/take-back").status_code == 200
    assert ada.post(f"/labs/curie/imports/{imports[1]}/cancel").status_code < 300
    found = installation.psql(
        "SELECT kind, details FROM control.events WHERE details ->> 'import' = ANY (%s) ORDER BY kind", imports
    )
    numbers = [int(number) for number in imports]
    assert found == [
        ("import_cancelled", {"import": numbers[1]}), ("import_loaded", {"import": numbers[0]}),
        ("import_taken_back", {"import": numbers[0]}), *(("import_uploaded", {"import": number}) for number in numbers),
    ]  # fmt: skip


def test_managers_of_the_lab_alone_take_the_file_away(installation: Installation, made: str) -> None:
    assert installation.as_user("ben").get(f"{made}/file").status_code == 403
    assert installation.as_user("eve").get(f"{made}/file").status_code == 404
    eves = made.replace("curie", "hodgkin")
    assert installation.as_user("eve").get(f"{eves}/file").status_code == 404


def test_the_steps_of_an_import_may_take_longer_than_other_statements(installation: Installation) -> None:
    """A row of the preview, and a row that is loaded, is written only under the longer limit of its step."""
    limits = {"import_rows": "50 s", "movements": "10 min"}
    for table, least in limits.items():
        installation.psql(
            f"""CREATE FUNCTION inventory.patient_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                  IF current_setting('statement_timeout')::interval < '{least}' THEN RAISE EXCEPTION 'a limit of %', current_setting('statement_timeout'); END IF;
                  RETURN new; END $$"""
        )
        installation.psql(
            f"CREATE TRIGGER patient BEFORE INSERT ON inventory.{table} FOR EACH ROW EXECUTE FUNCTION inventory.patient_{table}()"
        )
    try:
        assert loaded(installation.as_user("ada"), "Barcode,Name,Amount\nP-1,Patientol,1 g\n")["loaded"] == 1
    finally:
        for table in limits:
            installation.psql(f"DROP FUNCTION inventory.patient_{table}() CASCADE")


def test_a_file_whose_turn_does_not_come_in_time_is_a_problem_and_no_fault(installation: Installation) -> None:
    async def read_without_end() -> tuple[str, bytes]:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async def scene() -> None:
        async with database_of(installation) as database:
            file = Download(Request({"type": "http"}), Sending(), most_seconds=0)
            await file.original(visit(installation, "ada", "curie"), database, "import-1", read_without_end)

    with pytest.raises(Problem, match=NO_TURN) as refused:
        run(scene())
    assert refused.value.status == 503


def test_a_file_that_was_loaded_is_never_replaced(installation: Installation, made: str) -> None:
    number = int(made.rpartition("/")[2])
    with pytest.raises(psycopg.errors.CheckViolation):
        installation.psql("UPDATE inventory.imports SET content = 'x' WHERE id = %s", number, lab="curie")


def test_a_cancelled_import_keeps_no_file(installation: Installation) -> None:
    ada = installation.as_user("ada")
    path = uploaded(ada, LIST)
    assert ada.post(f"{path}/cancel").json()["file_is_kept"] is False
    assert ada.get(f"{path}/file").status_code == 409


def test_the_latest_twenty_files_are_kept_and_a_hundred_megabytes_of_them(installation: Installation) -> None:
    """Other imports were loaded meanwhile: 30 small ones, and before them 3 of 45 MB each."""
    add = """INSERT INTO inventory.imports (file_name, content, committed_at, made_by)
             SELECT %s, convert_to(repeat('x', %s), 'UTF8'), '2020-01-01'::timestamptz + n * interval '1 hour', (SELECT min(m.user_id) FROM control.members m WHERE m.lab_id = control.lab_id())
               FROM generate_series(1, %s) AS n"""
    eve = installation.as_user("eve")
    kept = "SELECT file_name, count(*) FROM inventory.imports WHERE content IS NOT NULL AND committed_at < '2021-01-01' GROUP BY 1"
    installation.psql(add, "large", 45 * 1024 * 1024, 3, lab="hodgkin")
    loaded(eve, "Barcode,Name,Amount\nL-1,One,1 g\n", "hodgkin")
    assert installation.psql(kept, lab="hodgkin") == [("large", 2)]
    installation.psql("UPDATE inventory.imports SET content = NULL WHERE file_name = 'large'", lab="hodgkin")
    installation.psql(add, "small", 5, 30, lab="hodgkin")
    loaded(eve, "Barcode,Name,Amount\nL-2,Two,1 g\n", "hodgkin")
    assert installation.psql(kept, lab="hodgkin") == [("small", 18)]


def test_after_an_import_was_taken_back_any_number_can_be_loaded(installation: Installation) -> None:
    """The files of the oldest are dropped, although their imports were taken back."""
    add = """INSERT INTO inventory.imports (file_name, content, reading, committed_at, made_by)
             SELECT 'taken back', 'x', '{"taken_back": {"disposed": 1}}', '2019-01-01'::timestamptz + n * interval '1 hour',
                    (SELECT min(m.user_id) FROM control.members m WHERE m.lab_id = control.lab_id())
               FROM generate_series(1, 30) AS n"""
    installation.psql(add, lab="hodgkin")
    loaded(installation.as_user("eve"), "Barcode,Name,Amount\nL-3,Three,1 g\n", "hodgkin")
    kept = "SELECT count(*) < 30 FROM inventory.imports WHERE content IS NOT NULL AND file_name = 'taken back'"
    assert installation.psql(kept, lab="hodgkin") == [(True,)]


def test_the_rows_left_out_come_in_again_by_the_columns_that_were_chosen(installation: Installation, made: str) -> None:
    ada = installation.as_user("ada")
    lines = list(csv.reader(io.StringIO(ada.get(f"{made}/refused.csv").content.decode("utf-8-sig"), newline="")))
    assert [line[0] for line in lines] == ["Row", "3", "4"]
    lines[1][3], lines[2][2] = "Restol", "F-2"
    mended = io.StringIO()
    csv.writer(mended).writerows(lines)
    path = uploaded(ada, mended.getvalue())
    assert ada.get(f"{path}/columns").json()["remembered"] == NAME
    assert read(ada, path)["summary"]["refused"] == 0
    assert commit(ada, path, with_questions=True)[-1]["outcome"]["containers"] == 2
    [(name,)] = installation.psql("SELECT chemical_name FROM inventory.stock WHERE barcode = 'F-2'", lab="curie")
    assert name == "Acetone"


def test_new_barcodes_stand_in_the_order_of_the_file(installation: Installation) -> None:
    """Over several portions of a load, with rows that bring a barcode or make several containers between the others."""
    lines = [
        f"{'ORD-' + str(n) if n % 7 == 0 else ''},Order {n * 7919 % 1201:04},{1 + n % 3 if n % 7 else 1},5,g"
        for n in range(1, 1201)
    ]
    eve: Client = installation.as_user("eve")
    loaded(eve, "Barcode,Name,Containers,Amount,Unit\n" + "\n".join(lines) + "\n", "hodgkin")
    rows = installation.psql(
        "SELECT chemical_name FROM inventory.stock WHERE chemical_name LIKE 'Order %%' AND barcode NOT LIKE 'ORD-%%' ORDER BY barcode",
        lab="hodgkin",
    )
    of_the_file = [f"Order {n * 7919 % 1201:04}" for n in range(1, 1201) if n % 7 for _ in range(1 + n % 3)]
    assert [name for (name,) in rows] == of_the_file


def test_a_value_that_does_not_fit_names_its_field_and_says_why(installation: Installation) -> None:
    ada = installation.as_user("ada")
    head = "Name,Amount,Unit,LGK,Phase,MSDS,InChIKey,Signal word,Pictograms,Mindestmenge"
    path = uploaded(ada, f"{head}\nUnfit,1,g,{'x' * 41},wavy,www.x.org,ABC,Peril,GHS02,lots\n")
    looked = ada.get(f"{path}/columns").json()
    columns = {str(one["index"]): one["field"] for one in looked["columns"]} | {
        "3": "storage_class",
        "4": "physical_state",
        "6": "inchikey",
        "5": "sds_url",
        "9": "low_stock_amount",
    }
    assert ada.put(f"{path}/reading", json={"head_row": 1, "columns": columns}).status_code == 200
    [row] = ada.get(f"{path}/rows", params={"kind": "value_left_out"}).json()["items"]
    said = {problem["column"]: problem["proof"] for problem in row["problems"] if problem["kind"] == "value_left_out"}
    assert said == {
        "Storage class (column LGK)": "at most 40 characters",
        "Physical state (column Phase)": "none of gas, liquid, solid, or more than one",
        "Safety data sheet (column MSDS)": "Write a web address that begins with https://.",
        "InChIKey": "Write an InChIKey, such as WYURNTSHIVDZCO-UHFFFAOYSA-N.",
        "Signal word": "neither Danger nor Warning",
        "Reorder at (column Mindestmenge)": "no amount with a unit that is known here",
    }


def test_hazards_that_an_import_fills_say_where_they_come_from(installation: Installation) -> None:
    ada = installation.as_user("ada")
    path = uploaded(ada, "Barcode,Name,CAS,Amount\nHAZ-1,Ethanol of the list,64-17-5,1 L\n")
    read(ada, path)
    [row] = ada.get(f"{path}/rows", params={"kind": "hazards_filled"}).json()["items"]
    [(source,)] = installation.psql("SELECT source FROM reference.hazard_classifications WHERE cas_number = '64-17-5'")
    assert [problem["proof"] for problem in row["problems"] if problem["kind"] == "hazards_filled"] == [
        f"from {source}"
    ]
    commit(ada, path)
    [(chemical,)] = installation.psql("SELECT chemical_id FROM inventory.stock WHERE barcode = 'HAZ-1'", lab="curie")
    where = f"/labs/curie/chemicals/{chemical}"
    assert ada.get(where).json()["hazards_from"] == source
    assert f"From {source}." in words(installation.page("chemicals", "ada").soup(f"/chemicals/curie/{chemical}"))
    for file in ("containers", "chemicals"):
        lines = csv.DictReader(io.StringIO(ada.get(f"/labs/curie/{file}.csv").content.decode("utf-8-sig"), newline=""))
        assert [line["Source of the hazards"] for line in lines if line["Name"] == "Ethanol of the list"] == [source]
    page = installation.page("chemicals", "ada").soup(f"/chemicals/curie/{chemical}")
    assert "Taken over by Ada Lind on" in words(page)
    kept = {"h_statements": ["H225", "H319"], "signal_word": "Danger", "pictograms": ["GHS02", "GHS07"]}
    assert ada.patch(where, json={"notes": "Opened"} | kept).status_code == 200
    assert ada.get(where).json()["hazards_from"] == source
    assert ada.patch(where, json={"h_statements": ["H225"]}).status_code == 200
    assert ada.get(where).json()["hazards_from"] is None


def test_hazards_say_who_entered_them_or_which_list_says_them(installation: Installation) -> None:
    ada, ben = installation.as_user("ada"), installation.as_user("ben")
    first = "Barcode,Name,H statements,Amount\nHZ-1,Listed salt,H302,1 g\nHZ-2,Other salt,,1 g\n"
    path = f"/labs/curie/imports/{upload(ada, first, 'salts.csv').json()['id']}"
    read(ada, path, repairs={"pictograms_of_h": True})
    commit(ada, path, with_questions=True)
    found = {row["name"]: row["id"] for row in ada.get("/labs/curie/chemicals", params={"q": "salt"}).json()["items"]}

    def said(name: str) -> list[str | None]:
        chemical = ada.get(f"/labs/curie/chemicals/{found[name]}").json()
        day = "noted" if chemical["hazards_at"] else None
        return [chemical["hazards_from"], chemical["hazards_list"], chemical["hazards_by_name"], day]

    def cell(name: str) -> str:
        file = ada.get("/labs/curie/chemicals.csv", params={"q": name}).content.decode("utf-8-sig")
        return next(csv.DictReader(io.StringIO(file, newline="")))["Source of the hazards"]

    def shown(name: str) -> str:
        return words(installation.page("chemicals", "ada").soup(f"/chemicals/curie/{found[name]}"))

    assert said("Listed salt") == [None, "salts.csv", "Ada Lind", "noted"]
    assert said("Other salt") == [None, None, None, None], "nothing is known of it"
    assert cell("Listed salt") == "the list salts.csv"
    assert "From the list salts.csv. Taken over by Ada Lind on" in shown("Listed salt")
    where = f"/labs/curie/chemicals/{found['Listed salt']}"
    assert ben.patch(where, json={"notes": "Opened"}).status_code == 200
    assert said("Listed salt") == [None, "salts.csv", "Ada Lind", "noted"]
    assert ben.patch(where, json={"h_statements": ["H301"]}).status_code == 200
    assert said("Listed salt") == [None, None, "Ben Okoro", "noted"]
    assert "Entered by Ben Okoro on" in shown("Listed salt")
    assert cell("Listed salt").startswith("Ben Okoro, 20")
    # A list that is imported again, with other hazards, is their source from then on.
    newer = "Barcode,Name,H statements,Amount\nHZ-1,Listed salt,H300,1 g\n"
    path = f"/labs/curie/imports/{upload(ada, newer, 'newer.csv').json()['id']}"
    read(ada, path, repairs={"pictograms_of_h": True, "chemical_changed": True})
    commit(ada, path, with_questions=True)
    assert said("Listed salt") == [None, "newer.csv", "Ada Lind", "noted"]
    assert ben.patch(where, json={"pictograms": None, "signal_word": None, "h_statements": []}).status_code == 200
    assert said("Listed salt") == [None, None, None, None]


def test_nobody_names_an_import_that_is_not_being_loaded(installation: Installation) -> None:
    ben = installation.as_user("ben")
    made = ben.post("/labs/curie/chemicals", json={"name": "Forged", "hazards_import_id": 1, "pictograms": ["GHS02"]})
    assert made.status_code == 422
    [(over,)] = installation.psql("SELECT min(id) FROM inventory.imports WHERE committed_at IS NOT NULL", lab="curie")
    with shelf(installation) as curie:
        [[written]] = curie.run(
            "INSERT INTO inventory.chemicals (name, pictograms, hazards_import_id) VALUES ('Forged', '{GHS02}', %s) RETURNING hazards_import_id",
            over,
        )
    assert written is None


def test_hazards_that_a_receipt_fills_say_where_they_come_from(installation: Installation) -> None:
    ada = installation.as_user("ada")
    line = {"chemical": {"fill_in": True, "cas_number": "67-64-1"}, "count": 1, "pack_size": "1 L"}
    made = ada.post("/labs/curie/deliveries", json={"lines": [line]})
    assert made.status_code == 201, made.text
    container = ada.get(f"/labs/curie/containers/{made.json()['containers'][0]['id']}").json()
    chemical = ada.get(f"/labs/curie/chemicals/{container['chemical_id']}").json()
    assert chemical["hazards_from"] == "ChemTrack, after suppliers' safety data sheets"
