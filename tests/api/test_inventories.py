"""What labs really keep comes in with one correction a file at most, and each cell of fifty rows is as the file has it.

The files are no part of the project (tests/lists.py). The comparison reads cells by rules of its own, not by those of the import.
"""

import csv
import random
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any

import pytest

from tests.api.test_imports import commit, empty_labs, uploaded  # noqa: F401 (a fixture)
from tests.installation import Client, Installation
from tests.lists import INVENTORIES, needs_lists

SAMPLED = 50
ONE_CORRECTION: dict[str, dict[str, Any]] = {
    "A_cispro_flat.csv": {"choices": {"unit": "g"}},
    "A_cispro_chemicals.csv": {},
    "C_biolab_split_name_freetext_location.csv": {},
    "G_SYNTHETIC_amount_with_unit.csv": {},
    "H_made_up_stock_of_real_chemicals.csv": {},
}
"""What a person changes of what is proposed."""
FIND = """
SELECT r.row_number, r.state, r.problems, to_jsonb(h), to_jsonb(c) - 'notes',
       coalesce(c.notes, '') || E'\\n' || coalesce(h.notes, '') || E'\\n' || coalesce(r.record -> 'chemical' ->> 'notes', ''),
       ARRAY(SELECT a.name FROM inventory.locations l JOIN inventory.locations a ON a.lab_id = l.lab_id AND starts_with(l.path, a.path)
              WHERE l.lab_id = c.lab_id AND l.id = c.location_id ORDER BY length(a.path)),
       (SELECT count(*) FROM inventory.containers x WHERE x.import_key = r.key OR starts_with(x.import_key, r.key || '#'))
  FROM inventory.import_rows r
  LEFT JOIN inventory.containers c ON c.id = r.container_id
  LEFT JOIN inventory.chemicals h ON h.id = coalesce(r.chemical_id, c.chemical_id)
 WHERE r.import_id = %s AND r.row_number = ANY (%s)"""


def plain(text: object) -> str:
    """Letters and digits alone, small: spaces, marks and hyphens are no difference."""
    return re.sub(r"[\W_]+", "", str(text).casefold())


def number(text: object) -> Decimal | None:
    """The first number of a text, without commas that group thousands."""
    found = re.match(r"\s*([0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+)", str(text))
    try:
        return Decimal(found[1].replace(",", "")) if found else None
    except InvalidOperation:
        return None


def day(text: str) -> str:
    """3/27/2013 as 2013-03-27."""
    found = re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})$", text)
    return f"{found[3]}-{int(found[1]):02d}-{int(found[2]):02d}" if found else text


def is_kept(field: str, cell: str, chemical: dict[str, Any], container: dict[str, Any], path: list[str], made: int) -> bool:  # fmt: skip
    """Whether the field has what the cell says."""
    of_container = container.get(field) if container else None
    value = of_container if of_container not in (None, []) else chemical.get(field)
    if field in ("name", "name_start"):
        return plain(cell) in plain([chemical["name"], *chemical["synonyms"]])
    if field == "location":
        return plain(cell) == plain("".join(path))
    if field == "containers":
        return number(cell) == made
    if field in ("amount", "pack_size"):
        unit = plain(re.sub(r"^[\d.,\s]+", "", cell))
        stored = plain((container or {}).get("unit" if field == "amount" else "pack_unit") or "")
        return value is not None and number(cell) == Decimal(str(value)) and unit in ("", stored)
    if field in ("h_statements", "pictograms"):
        wanted = {code.replace("AUH", "EUH") for code in re.findall(r"\b(?:EUH|AUH|H|GHS)\d+\b", cell)}
        return wanted <= set(value or [])
    if field.endswith("_on"):
        return value == day(cell)
    if isinstance(value, (int, float)) or (number(cell) is not None and number(str(value)) is not None):
        return number(cell) == number(str(value)) or plain(cell) == plain(value)
    return plain(cell) == plain(value)


def says_nothing(field: str, cell: str) -> bool:
    """Whether a cell is another way to leave it empty: N/A, (none), NO CAS, NOCAS-12; a molar mass of 0."""
    if field == "molar_mass_g_per_mol" and number(cell) == 0:
        return True
    return re.fullmatch(r"\(?(|na|none|nil|null|unknown|nocas.*|mixture|notapplicable)\)?", plain(cell)) is not None


@pytest.mark.slow(ci=True)
@needs_lists
@pytest.mark.parametrize("name", ONE_CORRECTION)
def test_a_real_list_comes_in_as_it_is(
    installation: Installation,
    empty_labs: None,  # noqa: F811
    name: str,
) -> None:
    ada: Client = installation.as_user("ada")
    ada.request = _patient(ada.request)  # type: ignore[method-assign]
    content = (INVENTORIES / name).read_bytes()
    path = uploaded(ada, content)
    looked = ada.get(f"{path}/columns").json()
    columns = {str(column["index"]): column["field"] for column in looked["columns"]}
    reading = {"head_row": looked["head_row"], "columns": columns} | ONE_CORRECTION[name]
    answer = ada.put(f"{path}/reading", json=reading)
    assert answer.status_code == 200, answer.text
    outcome = commit(ada, path, with_questions=True)[-1]["outcome"]
    assert outcome["loaded"] + outcome.get("joined", 0) >= looked["row_count"] * 0.99, outcome

    encoding = (looked["encodings"] or [{"encoding": "utf-8"}])[0]["encoding"]
    rows = list(csv.reader(content.decode(encoding.replace("utf-8", "utf-8-sig"), "replace").splitlines(keepends=True)))
    numbers = random.Random(name).sample(range(looked["head_row"] + 1, len(rows) + 1), SAMPLED)
    found = {row[0]: row[1:] for row in installation.psql(FIND, int(path.rpartition("/")[2]), numbers, lab="curie")}
    counted: Counter[str] = Counter()
    wrong = []
    for row_number in numbers:
        state, problems, chemical, container, notes, location, made = found[row_number]
        for column in looked["columns"]:
            index, field = column["index"], column["field"]
            cell = rows[row_number - 1][index].strip() if index < len(rows[row_number - 1]) else ""
            said = [problem for problem in problems if problem.get("column") == column["head"]]
            if field is None or not cell or says_nothing(field, cell):
                counted["left away" if cell and field is None else "empty"] += 1
            elif state == "refused":
                counted["left out, with its reason"] += 1
            elif is_kept(field, cell, chemical, container, location, made):
                counted["as it is"] += 1
            elif plain(cell) in plain(notes):
                counted["note"] += 1
            elif any(problem["severity"] == "question" for problem in said):
                counted["asked"] += 1
            elif any(plain(cell).startswith(plain(problem.get("says", ""))) for problem in said):
                counted["repaired and said"] += 1
            else:
                wrong.append((row_number, column["head"], field, cell, problems, chemical, container, location))
    print(f"\n{name}: {outcome}; {dict(counted)}")
    assert not wrong, "\n".join(map(str, wrong))


def _patient(request: Any) -> Any:
    """The client's request, with the time that a whole college's list takes on a busy machine."""

    def patient(*given: Any, **kwargs: Any) -> Any:
        return request(*given, **(kwargs | {"timeout": 300}))

    return patient
