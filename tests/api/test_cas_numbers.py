"""CAS numbers: the check digit, the ways they are written, and what spreadsheets make of them."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.chemistry.cas_numbers import CasNumberError, Repair, check_digit, hyphenate, is_valid, parse_cas_number, repair

MIDNIGHT = datetime.combine(date(7789, 9, 5), time())  # the value of a cell with a date in an XLSX


@some.composite
def cas_numbers(draw: some.DrawFn) -> str:
    digits = draw(some.from_regex(r"[1-9][0-9]{3,8}", fullmatch=True))
    return hyphenate(digits + str(check_digit(digits)))


@pytest.mark.parametrize("number", ["64-17-5", "7732-18-5", "50-00-0", "1310-73-2", "7789-09-5"])
def test_a_cas_number_with_its_check_digit_is_valid(number: str) -> None:
    assert is_valid(number)
    assert parse_cas_number(number) == number


@pytest.mark.parametrize(
    "text", ["64-17-5", " CAS 64-17-5", "CAS No.: 64–17–5", "CASRN 64-17-5", "[64-17-5]", "64 - 17 - 5", "64175"]
)
def test_a_cas_number_is_read_in_the_ways_people_write_it(text: str) -> None:
    assert parse_cas_number(text) == "64-17-5"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("109-99", "The check digit of 109-99 is 9. Did you mean 109-99-9?"),
        ("109-99-8", "The check digit of 109-99 is 9. Did you mean 109-99-9?"),
        ("", "Write a CAS number, such as 64-17-5."),
        ("ethanol", "“ethanol” is not a CAS number. Write it with hyphens, such as 64-17-5."),
        ("64176", "64176 is not a CAS number: as 64-17-6 its check digit would be 5."),
        ("1-2-3", "“1-2-3” is not a CAS number. Write 2 to 7 digits, 2 digits and 1 digit, such as 64-17-5."),
        ("6" * 500, "That is too long for a CAS number. Write it with hyphens, such as 64-17-5."),
        ("٦٤-١٧-٥", "“٦٤-١٧-٥” is not a CAS number. Write it with hyphens, such as 64-17-5."),
    ],
)
def test_what_is_no_cas_number_is_refused_with_what_to_write(text: str, sentence: str) -> None:
    with pytest.raises(CasNumberError) as refused:
        parse_cas_number(text)
    assert str(refused.value) == sentence


@given(some.text(max_size=40))
def test_any_text_is_a_cas_number_or_refused_with_a_sentence(text: str) -> None:
    with suppress(CasNumberError):
        assert is_valid(parse_cas_number(text))


@pytest.mark.parametrize(
    ("cell", "number", "kind"),
    [
        ("9/5/7789", "7789-09-5", "date"),
        ("5/9/7789", "7789-09-5", "date"),
        ("7789-09-05", "7789-09-5", "date"),
        ("7789-09-05 00:00:00", "7789-09-5", "date"),
        ("05-Sep-7789", "7789-09-5", "date"),
        (MIDNIGHT, "7789-09-5", "date"),
        (date(1975, 9, 2), "75-09-2", "possible_date"),
        (2151163, "7789-09-5", "date"),
        (64175, "64-17-5", "hyphens"),
        (64175.0, "64-17-5", "hyphens"),
        ("64-175", "64-17-5", "hyphens"),
        ("000064-17-5", "64-17-5", "spelling"),
        ("64-17-05", "64-17-5", "spelling"),
        ("CAS 64-17-5", "64-17-5", "spelling"),
    ],
)
def test_what_a_spreadsheet_did_to_a_cas_number_is_repaired(cell: str | int | date, number: str, kind: str) -> None:
    found = repair(cell)
    assert found is not None
    assert (found.cas_number, found.kind, found.proof) == (number, kind, f"check digit {number[-1]} fits")


@pytest.mark.parametrize(
    "cell",
    [
        "64-17-5",
        "2018-09-05",
        "9/15/7789",
        "13/14/7789",
        "7789-09-55",
        "NO CAS",
        "NOCAS-2198",
        "",
        MIDNIGHT.replace(hour=12),
        float("nan"),
        "9" * 300,
    ],
)
def test_nothing_is_repaired_without_proof(cell: str | date | float) -> None:
    assert repair(cell) is None


def test_the_order_of_days_in_a_file_decides_between_two_readings() -> None:
    assert repair("4/9/3811") is None  # 3811-04-9 and 3811-09-4 are both valid
    assert repair("4/9/3811", day_first=False) == Repair("3811-04-9", "date", "check digit 9 fits")
    assert repair("4/9/3811", day_first=True) == Repair("3811-09-4", "date", "check digit 4 fits")


@given(cas_numbers())
def test_a_lost_hyphen_gives_the_same_number_or_none(number: str) -> None:
    found = repair(number.replace("-", ""))
    assert found is None or found.cas_number == number


@given(some.dates())
def test_a_repaired_date_always_carries_its_proof(day: date) -> None:
    found = repair(day)
    assert found is None or is_valid(found.cas_number)


@given(some.integers(min_value=1000, max_value=9999), some.integers(1, 12), some.integers(1, 9))
def test_a_cas_number_that_became_a_day_comes_back(start: int, month: int, day: int) -> None:
    number = f"{start}-{month:02d}-{day}"
    if is_valid(number) and not 1930 <= start <= 2029:
        found = repair(date(start, month, 1) + timedelta(days=day - 1))
        assert found is not None
        assert found.cas_number == number
