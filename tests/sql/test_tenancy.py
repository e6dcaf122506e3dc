"""Attacks by somebody who can run any SQL on chemuser's connection, with a session of their own: none reaches another lab."""

import hashlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.installation import Installation
from tests.sql.shelf import shelf

Connection = psycopg.Connection[Any]
NO_LAB = psycopg.errors.InvalidAuthorizationSpecification
FORBIDDEN = psycopg.errors.InsufficientPrivilege
COUNT = "SELECT count(*) FROM inventory.chemicals"
REFUSALS = (
    FORBIDDEN,
    psycopg.errors.ForeignKeyViolation,
    psycopg.errors.CheckViolation,
    psycopg.errors.NoDataFound,
    psycopg.errors.FeatureNotSupported,  # COPY into a table with policies
)
"""How a way into another lab may end; any other error would be a mistake in the way itself."""


def session_of(installation: Installation, who: str) -> str:
    """Makes a session of `who`; returns the hash that the API sends for it."""
    return hashlib.sha256(installation.new_token(who).encode()).hexdigest()


@pytest.fixture
def attacker(installation: Installation) -> Iterator[Connection]:
    """A connection as chemuser, in a transaction that is rolled back."""
    with psycopg.connect(installation.dsn("chemuser")) as connection:
        yield connection
        connection.rollback()


def enter(connection: Connection, session: str, lab: str, needed: str = "member") -> tuple[Any, ...] | None:
    return connection.execute("SELECT * FROM control.enter_session(%s, %s, %s)", [session, lab, needed]).fetchone()


def forge(connection: Connection, **settings: object) -> None:
    for name, value in settings.items():
        connection.execute("SELECT set_config(%s, %s, true)", [f"app.{name}", str(value)])


@pytest.fixture(scope="module")
def hodgkin(installation: Installation) -> dict[str, int]:
    """Ids of what Eve has: a chemical, its container, a location, a movement, a stocktake."""
    with shelf(installation, "eve", "hodgkin") as eve:
        container = eve.add_container("20", name="Eve's secret")
        [[chemical]] = eve.run("SELECT chemical_id FROM inventory.containers WHERE id = %s", container)
        [[location]] = eve.run("INSERT INTO inventory.locations (kind, name) VALUES ('room', 'Vault') RETURNING id")
        [[movement]] = eve.run("SELECT id FROM inventory.movements WHERE container_id = %s", container)
        [[stocktake]] = eve.run("INSERT INTO inventory.stocktakes (location_id) VALUES (NULL) RETURNING id")
    return {
        "lab": installation.lab_id("hodgkin"),
        "chemical": chemical,
        "container": container,
        "location": location,
        "movement": movement,
        "stocktake": stocktake,
    }


@pytest.fixture(scope="module")
def ada(installation: Installation) -> str:
    with shelf(installation) as at_shelf:
        at_shelf.add_container("10", name="Ada's own")
    return session_of(installation, "ada")


@pytest.mark.parametrize("lab_id", [None, "", "garbage", "1 OR true", "-1", "99999999999999999999", "0x1"])
def test_a_lab_that_was_not_entered_is_refused(attacker: Connection, lab_id: str | None, ada: str) -> None:
    if lab_id is not None:
        forge(attacker, lab_id=lab_id)
    with pytest.raises((NO_LAB, psycopg.DataError)):
        attacker.execute(COUNT)


def test_a_forged_lab_is_not_believed_after_entering_ones_own(
    attacker: Connection, ada: str, hodgkin: dict[str, int]
) -> None:
    enter(attacker, ada, "curie")
    forge(attacker, lab_id=hodgkin["lab"])
    with pytest.raises(NO_LAB):
        attacker.execute(COUNT)


def test_a_forged_user_changes_nobody(attacker: Connection, installation: Installation, ada: str) -> None:
    [[eve]] = installation.psql("SELECT id FROM control.users WHERE username = 'eve'")
    enter(attacker, ada, "curie")
    forge(attacker, user_id=eve, clock="2001-01-01")
    row = attacker.execute(
        "INSERT INTO inventory.containers (chemical_id) SELECT id FROM inventory.chemicals LIMIT 1"
        " RETURNING made_by, made_at > now() - interval '1 hour'"
    ).fetchone()
    assert row is not None
    assert row[0] != eve
    assert row[1]


