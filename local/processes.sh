# shellcheck shell=bash
# The process form of local_go.sh, which sources this: what runs is in processes.py.

# shellcheck source=local/environment.sh
. local/environment.sh

port_is_ours() { [[ -x .local/venv/bin/python ]] && .local/venv/bin/python -m local.processes serves "$CHEMTRACK_PORT"; }

start_all() { # start_all [NAME]; with ./local_go.sh --reload the pages read edited templates at the next request
  make_environment api pages local processes
  build_assets
  # shellcheck disable=SC2154  # local_go.sh sets offline, too
  $offline || write_reference
  local reload=''
  # shellcheck disable=SC2154  # local_go.sh, which sources this file, sets act
  [[ $act != reload ]] || reload=--reload
  python -m local.processes start ${1:+"$1"} $reload
}

stop_all() {
  if [[ -d .local/run && -x .local/venv/bin/python ]]; then .local/venv/bin/python -m local.processes stop; fi
}

kept_data() { echo ".local/database and .local/aws"; }
forget() { rm -rf .local/database .local/aws; }
