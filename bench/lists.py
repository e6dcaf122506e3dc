"""A page of 50 chemicals with their amounts, over 8 connections, each request in a lab drawn at random."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from api.core.database import ENTER_SESSION
from api.resources.chemicals.queries import Search
from bench.load import Ask, Load, filled, in_one_line, in_turn, pgbench, rates, ratio, wrk
from bench.result import Result
from bench.stand import CONNECTIONS, HOME, ROOT, SMALL, TOGETHER, Labs, Service, Stand, free_port, running

SECONDS, ROUNDS = 5, 5
WHAT = f"API: 50 chemicals with amounts, {CONNECTIONS} connections, lab at random"
ASKS = [Ask(slug, "/chemicals", [("limit", 50)]) for slug in SMALL.slugs]
QUERY = """{ allChemicals(first: 50, orderBy: NAME_FOLDED_ASC, condition: {retiredAt: null}) { nodes {
  id name casNumber formula molarMassGPerMol physicalState pictograms signalWord hStatements
  containersByLabIdAndChemicalId(condition: {disposedAt: null}) { nodes {
    amount unit openedOn expiresOn locationByLabIdAndLocationId { fullName } } } } } }"""
GRAPHQL_ASKS = [Ask(slug, "/graphql", body={"query": QUERY}) for slug in SMALL.slugs]
TENANT_TABLES = (
    "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relrowsecurity AND c.relnamespace = 'inventory'::regnamespace"
)


def statements_of_a_page(labs: Labs = SMALL) -> str:
    """The statements that the API sends for such a page, in one pipeline, as a script of pgbench, which draws :lab at random itself."""
    session = "encode(sha256(convert_to('token-' || :lab, 'UTF8')), 'hex')"
    return "\n".join([
        f"\\set lab random({labs.first}, {labs.last})",
        "\\startpipeline",
        in_one_line(ENTER_SESSION % (session, "'lab-' || :lab", "'viewer'", "''")),
        filled(*Search().page()),
        "\\endpipeline",
    ])  # fmt: skip


@contextmanager
def postgraphile(stand: Stand, database: str) -> Iterator[Service]:
    """PostGraphile 4 on the same tables and policies, as chemuser."""
    folder = HOME / "postgraphile"
    folder.mkdir(exist_ok=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "bench" / "postgraphile" / file, folder)
    if not (folder / "node_modules").exists():
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder, check=True
        )
    port = free_port()
    environment = {
        "PORT": str(port),
        "DATABASE_URL": f"postgres://chemuser:{stand.passwords['chemuser']}@127.0.0.1:{stand.port}/{database}",
        "CONNECTIONS": str(CONNECTIONS),
        "NODE_PATH": str(folder / "node_modules"),
        "NODE_ENV": "production",
    }
    with running("postgraphile", ["node", "bench/postgraphile/server.js"], port, environment) as service:
        yield service


@contextmanager
def without_policies(stand: Stand, database: str) -> Iterator[None]:
    """No row-level security on inventory's tables, until the end of the block."""
    with stand.superuser(database) as connection:
        tables = [name for (name,) in connection.execute(TENANT_TABLES).fetchall()]
        try:
            for name in tables:
                connection.execute(f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY".encode())
            yield
        finally:
            for name in tables:
                connection.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY".encode())


def measure(stand: Stand) -> Iterator[Result]:
    """The API beside pgbench, beside PostGraphile, and beside itself without policies."""
    database = stand.prepare(TOGETHER)
    script = statements_of_a_page()

    def listing(service: Service, asks: list[Ask]) -> Load:
        return wrk(stand, service.url, asks, SECONDS)

    with stand.api(database, workers=2) as api:
        wrk(stand, api.url, ASKS, 2)
        ours, limit = in_turn(ROUNDS, lambda: listing(api, ASKS), lambda: pgbench(stand, database, script, SECONDS))
        yield Result(
            WHAT,
            "pgbench, the same statements: the limit",
            ratio(ours, limit),
            "at least",
            0.45,
            detail=rates(ours, limit),
        )

        with postgraphile(stand, database) as other:
            wrk(stand, other.url, GRAPHQL_ASKS, 2)
            ours, theirs = in_turn(ROUNDS, lambda: listing(api, ASKS), lambda: listing(other, GRAPHQL_ASKS))
        yield Result(
            WHAT,
            "PostGraphile 4, the same tables and policies",
            ratio(ours, theirs),
            "at least",
            2,
            detail=rates(ours, theirs),
        )

        with stand.api(database, workers=2, app="bench.unfenced:create_app") as unfenced:

            def open_listing() -> Load:
                with without_policies(stand, database):
                    wrk(stand, unfenced.url, ASKS, 1)
                    return listing(unfenced, ASKS)

            def fenced_listing() -> Load:
                wrk(stand, api.url, ASKS, 1)
                return listing(api, ASKS)

            ours, theirs = in_turn(ROUNDS, fenced_listing, open_listing)
        yield Result(
            WHAT,
            "the same API, WHERE lab_id = and no policies",
            ratio(ours, theirs),
            "at least",
            0.90,
            detail=rates(ours, theirs),
        )