@pytest.mark.parametrize("session", ["", "zz", "ab" * 32, "' OR true --"])
def test_a_made_up_session_enters_nothing(attacker: Connection, session: str) -> None:
    with pytest.raises((NO_LAB, psycopg.DataError)):
        enter(attacker, session, "curie")


def test_the_stored_hash_of_a_session_does_not_open_it(
    attacker: Connection, installation: Installation, ada: str
) -> None:
    [[stored]] = installation.psql(
        "SELECT encode(token_hash, 'hex') FROM control.sessions WHERE token_hash = sha256(decode(%s, 'hex'))", ada
    )
    with pytest.raises(NO_LAB):
        enter(attacker, stored, "curie")


@pytest.mark.parametrize(("who", "lab"), [("ada", "hodgkin"), ("eve", "curie"), ("root", "curie"), ("ada", "nowhere")])
def test_a_stranger_does_not_enter(attacker: Connection, installation: Installation, who: str, lab: str) -> None:
    with pytest.raises(FORBIDDEN) as error:
        enter(attacker, session_of(installation, who), lab, "viewer")
    assert error.value.diag.message_primary == "no such lab"


@pytest.mark.parametrize(
    ("who", "needed", "enters"),
    [
        ("cleo", "viewer", True),
        ("cleo", "member", False),
        ("cleo", "manager", False),
        ("ben", "member", True),
        ("ben", "manager", False),
        ("ada", "manager", True),
        ("ada", "nonsense", False),
        ("ada", None, False),
    ],
)
def test_a_role_too_small_does_not_enter(
    attacker: Connection, installation: Installation, who: str, needed: str, enters: bool
) -> None:
    session = session_of(installation, who)
    if enters:
        row = enter(attacker, session, "curie", needed)
        assert row is not None
        assert row[1] == "curie"
    else:
        with pytest.raises(FORBIDDEN):
            enter(attacker, session, "curie", needed)


def test_who_entered_as_a_viewer_writes_nothing(attacker: Connection, ada: str) -> None:
    enter(attacker, ada, "curie", "viewer")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        attacker.execute("INSERT INTO inventory.chemicals (name) VALUES ('x')")


@pytest.mark.parametrize(
    ("end", "undo"),
    [
        (
            "UPDATE control.sessions SET expires_at = now() - interval '1 second' WHERE user_id = {user}",
            "DELETE FROM control.sessions WHERE user_id = {user}",
        ),
        ("DELETE FROM control.sessions WHERE user_id = {user}", "SELECT 1"),
        (
            "UPDATE control.members SET ended_at = now() WHERE user_id = {user} AND lab_id = 1",
            "UPDATE control.members SET ended_at = NULL WHERE user_id = {user}",
        ),
        ("UPDATE control.labs SET archived_at = now() WHERE id = 1", "UPDATE control.labs SET archived_at = NULL"),
    ],
    ids=["expired", "signed out", "membership ended", "lab archived"],
)
def test_what_has_ended_opens_nothing_from_then_on(
    installation: Installation, attacker: Connection, end: str, undo: str
) -> None:
    session = session_of(installation, "cleo")
    [[user]] = installation.psql("SELECT id FROM control.users WHERE username = 'cleo'")
    enter(attacker, session, "curie", "viewer")
    attacker.execute(COUNT)
    installation.psql(end.format(user=user))
    try:
        with pytest.raises(NO_LAB):  # also in a transaction that was open before
            attacker.execute(COUNT)
        attacker.rollback()
        with pytest.raises((NO_LAB, FORBIDDEN)):
            enter(attacker, session, "curie", "viewer")
    finally:
        installation.psql(undo.format(user=user))


