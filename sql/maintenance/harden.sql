-- Closes what only a superuser can close. On a server of one's own, once in ChemTrack's database; RDS gives nobody these rights:
--
--   psql -U postgres -d chemtrack -f sql/maintenance/harden.sql
--
-- chemuser's sessions can then not end each other, nor leave large objects. DBAs still end a session: SELECT pg_terminate_backend(…).
\set ON_ERROR_STOP 1
REVOKE EXECUTE ON FUNCTION pg_cancel_backend(int), pg_terminate_backend(int, bigint),
  lo_creat(int), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_cancel_backend(int), pg_terminate_backend(int, bigint) TO chemowner, chem_dba, pg_signal_backend;
-- No value of a statement reaches the server's log, nor DETAIL, which quotes whole rows.
ALTER ROLE chemuser SET log_parameter_max_length = 0;
ALTER ROLE chemuser SET log_error_verbosity = terse;
ALTER ROLE chemadmin SET log_parameter_max_length = 0;
ALTER ROLE chemadmin SET log_error_verbosity = terse;
-- Limits how much one query writes to temporary files; only a superuser can lift the limit.
ALTER ROLE chemuser SET temp_file_limit = '2GB';
