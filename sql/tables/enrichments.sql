CREATE TABLE IF NOT EXISTS inventory.enrichments (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id        bigint GENERATED ALWAYS AS IDENTITY,
  filled    jsonb NOT NULL DEFAULT '{}' CONSTRAINT enrichments_filled_is_an_object CHECK (jsonb_typeof(filled) = 'object'),
  made_at   timestamptz NOT NULL DEFAULT control.clock(),
  made_by   bigint NOT NULL DEFAULT control.user_id(),
  undone_at timestamptz,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
COMMENT ON TABLE inventory.enrichments IS 'Acts that filled empty fields of many chemicals from the reference.';
COMMENT ON COLUMN inventory.enrichments.filled IS 'By the id of each chemical the columns that were filled, with the values that they got.';