WRITES_ACROSS = {
    "insert": "INSERT INTO inventory.chemicals (lab_id, name) VALUES ({lab}, 'planted')",
    "insert overriding": "INSERT INTO inventory.chemicals (lab_id, id, name) OVERRIDING SYSTEM VALUE VALUES ({lab}, 1, 'planted')",
    "update into": "UPDATE inventory.chemicals SET lab_id = {lab}",
    "update theirs": "UPDATE inventory.chemicals SET name = 'mine' WHERE id = {chemical} RETURNING id",
    "upsert": "INSERT INTO inventory.requests (key, fingerprint) VALUES ('somebody', '') ON CONFLICT (lab_id, user_id, key) DO UPDATE SET lab_id = {lab}",
    "upsert of theirs": "INSERT INTO inventory.stocktake_counts (lab_id, stocktake_id, container_id, found) VALUES ({lab}, {stocktake}, {container}, false)"
    " ON CONFLICT (lab_id, stocktake_id, container_id) DO UPDATE SET found = false RETURNING container_id",
    "upsert without saying the lab": "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found) VALUES ({stocktake}, {container}, false)"
    " ON CONFLICT (lab_id, stocktake_id, container_id) DO UPDATE SET found = false RETURNING container_id",
    "delete theirs": "DELETE FROM inventory.stocktake_counts WHERE lab_id = {lab} RETURNING container_id",
    "merge": "MERGE INTO inventory.chemicals c USING (SELECT {chemical} AS id) s ON c.id = s.id WHEN MATCHED THEN UPDATE SET lab_id = {lab}"
    " WHEN NOT MATCHED THEN INSERT (lab_id, name) VALUES ({lab}, 'planted')",
    "merge of what is granted": "MERGE INTO inventory.containers c USING (SELECT {container} AS id) s ON c.id = s.id WHEN MATCHED THEN UPDATE SET notes = 'mine'"
    " WHEN NOT MATCHED THEN INSERT (chemical_id) VALUES ({chemical})",
    "container of their chemical": "INSERT INTO inventory.containers (chemical_id) VALUES ({chemical})",
    "my container on their shelf": "UPDATE inventory.containers SET location_id = {location}",
    "movement of their container": "INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit) VALUES ({container}, 'check_out', 1, 'g')",
    "correction of their line": "INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, refers_to_id)"
    " SELECT id, 'correct', 1, 'g', {movement} FROM inventory.containers LIMIT 1",
    "count in their stocktake": "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found) SELECT {stocktake}, id, true FROM inventory.containers LIMIT 1",
    "mark of theirs": "INSERT INTO inventory.disposals (chemical_id, reason) VALUES ({chemical}, 'mine')",
    "location under theirs": "INSERT INTO inventory.locations (parent_id, kind, name) VALUES ({location}, 'shelf', 'mine')",
    "their bottle into my hands": "UPDATE inventory.containers SET holder_id = control.user_id() WHERE id = {container} RETURNING id",
    "row from JSON": 'SELECT inventory.insert_row(\'inventory.chemicals\', \'{{"lab_id": {lab}, "name": "planted"}}\')',
    "row of control from JSON": 'SELECT inventory.insert_row(\'control.users\', \'{{"username": "mallory", "name": "Mallory"}}\')',
    "change from JSON": "SELECT inventory.update_row('inventory.chemicals', {chemical}, '{{\"name\": \"mine\"}}') FROM inventory.chemicals HAVING false",
    "posting their stocktake": "SELECT inventory.post_stocktake({stocktake})",
    "my membership": "INSERT INTO control.members (lab_id, user_id, role) VALUES ({lab}, control.user_id(), 'manager')",
    "my role": "UPDATE control.members SET role = 'manager'",
    "a session": "INSERT INTO control.sessions (token_hash, user_id, expires_at) VALUES ('', 1, 'infinity')",
    "copy": "COPY inventory.chemicals (name) FROM STDIN",
    "copy with the lab": "COPY inventory.chemicals (lab_id, name) FROM STDIN",
    "lock": "LOCK TABLE inventory.chemicals IN ACCESS EXCLUSIVE MODE",
    "truncate": "TRUNCATE inventory.chemicals CASCADE",
}


