"""Waits until services answer.

    python -m local.health --seconds 30 checkout=http://chemtrack-checkout:8000/health …

Prints the names of those that did not answer in time, and then exits 1.
"""

import argparse
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping


def answers(url: str) -> bool:
    """Whether `url` answers with 200. A URL that does not end with /health may answer with any status below 500."""
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # our own services, by http
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500 and not url.endswith("/health")
    except OSError:
        return False


def wait_for(urls: Mapping[str, str], seconds: float, every: float = 0.2) -> list[str]:
    """The names in `urls` (name → URL) that have not answered after `seconds`. Asks each URL every `every` seconds."""
    waiting = dict(urls)
    end = time.monotonic() + seconds
    while True:
        waiting = {name: url for name, url in waiting.items() if not answers(url)}
        if not waiting or time.monotonic() > end:
            return list(waiting)
        time.sleep(every)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("services", nargs="+", metavar="NAME=URL")
    arguments = parser.parse_args()
    late = wait_for(dict(service.split("=", 1) for service in arguments.services), arguments.seconds)
    if late:
        print(" ".join(late))
        sys.exit(1)


if __name__ == "__main__":
    main()
