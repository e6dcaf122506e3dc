CREATE TABLE IF NOT EXISTS inventory.list_columns (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  user_id bigint NOT NULL DEFAULT control.user_id(),
  columns text[] NOT NULL CONSTRAINT list_columns_are_few CHECK (cardinality(columns) <= 40 AND length(array_to_string(columns, ',')) <= 1000),
  PRIMARY KEY (lab_id, user_id),
  FOREIGN KEY (lab_id, user_id) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
COMMENT ON TABLE inventory.list_columns IS
  'The columns that a member chose for the list of chemicals. A member without a row sees the usual ones; a viewer, who writes nothing, keeps a choice in the browser.';
COMMENT ON COLUMN inventory.list_columns.columns IS 'Names of orders of the API; empty: the name alone.';
