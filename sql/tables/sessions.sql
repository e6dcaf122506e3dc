CREATE TABLE IF NOT EXISTS control.sessions (
  token_hash bytea PRIMARY KEY,
  user_id    bigint NOT NULL REFERENCES control.users ON DELETE CASCADE,
  made_at    timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_by_user ON control.sessions (user_id);
CREATE INDEX IF NOT EXISTS sessions_by_expiry ON control.sessions (expires_at);
COMMENT ON TABLE control.sessions IS 'Who is signed in. Issued by chemadmin''s connection alone.';
COMMENT ON COLUMN control.sessions.token_hash IS
  'SHA-256 of the SHA-256 of the token: the API sends the inner hash, so neither the token nor what opens a lab is stored.';
