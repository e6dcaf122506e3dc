"""Starts the API: python -m api --host 0.0.0.0 --port 8000, or any other of uvicorn's options."""

import gc
import sys

import uvicorn

from api.core.confinement import hide

# Called at import, not below `if __name__`: uvicorn's workers (WEB_CONCURRENCY) import this module too, and each must hide itself.
hide()

# Reading modules leaves no garbage: looking for it would take a tenth of the start. api/app.py enables the collector when it serves.
gc.disable()

# The API logs its requests itself, without what was searched for.
SERVED = ["--factory", "api.app:create_app", "--no-access-log", "--log-config", "api/logging.json"]

if __name__ == "__main__":
    uvicorn.main([*SERVED, *sys.argv[1:]], prog_name="api")
