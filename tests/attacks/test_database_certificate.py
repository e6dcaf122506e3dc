"""Who answers in the place of the database learns no password and is told nothing: RDS is known by its name and its certificate.

The API and the task `sql` connect as the stacks tell them to, with the tests' own authority in the place of RDS's. TLS is spoken by a
relay in front of the tests' PostgreSQL, because that one was built without it.
"""

import datetime
import os
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from api.app import create_app
from api.core.config import Settings
from tests.aws.templates import whole
from tests.installation import PASSWORD, Client, Installation, serving

SSL_REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
Signed = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def certificate(name: str, by: Signed | None = None) -> Signed:
    """A certificate with its key: of an authority, or of a server called `name` where an authority signs it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    authority, signing = (by[0].subject, by[1]) if by else (subject, key)
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    return built.sign(signing, hashes.SHA256()), key


def pem(signed: Signed, file: Path) -> Path:
    """The certificate and its key in one file."""
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(signed[0].public_bytes(serialization.Encoding.PEM) + signed[1].private_bytes(*form))
    return file


@contextmanager
def speaking_tls(installation: Installation, certificate_file: Path) -> Iterator[int]:
    """A relay to the PostgreSQL of the tests that shows this certificate; gives its port on the loopback interface."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file)

    def copy(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def relay(client: socket.socket) -> None:
        with suppress(OSError), client, socket.create_connection((installation.host, installation.port)) as server:
            if client.recv(8, socket.MSG_WAITALL) != SSL_REQUEST:
                return
            client.sendall(b"S")
            with context.wrap_socket(client, server_side=True) as secure:
                back = threading.Thread(target=copy, args=(server, secure), daemon=True)
                back.start()
                copy(secure, server)
                back.join()

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=relay, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()


def told(stack: str) -> dict[str, str]:
    """The environment variables that the stack gives its container without a secret."""
    [container] = whole()[stack]["Task"]["ContainerDefinitions"]
    return {entry["Name"]: entry["Value"] for entry in container["Environment"]}


def sign_in_at_api(installation: Installation, port: int, authorities: Path) -> int:
    """The status that a sign-in has at an API which connects by this port as its stack says."""
    as_deployed = told("api")
    settings = Settings(
        database_host="localhost",
        database_port=port,
        database_name=installation.database,
        database_sslmode=as_deployed["CHEMTRACK_DATABASE_SSLMODE"],
        database_sslrootcert=str(authorities) if as_deployed["CHEMTRACK_DATABASE_SSLROOTCERT"] else "",
        chemuser_password=installation.passwords["chemuser"],
        chemadmin_password=installation.passwords["chemadmin"],
        service_token=installation.service_token,
        login_secrets=[installation.login_secret],
    )
    credentials = {"username": "ada", "password": PASSWORD, "address": "127.0.0.1"}
    with serving(create_app(settings)) as url:
        return Client(url, installation.service_token).post("/sessions", json=credentials).status_code


def connect_as_sql_task(installation: Installation, port: int, authorities: Path) -> subprocess.CompletedProcess[str]:
    """libpq with the variables that the task `sql` has."""
    names: Any = {name: value for name, value in told("sql").items() if name.startswith("PGSSL")}
    if "PGSSLROOTCERT" in names:
        names["PGSSLROOTCERT"] = str(authorities)
    login = {"PGUSER": "chemtrack_master", "PGPASSWORD": installation.passwords["chemtrack_master"]}
    where = {"PGHOST": "localhost", "PGPORT": str(port), "PGDATABASE": installation.database}
    program = "import psycopg; print(psycopg.connect().execute('SELECT 1').fetchone())"
    environment = os.environ | names | login | where
    return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def authority() -> Signed:
    return certificate("The authority that is known")


@pytest.mark.parametrize("whose", ["right", "of another authority", "of another server"])
def test_the_database_is_believed_with_the_right_certificate_alone(
    installation: Installation, authority: Signed, tmp_path: Path, whose: str
) -> None:
    shown = {
        "right": lambda: certificate("localhost", authority),
        "of another authority": lambda: certificate("localhost", certificate("Anybody")),
        "of another server": lambda: certificate("database.example.com", authority),
    }[whose]()
    authorities = pem(authority, tmp_path / "authority.pem")
    with speaking_tls(installation, pem(shown, tmp_path / "server.pem")) as port:
        status = sign_in_at_api(installation, port, authorities)
        task = connect_as_sql_task(installation, port, authorities)
    if whose == "right":
        assert (status, task.stdout) == (201, "(1,)\n"), task.stderr
    else:
        assert (status, task.returncode) == (503, 1)
        assert "certificate" in task.stderr


def test_a_database_without_tls_is_not_believed(installation: Installation, authority: Signed, tmp_path: Path) -> None:
    authorities = pem(authority, tmp_path / "authority.pem")
    assert sign_in_at_api(installation, installation.port, authorities) == 503
    assert "SSL" in connect_as_sql_task(installation, installation.port, authorities).stderr
