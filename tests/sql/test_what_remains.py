"""What somebody who can run any SQL as chemuser can still do, and where that ends. docs/dba.md has the table; each row names its test."""

import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from local import postgres
from tests.api.test_database import database_of, visit
from tests.coroutines import run as run_coroutine
from tests.installation import Installation
from tests.server import Server, own_database
from tests.sql.databases import execute, run_file
from tests.sql.shelf import shelf
from tests.sql.test_dba_scripts import run
from tests.sql.test_tenancy import FORBIDDEN, NO_LAB, enter, forge, session_of

Connection = psycopg.Connection[Any]


@pytest.fixture(scope="module", autouse=True)
def stock(installation: Installation) -> None:
    """Ada's lab has one bottle; Eve's has thirty, all of the same secret chemical."""
    with shelf(installation) as ada, shelf(installation, "eve", "hodgkin") as eve:
        ada.add_container("10", name="Salt")
        for _ in range(30):
            eve.add_container("20", name="Unobtainium")
        eve.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', 'Vault')")
    with psycopg.connect(installation.dsn(), autocommit=True) as owner:
        owner.execute("ANALYZE inventory.chemicals, inventory.containers, inventory.chemical_words")


@pytest.fixture
def attacker(installation: Installation) -> Iterator[Connection]:
    """A connection as chemuser, in a transaction that is rolled back."""
    with psycopg.connect(installation.dsn("chemuser")) as connection:
        yield connection
        connection.rollback()


def one(connection: Connection, sql: str, *values: object) -> Any:
    row = connection.execute(sql.encode(), values or None).fetchone()
    assert row is not None
    return row[0]


def estimate(connection: Connection, condition: str, table: str = "chemicals") -> float:
    """The number of rows that EXPLAIN expects."""
    plan = one(connection, f"EXPLAIN (FORMAT JSON) SELECT FROM inventory.{table} WHERE {condition}")
    return float(plan[0]["Plan"]["Plan Rows"])


# -- rows of labs -------------------------------------------------------------------------------------------------


def test_a_session_opens_its_users_labs_and_no_other(attacker: Connection, installation: Installation) -> None:
    ben, ada = session_of(installation, "ben"), session_of(installation, "ada")
    for session, labs in ((ben, ["curie", "hodgkin"]), (ada, ["curie"])):
        seen = []
        for slug in ("curie", "hodgkin"):
            forge(attacker, session=session, lab_id=installation.lab_id(slug))
            try:
                seen += [slug] if one(attacker, "SELECT count(*) FROM inventory.chemicals") else []
            except NO_LAB:
                attacker.rollback()
        assert seen == labs


@pytest.mark.parametrize("table", ["movements", "transfers", "containers", "chemicals", "deliveries", "disposals"])
def test_nothing_that_was_written_into_a_ledger_is_taken_out(
    attacker: Connection, installation: Installation, table: str
) -> None:
    for sql in (f"DELETE FROM inventory.{table}", f"TRUNCATE inventory.{table}"):
        enter(attacker, session_of(installation, "ada"), "curie")
        with pytest.raises(FORBIDDEN):
            attacker.execute(sql.encode())
        attacker.rollback()


@pytest.mark.parametrize("column", ["amount", "balance", "made_by", "made_at", "line"])
def test_no_line_is_written_in_another_name_or_time(
    attacker: Connection, installation: Installation, column: str
) -> None:
    enter(attacker, session_of(installation, "ada"), "curie")
    with pytest.raises(FORBIDDEN):
        attacker.execute(
            f"INSERT INTO inventory.movements (container_id, kind, {column}) VALUES (1, 'count', NULL)".encode()
        )


def test_of_people_only_names_and_only_of_the_own_lab_are_read(
    attacker: Connection, installation: Installation
) -> None:
    enter(attacker, session_of(installation, "ada"), "curie", "viewer")
    assert attacker.execute("SELECT username FROM control.users ORDER BY 1").fetchall() == [
        ("ada",),
        ("ben",),
        ("cleo",),
    ]
    with pytest.raises(FORBIDDEN):
        attacker.execute("SELECT signed_in_at FROM control.users")


def test_what_opens_the_database_does_not_open_the_api(installation: Installation) -> None:
    """An injected statement can read the hash that its own request sent. The API accepts only the token, which that hash does not tell."""
    stolen = session_of(installation, "ada")
    answer = installation.service.get("/sessions/current", headers={"Authorization": f"Bearer {stolen}"})
    assert answer.status_code == 401


