"""sql/database.sh with a connection string, as a secret may hold it."""

import subprocess
from urllib.parse import quote

import psycopg
import pytest

from local import postgres
from tests.conftest import ROOT
from tests.server import OWNER, Server, own_database, run_psql_script


def percent_encoded(text: str) -> str:
    """Every sign as %xx, as libpq and browsers understand it, too."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


@pytest.mark.parametrize("written", [quote, percent_encoded])
def test_a_connection_string_takes_the_place_of_user_password_and_database(server: Server, written: object) -> None:
    assert callable(written)
    with own_database(server) as database:
        run_psql_script(
            ["sql/database.sh", "demo"],
            PGHOST=server.host,
            PGPORT=str(server.port),
            CHEMTRACK_DATABASE_URL=f"postgresql://{OWNER}:{written(server.passwords[OWNER])}@/{database}",
        )


@pytest.mark.parametrize("user", ["ada", "zoe"])
def test_somebody_is_made_an_administrator(server: Server, user: str) -> None:
    with own_database(server) as database:
        run_psql_script(
            ["sql/database.sh", "administrator", user],
            PGHOST=server.host,
            PGPORT=str(server.port),
            CHEMTRACK_DATABASE_URL=f"postgresql://{OWNER}:{percent_encoded(server.passwords[OWNER])}@/{database}",
        )
        with psycopg.connect(server.dsn(postgres.SUPERUSER, database)) as connection:
            found = connection.execute(
                "SELECT username FROM control.administrators JOIN control.users u ON u.id = user_id"
            ).fetchall()
    assert {name for (name,) in found} == {user, "root"}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://chemtrack_master:hush@db.example/chemtrack",  # the host is told by PGHOST
        "postgresql://chemtrack_master@/chemtrack",
        "mysql://chemtrack_master:hush@/chemtrack",
        "postgresql://chemtrack_master:hush@/",
        "hush",
    ],
)
def test_another_text_is_refused_and_not_repeated(url: str) -> None:
    told = subprocess.run(
        ["bash", "sql/database.sh", "apply"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "CHEMTRACK_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 2
    assert told.stderr == "CHEMTRACK_DATABASE_URL is no postgresql://USER:PASSWORD@/DATABASE.\n"
