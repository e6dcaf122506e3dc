"""Stands in for AWS on one machine: moto's server, whose secrets survive a restart.

    python -m local.aws --port 5000 --secrets FILE [--host ADDRESS] [--initial FILE]

FILE is JSON (secret name → its string), readable by its owner only, and written anew after each change. If FILE does not exist yet,
the server starts with the secrets of --initial (the demo logins).
"""

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.secretsmanager.models import secretsmanager_backends
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ACCOUNT = "123456789012"  # moto's default account
REGION = "us-east-1"


def current_secrets() -> dict[str, str]:
    """Secret name → its current string, as the running server holds them."""
    kept = {}
    for secret in secretsmanager_backends[ACCOUNT][REGION].secrets.values():
        if secret.default_version_id and not secret.is_deleted():
            kept[secret.name] = str(secret.versions[secret.default_version_id]["secret_string"])
    return kept


class KeptSecrets:
    """WSGI middleware: writes the secrets to `file` after each call that has changed them, before it is answered."""

    def __init__(self, app: "WSGIApplication", file: Path, initial: Path | None) -> None:
        self.app, self.file, self.lock = app, file, threading.Lock()
        source = file if file.exists() else initial
        self.written: dict[str, str] = {}
        for name, value in json.loads(source.read_text()).items() if source else ():
            text = value if isinstance(value, str) else json.dumps(value)
            secretsmanager_backends[ACCOUNT][REGION].create_secret(
                name,
                text,
                None,
                None,
                tags=None,
                kms_key_id=None,
                client_request_token=None,
                replica_regions=[],
                force_overwrite=False,
            )
        self.keep()

    def keep(self) -> None:
        with self.lock:
            secrets = current_secrets()
            if secrets == self.written:
                return
            # Replace the file in one step: after a power cut it holds either all old logins or all new ones.
            new = self.file.with_suffix(".new")
            new.touch(mode=0o600)
            with new.open("w") as stream:
                json.dump(secrets, stream, indent=1)
                stream.flush()
                os.fsync(stream.fileno())
            new.replace(self.file)
            self.written = secrets

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answer = self.app(environ, start_response)
        if environ["REQUEST_METHOD"] == "POST":
            self.keep()
        return answer


def main() -> None:
    usage, _, _ = (__doc__ or "").partition("\n\nFILE")
    parser = argparse.ArgumentParser(description=usage, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--secrets", type=Path, required=True)
    parser.add_argument("--initial", type=Path)
    arguments = parser.parse_args()
    app = KeptSecrets(DomainDispatcherApplication(create_backend_app), arguments.secrets, arguments.initial)
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(0)
    )  # needed in a container, where signals do not end the first process unless it handles them
    make_server(arguments.host, arguments.port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    main()
