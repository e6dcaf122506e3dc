CREATE TABLE IF NOT EXISTS control.sessions (
  token_hash bytea PRIMARY KEY,
  user_id    bigint NOT NULL REFERENCES control.users ON DELETE CASCADE,
  made_at    timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
SELECT 'CREATE INDEX sessions_by_user ON control.sessions (user_id)'
 WHERE to_regclass('control.sessions_by_user') IS NULL \gexec
SELECT 'CREATE INDEX sessions_by_expiry ON control.sessions (expires_at)'
 WHERE to_regclass('control.sessions_by_expiry') IS NULL \gexec
COMMENT ON TABLE control.sessions IS 'Who is signed in. Issued by chemadmin''s connection alone.';
COMMENT ON COLUMN control.sessions.token_hash IS
  'SHA-256 of the SHA-256 of the token: the API sends the inner hash, so neither the token nor what opens a lab is stored.';
