"""Runs ChemTrack as processes; local_go.sh calls this module where there is no Docker.

    python -m local.processes start [NAME]    start all that does not run and restart what has changed; or restart NAME
    python -m local.processes start --reload  the same, where pages read an edited template at the next request
    python -m local.processes follow          after `start --reload`: restart whatever is edited, until Ctrl-C
    python -m local.processes debug NAME      run one service in this terminal, where breakpoint() stops
    python -m local.processes stop
    python -m local.processes serves PORT     whether our gateway has this port: 0 if so, else 1

NAME is db, aws, api, gateway or a page. Secrets come from the environment (local_go.sh makes them), data are kept in
.local/database and .local/aws, logs in .local/log, and what runs is written in .local/run.
"""

import argparse
import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psutil

from local import health, postgres

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".local"
RUN, LOG = KEPT / "run", KEPT / "log"
DATABASE, AWS = KEPT / "database", KEPT / "aws"
SUBSTANCES = KEPT / "reference" / "substances.tsv"
"""The file of substances that local/environment.sh writes; may be missing."""
START_SECONDS = 60
STOP_SECONDS = 10
RELEASE = ("release.py", "logs.py", "pyproject.toml")


class Failed(RuntimeError):
    """A service did not start; the message names it and shows the end of its log."""


@dataclass(frozen=True)
class Running:
    """A process that this module started. `started` tells it from a later process that got the same number."""

    pid: int
    started: float
    port: int
    fingerprint: str

    @classmethod
    def last(cls, name: str) -> "Running | None":
        """The process that was last started under this name, whether or not it still runs."""
        try:
            return cls(**json.loads((RUN / f"{name}.json").read_text()))
        except (OSError, ValueError, TypeError):
            return None

    @classmethod
    def find(cls, name: str) -> "Running | None":
        """The process that runs under this name."""
        last = cls.last(name)
        if last is None:
            return None
        try:
            process = psutil.Process(last.pid)
            alive = process.create_time() == last.started and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return None
        return last if alive else None


@dataclass(frozen=True)
class Service:
    """One process. `sources` are the files and folders that it runs: when they change, it is restarted."""

    name: str
    port: int
    command: list[str]
    environment: dict[str, str]
    sources: list[str]
    health: str = "/health"
    gunicorn: list[str] | None = None
    """The arguments of gunicorn, for a page."""
    commit: str = "unknown"
    """The commit that the service names as its own. Not part of the fingerprint, so that a commit restarts nothing."""

    def fingerprint(self) -> str:
        digest = hashlib.sha256(json.dumps([self.command, self.environment]).encode())
        for source in self.sources:
            path = ROOT / source
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            for file in files:
                if file.is_file() and "__pycache__" not in file.parts:
                    digest.update(str(file).encode() + b"\0" + file.read_bytes())
        return digest.hexdigest()

    @property
    def log(self) -> Path:
        return LOG / f"{self.name}.log"

    def whole_environment(self) -> dict[str, str]:
        return inherited() | {"CHEMTRACK_COMMIT": self.commit} | self.environment

    def start(self) -> None:
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.whole_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.remember(process.pid)

    def remember(self, pid: int) -> None:
        """Write down that this process is the service."""
        started = psutil.Process(pid).create_time()
        running = Running(pid, started, self.port, self.fingerprint())
        (RUN / f"{self.name}.json").write_text(json.dumps(asdict(running)))


def start_pages(pages: list[Service]) -> None:
    """Start pages that share memory, each a process of its own: see local/page_starter.py."""
    if not pages:
        return
    wanted = [
        {"arguments": page.gunicorn, "environment": page.whole_environment(), "log": str(page.log)} for page in pages
    ]
    starter = subprocess.run(
        [sys.executable, "-m", "local.page_starter"],
        cwd=ROOT,
        env=inherited() | {"CHEMTRACK_COMMIT": pages[0].commit},
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=False,
    )
    if starter.returncode:
        raise Failed(f"The pages did not start.\n{starter.stderr}")
    for page, pid in zip(pages, starter.stdout.split(), strict=True):
        page.remember(int(pid))


def inherited() -> dict[str, str]:
    """The part of this process's environment that every service gets: no secret, no proxy and no settings of other programs."""
    kept = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "TZ")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONUNBUFFERED": "1"}