def test_an_injected_statement_stays_one_statement(installation: Installation) -> None:
    """The API sends statements by the extended protocol: what follows a semicolon is refused, not run."""

    async def inject() -> None:
        async with database_of(installation) as database:
            ada = visit(installation, "ada", "curie")
            with pytest.raises(psycopg.errors.SyntaxError):
                await database.read(ada, "SELECT 1; DEALLOCATE ALL")
            with pytest.raises(psycopg.errors.SyntaxError):
                await database.write(ada, {"reset": ("SELECT 1; RESET ROLE", ())})

    run_coroutine(inject())


# -- what shows of others -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "theirs", "nobodys"),
    [
        ("chemicals", "name = 'Unobtainium'", "name = 'Phlogistonium'"),
        ("chemicals", "name_folded < 'unobtainiun'", "name_folded < 'unobtainiua'"),
        ("chemicals", "supplier = 'Merck'", "supplier = 'Nobody'"),
        ("chemical_words", "word = 'unobtainium'", "word = 'phlogistonium'"),
        ("containers", "barcode = 'CT-000030'", "barcode = 'CT-999999'"),
    ],
)
def test_explain_tells_nothing_of_what_others_wrote(
    server: Server, installation: Installation, attacker: Connection, table: str, theirs: str, nobodys: str
) -> None:
    assert estimate(attacker, theirs, table) == estimate(attacker, nobodys, table)


def test_explain_and_counters_tell_how_much_a_lab_has(
    server: Server, installation: Installation, attacker: Connection
) -> None:
    """This remains possible: to learn how many rows any lab has, without a session; never what is in them."""
    hodgkin = installation.lab_id("hodgkin")
    assert estimate(attacker, f"lab_id = {hodgkin}") > estimate(attacker, f"lab_id = {hodgkin + 99}")
    assert one(attacker, "SELECT reltuples FROM pg_class WHERE oid = 'inventory.containers'::regclass") == 31
    assert one(attacker, "SELECT count(*) FROM pg_stat_user_tables WHERE schemaname = 'inventory'") > 0
    with pytest.raises(NO_LAB):
        attacker.execute("SELECT FROM inventory.containers")


def test_ids_that_skip_tell_that_others_work(attacker: Connection, installation: Installation) -> None:
    """This remains possible: to learn how many rows all labs together made in between. Barcodes are counted in each lab by itself."""
    add = "INSERT INTO inventory.chemicals (name) VALUES ('x') RETURNING id"
    enter(attacker, session_of(installation, "ada"), "curie")
    before = one(attacker, add)
    with shelf(installation, "eve", "hodgkin") as eve:
        eve.run("INSERT INTO inventory.chemicals (name) VALUES ('one'), ('two')")
    assert one(attacker, add) == before + 3
    code = "INSERT INTO inventory.containers (chemical_id) VALUES (%s) RETURNING barcode"
    assert one(attacker, code, before) == "CT-000002"


