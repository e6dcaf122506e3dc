"""All pages of an installation behind the local gateway, each served in a thread of its own."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

from local import gateway
from tests.installation import PAGES, Installation

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@contextmanager
def behind_gateway(
    installation: Installation, table: Path = gateway.TABLE, **others: "WSGIApplication | str | None"
) -> Iterator[str]:
    """The gateway's address. `others` stand in for pages by name: an app, an address that is served already, or None for a page
    that does not run."""
    pages: Mapping[str, WSGIApplication | str | None] = {name: installation.page_app(name) for name in PAGES} | others
    with ExitStack() as stack:
        upstreams = {}
        for name, app in pages.items():
            if isinstance(app, str):
                upstreams[name] = app
            elif app is not None:
                server = make_server("127.0.0.1", 0, app, threaded=True)
                threading.Thread(target=server.serve_forever, daemon=True, name=name).start()
                stack.callback(server.shutdown)
                upstreams[name] = f"http://127.0.0.1:{server.server_port}"
        yield stack.enter_context(gateway.running(gateway.create_app(upstreams, table), port=installation.gateway_port))
