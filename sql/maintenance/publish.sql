-- The old server of a move by logical replication: publishes ChemTrack's tables, for a login that sees past the policies. Run by a
-- superuser in ChemTrack's database, where wal_level is logical; then \password mover. docs/dba.md has the whole recipe.
\set ON_ERROR_STOP 1
BEGIN;
CREATE PUBLICATION moving FOR TABLES IN SCHEMA control, inventory, reference;
CREATE ROLE mover LOGIN REPLICATION BYPASSRLS;
GRANT USAGE ON SCHEMA control, inventory, reference TO mover;
GRANT SELECT ON ALL TABLES IN SCHEMA control, inventory, reference TO mover;
COMMIT;
