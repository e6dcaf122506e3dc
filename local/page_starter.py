"""Starts pages so that they share the memory of what all pages import; local/processes.py calls it.

    python -m local.page_starter < PAGES     prints the process number of each

PAGES is JSON, a list of objects: `arguments` (gunicorn's), `environment`, `log` (a file). This process imports what all pages need, once,
and then forks for each page. Each page is a gunicorn of its own, as in its container, and can be stopped or started anew by itself.
"""

import gc
import json
import os
import sys

import gunicorn.workers.gthread  # noqa: F401  # the workers of pages/gunicorn.conf.py
from gunicorn.app.wsgiapp import WSGIApplication

import pages.common.app  # noqa: F401


def become(arguments: list[str], environment: dict[str, str], log: str) -> None:
    """Turn this process, which was just forked, into the page."""
    os.setsid()
    for stream, file, mode in (
        (0, os.devnull, os.O_RDONLY),
        (1, log, os.O_WRONLY),
        (2, log, os.O_WRONLY | os.O_APPEND),
    ):
        opened = os.open(file, mode | (os.O_CREAT | os.O_TRUNC if stream == 1 else 0), 0o600)
        os.dup2(opened, stream)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["gunicorn", *arguments]
    WSGIApplication().run()


def main() -> None:
    gc.collect()
    gc.freeze()  # the collector would write into the memory of all these objects, and so end the sharing
    for page in json.load(sys.stdin):
        if number := os.fork():
            print(number, flush=True)  # else the next page would have the line in its own buffer, too
        else:
            become(**page)


if __name__ == "__main__":
    main()
