-- The end of every script: the plan, and an error when something failed.
\echo 1..:ran
SELECT :failed > 0 AS bad \gset
\if :bad
DO $$ BEGIN RAISE EXCEPTION 'labs are not kept apart: see the lines that begin with "not ok"'; END $$;
\endif
