CREATE TABLE IF NOT EXISTS inventory.locations (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id                bigint GENERATED ALWAYS AS IDENTITY,
  parent_id         bigint,
  kind              text NOT NULL CONSTRAINT locations_kind_is_known CHECK (kind IN ('building', 'room', 'storage', 'shelf')),
  name              text NOT NULL
                    CONSTRAINT locations_name_is_one_line CHECK (name ~ '\S' AND length(name) <= 80 AND name !~ '[[:cntrl:]]'),
  name_folded       text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
  path              text COLLATE "C" NOT NULL DEFAULT '',
  full_name         text NOT NULL DEFAULT '',
  count_period_days int CONSTRAINT locations_count_period_is_positive CHECK (count_period_days BETWEEN 1 AND 3660),
  last_counted_at   timestamptz,
  made_at           timestamptz NOT NULL DEFAULT now(),
  archived_at       timestamptz,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, parent_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  CONSTRAINT locations_name_is_taken_here UNIQUE NULLS NOT DISTINCT (lab_id, parent_id, name_folded)
);
-- Databases made before the column full_name_sort get it here.
SELECT 'ALTER TABLE inventory.locations ADD COLUMN full_name_sort text COLLATE "C" NOT NULL GENERATED ALWAYS AS (inventory.in_natural_order(full_name)) STORED'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.locations'::regclass AND attname = 'full_name_sort') \gexec
SELECT 'CREATE INDEX locations_by_path ON inventory.locations (lab_id, path)'
 WHERE to_regclass('inventory.locations_by_path') IS NULL \gexec
COMMENT ON TABLE inventory.locations IS 'Where containers stand: building › room › storage unit › shelf.';
COMMENT ON COLUMN inventory.locations.path IS 'Ids from the root, /1/5/7/: a subtree is one range. Kept by a trigger.';
COMMENT ON COLUMN inventory.locations.full_name IS 'Names from the root, joined by " › ". Kept by a trigger.';
COMMENT ON COLUMN inventory.locations.full_name_sort IS 'The order in which locations are listed: Shelf 2 before Shelf 10.';
COMMENT ON COLUMN inventory.locations.count_period_days IS 'Days between two counts; NULL: never due.';
