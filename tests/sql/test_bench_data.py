"""The labs of the benchmark have the words, the ledger and the policies that real work would have given them."""

import subprocess

import psycopg

from local.postgres import SUPERUSER
from tests.conftest import ROOT
from tests.server import Server, own_database
from tests.sql.databases import libpq, run_file

LABS = {"first": 40, "last": 41, "chemicals": 60, "movements": 3}
WORDS_OFF = """
SELECT count(*) FROM ((SELECT h.lab_id, w, h.id FROM inventory.{of}s h, inventory.words_of_{of}(h) w
                       EXCEPT SELECT lab_id, word, {of}_id FROM inventory.{of}_words)
            UNION ALL (SELECT lab_id, word, {of}_id FROM inventory.{of}_words
                       EXCEPT SELECT h.lab_id, w, h.id FROM inventory.{of}s h, inventory.words_of_{of}(h) w)) AS off"""


def test_the_proof_holds_in_labs_that_were_made_to_be_measured(server: Server) -> None:
    with own_database(server, None) as name:
        run_file(server, name, "sql/apply.sql")
        run_file(server, name, "sql/reference/load.sql")
        said = [word for key, value in LABS.items() for word in ("-v", f"{key}={value}")]
        command = ["psql", "--no-psqlrc", "-q", "-v", "ON_ERROR_STOP=1", *said, "-f", "bench/data.sql"]
        subprocess.run(command, cwd=ROOT, env=libpq(server, name, SUPERUSER), check=True, capture_output=True)
        proof = ["psql", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-f", "sql/tests/all.sql"]
        done = subprocess.run(
            proof, cwd=ROOT, env=libpq(server, name, "dba"), check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "the ledger of 120 containers adds up" in done.stdout
        with psycopg.connect(server.dsn(SUPERUSER, name)) as connection:
            for of in ("chemical", "container"):
                assert connection.execute(WORDS_OFF.format(of=of).encode()).fetchone() == (0,)
