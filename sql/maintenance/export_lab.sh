#!/usr/bin/env bash
# Writes all that one lab has into a new folder: a CSV file for each table, and manifest.csv with what is in them.
# Run by the database's owner; libpq's variables say where (PGHOST, PGDATABASE, PGUSER …).
#
#   sql/maintenance/export_lab.sh NUMBER SLUG FOLDER      for example: 2 hodgkin exports/hodgkin
#
# The number and the slug must be of the same lab. Reads one moment's rows; nobody waits for it.
set -euo pipefail
if [[ $# != 3 || ! $1 =~ ^[0-9]+$ ]]; then sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; fi
number=$1 slug=$2 folder=$3

run() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --set "number=$number" --set "slug=$slug" "$@"; }
quoted() { printf "'%s'" "${1//\'/\'\'}"; } # for psql's \copy, which knows no variables

tables=$(run --command 'SELECT name, columns, keys, condition FROM control.tables_of_a_lab() ORDER BY place')
umask 077
mkdir -p "$(dirname "$folder")"
if [[ -e $folder ]]; then echo "$folder is there already." >&2; exit 1; fi
part=$(mktemp -d "$folder.XXXXXX") # renamed at the end, so that a folder named $folder is always complete
trap 'rm -rf "$part"' EXIT
{
  cat <<'SQL'
BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT set_config('app.lab_id', control.same_lab(:number, :'slug')::text, true) \g /dev/null
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO';
SQL
  while IFS='|' read -r name columns keys condition; do
    echo "\\copy (SELECT $columns FROM $name WHERE $condition ORDER BY $keys) TO $(quoted "$part/$name.csv") WITH (FORMAT csv, HEADER)"
  done <<<"$tables"
  echo "\\copy (SELECT t.name, t.columns, d.rows, d.digest FROM control.tables_of_a_lab() AS t, control.digest(t.name::regclass, t.digested, t.condition) AS d ORDER BY t.place) TO $(quoted "$part/manifest.csv") WITH (FORMAT csv, HEADER)"
  echo 'COMMIT;'
} | run
mv "$part" "$folder"
echo "Lab $number ($slug) is in $folder: $(awk -F, 'NR > 1 { rows += $(NF - 1) } END { print rows }' "$folder/manifest.csv") rows of $(wc -l <<<"$tables") tables."
