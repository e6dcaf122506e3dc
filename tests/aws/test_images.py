"""Every image starts as its ECS task would, and ends without dropping a request."""

import http.client
import json
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.aws.templates import Stack, whole
from tests.conftest import ROOT

PAGES = sorted(path.parent.name for path in (ROOT / "pages").glob("*/page.py"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["docker", *arguments]
    return subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, cwd=ROOT)


def docker(*arguments: str) -> str:
    told = run(*arguments)
    assert told.returncode == 0, f"docker {' '.join(arguments)}: {told.stdout}"
    return told.stdout.strip()


pytestmark = [
    pytest.mark.slow(ci=True),
    pytest.mark.timeout(900),  # builds what is not built yet
    pytest.mark.skipif(
        not shutil.which("docker") or run("info").returncode != 0,
        reason="THERE IS NO DOCKER ENGINE: the images were not tried",
    ),
]


def build(name: str) -> str:
    """Build the image as build_and_push.sh does; gives its tag."""
    image = f"chemtrack-test-{name}"
    file = f"{name}/Dockerfile" if name in ("api", "sql") else "pages/Dockerfile"
    docker(
        "build",
        "--platform",
        "linux/amd64",
        "--file",
        file,
        "--build-arg",
        f"PAGE={name}",
        "--build-arg",
        "COMMIT=0123456789ab",
        "--tag",
        image,
        ".",
    )
    return image


@contextmanager
def task(stack: Stack, image: str, *more: str, **instead: str) -> Iterator[str]:
    """Run the one container of the stack's task as ECS would; returns its id. Secrets are made up, except those in `instead`."""
    [said] = stack["Task"]["ContainerDefinitions"]
    options = [
        "--user",
        said["User"],
        *(more or ["--publish", "127.0.0.1::8000", "--add-host", "chemtrack-api:127.0.0.1"]),
    ]
    options += ["--read-only"] if said["ReadonlyRootFilesystem"] else []
    options += [f"--volume={one['ContainerPath']}" for one in said.get("MountPoints", [])]
    options += [f"--cap-drop={one}" for one in said["LinuxParameters"]["Capabilities"]["Drop"]]
    told = {one["Name"]: one["Value"] for one in said["Environment"]}
    told |= {one["Name"]: secrets.token_urlsafe() for one in said["Secrets"]}
    # ECS adds the address of the task role's credentials, and Service Connect the API's name. Here neither leads anywhere.
    told |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}
    told |= instead
    options += [f"--env={name}={value}" for name, value in told.items()]
    container = docker("run", "--detach", *options, image, *said.get("Command", []))
    try:
        yield container
    finally:
        docker("rm", "--force", "--volumes", container)


def wait_until_healthy(container: str, check: dict[str, Any]) -> None:
    """Run the task's own health check until it succeeds."""
    words = check["Command"][1:]
    assert check["Command"][0] == "CMD"
    for _ in range(60):
        if run("exec", container, *words).returncode == 0:
            return
        time.sleep(0.5)
    pytest.fail(f"not healthy:\n{docker('logs', container)}")


def address(container: str) -> tuple[str, int]:
    host, _, port = docker("port", container, "8000/tcp").splitlines()[0].rpartition(":")
    return host, int(port)


@pytest.mark.parametrize("name", ["api", *PAGES])
def test_a_service_runs_read_only_as_user_1000_and_stops_without_dropping_a_request(name: str) -> None:
    stack = whole(Name=name)["api" if name == "api" else "service"]
    with task(stack, build(name)) as container:
        wait_until_healthy(container, stack["Task"]["ContainerDefinitions"][0]["HealthCheck"])
        assert docker("exec", container, "id", "-u") == "1000"
        assert json.loads(docker("inspect", container))[0]["HostConfig"]["ReadonlyRootfs"] is True
        # The largest upload, and what is read of it, for two at once.
        docker("exec", container, "dd", "if=/dev/zero", "of=/tmp/upload", "bs=1M", "count=250")
        assert run("exec", container, "touch", "here").returncode != 0

        # A request whose body is still on its way when the task is told to stop.
        body = b"username=ada&password=chemtrack-demo"
        path = "/sessions" if name == "api" else "/login"
        head = f"POST {path} HTTP/1.1\r\nHost: chemtrack\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        with socket.create_connection(address(container), timeout=20) as client:
            client.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:5])
            time.sleep(0.5)
            docker("kill", "--signal=TERM", container)
            time.sleep(1)
            client.sendall(body[5:])
            answer = http.client.HTTPResponse(client)
            answer.begin()
            assert answer.status in (302, 400, 401, 403, 404, 422), answer.status
            answer.read()
        # ECS sends SIGTERM again, waits, and kills a container that still runs then (exit code 137).
        docker("stop", "--time=10", container)
        assert docker("inspect", "--format={{.State.ExitCode}}", container) == "0"


@pytest.fixture
def database() -> Iterator[str]:
    """A PostgreSQL of the sql image's own version, as RDS would make it; gives its container's id."""
    container = docker("run", "--detach", "--env=POSTGRES_PASSWORD=superuser", "postgres:17")
    try:
        for _ in range(120):
            if run("exec", container, "pg_isready", "--quiet", "--host=127.0.0.1").returncode == 0:
                break
            time.sleep(0.5)
        yield container
    finally:
        docker("rm", "--force", "--volumes", container)


def test_the_sql_task_applies_sql_to_an_empty_database_read_only_as_user_1000(database: str) -> None:
    image, beside = build("sql"), f"--network=container:{database}"
    owner = ["--env=PGHOST=127.0.0.1", "--env=PGUSER=postgres", "--env=PGPASSWORD=superuser"]
    docker("run", "--rm", beside, *owner, "--env=CHEMTRACK_MASTER_PASSWORD=master", image, "owner")
    # The one difference: this PostgreSQL has no certificate.
    told = {"PGHOST": "127.0.0.1", "PGUSER": "chemtrack_master", "PGPASSWORD": "master", "PGSSLMODE": "prefer"}
    with task(whole()["sql"], image, beside, **told, CHEMTRACK_CHEMUSER_PASSWORD="of chemuser") as container:
        assert docker("wait", container) == "0", docker("logs", container)
    # The first administrator, as docs/aws.md says: by the owner, who is no superuser.
    as_owner = [
        "--env=PGPASSWORD=master",
        database,
        "psql",
        "--host=127.0.0.1",
        "--username=chemtrack_master",
        "chemtrack",
    ]
    assert int(docker("exec", *as_owner, "--tuples-only", "--command=SELECT control.make_administrator('root')")) > 0
    sign_in = ["--env=PGPASSWORD=of chemuser", database, "psql", "--host=127.0.0.1", "--username=chemuser", "chemtrack"]
    assert int(docker("exec", *sign_in, "--tuples-only", "--command=SELECT count(*) FROM reference.units")) > 0
