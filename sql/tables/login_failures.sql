CREATE TABLE IF NOT EXISTS control.login_failures (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username  text COLLATE "C" NOT NULL,
  address   text COLLATE "C" NOT NULL,
  failed_at timestamptz NOT NULL DEFAULT now()
);
SELECT 'CREATE INDEX login_failures_by_username ON control.login_failures (username, failed_at)'
 WHERE to_regclass('control.login_failures_by_username') IS NULL \gexec
SELECT 'CREATE INDEX login_failures_by_address ON control.login_failures (address, failed_at)'
 WHERE to_regclass('control.login_failures_by_address') IS NULL \gexec
COMMENT ON TABLE control.login_failures IS
  'Failed sign-ins of the last hour, which slow the next try down. A try is noted before its password is compared, and deleted when the password was right.';
COMMENT ON COLUMN control.login_failures.address IS
  'Where the try came from: a network (192.0.2.0/24, 2001:db8::/64), or device:… for a browser in which this user signed in before.';
