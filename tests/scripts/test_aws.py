"""The local server of secrets keeps the secrets that were written, even when it is restarted."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3

from local import health
from tests.conftest import ROOT
from tests.server import free_port


@contextmanager
def secrets_server(file: Path, initial: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "local.aws", f"--port={port}", f"--secrets={file}", f"--initial={initial}"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    assert health.wait_for({"aws": f"{url}/"}, seconds=30) == []
    yield url
    process.terminate()
    assert process.wait(timeout=30) == 0


def test_a_changed_secret_survives_a_restart_and_is_the_owners_alone_to_read(tmp_path: Path) -> None:
    file, initial = tmp_path / "secrets.json", tmp_path / "initial.json"
    initial.write_text(json.dumps({"logins": {"ada": "first"}}))
    for known, told in (("first", "second"), ("second", "third")):
        with secrets_server(file, initial) as url:
            client = boto3.client(
                "secretsmanager",
                endpoint_url=url,
                region_name="us-east-1",
                aws_access_key_id="tests",
                aws_secret_access_key="tests",
            )
            assert json.loads(client.get_secret_value(SecretId="logins")["SecretString"]) == {"ada": known}
            client.put_secret_value(SecretId="logins", SecretString=json.dumps({"ada": told}))
            assert told in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
