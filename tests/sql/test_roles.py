"""What a role may not write is refused by the database, whatever SQL is run as chemuser; docs/dba.md says the same in words."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.server import Server, own_database
from tests.sql.databases import execute, run_file

Connection = psycopg.Connection[Any]
FORBIDDEN = psycopg.errors.InsufficientPrivilege
SESSION = {"ada": "aa" * 32, "ben": "bb" * 32}
CURIE, HODGKIN = 1, 2
NOW = "extract(epoch FROM now() - {0}) < 60"


@pytest.fixture(scope="module")
def labs(server: Server) -> Iterator[str]:
    """Labs curie (1) and hodgkin (2) with rows in every table. Ada is a manager of both; each test sets Ben's roles."""
    with own_database(server, None) as name:
        run_file(server, name, "sql/apply.sql")
        run_file(server, name, "tests/sql/first_rows.sql")
        run_file(server, name, "tests/sql/later_rows.sql")
        for who, session in SESSION.items():
            execute(
                server,
                name,
                "SET LOCAL ROLE chemowner",
                "INSERT INTO control.sessions (token_hash, user_id, expires_at)"
                f" SELECT sha256(decode('{session}', 'hex')), id, 'infinity' FROM control.users WHERE username = '{who}'",
            )
        yield name


@pytest.fixture
def attacker(server: Server, labs: str) -> Iterator[Connection]:
    """A connection as chemuser, in a transaction that is rolled back."""
    with psycopg.connect(server.dsn("chemuser", labs)) as connection:
        yield connection
        connection.rollback()


def make_ben(server: Server, labs: str, in_curie: str, in_hodgkin: str) -> None:
    for lab, role in ((CURIE, in_curie), (HODGKIN, in_hodgkin)):
        execute(
            server,
            labs,
            "SET LOCAL ROLE chemowner",
            f"UPDATE control.members SET role = '{role}' WHERE lab_id = {lab}"
            " AND user_id = (SELECT id FROM control.users WHERE username = 'ben')",
        )


def enter(connection: Connection, who: str, lab: int) -> None:
    """Enters a lab as an injected statement could: without control.enter_session, which would ask for the role."""
    connection.execute(
        "SELECT set_config('app.lab_id', %s, true), set_config('app.session', %s, true)", [str(lab), SESSION[who]]
    )


def one(connection: Connection, sql: str) -> Any:
    row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return row[0]


def writes_granted(connection: Connection) -> list[tuple[str, str, list[str]]]:
    """chemuser's rights to write, from the catalogue: (table of inventory, INSERT, UPDATE or DELETE, columns)."""
    return connection.execute(
        """SELECT t.relname, act, array_agg(a.attname::text ORDER BY a.attnum)
             FROM pg_class t, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS act, pg_attribute a
            WHERE t.relnamespace = 'inventory'::regnamespace AND t.relkind = 'r'
              AND a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
              AND CASE act WHEN 'DELETE' THEN has_table_privilege(t.oid, act) ELSE has_column_privilege(t.oid, a.attnum, act) END
            GROUP BY t.relname, act ORDER BY 1, 2"""
    ).fetchall()


def ways_to_write(table: str, act: str, columns: list[str], said: str = "true") -> list[str]:
    """Statements that write rows with the values which the table has; the condition `said` stands in each possible place of a statement."""
    named = ", ".join(columns)
    if act == "INSERT":
        return [
            f"INSERT INTO inventory.{table} ({named}) SELECT {named} FROM inventory.{table} WHERE {said}",
            f"INSERT INTO inventory.{table} ({named}) SELECT {named} FROM inventory.{table} RETURNING {said}",
        ]
    if act == "UPDATE":
        same = ", ".join(f"{column} = t.{column}" for column in columns)
        return [
            f"UPDATE inventory.{table} t SET {same} WHERE {said}",
            f"UPDATE inventory.{table} t SET {same} RETURNING {said}",
            f"UPDATE inventory.{table} t SET {same} WHERE (SELECT {said})",  # evaluated once, before any row is read
            f"UPDATE inventory.{table} t SET {same} FROM (SELECT n FROM generate_series(1, 2) AS n WHERE {said} OFFSET 0) AS x WHERE x.n = 2",
        ]
    return [
        f"DELETE FROM inventory.{table} WHERE {said}",
        f"DELETE FROM inventory.{table} RETURNING {said}",
        f"DELETE FROM inventory.{table} WHERE (SELECT {said})",
    ]