def test_statements_of_others_show_no_value(installation: Installation) -> None:
    """This remains possible: to see which statement of the API runs, since when, and in which of its connections."""
    seen: set[str] = set()
    over = threading.Event()

    def watch() -> None:
        with psycopg.connect(installation.dsn("chemuser"), autocommit=True) as connection:
            while not over.is_set():
                rows = connection.execute("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall()
                seen.update(str(row[0]) for row in rows)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        eve, lab = installation.as_user("eve"), "/labs/hodgkin"
        for number in range(5):
            word = f"Secretium{number}"
            new = {"name": word, "notes": word, "supplier": word, "cas_number": "64-17-5"}
            chemical = eve.send_once(f"{lab}/chemicals", new)
            assert chemical.status_code == 201, chemical.text
            for path in ("/chemicals", "/containers", "/history", "/check-outs/new", "/disposals/new"):
                eve.get(f"{lab}{path}", params={"q": word})
            eve.get(f"{lab}/containers/by-barcode/{word}")
            eve.send_once(f"{lab}/locations", {"kind": "room", "name": word})
    finally:
        time.sleep(0.1)
        over.set()
        watcher.join()
    assert len([text for text in seen if "enter_session" in text or "inventory." in text]) > 3
    shown = "\n".join(seen)
    for word in ("secretium", "64-17-5", "hodgkin", "unobtainium"):
        assert word not in shown.lower()


# -- what is spoiled for others -----------------------------------------------------------------------------------


def test_sessions_of_chemuser_end_each_other_and_nobody_elses(attacker: Connection, installation: Installation) -> None:
    """This remains possible, because PostgreSQL lets a role end its own sessions. The API tries again, once."""
    installation.as_user("eve").get("/labs/hodgkin/chemicals")
    ended = attacker.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'chemuser' AND pid <> pg_backend_pid() AND datname = current_database()"
    ).fetchall()
    assert ended
    assert {row[0] for row in ended} == {True}
    assert installation.as_user("eve").get("/labs/hodgkin/chemicals").status_code == 200
    with psycopg.connect(installation.dsn("chemadmin")) as other:
        pid = other.info.backend_pid
        with pytest.raises(FORBIDDEN):
            attacker.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_a_lock_makes_others_wait_three_seconds(attacker: Connection, installation: Installation) -> None:
    """This remains possible for tables from which a lab may delete: requests, import rows, counts. Others cannot be locked as a whole."""
    assert installation.psql("SHOW lock_timeout", as_="chemuser") == [("3s",)]
    attacker.execute("LOCK TABLE inventory.requests IN ACCESS EXCLUSIVE MODE")
    answer = installation.as_user("eve").send_once("/labs/hodgkin/chemicals", {"name": "Waiting"})
    assert answer.status_code in (409, 503)
    assert "Traceback" not in answer.text
    attacker.rollback()
    assert installation.as_user("eve").send_once("/labs/hodgkin/chemicals", {"name": "Done"}).status_code == 201
    for table in ("chemicals", "containers", "movements", "transfers", "locations"):
        with pytest.raises(FORBIDDEN):
            attacker.execute(f"LOCK TABLE inventory.{table} IN ROW EXCLUSIVE MODE".encode())
        attacker.rollback()


def test_a_role_changes_its_own_password_and_no_other(attacker: Connection) -> None:
    """This remains possible, unless the server restricts passwords; the API then cannot open new connections."""
    attacker.execute("ALTER ROLE chemuser PASSWORD 'guessed'")
    with pytest.raises(FORBIDDEN):
        attacker.execute("ALTER ROLE chemadmin PASSWORD 'guessed'")


def test_timeouts_can_be_lifted_and_the_servers_limits_cannot(attacker: Connection) -> None:
    """This remains possible: a session may change its own timeouts, but not the limits that the DBA sets for the server or the role."""
    attacker.execute("SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '1GB'")
    for limit in ("temp_file_limit = -1", "log_min_duration_statement = -1", "session_replication_role = replica"):
        with pytest.raises(FORBIDDEN), attacker.transaction():
            attacker.execute(f"SET LOCAL {limit}".encode())
    with pytest.raises(FORBIDDEN):
        attacker.execute("ALTER ROLE chemuser CONNECTION LIMIT -1")


def test_a_superuser_closes_what_remains(server: Server) -> None:
    with own_database(server) as name:
        try:
            run_file(server, name, "sql/maintenance/harden.sql", login=postgres.SUPERUSER)
            as_chemuser = server.dsn("chemuser", name)
            with psycopg.connect(as_chemuser) as first, psycopg.connect(as_chemuser) as other:
                assert one(first, "SHOW temp_file_limit") == "2GB"
                for sql in (
                    f"SELECT pg_terminate_backend({other.info.backend_pid})",
                    f"SELECT pg_cancel_backend({other.info.backend_pid})",
                    "SELECT lo_from_bytea(0, 'x')",
                    "SELECT lo_create(0)",
                    "ALTER ROLE chemuser RESET temp_file_limit",
                ):
                    with pytest.raises(FORBIDDEN):
                        first.execute(sql.encode())
                    first.rollback()
                [[ended]] = execute(
                    server, name, "SET ROLE chem_dba", f"SELECT pg_terminate_backend({other.info.backend_pid})"
                )
                assert ended
        finally:
            with psycopg.connect(server.dsn(postgres.SUPERUSER, "postgres")) as superuser:
                # Roles belong to the whole server, which other tests use too
                superuser.execute("ALTER ROLE chemuser RESET temp_file_limit")
                for role in ("chemuser", "chemadmin"):
                    for setting in ("log_parameter_max_length", "log_error_verbosity"):
                        superuser.execute(f"ALTER ROLE {role} RESET {setting}".encode())


