"""Run as a process of its own: prints what it can read of the process that started it, file by file, as {"environ": "…"}."""

import json
import os
from pathlib import Path

if __name__ == "__main__":
    read = {}
    for file in ("environ", "maps"):
        try:
            read[file] = Path(f"/proc/{os.getppid()}/{file}").read_bytes().decode(errors="replace")
        except OSError as error:
            read[file] = type(error).__name__
    print(json.dumps(read))
