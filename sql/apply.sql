-- Makes or updates ChemTrack's database. Run by the database's owner, a non-superuser with CREATEROLE is enough:
--
--   psql -v ON_ERROR_STOP=1 -f sql/apply.sql
--
-- One transaction, re-runnable: a second run changes nothing and takes no exclusive lock on a table.
\set ON_ERROR_STOP 1
\set QUIET 1
SET client_min_messages = warning;
BEGIN;
SET LOCAL lock_timeout = '2s';

\ir roles.sql
SET LOCAL ROLE chemowner;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- control: labs, who belongs to them, who is signed in
\ir tables/labs.sql
\ir tables/users.sql
\ir tables/members.sql
\ir tables/administrators.sql
\ir tables/sessions.sql
\ir tables/login_failures.sql
\ir tables/refused_tries.sql
\ir tables/login_directory.sql
\ir tables/second_factors.sql
\ir tables/provider_logins.sql
\ir tables/events.sql
\ir functions/tenancy.sql
\ir functions/versions.sql
\ir functions/maintenance.sql
\ir functions/schema_version.sql

-- reference: the same for all labs, read-only
\ir tables/units.sql
\ir tables/substances.sql
\ir tables/classifications.sql
\ir functions/quantities.sql

-- inventory: every table has lab_id
\ir functions/folding.sql
\ir tables/locations.sql
\ir tables/chemicals.sql
\ir tables/chemical_words.sql
\ir tables/structures.sql
\ir tables/deliveries.sql
\ir tables/containers.sql
\ir tables/container_words.sql
\ir tables/container_numbers.sql
\ir tables/product_codes.sql
\ir tables/label_settings.sql
\ir tables/enrichments.sql
\ir tables/mergers.sql
\ir tables/stocktakes.sql
\ir tables/stocktake_counts.sql
\ir tables/movements.sql
\ir tables/transfers.sql
\ir tables/disposals.sql
\ir tables/check_out_rules.sql
\ir tables/peroxide_tests.sql
\ir tables/imports.sql
\ir tables/import_rows.sql
\ir tables/requests.sql
\ir tables/list_columns.sql
\ir tables/saved_searches.sql

\ir functions/words.sql
\ir functions/substances.sql
\ir functions/stocktaking.sql
\ir functions/weighing.sql
\ir functions/peroxides.sql
\ir triggers/events.sql
\ir triggers/classifications.sql
\ir triggers/locations.sql
\ir triggers/chemicals.sql
\ir triggers/containers.sql
\ir triggers/movements.sql
\ir triggers/stocktakes.sql
\ir triggers/stocktake_counts.sql
\ir triggers/imports.sql
\ir triggers/disposals.sql
\ir triggers/check_out_rules.sql
\ir triggers/enrichments.sql

\ir views/peroxide_formers.sql
\ir views/stock.sql
\ir views/history.sql
\ir views/location_tree.sql
\ir views/location_contents.sql
\ir views/stocktake_lines.sql
\ir views/check_outs.sql
\ir views/low_stock.sql
\ir views/transfers_that_hold.sql

\ir functions/scanning.sql
\ir functions/barcodes.sql
\ir functions/product_codes.sql
\ir functions/json.sql
\ir functions/posting.sql
\ir functions/holding.sql
\ir functions/undoing.sql
\ir functions/receiving.sql
\ir functions/enriching.sql
\ir functions/adopting.sql
\ir functions/merging.sql
\ir functions/disposing.sql
\ir functions/taking_back.sql
\ir functions/comparing.sql
\ir functions/taking_over.sql
\ir functions/importing.sql
\ir functions/administration.sql
\ir functions/signing_in.sql
\ir functions/second_factors.sql
\ir functions/tokens.sql
\ir functions/service_accounts.sql
\ir functions/catalogue.sql

\ir policies/schemas.sql
\ir policies/labs.sql
\ir policies/users.sql
\ir policies/members.sql
\ir policies/administrators.sql
\ir policies/sessions.sql
\ir policies/login_failures.sql
\ir policies/refused_tries.sql
\ir policies/login_directory.sql
\ir policies/second_factors.sql
\ir policies/provider_logins.sql
\ir policies/events.sql
\ir policies/reference.sql
\ir policies/classifications.sql
\ir policies/locations.sql
\ir policies/chemicals.sql
\ir policies/chemical_words.sql
\ir policies/structures.sql
\ir policies/deliveries.sql
\ir policies/containers.sql
\ir policies/container_words.sql
\ir policies/container_numbers.sql
\ir policies/product_codes.sql
\ir policies/label_settings.sql
\ir policies/enrichments.sql
\ir policies/mergers.sql
\ir policies/stocktakes.sql
\ir policies/stocktake_counts.sql
\ir policies/movements.sql
\ir policies/transfers.sql
\ir policies/disposals.sql
\ir policies/check_out_rules.sql
\ir policies/peroxide_tests.sql
\ir policies/imports.sql
\ir policies/import_rows.sql
\ir policies/requests.sql
\ir policies/list_columns.sql
\ir policies/saved_searches.sql
\ir policies/statistics.sql
\ir policies/functions.sql
COMMIT;
