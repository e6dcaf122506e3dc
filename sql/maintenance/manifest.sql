-- Makes the temporary table for manifest.csv of a lab's export, and keeps the number and slug that were given.
SET LOCAL timezone = 'UTC';
SET LOCAL client_min_messages = warning;
SELECT set_config('chemtrack.number', :'number', true), set_config('chemtrack.slug', :'slug', true) \g /dev/null
CREATE TEMPORARY TABLE manifest (name text PRIMARY KEY, columns text NOT NULL, rows bigint NOT NULL, digest text NOT NULL) ON COMMIT DROP;
