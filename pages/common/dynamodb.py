"""Web sessions in DynamoDB: the cookie holds only a session's id.

Flask-Session does the work, except for its own DynamoDB class. That class needs the right to create tables, imports type stubs
at run time, and writes the time of expiry with fractions, in the machine's time zone, as `expiration`. DynamoDB deletes
only by whole seconds since 1970 in the attribute that the table was made with, `expiry` (cloudformation/sessions.yaml).
"""

import hashlib
import time
from datetime import timedelta
from typing import Any

import boto3
from flask import Flask
from flask.json.tag import TaggedJSONSerializer
from flask_session.base import ServerSideSession, ServerSideSessionInterface


class DynamoDBSessions(ServerSideSessionInterface):  # type: ignore[misc]  # Flask-Session has no types
    """Items of `table`: `id` (hex SHA-256 of the cookie), `val` (JSON, as a signed cookie would hold it), `expiry`."""

    def __init__(self, app: Flask, table: str) -> None:
        super().__init__(app, permanent=True)
        self.table = table
        self.client: Any = boto3.client("dynamodb")
        self.json = TaggedJSONSerializer()

    def _get_store_id(self, sid: str) -> str:
        # A hash, because a cookie may hold any text of any length, and a reader of the table must not learn usable session ids.
        return hashlib.sha256(sid.encode("utf-8", "surrogatepass")).hexdigest()

    def _retrieve_session_data(self, store_id: str) -> dict[str, Any] | None:
        # A consistent read: the browser often asks for the page after a form before all of DynamoDB's copies have the new session.
        item = self.client.get_item(TableName=self.table, Key=_key(store_id), ConsistentRead=True).get("Item")
        if item is None or int(item["expiry"]["N"]) <= time.time():  # DynamoDB deletes within days, not at once
            return None
        kept: dict[str, Any] = self.json.loads(item["val"]["S"])
        return kept

    def _upsert_session(self, session_lifetime: timedelta, session: ServerSideSession, store_id: str) -> None:
        expiry = int(time.time() + session_lifetime.total_seconds())
        kept = {"val": {"S": self.json.dumps(dict(session))}, "expiry": {"N": str(expiry)}}
        self.client.put_item(TableName=self.table, Item=_key(store_id) | kept)

    def _delete_session(self, store_id: str) -> None:
        self.client.delete_item(TableName=self.table, Key=_key(store_id))


def _key(store_id: str) -> dict[str, dict[str, str]]:
    return {"id": {"S": store_id}}
