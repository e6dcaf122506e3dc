"""A stocktake over 5,683 containers: opened, all counted, posted; each step is one request and one transaction."""

from collections.abc import Iterator

import psycopg

from bench.result import Result, middle
from bench.stand import COUNTED, TOGETHER, Stand
from bench.visitor import Visitor, timed

[LAB] = COUNTED.slugs
ROUNDS = 3
STANDING = "SELECT id, amount, unit FROM inventory.containers WHERE lab_id = %s ORDER BY id"
LEDGER = """
SELECT count(*) FROM inventory.containers c WHERE c.lab_id = %s AND (
  c.amount IS DISTINCT FROM (SELECT sum(m.amount) FROM inventory.movements m WHERE m.lab_id = c.lab_id AND m.container_id = c.id)
  OR c.last_line <> (SELECT count(*) FROM inventory.movements m WHERE m.lab_id = c.lab_id AND m.container_id = c.id))"""


def measure(stand: Stand) -> Iterator[Result]:
    """Every container is counted with a little less than expected; afterwards each holds what was counted."""
    database = stand.prepare(TOGETHER)
    with stand.superuser(database) as connection, stand.api(database) as api:
        visitor = Visitor(stand, api, LAB)
        rounds = [one_stocktake(connection, visitor) for _ in range(ROUNDS)]
    for step, seconds in zip(("open", "count all", "post"), zip(*rounds, strict=True), strict=True):
        yield Result(
            f"stocktake over {COUNTED.chemicals:,} containers: {step}", "–", middle(list(seconds)), "at most", 2, unit="s",
            detail="the ledger adds up",
        )  # fmt: skip


def one_stocktake(connection: psycopg.Connection, visitor: Visitor) -> tuple[float, float, float]:
    """Seconds to open a stocktake, to count every container, and to post it."""
    standing = connection.execute(STANDING, (COUNTED.first,)).fetchall()
    counted = {number: (amount - 1, unit) for number, amount, unit in standing}
    lines = [
        {"container_id": number, "counted": f"{amount:f}", "unit": unit} for number, (amount, unit) in counted.items()
    ]
    opening, stocktake = timed(lambda: visitor.ask("POST", "/stocktakes", json={"location_id": None}).json())
    path = f"/stocktakes/{stocktake['id']}"
    counting, _ = timed(lambda: visitor.ask("POST", f"{path}/counts", json={"lines": lines}))
    posting, outcome = timed(lambda: visitor.ask("POST", f"{path}/post").json())
    wrong = [
        row for row in connection.execute(STANDING, (COUNTED.first,)).fetchall() if (row[1], row[2]) != counted[row[0]]
    ]
    [faults] = connection.execute(LEDGER, (COUNTED.first,)).fetchone() or (None,)
    if wrong or faults or outcome["counts"] != len(lines):
        raise RuntimeError(f"the ledger is wrong: {wrong[:3]}, {faults} containers do not add up, {outcome}")
    return opening, counting, posting
