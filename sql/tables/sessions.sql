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
SELECT 'ALTER TABLE control.sessions ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'id') \gexec
SELECT 'ALTER TABLE control.sessions ADD COLUMN ends_at timestamptz'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'ends_at') \gexec
SELECT 'ALTER TABLE control.sessions ADD COLUMN idle interval'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'idle') \gexec
SELECT 'ALTER TABLE control.sessions ADD COLUMN address text COLLATE "C" NOT NULL DEFAULT '''''
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'address') \gexec
SELECT 'ALTER TABLE control.sessions ADD COLUMN browser text NOT NULL DEFAULT '''''
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'browser') \gexec
SELECT 'ALTER TABLE control.sessions ADD COLUMN password_first boolean NOT NULL DEFAULT false'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'password_first') \gexec
SELECT 'ALTER TABLE control.sessions ADD COLUMN password_given_at timestamptz NOT NULL DEFAULT now()'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'password_given_at') \gexec
SELECT 'ALTER TABLE control.sessions ADD COLUMN password_given_from text COLLATE "C" NOT NULL DEFAULT '''''
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'password_given_from') \gexec
SELECT 'ALTER TABLE control.sessions ADD COLUMN refused_before jsonb'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'refused_before') \gexec
-- An access token is a session without a browser: these columns are NULL in the session of a browser.
SELECT 'ALTER TABLE control.sessions ADD COLUMN token_name text CONSTRAINT sessions_token_name_is_one_line CHECK (token_name ~ ''\S'' AND length(token_name) <= 80 AND token_name !~ ''[[:cntrl:]]''),
                                     ADD COLUMN token_role text COLLATE "C" CONSTRAINT sessions_token_role_is_known CHECK (token_role IN (''viewer'', ''member'')),
                                     ADD COLUMN token_labs int[],
                                     ADD COLUMN used_at timestamptz, ADD COLUMN used_from text COLLATE "C",
                                     ADD CONSTRAINT sessions_token_is_whole CHECK (num_nulls(token_name, token_role, token_labs) IN (0, 3))'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.sessions'::regclass AND attname = 'token_name') \gexec
COMMENT ON TABLE control.sessions IS 'Who is signed in, and the access tokens of programs. Issued by chemadmin''s connection alone.';
COMMENT ON COLUMN control.sessions.token_hash IS
  'SHA-256 of the SHA-256 of the token: the API sends the inner hash, so neither the token nor what opens a lab is stored.';
COMMENT ON COLUMN control.sessions.id IS 'The number by which its owner''s account page names the session; nobody can sign in with it.';
COMMENT ON COLUMN control.sessions.expires_at IS 'The session is live until then. Each use moves the time on by `idle`, never beyond `ends_at`.';
COMMENT ON COLUMN control.sessions.ends_at IS 'When the session ends even if it is in use; NULL: `expires_at` does not move.';
COMMENT ON COLUMN control.sessions.idle IS 'How long the session stays live without a request.';
COMMENT ON COLUMN control.sessions.address IS 'Where the sign-in came from, as the page saw it.';
COMMENT ON COLUMN control.sessions.browser IS 'The browser''s own words (User-Agent), shortened.';
COMMENT ON COLUMN control.sessions.password_first IS 'Signed in with a password that an administrator made: the session may change that password and nothing else.';
COMMENT ON COLUMN control.sessions.password_given_at IS 'When the user last typed their password, or showed the identity provider who they are: at the sign-in, and before a grave act.';
COMMENT ON COLUMN control.sessions.password_given_from IS 'The network (/24 of IPv4, /64 of IPv6) from which they did; empty: not known.';
COMMENT ON COLUMN control.sessions.refused_before IS
  'Tries to sign in as this user that were refused before this session began, since the session before it: {"tries": 3, "since": …, "addresses": […]}; NULL: none.';
COMMENT ON COLUMN control.sessions.token_name IS 'Of an access token, the name that its owner gave it; NULL: the session of a browser.';
COMMENT ON COLUMN control.sessions.token_role IS 'The most that an access token may do: viewer reads, member reads and writes. Its owner''s own role may be less.';
COMMENT ON COLUMN control.sessions.token_labs IS 'The labs that an access token opens, as long as its owner belongs to them.';
COMMENT ON COLUMN control.sessions.used_at IS 'When an access token last entered a lab, give or take five minutes; NULL: never.';
COMMENT ON COLUMN control.sessions.used_from IS 'The address from which it did.';
