"""Pages that share memory are still processes of their own."""

import os
import urllib.request
from pathlib import Path

import psutil
import pytest

from bench.stand import free_port
from local import health, processes

SECRETS = {"CHEMTRACK_SERVICE_TOKEN": "s" * 20, "CHEMTRACK_COOKIE_KEY": "k" * 20}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which processes.py writes down what runs."""
    monkeypatch.setattr(processes, "RUN", tmp_path)
    monkeypatch.setattr(processes, "LOG", tmp_path)
    return tmp_path


def test_each_page_is_a_process_with_a_log_that_ends_alone(run: Path) -> None:
    pages = [processes.page_service(name, free_port(), 1, SECRETS, reload=False) for name in ("home", "login")]
    addresses = {page.name: f"http://127.0.0.1:{page.port}/health" for page in pages}
    processes.start_pages(pages)
    try:
        assert health.wait_for(addresses, seconds=60) == []
        found = [processes.Running.find(page.name) for page in pages]
        home, login = (psutil.Process(one.pid) for one in found if one)
        assert home.pid == os.getsid(home.pid) != login.pid == os.getsid(login.pid)
        assert "s" * 20 not in "".join(home.environ().values())  # of its start: nothing of the secrets
        processes.stop(["home"])
        assert not home.is_running()
        with urllib.request.urlopen(addresses["login"]) as answer:
            assert answer.status == 200
        assert all("Listening at" in page.log.read_text() for page in pages)
    finally:
        processes.stop(["home", "login"])


def test_a_page_that_cannot_start_says_why_in_its_own_log_and_the_other_starts(run: Path) -> None:
    pages = [processes.page_service(name, free_port(), 1, SECRETS, reload=False) for name in ("home", "login")]
    del pages[0].environment["CHEMTRACK_COOKIE_KEY"]
    processes.start_pages(pages)
    try:
        assert health.wait_for({"login": f"http://127.0.0.1:{pages[1].port}/health"}, seconds=60) == []
        with pytest.raises(processes.Failed, match="CHEMTRACK_COOKIE_KEY: Field required"):
            processes.wait_until_healthy(pages)
    finally:
        processes.stop(["home", "login"])
