"""Each page serves style, script and font under its own path, at addresses whose content never changes."""

import gzip
import hashlib
import re
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pages.common.assets import OURS, Assets
from tests.pages.sample_page import sample_page

PAGES = OURS.parents[1]


@pytest.fixture(scope="module")
def app() -> Flask:
    return sample_page()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def address(app: Flask, name: str) -> str:
    with app.test_request_context("/"):
        return str(app.jinja_env.globals["asset"](name))  # type: ignore[operator]


def test_an_asset_is_kept_for_ever_and_needs_no_session(app: Flask, client: FlaskClient) -> None:
    where = address(app, "chemtrack.css")
    assert re.fullmatch(r"/checkout/static/[0-9a-f]{16}/chemtrack\.css", where)
    answer = client.get(where)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_text_is_packed_for_those_who_can_unpack_it(app: Flask, client: FlaskClient) -> None:
    where = address(app, "chemtrack.css")
    packed = client.get(where, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == client.get(where).data == (OURS / "chemtrack.css").read_bytes()


@pytest.mark.usefixtures("assets")
def test_a_browser_that_knows_brotli_gets_what_the_build_packed_best(app: Flask, client: FlaskClient) -> None:
    where = address(app, "tabler.css")
    plain, gzipped, best = (
        client.get(where, headers={"Accept-Encoding": encodings}) for encodings in ("identity", "gzip", "gzip, br")
    )
    assert (plain.content_encoding, gzipped.content_encoding, best.content_encoding) == (None, "gzip", "br")
    assert len(best.data) < len(gzipped.data) < len(plain.data)
    assert client.get(where, headers={"Accept-Encoding": "br;q=0, gzip"}).content_encoding == "gzip"


def test_a_packed_form_belongs_to_the_bytes_of_its_file(tmp_path: Path) -> None:
    folder = tmp_path / "built"
    (folder / "packed").mkdir(parents=True)
    (folder / "a.css").write_text("a")
    (folder / "packed" / f"{hashlib.sha256(b'a').hexdigest()}.br").write_bytes(b"packed")
    assets = Assets([folder], folder / "packed")
    assert assets.read("a.css").packed["br"] == b"packed"
    (folder / "a.css").write_text("b")
    assert "br" not in Assets([folder], folder / "packed").read("a.css").packed
    assert set(assets.files) == {"a.css"}


def styled(style: Path) -> set[str]:
    """The classes that have a rule of their own in a packed style sheet, whatever is around them."""
    return set(re.findall(r"(?<=[,{}])\.(-?[A-Za-z_][\w-]*)(?=[,{])", style.read_text()))


def lost(words: set[str]) -> set[str]:
    """Those of these words that are classes of Tabler, but have no rule in what browsers get of it."""
    whole = styled(PAGES / "node_modules/@tabler/core/dist/css/tabler.min.css")
    return words & whole - styled(PAGES / "assets" / "tabler.css")


@pytest.mark.usefixtures("assets")
def test_the_build_keeps_the_rule_of_each_class_that_a_file_of_ours_has_as_a_word() -> None:
    files = [*PAGES.glob("*/templates/**/*.html"), *OURS.glob("*.js"), *PAGES.glob("*/*.py")]
    words = {word for file in files for word in re.findall(r"[\w-]+", file.read_text())}
    assert lost(words) == set(), "python pages/build_assets.py --make brings the built style up to date"
    assert {"accordion-button", "carousel-item", "navbar-brand"} <= lost(
        {"btn", "accordion-button", "carousel-item", "navbar-brand"}
    )


def test_while_a_deployment_rolls_on_the_other_version_is_served_but_not_kept(client: FlaskClient) -> None:
    answer = client.get("/checkout/static/0123456789abcdef/chemtrack.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("name", ["../assets.py", "..%2fassets.py", "none.css", "ghs/../../assets.py", "/etc/passwd"])
def test_nothing_else_can_be_had(client: FlaskClient, name: str) -> None:
    assert client.get(f"/checkout/static/x/{name}").status_code in (302, 308, 404)


def test_the_hash_follows_every_byte_and_every_name(tmp_path: Path) -> None:
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "a.css").write_text("a")
    first = Assets([folder], folder / "packed").version
    assert Assets([folder], folder / "packed").version == first
    (folder / "a.css").write_text("b")
    second = Assets([folder], folder / "packed").version
    (folder / "a.css").rename(folder / "b.css")
    assert len({first, second, Assets([folder], folder / "packed").version}) == 3


@pytest.mark.usefixtures("assets")
def test_what_style_and_script_name_beside_them_is_there(app: Flask, client: FlaskClient) -> None:
    named = 0
    for name in ("chemtrack.css", "inter/wght.css", "tabler.css", "main.js", "scan.js", "keys.js"):
        where = address(app, name)
        text = client.get(where).text
        for found in re.findall(r"url\(['\"]?(?!data:)([^'\")]+)|from '(\./[^']+)'|import '(\./[^']+)'", text):
            target = urljoin(where, next(part for part in found if part))
            assert client.get(target).status_code == 200, f"{name} names {target}"
            named += 1
    assert named > 10
