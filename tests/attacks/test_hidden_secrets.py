"""A process that reads a file, which may be made to do harm, sees nothing of the API's process that started it.

Root sees every process, so where the tests are run by root, the processes here run as nobody, as in the image.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SECRET = "the-password-of-chemuser"
# The user nobody, who cannot read other processes. The right to pass through folders lets it start a Python that lies under /root.
AS_NOBODY = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--inh-caps=+dac_read_search",
             "--ambient-caps=+dac_read_search", "--securebits=+no_setuid_fixup"]  # fmt: skip
READ_A_FILE = """
import asyncio
from api.core.processes import Processes
async def nothing():
    return b""
print(asyncio.run(Processes().run("tests.attacks.secrets_of_parent", nothing, "lab", 20)).read().decode())
"""


def seen_by_a_child(begins: str) -> dict[str, str]:
    """What a process sees that was started like a reader of spreadsheets. The process that started it runs `begins` first, and its
    environment has a secret.
    """
    answer = subprocess.run(
        [*(AS_NOBODY if os.geteuid() == 0 else []), sys.executable, "-c", begins + READ_A_FILE],
        cwd=ROOT,
        env={"CHEMTRACK_CHEMUSER_PASSWORD": SECRET, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    seen: dict[str, str] = json.loads(answer.stdout)
    return seen


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="another system than Linux has no /proc")
def test_the_api_hides_its_environment_and_memory() -> None:
    assert SECRET in seen_by_a_child("")["environ"], "nothing was seen even without a guard"
    hidden = seen_by_a_child("import api.__main__")
    assert hidden == {"environ": "PermissionError", "maps": "PermissionError"}


def test_the_image_starts_the_api_with_python_m_api() -> None:
    assert 'CMD ["python", "-m", "api",' in (ROOT / "api" / "Dockerfile").read_text()
