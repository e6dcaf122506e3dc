"""The pages name and offer what the API does, although neither imports the other."""

from typing import get_args

from api.chemistry import quantities
from api.chemistry.hazards import PICTOGRAMS
from api.resources import locations
from pages.common import words


def test_pictograms_have_the_names_of_the_api() -> None:
    assert dict(words.PICTOGRAMS) == dict(PICTOGRAMS)


def test_each_unit_of_the_api_can_be_chosen() -> None:
    assert sorted(words.UNITS) == sorted(quantities.UNITS)


def test_the_kinds_of_locations_are_those_of_the_api() -> None:
    assert tuple(words.LOCATION_KINDS) == get_args(locations.Kind)
