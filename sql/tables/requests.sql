CREATE TABLE IF NOT EXISTS inventory.requests (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  user_id     bigint NOT NULL DEFAULT control.user_id(),
  key         text COLLATE "C" NOT NULL,
  fingerprint bytea NOT NULL,
  answer      jsonb,
  made_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT requests_key_is_used_once PRIMARY KEY (lab_id, user_id, key),
  FOREIGN KEY (lab_id, user_id) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
SELECT 'CREATE INDEX requests_by_time ON inventory.requests (lab_id, user_id, made_at)'
 WHERE to_regclass('inventory.requests_by_time') IS NULL \gexec
COMMENT ON TABLE inventory.requests IS 'Idempotency-Keys, claimed in the transaction that they protect: a double click or a retry moves stock once. Kept for a day.';
COMMENT ON COLUMN inventory.requests.fingerprint IS 'SHA-256 of method, path and body: a key used again for something else is refused.';
COMMENT ON COLUMN inventory.requests.answer IS 'What was answered, given again on a retry.';
