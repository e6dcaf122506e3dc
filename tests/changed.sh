#!/usr/bin/env bash
# Prints the tests of what differs from the branch main, committed or not: whole files or folders, one on each line.
#
# A part's tests are found by the part's name. A change may break the tests of another part, which are not found: before a commit
# reaches main, `tests/run` decides.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

base=$(git merge-base HEAD main 2>/dev/null || git merge-base HEAD origin/main 2>/dev/null || git rev-parse HEAD)
{ git diff --name-only "$base"; git ls-files --others --exclude-standard; } | sort -u | while read -r file; do
  case $file in
    tests/*/test_*.py) echo "$file" ;;
    tests/*/*) echo "${file%/*}" ;;
    tests/changed.sh | tests/run | tests/deployed) echo tests/scripts ;;
    tests/*) echo tests ;; # conftest.py and what every test uses
    api/*) printf '%s\n' tests/api tests/sql/test_plans.py ;;
    sql/*) printf '%s\n' tests/sql tests/api ;;
    pages/common/*) printf '%s\n' tests/pages tests/browser ;;
    pages/*/*) page=${file#pages/} page=${page%%/*}; printf '%s\n' tests/pages/test_{"$page",crawl,hostile_text}.py "tests/browser/test_$page.py" ;;
    pages/*) printf '%s\n' tests/pages tests/browser ;; # what npm fetches, gunicorn.conf.py
    cloudformation/* | build_and_push.sh | deploy_containers.sh) printf '%s\n' tests/aws tests/scripts ;;
    lib/*) echo tests/lib ;; # slow: with --slow
    local/* | local_go.sh | requirements/* | *Dockerfile | pyproject.toml) echo tests/scripts ;;
    bench/*) echo tests/sql/test_bench_data.py ;;
    *.md | .*) echo tests/scripts/test_layout.py ;;
    *) echo tests ;;
  esac
done | sort -u | while read -r test; do
  if [[ -e $test ]]; then echo "$test"; fi
done