def rows(connection: Connection, table: str, lab: int) -> Any:
    """A digest of the lab's rows, as its people see them. It contains xmin, so that a write of the same values shows too."""
    enter(connection, "ben", lab)
    return one(
        connection, f"SELECT md5(string_agg(t.xmin::text || t::text, '' ORDER BY t::text)) FROM inventory.{table} t"
    )


def test_a_viewer_writes_no_row_of_any_table(server: Server, labs: str, attacker: Connection) -> None:
    make_ben(server, labs, "viewer", "viewer")
    granted = writes_granted(attacker)
    assert {table for table, _, _ in granted} >= {"chemicals", "containers", "locations", "movements", "requests"}
    for table, act, columns in granted:
        for sql in ways_to_write(table, act, columns):
            enter(attacker, "ben", CURIE)
            with pytest.raises(FORBIDDEN, match="a viewer may not do this"), attacker.transaction():
                attacker.execute(sql.encode())


def test_a_manager_of_another_lab_writes_no_row_where_he_is_a_viewer(
    server: Server, labs: str, attacker: Connection
) -> None:
    """app.lab_id changes while the statement runs: to the other lab and back again, before and after each row."""
    make_ben(server, labs, "manager", "viewer")
    tried = 0
    for table, act, columns in writes_granted(attacker):
        for first, then in ((HODGKIN, CURIE), (CURIE, HODGKIN)):
            for sql in ways_to_write(table, act, columns, f"set_config('app.lab_id', '{then}', true) <> ''"):
                before = rows(attacker, table, HODGKIN)
                enter(attacker, "ben", first)
                try:
                    with attacker.transaction(force_rollback=True):
                        attacker.execute(sql.encode())
                        assert rows(attacker, table, HODGKIN) == before, sql
                except psycopg.Error:
                    pass
                tried += 1
    assert tried > 100


def test_managers_alone_write_locations_imports_and_settings(server: Server, labs: str, attacker: Connection) -> None:
    make_ben(server, labs, "member", "manager")
    for table, act, columns in writes_granted(attacker):
        if table in ("locations", "imports", "import_rows", "label_settings", "check_out_rules"):
            for sql in ways_to_write(table, act, columns):
                enter(attacker, "ben", CURIE)
                with pytest.raises(FORBIDDEN, match="a member may not do this"), attacker.transaction():
                    attacker.execute(sql.encode())


def test_a_member_chooses_no_columns_for_another(server: Server, labs: str, attacker: Connection) -> None:
    make_ben(server, labs, "member", "manager")
    enter(attacker, "ben", CURIE)
    theirs = "SELECT count(*) FROM inventory.list_columns WHERE user_id <> control.user_id()"
    assert one(attacker, theirs) == 1
    with pytest.raises(FORBIDDEN, match="row-level security"), attacker.transaction():
        attacker.execute("UPDATE inventory.list_columns SET columns = '{}'")


