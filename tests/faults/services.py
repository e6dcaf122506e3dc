"""ChemTrack as processes that can be killed: a durable PostgreSQL, moto, the API, two pages and the gateway."""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg

from local import health, postgres
from local.processes import inherited
from tests.conftest import ROOT
from tests.server import TEMPLATE, Server, free_port

# PostgreSQL's own durability: nothing that was acknowledged may be gone after a crash. The sizes are small, for the small disk of a test.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_wal_size": "64MB"}
START_SECONDS = 60
LOGIN_SECRET = "logins"


class Service:
    """A service that runs: one process with its workers."""

    def __init__(
        self,
        name: str,
        log: Path,
        command: list[str],
        environment: dict[str, str],
        port: int,
        probe: str = "/health",
    ) -> None:
        self.name, self.log, self.command, self.environment = name, log, command, environment
        self.url, self.probe = f"http://127.0.0.1:{port}", probe
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the process and waits until it answers."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Starts the process."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=inherited() | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Waits until the process answers."""
        late = health.wait_for({self.name: self.url + self.probe}, START_SECONDS)
        assert not late, f"{self.name} did not start: {self.log.read_text()[-2000:]}"

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Kills the process and all its workers at once, or asks it to stop and waits until it has."""
        if self.process is None:
            return
        if how == signal.SIGKILL:
            os.killpg(self.process.pid, how)
        else:
            self.process.send_signal(how)
        self.process.wait(START_SECONDS)
        self.process = None


class Database:
    """A PostgreSQL server of its own in `folder`, with settings under which a crash loses nothing."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = DURABLE) -> None:
        logins = ("chemtrack_master", "chemuser", "chemadmin", "dba")
        passwords = {login: secrets.token_urlsafe() for login in logins}
        self.server = Server("127.0.0.1", free_port(), secrets.token_urlsafe(), passwords)
        self.cluster, self.settings = folder / "postgres", settings

    def make(self) -> None:
        """Makes the cluster, applies the schema and brings the people in."""
        postgres.make(self.cluster, self.server.superuser_password)
        self.start()
        self.server.database_sh("owner")
        self.server.database_sh("apply")
        with psycopg.connect(self.server.dsn("chemtrack_master", TEMPLATE), autocommit=True) as owner:
            owner.execute((ROOT / "tests" / "cast.sql").read_bytes())

    def start(self) -> None:
        """Starts the server, which recovers after a crash; does nothing if it runs."""
        postgres.start(self.cluster, self.server.port, self.settings)

    def family(self) -> list[psutil.Process]:
        """The postmaster and all its children; empty if the server does not run."""
        try:
            number = int((self.cluster / "postmaster.pid").read_text().split()[0])
            postmaster = psutil.Process(number)
            return [postmaster, *postmaster.children(recursive=True)]
        except (OSError, psutil.NoSuchProcess):
            return []

    def backends(self) -> list[psutil.Process]:
        """The server's processes that serve the API's requests of labs."""
        with self.superuser() as connection:
            rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'chemuser'").fetchall()
        return [psutil.Process(pid) for (pid,) in rows if psutil.pid_exists(pid)]

    def kill(self) -> None:
        """Kills all processes of the server at once, as a power cut would; nothing is written any more."""
        family = self.family()
        for process in family:
            process.kill()
        psutil.wait_procs(family, timeout=START_SECONDS)

    def stop(self) -> None:
        """Stops the server as a DBA does, without waiting for clients."""
        postgres.stop(self.cluster)

    def limit_files(self, most: str) -> None:
        """Makes the kernel refuse every write behind the first `most` bytes of any file; "unlimited" ends that.

        The caller needs no other right than to be the user as whom PostgreSQL runs.
        """
        owner = self.cluster.stat()
        become = ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
        for process in self.family():
            limit = ["prlimit", f"--pid={process.pid}", f"--fsize={most}:unlimited"]
            command = [*become, *limit] if os.geteuid() == 0 else limit
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0 or not process.is_running(), done.stderr

    def superuser(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection past all policies."""
        return psycopg.connect(self.server.dsn(postgres.SUPERUSER, TEMPLATE), autocommit=True)


class ChemTrack:
    """A whole ChemTrack. `api`, `aws`, `gateway` and the `pages` are services; `people` can sign in with `password`."""

    def __init__(self, folder: Path, database: Database, people: list[str], password: str) -> None:
        self.database, self.folder, self.people, self.password = database, folder, people, password
        self.service_token = secrets.token_urlsafe()
        ports = {name: free_port() for name in ("aws", "api", "login", "checkout", "gateway")}
        urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        python, server = [sys.executable, "-m"], database.server
        kept = folder / "secrets.json"
        kept.write_text(json.dumps({LOGIN_SECRET: json.dumps(dict.fromkeys(people, password))}))

        def service(name: str, command: list[str], environment: dict[str, str], probe: str = "/health") -> Service:
            return Service(name, folder / f"{name}.log", [*python, *command], environment, ports[name], probe)

        self.aws = service("aws", ["local.aws", f"--port={ports['aws']}", f"--secrets={kept}"], {}, "/")
        self.api = service(
            "api",
            ["api", f"--port={ports['api']}"],
            {
                "CHEMTRACK_DATABASE_HOST": server.host,
                "CHEMTRACK_DATABASE_PORT": str(server.port),
                "CHEMTRACK_CHEMUSER_PASSWORD": server.passwords["chemuser"],
                "CHEMTRACK_CHEMADMIN_PASSWORD": server.passwords["chemadmin"],
                "CHEMTRACK_SERVICE_TOKEN": self.service_token,
                "CHEMTRACK_LOGIN_SECRETS": json.dumps([LOGIN_SECRET]),
                "AWS_ENDPOINT_URL": urls["aws"],
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_SECRET_ACCESS_KEY": "local",
            },
        )
        page = {
            "CHEMTRACK_API_URL": urls["api"],
            "CHEMTRACK_SERVICE_TOKEN": self.service_token,
            "CHEMTRACK_COOKIE_KEY": secrets.token_urlsafe(),
            "CHEMTRACK_COOKIE_SECURE": "false",
            "CHEMTRACK_WORKERS": "1",
        }
        gunicorn = ["gunicorn", "-c", "pages/gunicorn.conf.py"]
        self.pages = {
            name: service(name, [*gunicorn, f"--bind=127.0.0.1:{ports[name]}", f"pages.{name}.page:create_app()"], page)
            for name in ("login", "checkout")
        }
        routes = [f"--page={name}={urls[name]}" for name in self.pages]
        self.gateway = service("gateway", ["local.gateway", f"--port={ports['gateway']}", *routes], {}, "/no-page")

    def services(self) -> list[Service]:
        """All services except the database, in the order in which they start."""
        return [self.aws, self.api, *self.pages.values(), self.gateway]

    def logs(self) -> str:
        """All that the services and the database have logged."""
        files = [*self.folder.glob("*.log"), self.database.cluster / "server.log"]
        return "\n".join(file.read_text(errors="replace") for file in files)


@contextmanager
def running(folder: Path, database: Database, people: list[str], password: str) -> Iterator[ChemTrack]:
    """Starts ChemTrack, and ends it after the block even if that fails."""
    chemtrack = ChemTrack(folder, database, people, password)
    try:
        for service in chemtrack.services():  # the API starts while the database is away, too
            service.launch()
        database.make()
        for service in chemtrack.services():
            service.wait()
        yield chemtrack
    finally:
        for service in reversed(chemtrack.services()):
            service.end()
        database.kill()
