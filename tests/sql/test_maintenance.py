"""The work of a DBA on whole databases and whole labs: backups, migrations, and exporting, erasing and restoring one lab."""

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from local import postgres
from tests.conftest import ROOT
from tests.server import OWNER, Server, own_database
from tests.sql.databases import execute, libpq, of_lab, rows_of, run_file
from tests.sql.test_dba_scripts import run

CONTROL = {f"control.{table}" for table in ("events", "labs", "members", "users")}


def script(
    server: Server, name: str, file: str, *arguments: object, login: str = OWNER
) -> subprocess.CompletedProcess[str]:
    """Run a script of sql/maintenance as a DBA would."""
    command = [f"sql/maintenance/{file}", *map(str, arguments)]
    if file.endswith(".sql"):
        command = ["psql", "--no-psqlrc", *map(str, arguments), "-f", command[0]]
    return subprocess.run(
        command, cwd=ROOT, env=libpq(server, name, login), capture_output=True, text=True, check=False
    )


def done(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def empty(server: Server) -> Iterator[str]:
    """A database with the schema and no lab."""
    with own_database(server, None) as name:
        run_file(server, name, "sql/apply.sql")
        yield name


@pytest.fixture(scope="module")
def tables(server: Server, empty: str) -> list[str]:
    """The tables of `inventory` that hold rows of labs, by the catalogue."""
    asked = """
    SELECT t.relname FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'lab_id'
     WHERE t.relnamespace = 'inventory'::regnamespace AND t.relkind IN ('r', 'p') ORDER BY 1"""
    return [table for (table,) in execute(server, empty, asked)]


@pytest.fixture(scope="module")
def full(server: Server, empty: str) -> Iterator[str]:
    """Labs curie (1), hodgkin (2) and noether (3, archived), with rows in every table."""
    with own_database(server, empty) as name:
        run_file(server, name, "tests/sql/first_rows.sql")
        run_file(server, name, "tests/sql/later_rows.sql")
        assert [table for table, rows in rows_of(server, name).items() if not rows and "reference" not in table] == []
        yield name


@pytest.fixture
def kept(server: Server, full: str) -> Iterator[str]:
    """A copy of `full` for one test."""
    with own_database(server, full) as name:
        yield name


# -- the whole database -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ways", [[], ["--role=chemowner"], ["--enable-row-security", "--role=chemowner"]], ids=str)
def test_pg_dump_alone_refuses_rather_than_leave_labs_out(server: Server, kept: str, ways: list[str]) -> None:
    result = subprocess.run(["pg_dump", *ways], env=libpq(server, kept), capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "row-level security" in result.stderr or "no lab was entered" in result.stderr


def test_a_backup_restores_every_row_and_every_fence(server: Server, kept: str, tmp_path: Path) -> None:
    assert done(script(server, kept, "backup.sh", tmp_path / "backup")).startswith("3 labs are in ")
    with own_database(server, None) as restored:
        done(script(server, restored, "restore.sh", tmp_path / "backup"))
        assert rows_of(server, restored) == rows_of(server, kept)
        for tests, login in (("all.sql", "dba"), ("as_chemuser.sql", "chemuser")):
            result = run(server, restored, tests, login)
            assert (result.returncode, "not ok" in result.stdout) == (0, False), result.stdout + result.stderr
        [[lowest]] = execute(
            server,
            restored,
            "SELECT set_config('app.lab_id', '2', true), set_config('app.user_id', '1', true)",
            "INSERT INTO inventory.chemicals (name) VALUES ('New') RETURNING id",
        )
        assert lowest not in [row["id"] for row in rows_of(server, kept)["inventory.chemicals"]]

        again = script(server, restored, "restore.sh", tmp_path / "backup")
        assert (again.returncode, "holds a ChemTrack already" in again.stderr) == (1, True)


def test_a_backup_waits_for_nobody_and_lifts_no_fence(
    server: Server, kept: str, tmp_path: Path, tables: list[str]
) -> None:
    """Every table is written to meanwhile. No table's entry in the catalogue changes, so FORCE ROW LEVEL SECURITY was never off."""
    entries = (
        "SELECT oid::regclass::text, xmin::text FROM pg_class WHERE relnamespace = 'inventory'::regnamespace ORDER BY 1"
    )
    with psycopg.connect(server.dsn(postgres.SUPERUSER, kept)) as busy:
        before = busy.execute(entries.encode()).fetchall()
        for table in tables:
            busy.execute(f"LOCK TABLE inventory.{table} IN ROW EXCLUSIVE MODE".encode())
        done(script(server, kept, "backup.sh", tmp_path / "backup"))
        assert busy.execute(entries.encode()).fetchall() == before


def test_a_backup_is_of_one_moment(server: Server, kept: str, tmp_path: Path) -> None:
    """Ledgers grow during the backup; in it they add up, and those of all labs are of the same moment."""
    begun, over = threading.Event(), threading.Event()

    def take() -> None:
        with psycopg.connect(server.dsn("dba", kept), autocommit=True) as connection:
            connection.execute("SET ROLE chemuser")
            while not over.is_set():
                with connection.transaction():  # one from each lab, together
                    for lab in (1, 2):
                        connection.execute(
                            "SELECT set_config('app.lab_id', %s, true), set_config('app.user_id', '1', true)",
                            [str(lab)],
                        )
                        connection.execute(
                            "INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit)"
                            " SELECT min(id), 'check_out', 0.001, 'g' FROM inventory.containers WHERE disposed_at IS NULL AND unit = 'g'"
                        )
                begun.set()

    taker = threading.Thread(target=take)
    taker.start()
    assert begun.wait(30)
    try:
        done(script(server, kept, "backup.sh", tmp_path / "backup"))
    finally:
        over.set()
        taker.join()
    with own_database(server, None) as restored:
        done(script(server, restored, "restore.sh", tmp_path / "backup"))
        result = run(server, restored, "all.sql", "dba")
        assert result.returncode == 0, result.stdout
        movements = rows_of(server, restored)["inventory.movements"]
        taken = [sum(row["typed_amount"] == 0.001 for row in movements if row["lab_id"] == lab) for lab in (1, 2)]
        assert taken[0] == taken[1] > 0


def test_a_backup_that_fails_leaves_no_folder(server: Server, kept: str, tmp_path: Path) -> None:
    result = script(server, kept, "backup.sh", tmp_path / "backup", login="chemuser")
    assert result.returncode != 0
    assert list(tmp_path.iterdir()) == []


# -- one lab ------------------------------------------------------------------------------------------------------


def test_an_export_holds_all_of_one_lab_and_nothing_of_another(
    server: Server, kept: str, tmp_path: Path, tables: list[str]
) -> None:
    folder = tmp_path / "hodgkin"
    done(script(server, kept, "export_lab.sh", 2, "hodgkin", folder))
    files = {path.stem for path in folder.glob("*.*.csv")}
    assert files == {f"inventory.{table}" for table in tables} | CONTROL
    for table in tables:
        lines = (folder / f"inventory.{table}.csv").read_text().splitlines()
        rows = of_lab(rows_of(server, kept), 2)[f"inventory.{table}"]
        assert len(lines) - 1 == len(rows) > 0, table
        assert all(line.startswith("2,") for line in lines[1:]), table
    everything = "".join(path.read_text() for path in folder.iterdir())
    assert "Salt of hodgkin" in everything
    assert "curie" not in everything.lower()
    assert "noether" not in everything.lower()
    assert {oct(path.stat().st_mode)[-3:] for path in folder.iterdir()} == {"600"}


def test_a_table_that_comes_later_is_exported_or_the_export_fails(server: Server, kept: str, tmp_path: Path) -> None:
    execute(
        server,
        kept,
        "SET ROLE chemowner",
        "CREATE TABLE inventory.not_yet_there (lab_id int NOT NULL REFERENCES control.labs, id bigint, chemical_id bigint, PRIMARY KEY (lab_id, id),"
        " FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.chemicals (lab_id, id))",
        "INSERT INTO inventory.not_yet_there SELECT id, 1 FROM control.labs",
    )
    done(script(server, kept, "export_lab.sh", 2, "hodgkin", tmp_path / "one"))
    assert (tmp_path / "one" / "inventory.not_yet_there.csv").read_text() == "lab_id,id,chemical_id\n2,1,\n"

    for number, table in enumerate(
        (
            "control.lab_notes (lab_id int, note text)",
            "control.badges (of_lab int REFERENCES control.labs, note text)",
            "inventory.without_a_lab (id int)",
        )
    ):
        execute(server, kept, "SET ROLE chemowner", f"CREATE TABLE {table}")
        result = script(server, kept, "export_lab.sh", 2, "hodgkin", tmp_path / f"two{number}")
        assert result.returncode != 0
        assert f"no export knows what to do with {table.split()[0]}" in result.stderr
        assert not (tmp_path / f"two{number}").exists()
        execute(server, kept, f"DROP TABLE {table.split()[0]}")


@pytest.fixture
def exported(server: Server, kept: str, tmp_path: Path) -> Path:
    """The folder of hodgkin, archived."""
    execute(server, kept, "UPDATE control.labs SET archived_at = '2026-01-01' WHERE slug = 'hodgkin'")
    done(script(server, kept, "export_lab.sh", 2, "hodgkin", tmp_path / "hodgkin"))
    return tmp_path / "hodgkin"


@pytest.mark.parametrize("login", [OWNER, postgres.SUPERUSER])
def test_a_lab_is_erased_and_restored_to_the_letter(
    server: Server, kept: str, exported: Path, login: str, tables: list[str]
) -> None:
    before = rows_of(server, kept)

    proof = done(script(server, kept, "erase_lab.sh", 2, "hodgkin", exported, login=login))
    assert proof.count("\nok ") == len(tables) + 3
    assert "not ok" not in proof
    assert "Automated backups of the server hold the lab until" in proof
    without = rows_of(server, kept)
    assert of_lab(without, 2) == {table: [] for table in without}
    for lab in (1, 3):
        assert of_lab(without, lab) == of_lab(before, lab)
    [erased] = [event for event in without["control.events"] if event["kind"] == "lab_erased"]
    assert (erased["kind"], erased["lab_id"], erased["made_by_name"]) == ("lab_erased", None, login)
    assert erased["details"].items() >= {"number": 2, "slug": "hodgkin"}.items()
    assert without["control.users"] == before["control.users"]

    done(script(server, kept, "restore_lab.sh", 2, "hodgkin", exported, login=login))
    after = rows_of(server, kept)
    # Older acts of the lab's people stay in the export alone: no file can write into control.events.
    traced = {event["kind"] for event in of_lab({"events": after.pop("control.events")}, 2)["events"]}
    assert traced == {"lab_made", "member_added"}
    assert after == {table: rows for table, rows in before.items() if table != "control.events"}
    result = run(server, kept, "all.sql", "dba")
    assert result.returncode == 0, result.stdout

    remains = script(server, kept, "prove_erased.sql", "-v", "number=2", "-v", "slug=hodgkin", login=login)
    assert remains.returncode == 3
    assert remains.stdout.count("not ok") == len(tables) + 3


def test_the_programs_of_a_lab_go_with_it_and_come_back_as_those_who_have_left(
    server: Server, kept: str, tmp_path: Path
) -> None:
    execute(
        server,
        kept,
        "INSERT INTO control.users (username, name, of_lab) VALUES ('service:balances-1', 'Balances', 2)",
        "INSERT INTO control.members (lab_id, user_id, role) SELECT 2, id, 'member' FROM control.users WHERE of_lab = 2",
        "INSERT INTO control.sessions (token_hash, user_id, expires_at, token_name, token_role, token_labs)"
        " SELECT '\\x01', id, 'infinity', 'Balance', 'member', '{2}' FROM control.users WHERE of_lab = 2",
        "UPDATE control.labs SET archived_at = now() WHERE id = 2",
    )
    folder = tmp_path / "hodgkin"
    done(script(server, kept, "export_lab.sh", 2, "hodgkin", folder))
    done(script(server, kept, "erase_lab.sh", 2, "hodgkin", folder))
    accounts = "SELECT of_lab, retired_at IS NULL AS live, name FROM control.users WHERE username LIKE 'service:%'"
    with psycopg.connect(server.dsn(OWNER, kept), autocommit=True) as reader:
        reader.execute("SET ROLE chemowner")
        assert reader.execute(accounts).fetchall() == []
        done(script(server, kept, "restore_lab.sh", 2, "hodgkin", folder))
        assert reader.execute(accounts).fetchall() == [(2, False, "Balances")]
        tokens = "SELECT count(*) FROM control.sessions WHERE token_name IS NOT NULL"
        ended = "SELECT ended_at IS NOT NULL FROM control.members m JOIN control.users u ON u.id = m.user_id WHERE u.of_lab = 2"
        assert (reader.execute(tokens).fetchall(), reader.execute(ended).fetchall()) == ([(0,)], [(True,)])


def test_the_proof_says_whose_names_are_left(server: Server, kept: str, exported: Path) -> None:
    proof = done(script(server, kept, "erase_lab.sh", 2, "hodgkin", exported))
    assert "In no lab now" not in proof, "all are in the other labs"
    execute(server, kept, "UPDATE control.labs SET archived_at = now()")
    for lab, slug in ((1, "curie"), (3, "noether")):
        folder = exported.parent / slug
        done(script(server, kept, "export_lab.sh", lab, slug, folder))
        proof = done(script(server, kept, "erase_lab.sh", lab, slug, folder))
    assert "# In no lab now, and no administrator: ada, ben, eve, gone" in proof


@pytest.mark.parametrize("act", ["export_lab.sh", "erase_lab.sh", "restore_lab.sh"])
def test_one_mistyped_word_touches_no_lab(server: Server, kept: str, exported: Path, act: str) -> None:
    execute(server, kept, "UPDATE control.labs SET archived_at = now()")
    before = rows_of(server, kept)
    for number, slug in ((1, "hodgkin"), (2, "curie"), (9, "hodgkin"), (2, "nobody")):
        result = script(server, kept, act, number, slug, exported.parent / "new" if "export" in act else exported)
        assert result.returncode == 3
        assert f"lab {number}" in result.stderr
    assert rows_of(server, kept) == before
    assert not (exported.parent / "new").exists()


def test_a_lab_at_work_is_not_erased(server: Server, kept: str, exported: Path) -> None:
    execute(server, kept, "UPDATE control.labs SET archived_at = NULL WHERE slug = 'hodgkin'")
    result = script(server, kept, "erase_lab.sh", 2, "hodgkin", exported)
    assert (result.returncode, "the lab is not archived" in result.stderr) == (3, True)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE inventory.chemicals SET notes = 'since then' WHERE lab_id = 2",
        "INSERT INTO inventory.locations (lab_id, kind, name) VALUES (2, 'room', 'since then')",
        "INSERT INTO control.members (lab_id, user_id, role) SELECT 2, id, 'viewer' FROM control.users WHERE username = 'root'",
    ],
)
def test_what_is_not_in_the_export_is_not_erased(server: Server, kept: str, exported: Path, change: str) -> None:
    execute(server, kept, "SET app.lab_id = '2'; SET app.user_id = '1'", change)
    before = rows_of(server, kept)
    result = script(server, kept, "erase_lab.sh", 2, "hodgkin", exported)
    assert result.returncode == 3
    assert "the export is not what the lab has now" in result.stderr
    assert rows_of(server, kept) == before


