"""Where web sessions are kept: in the signed cookie, or in DynamoDB if CHEMTRACK_SESSIONS_TABLE names a table."""

from flask import Flask, current_app, session

from pages.common.signing import SignedCookies


def init_app(app: Flask, table: str | None) -> None:
    """Keep sessions in `table`; without one they stay in the signed cookie."""
    app.session_interface = SignedCookies()
    if table:
        from pages.common.dynamodb import (
            DynamoDBSessions,
        )  # imports boto3, which doubles the start time of a page

        app.session_interface = DynamoDBSessions(app, table)


def renew() -> None:
    """Give the session a new id, so that an id planted in this browser before the sign-in is worthless."""
    if regenerate := getattr(current_app.session_interface, "regenerate", None):  # a signed cookie has no id
        regenerate(session)
