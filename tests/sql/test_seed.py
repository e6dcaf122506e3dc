"""The demo labs and the reference tables hold plausible chemistry; loading them twice gives the same as loading them once."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from api.chemistry.cas_numbers import is_valid
from api.chemistry.formulas import molar_mass
from api.chemistry.hazards import COMBINED, H_CODES, pictograms_of, signal_word_of, undecided_among
from local import postgres
from tests.server import OWNER, Server, own_database

ROOT = Path(__file__).parents[2]

STATE_UNITS = {
    "solid": {"mass", "enzyme"},
    "liquid": {"volume", "mass"},
    "gas": {"pressure"},
    None: {"mass", "count"},
}


@dataclass
class Database:
    """A database of our own, with the demo labs."""

    server: Server
    name: str

    def rows(self, query: str, lab: str | None = None) -> list[dict[str, Any]]:
        with psycopg.connect(self.server.dsn(OWNER, self.name), row_factory=dict_row, autocommit=True) as connection:
            if lab:
                connection.execute(
                    "SELECT set_config('app.lab_id', id::text, false) FROM control.labs WHERE slug = %s", [lab]
                )
            return connection.execute(query.encode()).fetchall()

    def run(self, script: str, **variables: str) -> None:
        arguments = [f"--set={name}={value}" for name, value in variables.items()]
        # psql is started in another directory here: the scripts find each other wherever it was started.
        subprocess.run(
            [
                postgres.find_binaries() / "psql",
                "-X",
                *arguments,
                "-f",
                ROOT / "sql" / script,
                self.server.dsn(OWNER, self.name),
            ],
            check=True,
            cwd="/",
        )

    def fingerprint(self) -> dict[str, str]:
        """A hash of the rows of every table, and of the transactions that wrote them."""
        tables = self.rows(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
            " WHERE schemaname IN ('control', 'inventory', 'reference')"
        )
        hashes = {}
        for table in (row["name"] for row in tables):
            for lab in ("curie", "hodgkin") if table.startswith("inventory.") else (None,):
                query = f"SELECT md5(string_agg(t::text || xmin::text, '' ORDER BY t::text)) AS hash FROM {table} AS t"
                hashes[f"{table} {lab}"] = self.rows(query, lab)[0]["hash"]
        return hashes


@pytest.fixture(scope="module")
def demo(server: Server) -> Iterator[Database]:
    with own_database(server, None) as name:
        server.database_sh("apply", name)
        server.database_sh("demo", name)
        yield Database(server, name)


@pytest.fixture(params=["curie", "hodgkin"])
def lab(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_cas_number_has_its_check_digit(demo: Database, lab: str) -> None:
    numbers = [row["cas_number"] for row in demo.rows("SELECT cas_number FROM reference.substances")]
    numbers += [
        row["cas_number"]
        for row in demo.rows("SELECT cas_number FROM inventory.chemicals WHERE cas_number IS NOT NULL", lab)
    ]
    assert len(numbers) > 200
    assert [number for number in numbers if not is_valid(number)] == []


def test_every_molar_mass_fits_its_formula(demo: Database) -> None:
    rows = demo.rows(
        "SELECT name, formula, molar_mass_g_per_mol AS mass FROM reference.substances WHERE formula IS NOT NULL"
    )
    wrong = [row["name"] for row in rows if abs(row["mass"] / molar_mass(row["formula"]) - 1) > 0.001]
    assert (len(rows) > 150, wrong) == (True, [])


def test_pictograms_and_signal_word_follow_from_the_h_codes(demo: Database) -> None:
    rows = demo.rows("SELECT * FROM reference.hazard_classifications")
    assert len(rows) > 150
    for row in rows:
        codes = row["h_statements"]
        assert set(codes) <= H_CODES, row
        assert row["pictograms"] == pictograms_of(codes), row
        # Each substance of the seed belongs to one category. Where an H code fits two categories, either signal word is right.
        word = signal_word_of(codes)
        assert row["signal_word"] == word or (word is None and undecided_among(codes)), row
        assert bool(row["p_statements"]) == any(not code.startswith("EUH") for code in codes), row


def test_the_rule_knows_the_codes_that_have_a_text(demo: Database) -> None:
    texts = demo.rows("SELECT code FROM reference.hazard_statements WHERE code NOT LIKE 'P%'")
    assert {row["code"] for row in texts if "+" not in row["code"]} == H_CODES
    assert {row["code"] for row in texts if "+" in row["code"]} <= COMBINED


def test_every_code_has_its_text_and_no_repetition(demo: Database) -> None:
    texts = {row["code"]: row["text"] for row in demo.rows("SELECT code, text FROM reference.hazard_statements")}
    assert len(texts) > 200
    for row in demo.rows("SELECT cas_number, h_statements, p_statements FROM reference.hazard_classifications"):
        codes = row["h_statements"] + row["p_statements"]
        assert set(codes) <= set(texts), row
        assert len(codes) == len(set(codes)), row


def test_units_fit_the_physical_state(demo: Database, lab: str) -> None:
    rows = demo.rows(
        """SELECT c.barcode, h.name, h.physical_state, u.dimension, p.dimension AS pack_dimension
             FROM inventory.containers c JOIN inventory.chemicals h ON h.lab_id = c.lab_id AND h.id = c.chemical_id
             JOIN reference.units u ON u.unit = c.unit JOIN reference.units p ON p.unit = c.pack_unit""",
        lab,
    )
    assert len(rows) >= 100
    for row in rows:
        assert row["dimension"] in STATE_UNITS[row["physical_state"]], row
        assert row["dimension"] == row["pack_dimension"], row


def test_liquids_have_a_density(demo: Database, lab: str) -> None:
    rows = demo.rows(
        "SELECT name FROM inventory.chemicals WHERE physical_state = 'liquid' AND density_g_per_ml IS NULL", lab
    )
    assert rows == []


def test_the_ledger_adds_up_and_lies_in_the_past(demo: Database, lab: str) -> None:
    wrong = demo.rows(
        """SELECT c.barcode FROM inventory.containers c
             JOIN inventory.movements m ON m.lab_id = c.lab_id AND m.container_id = c.id
            GROUP BY c.lab_id, c.id
           HAVING c.amount IS DISTINCT FROM sum(m.amount) OR c.amount > inventory.convert(c.pack_size, c.pack_unit, c.unit)
               OR max(m.made_at) > now() OR min(m.made_at) < now() - interval '72 days'
               OR c.opened_on > min(m.made_at) FILTER (WHERE m.kind = 'check_out')""",
        lab,
    )
    assert wrong == []


def test_there_is_something_of_everything(demo: Database, lab: str) -> None:
    (found,) = demo.rows(
        """SELECT (SELECT count(*) FROM inventory.chemicals) AS chemicals,
                  (SELECT count(*) FROM inventory.chemicals WHERE pictograms IS NULL) AS hazards_not_known,
                  (SELECT count(*) FROM inventory.chemicals WHERE pictograms = '{}') AS not_hazardous,
                  (SELECT count(*) FROM inventory.stock WHERE amount IS NULL) AS amounts_not_known,
                  (SELECT count(*) FROM inventory.stock WHERE holder IS NOT NULL) AS held,
                  (SELECT count(*) FROM inventory.stock WHERE marked AND disposed_at IS NULL) AS marked,
                  (SELECT count(*) FROM inventory.stock WHERE opened_on IS NOT NULL) AS opened,
                  (SELECT count(*) FROM inventory.stock WHERE expires_on < current_date) AS expired,
                  (SELECT count(*) FROM inventory.stock WHERE expires_on BETWEEN current_date AND current_date + 30) AS expiring,
                  (SELECT count(*) FROM inventory.stocktakes WHERE posted_at IS NOT NULL) AS posted_stocktakes,
                  (SELECT count(*) FROM inventory.movements WHERE kind = 'return') AS returns,
                  (SELECT count(*) FROM inventory.movements WHERE kind = 'correct') AS corrections,
                  (SELECT count(*) FROM inventory.transfers WHERE kind = 'move') AS moves,
                  (SELECT count(*) FROM inventory.deliveries) AS deliveries,
                  (SELECT count(*) FROM inventory.locations
                    WHERE coalesce(last_counted_at, '-infinity') + count_period_days * interval '1 day' < now()) AS due""",
        lab,
    )
    assert found["chemicals"] >= 60
    assert all(found.values()), found


def test_some_stock_is_low_and_most_is_not(demo: Database, lab: str) -> None:
    rows = demo.rows(
        """SELECT h.name, h.low_stock_amount AS low,
                  sum(inventory.convert(c.amount, c.unit, h.low_stock_unit, h.density_g_per_ml)) AS amount
             FROM inventory.chemicals h
             JOIN inventory.containers c ON c.lab_id = h.lab_id AND c.chemical_id = h.id AND c.amount > 0
            WHERE h.low_stock_amount IS NOT NULL GROUP BY h.lab_id, h.id""",
        lab,
    )
    low = [row["name"] for row in rows if row["amount"] < row["low"]]
    assert 3 <= len(low) <= len(rows) / 3


def test_the_labs_have_nothing_in_common(demo: Database) -> None:
    curie, hodgkin = (
        {row["name"] for row in demo.rows("SELECT name FROM inventory.chemicals", lab)}
        | {
            row["cas_number"]
            for row in demo.rows("SELECT cas_number FROM inventory.chemicals", lab)
            if row["cas_number"]
        }
        | {row["barcode"] for row in demo.rows("SELECT barcode FROM inventory.containers", lab)}
        for lab in ("curie", "hodgkin")
    )
    assert curie & hodgkin == set()


def test_a_new_container_gets_the_next_barcode(demo: Database, lab: str) -> None:
    (row,) = demo.rows(
        "SELECT max(c.barcode) AS highest, 'CT-' || lpad(max(n.last_number)::text, 6, '0') AS last"
        " FROM inventory.containers c, inventory.container_numbers n",
        lab,
    )
    assert row["highest"] == row["last"]


def test_the_seed_run_twice_changes_nothing(demo: Database) -> None:
    demo.run("reference/load.sql")  # by hand, so that reference.loads no longer says of which files the rows are
    before = demo.fingerprint()
    demo.run("seed/demo.sql")
    demo.run("reference/load.sql")
    assert demo.fingerprint() == before
