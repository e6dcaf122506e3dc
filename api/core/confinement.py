"""Keeps a process that reads files from doing harm: it has little memory and time, and sees nothing of the API's processes.

Without FastAPI, because such a process has to start at once.
"""

import ctypes
import os
import resource
from contextlib import suppress
from pathlib import Path

NICENESS = 5
PR_SET_DUMPABLE = 4  # the number that <sys/prctl.h> gives this option


def hide() -> None:
    """Called by a process that has secrets: no other process of the same user reads its environment or memory any more.

    Linux shows both, in /proc, to every process of the user, unless the process says that it is not to be dumped. A program
    that this process starts begins without that mark.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this process cannot be hidden from others of the same user")


def confine(memory: int, seconds: int) -> None:
    """Called first by a module that runs as such a process: from then on the process has at most `memory` bytes and `seconds` of processor
    time, and low priority.
    """
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    with suppress(OSError):  # if the machine runs out of memory, Linux kills this process rather than the API
        Path("/proc/self/oom_score_adj").write_text("1000")