def test_other_labs_read_on_while_one_is_restored_or_erased(
    server: Server, kept: str, exported: Path, tables: list[str]
) -> None:
    """A transaction that has read every table is open meanwhile: a lock that conflicts with reading would time out."""
    with psycopg.connect(server.dsn("dba", kept)) as reader:
        reader.execute("SET ROLE chemuser; SET app.lab_id = '1'")
        for table in set(tables) - {"container_numbers"}:
            reader.execute(f"SELECT FROM inventory.{table}".encode())
        environment = libpq(server, kept) | {"PGOPTIONS": "-c lock_timeout=2s"}
        for act in ("erase_lab.sh", "restore_lab.sh"):
            command = [f"sql/maintenance/{act}", "2", "hodgkin", str(exported)]
            done(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False))
            for table in set(tables) - {"container_numbers"}:
                reader.execute(f"SELECT FROM inventory.{table}".encode())


def test_a_lab_moves_into_another_installation(server: Server, kept: str, empty: str, exported: Path) -> None:
    """There its number belongs to another lab, and its people are unknown, even where somebody has the same user name."""
    with own_database(server, empty) as other:
        execute(
            server,
            other,
            "INSERT INTO control.labs (slug, name) VALUES ('franklin', 'Franklin lab'), ('meitner', 'Meitner lab')",
            "INSERT INTO control.users (username, name) VALUES ('zoe', 'Zoe'), ('ada', 'Another Ada')",
            "INSERT INTO control.members (lab_id, user_id, role) VALUES (2, 2, 'manager')",
        )
        before = rows_of(server, other)
        said = done(script(server, other, "restore_lab.sh", 2, "hodgkin", exported))
        assert "Its number was 2, which is another lab's here." in said
        assert "restored as people who have left: ada, ben, eve, gone" in said

        after, there = rows_of(server, other), rows_of(server, kept)
        [lab] = [row["id"] for row in after["control.labs"] if row["slug"] == "hodgkin"]
        assert lab == 3
        for table in (
            "inventory.movements",
            "inventory.containers",
            "inventory.transfers",
            "inventory.stocktake_counts",
        ):
            people = {"made_by", "holder_id", "from_holder_id", "to_holder_id", "counted_by"}
            rows = [
                sorted(({k: v for k, v in row.items() if k not in people | {"lab_id"}} for row in found), key=str)
                for found in (of_lab(after, lab)[table], of_lab(there, 2)[table])
            ]
            assert rows[0] == rows[1], table
        names = {row["id"]: row["name"] for row in after["control.users"]}
        assert {names[row["made_by"]] for row in of_lab(after, lab)["inventory.movements"]} == {"Ada Lind", "Ben Okoro"}
        assert all(row["ended_at"] for row in of_lab(after, lab)["control.members"])
        assert [row for row in after["control.users"] if row["username"] == "ada" and not row["retired_at"]] == [
            row for row in before["control.users"] if row["username"] == "ada"
        ]
        assert of_lab(after, 2) == of_lab(before, 2)
        # New rows of the lab get ids above those that were restored.
        [[chemical, barcode]] = execute(
            server,
            other,
            f"SELECT set_config('app.lab_id', '{lab}', true), set_config('app.user_id', user_id::text, true) FROM control.members WHERE lab_id = {lab}",
            "WITH c AS (INSERT INTO inventory.chemicals (name) VALUES ('New') RETURNING id)"
            " INSERT INTO inventory.containers (chemical_id) SELECT id FROM c RETURNING chemical_id, barcode",
        )
        assert chemical == max(row["id"] for row in of_lab(there, 2)["inventory.chemicals"]) + 1
        assert barcode == "CT-000006"


