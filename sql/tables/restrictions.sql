CREATE TABLE IF NOT EXISTS inventory.restrictions (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  chemical_id   bigint NOT NULL,
  is_restricted boolean NOT NULL,
  changed_at    timestamptz NOT NULL DEFAULT control.clock(),
  PRIMARY KEY (lab_id, chemical_id),
  FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE RESTRICT
);
CREATE TABLE IF NOT EXISTS inventory.restricted_members (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  chemical_id bigint NOT NULL,
  user_id     bigint NOT NULL,
  PRIMARY KEY (lab_id, chemical_id, user_id),
  FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.restrictions (lab_id, chemical_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, user_id) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
COMMENT ON TABLE inventory.restrictions IS 'Chemicals of which only named members take, and say what for. A row stays when the restriction is lifted.';
COMMENT ON TABLE inventory.restricted_members IS 'Who may take from a restricted chemical.';
