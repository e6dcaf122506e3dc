#!/bin/sh
# Installs dependency groups of pyproject.toml for a Python: requirements/install.sh PYTHON GROUP…
#
# The versions are those of requirements/lock.txt, and every file must have a hash that stands there. pip, which comes with Python,
# installs uv in the same way; uv installs all the rest.
set -eu
cd "$(dirname "$0")/.."
python=$(command -v "$1")
shift

if ! "$python" -m uv --version >/dev/null 2>&1; then
  locked=$(mktemp)
  awk '/^[^ ]/ { ours = /^uv==/ } ours' requirements/lock.txt >"$locked"
  "$python" -m pip install --quiet --no-input --disable-pip-version-check --require-hashes --requirement "$locked"
  rm "$locked"
fi
for group in "$@"; do set -- "$@" --group "$group"; shift; done
exec "$python" -m uv pip install --quiet --python "$python" --require-hashes --constraint requirements/lock.txt "$@"
