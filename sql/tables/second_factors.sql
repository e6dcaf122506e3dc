CREATE TABLE IF NOT EXISTS control.second_factors (
  user_id        bigint PRIMARY KEY REFERENCES control.users ON DELETE CASCADE,
  made_at        timestamptz NOT NULL DEFAULT now(),
  last_step      bigint NOT NULL,
  recovery_codes bytea[] NOT NULL DEFAULT '{}',
  reset_at       timestamptz
);
SELECT 'ALTER TABLE control.sessions ADD COLUMN second_factor boolean NOT NULL DEFAULT false'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'second_factor') \gexec
COMMENT ON TABLE control.second_factors IS
  'What was used up of a user''s second factor. The key of their authenticator app is kept with the login in Secrets Manager, which alone decides whether a code is asked for.';
COMMENT ON COLUMN control.second_factors.last_step IS 'The step of 30 seconds whose code was used last: a code counts once, in all processes of the API together.';
COMMENT ON COLUMN control.second_factors.recovery_codes IS 'SHA-256 of the recovery codes that are left; each counts once. They are random, 120 bits, so a plain hash suffices.';
COMMENT ON COLUMN control.second_factors.reset_at IS 'When an administrator took the second factor away, until the user sets another one up; the sign-in tells them.';
COMMENT ON COLUMN control.sessions.second_factor IS 'The session''s user gave a code of their second factor, or set it up in this session.';
