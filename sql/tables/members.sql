CREATE TABLE IF NOT EXISTS control.members (
  lab_id   int NOT NULL REFERENCES control.labs ON DELETE RESTRICT,
  user_id  bigint NOT NULL REFERENCES control.users ON DELETE RESTRICT,
  role     text NOT NULL CONSTRAINT members_role_is_known CHECK (role IN ('viewer', 'member', 'manager')),
  made_at  timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  PRIMARY KEY (lab_id, user_id)
);
SELECT 'CREATE INDEX members_by_user ON control.members (user_id)'
 WHERE to_regclass('control.members_by_user') IS NULL \gexec
COMMENT ON TABLE control.members IS 'Who belongs to which lab, as what. An ended membership stays: the ledger names its user.';
