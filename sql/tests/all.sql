-- Proves on any server that labs are kept apart. Run by a member of chem_dba, on the database itself:
--
--   psql -v ON_ERROR_STOP=1 -f sql/tests/all.sql
--
-- Prints TAP, ends with exit code 3 when anything fails. Changes nothing: what is tried is rolled back (ids may skip a
-- number). as_chemuser.sql is the script for a login as chemuser itself: what SET ROLE shows a superuser is not what a session of chemuser
-- can do.
\set ON_ERROR_STOP 1
\set QUIET 1
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
SET ROLE chem_dba;
\set ran 0
\set failed 0
\ir catalogue.sql
\ir plans.sql
\ir visibility.sql
\ir writes.sql
\ir ledger.sql
\ir verdict.sql
