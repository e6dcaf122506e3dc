"""The identity provider of the tests, oidc-provider from npm, and a ChemTrack that knows it."""

import hashlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

import boto3
import requests
from bs4 import BeautifulSoup

from tests.installation import Installation

if TYPE_CHECKING:
    from tests.server import Server

HERE = Path(__file__).parent
INSTALLED = HERE.parent.parent / ".local" / "tests"
SECRET = "the client secret of the tests, as long as it must be"
NAME = "Example University"


def free_port() -> int:
    """A port of loopback on which nothing listens now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _installed() -> Path:
    """The folder with the provider's packages, made at the first use."""
    files = ["package.json", "package-lock.json", "provider.mjs"]
    version = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in files)).hexdigest()[:12]
    folder = INSTALLED / f"provider-{version}"
    if not folder.exists():
        made = INSTALLED / f"provider-{version}-{free_port()}"
        made.mkdir(parents=True)
        for name in files:
            shutil.copy(HERE / name, made)
        subprocess.run(["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=made, check=True)
        try:
            made.rename(folder)
        except OSError:  # another worker was first
            shutil.rmtree(made)
    return folder


@contextmanager
def provider(chemtrack: str) -> Iterator[str]:
    """The issuer: the address of a provider that sends browsers back to the ChemTrack at the address `chemtrack`."""
    folder, port = _installed(), free_port()
    command = ["node", str(folder / "provider.mjs"), str(port), SECRET, chemtrack]
    running = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert running.stdout
        assert running.stdout.readline() == "ready\n", "the provider did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(10)


@dataclass
class Campus:
    """A ChemTrack, at the address `chemtrack`, whose people sign in at the provider `issuer`."""

    issuer: str
    chemtrack: str
    installation: Installation

    def back_from(self, address: str, subject: str) -> dict[str, str]:
        """Signs in at the provider as `subject`, as a new browser does; returns what the provider sends back to ChemTrack."""
        browser = requests.Session()
        browser.trust_env = False
        answer = browser.get(address, timeout=30, allow_redirects=False)
        typed = {"login": subject, "password": "any"}
        for _ in range(12):
            location = answer.headers.get("Location", "")
            if location.startswith(self.chemtrack):
                return dict(parse_qsl(urlsplit(location).query))
            if location:
                answer = browser.get(urljoin(answer.url, location), timeout=30, allow_redirects=False)
                continue
            form = BeautifulSoup(answer.text, "html.parser").find("form")
            assert form, answer.text
            fields = {str(tag["name"]): str(tag.get("value", "")) for tag in form.select("input[name]")}
            there = urljoin(answer.url, str(form["action"]))
            answer = browser.post(there, data=fields | typed, timeout=30, allow_redirects=False)
        raise AssertionError("the provider leads nowhere")


@contextmanager
def campus(server: "Server") -> Iterator[Campus]:
    """A provider and a ChemTrack that know each other; its pages are not served yet."""
    from tests.conftest import installed

    port = free_port()
    chemtrack = f"http://127.0.0.1:{port}"
    secret = f"client-secret-{free_port()}"
    boto3.client("secretsmanager").create_secret(Name=secret, SecretString=SECRET)
    with (
        provider(chemtrack) as issuer,
        installed(
            server,
            address=chemtrack,
            single_sign_on_issuer=issuer,
            single_sign_on_client="chemtrack",
            single_sign_on_secret=secret,
        ) as installation,
    ):
        installation.single_sign_on, installation.gateway_port = NAME, port
        yield Campus(issuer, chemtrack, installation)
