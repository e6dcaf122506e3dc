CREATE TABLE IF NOT EXISTS inventory.container_numbers (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  last_number bigint NOT NULL,
  PRIMARY KEY (lab_id)
);
COMMENT ON TABLE inventory.container_numbers IS 'The last barcode number made in each lab: its own count, so that a barcode tells nothing of other labs.';
