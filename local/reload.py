"""Shows each edit at once: `./local_go.sh --reload` calls this module when everything runs.

An edited template is read again at the next request, and if it uses more of Tabler's style than before, the pages are restarted with it.
Any other file restarts the services that run it, beginning with the page that was visited last. A file in sql/ is applied to the database.
"""

import importlib
import math
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from watchfiles import watch

from local import processes

FOLDERS = ("api", "cloudformation", "local", "sql", "pages/common")


def page(name: str) -> Flask:
    """The app of a page, for gunicorn. At each request it checks whether its templates have changed."""
    app: Flask = importlib.import_module(f"pages.{name}.page").create_app()
    app.jinja_env.auto_reload = True
    return app


def first_the_visited(services: list[processes.Service]) -> list[processes.Service]:
    """The services in the order of restarting: first those that all pages need, then the pages, beginning with the page that was visited
    last (its log is the newest)."""

    def age(service: processes.Service) -> float:
        log = processes.LOG / f"{service.name}.log"
        visited = log.stat().st_mtime if log.exists() and service.name in processes.find_pages() else math.inf
        return -visited

    return sorted(services, key=age)


def bring_up_to_date(files: set[Path], secrets: Mapping[str, str]) -> list[processes.Service]:
    """Apply sql/ if one of these files lies in it; returns the services to be restarted."""
    port = int((processes.RUN / "db.port").read_text())
    if any(file.is_relative_to(processes.ROOT / "sql") for file in files):
        began = time.monotonic()
        port = processes.start_database(secrets)
        print(f"sql/ applied in {time.monotonic() - began:.1f} s", flush=True)
    services = processes.describe(secrets, port, reload=True)
    return first_the_visited([service for service in services if processes.must_start(service, None)])


def restart(service: processes.Service) -> None:
    began = time.monotonic()
    processes.stop([service.name])
    service.start()
    processes.wait_until_healthy([service])
    print(f"{service.name} restarted in {time.monotonic() - began:.1f} s", flush=True)


def renew_style() -> bool:
    """Make pages/assets anew, because an edited template or script may use more of Tabler's style. Whether the style has changed."""
    style = processes.ROOT / "pages" / "assets" / "tabler.css"
    before = style.read_bytes()
    command = [sys.executable, "pages/build_assets.py", "--make"]
    subprocess.run(
        command, cwd=processes.ROOT, stdout=subprocess.DEVNULL, check=False
    )  # its errors are seen in the terminal
    return style.read_bytes() != before


def follow(secrets: Mapping[str, str]) -> None:
    """Watch the sources until Ctrl-C. If a service cannot start, print the end of its log and wait for the next edit."""
    pages = (
        f"pages/{page}" for page in processes.find_pages()
    )  # never pages/node_modules: it has thousands of folders
    folders = [processes.ROOT / folder for folder in (*FOLDERS, *pages)]
    told = "Watching for edits. Ctrl-C ends that; ChemTrack runs on until ./local_go.sh --stop"
    waiting: list[processes.Service] = []
    # The watcher also yields after 100 ms without an edit. One service is restarted at a time, so that a new edit is noticed in between.
    for changes in watch(
        *folders, debounce=100, step=50, rust_timeout=100, yield_on_timeout=True, raise_interrupt=False
    ):
        if told:  # printed only now, when the watcher has begun and misses no edit
            print(told, flush=True)
            told = ""
        try:
            files = {Path(file) for _, file in changes}
            renewed = any(file.suffix in (".html", ".js") for file in files) and renew_style()
            if renewed or any(file.suffix != ".html" for file in files):
                waiting = bring_up_to_date(files, secrets)
            if waiting:
                restart(waiting.pop(0))
        except processes.Failed as failure:
            print(failure, flush=True)