def commit() -> str:
    """The commit that is checked out, with -dirty behind it where files differ; "unknown" where git cannot say."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def stop(names: Iterable[str]) -> None:
    """End these processes and their workers, all at once. Processes that do not run are ignored."""
    parents = [psutil.Process(running.pid) for name in names if (running := Running.find(name))]
    family = [*parents, *(child for parent in parents for child in parent.children(recursive=True))]
    for parent in parents:
        parent.terminate()
    _, left = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for process in left:
        process.kill()


def choose_ports(names: Iterable[str]) -> dict[str, int]:
    """A port for each service: the one that it had last time, unless another program uses that port now."""
    ports = {}
    with ExitStack() as held:  # hold each port until all are chosen, so that none is chosen twice
        for name in names:
            last = Running.last(name)
            if last and Running.find(name):
                ports[name] = last.port
                continue
            unused = held.enter_context(socket.socket())
            unused.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                unused.bind(("127.0.0.1", last.port if last else 0))
            except OSError:
                unused.bind(("127.0.0.1", 0))
            ports[name] = unused.getsockname()[1]
    return ports


def find_pages() -> list[str]:
    """The names of all pages: each is a folder with a page.py."""
    return sorted(file.parent.name for file in (ROOT / "pages").glob("*/page.py"))


def describe(secrets: Mapping[str, str], database_port: int, reload: bool = False) -> list[Service]:
    """All services, in the order in which they start. With `reload`, pages read an edited template by themselves."""
    python = sys.executable
    pages = find_pages()
    ports = choose_ports(("aws", "api", *pages))
    aws = Service(
        name="aws",
        port=ports["aws"],
        command=[python, "-m", "local.aws", f"--port={ports['aws']}", f"--secrets={AWS / 'secrets.json'}",
                 "--initial=local/logins.json"],
        environment={},
        sources=["local/aws.py", "requirements/lock.txt"],
        health="/",
    )  # fmt: skip
    api = Service(
        name="api",
        port=ports["api"],
        command=[
            python,
            "-m",
            "api",
            f"--port={ports['api']}",
        ],
        environment={
            "CHEMTRACK_DATABASE_HOST": "127.0.0.1",
            "CHEMTRACK_DATABASE_PORT": str(database_port),
            "CHEMTRACK_CHEMUSER_PASSWORD": secrets["CHEMTRACK_CHEMUSER_PASSWORD"],
            "CHEMTRACK_CHEMADMIN_PASSWORD": secrets["CHEMTRACK_CHEMADMIN_PASSWORD"],
            "CHEMTRACK_SERVICE_TOKEN": secrets["CHEMTRACK_SERVICE_TOKEN"],
            "CHEMTRACK_LOGIN_SECRETS": '["chemtrack-logins"]',
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{ports['aws']}",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            # As in AWS. A page keeps its connections: after uvicorn's 5 s it could send a request on one that the API has just closed.
            "UVICORN_TIMEOUT_KEEP_ALIVE": "960",
        },
        sources=["api", *RELEASE, "requirements/lock.txt"],
    )
    gateway_port = int(secrets["CHEMTRACK_PORT"])
    gateway = Service(
        name="gateway",
        port=gateway_port,
        command=[python, "-m", "local.gateway", f"--port={gateway_port}",
                 *(f"--page={page}=http://127.0.0.1:{ports[page]}" for page in pages)],
        environment={},
        sources=["local/gateway.py", *RELEASE, "cloudformation/pages.json", "requirements/lock.txt"],
    )  # fmt: skip
    made = [aws, api, *(page_service(page, ports[page], ports["api"], secrets, reload) for page in pages), gateway]
    now = commit()
    return [replace(service, commit=now) for service in made]


def page_service(page: str, port: int, api_port: int, secrets: Mapping[str, str], reload: bool) -> Service:
    app = f"local.reload:page('{page}')" if reload else f"pages.{page}.page:create_app()"
    gunicorn = ["-c", "pages/gunicorn.conf.py", f"--bind=127.0.0.1:{port}", app]
    return Service(
        name=page,
        port=port,
        command=[sys.executable, "-m", "gunicorn", *gunicorn],
        gunicorn=gunicorn,
        environment={
            "CHEMTRACK_API_URL": f"http://127.0.0.1:{api_port}",
            "CHEMTRACK_SERVICE_TOKEN": secrets["CHEMTRACK_SERVICE_TOKEN"],
            "CHEMTRACK_COOKIE_KEY": secrets["CHEMTRACK_COOKIE_KEY"],
            "CHEMTRACK_COOKIE_SECURE": "false",
            "CHEMTRACK_WORKERS": "1",
        },
        sources=[f"pages/{page}", "pages/common", "pages/assets", "pages/gunicorn.conf.py", *RELEASE, "requirements/lock.txt"],
    )  # fmt: skip


def start_database(secrets: Mapping[str, str]) -> int:
    """Start PostgreSQL, making a cluster first if there is none, and bring its schema up to date; returns its port."""
    port_file = RUN / "db.port"
    superuser_password = secrets["CHEMTRACK_POSTGRES_PASSWORD"]
    try:
        if not DATABASE.exists():
            postgres.make(DATABASE, superuser_password)
        if not postgres.is_running(DATABASE) or not port_file.exists():
            postgres.stop(DATABASE)
            port_file.write_text(str(choose_ports(["db"])["db"]))
            postgres.start(DATABASE, int(port_file.read_text()))
    except postgres.PostgresError as error:
        raise Failed(f"db did not start.\n{error}") from error
    for act in ("owner", "apply", "demo"):
        login = (postgres.SUPERUSER, superuser_password, "postgres")
        if act != "owner":
            login = ("chemtrack_master", secrets["CHEMTRACK_MASTER_PASSWORD"], "chemtrack")
        result = subprocess.run(
            ["bash", "sql/database.sh", act],
            cwd=ROOT,
            env={
                **{name: value for name, value in secrets.items() if name.endswith("_PASSWORD")},
                "PATH": f"{postgres.find_binaries()}{os.pathsep}{os.environ['PATH']}",
                "PGHOST": "127.0.0.1",
                "PGPORT": port_file.read_text(),
                "PGUSER": login[0],
                "PGPASSWORD": login[1],
                "PGDATABASE": login[2],
                "CHEMTRACK_SUBSTANCES": str(SUBSTANCES),
            },
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,  # not captured: psql's output tells at once what is being loaded
            start_new_session=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise Failed(f"db runs, but `sql/database.sh {act}` failed.\n{result.stderr}")
    return int(port_file.read_text())


def tail(name: str, lines: int = 25) -> str:
    log = LOG / f"{name}.log"
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-lines:])


def wait_until_healthy(services: list[Service]) -> None:
    urls = {service.name: f"http://127.0.0.1:{service.port}{service.health}" for service in services}
    end = time.monotonic() + START_SECONDS
    while urls:
        late = health.wait_for(urls, seconds=1)
        urls = {name: urls[name] for name in late}
        for name in urls:
            if Running.find(name) is None:
                raise Failed(f"{name} did not start. The end of .local/log/{name}.log:\n{tail(name)}")
        if urls and time.monotonic() > end:
            name = next(iter(urls))
            raise Failed(f"{name} runs but is not healthy. The end of .local/log/{name}.log:\n{tail(name)}")


def must_start(service: Service, only: str | None) -> bool:
    """Whether to start a service (again): if it was asked for or does not run; and if none was asked for, whether its sources changed."""
    running = Running.find(service.name)
    if running is None or service.name == only:
        return True
    return only is None and running.fingerprint != service.fingerprint()


def start(only: str | None, secrets: Mapping[str, str], reload: bool = False) -> None:
    for folder in (RUN, LOG, AWS):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if only == "db":
        postgres.stop(DATABASE)
    services = describe(secrets, start_database(secrets), reload)
    chosen = [service for service in services if must_start(service, only)]
    for service in chosen:
        print(f"{'restarting' if Running.find(service.name) else 'starting'} {service.name}")
    stop(service.name for service in chosen)
    for service in chosen:
        if not service.gunicorn:
            service.start()
    start_pages([service for service in chosen if service.gunicorn])
    for gone in {file.stem for file in RUN.glob("*.json")} - {
        service.name for service in services
    }:  # pages whose folder was removed
        stop([gone])
        (RUN / f"{gone}.json").unlink()
    wait_until_healthy(chosen)


def debug(name: str, secrets: Mapping[str, str]) -> None:
    """Replace this process by the service `name`, which so uses this terminal; the other services go on."""
    port = int((RUN / "db.port").read_text())
    [service] = [service for service in describe(secrets, port) if service.name == name]
    stop([name])
    # No timeout: gunicorn would end a worker that stands at a breakpoint.
    patient = ["--timeout=0"] if "gunicorn" in service.command else []
    module = service.command.index("-m") + 2
    command = [*service.command[:module], *patient, *service.command[module:]]
    os.chdir(ROOT)
    os.execve(command[0], command, inherited() | service.environment)


def stop_all() -> None:
    names = {file.stem for file in RUN.glob("*.json")}
    if not any(map(Running.find, names)) and not (DATABASE.exists() and postgres.is_running(DATABASE)):
        return
    stop(["gateway"])  # stop the gateway first, so that nobody reaches a page whose API is gone
    stop(names - {"gateway"})
    if DATABASE.exists():
        postgres.stop(DATABASE)
    print("ChemTrack's processes are stopped.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("act", choices=("start", "follow", "debug", "stop", "serves"))
    parser.add_argument("name", nargs="?")
    parser.add_argument("--reload", action="store_true", help="pages read an edited template at the next request")
    arguments = parser.parse_args()
    try:
        if arguments.act == "start":
            start(arguments.name, os.environ, arguments.reload)
        elif arguments.act == "follow":
            from local import reload

            reload.follow(os.environ)
        elif arguments.act == "debug":
            debug(arguments.name, os.environ)
        elif arguments.act == "serves":
            gateway = Running.find("gateway")
            sys.exit(gateway is None or str(gateway.port) != arguments.name)
        else:
            stop_all()
    except Failed as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    main()
