-- Access tokens, with which programs enter labs: control.enter_session lets them in like sessions of browsers.
CREATE OR REPLACE FUNCTION control.make_token(
  session text, token text, named text, with_role text, for_labs text[], days int, from_address text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  most CONSTANT int := 20;
  who    bigint;
  is_new boolean;
  labs   int[];
  number bigint;
BEGIN
  -- Whoever changes a login counts the change before they end its sessions and tokens: either waits for the other here.
  PERFORM FROM control.login_directory FOR SHARE;
  SELECT s.user_id, s.password_first INTO who, is_new FROM control.sessions s
   WHERE s.token_hash = sha256(decode(session, 'hex')) AND s.expires_at > now() AND s.token_name IS NULL;
  IF NOT found THEN
    RAISE EXCEPTION 'no session' USING ERRCODE = '28000', CONSTRAINT = 'session_is_live';
  END IF;
  IF is_new THEN
    RAISE EXCEPTION 'the password was made by an administrator' USING ERRCODE = '42501', CONSTRAINT = 'password_is_ones_own';
  END IF;
  -- Two tokens that are made at once are made one after the other, so that the second sees the first.
  PERFORM pg_advisory_xact_lock(hashtextextended('tokens ' || who, 0));
  SELECT array_agg(l.id ORDER BY l.id) INTO labs
    FROM control.labs l JOIN control.members m ON m.lab_id = l.id AND m.user_id = who AND m.ended_at IS NULL
   WHERE l.slug = ANY (for_labs) AND l.archived_at IS NULL;
  IF labs IS NULL OR cardinality(labs) < (SELECT count(DISTINCT slug) FROM unnest(for_labs) AS slug) THEN
    RAISE EXCEPTION 'a lab that the user does not belong to' USING ERRCODE = '23514', CONSTRAINT = 'tokens_are_for_ones_own_labs', HINT = '/labs';
  END IF;
  IF (SELECT count(*) FROM control.sessions s WHERE s.user_id = who AND s.token_name IS NOT NULL AND s.expires_at > now()) >= most THEN
    RAISE EXCEPTION 'too many tokens' USING ERRCODE = '23514', CONSTRAINT = 'tokens_are_not_too_many';
  END IF;
  INSERT INTO control.sessions (token_hash, user_id, expires_at, address, token_name, token_role, token_labs)
  VALUES (sha256(decode(token, 'hex')), who, now() + make_interval(days => days), from_address, named, with_role, labs)
  RETURNING id INTO number;
  RETURN number;
END $$;
COMMENT ON FUNCTION control.make_token(text, text, text, text, text[], int, text) IS
  'Makes an access token for labs of the session''s user, 20 at most at a time, and returns its number. Raises 28000 without a live session of a browser, 23514 for a lab that the user does not belong to.';
