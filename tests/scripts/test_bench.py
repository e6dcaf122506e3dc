"""What the benchmark prints can be read back, to set two commits side by side."""

from bench.against import ROW
from bench.result import Result, table


def test_each_row_that_is_printed_is_found_again() -> None:
    results = [
        Result("list, 8 connections", "pgbench, the limit", 0.5, "at least", 0.45, detail="5/s | beside 10/s"),
        Result("memory", "–", 371.24, "at most", 420, "MiB", "aws 67, api 54"),
    ]
    found = [row.groupdict() for row in ROW.finditer(table(results))]
    assert found == [
        {"what": "list, 8 connections", "beside": "pgbench, the limit", "figure": "0.50", "unit": "×"},
        {"what": "memory", "beside": "–", "figure": "371.24", "unit": "MiB"},
    ]
