CREATE TABLE IF NOT EXISTS inventory.stocktakes (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  location_id  bigint,
  started_at   timestamptz NOT NULL DEFAULT control.clock(),
  started_by   bigint NOT NULL DEFAULT control.user_id(),
  posted_at    timestamptz,
  posted_by    bigint,
  cancelled_at timestamptz,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, location_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, started_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, posted_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
SELECT 'ALTER TABLE inventory.stocktakes ADD COLUMN outcome jsonb'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.stocktakes'::regclass AND attname = 'outcome') \gexec
SELECT 'CREATE UNIQUE INDEX stocktakes_one_is_open_here ON inventory.stocktakes (lab_id, location_id) NULLS NOT DISTINCT WHERE posted_at IS NULL AND cancelled_at IS NULL'
 WHERE to_regclass('inventory.stocktakes_one_is_open_here') IS NULL \gexec
COMMENT ON TABLE inventory.stocktakes IS 'Stocktakes: people count what is really there, while others go on using it.';
COMMENT ON COLUMN inventory.stocktakes.location_id IS 'The location, with all below it, that is counted; NULL: the whole lab.';
COMMENT ON COLUMN inventory.stocktakes.outcome IS 'What posting did, as numbers of containers: counts, amounts_changed, off, moved, missing, left_for_recount, uncounted.';
