CREATE TABLE IF NOT EXISTS control.login_failures (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username  text COLLATE "C" NOT NULL,
  address   text COLLATE "C" NOT NULL,
  failed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS login_failures_by_username ON control.login_failures (username, failed_at);
CREATE INDEX IF NOT EXISTS login_failures_by_address ON control.login_failures (address, failed_at);
COMMENT ON TABLE control.login_failures IS 'Failed sign-ins of the last hour, per user name and per address: they slow the next one down.';
