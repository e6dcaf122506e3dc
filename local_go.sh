#!/usr/bin/env bash
# Runs ChemTrack on this machine: at http://localhost:8080, with two demo labs.
#
#   ./local_go.sh               start all that does not run, update what has changed
#   ./local_go.sh NAME          build and start only NAME anew: db, aws, api, gateway or a page, such as checkout
#   ./local_go.sh --stop        stop; what was entered is kept
#   ./local_go.sh --fresh       forget what was entered and start with the demo labs
#   ./local_go.sh --processes   without Docker, also with any of the above; this form is taken by itself where no Docker
#                               engine answers. Needs Python 3.11 to 3.13 and nothing else
#   ./local_go.sh --reload      without Docker; then watches the files and shows an edit at once, until Ctrl-C
#   ./local_go.sh --offline     does not fetch the 76,000 substances of the reference (with any of the above): it knows some
#                               200, or those that were fetched before
#   ./local_go.sh --debug NAME  after --processes or --reload: runs the API or a page in this terminal, where
#                               breakpoint() stops
#
#   CHEMTRACK_PORT=9000 ./local_go.sh    another port; it is remembered
#
# With Docker, what was entered lives in the volumes chemtrack-db and chemtrack-aws; without, in .local/database and
# .local/aws. Passwords and keys are made at the first start and kept in .local/secrets.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() { sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; }
refuse() { printf '%s\n' "$@" >&2; exit 1; }

act=start only='' form='' offline=false
for argument in "$@"; do
  case $argument in
    --stop) act=stop ;;
    --fresh) act=fresh ;;
    --processes) form=processes ;;
    --offline) offline=true ;;
    --reload) act=reload form=processes ;;
    --debug) act=debug form=processes ;;
    -h | --help) usage; exit ;;
    -*) usage >&2; refuse '' "There is no option $argument." ;;
    *) [[ -z $only ]] || refuse "One NAME at a time, not $only and $argument."; only=$argument ;;
  esac
done
[[ -z $only || $act == start || $act == debug ]] || refuse "--$act is for all of ChemTrack: leave out $only."
if [[ -n $only && ! $only =~ ^(db|aws|api|gateway)$ ]] && [[ ! $only =~ ^[a-z_]+$ || ! -f pages/$only/page.py ]]; then
  refuse "There is no $only. There are: db aws api gateway $(for page in pages/*/page.py; do basename "$(dirname "$page")"; done | xargs)."
fi

if [[ -z $form ]]; then
  if docker info >/dev/null 2>&1; then form=docker; else form=processes; fi
  [[ $form == docker ]] || echo "No Docker engine answers: running ChemTrack as processes."
fi

mkdir -p .local/log
if [[ -z ${CHEMTRACK_PORT:-} ]]; then CHEMTRACK_PORT=$(cat .local/port 2>/dev/null || echo 8080); fi
if [[ ! $CHEMTRACK_PORT =~ ^[1-9][0-9]{0,4}$ ]] || ((CHEMTRACK_PORT > 65535)); then
  refuse "CHEMTRACK_PORT is a number from 1 to 65535, not \"$CHEMTRACK_PORT\"."
fi
export CHEMTRACK_PORT

make_secrets() { # makes each secret that is missing in .local/secrets, which only its owner may read
  local secret
  touch .local/secrets
  chmod 600 .local/secrets
  for secret in SERVICE_TOKEN COOKIE_KEY POSTGRES_PASSWORD MASTER_PASSWORD CHEMUSER_PASSWORD CHEMADMIN_PASSWORD; do
    grep -q "^CHEMTRACK_$secret=" .local/secrets ||
      echo "CHEMTRACK_$secret=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')" >>.local/secrets
  done
  set -a
  # shellcheck source=/dev/null
  . .local/secrets
  set +a
}

check_port() { # refuses if another program has the port; local/docker.sh and local/processes.sh each define port_is_ours
  if ! port_is_ours && (exec 3<>"/dev/tcp/127.0.0.1/$CHEMTRACK_PORT") 2>/dev/null; then
    refuse "Port $CHEMTRACK_PORT is in use by another program. Stop that, or choose another port: CHEMTRACK_PORT=9000 ./local_go.sh"
  fi
}

# shellcheck source=local/docker.sh
# shellcheck source=local/processes.sh
. "local/$form.sh"

case $act in
  stop)
    stop_all
    # --stop also ends what was started earlier with --processes.
    if [[ $form == docker ]]; then (. local/processes.sh && stop_all); fi
    exit
    ;;
  fresh)
    echo "Deleting the database and the logins of this machine: $(kept_data)."
    stop_all
    forget
    ;;
esac
make_secrets
if [[ $act == debug ]]; then
  [[ -n $only && ! $only =~ ^(db|aws|gateway)$ ]] || refuse "--debug takes api or a page."
  [[ -e .local/run/db.port ]] || refuse "Start ChemTrack first: ./local_go.sh --processes"
  exec .local/venv/bin/python -m local.processes debug "$only"
fi
check_port
start_all "$only"
echo "$CHEMTRACK_PORT" >.local/port

cat <<EOF

ChemTrack runs at http://localhost:$CHEMTRACK_PORT

  Curie lab     ada (manager), ben (member), cleo (viewer)
  Hodgkin lab   eve (manager), ben (viewer)
  administrator root
  password      chemtrack-demo, each, until changed

Stop it with: ./local_go.sh --stop
EOF
[[ $act != reload ]] || exec python -m local.processes follow
