-- Prints, for the new server of a move by logical replication, which copies no sequence, where each of ChemTrack's stands. Run by a
-- superuser on the old server when nobody writes any more:  psql -AtX -f sql/maintenance/sequences.sql | psql -h NEW …
SELECT format('SELECT setval(%L, %s);', format('%I.%I', s.schemaname, s.sequencename), s.last_value)
  FROM pg_sequences s WHERE s.schemaname IN ('control', 'inventory', 'reference') AND s.last_value IS NOT NULL;
