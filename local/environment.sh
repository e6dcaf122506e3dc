# shellcheck shell=bash
# Sourced by local_go.sh and tests/run, from the project's folder.
#
#   make_environment NAME…   .local/venv holds what requirements/NAME.txt lock, and PATH begins with it
#   build_assets             pages/assets is made of what pages/package-lock.json locks

find_python() { # prints the first Python that ChemTrack runs on
  local candidate
  for candidate in python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  echo "ChemTrack needs Python 3.11, 3.12 or 3.13, and there is none in PATH." >&2
  return 1
}

make_environment() {
  local venv=.local/venv name stamp python missing=() requirements=()
  # An environment of another Python, or moved here from another folder, is of no use.
  if [[ -e $venv ]] && ! "$venv/bin/python" -c "import sys; sys.exit(sys.prefix != '$PWD/$venv')" 2>/dev/null; then
    rm -rf "$venv"
  fi
  if [[ ! -e $venv ]]; then
    python=$(find_python)
    echo "Making $venv with $("$python" --version)" >&2
    "$python" -m venv "$venv" || {
      rm -rf "$venv"
      echo "\"$python -m venv\" does not work here. On Debian and Ubuntu: apt-get install python3-venv" >&2
      return 1
    }
  fi
  for name in "$@"; do
    stamp=$venv/$name.lock
    cmp -s "requirements/$name.txt" "$stamp" || missing+=("$name")
  done
  if ((${#missing[@]})); then
    echo "Installing ${missing[*]} into $venv" >&2
    for name in "${missing[@]}"; do requirements+=("--requirement=requirements/$name.txt"); done
    "$venv/bin/python" -m pip install -qq --require-hashes --no-input "${requirements[@]}"
    for name in "${missing[@]}"; do cp "requirements/$name.txt" "$venv/$name.lock"; done
  fi
  export PATH=$PWD/$venv/bin:$PATH
}

build_assets() {
  if [[ ! pages/assets -nt pages/package-lock.json || ! pages/assets -nt pages/build_assets.py || ! -e pages/node_modules ]]; then
    echo "Fetching the pages' assets from npm" >&2
    NPM_CONFIG_UPDATE_NOTIFIER=false python pages/build_assets.py
  fi
}
