CREATE OR REPLACE FUNCTION control.make_administrator(of_username text) RETURNS bigint
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who bigint;
BEGIN
  INSERT INTO control.users (username, name) VALUES (of_username, of_username)
  ON CONFLICT (username) WHERE retired_at IS NULL DO NOTHING;
  SELECT u.id INTO who FROM control.users u WHERE u.username = of_username AND u.retired_at IS NULL;
  INSERT INTO control.administrators (user_id) VALUES (who) ON CONFLICT DO NOTHING;
  RETURN who;
END $$;
COMMENT ON FUNCTION control.make_administrator(text) IS 'For a DBA: makes the owner of a login an administrator, the first one above all.';
