"""A spreadsheet of 10,000 rows and 20 columns, previewed and loaded, beside COPY of the rows that it became into the same tables with their triggers."""

import csv
import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from bench.result import Result, middle
from bench.stand import FILLED, TOGETHER, Stand
from bench.visitor import Visitor, peak_memory, timed

[LAB] = FILLED.slugs
ROWS, ROUNDS = 10_000, 3
COLUMNS = {
    "barcode": "{run}-{number}",
    "name": "{run} {position}-substituted reagent {number}",
    "cas_number": "",
    "synonyms": "{run} reagent {number}; {run} number {number}",
    "formula": "C{position}H{position}O",
    "melting_point_celsius": "{position}.5",
    "physical_state": "solid",
    "storage_class": "10",
    "amount": "{amount} {unit}",
    "pack_size": "500 {unit}",
    "location": "Main building / Room 10{room}",
    "supplier": "Supplier {position}",
    "catalogue_number": "S-{number}",
    "lot": "L{number}-{position}",
    "purity": "99.{room} %",
    "received_on": "2024-03-1{room}",
    "opened_on": "2024-05-1{room}",
    "expires_on": "2031-03-1{room}",
    "price": "{amount}.50 EUR",
    "notes": "from the old list, page {position}",
}
"""Field → its cell, of twenty columns."""
MADE = "inventory.chemicals", "inventory.containers", "inventory.movements"  # each depends on those before it
BY_THE_TRIGGERS = {"amount", "last_line", "line", "balance"}


def spreadsheet(rows: int, name: str) -> bytes:
    """A CSV file as a lab keeps one; no two rows alike."""
    lines = [list(COLUMNS)]
    for number in range(rows):
        of_row: dict[str, int | str] = {
            "number": number,
            "position": 1 + number % 89,
            "room": number % 5,
            "amount": 100 + number % 400,
        }
        of_row["unit"] = "g" if number % 3 else "mL"
        lines.append([cell.format(run=name, **of_row) for cell in COLUMNS.values()])
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def load(visitor: Visitor, rows: int, name: str) -> tuple[float, float]:
    """Seconds for the preview and for the commit."""
    made = visitor.ask("POST", "/imports", files={"file": (f"{name}.csv", spreadsheet(rows, name), "text/csv")}).json()
    reading = {"head_row": 1, "columns": {str(place): column for place, column in enumerate(COLUMNS)}}
    path = f"/imports/{made['id']}"
    preview, _ = timed(lambda: visitor.ask("PUT", f"{path}/reading", json=reading))
    commit, streamed = timed(lambda: visitor.ask("POST", f"{path}/commit", json={}).text)
    outcome = json.loads(streamed.splitlines()[-1]).get("outcome", {})
    if outcome.get("loaded") != rows:
        raise RuntimeError(f"{outcome} of {rows} rows: {streamed[-500:]}")
    return preview, commit


def last_ids(connection: psycopg.Connection) -> dict[str, int]:
    """Table → the last id that was given, for each table that an import fills."""
    return {
        table: (connection.execute(f"SELECT max(id) FROM {table}".encode()).fetchone() or (0,))[0] for table in MADE
    }


def take_away(connection: psycopg.Connection, since: dict[str, int]) -> None:
    """Deletes the rows that the import made in the lab, and their words."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        for of, table in (("chemical", MADE[0]), ("container", MADE[1])):
            connection.execute(
                f"DELETE FROM inventory.{of}_words WHERE lab_id = %s AND {of}_id > %s".encode(),
                (FILLED.first, since[table]),
            )
        for table, last in since.items():
            connection.execute(f"DELETE FROM {table} WHERE lab_id = %s AND id > %s".encode(), (FILLED.first, last))


@contextmanager
def emptied(connection: psycopg.Connection) -> Iterator[None]:
    """Puts the lab back as it was, so that each measurement runs in the same lab."""
    since = last_ids(connection)
    try:
        yield
    finally:
        take_away(connection, since)
        connection.execute("DELETE FROM inventory.imports WHERE lab_id = %s", (FILLED.first,))
        connection.execute(
            "VACUUM ANALYZE inventory.chemicals, inventory.containers, inventory.movements, inventory.chemical_words, inventory.container_words"
        )


def copied(connection: psycopg.Connection, since: dict[str, int]) -> float:
    """Seconds to COPY the rows that the import made, after they were deleted again, with triggers, keys and checks at work."""
    kept: dict[str, tuple[sql.Identifier, sql.Composed, bytes]] = {}
    for table in MADE:
        [names] = connection.execute(
            "SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = ''"
            " AND NOT attisdropped", (table,),
        ).fetchone() or ([],)  # fmt: skip
        target = sql.Identifier(*table.split("."))
        columns = sql.SQL(", ").join(sql.Identifier(name) for name in names if name not in BY_THE_TRIGGERS)
        rows = sql.SQL("COPY (SELECT {} FROM {} WHERE lab_id = {} AND id > {}) TO STDOUT").format(
            columns, target, sql.Literal(FILLED.first), sql.Literal(since[table])
        )
        with connection.cursor().copy(rows) as copy:
            kept[table] = target, columns, b"".join(bytes(block) for block in copy)
    take_away(connection, since)
    begin = time.perf_counter()
    with connection.transaction():
        connection.execute(
            "SELECT set_config('app.lab_id', %s, true), set_config('app.user_id', %s, true)", (str(FILLED.first),) * 2
        )
        for target, columns, text in kept.values():
            with connection.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(target, columns)) as copy:
                stream = io.BytesIO(text)
                while block := stream.read(1 << 16):
                    copy.write(block)
    return time.perf_counter() - begin


def measure(stand: Stand) -> Iterator[Result]:
    """Time beside COPY; then the most memory for five times the rows."""
    database = stand.prepare(TOGETHER)
    run = f"R{int(time.time())}"
    with stand.superuser(database) as connection, stand.api(database) as api, emptied(connection):
        visitor = Visitor(stand, api, LAB)
        times = []
        for number in range(ROUNDS):
            since = last_ids(connection)
            preview, commit = load(visitor, ROWS, f"{run}{number}")
            times.append((preview, commit, copied(connection, since)))
        for what, place, bar in (("preview", 0, 2.0), ("commit", 1, 1.5)):
            seconds, copying = (middle([one[index] for one in times]) for index in (place, 2))
            yield Result(
                f"import of {ROWS:,} rows, {what}", "COPY of the same rows, with triggers",
                middle([one[place] / one[2] for one in times]), "at most", bar, detail=f"{seconds:.1f} s beside {copying:.1f} s",
            )  # fmt: skip
        with peak_memory(api) as small:
            load(visitor, ROWS, f"{run}small")
        with peak_memory(api) as large:
            load(visitor, 5 * ROWS, f"{run}large")
    yield Result(
        f"import of {5 * ROWS:,} rows: most memory", f"of {ROWS:,} rows", large[0] / small[0], "at most", 1.5,
        detail=f"{large[0] / 2**20:.0f} MiB beside {small[0] / 2**20:.0f} MiB",
    )  # fmt: skip
