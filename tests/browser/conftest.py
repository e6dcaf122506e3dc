"""Fixtures of the tests in a browser: all pages behind the gateway, and Chromium."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect, sync_playwright

from tests.behind_gateway import behind_gateway
from tests.conftest import failed, find_chromium
from tests.installation import Installation

NO_TROUBLES = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")
ROOT = Path(__file__).parent.parent.parent
DESKTOP, PHONE = (1440, 900), (390, 844)
AXE = ROOT / "pages" / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / ".local" / "screenshots"
PATIENCE = 30_000
"""Milliseconds that a test waits for what it expects: a loaded machine may need them, and a test that passes does not."""
expect.set_options(timeout=PATIENCE)

STEADY = """
if (document.readyState === 'loading') new MutationObserver((_, observer) => {
  if (!document.documentElement) return;
  observer.disconnect();
  document.documentElement.setAttribute('aria-disabled', 'true');
}).observe(document, { childList: true });
addEventListener('load', () => document.documentElement.removeAttribute('aria-disabled'));

const later = setTimeout;
window.setTimeout = (act, time, ...given) => (time === 6000 ? 0 : later(act, time, ...given));
"""
"""Lets no test run ahead of a page, nor a page ahead of its test: Playwright fills in and presses nothing that is disabled, so it waits
until the scripts of a page run; and toasts, which a page shows for six seconds, stay until a test has pressed their Undo."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="module")
def url(installation: Installation) -> Iterator[str]:
    """The address of the gateway, behind which all pages of the module's installation run."""
    with behind_gateway(installation) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    assert path, "There is no Chromium for the tests in a browser: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def new_context(chromium: Browser, url: str, **options: Any) -> BrowserContext:
    """A browser with a cookie jar of its own. `options` are Playwright's."""
    width, height = DESKTOP
    context = chromium.new_context(**{"base_url": url, "viewport": {"width": width, "height": height}, **options})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(STEADY)
    return context


def started(page: Page) -> None:
    """Wait until the scripts of the page run and its styles are there."""
    page.wait_for_load_state("load")


def fits(page: Page) -> bool:
    """Checks that nothing is wider than the screen."""
    started(page)
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@dataclass
class Browsers:
    """Opens browsers: page = browsers("ada", "/checkout/curie", phone=True). Each call is a person with a cookie jar.

    `troubles` collects the faults in the browser's console: script errors, violations of the content security policy, answers of 500
    and above, missing assets. A test fails at its end if there are any.
    """

    chromium: Browser
    url: str
    installation: Installation
    troubles: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(self, username: str | None = None, path: str = "/", *, phone: bool = False, **options: Any) -> Page:
        """`options` are Playwright's for a new context, such as java_script_enabled=False or color_scheme="dark"."""
        width, height = PHONE if phone else DESKTOP
        screen = {"viewport": {"width": width, "height": height}, "is_mobile": phone, "has_touch": phone}
        context = new_context(self.chromium, self.url, **{**screen, "locale": "en-GB", **options})
        self.contexts.append(context)
        if username:
            context.add_cookies([{"name": "chemtrack", "value": self.installation.cookie(username), "url": self.url}])
        page = context.new_page()
        self.watch(page)
        page.goto(path)
        return page

    def watch(self, page: Page) -> None:
        def console(message: ConsoleMessage) -> None:
            # These two are no troubles: Chromium reports each answer of 4xx, such as a refused form; htmx reports a search that it gave
            # up because a newer one began.
            if message.type == "error" and not message.text.startswith(NO_TROUBLES):
                self.troubles.append(f"{page.url}: {message.text}")

        def response(answer: Response) -> None:
            if answer.status >= 500 or (answer.status == 404 and "/static/" in answer.url):
                self.troubles.append(f"{page.url}: {answer.status} for {answer.url}")

        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", console)
        page.on("response", response)


@pytest.fixture
def browsers(
    chromium: Browser, url: str, installation: Installation, request: pytest.FixtureRequest
) -> Iterator[Browsers]:
    """See Browsers. Where a test fails, its last screens are kept in .local/screenshots."""
    opened = Browsers(chromium, url, installation)
    yield opened
    for number, context in enumerate(opened.contexts):
        if request.node.stash.get(failed, True) and context.pages:
            name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
            context.pages[-1].screenshot(path=SCREENSHOTS / f"{name}-{number}.png", full_page=True)
        context.close()
    assert not opened.troubles, "\n".join(opened.troubles)


MOVING = "document.getAnimations().filter(one => one.effect.getTiming().iterations < Infinity)"


def accessibility_faults(page: Page) -> list[str]:
    """The faults against WCAG 2.2 A and AA that axe-core finds on the present screen, one line for each."""
    started(page)
    page.evaluate(f"Promise.all({MOVING}.map(one => one.finished.catch(() => 0)))")
    page.evaluate(AXE.read_text())
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    size = page.viewport_size
    assert size
    # Axe looks at a window in which the page and an open sheet, which takes 85 % of the height, need no scrolling: there no bar that sticks
    # to the edge covers a link. A person who scrolls gets past the bar.
    heights = "[document.documentElement.scrollHeight, ...[...document.querySelectorAll('details[open]')].map(e => 1.25 * e.scrollHeight)]"
    height = page.evaluate(f"Math.ceil(Math.max(...{heights})) + 100")
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    result = page.evaluate("(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
    page.set_viewport_size(size)
    return [
        f"{fault['id']} ({fault['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for fault in result["violations"]
        for node in fault["nodes"]
    ]