def test_what_was_changed_in_a_folder_is_refused(server: Server, kept: str, exported: Path) -> None:
    done(script(server, kept, "erase_lab.sh", 2, "hodgkin", exported))
    before = rows_of(server, kept)
    for file, old, new, said in (
        ("inventory.movements.csv", "Buffer", "Powder", "is not as it was written"),
        ("inventory.disposals.csv", "Wet", "", "is not as it was written"),
        (
            "manifest.csv",
            '"lab_id, last_number"',
            '"lab_id, last_number, (SELECT 1)"',
            "what this installation does not",
        ),
        ("manifest.csv", "inventory.requests", "control.sessions", "what this installation does not"),
    ):
        path = exported / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        result = script(server, kept, "restore_lab.sh", 2, "hodgkin", exported)
        path.write_text(text)
        assert result.returncode == 3, file
        assert said in result.stderr
    assert rows_of(server, kept) == before


# -- migrations ---------------------------------------------------------------------------------------------------


def test_a_backfill_reaches_every_lab_and_wakes_no_trigger(server: Server, kept: str) -> None:
    before = rows_of(server, kept)
    [[chemicals]] = execute(
        server,
        kept,
        "ALTER TABLE inventory.chemicals ADD COLUMN colour text",
        "SELECT control.backfill('inventory.chemicals', 'colour IS NULL', 'colour = ''as '' || it.name')",
    )
    [[movements]] = execute(
        server,
        kept,
        "ALTER TABLE inventory.movements ADD COLUMN place text",
        "SELECT control.backfill('inventory.movements', 'place IS NULL', 'place = ''?''')",
    )
    after = rows_of(server, kept)
    assert chemicals == len(after["inventory.chemicals"]) == 6
    assert movements == len(after["inventory.movements"])
    assert all(row.pop("colour") == "as " + row["name"] for row in after["inventory.chemicals"])
    assert all(row.pop("place") == "?" for row in after["inventory.movements"])
    assert after == before


