"""The look-up of a barcode uses an index beneath the policy. An older database, with barcodes that differ by case alone, goes on working."""

import psycopg

from local import postgres
from tests.server import Server, own_database
from tests.sql.databases import execute
from tests.sql.test_apply import apply

IN_CURIE = "SELECT set_config('app.lab_id', '1', true), set_config('app.user_id', '1', true)"
UNIQUE = "SELECT indisunique FROM pg_index WHERE indexrelid = to_regclass('inventory.containers_barcode_is_taken_in_another_case')"
PAIR = """
WITH chemical AS (INSERT INTO inventory.chemicals (name) VALUES ('Agar') RETURNING id)
INSERT INTO inventory.containers (chemical_id, barcode) SELECT id, code FROM chemical, unnest(ARRAY['Ab-1', 'aB-1']) AS code RETURNING id"""


def test_old_barcodes_that_differ_by_case_alone_are_kept_and_named_until_one_is_changed(server: Server) -> None:
    with own_database(server) as name:
        assert execute(server, name, UNIQUE) == [(True,)]
        with psycopg.connect(server.dsn(postgres.SUPERUSER, name), autocommit=True) as superuser:
            superuser.execute("DROP INDEX inventory.containers_barcode_is_taken_in_another_case")
        execute(server, name, IN_CURIE, PAIR)

        for _ in range(2):
            result = apply(server, name)
            assert result.returncode == 0, result.stderr
            assert "curie has Ab-1 and aB-1" in result.stderr
            assert execute(server, name, UNIQUE) == []
        for code in ("Ab-1", "aB-1"):
            found = f"SELECT c.barcode FROM inventory.containers c WHERE c.id = inventory.find_barcode('{code}')"
            assert execute(server, name, IN_CURIE, found) == [(code,)]

        execute(
            server,
            name,
            IN_CURIE,
            "UPDATE inventory.containers SET barcode = 'Ab-2' WHERE barcode = 'aB-1' RETURNING id",
        )
        result = apply(server, name)
        assert (result.returncode, result.stderr) == (0, "")
        assert execute(server, name, UNIQUE) == [(True,)]


def test_the_look_up_of_a_barcode_uses_its_index_beneath_the_policy(server: Server) -> None:
    many = """
    WITH chemical AS (INSERT INTO inventory.chemicals (name) VALUES ('Agar') RETURNING id)
    INSERT INTO inventory.containers (chemical_id, barcode) SELECT id, 'Ab-' || n FROM chemical, generate_series(1, 2000) AS n RETURNING id"""
    body = "SELECT c.id FROM inventory.containers c WHERE c.barcode_folded = lower(btrim('AB-7'))"
    with own_database(server) as name:
        execute(server, name, IN_CURIE, many)
        execute(server, name, "ANALYZE inventory.containers")
        [[[plan]]] = execute(server, name, IN_CURIE, f"EXPLAIN (FORMAT json) {body}")
    node = plan["Plan"]
    assert node["Index Name"] == "containers_barcode_is_taken_in_another_case"
    assert "lab_id = " in node["Index Cond"]
    assert "barcode_folded = 'ab-7'" in node["Index Cond"]
