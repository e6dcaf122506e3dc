#!/usr/bin/env bash
# A logical backup of the whole database into a new folder, of one moment, while everybody works. Run by the database's owner, who
# need not be a superuser; libpq's variables say where (PGHOST, PGDATABASE, PGUSER …).
#
#   sql/maintenance/backup.sh FOLDER
#
# Forced row-level security stays as it is, so pg_dump reads the labs one by one: a file lab-2-hodgkin.sql each. All are of one
# snapshot. Passwords are in none: roles are made and given passwords anew. restore.sh makes a database of it.
set -euo pipefail
if [[ $# != 1 ]]; then sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2; exit 2; fi
folder=$1
umask 077
mkdir -p "$(dirname "$folder")"
if [[ -e $folder ]]; then echo "$folder is there already." >&2; exit 1; fi
part=$(mktemp -d "$folder.XXXXXX") # renamed at the end, so that a folder named $folder is always complete
trap 'rm -rf "$part"' EXIT

# One session keeps the snapshot that all the others read.
coproc keeper { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1; }
ask() { echo "$1;" >&"${keeper[1]}"; read -r REPLY <&"${keeper[0]}"; }
echo 'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL ROLE chemowner; SET idle_in_transaction_session_timeout = 0;' >&"${keeper[1]}"
ask 'SELECT pg_export_snapshot()'
snapshot=$REPLY
ask "SELECT string_agg(id || '-' || slug, ' ' ORDER BY id) FROM control.labs"
labs=$REPLY

dump() { pg_dump --role=chemowner --no-password --snapshot="$snapshot" "$@"; }
dump --section=pre-data --file "$part/1-tables.sql"
dump --data-only --schema=control --schema=reference --file "$part/2-control.sql"
for lab in $labs; do
  # pg_dump warns that locations and movements refer to themselves. That does no harm: keys are restored after the rows.
  PGOPTIONS="${PGOPTIONS:-} -c app.lab_id=${lab%%-*}" dump --data-only --schema=inventory --enable-row-security --file "$part/lab-$lab.sql" \
    2> >(grep -vE 'circular foreign-key|^pg_dump: (detail|hint):' >&2)
done
dump --section=post-data --file "$part/3-keys-and-policies.sql"
ask 'SELECT count(*) FROM control.labs'
echo 'COMMIT;' >&"${keeper[1]}"
mv "$part" "$folder"
echo "$REPLY labs are in $folder, $(du -sh "$folder" | cut -f 1)."
