CREATE TABLE IF NOT EXISTS inventory.import_rows (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  import_id    bigint NOT NULL,
  row_number   int NOT NULL,
  key          text COLLATE "C" NOT NULL,
  state        text NOT NULL,
  record       jsonb NOT NULL,
  problems     jsonb NOT NULL DEFAULT '[]',
  container_id bigint,
  PRIMARY KEY (lab_id, import_id, row_number),
  FOREIGN KEY (lab_id, import_id) REFERENCES inventory.imports (lab_id, id) ON DELETE CASCADE,
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT,
  CONSTRAINT import_rows_state_is_one CHECK (state IN ('ready', 'question', 'joined', 'refused', 'loaded', 'present'))
);
SELECT 'ALTER TABLE inventory.import_rows ADD COLUMN chemical_id bigint,
          ADD CONSTRAINT import_rows_chemical_exists FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE RESTRICT NOT VALID,
          DROP CONSTRAINT IF EXISTS import_rows_state_is_known, DROP CONSTRAINT IF EXISTS import_rows_state_is_one,
          ADD CONSTRAINT import_rows_state_is_one CHECK (state IN (''ready'', ''question'', ''joined'', ''refused'', ''loaded'', ''present''))',
       'DO $$ BEGIN PERFORM control.validate_constraint(''inventory.import_rows'', ''import_rows_chemical_exists''); END $$'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.import_rows'::regclass AND attname = 'chemical_id') \gexec
SELECT 'CREATE INDEX import_rows_by_state ON inventory.import_rows (lab_id, import_id, state, row_number)'
 WHERE to_regclass('inventory.import_rows_by_state') IS NULL \gexec
COMMENT ON TABLE inventory.import_rows IS 'The preview of a spreadsheet, row by row: what it would become and what is wrong with it.';
COMMENT ON COLUMN inventory.import_rows.row_number IS 'The number of the row in its spreadsheet, where row 1 may be the head.';
COMMENT ON COLUMN inventory.import_rows.key IS 'Barcode, else the row''s fingerprint: becomes containers.import_key, with #2, #3 … for further containers of the row.';
COMMENT ON COLUMN inventory.import_rows.state IS 'ready; question: loaded only if somebody says yes; joined: only repeats another row, and shares what becomes of that; refused: never loaded; loaded: made a container or a chemical; present: what it would make was there already.';
COMMENT ON COLUMN inventory.import_rows.record IS 'chemical and container as columns of those tables, count (0: the chemical alone), location_path, joined_to; cells as the file has them.';
COMMENT ON COLUMN inventory.import_rows.container_id IS 'The first container that the row made, or the one that it would make and that was there already.';
