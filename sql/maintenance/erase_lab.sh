#!/usr/bin/env bash
# Erases one lab: every row of it, for good. The lab must be archived, and a folder of export_lab.sh must hold its rows as they are now.
# Run by the database's owner; libpq's variables say where (PGHOST, PGDATABASE, PGUSER …).
#
#   sql/maintenance/erase_lab.sh NUMBER SLUG FOLDER        for example: 2 hodgkin exports/hodgkin
#
# The number and the slug must be of the same lab. All or nothing; at the end prove_erased.sql shows that nothing is left.
set -euo pipefail
if [[ $# != 3 || ! $1 =~ ^[0-9]+$ ]]; then sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; fi
number=$1 slug=$2 folder=$(cd "$3" && pwd)
cd "$(dirname "$0")"

run() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --set "number=$number" --set "slug=$slug" "$@"; }
{
  echo 'BEGIN;'
  echo '\ir manifest.sql'
  printf "\\\\copy pg_temp.manifest FROM '%s' WITH (FORMAT csv, HEADER MATCH)\n" "${folder//\'/\'\'}/manifest.csv"
  echo '\ir erase_lab.sql'
  echo 'COMMIT;'
} | run
# Deleted rows stay in the server's files until VACUUM, and in the planner's statistics until ANALYZE.
run <<<"SELECT format('VACUUM (ANALYZE) %s', string_agg(name, ', ')) FROM control.tables_of_a_lab() \gexec"
run --file prove_erased.sql
