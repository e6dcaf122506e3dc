"""Turns pydantic's refusal of a request into a problem in plain words."""

from fastapi.exceptions import RequestValidationError

from api.core.problems import Problem
from api.core.refusals import told

# A sentence for each of pydantic's kinds of error; pydantic gives the values for {…}.
SENTENCES = {
    "missing": "This is needed.",
    "string_too_short": "This is needed.",
    "string_too_long": "At most {max_length} characters.",
    "too_long": "At most {max_length} of them.",
    "too_short": "At least {min_length} of them.",
    "int_parsing": "Write a whole number.",
    "int_type": "Write a whole number.",
    "int_parsing_size": "This number is too large.",
    "int_from_float": "Write a whole number.",
    "decimal_parsing": "Write a number, such as 2.5.",
    "decimal_type": "Write a number, such as 2.5.",
    "decimal_max_digits": "This number has too many digits.",
    "decimal_max_places": "At most {decimal_places} digits after the point.",
    "decimal_whole_digits": "This number is too large.",
    "float_parsing": "Write a number, such as 2.5.",
    "finite_number": "Write a number, such as 2.5.",
    "bool_parsing": "Say yes or no.",
    "date_parsing": "Write a date as 2026-03-31.",
    "date_from_datetime_parsing": "Write a date as 2026-03-31.",
    "date_from_datetime_inexact": "Write a date as 2026-03-31.",
    "date_type": "Write a date as 2026-03-31.",
    "greater_than": "Write a number above {gt}.",
    "greater_than_equal": "Write {ge} or more.",
    "less_than": "Write a number below {lt}.",
    "less_than_equal": "Write {le} or less.",
    "literal_error": "Choose one of {expected}.",
    "enum": "Choose one of {expected}.",
    "string_pattern_mismatch": "This is not in the form that it should have.",
    "extra_forbidden": "There is no such field.",
    "json_invalid": "The request is not valid JSON.",
}


def problem_of(error: RequestValidationError) -> Problem:
    """A problem that names all wrong fields, each with the first fault that pydantic found in it."""
    errors: dict[str, str] = {}
    for item in error.errors():
        place = [str(part) for part in item["loc"][1:]] or [str(part) for part in item["loc"]]
        kind = item["type"]
        if kind in ("too_long", "too_short") and isinstance(item["input"], str):
            kind = f"string_{kind}"  # for an optional text, pydantic reports the kind of a list
        sentence = SENTENCES.get(kind)
        if sentence:
            sentence = told(sentence, item.get("ctx") or {})
        elif kind == "value_error":
            sentence = str(item["ctx"]["error"])
        else:
            sentence = "This is not what is expected here."
        errors.setdefault("/" + "/".join(place), sentence)
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return Problem(400, SENTENCES["json_invalid"])
    first = next(iter(errors.values()), "")
    return Problem(422, first if len(errors) == 1 else f"{len(errors)} fields need a look.", errors)
