# ruff: noqa: N999, S108 — gunicorn names the file; its heartbeat belongs into memory
"""How a page is served: gunicorn -c pages/gunicorn.conf.py "pages.checkout.page:create_app()"."""

import gc
import os
from pathlib import Path

if page := os.environ.get("CHEMTRACK_PAGE"):  # in an image, which is of one page; elsewhere the command says which
    wsgi_app = f"pages.{page}.page:create_app()"
bind = os.environ.get("CHEMTRACK_BIND", "0.0.0.0:8000")  # in a container, reached through the load balancer
worker_class = "gthread"
workers = int(os.environ.get("CHEMTRACK_WORKERS", "2"))
preload_app = True  # once for all workers, which share its memory: two of them hold 38 MiB instead of 55
threads = 16  # they wait for the API most of the time
timeout = 60
graceful_timeout = 30
keepalive = 75  # longer than the load balancer's 60 s, so that it never writes to a connection that just closed
limit_request_line = 8190  # a search with every filter set
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # the disk may be read-only
control_socket_disable = True  # it would lie in a home that a page's user does not have
accesslog = None  # each page logs its own requests, without queries
errorlog = "-"


def when_ready(_: object) -> None:
    """What is loaded by now stays: the collector need not look at it again and again, nor make workers copy it."""
    gc.freeze()