def test_a_member_shares_no_search_and_removes_no_search_of_another(
    server: Server, labs: str, attacker: Connection
) -> None:
    make_ben(server, labs, "member", "manager")
    enter(attacker, "ben", CURIE)
    theirs = "SELECT count(*) FROM inventory.saved_searches WHERE made_by <> control.user_id()"
    assert one(attacker, theirs) == 1
    with pytest.raises(FORBIDDEN, match="a member may not do this"), attacker.transaction():
        attacker.execute(
            "INSERT INTO inventory.saved_searches (name, query, shared) VALUES ('Mine', 'state=gas', true)"
        )
    attacker.execute("DELETE FROM inventory.saved_searches")
    assert one(attacker, theirs) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE inventory.locations SET archived_at = now() WHERE name = 'Shelf'",
        "UPDATE inventory.locations SET name = 'Mine' WHERE name = 'Shelf'",
        "INSERT INTO inventory.locations (kind, name) VALUES ('room', 'Mine')",
        "SELECT inventory.ensure_location('{Mine}')",
        "SELECT inventory.learn_sizes()",
        "UPDATE inventory.imports SET committed_at = now()",
        "SELECT inventory.start_import(id, true) FROM inventory.imports",
        "UPDATE inventory.import_rows SET state = 'ready'",
        "SELECT inventory.share_fields(0)",
        "SELECT inventory.ask_about_same_rows(0, NULL, '{}')",
        "SELECT inventory.ask_about_changes(0, '{}', '{}')",
        "UPDATE inventory.disposals SET outcome = 'disposed' WHERE outcome IS NULL",
        "SELECT inventory.confirm_disposals(array_agg(id)) FROM inventory.disposals WHERE outcome IS NULL",
        "INSERT INTO inventory.movements (container_id, kind) SELECT id, 'dispose' FROM inventory.containers WHERE disposed_at IS NULL",
        "UPDATE inventory.containers SET holder_id = NULL WHERE holder_id <> control.user_id()",
        "UPDATE inventory.containers SET holder_id = control.user_id() WHERE holder_id <> control.user_id()",
        "UPDATE inventory.containers SET holder_id = (SELECT id FROM control.users WHERE username = 'ada') WHERE holder_id IS NULL",
    ],
)
@pytest.mark.parametrize("elsewhere", ["member", "manager"])
def test_a_managers_decisions_stay_a_managers(
    server: Server, labs: str, attacker: Connection, sql: str, elsewhere: str
) -> None:
    """Not even a member who is a manager of another lab, and sets app.lab_id to that lab while the statement runs, decides them."""
    make_ben(server, labs, "member", elsewhere)
    execute(
        server,
        labs,
        f"SELECT set_config('app.lab_id', '{CURIE}', true), set_config('app.user_id', (SELECT id::text FROM control.users WHERE username = 'ada'), true)",
        "SET LOCAL ROLE chemowner",
        "UPDATE inventory.containers SET holder_id = control.user_id() WHERE barcode = 'CT-000001' AND holder_id IS DISTINCT FROM control.user_id()",
        "INSERT INTO inventory.disposals (chemical_id, container_id, reason) SELECT chemical_id, id, 'Old' FROM inventory.containers"
        " WHERE barcode = 'CT-000001' ON CONFLICT DO NOTHING",
    )
    enter(attacker, "ben", CURIE)
    with pytest.raises(FORBIDDEN), attacker.transaction():
        attacker.execute(sql.encode())
    if elsewhere == "manager" and sql.startswith("UPDATE"):
        word = "AND" if "WHERE" in sql else "WHERE"
        enter(attacker, "ben", CURIE)
        with pytest.raises(FORBIDDEN):
            attacker.execute(f"{sql} {word} set_config('app.lab_id', '{HODGKIN}', true) <> ''".encode())


def test_events_are_not_read_by_the_role_of_another_lab(server: Server, labs: str, attacker: Connection) -> None:
    """app.lab_id changes between the moment when the policy asks for the lab and any moment when it could ask for the role."""
    make_ben(server, labs, "member", "manager")
    enter(attacker, "ben", CURIE)
    assert one(attacker, "SELECT count(*) FROM control.events") == 0
    sql = f"""SELECT count(e.id) FROM (
                SELECT CASE n WHEN 1 THEN '-infinity'::timestamptz ELSE set_config('app.lab_id', '{HODGKIN}', true)::int * interval '1 day' + now() END AS until
                  FROM generate_series(1, 2) AS n) AS s
               CROSS JOIN LATERAL (SELECT * FROM control.events e WHERE e.made_at < s.until AND e.lab_id = {CURIE} OFFSET 0) AS e"""
    with attacker.transaction():
        attacker.execute("SET LOCAL enable_material = off")
        attacker.execute("SET LOCAL enable_memoize = off")
        assert one(attacker, sql) == 0


# -- what ends, ends once, by whom and when the database says ---------------------------------------------------------


def test_who_commits_an_import_and_when_is_not_theirs_to_say(attacker: Connection) -> None:
    enter(attacker, "ada", CURIE)
    with pytest.raises(FORBIDDEN), attacker.transaction():
        attacker.execute("UPDATE inventory.imports SET committed_by = 1")
    add = "INSERT INTO inventory.imports (file_name) VALUES ('x.csv') RETURNING id"
    committed, cancelled = one(attacker, add), one(attacker, add)
    for column, made in (("committed_at", committed), ("cancelled_at", cancelled)):
        sql = f"UPDATE inventory.imports SET {column} = '2001-01-01' WHERE id = {made} RETURNING {NOW.format(column)}"
        assert one(attacker, sql)
        for again in ("committed_at = now()", "cancelled_at = now()", f"{column} = NULL", "reading = '{\"sheet\": 1}'"):
            with pytest.raises(psycopg.errors.CheckViolation, match="not an open import"), attacker.transaction():
                attacker.execute(f"UPDATE inventory.imports SET {again} WHERE id = {made}".encode())
    assert one(attacker, f"SELECT committed_by = control.user_id() FROM inventory.imports WHERE id = {committed}")
    assert one(attacker, f"SELECT committed_by IS NULL FROM inventory.imports WHERE id = {cancelled}")


