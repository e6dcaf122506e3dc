"""What docs/aws.md says of the price follows from the templates: from the pages, the tasks and their sizes."""

import re

import pytest

from tests.aws.templates import Stack, whole
from tests.aws.test_templates import PAGES
from tests.conftest import ROOT

DOCUMENT = (ROOT / "docs" / "aws.md").read_text()
HOURS = 730
VCPU, GIBIBYTE = 0.04048, 0.004445  # dollars an hour on Fargate
OF_THE_LIST_PRICE = 0.3  # what Spot takes


def task(stack: Stack) -> tuple[str, float]:
    """One task as the document's tables write it, and its price a month."""
    vcpu, memory = int(stack["Task"]["Cpu"]) / 1024, int(stack["Task"]["Memory"]) / 1024
    said = f"({vcpu:g} vCPU × {VCPU} + {memory:g} GB × {GIBIBYTE}) an hour"
    return said, (vcpu * VCPU + memory * GIBIBYTE) * HOURS


def metrics(tasks: int) -> tuple[str, float]:
    """The table's row for Container Insights with this number of tasks, and its price a month."""
    count = 8 + 11 * (len(PAGES) + 1) + 6 * tasks
    return f"6 a task = {count} | {count * 0.3:.0f} |", count * 0.3


def table(heading: str) -> dict[str, str]:
    """The first table under a heading: each row's name and its price."""
    rows = re.findall(r"^\| (.+?) \|.*\| (.+) \|$", DOCUMENT.partition(f"\n{heading}\n")[2].partition("\n\n#")[0], re.M)
    return {name: price for name, price in rows if re.search(r"\d", price)}


def test_two_tasks_of_each_service_cost_what_the_document_says() -> None:
    services, (said, price) = len(PAGES) + 1, task(whole()["service"])
    assert f"| {services} services × 2 tasks × {said} | {services * 2 * price:.0f} |" in DOCUMENT
    assert metrics(2 * services)[0] in DOCUMENT


def test_small_pages_cost_what_the_document_says() -> None:
    small = whole(SmallPages="yes")
    (page, of_page), (api, of_api) = task(small["service"]), task(small["api"])
    pages = len(PAGES) * of_page * OF_THE_LIST_PRICE
    assert f"| {len(PAGES)} × {page}, of which Spot takes about 30 % | {pages:.0f} |" in DOCUMENT
    assert f"| 2 × {api} | {2 * of_api:.0f} |" in DOCUMENT
    assert metrics(len(PAGES) + 2)[0] in DOCUMENT


@pytest.mark.parametrize("heading", ["## What it costs", "### For a few labs"])
def test_the_sums_are_right_to_five_dollars(heading: str) -> None:
    rows = table(heading)
    with_nat, without = (int(figure) for figure in re.findall(r"\d+", rows.pop("**together**")))
    parts = sum(int(price) for name, price in rows.items() if not name.startswith("or "))
    assert abs(with_nat - parts) <= 5
    assert abs(with_nat - without - int(table("## What it costs")["NAT"])) <= 5
    assert len(rows) > 3


def test_all_else_is_the_same_for_small_pages() -> None:
    others = table("## What it costs")
    for name in ("tasks", "Container Insights", "or endpoints", "**together**"):
        del others[name]
    assert sum(map(int, others.values())) == int(table("### For a few labs")["all else"])