@pytest.mark.parametrize("way", WRITES_ACROSS)
def test_nothing_is_written_into_another_lab(
    attacker: Connection, ada: str, hodgkin: dict[str, int], way: str, installation: Installation
) -> None:
    def theirs() -> object:
        tables = ("chemicals", "containers", "movements", "locations", "stocktakes", "disposals")
        return [
            installation.psql(f"SELECT count(*), max(id) FROM inventory.{table}", as_="dba", lab="hodgkin")
            for table in tables
        ], installation.psql("SELECT lab_id, user_id, role FROM control.members ORDER BY 1, 2")

    before = theirs()
    enter(attacker, ada, "curie")
    try:
        sql, cursor = WRITES_ACROSS[way].format(**hodgkin).encode(), attacker.cursor()
        if sql.startswith(b"COPY"):
            with cursor.copy(sql) as copy:
                copy.write_row([hodgkin["lab"], "planted"] if b"lab_id" in sql else ["planted"])
            pytest.fail(f"{way} went through")
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
        assert rows == [], f"{way} went through: {rows}"
        attacker.commit()
    except REFUSALS:
        attacker.rollback()
    assert theirs() == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT count(*) FROM inventory.chemicals WHERE lab_id = {lab}",
        "SELECT count(*) FROM inventory.stock WHERE id = {container}",
        "SELECT count(*) FROM inventory.history WHERE container_id = {container}",
        "SELECT count(*) FROM inventory.chemical_words WHERE word = 'secret'",
        "SELECT count(*) FROM inventory.chemicals WHERE name LIKE '%secret%'",
        "SELECT count(*) FROM inventory.chemicals WHERE name ~ 'secret'",
        "SELECT count(*) FROM control.users WHERE username = 'eve'",
        "SELECT count(*) FROM control.members WHERE lab_id = {lab}",
        "SELECT count(*) FROM control.labs WHERE id = {lab}",
        "SELECT count(*) FROM pg_stats WHERE schemaname = 'inventory'",
        "SELECT count(*) FROM pg_statistic_ext_data",
    ],
)
def test_nothing_of_another_lab_is_read(attacker: Connection, ada: str, hodgkin: dict[str, int], sql: str) -> None:
    enter(attacker, ada, "curie", "viewer")
    try:
        row = attacker.execute(sql.format(**hodgkin).encode()).fetchone()
        assert row == (0,)
    except FORBIDDEN:
        pass


def test_a_condition_that_tells_what_it_sees_sees_only_the_own_lab(
    attacker: Connection, ada: str, hodgkin: dict[str, int]
) -> None:
    """PostgreSQL evaluates a function that is not leakproof after the policy. An error caused by a row of another lab would tell its content."""
    enter(attacker, ada, "curie", "viewer")
    row = attacker.execute(
        "SELECT count(*) FROM inventory.chemicals WHERE 1 / (CASE WHEN name = 'Eve''s secret' THEN 0 ELSE 1 END) = 1"
    ).fetchone()
    assert row is not None


def test_a_pattern_that_cannot_be_read_is_tried_on_own_rows_only(
    attacker: Connection, ada: str, hodgkin: dict[str, int]
) -> None:
    """A LIKE pattern that ends with a backslash fails on a row that fits so far. On rows of others that would tell names letter by letter."""
    enter(attacker, ada, "curie", "viewer")
    sql = "SELECT count(*) FROM inventory.chemicals WHERE name LIKE {}"
    assert attacker.execute(sql.format(r"'Eve''s secre\'").encode()).fetchone() == (0,)
    with pytest.raises(psycopg.errors.InvalidEscapeSequence):
        attacker.execute(sql.format(r"'Ada''s ow\'").encode())


def test_errors_name_nothing_of_another_lab(attacker: Connection, ada: str, hodgkin: dict[str, int]) -> None:
    """An id of another lab and an id that does not exist are refused in the same words."""
    said = []
    for chemical in (hodgkin["chemical"], 2**60):
        enter(attacker, ada, "curie")
        with pytest.raises(psycopg.errors.ForeignKeyViolation) as error:
            attacker.execute("INSERT INTO inventory.containers (chemical_id) VALUES (%s)", [chemical])
        text = f"{error.value.diag.message_primary} {error.value.diag.message_detail}"
        said.append(text.replace(str(chemical), "ID"))
        attacker.rollback()
    assert said[0] == said[1]
    assert "secret" not in said[0]


