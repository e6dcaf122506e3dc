"""`bench/run --against COMMIT`: that commit and this tree, measured in turn by this tree's bench/, so that a noisy moment hits both."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from bench.result import middle
from bench.stand import HOME, ROOT

ROUNDS = 3
ROW = re.compile(
    r"^\| (?P<what>.*?) \| (?P<beside>.*?) \| (?P<figure>[0-9.]+) (?P<unit>\S+) \| at (?:least|most) ", re.MULTILINE
)

Figures = dict[tuple[str, str], tuple[float, str]]
"""What was measured and beside what → the figure and its unit."""


def tree_of(commit: str) -> Path:
    """A work tree of the commit with its assets, this tree's environment and this tree's bench/. It has labs of its own."""
    said = subprocess.run(
        ["git", "rev-parse", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    tree = HOME / "against" / said.stdout.strip()[:12]
    if not tree.exists():
        subprocess.run(["git", "worktree", "add", "--detach", tree, commit], cwd=ROOT, check=True)
        (tree / ".local").mkdir()
        for shared in ("venv", "reference"):
            (tree / ".local" / shared).symlink_to(ROOT / ".local" / shared)
        subprocess.run([sys.executable, "pages/build_assets.py"], cwd=tree, check=True)
    shutil.rmtree(tree / "bench")
    shutil.copytree(ROOT / "bench", tree / "bench", ignore=shutil.ignore_patterns("__pycache__"))
    return tree


def measured(tree: Path, names: list[str]) -> Figures:
    """The figures of one run of these measurements in a tree."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", *names], cwd=tree, stdout=subprocess.PIPE, text=True, check=False
    )
    found = {(row["what"], row["beside"]): (float(row["figure"]), row["unit"]) for row in ROW.finditer(done.stdout)}
    if not found:  # an exit code of 1 alone says that a bar is missed
        raise SystemExit(f"nothing was measured in {tree}: its words are above")
    return found


def compare(commit: str, names: list[str]) -> None:
    """Print a table: each figure of this tree and of the commit, and the median of their ratios."""
    trees = (ROOT, tree_of(commit))
    rounds = [[measured(tree, names) for tree in trees] for _ in range(ROUNDS)]
    print(f"| what | measured beside it | here | {commit} | here / {commit} |\n| --- | --- | --- | --- | --- |")
    for row, (_, unit) in rounds[0][0].items():
        pairs = [(ours[row][0], theirs[row][0]) for ours, theirs in rounds if row in ours and row in theirs]
        if not pairs:  # the commit cannot be measured so
            continue
        here, there = (middle(list(figures)) for figures in zip(*pairs, strict=True))
        times = middle([ours / theirs for ours, theirs in pairs if theirs])
        print(f"| {' | '.join(row)} | {here:.2f} {unit} | {there:.2f} {unit} | {times:.2f} × |", flush=True)
