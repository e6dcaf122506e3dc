"""The fixtures of all tests: one PostgreSQL and one moto server a run, a database and an API a module.

Nothing of ours is mocked. See tests/installation.py for what an installation can do.
"""

import itertools
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
import psycopg
import pytest
from moto.server import ThreadedMotoServer
from pytest_postgresql.janitor import DatabaseJanitor

from local import postgres
from tests.installation import Installation, logins_secret, serving

ROOT = Path(__file__).parent.parent
TEMPLATE = "chemtrack"  # made by sql/database.sh owner
# Nobody needs these data after a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}

failed = pytest.StashKey[bool]()
numbers = itertools.count(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow, too")


def find_chromium() -> str | None:
    """The machine's own Chromium: Debian's, as tests/run installs it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("slow") and not config.getoption("--slow"):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))
        # Without a browser these are no tests, so the continuous integration lets them fail instead.
        if item.get_closest_marker("browser") and not find_chromium() and os.environ.get("CI") != "true":
            item.add_marker(pytest.mark.skip(reason="THERE IS NO CHROMIUM: apt-get install chromium"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures see in `request.node.stash` whether their test failed."""
    report = yield
    if report.when == "call":
        item.stash[failed] = report.failed
    return report


@dataclass(frozen=True)
class Server:
    """A PostgreSQL whose roles are made and whose database TEMPLATE is applied and holds the cast."""

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
        user = postgres.SUPERUSER if act == "owner" else "chemtrack_master"
        run_psql_script(
            ["sql/database.sh", act],
            PGHOST=self.host,
            PGPORT=str(self.port),
            PGUSER=user,
            PGDATABASE="postgres" if act == "owner" else database,
            PGPASSWORD=self.superuser_password if act == "owner" else self.passwords[user],
            CHEMTRACK_MASTER_PASSWORD=self.passwords["chemtrack_master"],
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


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One PostgreSQL a run, with the schema applied and the cast in the template database."""
    made = Server(
        "127.0.0.1",
        free_port(),
        secrets.token_urlsafe(),
        {login: secrets.token_urlsafe() for login in ("chemtrack_master", "chemuser", "chemadmin", "dba")},
    )
    with tempfile.TemporaryDirectory(prefix="chemtrack-tests-") as folder:
        cluster = Path(folder) / "postgres"
        postgres.make(cluster, made.superuser_password)
        postgres.start(cluster, made.port, FAST)
        try:
            made.database_sh("owner")
            made.database_sh("apply")
            with psycopg.connect(made.dsn("chemtrack_master", TEMPLATE), autocommit=True) as owner:
                owner.execute((ROOT / "tests" / "cast.sql").read_bytes())
                owner.execute("RESET ROLE")
                owner.execute(
                    psycopg.sql.SQL("CREATE ROLE dba LOGIN NOINHERIT IN ROLE chem_dba PASSWORD {}").format(
                        made.passwords["dba"]
                    )
                )
            yield made
        finally:
            postgres.stop(cluster)


@contextmanager
def own_database(server: Server) -> Iterator[str]:
    """A new database, a copy of the template."""
    name = f"chemtrack_{next(numbers)}"
    owner = "chemtrack_master"
    password = server.passwords[owner]
    with DatabaseJanitor(
        user=owner, password=password, host=server.host, port=server.port, dbname=name, template_dbname=TEMPLATE
    ):
        # PostgreSQL copies no grants on the database itself.
        run_psql_script(
            ["psql", "--no-psqlrc", "--quiet", "--file", "sql/roles.sql", server.dsn(owner, name)],
        )
        yield name


@pytest.fixture(scope="session")
def aws() -> Iterator[str]:
    """The URL of a moto server; boto3 is pointed at it for the whole run."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "tests")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield os.environ["AWS_ENDPOINT_URL"]
    moto.stop()


@contextmanager
def installed(server: Server) -> Iterator[Installation]:
    """A database with the cast, their logins, and the API on it."""
    from api.app import create_app
    from api.config import Settings

    with own_database(server) as database:
        login_secret = f"logins-{database}"
        boto3.client("secretsmanager").create_secret(Name=login_secret, SecretString=logins_secret())
        settings = Settings(
            database_host=server.host,
            database_port=server.port,
            database_name=database,
            chemuser_password=server.passwords["chemuser"],
            chemadmin_password=server.passwords["chemadmin"],
            service_token=secrets.token_urlsafe(),
            login_secrets=[login_secret],
            aws_region="us-east-1",
        )
        with serving(create_app(settings)) as url:
            yield Installation(
                api_url=url,
                service_token=settings.service_token,
                cookie_key=secrets.token_urlsafe(),
                host=server.host,
                port=server.port,
                database=database,
                passwords=server.passwords,
                login_secret=login_secret,
            )


@pytest.fixture(scope="module")
def installation(server: Server, aws: str) -> Iterator[Installation]:
    """A ChemTrack of the module's own: labs curie and hodgkin, ada, ben, cleo, eve and root, and no stock."""
    with installed(server) as made:
        yield made