def test_a_barcode_of_another_lab_is_free_here(attacker: Connection, ada: str, installation: Installation) -> None:
    """A unique constraint over all labs would tell that another lab has the barcode."""
    put = "INSERT INTO inventory.containers (chemical_id, barcode) SELECT id, 'THEIRS-1' FROM inventory.chemicals LIMIT 1 RETURNING barcode"
    with shelf(installation, "eve", "hodgkin") as eve:
        eve.run(put)
    enter(attacker, ada, "curie")
    assert attacker.execute(put.encode()).fetchone() == ("THEIRS-1",)


def test_copying_out_takes_only_the_own_lab(attacker: Connection, ada: str, hodgkin: dict[str, int]) -> None:
    enter(attacker, ada, "curie", "viewer")
    with attacker.cursor().copy("COPY inventory.chemicals (lab_id, name) TO STDOUT") as copy:
        rows = [bytes(row).decode() for row in copy]
    assert rows
    assert all(not row.startswith(f"{hodgkin['lab']}\t") for row in rows)
    with pytest.raises(FORBIDDEN):
        attacker.execute("COPY (SELECT 1) TO PROGRAM 'true'")


def test_a_cursor_that_outlives_its_transaction_holds_only_the_own_lab(
    installation: Installation, ada: str, hodgkin: dict[str, int]
) -> None:
    with psycopg.connect(installation.dsn("chemuser"), autocommit=True) as connection:
        connection.execute("BEGIN")
        enter(connection, ada, "curie", "viewer")
        connection.execute("DECLARE kept CURSOR WITH HOLD FOR SELECT lab_id FROM inventory.chemicals")
        connection.execute("COMMIT")
        assert connection.execute("FETCH ALL FROM kept").fetchall() == [(installation.lab_id("curie"),)]
        with pytest.raises(NO_LAB):
            connection.execute(COUNT)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT set_config('role', 'chemadmin', true)",
        "SELECT set_config('role', 'chemowner', true)",
        "SELECT set_config('session_authorization', 'chemadmin', true)",
        "SET LOCAL session_replication_role = replica",
        "CREATE TEMP TABLE t (x int)",
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE inventory.chemicals DISABLE ROW LEVEL SECURITY",
        "ALTER ROLE chemuser BYPASSRLS",
        "GRANT chemadmin TO chemuser",
        'DROP POLICY "a lab reaches only its own rows" ON inventory.chemicals',
        "SELECT * FROM control.sessions",
        "SELECT control.make_administrator('ada')",
        "SELECT control.enter_administration('')",
        "SELECT * FROM control.check_catalogue()",
        "UPDATE reference.units SET factor = 1000 WHERE unit = 'g'",
    ],
)
def test_no_more_rights_are_had(attacker: Connection, ada: str, sql: str) -> None:
    enter(attacker, ada, "curie")
    with pytest.raises((FORBIDDEN, psycopg.errors.InvalidParameterValue)):
        attacker.execute(sql.encode())


def test_the_lab_ends_with_its_transaction(installation: Installation) -> None:
    with psycopg.connect(installation.dsn("chemuser"), autocommit=True) as connection:
        with connection.transaction():
            enter(connection, session_of(installation, "ada"), "curie")
            assert connection.execute(COUNT.encode()).fetchone()
        kept = "SELECT current_setting('app.lab_id', true), current_setting('app.session', true)"
        assert connection.execute(kept.encode()).fetchone() == ("", "")
        with pytest.raises(NO_LAB):
            connection.execute(COUNT.encode())


def test_a_chemadmin_reads_no_inventory(installation: Installation) -> None:
    with psycopg.connect(installation.dsn("chemadmin")) as connection:
        for table in ("chemicals", "containers", "movements", "stock"):
            with pytest.raises(FORBIDDEN):
                connection.execute(f"SELECT FROM inventory.{table}".encode())
            connection.rollback()
        with pytest.raises(FORBIDDEN):
            connection.execute("SELECT * FROM control.enter_session('', '', '')")


def test_a_dba_looks_as_one_lab_and_only_there(installation: Installation, ada: str, hodgkin: dict[str, int]) -> None:
    names = installation.psql("SELECT DISTINCT lab_id FROM inventory.chemicals", as_="dba", lab="hodgkin")
    assert names == [(hodgkin["lab"],)]
    with pytest.raises(NO_LAB):
        installation.psql(COUNT, as_="dba")
