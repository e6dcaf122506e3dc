"""An API refuses a database whose schema it does not know, says why, and goes on as soon as the two fit."""

from collections.abc import Callable, Iterator

import pytest
import requests

import release
from api.app import create_app
from api.core.database import Statements
from api.core.problems import Problem
from api.core.schema_version import SCHEMA_VERSION
from tests.api.test_database import NAMES, database_of, visit
from tests.coroutines import run
from tests.installation import Installation, serving

DEFINITION = """
CREATE OR REPLACE FUNCTION control.schema_version(OUT version int, OUT oldest_api int)
LANGUAGE sql IMMUTABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$ SELECT {}, {} $$
"""
Numbers = Callable[[int, int], None]
NEWER = (SCHEMA_VERSION + 3, SCHEMA_VERSION + 2)
OLDER = (SCHEMA_VERSION - 1, SCHEMA_VERSION - 1)
REFUSALS = [
    (*NEWER, f"works with APIs for schema {SCHEMA_VERSION + 2} or later; this API was written for schema"),
    (*OLDER, "Apply sql/apply.sql of this release."),
]


@pytest.fixture
def set_numbers(installation: Installation) -> Iterator[Numbers]:
    """Sets the numbers of the database's schema; those of sql/ come back after the test."""
    [[before]] = installation.psql("SELECT pg_get_functiondef('control.schema_version'::regproc)")

    def set_numbers(version: int, oldest_api: int) -> None:
        installation.psql(DEFINITION.format(version, oldest_api))

    yield set_numbers
    installation.psql(before)


def test_the_api_was_written_for_the_schema_beside_it(installation: Installation) -> None:
    [[version, oldest_api]] = installation.psql("SELECT * FROM control.schema_version()")
    assert version == SCHEMA_VERSION
    assert 1 <= oldest_api <= version


@pytest.mark.parametrize(("version", "oldest_api", "sentence"), REFUSALS)
def test_an_unknown_schema_is_refused_until_the_two_fit(
    installation: Installation, set_numbers: Numbers, version: int, oldest_api: int, sentence: str
) -> None:
    ada = visit(installation, "ada", "curie")
    set_numbers(version, oldest_api)

    async def scenario() -> None:
        async with database_of(installation) as database:
            statements: Statements = {"names": (NAMES, ())}
            for attempt in (
                database.read(ada, NAMES),
                database.write(ada, statements),
                database.control(statements),
            ):
                with pytest.raises(Problem) as refused:
                    await attempt
                assert refused.value.status == 503
                assert sentence in refused.value.detail
            set_numbers(SCHEMA_VERSION, SCHEMA_VERSION)
            assert await database.read(ada, NAMES) == []

    run(scenario())


def test_a_database_without_numbers_is_refused(installation: Installation) -> None:
    installation.psql("ALTER FUNCTION control.schema_version() RENAME TO schema_version_away")

    async def scenario() -> None:
        async with database_of(installation) as database:
            with pytest.raises(Problem) as refused:
                await database.read(ada, NAMES)
            assert "The database has schema 0" in refused.value.detail

    try:
        ada = visit(installation, "ada", "curie")
        run(scenario())
    finally:
        installation.psql("ALTER FUNCTION control.schema_version_away() RENAME TO schema_version")


def test_a_newer_schema_that_names_this_api_is_no_reason_to_stop(
    installation: Installation, set_numbers: Numbers
) -> None:
    """During a deployment the schema is applied first: the tasks of the API before go on meanwhile."""
    ada = visit(installation, "ada", "curie")
    set_numbers(SCHEMA_VERSION + 1, SCHEMA_VERSION)

    async def scenario() -> None:
        async with database_of(installation) as database:
            assert await database.read(ada, NAMES) == []

    run(scenario())


def test_health_says_that_the_schema_does_not_fit(installation: Installation, set_numbers: Numbers) -> None:
    """An API that is deployed without its schema never becomes healthy, so ECS rolls the deployment back."""
    set_numbers(*OLDER)
    with serving(create_app(installation.settings())) as url:
        headers = {"X-Chemtrack-Service": installation.service_token, "Authorization": "Bearer nobody"}
        asked = requests.get(f"{url}/sessions/current", headers=headers, timeout=30)
        told = requests.get(f"{url}/health", timeout=30)
    assert asked.status_code == 503
    assert told.status_code == 503
    assert told.json()["version"] == release.VERSION
    assert "Apply sql/apply.sql" in told.json()["status"]


def test_one_version_is_named_everywhere(installation: Installation) -> None:
    told = requests.get(f"{installation.api_url}/health", timeout=30).json()
    assert told == {"status": "ok", "version": release.VERSION, "commit": release.COMMIT}
    assert installation.service.get("/openapi.json").json()["info"]["version"] == release.VERSION
    foot = installation.page("home", "ada").soup("/home/curie").select_one(".ct-side-foot .ct-release")
    assert foot is not None
    assert " ".join(foot.text.split()) == f"ChemTrack {release.VERSION} · {release.COMMIT}"
    assert installation.page("login").soup("/login").select_one(".ct-release") is None
