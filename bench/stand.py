"""What is measured: a PostgreSQL with labs in it, and the services on it, each a process as `./local_go.sh` would start it.

Everything lies in `.local/bench/`. The labs are made once and kept; the schema is brought up to date at each start.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from local import health, postgres
from local.processes import SUBSTANCES

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".local" / "bench"
CLUSTER = HOME / "postgres"
CONNECTIONS = 8
# PostgreSQL's own settings, but with memory for the data and room for the write-ahead log. fsync stays on: writes are durable.
SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "8GB", "max_connections": "100", "track_io_timing": "off"}


@dataclass(frozen=True)
class Labs:
    """Labs `first` to `last`, each with `chemicals` of one container, each of those with `movements` lines in the ledger."""

    first: int
    last: int
    chemicals: int
    movements: int = 2

    @property
    def slugs(self) -> list[str]:
        """The slugs of the labs, which stand in paths."""
        return [f"lab-{number}" for number in range(self.first, self.last + 1)]


SMALL, MIDDLE, LARGE = Labs(1, 2000, 500), Labs(2001, 2001, 5_000), Labs(2002, 2002, 100_000)
COUNTED, FILLED, MOVED = Labs(2003, 2003, 5_683, 1), Labs(2004, 2004, 10, 1), Labs(2005, 2005, 1_000, 1_000)
TOGETHER = "bench_together"
"""The installation: all labs in one database."""
REFERENCE = "bench_reference"
"""The reference with all substances that local/environment.sh writes, and no lab."""
DATABASES: dict[str, list[Labs]] = {
    TOGETHER: [SMALL, MIDDLE, LARGE, COUNTED, FILLED, MOVED],
    # The same lab alone in a database: the time without other labs.
    "bench_alone_500": [Labs(1, 1, 500)],
    "bench_alone_5000": [MIDDLE],
    "bench_alone_100000": [LARGE],
    "bench_labs_10": [Labs(1, 10, 500)],
    "bench_labs_100": [Labs(1, 100, 500)],
}


def token_of(slug: str) -> str:
    """The token of the session of a lab's manager, as data.sql makes it."""
    return slug.replace("lab", "token")


def session_of(slug: str) -> str:
    """The hash that the API sends to the database for the token of that manager's session."""
    return hashlib.sha256(token_of(slug).encode()).hexdigest()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


@dataclass(frozen=True)
class Service:
    """A process of ours that answers at `url`."""

    url: str
    process: psutil.Process

    def family(self) -> list[psutil.Process]:
        """The process and its workers."""
        return [self.process, *self.process.children(recursive=True)]

    def memory(self) -> int:
        """Bytes that the process and its workers hold; memory that they share is counted once (PSS, where the kernel gives it)."""
        total = 0
        for process in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):  # a child that has done its work
                full = process.memory_full_info()
                total += getattr(full, "pss", full.uss)
        return total

    def cpu_seconds(self) -> float:
        """Seconds of a processor that the process and its workers have used so far."""
        return sum(times.user + times.system for process in self.family() for times in [process.cpu_times()])


