"""Run as a process of its own. Standard input gives a NAME: writes its process id into the file NAME.begun, and ends when NAME.go exists."""

import os
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    name = sys.stdin.read()
    Path(f"{name}.half").write_text(str(os.getpid()))
    Path(f"{name}.half").rename(f"{name}.begun")
    while not Path(f"{name}.go").exists():
        time.sleep(0.01)
    print(name)
