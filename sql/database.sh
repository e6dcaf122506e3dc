#!/usr/bin/env bash
# Brings a database of ChemTrack up to date, by psql alone. libpq's variables say which server and database:
# PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE. In place of PGDATABASE, PGUSER and PGPASSWORD may stand
# CHEMTRACK_DATABASE_URL=postgresql://USER:PASSWORD@/DATABASE, in which signs such as @ and / are written as %40 and %2F.
#
#   sql/database.sh owner   as a superuser, on a server of one's own: makes the login chemtrack_master and its database
#                           chemtrack, as RDS makes them. CHEMTRACK_MASTER_PASSWORD
#   sql/database.sh apply   as the database's owner: applies apply.sql, fills the reference, gives chemuser and chemadmin their passwords.
#                           CHEMTRACK_CHEMUSER_PASSWORD, CHEMTRACK_CHEMADMIN_PASSWORD; CHEMTRACK_SUBSTANCES is the file of
#                           reference/write_substances.py, unless reference/substances.tsv is: without a file, some 200 substances
#   sql/database.sh demo    as the database's owner: the demo labs, if there is no lab yet
#   sql/database.sh administrator USER   as the database's owner: makes the owner of that login an administrator
#
# Each of the four may be repeated: a second time changes nothing.
set -euo pipefail
cd "$(dirname "$0")"
export PGOPTIONS=${PGOPTIONS:-} PGCONNECT_TIMEOUT=${PGCONNECT_TIMEOUT:-10}

if [[ -n ${CHEMTRACK_DATABASE_URL:-} ]]; then # read here, because a program's arguments can be seen by others, and variables cannot
  [[ $CHEMTRACK_DATABASE_URL =~ ^postgres(ql)?://([^:@/]+):([^@/]+)@/([^/?]+)$ ]] || {
    echo "CHEMTRACK_DATABASE_URL is no postgresql://USER:PASSWORD@/DATABASE." >&2 # not quoted: it holds a password
    exit 2
  }
  decoded() { local text=${1//\\/\\\\}; printf '%b' "${text//%/\\x}"; }
  PGUSER=$(decoded "${BASH_REMATCH[2]}") PGPASSWORD=$(decoded "${BASH_REMATCH[3]}") PGDATABASE=$(decoded "${BASH_REMATCH[4]}")
  export PGUSER PGPASSWORD PGDATABASE
fi

run() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$@"; }

set_password() { # set_password ROLE PASSWORD
  # psql's \password hashes the password before it sends it, so that no log of the server ever holds it. \password reads from
  # the terminal where there is one; setsid takes the terminal away, so that it reads the pipe.
  local without_terminal
  without_terminal=$(command -v setsid || true)
  # shellcheck disable=SC2086  # two words, or none where there is no setsid
  printf '%s\n%s\n' "$2" "$2" | ${without_terminal:+$without_terminal --wait} psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --command "\\password $1" 2>&1 |
    { grep -v '^Enter \(new password\|it again\)' >&2 || true; }
}

load_reference() { # only where its files are others than at the last time
  local file=${CHEMTRACK_SUBSTANCES:-reference/substances.tsv} given=()
  if [[ -s $file ]]; then given=(--set "substances=$file"); else file=/dev/null; fi
  run ${given[@]+"${given[@]}"} --set "digest=$(cat reference/*.sql functions/folding.sql functions/words.sql "$file" | cksum)" --file reference/load.sql
}

case ${1:-} in
  owner)
    run --file owner.sql
    set_password chemtrack_master "${CHEMTRACK_MASTER_PASSWORD:?}"
    ;;
  apply)
    run --file apply.sql
    load_reference
    set_password chemuser "${CHEMTRACK_CHEMUSER_PASSWORD:?}"
    set_password chemadmin "${CHEMTRACK_CHEMADMIN_PASSWORD:?}"
    ;;
  demo)
    labs=$(run --tuples-only --no-align --command 'SET ROLE chemowner' --command 'SELECT count(*) FROM control.labs')
    if [[ $labs == 0 ]]; then run --file seed/demo.sql; fi
    ;;
  administrator)
    run --set "user=${2:?}" --output /dev/null <<<"SELECT control.make_administrator(:'user');"
    ;;
  *)
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$(basename "$0")" >&2
    exit 2
    ;;
esac
