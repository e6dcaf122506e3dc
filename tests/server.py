"""The PostgreSQL of one test run: a copy of a cluster that is kept in .local/tests/ until sql/ changes."""

import fcntl
import hashlib
import itertools
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from local import postgres

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".local" / "tests"
MOST = 4  # the number of clusters that are kept: each branch and each mutation has its own sql/
CAST = ROOT / "tests" / "cast.sql"
TEMPLATE = "chemtrack"  # made by sql/database.sh owner
# Fast and unsafe: nobody needs the data of a test after a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
OWNER = "chemtrack_master"

numbers = itertools.count(1)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL with ChemTrack's roles. Its database TEMPLATE has the schema and the people of tests/cast.sql."""

    host: str
    port: int
    superuser_password: str
    passwords: dict[str, str]

    def dsn(self, user: str, database: str) -> str:
        password = self.superuser_password if user == postgres.SUPERUSER else self.passwords[user]
        return psycopg.conninfo.make_conninfo(
            host=self.host, port=self.port, user=user, password=password, dbname=database
        )

    def database_sh(self, act: str, database: str = TEMPLATE) -> None:
        """Run sql/database.sh, as a DBA would."""
        user = postgres.SUPERUSER if act == "owner" else OWNER
        run_psql_script(
            ["sql/database.sh", act],
            PGHOST=self.host,
            PGPORT=str(self.port),
            PGUSER=user,
            PGDATABASE="postgres" if act == "owner" else database,
            PGPASSWORD=self.superuser_password if act == "owner" else self.passwords[user],
            CHEMTRACK_MASTER_PASSWORD=self.passwords[OWNER],
            CHEMTRACK_CHEMUSER_PASSWORD=self.passwords["chemuser"],
            CHEMTRACK_CHEMADMIN_PASSWORD=self.passwords["chemadmin"],
        )


def run_psql_script(command: list[str], **environment: str) -> None:
    path = f"{postgres.find_binaries()}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": path, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, f"{' '.join(command)}: {result.stderr}"


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def fingerprint() -> str:
    """A hash of all files from which the kept cluster is made."""
    digest = hashlib.sha256(str(postgres.find_binaries()).encode())
    for file in (*sorted((ROOT / "sql").rglob("*")), CAST, ROOT / "local" / "postgres.py", Path(__file__)):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def make(folder: Path) -> None:
    """Make a stopped cluster in `folder`/postgres and write the passwords of its roles into `folder`/passwords.json."""
    made = Server(
        "127.0.0.1",
        free_port(),
        secrets.token_urlsafe(),
        {login: secrets.token_urlsafe() for login in (OWNER, "chemuser", "chemadmin", "dba")},
    )
    passwords = folder / "passwords.json"
    passwords.touch(mode=0o600)
    passwords.write_text(json.dumps({postgres.SUPERUSER: made.superuser_password, **made.passwords}))
    cluster = folder / "postgres"
    postgres.make(cluster, made.superuser_password)
    postgres.start(cluster, made.port, FAST)
    try:
        made.database_sh("owner")
        made.database_sh("apply")
        with psycopg.connect(made.dsn(OWNER, TEMPLATE), autocommit=True) as owner:
            owner.execute(CAST.read_bytes())
            owner.execute("RESET ROLE")
            owner.execute(
                psycopg.sql.SQL("CREATE ROLE dba LOGIN NOINHERIT IN ROLE chem_dba PASSWORD {}").format(
                    made.passwords["dba"]
                )
            )
    finally:
        postgres.stop(cluster)


def copy_kept(folder: Path) -> None:
    """Copy the kept cluster into `folder`; make it first if there is none for the present sql/.

    A lock lets one process at a time make, copy or remove clusters; it ends with the process that holds it.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = KEPT / fingerprint()
        if not kept.exists():
            half = KEPT / "half-made"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            make(half)
            half.rename(kept)
            made = sorted((folder for folder in KEPT.iterdir() if folder.is_dir()), key=lambda one: one.stat().st_mtime)
            for old in made[:-MOST]:
                shutil.rmtree(old)
        os.utime(kept)
        subprocess.run(["cp", "-a", f"{kept}/.", folder], check=True)


@contextmanager
def own_server() -> Iterator[Server]:
    """A server for one test alone, which may change its roles and settings without disturbing others."""
    with tempfile.TemporaryDirectory(prefix="chemtrack-tests-") as name:
        folder = Path(name)
        copy_kept(folder)
        passwords = json.loads((folder / "passwords.json").read_text())
        server = Server("127.0.0.1", free_port(), passwords.pop(postgres.SUPERUSER), passwords)
        postgres.start(folder / "postgres", server.port, FAST)
        try:
            yield server
        finally:
            postgres.stop(folder / "postgres")


@contextmanager
def own_database(server: Server, template: str | None = TEMPLATE) -> Iterator[str]:
    """A new database owned by chemtrack_master: a copy of `template`, or an empty one."""
    name = f"chemtrack_{next(numbers)}"
    with psycopg.connect(server.dsn(postgres.SUPERUSER, "postgres"), autocommit=True) as superuser:
        superuser.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template or 'template0'}".encode())
        try:
            if template:
                # PostgreSQL copies no grants on the database itself.
                run_psql_script(["psql", "--no-psqlrc", "--quiet", "--file", "sql/roles.sql", server.dsn(OWNER, name)])
            yield name
        finally:
            superuser.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
