CREATE TABLE IF NOT EXISTS inventory.label_settings (
  lab_id int PRIMARY KEY DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  sheet  text NOT NULL CONSTRAINT label_settings_sheet_is_short CHECK (length(sheet) <= 40),
  fields text[] NOT NULL CONSTRAINT label_settings_fields_are_few CHECK (cardinality(fields) <= 20)
);
COMMENT ON TABLE inventory.label_settings IS 'The paper and the fields of a lab''s labels. A lab without a row has those that ChemTrack proposes.';
COMMENT ON COLUMN inventory.label_settings.sheet IS 'Name of a sheet or roll of the API (api/labels).';
COMMENT ON COLUMN inventory.label_settings.fields IS 'Names of fields of the API (api/labels) beside name, barcode and hazards, which stand on each label.';
