"""Removes each policy, trigger and grant that keeps labs apart, one at a time: sql/tests must then fail, as a DBA would see it.

Each mutation is made in a copy of one database, which takes about a second. `tests/run --slow tests/mutations` runs them.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from local import postgres
from tests.server import Server, own_database
from tests.sql.test_dba_scripts import run

ROOT = Path(__file__).parent.parent.parent
FENCE = '"a lab reaches only its own rows"'
TABLES = sorted(
    path.stem
    for path in (ROOT / "sql" / "policies").glob("*.sql")
    if "tenant.sql" in path.read_text() and path.stem != "tenant"
)
TRIGGERS = {
    "post_movement": "movements",
    "expect_amount": "stocktake_counts",
    "note_transfer": "containers",
    "keep_words": "chemicals",
    "note_decision": "disposals",
    "keep_location_path": "locations",
}

MUTATIONS = {
    **{f"no policy on {table}": f"DROP POLICY {FENCE} ON inventory.{table}" for table in TABLES},
    **{f"{table} not forced": f"ALTER TABLE inventory.{table} NO FORCE ROW LEVEL SECURITY" for table in TABLES},
    **{f"{table} not fenced": f"ALTER TABLE inventory.{table} DISABLE ROW LEVEL SECURITY" for table in TABLES},
    **{f"a back door in {table}": f"CREATE POLICY backdoor ON inventory.{table} USING (true)" for table in TABLES[:4]},
    **{
        f"no trigger {name}": f"ALTER TABLE inventory.{table} DISABLE TRIGGER {name}"
        for name, table in TRIGGERS.items()
    },
    "a policy that compares nothing": f"ALTER POLICY {FENCE} ON inventory.chemicals USING (true)",
    "a policy that lets write anywhere": f"ALTER POLICY {FENCE} ON inventory.chemicals WITH CHECK (true)",
    "a policy for everybody": f"ALTER POLICY {FENCE} ON inventory.chemicals TO PUBLIC",
    "members not fenced": "ALTER TABLE control.members DISABLE ROW LEVEL SECURITY",
    "people not fenced": "ALTER TABLE control.users DISABLE ROW LEVEL SECURITY",
    "labs not fenced": "ALTER TABLE control.labs DISABLE ROW LEVEL SECURITY",
    "all members seen": 'ALTER POLICY "a lab sees its own members" ON control.members USING (true)',
    "all people seen": 'ALTER POLICY "a lab sees its own people" ON control.users USING (true)',
    "all labs seen": 'ALTER POLICY "a lab sees itself" ON control.labs USING (true)',
    "amounts past the ledger": "GRANT UPDATE (amount) ON inventory.containers TO chemuser",
    "lab_id by hand": "GRANT INSERT (lab_id) ON inventory.chemicals TO chemuser",
    "lines changed": "GRANT UPDATE (amount) ON inventory.movements TO chemuser",
    "lines deleted": "GRANT DELETE ON inventory.movements TO chemuser",
    "lines of others' making": "GRANT INSERT (made_by) ON inventory.movements TO chemuser",
    "transfers deleted": "GRANT DELETE ON inventory.transfers TO chemuser",
    "sessions read": "GRANT SELECT ON control.sessions TO chemuser",
    "sessions made": "GRANT INSERT ON control.sessions TO chemuser",
    "roles raised": "GRANT UPDATE ON control.members TO chemuser",
    "units changed": "GRANT UPDATE ON reference.units TO chemuser",
    "truncate": "GRANT TRUNCATE ON inventory.chemicals TO chemuser",
    "triggers made": "GRANT TRIGGER ON inventory.chemicals TO chemuser",
    "the public reads": "GRANT SELECT ON inventory.chemicals TO PUBLIC",
    "administration reads stock": "GRANT SELECT ON inventory.containers TO chemadmin",
    "temporary tables": "GRANT TEMPORARY ON DATABASE {database} TO chemuser",
    "objects made": "GRANT CREATE ON SCHEMA public TO chemuser",
    "a view that looks as its owner": "ALTER VIEW inventory.stock SET (security_invoker = false)",
    "a function without a path": "ALTER FUNCTION control.enter_session(text, text, text, text) RESET search_path",
    "a function for everybody": "GRANT EXECUTE ON FUNCTION inventory.post_stocktake(bigint) TO PUBLIC",
    "a key over all labs": "ALTER TABLE inventory.containers ADD UNIQUE (barcode)",
    "a reference past the lab": "ALTER TABLE inventory.disposals ADD CONSTRAINT past FOREIGN KEY (id) REFERENCES control.users (id) NOT VALID",
    "an index over all labs": "CREATE INDEX leaky ON inventory.chemicals (name)",
    "names told by estimates": "ALTER TABLE inventory.chemicals ALTER COLUMN name SET STATISTICS 100",
    "words told by estimates": "ALTER TABLE inventory.chemical_words ALTER COLUMN word SET STATISTICS 100",
    "a setting for one database": "ALTER ROLE chemuser IN DATABASE {database} SET row_security = off",
    "bytes beside the tables": "SELECT lo_from_bytea(0, 'x')",
    "a copy beside the fences": "CREATE MATERIALIZED VIEW inventory.copied AS SELECT 1 AS lab_id",
    "a ledger that does not add up": "UPDATE inventory.containers SET amount = amount + 1",
    "a lost line": "DELETE FROM inventory.movements WHERE line = 1",
    **{
        f"a viewer may {act} of {table}": f'DROP POLICY "to {act} takes a member" ON inventory.{table}'
        for table, act in (
            ("chemicals", "insert"),
            ("containers", "update"),
            ("requests", "delete"),
            ("movements", "insert"),
        )
    },
    "a member may archive locations": 'ALTER POLICY "to update takes a manager" ON inventory.locations'
    " USING (lab_id = (SELECT control.lab_id_for('member')))",
    "a role asked for apart from the lab": 'ALTER POLICY "to insert takes a member" ON inventory.movements'
    " WITH CHECK ((SELECT control.role()) IN ('member', 'manager'))",
    "a role that is one way among others": 'DROP POLICY "to insert takes a member" ON inventory.chemicals;'
    'CREATE POLICY "to insert takes a member" ON inventory.chemicals FOR INSERT TO chemuser'
    " WITH CHECK (lab_id = (SELECT control.lab_id_for('member')))",
    "a trigger that believes any lab": "CREATE OR REPLACE FUNCTION inventory.note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
    " SET search_path = pg_catalog, pg_temp AS $$ BEGIN RETURN new; END $$",
    "anybody's lab": "CREATE OR REPLACE FUNCTION control.lab_id() RETURNS int LANGUAGE sql STABLE SECURITY DEFINER"
    " SET search_path = pg_catalog, pg_temp AS $$ SELECT nullif(current_setting('app.lab_id', true), '')::int $$",
    "DBAs by claim": "CREATE OR REPLACE FUNCTION control.is_dba() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER"
    " SET search_path = pg_catalog, pg_temp AS $$ SELECT true $$",
}


@pytest.fixture(scope="module")
def stocked(server: Server) -> Iterator[str]:
    """A database with the demo labs' stock."""
    with own_database(server) as name:
        command = [f"{postgres.find_binaries()}/psql", "-q", "-v", "ON_ERROR_STOP=1"]
        # Lines of control.events refer to the labs, and triggers refuse to delete them: turn these triggers off.
        command += ["-c", "SET session_replication_role = replica"]
        for table in ("events", "members", "labs"):
            command += ["-c", f"DELETE FROM control.{table}"]
        subprocess.run([*command, server.dsn(postgres.SUPERUSER, name)], check=True, capture_output=True)
        seed = [*command[:4], "-f", "sql/seed/demo.sql", server.dsn("chemtrack_master", name)]
        subprocess.run(seed, cwd=ROOT, check=True, capture_output=True)
        yield name


def test_without_a_mutation_everything_is_green(server: Server, stocked: str) -> None:
    with own_database(server, stocked) as copy:
        for name in (stocked, copy):
            assert run(server, name, "all.sql", "dba").returncode == 0
            assert run(server, name, "as_chemuser.sql", "chemuser").returncode == 0


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_fence_that_is_down_is_noticed(server: Server, stocked: str, name: str) -> None:
    with own_database(server, stocked) as copy:
        with psycopg.connect(server.dsn(postgres.SUPERUSER, copy), autocommit=True) as connection:
            connection.execute("SET app.lab_id = '1'")
            connection.execute(MUTATIONS[name].format(database=copy).encode())
        found = [run(server, copy, "all.sql", "dba"), run(server, copy, "as_chemuser.sql", "chemuser")]
    assert 3 in [result.returncode for result in found], found[0].stdout
