CREATE TABLE IF NOT EXISTS inventory.disposals (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  chemical_id  bigint NOT NULL,
  container_id bigint,
  reason       text NOT NULL CONSTRAINT disposals_reason_is_said CHECK (reason ~ '\S' AND length(reason) <= 500),
  marked_at    timestamptz NOT NULL DEFAULT control.clock(),
  marked_by    bigint NOT NULL DEFAULT control.user_id(),
  outcome      text CONSTRAINT disposals_outcome_is_known CHECK (outcome IN ('disposed', 'kept')),
  decided_at   timestamptz,
  decided_by   bigint,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, marked_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, decided_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT disposals_decision_is_whole CHECK ((outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by IS NULL))
);
SELECT 'CREATE UNIQUE INDEX disposals_marked_once ON inventory.disposals (lab_id, chemical_id, container_id) NULLS NOT DISTINCT WHERE outcome IS NULL'
 WHERE to_regclass('inventory.disposals_marked_once') IS NULL \gexec
SELECT 'CREATE INDEX disposals_by_container ON inventory.disposals (lab_id, container_id) WHERE outcome IS NULL'
 WHERE to_regclass('inventory.disposals_by_container') IS NULL \gexec
COMMENT ON TABLE inventory.disposals IS 'Marked for deletion: who, when, why; then confirmed or taken back by a manager. Nothing is erased.';
COMMENT ON COLUMN inventory.disposals.container_id IS 'The container that is marked; NULL: the whole chemical with all its containers.';
