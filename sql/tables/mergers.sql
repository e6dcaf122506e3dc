CREATE TABLE IF NOT EXISTS inventory.mergers (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id         bigint GENERATED ALWAYS AS IDENTITY,
  kept_id    bigint NOT NULL,
  merged_id  bigint NOT NULL,
  containers bigint[] NOT NULL DEFAULT '{}',
  synonyms   text[] NOT NULL DEFAULT '{}',
  made_at    timestamptz NOT NULL DEFAULT control.clock(),
  made_by    bigint NOT NULL DEFAULT control.user_id(),
  undone_at  timestamptz,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, kept_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, merged_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
COMMENT ON TABLE inventory.mergers IS 'Two entries of one substance became one: merged_id is retired, its containers and names are those of kept_id.';
COMMENT ON COLUMN inventory.mergers.containers IS 'The containers that moved, those disposed of too.';
COMMENT ON COLUMN inventory.mergers.synonyms IS 'The names that kept_id got.';
