-- Fills the reference schema: usual lab chemicals with their hazards, the texts of H and P statements and, where a file
-- of write_substances.py is given, some 76,000 more substances. Run by the database's owner:
--
--   psql -v ON_ERROR_STOP=1 -f sql/reference/load.sql
--   psql -v ON_ERROR_STOP=1 -v substances=substances.tsv -f sql/reference/load.sql
--
-- Re-runnable: a second run changes nothing. What we wrote ourselves wins over the file; without a file, what an earlier one
-- brought stays. With -v digest=TEXT it does nothing where that digest was loaded last.
\set ON_ERROR_STOP 1
\set QUIET 1
\if :{?digest}
\else
  \set digest ''
\endif
SELECT EXISTS (SELECT FROM reference.loads WHERE digest = :'digest') AS loaded \gset
\if :loaded
\else
BEGIN;
SET LOCAL lock_timeout = '2s';
CREATE TEMPORARY TABLE wanted (LIKE reference.substances INCLUDING DEFAULTS, PRIMARY KEY (cas_number)) ON COMMIT DROP;
CREATE TEMPORARY TABLE wanted_names (LIKE reference.substance_names, PRIMARY KEY (cas_number, name)) ON COMMIT DROP;
\if :{?substances}
  \ir package.sql
\else
  INSERT INTO wanted SELECT * FROM reference.substances;
  -- Substances that release 1.0 loaded have no rank yet: they come after all others.
  UPDATE wanted AS w SET rank = r.rank
    FROM (SELECT cas_number, 1000000 + row_number() OVER (ORDER BY cas_number) AS rank FROM wanted WHERE rank IS NULL) AS r WHERE r.cas_number = w.cas_number;
  INSERT INTO wanted_names SELECT * FROM reference.substance_names;
\endif
\ir substances.sql
\ir bench_names.sql
\ir sources.sql
\ir names_and_words.sql
\ir hazard_classifications.sql
\ir hazard_statements.sql
DELETE FROM reference.loads;
INSERT INTO reference.loads (digest) SELECT :'digest' WHERE :'digest' <> '';
COMMIT;
\endif
