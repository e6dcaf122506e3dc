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
SELECT 'ALTER TABLE inventory.stocktakes
          ADD COLUMN blind boolean NOT NULL DEFAULT false,
          ADD COLUMN tolerance_percent numeric NOT NULL DEFAULT 5
            CONSTRAINT stocktakes_tolerance_percent_is_a_share CHECK (tolerance_percent >= 0 AND tolerance_percent <= 100),
          ADD COLUMN tolerance_amount numeric NOT NULL DEFAULT 5
            CONSTRAINT stocktakes_tolerance_amount_is_not_negative CHECK (tolerance_amount >= 0 AND tolerance_amount < 1e12),
          ADD COLUMN sample_percent int CONSTRAINT stocktakes_sample_is_a_part CHECK (sample_percent BETWEEN 1 AND 99),
          ADD COLUMN not_counted_days int CONSTRAINT stocktakes_not_counted_days_are_days CHECK (not_counted_days BETWEEN 1 AND 3650),
          ADD COLUMN dangerous_only boolean NOT NULL DEFAULT false'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.stocktakes'::regclass AND attname = 'blind') \gexec
-- Without a default, a stocktake that is started without a tolerance gets the lab's usual tolerance from the trigger set_tolerance.
SELECT format('ALTER TABLE inventory.stocktakes ALTER COLUMN %I DROP DEFAULT', attname)
  FROM pg_attribute
 WHERE attrelid = 'inventory.stocktakes'::regclass AND attname IN ('tolerance_percent', 'tolerance_amount') AND atthasdef \gexec
SELECT 'CREATE UNIQUE INDEX stocktakes_one_is_open_here ON inventory.stocktakes (lab_id, location_id) NULLS NOT DISTINCT WHERE posted_at IS NULL AND cancelled_at IS NULL'
 WHERE to_regclass('inventory.stocktakes_one_is_open_here') IS NULL \gexec
COMMENT ON TABLE inventory.stocktakes IS 'Stocktakes: people count what is really there, while others go on using it.';
COMMENT ON COLUMN inventory.stocktakes.location_id IS 'The location, with all below it, that is counted; NULL: the whole lab.';
COMMENT ON COLUMN inventory.stocktakes.outcome IS 'What posting did, as numbers of containers: counts, amounts_changed, off, moved, missing, left_for_recount, uncounted.';
COMMENT ON COLUMN inventory.stocktakes.blind IS 'Who counts is not shown what is expected, and cannot count anything as expected.';
COMMENT ON COLUMN inventory.stocktakes.tolerance_percent IS 'A counted amount within this share of the expected amount is within tolerance.';
COMMENT ON COLUMN inventory.stocktakes.tolerance_amount IS 'In g or mL: a counted mass or volume that differs by no more than this is within tolerance, too, unless it differs by more than half.';
COMMENT ON COLUMN inventory.stocktakes.sample_percent IS 'About this share of the containers is expected, drawn at random; NULL: all.';
COMMENT ON COLUMN inventory.stocktakes.not_counted_days IS 'Only what was not counted within this many days before the start is expected; NULL: whenever it was counted.';
COMMENT ON COLUMN inventory.stocktakes.dangerous_only IS 'Only containers of chemicals with the signal word Danger, or whose hazards are not known, are expected.';
