#!/usr/bin/env bash
# Puts one lab back from a folder of export_lab.sh: into the installation that it was erased from, or into another one.
# Run by the database's owner; libpq's variables say where (PGHOST, PGDATABASE, PGUSER …).
#
#   sql/maintenance/restore_lab.sh NUMBER SLUG FOLDER      for example: 2 hodgkin exports/hodgkin
#
# The number and the slug must be those of the lab in the folder. All or nothing. Meanwhile every lab is read as always, and
# whoever writes waits; docs/dba.md says how long, and what becomes of the lab's people.
set -euo pipefail
if [[ $# != 3 || ! $1 =~ ^[0-9]+$ ]]; then sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; fi
number=$1 slug=$2 folder=$(cd "$3" && pwd)
cd "$(dirname "$0")"

load() { # load FILE: psql's \copy knows no variables
  printf "\\\\copy pg_temp.\"%s\" FROM '%s' WITH (FORMAT csv, HEADER MATCH)\n" "$1" "${folder//\'/\'\'}/$1.csv"
}
{
  echo 'BEGIN;'
  echo '\ir manifest.sql'
  load manifest
  echo '\ir staged_tables.sql'
  for file in "$folder"/*.csv; do
    name=$(basename "$file" .csv)
    if [[ $name =~ ^[a-z_]+\.[a-z_]+$ ]]; then load "$name"; fi
  done
  echo '\ir restore_lab.sql'
  echo 'COMMIT;'
  echo "SELECT format('ANALYZE %s', string_agg(name, ', ')) FROM control.tables_of_a_lab() \gexec"
} | psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --set "number=$number" --set "slug=$slug"
