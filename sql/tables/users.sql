CREATE TABLE IF NOT EXISTS control.users (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username   text COLLATE "C" NOT NULL
             CONSTRAINT users_username_is_plain CHECK (username ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  name       text NOT NULL
             CONSTRAINT users_name_is_one_line CHECK (name ~ '\S' AND length(name) <= 80 AND name !~ '[[:cntrl:]]'),
  made_at    timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz
);
SELECT 'ALTER TABLE control.users ADD COLUMN signed_in_at timestamptz'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.users'::regclass AND attname = 'signed_in_at') \gexec
SELECT 'ALTER TABLE control.users ADD COLUMN login_seen_at timestamptz'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.users'::regclass AND attname = 'login_seen_at') \gexec
SELECT 'ALTER TABLE control.users ADD COLUMN made_password_until timestamptz'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.users'::regclass AND attname = 'made_password_until') \gexec
-- A service account has a name that no login can have: whoever signs in as "service:…" is refused by this constraint.
SELECT 'ALTER TABLE control.users ADD COLUMN of_lab int REFERENCES control.labs ON DELETE CASCADE'
 WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'control.users'::regclass AND attname = 'of_lab') \gexec
-- Before 1.1 there were no service accounts.
SELECT 'ALTER TABLE control.users DROP CONSTRAINT users_username_is_plain,
        ADD CONSTRAINT users_username_is_plain CHECK (username ~ CASE WHEN of_lab IS NULL THEN ''^[a-z0-9][a-z0-9._@-]{0,63}$'' ELSE ''^service:[a-z0-9-]{1,60}$'' END)'
  FROM pg_constraint WHERE conname = 'users_username_is_plain' AND pg_get_constraintdef(oid) NOT LIKE '%of_lab%' \gexec
SELECT 'CREATE INDEX users_of_a_lab ON control.users (of_lab) WHERE of_lab IS NOT NULL'
 WHERE to_regclass('control.users_of_a_lab') IS NULL \gexec
-- A login that is made under the name of a retired user is a new user. So a user name is unique only among users who are not retired.
SELECT 'CREATE UNIQUE INDEX users_username_is_taken ON control.users (username) WHERE retired_at IS NULL'
 WHERE to_regclass('control.users_username_is_taken') IS NULL \gexec
COMMENT ON TABLE control.users IS 'People, and the service accounts of labs. Passwords are in Secrets Manager, never here.';
COMMENT ON COLUMN control.users.of_lab IS
  'The lab whose service account this is: a program, which nobody can sign in as, that is a member of this lab alone and goes with it. NULL: a person.';
COMMENT ON COLUMN control.users.login_seen_at IS
  'When the user''s login was last found in the secrets of logins. A user whose login was found once and is then missing is retired. NULL: never found, because a DBA made the user before the login.';
COMMENT ON COLUMN control.users.made_password_until IS
  'Until when a password that an administrator made lets its owner in, once, to choose another. NULL: the password is the owner''s own.';