def test_that_an_import_was_taken_back_is_not_theirs_to_say(attacker: Connection) -> None:
    enter(attacker, "ada", CURIE)
    add = "INSERT INTO inventory.imports (file_name) VALUES ('x.csv') RETURNING id"
    still_open, committed = one(attacker, add), one(attacker, add)
    attacker.execute("UPDATE inventory.imports SET committed_at = now() WHERE id = %s", (committed,))
    for number in (still_open, committed):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="what became of it"), attacker.transaction():
            attacker.execute(
                "UPDATE inventory.imports SET reading = reading || '{\"taken_back\": 1}' WHERE id = %s", (number,)
            )


def test_a_stocktake_ends_once_and_nobody_says_when(attacker: Connection) -> None:
    enter(attacker, "ada", CURIE)
    [[posted], [is_open]] = attacker.execute("SELECT id FROM inventory.stocktakes ORDER BY id").fetchall()
    cancel = "UPDATE inventory.stocktakes SET cancelled_at = {} WHERE id = {} RETURNING " + NOW.format("cancelled_at")
    with pytest.raises(psycopg.errors.CheckViolation, match="not an open stocktake"), attacker.transaction():
        attacker.execute(cancel.format("now()", posted).encode())
    assert one(attacker, cancel.format("'2001-01-01'", is_open))
    for at in ("NULL", "now()"):
        with pytest.raises(psycopg.errors.CheckViolation, match="not an open stocktake"), attacker.transaction():
            attacker.execute(cancel.format(at, is_open).encode())
    for column in ("posted_at", "posted_by", "outcome", "started_by", "started_at"):
        with pytest.raises(FORBIDDEN), attacker.transaction():
            attacker.execute(f"UPDATE inventory.stocktakes SET {column} = NULL".encode())


# -- triggers -------------------------------------------------------------------------------------------------------

