#!/usr/bin/env bash
# Writes the lock files requirements/*.txt from requirements/*.in: one resolution for all four, so that
# they can be installed together, for Python 3.11 to 3.13, with hashes and without any host name.
#
#   requirements/lock.sh                 take up what the .in files ask for, keep the other versions
#   requirements/lock.sh --upgrade       the newest version of everything
set -euo pipefail
cd "$(dirname "$0")"

uv=$(command -v ../.local/venv/bin/uv uv | head -1) || { echo "uv is missing: run tests/run once, or pip install uv" >&2; exit 1; }
together=$(mktemp)
trap 'rm -f "$together"' EXIT
cat -- *.txt >"$together" 2>/dev/null || true

compile() { # compile OUTPUT ARGUMENT…
  "$uv" pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate --output-file "$1" "${@:2}"
}
compile "$together" "$@" -- *.in
for file in *.in; do
  alone=() # of a package whose data files alone are read, nothing else is installed
  if [[ $file == reference.in ]]; then alone=(--no-deps); fi
  compile "${file%.in}.txt" --generate-hashes --upgrade "${alone[@]}" --constraint "$together" -- "$file"
done
