CREATE TABLE IF NOT EXISTS control.provider_logins (
  user_id bigint PRIMARY KEY REFERENCES control.users ON DELETE CASCADE,
  issuer  text COLLATE "C" NOT NULL CONSTRAINT provider_logins_issuer_is_bounded CHECK (length(issuer) BETWEEN 1 AND 500),
  subject text COLLATE "C" NOT NULL CONSTRAINT provider_logins_subject_is_bounded CHECK (length(subject) BETWEEN 1 AND 255),
  made_at timestamptz NOT NULL DEFAULT now()
);
SELECT 'ALTER TABLE control.sessions ADD COLUMN provider_session text COLLATE "C"'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'provider_session') \gexec
COMMENT ON TABLE control.provider_logins IS
  'Who a user is at the identity provider. Noted at their first single sign-on: a name that the provider later gives to somebody else does not open this login.';
COMMENT ON COLUMN control.provider_logins.issuer IS 'The provider''s own name for itself, an address (OpenID Connect''s iss).';
COMMENT ON COLUMN control.provider_logins.subject IS 'The provider''s unchanging name of the person (OpenID Connect''s sub).';
COMMENT ON COLUMN control.sessions.provider_session IS
  'Of a session that the identity provider let begin, the provider''s own name of its session (sid), empty where it named none; NULL: begun with a password.';
