#!/usr/bin/env bash
# Makes a database of a folder of backup.sh. Run by the database's owner, who need not be a superuser, on a new, empty database;
# libpq's variables say where (PGHOST, PGDATABASE, PGUSER …).
#
#   createdb chemtrack
#   sql/maintenance/restore.sh FOLDER
#
# Roles are made where they are missing. At the end apply.sql of this release runs, so an older backup is brought up to date.
# All or nothing but for the roles and apply.sql.
set -euo pipefail
if [[ $# != 1 ]]; then sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; fi
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."

run() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$@" >/dev/null; }
there=$(psql --no-psqlrc --quiet --tuples-only --no-align --command "SELECT to_regclass('control.labs')")
if [[ -n $there ]]; then echo "This database holds a ChemTrack already: restore into a new one." >&2; exit 1; fi
shopt -s nullglob
run --file roles.sql
{
  echo 'BEGIN;'
  # roles.sql made these schemas; the backup makes them itself.
  echo 'DROP SCHEMA control, inventory, reference;'
  cat "$folder/1-tables.sql" "$folder/2-control.sql"
  for file in "$folder"/lab-*.sql; do cat "$file"; done
  cat "$folder/3-keys-and-policies.sql"
  echo 'COMMIT;'
} | run
run --file apply.sql
run <<<"SELECT format('ANALYZE %s', oid::regclass) FROM pg_class WHERE relkind = 'r' AND relnamespace IN ('control'::regnamespace, 'inventory'::regnamespace, 'reference'::regnamespace) \gexec"
echo "Restored. Give chemuser and chemadmin their passwords (\\password), then prove it: psql -f sql/tests/all.sql"
