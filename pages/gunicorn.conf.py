# ruff: noqa: N999, S108 — gunicorn names the file; its heartbeat belongs into memory
"""How a page is served: gunicorn -c pages/gunicorn.conf.py "pages.checkout.page:create_app()"."""

import gc
import os
from pathlib import Path

from gunicorn.http import message

import logs

if page := os.environ.get("CHEMTRACK_PAGE"):  # set in an image; elsewhere the command names the page
    wsgi_app = f"pages.{page}.page:create_app()"
bind = os.environ.get("CHEMTRACK_BIND", "0.0.0.0:8000")  # in a container, reached through the load balancer
worker_class = "gthread"
workers = int(os.environ.get("CHEMTRACK_WORKERS", "2"))
preload_app = True  # load the page once and share its memory: two workers need 38 MiB instead of 55
threads = 16  # threads wait for the API most of the time
timeout = 60
graceful_timeout = 30
keepalive = 75  # longer than the load balancer's 60 s: it must never write to a connection that was just closed
forwarder_headers = ""  # else gunicorn believes the headers SCRIPT_NAME and PATH_INFO of clients at 127.0.0.1
# An address may name 500 containers, whatever their numbers are. The load balancer takes no more than 16 KiB either, and answers a longer
# one itself; gunicorn's own most is less. Headers hold such an address, too (Referer, HX-Current-URL).
message.MAX_REQUEST_LINE = limit_request_line = limit_request_field_size = 17 * 1024
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # the disk may be read-only
gc.disable()  # until when_ready: reading modules leaves no garbage, and looking for it would take a tenth of the start
control_socket_disable = True  # gunicorn would put it into the user's home, and a page's user has none
accesslog = None  # each page logs its own requests; gunicorn would write their search words, too
errorlog = "-"
logconfig_dict = logs.settings("gunicorn.error")


def when_ready(_: object) -> None:
    """Freeze the objects loaded so far: the garbage collector then neither scans them nor makes workers copy their memory."""
    gc.freeze()
    gc.enable()
