"""The fixtures of all tests: one PostgreSQL and one moto server for each run, one database and one API for each module.

No part of ChemTrack is mocked. tests/installation.py describes the fixture `installation`. Packages that are slow to import are
imported by the fixtures that need them, so that a test without a database starts at once.
"""

import os
import secrets
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.installation import Installation
    from tests.server import Server

ROOT = Path(__file__).parent.parent
# A test that uses one of these fixtures, directly or through another fixture, is not a unit test.
RUNNING = {"server", "aws", "assets", "chromium"}

failed = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow, too")
    parser.addoption("--ci", action="store_true", help="run those marked slow(ci=True), too")
    parser.addoption("--unit", action="store_true", help="run the tests that need no database, server or browser")


def find_chromium() -> str | None:
    """The machine's own Chromium: Debian's, as tests/run installs it."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--unit"):
        pure = [item for item in items if not RUNNING.intersection(getattr(item, "fixturenames", ()))]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(pure)])
        items[:] = pure
    for item in items:
        slow = item.get_closest_marker("slow")
        if slow and not (config.getoption("--slow") or (config.getoption("--ci") and slow.kwargs.get("ci"))):
            item.add_marker(pytest.mark.skip(reason="slow: run with --slow"))
        # Without Chromium the browser tests are skipped; in continuous integration they fail instead, so that nobody believes they ran.
        if item.get_closest_marker("browser") and not find_chromium() and os.environ.get("CI") != "true":
            item.add_marker(pytest.mark.skip(reason="THERE IS NO CHROMIUM: apt-get install chromium"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures see in `request.node.stash` whether their test failed."""
    report = yield
    if report.when == "call":
        item.stash[failed] = report.failed
    return report


@pytest.fixture(scope="session")
def assets() -> None:
    """Checks that the assets which npm fetches for browsers have been built."""
    assert (ROOT / "pages" / "assets" / "tabler.css").is_file(), "tests/run builds pages/assets"


@pytest.fixture(scope="session")
def server() -> "Iterator[Server]":
    """The PostgreSQL server of the run, whose template database has the schema and the people of tests/cast.sql."""
    from tests.server import own_server

    with own_server() as made:
        yield made


@pytest.fixture(scope="session")
def aws() -> Iterator[str]:
    """The URL of a moto server; boto3 is pointed at it for the whole run."""
    from moto.server import ThreadedMotoServer

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
def installed(server: "Server", **more: Any) -> "Iterator[Installation]":
    """A database with the cast, their logins, and the API on it. `more` are further settings of the API."""
    import boto3

    from api.app import create_app
    from api.core.config import Settings
    from tests.installation import Installation, logins_secret, serving
    from tests.server import own_database

    with own_database(server) as database:
        login_secret = f"logins-{database}"
        boto3.client("secretsmanager").create_secret(Name=login_secret, SecretString=logins_secret())
        usual: dict[str, Any] = {
            "address": "https://chem.example http://old.example:8443",
            "password_minutes": 24 * 60,  # a slow module must not be asked for its password
        }
        settings = Settings(
            database_host=server.host,
            database_port=server.port,
            database_name=database,
            chemuser_password=server.passwords["chemuser"],
            chemadmin_password=server.passwords["chemadmin"],
            service_token=secrets.token_urlsafe(),
            login_secrets=[login_secret],
            **(usual | more),
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
def installation(server: "Server", aws: str) -> "Iterator[Installation]":
    """A ChemTrack of the module's own: labs curie and hodgkin, ada, ben, cleo, eve and root, and no stock."""
    with installed(server) as made:
        yield made


@pytest.fixture(scope="module")
def published(installation: "Installation") -> None:
    """Keeps a published list of hazards, from which labs adopt those of pentan-2-one."""
    root, file = installation.as_user("root"), ("list.csv", b"CAS,H codes\n107-87-9,H225\n")
    made = root.post("/classifications", data={"name": "Published", "version": "1"}, files={"file": file})
    assert root.post(f"/classifications/{made.json()['id']}/keep").status_code == 200
