"""Members of several labs work while parts of ChemTrack are killed: nothing is lost, and nothing happens twice."""

import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import psycopg
import pytest

from tests.faults import faults
from tests.faults.journal import Figures, Journal
from tests.faults.load import Browser, Lab, Manager, Member, Person
from tests.faults.services import DURABLE, ChemTrack, Database, running
from tests.installation import PASSWORD
from tests.server import TEMPLATE

ROLES = ("manager", "browser", "probe")
LABS = ("curie", "hodgkin", "franklin")
Fault = Callable[[ChemTrack], None]
Report = Callable[[Figures], Figures]
CALM = 1.5  # seconds between two faults
RECOVERY_SECONDS = 30
ROUNDS = 3
DISK = "400m"


def people(members: int) -> list[str]:
    """The logins of each lab: a manager, somebody who uses the pages, somebody who tries whether ChemTrack works again, and members."""
    return [f"{role}-{lab}" for lab in LABS for role in (*ROLES, *(f"m{n}" for n in range(members)))]


def bring_in(database: Database, names: list[str]) -> None:
    """Makes the labs and their people known."""
    with psycopg.connect(database.server.dsn("chemtrack_master", TEMPLATE), autocommit=True) as owner:
        owner.execute("SET ROLE chemowner")
        owner.execute("INSERT INTO control.labs (slug, name) VALUES ('franklin', 'Franklin lab')")
        for name in names:
            role = "manager" if name.startswith("manager") else "member"
            owner.execute(
                "WITH made AS (INSERT INTO control.users (username, name) VALUES (%s, %s) RETURNING id)"
                " INSERT INTO control.members (lab_id, user_id, role)"
                " SELECT l.id, made.id, %s FROM made, control.labs l WHERE l.slug = %s",
                [name, name, role, name.rpartition("-")[2]],
            )


def run(folder: Path, members: int, schedule: Sequence[Fault], settings: Mapping[str, str] = DURABLE) -> Figures:
    """Lets everybody work while the faults come one after the other; then compares what was sent with the ledger."""
    database, journal, over = Database(folder, settings), Journal(), threading.Event()
    with running(folder, database, people(members), PASSWORD) as chemtrack:
        bring_in(database, people(members))
        working: list[Person] = []
        probes: list[Member] = []
        for slug in LABS:
            manager = Manager(chemtrack, f"manager-{slug}", journal, over)
            manager.sign_in()
            lab = Lab(slug, manager.client)
            others = [Member(chemtrack, f"m{n}-{slug}", journal, over) for n in range(members)]
            probes.append(Member(chemtrack, f"probe-{slug}", journal, over))
            working += [manager, *others, Browser(chemtrack, f"browser-{slug}", journal, over)]
            for person in (manager, *others, working[-1], probes[-1]):
                person.lab = lab
                person.sign_in()
        with database.superuser() as superuser:
            superuser.execute("CHECKPOINT")
        for person in working:
            person.start()
        try:
            for fault in schedule:
                time.sleep(CALM)
                fault(chemtrack)
                journal.note_fault(fault.__name__, recovery(probes))
            time.sleep(CALM)
        finally:
            over.set()
            for person in working:
                person.join(60)
        for person in working:
            assert not person.is_alive(), f"{person.name} waits for ever"
            if person.fault:
                raise person.fault
        assert all(probe.works_at_once() for probe in probes * 5), "not everybody can work again"
        with database.superuser() as superuser:
            figures = journal.compare(superuser)
        logged = chemtrack.logs()
        for logger in ("chemtrack.gateway", "pages.common", "chemtrack.api"):
            assert f'"logger": "{logger}"' in logged, f"there are no logs of {logger} to look at"
        secrets = [chemtrack.service_token, PASSWORD, *database.server.passwords.values()]
        secrets += [person.secret() for person in (*working, *probes)]
        figures.secrets_in_logs = sum(secret in logged for secret in secrets)
        return figures


def recovery(probes: list[Member]) -> float:
    """Seconds until somebody in each lab can work again."""
    began, waiting = time.monotonic(), probes
    while waiting:
        waiting = [member for member in waiting if not member.works_at_once()]
        took = time.monotonic() - began
        assert took < RECOVERY_SECONDS, f"{len(waiting)} labs cannot work {took:.0f} seconds after everything runs"
    return took


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, which can be filled."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=0755", "chemtrack-faults", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    assert mounted.returncode == 0, f"NO DISK COULD BE FILLED, run this as root: {mounted.stderr}"
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.timeout(300)
def test_nothing_is_lost_or_doubled_when_parts_are_killed(tmp_path: Path, figures: Report) -> None:
    seen = figures(run(tmp_path, 2, [faults.kill_api, faults.kill_postgres, faults.kill_page]))
    assert seen.acknowledged > 50
    assert seen.faults() == {}


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_nothing_is_lost_or_doubled_by_any_fault_again_and_again(tmp_path: Path, figures: Report) -> None:
    schedule = ROUNDS * [
        faults.kill_api,
        faults.restart_api,
        faults.kill_postgres,
        faults.lose_postgres,
        faults.restart_postgres,
        faults.kill_a_backend,
        faults.end_all_connections,
        faults.lose_aws,
        faults.kill_page,
        faults.refuse_writes,
    ]
    random.Random(1).shuffle(schedule)
    seen = figures(run(tmp_path, 4, schedule))
    assert seen.acknowledged > 1000
    assert seen.faults() == {}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_full_disk_loses_nothing(disk: Path, figures: Report) -> None:
    seen = figures(run(disk, 4, 3 * [faults.fill_disk(disk)]))
    assert seen.acknowledged > 100
    assert seen.faults() == {}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_database_that_forgets_is_noticed(tmp_path: Path) -> None:
    """A PostgreSQL that answers before its write-ahead log is on the disk loses acknowledged lines; these tests must find that."""
    forgetful = DURABLE | {"synchronous_commit": "off", "wal_writer_delay": "10s"}
    assert run(tmp_path, 4, 2 * [faults.kill_postgres], forgetful).lost > 0