@dataclass(frozen=True)
class Stand:
    """The PostgreSQL server, and how to connect to it."""

    port: int
    passwords: Mapping[str, str]
    service_token: str

    def dsn(self, database: str, user: str = postgres.SUPERUSER) -> str:
        """libpq's connection string."""
        return f"host=127.0.0.1 port={self.port} dbname={database} user={user} password={self.passwords[user]}"

    def libpq(self, database: str, user: str) -> dict[str, str]:
        """The environment for psql and pgbench: libpq's variables for this server, and a PATH with both programs."""
        return {
            "PATH": f"{postgres.find_binaries()}{os.pathsep}{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGDATABASE": database,
            "PGUSER": user,
            "PGPASSWORD": self.passwords[user],
            "PGOPTIONS": "",
        }

    def psql(self, database: str, file: str, **variables: object) -> None:
        """Run a file as the superuser."""
        options = [word for name, value in variables.items() for word in ("--set", f"{name}={value}")]
        subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", *options, "--file", file],
            cwd=ROOT, env=self.libpq(database, postgres.SUPERUSER), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip

    @contextmanager
    def superuser(self, database: str) -> Iterator[psycopg.Connection]:
        """A connection past all policies; each statement is a transaction."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            yield connection

    def prepare(self, database: str) -> str:
        """Make the database with its labs if it is not there, bring it up to date, and give its name."""
        with self.superuser("postgres") as connection:
            there = connection.execute("SELECT FROM pg_database WHERE datname = %s", (database,)).fetchone()
            if there is None:
                connection.execute(f"CREATE DATABASE {database} OWNER chemtrack_master TEMPLATE template0".encode())
        self._database_sh("apply", database, "chemtrack_master")
        with self.superuser(database) as connection:
            [made] = connection.execute("SELECT EXISTS (SELECT FROM control.labs)").fetchone() or (False,)
            if not made:
                print(f"making {database}", file=sys.stderr, flush=True)
                for labs in DATABASES.get(database, []):
                    self.psql(database, "bench/data.sql", **vars(labs))
                connection.execute("VACUUM ANALYZE")
                connection.execute("CHECKPOINT")
        return database

    def _database_sh(self, act: str, database: str, user: str) -> None:
        given = {
            f"CHEMTRACK_{login.removeprefix('chemtrack_').upper()}_PASSWORD": word
            for login, word in self.passwords.items()
        }
        if database == REFERENCE:
            given["CHEMTRACK_SUBSTANCES"] = str(SUBSTANCES)
        subprocess.run(
            ["bash", "sql/database.sh", act],
            cwd=ROOT, env=self.libpq(database, user) | given, stdin=subprocess.DEVNULL, check=True, start_new_session=True,
        )  # fmt: skip

    @contextmanager
    def api(self, database: str, workers: int = 1, app: str = "api.app:create_app") -> Iterator[Service]:
        """Runs the API on this database; its workers share CONNECTIONS connections."""
        environment = {
            "CHEMTRACK_DATABASE_HOST": "127.0.0.1",
            "CHEMTRACK_DATABASE_PORT": str(self.port),
            "CHEMTRACK_DATABASE_NAME": database,
            "CHEMTRACK_CHEMUSER_PASSWORD": self.passwords["chemuser"],
            "CHEMTRACK_CHEMADMIN_PASSWORD": self.passwords["chemadmin"],
            "CHEMTRACK_CHEMUSER_POOL": str(CONNECTIONS // workers),
            "CHEMTRACK_CHEMADMIN_POOL": "1",
            "CHEMTRACK_SERVICE_TOKEN": self.service_token,
            "CHEMTRACK_LOGIN_SECRETS": '["chemtrack-logins"]',
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "--factory",
            app,
            f"--port={port}",
            f"--workers={workers}",
            "--no-access-log",
        ]
        with running("api", command, port, environment) as service:
            yield service

    @contextmanager
    def page(self, name: str, api: Service, workers: int = 1, app: str = "") -> Iterator[Service]:
        """Runs a page on this API; with `app`, another WSGI app in the same way."""
        environment = {
            "CHEMTRACK_API_URL": api.url,
            "CHEMTRACK_SERVICE_TOKEN": self.service_token,
            "CHEMTRACK_COOKIE_KEY": self.service_token,
            "CHEMTRACK_COOKIE_SECURE": "false",
            "CHEMTRACK_WORKERS": str(workers),
        }
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "pages/gunicorn.conf.py",
            f"--bind=127.0.0.1:{port}",
            app or f"pages.{name}.page:create_app()",
        ]
        with running(name, command, port, environment) as service:
            yield service


@contextmanager
def running(
    name: str, command: list[str], port: int, environment: Mapping[str, str], path: str = "/health"
) -> Iterator[Service]:
    """A program as a process, from when it answers until the end of the block."""
    log = HOME / f"{name}.log"
    kept = {key: os.environ[key] for key in ("HOME", "LANG", "PATH") if key in os.environ}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            cwd=ROOT, env=kept | dict(environment), stdin=subprocess.DEVNULL, stdout=stream, stderr=stream,
        )  # fmt: skip
    service = Service(f"http://127.0.0.1:{port}", psutil.Process(process.pid))
    try:
        if health.wait_for({name: service.url + path}, seconds=60, every=0.005):
            raise SystemExit(f"{name} did not start:\n{log.read_text()[-3000:]}")
        yield service
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()
        process.wait()


@contextmanager
def standing() -> Iterator[Stand]:
    """Starts the server. Makes the cluster first, if there is none that the present `bench/data.sql` filled."""
    HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    recipe = hashlib.sha256((ROOT / "bench" / "data.sql").read_bytes() + repr(DATABASES).encode()).hexdigest()
    kept = HOME / "recipe"
    if not CLUSTER.exists() or not kept.exists() or kept.read_text() != recipe:
        postgres.stop(CLUSTER)
        shutil.rmtree(CLUSTER, ignore_errors=True)
        postgres.make(CLUSTER, "superuser")
        kept.write_text(recipe)
    postgres.stop(CLUSTER)  # one that a killed run has left
    passwords = {postgres.SUPERUSER: "superuser"} | {
        login: secrets.token_urlsafe() for login in ("chemtrack_master", "chemuser", "chemadmin")
    }
    stand = Stand(free_port(), passwords, secrets.token_urlsafe())
    postgres.start(CLUSTER, stand.port, SETTINGS)
    try:
        stand._database_sh("owner", "postgres", postgres.SUPERUSER)
        yield stand
    finally:
        postgres.stop(CLUSTER)
