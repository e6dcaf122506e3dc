"""The first steps of a newcomer: a fresh clone in an empty folder, with an empty home folder."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from bs4 import BeautifulSoup

from tests.installation import PAGES, PASSWORD

ROOT = Path(__file__).parent.parent.parent

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


class Clone:
    """A copy of the project without any file that is built, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder / "chemtrack", folder / "home"
        self.folder.mkdir()
        self.home.mkdir()
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout
        packed = subprocess.run(
            ["tar", "--null", "-T", "-", "-c"], cwd=ROOT, input=names, capture_output=True, check=True
        )
        subprocess.run(["tar", "-x"], cwd=self.folder, input=packed.stdout, check=True)
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.port = unused.getsockname()[1]
        self.url = f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables of a newcomer, without those of the tests."""
        machine = ("PATH", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE")
        kept = {
            name: value for name, value in os.environ.items() if name in machine or name.startswith(("PIP_", "UV_"))
        }
        kept["PATH"] = os.pathsep.join(part for part in kept["PATH"].split(os.pathsep) if str(ROOT) not in part)
        return {**kept, "HOME": str(self.home), "CHEMTRACK_PORT": str(self.port)}

    def local_go(self, *arguments: str, fetches: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
        """Start it; with the small reference, unless it `fetches` the large one."""
        return subprocess.run(
            ["./local_go.sh", "--processes", *(() if fetches else ("--offline",)), *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def sign_in(self, username: str, password: str) -> requests.Session | None:
        """A browser with the user's cookie; None if the login page refuses."""
        browser = requests.Session()
        form = BeautifulSoup(browser.get(f"{self.url}/login", timeout=30).text, "html.parser")
        token = form.select_one("[name=csrf_token]")
        assert token is not None
        fields = {"csrf_token": str(token["value"]), "username": username, "password": password}
        answer = browser.post(f"{self.url}/login", data=fields, allow_redirects=False, timeout=30)
        return browser if answer.is_redirect else None


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    clone = Clone(tmp_path_factory.mktemp("fresh"))
    yield clone
    clone.local_go("--stop")


def test_it_starts_from_nothing_and_names_the_logins(clone: Clone) -> None:
    told = clone.local_go()
    assert told.returncode == 0, told.stderr
    assert clone.url in told.stdout
    for username in ("ada", "ben", "cleo", "eve", "root"):
        assert username in told.stdout
        assert clone.sign_in(username, PASSWORD)


def test_a_package_of_substances_that_cannot_be_fetched_is_said_and_stops_nothing(clone: Clone) -> None:
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:1", "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}
    told = clone.local_go(fetches=True, **nowhere)
    assert told.returncode == 0, told.stderr
    assert "The package of substances cannot be had" in told.stderr
    assert not (clone.folder / ".local" / "reference" / "substances.tsv").exists()


def test_its_secrets_are_nobody_elses_to_read(clone: Clone) -> None:
    assert (clone.folder / ".local" / "secrets").stat().st_mode & 0o777 == 0o600
    assert (clone.folder / ".local" / "aws" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_no_log_holds_a_secret(clone: Clone) -> None:
    lines = (clone.folder / ".local" / "secrets").read_text().splitlines()
    logs = [*(clone.folder / ".local" / "log").iterdir(), clone.folder / ".local" / "database" / "server.log"]
    written = "".join(log.read_text(errors="replace") for log in logs)
    for line in lines:
        assert line.partition("=")[2] not in written


def test_starting_again_changes_nothing(clone: Clone) -> None:
    told = clone.local_go()
    assert told.returncode == 0, told.stderr
    assert "starting" not in told.stdout


def test_a_changed_file_restarts_what_runs_it(clone: Clone) -> None:
    with (clone.folder / "pages" / "login" / "page.py").open("a") as file:
        file.write("\n# changed\n")
    told = clone.local_go()
    assert [line for line in told.stdout.splitlines() if "starting" in line] == ["restarting login"]


def test_a_new_password_survives_stopping(clone: Clone) -> None:
    browser = clone.sign_in("ben", PASSWORD)
    assert browser is not None
    form = BeautifulSoup(browser.get(f"{clone.url}/account", timeout=30).text, "html.parser")
    token = form.select_one("form:has([name=new_password]) [name=csrf_token]")
    assert token is not None
    fields = {
        str(field["name"]): "a-longer-password"
        if "new" in str(field["name"]) or "again" in str(field["name"])
        else PASSWORD
        for field in form.select("form:has([name=new_password]) input[type=password]")
    }
    browser.post(f"{clone.url}/account", data={"csrf_token": str(token["value"]), **fields}, timeout=30)
    assert clone.local_go("--stop").returncode == 0
    assert clone.local_go().returncode == 0
    assert clone.sign_in("ben", PASSWORD) is None
    assert clone.sign_in("ben", "a-longer-password")


def test_another_programs_port_is_left_alone(clone: Clone) -> None:
    assert clone.local_go("--stop").returncode == 0
    with socket.create_server(("127.0.0.1", clone.port)):
        told = clone.local_go()
    assert told.returncode == 1
    assert f"Port {clone.port} is in use by another program" in told.stderr


def test_a_part_that_cannot_start_is_named_with_its_log(clone: Clone) -> None:
    page = clone.folder / "pages" / "login" / "page.py"
    whole = page.read_text()
    page.write_text("raise RuntimeError('no flasks today')\n")
    told = clone.local_go()
    page.write_text(whole)
    assert told.returncode == 1
    assert "login did not start" in told.stderr
    assert "no flasks today" in told.stderr


@pytest.fixture
def watched(clone: Clone) -> Iterator[Clone]:
    """A ChemTrack that was started with --reload, which watches its files."""
    command = ["./local_go.sh", "--reload", "--offline"]
    with subprocess.Popen(
        command, cwd=clone.folder, env=clone.environment, stdout=subprocess.PIPE, text=True
    ) as watcher:
        assert watcher.stdout is not None
        assert any(line.startswith("Watching") for line in watcher.stdout), "it ended before it watched"
        yield clone
        watcher.terminate()


@pytest.mark.parametrize(
    ("file", "old", "new", "path"),
    [
        ("pages/common/templates/base.html", "<body", "<body data-edited", "/login"),
        ("pages/login/page.py", "def create_app(", '@blueprint.get("/login/edited")\ndef edited() -> str:\n    return "data-edited"\n\n\nedited.is_public = True\n\n\ndef create_app(', "/login/edited"),
    ],
)  # fmt: skip
def test_an_edit_is_shown_without_starting_anything(watched: Clone, file: str, old: str, new: str, path: str) -> None:
    edited = watched.folder / file
    whole = edited.read_text()
    assert "data-edited" not in requests.get(watched.url + path, timeout=30).text
    edited.write_text(whole.replace(old, new, 1))
    while "data-edited" not in requests.get(watched.url + path, timeout=30).text:
        time.sleep(0.05)
    edited.write_text(whole)
    while "data-edited" in requests.get(watched.url + path, timeout=30).text:
        time.sleep(0.05)


def test_fresh_forgets_what_was_entered(clone: Clone) -> None:
    told = clone.local_go("--fresh")
    assert told.returncode == 0, told.stderr
    assert "Deleting the database and the logins of this machine" in told.stdout
    assert clone.sign_in("ben", PASSWORD)


@pytest.mark.parametrize("page", PAGES)
def test_one_page_is_restarted_alone(clone: Clone, page: str) -> None:
    told = clone.local_go(page)
    assert told.returncode == 0, told.stderr
    assert [line for line in told.stdout.splitlines() if "starting" in line] == [f"restarting {page}"]
