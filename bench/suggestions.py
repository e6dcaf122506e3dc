"""Suggestions of substances as somebody types, in the database alone, on all that the reference can hold."""

import time
from collections.abc import Iterator

import psycopg

from bench.result import Result, middle
from bench.stand import REFERENCE, Stand

# Names by chance, but the same ones each time; those of usual substances as often as the others, because people type these.
CHOSEN = """
SELECT name FROM (SELECT s.name, row_number() OVER (PARTITION BY s.rank <= 6000 ORDER BY md5(s.cas_number)) AS n FROM reference.substances s) AS c
 WHERE n <= 60"""
INNER_WORDS = """
SELECT left(word, 6) FROM (SELECT w.word, row_number() OVER (PARTITION BY w.usual ORDER BY md5(w.word)) AS n FROM reference.substance_words w
                            WHERE w.kind = 2 AND length(w.word) > 5) AS c
 WHERE n <= 150"""
SUGGEST = "SELECT cas_number FROM reference.substances_suggested(%s, 20)"
NOWHERE = "xqz"


def measure(stand: Stand) -> Iterator[Result]:
    """Each beginning of some names, from two letters to ten; beginnings of words within names; letters that begin no word."""
    database = stand.prepare(REFERENCE)
    with psycopg.connect(stand.dsn(database, "chemuser"), autocommit=True) as connection:
        [known] = connection.execute("SELECT count(*) FROM reference.substances").fetchone() or (0,)
        assert known > 70_000, "the reference is small: .local/reference/substances.tsv is missing"
        names = [name for (name,) in connection.execute(CHOSEN)]
        typed = {
            "a beginning": ([name[:length] for name in names for length in range(2, 11)], 20),
            "a word within": ([word for (word,) in connection.execute(INNER_WORDS)], 50),
            "letters inside a word": ([NOWHERE, *(name[3:9] for name in names if len(name) > 12)], 50),
        }
        for what, (texts, bar) in typed.items():
            times = sorted(milliseconds(connection, text) for text in texts)
            yield Result(
                f"suggestions: {what}; {known:,} substances", "–", middle(times), "at most", bar, "ms",
                f"{len(times)} texts, p95 {times[len(times) * 95 // 100]:.0f} ms",
            )  # fmt: skip


def milliseconds(connection: psycopg.Connection, text: str) -> float:
    """The time from the question to the last row."""
    begun = time.perf_counter()
    connection.execute(SUGGEST, (text,)).fetchall()
    return 1000 * (time.perf_counter() - begun)
