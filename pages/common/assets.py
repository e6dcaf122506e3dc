"""Style, script, font and picture, under the page's own path: /checkout/static/3f9c…/chemtrack.css

One tree of two folders: `pages/common/static`, ours, and `pages/assets`, made of npm's packages by build_assets.py. The hash
is of the whole tree, so a browser keeps each file for ever, and no deployed page depends on what another one serves.
`pages/assets/packed` has the Brotli form of each file under the SHA-256 of the file.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request

OURS = Path(__file__).parent / "static"
PACKED = {".css", ".js", ".svg", ".wasm"}
A_YEAR = 365 * 24 * 3600
TYPES = {
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
    ".css": "text/css",
    ".wasm": "application/wasm",
}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent; `packed` has its smaller forms under the names of their encodings, the smallest first."""

    type: str
    plain: bytes
    packed: dict[str, bytes]


class Assets:
    """The files of the tree, listed and hashed when the page starts; each is read when it is first asked for."""

    def __init__(self, folders: list[Path], packed: Path) -> None:
        files = {
            path.relative_to(folder).as_posix(): path
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.parent != packed
        }
        digest = hashlib.sha256()
        for name in sorted(files):
            digest.update(name.encode() + b"\0" + hashlib.sha256(files[name].read_bytes()).digest())
        self.files, self.packed = files, packed
        self.version = digest.hexdigest()[:16]
        self.read = cache(self._read)

    def _read(self, name: str) -> Asset:
        path = self.files[name]
        plain = path.read_bytes()
        kind = TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        if path.suffix not in PACKED:
            return Asset(kind, plain, {})
        packed = {"gzip": gzip.compress(plain, mtime=0)}
        brotli = self.packed / f"{hashlib.sha256(plain).hexdigest()}.br"
        if brotli.is_file():  # it is missing while a file of ours has been edited since the last build
            packed = {"br": brotli.read_bytes()} | packed
        return Asset(kind, plain, packed)


def send(assets: Assets, version: str, name: str) -> Response:
    """Send one file. During a deployment an address may carry the other version's hash: then browsers are told not to keep it."""
    if name not in assets.files:
        abort(404)
    asset = assets.read(name)
    encoding = next((name for name in asset.packed if request.accept_encodings[name] > 0), None)
    response = Response(asset.packed[encoding] if encoding else asset.plain, mimetype=asset.type)
    if encoding:
        response.content_encoding = encoding
    if asset.packed:
        response.vary.add("Accept-Encoding")
    if version == assets.version:
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask, page: str, built: Path) -> None:
    """Serve the tree under /PAGE/static/ and give the templates `asset('chemtrack.css')`."""
    if not (built / "tabler.css").is_file():
        app.logger.warning("%s is not built: run `python pages/build_assets.py`, or pages look bare", built)
    assets = app.extensions["chemtrack-assets"] = Assets([built, OURS], built / "packed")

    tree = f"/{page}/static/{assets.version}"

    def serve(version: str, name: str) -> Response:
        return send(assets, version, name)

    def asset(name: str) -> str:
        if name not in assets.files and app.testing and built.is_dir():
            raise LookupError(f"there is no asset {name}")
        return f"{tree}/{name}"  # a list has some 160 asset addresses; url_for would take a seventh of the time to render them

    serve.is_public = True  # type: ignore[attr-defined]
    app.add_url_rule(f"/{page}/static/<version>/<path:name>", "asset", serve)
    app.jinja_env.globals["asset"] = asset
