"""A page asks who its visitor is in a lab; the answer stands in the header."""

import base64
import json

from tests.installation import Installation


def test_a_member_is_told_who_they_are(installation: Installation) -> None:
    answer = installation.as_user("ben").get("/labs/curie/membership")
    assert (answer.status_code, answer.content) == (204, b"")
    card = json.loads(base64.urlsafe_b64decode(answer.headers["X-Chemtrack-Member"]))
    assert (card["lab"]["slug"], card["user"]["username"], card["role"]) == ("curie", "ben", "member")


def test_a_stranger_is_told_nothing(installation: Installation) -> None:
    answer = installation.as_user("eve").get("/labs/curie/membership")
    assert answer.status_code == 404
    assert "X-Chemtrack-Member" not in answer.headers