@pytest.mark.parametrize(
    ("change", "undo"),
    [
        ("ALTER ROLE chemuser SET search_path = 'public'", "ALTER ROLE chemuser RESET search_path"),
        ("ALTER ROLE chemuser SET row_security = off", "ALTER ROLE chemuser RESET row_security"),
        ("ALTER ROLE chemuser SET lock_timeout = 0", "ALTER ROLE chemuser SET lock_timeout = '3s'"),
        ("ALTER ROLE chemuser RESET jit", "ALTER ROLE chemuser SET jit = off"),
        ("ALTER ROLE chemuser SET array_nulls = off", "ALTER ROLE chemuser RESET array_nulls"),
        (
            "ALTER ROLE chemuser SET log_parameter_max_length_on_error = -1",
            "ALTER ROLE chemuser SET log_parameter_max_length_on_error = 0",
        ),
        # With this setting chemuser can open no connection any more, so only the owner's proof still shows what is wrong.
        (
            "ALTER ROLE chemuser SET local_preload_libraries = 'nothing'",
            "ALTER ROLE chemuser RESET local_preload_libraries",
        ),
        (
            "ALTER ROLE chemuser IN DATABASE {database} SET jit = off",
            "ALTER ROLE chemuser IN DATABASE {database} RESET ALL",
        ),
        ("SELECT lo_from_bytea(424242, 'x')", "SELECT lo_unlink(424242)"),
    ],
)
def test_what_an_attacker_leaves_behind_turns_the_proof_red(
    server: Server, installation: Installation, change: str, undo: str
) -> None:
    """A role may change its own settings and password, and make large objects; the catalogue's check finds it."""
    assert run(server, installation.database, "all.sql", "dba").returncode == 0
    with psycopg.connect(installation.dsn("chemuser"), autocommit=True) as connection:
        connection.execute(change.format(database=installation.database).encode())
        try:
            result = run(server, installation.database, "all.sql", "dba")
        finally:
            connection.execute(undo.format(database=installation.database).encode())
    assert result.returncode == 3
    [fault] = re.findall("^not ok .*", result.stdout, re.MULTILINE)
    assert "settings that they were made with" in fault or "large object" in fault
    assert run(server, installation.database, "all.sql", "dba").returncode == 0


@pytest.mark.parametrize("database", ["postgres", "template1"])
@pytest.mark.parametrize("login", ["chemuser", "chemadmin"])
def test_the_services_connect_to_no_database_but_chemtracks(server: Server, login: str, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(server.dsn(login, database))


@pytest.mark.parametrize("right", ["CONNECT", "TEMPORARY"])
def test_a_database_that_is_open_to_all_turns_the_proof_red(
    server: Server, installation: Installation, right: str
) -> None:
    with psycopg.connect(server.dsn(postgres.SUPERUSER, "postgres"), autocommit=True) as superuser:
        superuser.execute(f"GRANT {right} ON DATABASE postgres TO PUBLIC".encode())
        try:
            result = run(server, installation.database, "all.sql", "dba")
        finally:
            superuser.execute(f"REVOKE {right} ON DATABASE postgres FROM PUBLIC".encode())
    [fault] = re.findall("^not ok .*", result.stdout, re.MULTILINE)
    assert "connect neither to postgres nor to template1" in fault


@pytest.mark.parametrize("table", ["users", "labs", "members", "events"])
def test_chemadmin_deletes_nothing_that_a_ledger_names(installation: Installation, table: str) -> None:
    for sql in (f"DELETE FROM control.{table}", f"TRUNCATE control.{table} CASCADE"):
        with pytest.raises(FORBIDDEN):
            installation.psql(sql, as_="chemadmin")


def test_what_chemadmin_leaves_behind_turns_the_proof_red(server: Server, installation: Installation) -> None:
    installation.psql("ALTER ROLE chemadmin SET row_security = off", as_="chemadmin")
    try:
        result = run(server, installation.database, "all.sql", "dba")
    finally:
        installation.psql("ALTER ROLE chemadmin RESET row_security", as_="chemadmin")
    assert "not ok" in result.stdout
    assert "chemadmin: row_security=off" in result.stdout
