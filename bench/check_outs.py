"""Check-outs over 8 connections, first of containers drawn at random, then all of one container, beside the bare update and insert."""

import random
from collections.abc import Iterator

from api.core.database import CLAIM_REQUEST, ENTER_SESSION
from api.resources.check_outs import TAKE
from bench.load import Ask, Load, in_one_line, in_turn, pgbench, rates, ratio, wrk
from bench.result import Result
from bench.stand import CONNECTIONS, TOGETHER, Stand

try:
    from api.core.database import ANSWER_AND_STORE
except ImportError:
    # An older commit, measured by bench/run --against, makes the answer in Python and stores it in a second round trip.
    ANSWER_AND_STORE = "{statement}"

SECONDS, ROUNDS = 5, 5
LABS, CHEMICALS = 200, 500
# The same tables with their keys and indexes, without triggers and policies.
BARE_TABLES = f"""
DROP SCHEMA IF EXISTS bare CASCADE;
CREATE SCHEMA bare;
CREATE TABLE bare.containers (LIKE inventory.containers INCLUDING ALL);
CREATE TABLE bare.movements (LIKE inventory.movements INCLUDING ALL);
INSERT INTO bare.containers OVERRIDING SYSTEM VALUE SELECT * FROM inventory.containers WHERE lab_id <= {LABS};
ANALYZE bare.containers"""
BARE = [
    "BEGIN;",
    in_one_line("UPDATE bare.containers SET amount = amount - 0.001, last_line = last_line + 1 WHERE lab_id = :lab AND id = :container"),
    in_one_line("""INSERT INTO bare.movements (lab_id, container_id, line, kind, typed_amount, typed_unit, amount, balance, unit, made_by)
        SELECT lab_id, id, last_line, 'check_out', 0.001, unit, -0.001, amount, unit, lab_id
          FROM bare.containers WHERE lab_id = :lab AND id = :container"""),
    "COMMIT;",
]  # fmt: skip
# The statements that the API sends, in one script. In SMALL labs a container's id tells its unit, because data.sql chose it by the id.
SESSION = "encode(sha256(convert_to('token-' || :lab, 'UTF8')), 'hex')"
UNIT = f"CASE WHEN (:lab * 7919 + (:container - (:lab - 1) * {CHEMICALS}) * 104729) % 1000003 % 3 = 0 THEN 'mL' ELSE 'g' END"
STEPS = f"jsonb_build_array(jsonb_build_object('at', '/lines/0', 'container_id', :container::bigint, 'kind', 'check_out', 'amount', 0.001, 'unit', {UNIT}))"
OURS = [
    in_one_line(ENTER_SESSION % (SESSION, "'lab-' || :lab", "'member'", "''")),
    in_one_line(CLAIM_REQUEST % ("'bench-' || :key", "'fingerprint'")),
    in_one_line(ANSWER_AND_STORE.format(statement=TAKE % STEPS).replace("%s", "'bench-' || :key")),
]
A_KEY = "\\set key random(1, 1000000000000000)"
AT_RANDOM = [f"\\set lab random(1, {LABS})", f"\\set container (:lab - 1) * {CHEMICALS} + random(1, {CHEMICALS})"]
ALL_OF_ONE = ["\\set lab 1", "\\set container 1"]


def measure(stand: Stand) -> Iterator[Result]:
    """The API with an Idempotency-Key each time, as pages call it; the bare transaction in one round trip, as durable."""
    database = stand.prepare(TOGETHER)
    with stand.superuser(database) as connection:
        connection.execute(BARE_TABLES.encode())
        found = connection.execute(
            "SELECT lab_id, id, unit FROM inventory.containers WHERE lab_id <= %s ORDER BY lab_id, id", (LABS,)
        ).fetchall()
        try:
            yield from beside_bare(stand, database, found)
        finally:
            connection.execute("DROP SCHEMA bare CASCADE")


def beside_bare(stand: Stand, database: str, containers: list[tuple[int, int, str]]) -> Iterator[Result]:
    """Measures containers drawn at random, then one container that all connections take from."""
    chosen = random.Random(1).sample(containers, 4000)  # noqa: S311
    for drawn, dice, those in (
        ("random containers", AT_RANDOM, chosen),
        ("all of one container", ALL_OF_ONE, containers[:1]),
    ):
        asks = [
            Ask(
                f"lab-{lab}", "/check-outs", body={"lines": [{"container_id": number, "amount": "0.001", "unit": unit}]}
            )
            for lab, number, unit in those
        ]
        script = "\n".join([*dice, "\\startpipeline", *BARE, "\\endpipeline"])
        limit = "\n".join([*dice, A_KEY, "\\startpipeline", *OURS, "\\endpipeline"])
        with stand.api(database, workers=2) as api:

            def ours(url: str = api.url, asks: list[Ask] = asks) -> Load:
                return wrk(stand, url, asks, SECONDS)

            def theirs(script: str = script) -> Load:
                return pgbench(stand, database, script, SECONDS, user="postgres")

            ours()
            one, other = in_turn(ROUNDS, ours, theirs)
            alone = pgbench(stand, database, limit, SECONDS).per_second
        yield Result(
            f"check-out, {CONNECTIONS} connections, {drawn}", "pgbench, the bare update and insert", ratio(one, other), "at least", 0.40,
            detail=f"{rates(one, other)}; our statements by pgbench {alone:.0f}/s",
        )  # fmt: skip
