#!/usr/bin/env bash
# Locks the dependency groups of pyproject.toml, with hashes and without any host name, for Python 3.11 to 3.13:
# requirements/lock.txt holds all groups that are installed together; checkov, reference and lib have a file each.
#
#   requirements/lock.sh                 lock packages that are new in the groups, keep the versions of all others
#   requirements/lock.sh --upgrade       the newest version of everything
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=local/environment.sh
. local/environment.sh

make_environment lock
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
resolve() { # resolve OUTPUT ARGUMENT…
  uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-header --no-annotate --generate-hashes \
    --output-file "$@"
}
lock() { # lock FILE ARGUMENT…
  resolve "requirements/$1" "${@:2}"
  # The same once more with the name of each file, by which the hashes of files for other systems are left out.
  resolve "$files/pylock.toml" --format pylock.toml --constraint "requirements/$1" "${@:2}"
  python requirements/narrow.py "requirements/$1" "$files/pylock.toml"
}
lock lock.txt "$@" --group api --group pages --group local --group processes --group tests --group browser --group aws \
  --group checks --group build --group lock --group bench
lock checkov.txt "$@" --group checkov
lock reference.txt "$@" --no-deps --group reference
lock ../lib/requirements.txt "$@" --group lib
