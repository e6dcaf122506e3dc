#!/usr/bin/env bash
# psql on the database of this machine, which local_go.sh runs in either form:
#
#   local/psql.sh                    as the superuser: past every policy
#   local/psql.sh curie              as this lab: the rows that its members' requests see
#   local/psql.sh curie -c 'TABLE inventory.stock'    whatever psql takes
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

lab='' options=''
if [[ ${1:--} != -* ]]; then lab=$1; shift; fi

if docker exec chemtrack-db true 2>/dev/null; then
  terminal=(--interactive)
  if [[ -t 0 ]]; then terminal+=(--tty); fi
  run() { docker exec "${terminal[@]}" --env "PGOPTIONS=$options" --user postgres chemtrack-db psql --dbname chemtrack "$@"; }
else
  # A port file stays behind when the processes end without local_go.sh --stop, so the port is asked, too.
  if ! port=$(cat .local/run/db.port 2>/dev/null) || ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "The database of this machine does not run: start it with ./local_go.sh." >&2
    exit 1
  fi
  # shellcheck source=/dev/null
  . .local/secrets
  psql=$(.local/venv/bin/python -c 'from local import postgres; print(postgres.find_binaries() / "psql")')
  run() {
    PGHOST=127.0.0.1 PGPORT=$port PGUSER=postgres PGPASSWORD=$CHEMTRACK_POSTGRES_PASSWORD PGDATABASE=chemtrack \
      PGOPTIONS=$options "$psql" "$@"
  }
fi

if [[ -n $lab ]]; then
  number=$(echo "SELECT id FROM control.labs WHERE slug = :'lab'" | run --no-psqlrc --tuples-only --no-align --set "lab=$lab")
  [[ -n $number ]] || { echo "There is no lab $lab." >&2; exit 1; }
  options="-c role=chemuser -c app.lab_id=$number"
fi
run "$@"
