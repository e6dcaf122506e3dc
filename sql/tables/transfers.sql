CREATE TABLE IF NOT EXISTS inventory.transfers (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id               bigint GENERATED ALWAYS AS IDENTITY,
  container_id     bigint NOT NULL,
  kind             text NOT NULL CONSTRAINT transfers_kind_is_known CHECK (kind IN ('move', 'take', 'bring_back')),
  from_location_id bigint,
  to_location_id   bigint,
  from_holder_id   bigint,
  to_holder_id     bigint,
  made_at          timestamptz NOT NULL,
  made_by          bigint NOT NULL,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, from_location_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, to_location_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, from_holder_id) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, to_holder_id) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
SELECT 'ALTER TABLE inventory.transfers ADD COLUMN before jsonb, ADD COLUMN undoes_id bigint,
          ADD CONSTRAINT transfers_undoes_a_transfer FOREIGN KEY (lab_id, undoes_id) REFERENCES inventory.transfers (lab_id, id) ON DELETE RESTRICT NOT VALID',
       'DO $$ BEGIN PERFORM control.validate_constraint(''inventory.transfers'', ''transfers_undoes_a_transfer''); END $$'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.transfers'::regclass AND attname = 'undoes_id') \gexec
SELECT 'CREATE INDEX transfers_by_container ON inventory.transfers (lab_id, container_id)'
 WHERE to_regclass('inventory.transfers_by_container') IS NULL \gexec
SELECT 'CREATE INDEX transfers_by_time ON inventory.transfers (lab_id, made_at, id)'
 WHERE to_regclass('inventory.transfers_by_time') IS NULL \gexec
SELECT 'CREATE INDEX transfers_by_member ON inventory.transfers (lab_id, made_by, made_at)'
 WHERE to_regclass('inventory.transfers_by_member') IS NULL \gexec
SELECT 'CREATE INDEX transfers_by_kind ON inventory.transfers (lab_id, kind, made_at, id)'
 WHERE to_regclass('inventory.transfers_by_kind') IS NULL \gexec
SELECT 'CREATE UNIQUE INDEX transfers_undone_once ON inventory.transfers (lab_id, undoes_id) WHERE undoes_id IS NOT NULL'
 WHERE to_regclass('inventory.transfers_undone_once') IS NULL \gexec
COMMENT ON TABLE inventory.transfers IS 'Where containers went and who had them. Written by a trigger alone, so no change of location or holder escapes it.';
COMMENT ON COLUMN inventory.transfers.before IS 'The values that the transfer changed besides location and holder, as they were before: missing_since, held_since. A value that is left out was NULL.';
COMMENT ON COLUMN inventory.transfers.undoes_id IS 'The transfer that this one takes back.';
