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

CREATE OR REPLACE FUNCTION control.remove_administrator(of_username text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Two administrators who remove each other at the same moment wait for each other here; the second one is refused.
  PERFORM pg_advisory_xact_lock(hashtextextended('administrators', 0));
  DELETE FROM control.administrators a USING control.users u WHERE u.id = a.user_id AND u.username = of_username AND u.retired_at IS NULL;
  IF found AND NOT EXISTS (SELECT FROM control.administrators) THEN
    RAISE EXCEPTION 'no administrator would remain' USING ERRCODE = '23514', CONSTRAINT = 'administrators_one_remains';
  END IF;
END $$;
COMMENT ON FUNCTION control.remove_administrator(text) IS 'Takes administration from a user, where there is another administrator; raises 23514 where there is none.';
