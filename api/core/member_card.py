"""The header that tells a page who its visitor is in the lab, so that no page needs a second call for it."""

import base64
import json

from api.core.rows import Row

MEMBER_HEADER = "X-Chemtrack-Member"


def member_card(member: Row) -> str:
    """The row of control.enter_session as URL-safe base64 of JSON: {"lab": {…}, "user": {…}, "role": "manager"}."""
    card = {
        "lab": {
            "id": member["lab_id"],
            "slug": member["slug"],
            "name": member["lab_name"],
            "time_zone": member["time_zone"],
        },
        "user": {"id": member["user_id"], "username": member["username"], "name": member["user_name"]},
        "role": member["role"],
    }
    return base64.urlsafe_b64encode(json.dumps(card).encode()).decode()
