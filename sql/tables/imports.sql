CREATE TABLE IF NOT EXISTS inventory.imports (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  file_name    text NOT NULL CONSTRAINT imports_file_name_is_short CHECK (length(file_name) BETWEEN 1 AND 200),
  content      bytea,
  reading      jsonb NOT NULL DEFAULT '{}',
  made_at      timestamptz NOT NULL DEFAULT control.clock(),
  made_by      bigint NOT NULL DEFAULT control.user_id(),
  committed_at timestamptz,
  committed_by bigint,
  cancelled_at timestamptz,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, committed_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
COMMENT ON TABLE inventory.imports IS 'Spreadsheets that were uploaded to be imported.';
COMMENT ON COLUMN inventory.imports.content IS 'The file, until the import is cancelled. Of those that were committed the latest are kept: inventory.forget_old_files.';
COMMENT ON COLUMN inventory.imports.reading IS 'How the file is read: sheet, head row, which column is what, choices, and the summary of the preview; then the outcome, when loading began (chemicals and locations of the import have that time), and what became of it when it was taken back.';
SELECT 'ALTER TABLE inventory.chemicals ADD CONSTRAINT chemicals_hazards_import_exists FOREIGN KEY (lab_id, hazards_import_id)
          REFERENCES inventory.imports (lab_id, id) ON DELETE RESTRICT NOT VALID',
       'DO $$ BEGIN PERFORM control.validate_constraint(''inventory.chemicals'', ''chemicals_hazards_import_exists''); END $$'
 WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'inventory.chemicals'::regclass AND conname = 'chemicals_hazards_import_exists') \gexec
