"""Where web sessions are kept: in the signed cookie, or in DynamoDB if CHEMTRACK_SESSIONS_TABLE names a table."""

from flask import Flask, current_app, session


def init_app(app: Flask, table: str | None) -> None:
    """Keep sessions in `table`; without one they stay in the signed cookie."""
    if table:
        from pages.common.dynamodb import (
            DynamoDBSessions,
        )  # with it boto3, which doubles the time that a page starts in

        app.session_interface = DynamoDBSessions(app, table)


def renew() -> None:
    """Give the session another id, so that one which somebody put into this browser beforehand opens nothing."""
    if regenerate := getattr(current_app.session_interface, "regenerate", None):  # a signed cookie has no id
        regenerate(session)
