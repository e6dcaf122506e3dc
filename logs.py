"""How every service writes its log: one line of JSON for each record, so that a line break in a text that somebody sent forges no line.

A line has the time, level and message, the number of the request that it belongs to, and for an error its type and the place
in the code. It never has the message of an error, which may quote what people typed and the values of a statement.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

NUMBER = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}")
"""What the number of a request looks like; anything else in its header is not believed."""

request_number: ContextVar[str] = ContextVar("request_number", default="")


class JsonLines(logging.Formatter):
    """Writes one record as one line. `extra={"fields": {…}}` in a logging call adds fields to the line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, in ASCII: control characters and line breaks are escaped."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": request_number.get(),
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0]:
            frames = traceback.extract_tb(record.exc_info[2])
            line["error"] = record.exc_info[0].__name__
            line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return json.dumps({name: value for name, value in line.items() if value != ""}, default=str)


def settings(*loggers: str) -> dict[str, Any]:
    """Settings for logging.config: everything goes to stderr as JsonLines. `loggers` names loggers whose own handlers are taken away."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {name: {"level": "INFO", "handlers": [], "propagate": True} for name in loggers},
    }
