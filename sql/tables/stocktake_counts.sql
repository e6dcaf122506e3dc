CREATE TABLE IF NOT EXISTS inventory.stocktake_counts (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  stocktake_id   bigint NOT NULL,
  container_id   bigint NOT NULL,
  found          boolean NOT NULL,
  counted        numeric CONSTRAINT stocktake_counts_counted_is_not_negative CHECK (counted >= 0 AND counted < 1e12),
  counted_unit   text REFERENCES reference.units ON DELETE RESTRICT,
  expected       numeric,
  location_id    bigint,
  reason         text CONSTRAINT stocktake_counts_reason_is_short CHECK (length(reason) <= 200),
  recount        boolean NOT NULL DEFAULT false,
  counted_at     timestamptz NOT NULL DEFAULT control.clock(),
  counted_by     bigint NOT NULL DEFAULT control.user_id(),
  PRIMARY KEY (lab_id, stocktake_id, container_id),
  FOREIGN KEY (lab_id, stocktake_id) REFERENCES inventory.stocktakes (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, location_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, counted_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT stocktake_counts_only_what_is_found_is_counted CHECK (found OR counted IS NULL),
  CONSTRAINT stocktake_counts_counted_has_a_unit CHECK ((counted IS NULL) = (counted_unit IS NULL))
);
SELECT 'ALTER TABLE inventory.stocktake_counts ADD COLUMN variance numeric'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.stocktake_counts'::regclass AND attname = 'variance') \gexec
SELECT 'CREATE INDEX stocktake_counts_by_container ON inventory.stocktake_counts (lab_id, container_id)'
 WHERE to_regclass('inventory.stocktake_counts_by_container') IS NULL \gexec
COMMENT ON TABLE inventory.stocktake_counts IS 'A row for each container that somebody looked for.';
COMMENT ON COLUMN inventory.stocktake_counts.found IS 'false: looked for and not found.';
COMMENT ON COLUMN inventory.stocktake_counts.counted IS 'What is in the container, in counted_unit. NULL while found is true: it is there, but nobody measured.';
COMMENT ON COLUMN inventory.stocktake_counts.expected IS 'What the ledger said when it was counted, in the container''s unit, by a trigger: posting adds counted − expected, so check-outs in between stay right.';
COMMENT ON COLUMN inventory.stocktake_counts.variance IS 'counted − expected, in the container''s unit, by a trigger. NULL: one of the two is not known.';
COMMENT ON COLUMN inventory.stocktake_counts.location_id IS 'Where it was found, if it belongs elsewhere: posting moves it there.';
COMMENT ON COLUMN inventory.stocktake_counts.recount IS 'The reviewer wants it counted again: left out of the posting until then.';
