-- The second factor of a sign-in, for chemadmin's connection. Each function is one statement, so that two processes of the API that are
-- given the same code at the same moment wait for each other, and one of them is refused.
CREATE OR REPLACE FUNCTION control.use_code(of_username text, step bigint) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  WITH used AS (
    INSERT INTO control.second_factors AS f (user_id, last_step)
    SELECT u.id, step FROM control.users u WHERE u.username = of_username AND u.retired_at IS NULL
    ON CONFLICT (user_id) DO UPDATE SET last_step = excluded.last_step WHERE f.last_step < excluded.last_step
    RETURNING f.user_id)
  SELECT EXISTS (SELECT FROM used)
$$;
COMMENT ON FUNCTION control.use_code(text, bigint) IS
  'Uses up the code of a step of 30 seconds, and with it those of all earlier steps; false: it was used up already.';

CREATE OR REPLACE FUNCTION control.use_recovery_code(of_username text, code bytea) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  WITH used AS (
    UPDATE control.second_factors f SET recovery_codes = array_remove(f.recovery_codes, code)
      FROM control.users u
     WHERE u.id = f.user_id AND u.username = of_username AND u.retired_at IS NULL AND code = ANY (f.recovery_codes)
    RETURNING f.user_id)
  SELECT EXISTS (SELECT FROM used)
$$;
COMMENT ON FUNCTION control.use_recovery_code(text, bytea) IS 'Uses up a recovery code, given as its hash; false: the user has none like this.';

CREATE OR REPLACE FUNCTION control.set_second_factor(of_user bigint, step bigint, codes bytea[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO control.second_factors (user_id, last_step, recovery_codes) VALUES (of_user, step, codes)
  ON CONFLICT (user_id) DO UPDATE
    SET made_at = now(), last_step = excluded.last_step, recovery_codes = excluded.recovery_codes, reset_at = NULL
$$;
COMMENT ON FUNCTION control.set_second_factor(bigint, bigint, bytea[]) IS 'A user set their second factor up, with the code of this step; codes are the hashes of the recovery codes.';

CREATE OR REPLACE FUNCTION control.reset_second_factor(of_username text) RETURNS void
LANGUAGE sql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO control.second_factors (user_id, last_step, reset_at)
  SELECT u.id, 0, now() FROM control.users u WHERE u.username = of_username AND u.retired_at IS NULL
  ON CONFLICT (user_id) DO UPDATE SET recovery_codes = '{}', reset_at = now()
$$;
COMMENT ON FUNCTION control.reset_second_factor(text) IS 'An administrator took the second factor of a user away, who lost their phone.';

CREATE OR REPLACE FUNCTION control.require_second_factor(session text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- An access token was made in a session, by somebody who had given a code, or before one was needed: programs have no phone.
  PERFORM FROM control.sessions s
   WHERE s.token_hash = sha256(decode(session, 'hex')) AND s.expires_at > now() AND (s.second_factor OR s.token_name IS NOT NULL);
  IF NOT found THEN
    RAISE EXCEPTION 'no second factor' USING ERRCODE = '42501', CONSTRAINT = 'second_factor_is_given';
  END IF;
END $$;
COMMENT ON FUNCTION control.require_second_factor(text) IS
  'Where administrators, or all users, need a second factor: raises 42501 unless this session was begun with one or is an access token, so that a statement pipelined behind it never runs.';