SET = f"set_config('app.lab_id', '{HODGKIN}', true)"
SWITCH = f"{SET} <> ''"
BEFORE, AFTER = f"WHERE {SWITCH}", f"RETURNING {SWITCH}"
FIRES = {
    "compose_name": f"UPDATE inventory.chemicals SET name = 'New ' || id {BEFORE}",
    "keep_words": f"UPDATE inventory.chemicals SET formula = 'C' WHERE name LIKE 'Salt%' {AFTER}",
    "note_change": f"UPDATE inventory.chemicals SET notes = 'New' {BEFORE}",
    "keep_true_origins": f"""UPDATE inventory.chemicals SET origins = '{{"name": "x"}}' {BEFORE}""",
    "mark_hazards": f"UPDATE inventory.chemicals SET pictograms = '{{GHS09}}' {BEFORE}",
    "trace_enrichment": f"INSERT INTO inventory.enrichments (filled) VALUES ('{{}}') {AFTER}",
    # The values of notes and reason change app.lab_id. lab_id is the first column, so its default is computed before that.
    "carry_use_by": f"UPDATE inventory.chemicals SET days_after_opening = 30 WHERE name LIKE 'Salt%' {AFTER}",
    "set_use_by": "INSERT INTO inventory.containers (chemical_id, barcode, expires_on, notes)"
    f" VALUES ((SELECT min(id) FROM inventory.chemicals), 'NEW-2', '2030-01-01', {SET})",
    "change_use_by": f"UPDATE inventory.containers SET expires_on = '2030-01-01' {BEFORE}",
    "allow_check_out": "INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason)"
    f" VALUES ((SELECT id FROM inventory.containers WHERE barcode = 'CT-000001'), 'check_out', 1, 'mg', {SET})",
    "allow_holding": f"UPDATE inventory.containers SET holder_id = control.user_id() {BEFORE}",
    "give_barcode": f"INSERT INTO inventory.containers (chemical_id, notes) VALUES ((SELECT min(id) FROM inventory.chemicals), {SET})",
    "note_transfer": f"UPDATE inventory.containers SET location_id = NULL {BEFORE}",
    "keep_container_words": "INSERT INTO inventory.containers (chemical_id, barcode)"
    f" VALUES ((SELECT min(id) FROM inventory.chemicals), 'NEW-1') {AFTER}",
    "change_container_words": f"UPDATE inventory.containers SET lot = 'New' WHERE barcode = 'CT-000001' {AFTER}",
    "refuse_archived_location_of_move": "UPDATE inventory.containers c SET location_id = l.id FROM inventory.locations l"
    f" WHERE l.name = 'Shelf' AND c.barcode = 'CT-000004' {AFTER}",
    "refuse_archived_location": f"INSERT INTO inventory.stocktakes (location_id) SELECT id FROM inventory.locations WHERE name LIKE 'Room%' {AFTER}",
    "note_decision": f"UPDATE inventory.disposals SET outcome = 'kept' WHERE outcome IS NULL AND {SWITCH}",
    "keep_location_path": f"UPDATE inventory.locations SET name = 'New ' || id {BEFORE}",
    "carry_location_path_down": f"UPDATE inventory.locations SET name = 'New ' || id WHERE name LIKE 'Room%' {AFTER}",
    "archive_location": f"UPDATE inventory.locations SET archived_at = now() WHERE name = 'Shelf' {AFTER}",
    "post_movement": "INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason)"
    f" VALUES ((SELECT id FROM inventory.containers WHERE barcode = 'CT-000001'), 'count', 1, 'mg', {SET})",
    "let_counts_hold": "INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, refers_to_id)"
    f" SELECT container_id, 'correct', 0.2, 'g', id FROM inventory.movements WHERE kind = 'check_out' {AFTER}",
    "set_tolerance": f"INSERT INTO inventory.stocktakes (location_id, sample_percent) VALUES (NULL, length({SET}))",
    "end_stocktake": f"UPDATE inventory.stocktakes SET cancelled_at = now() WHERE posted_at IS NULL AND {SWITCH}",
    "end_import": f"UPDATE inventory.imports SET cancelled_at = now() {BEFORE}",
    "deny_forged_outcome": f"UPDATE inventory.imports SET reading = '{{\"taken_back\": 1}}' {BEFORE}",
    "trace_upload": f"INSERT INTO inventory.imports (file_name) VALUES ('new.csv') {AFTER}",
    "trace_import_end": f"UPDATE inventory.imports SET cancelled_at = now() {AFTER}",
    "expect_amount": f"UPDATE inventory.stocktake_counts SET counted = 1 {BEFORE}",
    "refuse_counts_when_over": "INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found)"
    f" SELECT s.id, c.id, false FROM inventory.stocktakes s, inventory.containers c WHERE s.posted_at IS NOT NULL AND c.barcode = 'CT-000003' {AFTER}",
    "refuse_changes_when_over": f"UPDATE inventory.stocktake_counts SET reason = 'New' WHERE recount {AFTER}",
    "refuse_undoing_when_over": f"DELETE FROM inventory.stocktake_counts WHERE recount {AFTER}",
}
"""For each trigger of inventory a statement that wakes it while app.lab_id names another lab than the row's."""


def test_each_trigger_of_inventory_has_its_statement_here(attacker: Connection) -> None:
    there = attacker.execute(
        """SELECT DISTINCT g.tgname::text FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
            WHERE t.relnamespace = 'inventory'::regnamespace AND NOT g.tgisinternal"""
    ).fetchall()
    assert {name for (name,) in there} == set(FIRES)


@pytest.mark.parametrize("trigger", FIRES)
def test_no_trigger_acts_for_a_lab_that_was_changed_while_the_statement_runs(
    attacker: Connection, trigger: str
) -> None:
    """Ada is a manager of both labs, so that neither her role nor her membership refuses anything."""
    [[function]] = attacker.execute(
        "SELECT DISTINCT tgfoid::regproc::text FROM pg_trigger WHERE tgname = %s", [trigger]
    ).fetchall()
    enter(attacker, "ada", CURIE)
    with pytest.raises(FORBIDDEN, match="the row is of another lab") as error:
        attacker.execute(FIRES[trigger].encode())
    assert f"function {function}()" in (error.value.diag.context or "")
