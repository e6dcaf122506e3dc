"""The first visit of a browser, to Sign in: what it loads of style, script and font, and how long a phone far from the city shows nothing.

The phone is Chromium's "Slow 4G" with a processor of a quarter of this machine's speed.
"""

import shutil
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bench.result import Result, middle
from bench.stand import Service, Stand

ROUNDS = 5
LOOK = {"Stylesheet", "Script", "Font"}
SLOW_4G = {"offline": False, "latency": 562.5, "downloadThroughput": 180_000, "uploadThroughput": 84_375}
SLOWER = {"rate": 4}
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def chromium() -> str:
    """The machine's own Chromium, which the tests in a browser install, too."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise SystemExit("There is no Chromium: apt-get install chromium")
    return found


def visit(browser: Browser, url: str, slow: bool) -> tuple[dict[str, int], float]:
    """Opens a page as a browser that was never here: bytes on the wire by kind of file, and milliseconds to the first paint."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True)
    page = context.new_page()
    browser_side = context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    loaded: dict[str, int] = dict.fromkeys(LOOK, 0)

    def answered(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def finished(event: dict[str, Any]) -> None:
        if (kind := kinds.get(event["requestId"])) in LOOK:
            loaded[str(kind)] += int(event["encodedDataLength"])

    browser_side.on("Network.responseReceived", answered)
    browser_side.on("Network.loadingFinished", finished)
    browser_side.send("Network.enable")
    if slow:
        browser_side.send("Network.emulateNetworkConditions", SLOW_4G)
        browser_side.send("Emulation.setCPUThrottlingRate", SLOWER)
    page.goto(url, wait_until="networkidle")
    painted = float(page.evaluate(FIRST_PAINT))
    context.close()
    return loaded, painted


def visits(stand: Stand, page: Service) -> tuple[dict[str, int], float]:
    """The bytes of a visit, and the median time to the first paint on the slow phone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        loaded, _ = visit(browser, f"{page.url}/login", slow=False)
        painted = middle([visit(browser, f"{page.url}/login", slow=True)[1] for _ in range(ROUNDS)])
        browser.close()
    return loaded, painted


def measure(stand: Stand) -> Iterator[Result]:
    """Bytes and time of a first visit."""
    with stand.api(stand.prepare("bench_alone_500")) as api, stand.page("login", api) as page:
        loaded, painted = visits(stand, page)
    each = ", ".join(f"{kind.lower()} {size / 1000:.1f}" for kind, size in sorted(loaded.items()))
    yield Result("first visit: style, script and font", "–", sum(loaded.values()) / 1000, "at most", 95, "kB", each)
    yield Result("first visit on a slow phone: first paint", "–", painted / 1000, "at most", 2.5, "s")
