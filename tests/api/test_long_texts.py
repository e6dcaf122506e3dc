"""The work for any text that somebody may put into a cell or a field grows in proportion to its length, never with its square."""

import re
import time
from collections.abc import Callable

import pytest

from api.chemistry import cas_numbers, formulas, groups, hazards, quantities
from api.chemistry.properties import PROPERTIES
from api.spreadsheets import cells, dates, heads, properties, rows, survey

STATE = next(one for one in PROPERTIES if one.name == "physical_state")

PARSERS: dict[str, Callable[[str], object]] = {
    "cas_numbers.repair": cas_numbers.repair,
    "cas_numbers.parse": lambda text: _tried(cas_numbers.parse_cas_number, text),
    "formulas": lambda text: _tried(formulas.molar_mass, text),
    "rows.formula": rows._read_formula.__wrapped__,
    "hazards.statements": hazards.read_statements,
    "hazards.code": lambda text: _tried(hazards.read_h_code, text),
    "hazards.meant": lambda text: _tried(hazards.codes_meant, text),
    "hazards.pictograms": hazards.read_pictograms,
    "hazards.words": hazards.pictograms_of_words,
    "hazards.none": hazards.says_not_hazardous,
    "quantities.amount": lambda text: _tried(quantities.parse_amount, text),
    "quantities.unit": lambda text: _tried(quantities.parse_unit, text),
    "cells.missing": cells.is_missing,
    "cells.no_cas": cells.says_no_cas,
    "cells.state": lambda text: properties.word_of(STATE, cells.one_line(text)),
    "cells.figure": cells.read_figure,
    "cells.comma": cells.shows_decimal_comma,
    "cells.amount": cells.split_amount,
    "cells.catalogue_number": cells.pack_in_catalogue_number,
    "cells.price": cells.read_price,
    "cells.name": lambda text: cells.join_name(text, text),
    "dates.day": lambda text: dates.read_day(text, None),
    "dates.order": lambda text: dates.day_order([text]),
    "heads": heads.field_of_head,
    "survey.location": lambda text: survey.fold_location(survey.location_names([text])),
}
PATTERNS = [
    value
    for module in (cas_numbers, formulas, groups, hazards, cells, heads, survey)
    for value in vars(module).values()
    if isinstance(value, re.Pattern)
]
REPEATED = [
    " ",
    "a",
    "1",
    ",",
    ".",
    "-",
    "(",
    "H",
    "1,",
    "1 ",
    "a ",
    "H2 ",
    "C2",
    "/",
    " /",
    "\n",
    "'",
    "CAS ",
    "no-",
    "0.",
    "[",
]


def _tried(parse: Callable[[str], object], text: str) -> None:
    try:
        parse(text)
    except ValueError:
        return


def _seconds(act: Callable[[str], object], text: str) -> float:
    """The shortest of three times, because other programs on this machine can only make a time longer."""
    found = []
    for _ in range(3):
        start = time.process_time()
        act(text)
        found.append(time.process_time() - start)
    return min(found)


def _grows_like_its_length(act: Callable[[str], object], repeated: str) -> bool:
    """Whether eight times the text takes about eight times as long, not sixty-four times. Very short times are not judged."""
    for ending in ("", "!"):
        long = _seconds(act, repeated * (4000 // len(repeated)) + ending)
        if long > 0.005 and long > 24 * _seconds(act, repeated * (500 // len(repeated)) + ending):
            return False
    return True


@pytest.mark.parametrize("name", PARSERS)
def test_a_long_text_takes_work_like_its_length(name: str) -> None:
    assert [repeated for repeated in REPEATED if not _grows_like_its_length(PARSERS[name], repeated)] == []


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:40])
def test_a_pattern_takes_work_like_the_length_of_its_text(pattern: re.Pattern[str]) -> None:
    assert [repeated for repeated in REPEATED if not _grows_like_its_length(pattern.search, repeated)] == []


def test_the_measure_sees_a_pattern_that_is_quadratic() -> None:
    assert not _grows_like_its_length(re.compile(r"\s*;").search, " ")