@pytest.mark.parametrize(
    ("blind", "needed", "change"),
    [
        ("SELECT", "notes IS NULL", "notes = NULL"),
        ('DROP POLICY "a lab reaches only its own rows" ON inventory.chemicals', "notes IS NULL", "notes = ''"),
        (
            'ALTER POLICY "a lab reaches only its own rows" ON inventory.chemicals USING (lab_id = 1)',
            "notes IS NULL",
            "notes = ''",
        ),
    ],
    ids=["a change that changes nothing", "no row seen", "one lab seen"],
)
def test_a_backfill_that_is_not_whole_raises(server: Server, kept: str, blind: str, needed: str, change: str) -> None:
    execute(server, kept, "SET ROLE chemowner", blind)
    before = rows_of(server, kept)
    with pytest.raises(psycopg.errors.RaiseException, match="is not whole"):
        execute(server, kept, f"SELECT control.backfill('inventory.chemicals', '{needed}', $${change}$$)")
    assert rows_of(server, kept) == before


def test_a_key_is_validated_by_the_rows_of_all_labs(server: Server, kept: str) -> None:
    """PostgreSQL's own VALIDATE sees one lab's rows, and would call the key valid although another lab breaks it."""
    key = "FOREIGN KEY (lab_id, successor_id) REFERENCES inventory.chemicals (lab_id, id) NOT VALID"
    execute(
        server,
        kept,
        "SET ROLE chemowner",
        "ALTER TABLE inventory.chemicals ADD COLUMN successor_id bigint",
        "SELECT control.backfill('inventory.chemicals', 'successor_id IS NULL', 'successor_id = CASE lab_id WHEN 3 THEN -1 ELSE id END')",
        f"ALTER TABLE inventory.chemicals ADD CONSTRAINT trusting {key}, ADD CONSTRAINT careful {key}",
    )
    with pytest.raises(psycopg.errors.InvalidAuthorizationSpecification):
        execute(server, kept, "ALTER TABLE inventory.chemicals VALIDATE CONSTRAINT trusting")
    execute(server, kept, "SET app.lab_id = '1'", "ALTER TABLE inventory.chemicals VALIDATE CONSTRAINT trusting")

    validate = "SELECT control.validate_constraint('inventory.chemicals', '{}')"
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="careful is broken by rows of lab 3"):
        execute(server, kept, validate.format("careful"))
    with pytest.raises(psycopg.errors.RaiseException, match="counts as validated already"):
        execute(server, kept, validate.format("trusting"))

    execute(
        server,
        kept,
        "ALTER TABLE inventory.chemicals DROP CONSTRAINT trusting",
        "SELECT control.backfill('inventory.chemicals', 'successor_id = -1', 'successor_id = NULL')",
        validate.format("careful"),
    )
    valid = execute(server, kept, "SELECT convalidated FROM pg_constraint WHERE conname = 'careful'")
    assert valid == [(True,)]


def test_maintenance_is_the_owners(server: Server, kept: str) -> None:
    functions = execute(
        server, kept, "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'control'::regnamespace"
    )
    text = (ROOT / "sql" / "functions" / "maintenance.sql").read_text()
    ours = [str(name) for (name,) in functions if f"FUNCTION {str(name).split('(')[0]}(" in text]
    assert len(ours) == text.count("CREATE OR REPLACE FUNCTION")
    for role in ("chemuser", "chemadmin", "chem_dba", "dba"):
        allowed = execute(
            server, kept, f"SELECT f FROM unnest(ARRAY{ours}) AS f WHERE has_function_privilege('{role}', f, 'EXECUTE')"
        )
        assert allowed == [], role
