CREATE TABLE IF NOT EXISTS inventory.import_rows (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  import_id    bigint NOT NULL,
  row_number   int NOT NULL,
  key          text COLLATE "C" NOT NULL,
  state        text NOT NULL CONSTRAINT import_rows_state_is_known CHECK (state IN ('ready', 'question', 'refused', 'loaded', 'present')),
  record       jsonb NOT NULL,
  problems     jsonb NOT NULL DEFAULT '[]',
  container_id bigint,
  PRIMARY KEY (lab_id, import_id, row_number),
  FOREIGN KEY (lab_id, import_id) REFERENCES inventory.imports (lab_id, id) ON DELETE CASCADE,
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT
);
SELECT 'CREATE INDEX import_rows_by_state ON inventory.import_rows (lab_id, import_id, state, row_number)'
 WHERE to_regclass('inventory.import_rows_by_state') IS NULL \gexec
COMMENT ON TABLE inventory.import_rows IS 'The preview of a spreadsheet, row by row: what it would become and what is wrong with it.';
COMMENT ON COLUMN inventory.import_rows.row_number IS 'As the spreadsheet numbers it, from 1, head included.';
COMMENT ON COLUMN inventory.import_rows.key IS 'Barcode, else the row''s fingerprint: becomes containers.import_key.';
COMMENT ON COLUMN inventory.import_rows.state IS 'ready and question can be loaded; refused never; loaded: made a container; present: a container of this key was there already.';
