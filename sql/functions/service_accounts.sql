-- Service accounts: users that are programs of one lab. What managers do with them runs on chemadmin's connection, behind enter_management,
-- and asks again for the lab that was entered: SQL that somebody injects into the statements of chemuser can make no account and no token.
CREATE OR REPLACE FUNCTION control.enter_management(session text, lab text, from_address text)
RETURNS TABLE (lab_id int, slug text, lab_name text, time_zone text, user_id bigint, username text, user_name text, role text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM control.enter_session(session, lab, 'manager', from_address)
$$;
COMMENT ON FUNCTION control.enter_management(text, text, text) IS
  'control.enter_session for chemadmin''s connection, which enters labs for their managers alone and reads nothing of their stock.';

CREATE OR REPLACE FUNCTION control.hold_service_account() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab int := (SELECT u.of_lab FROM control.users u WHERE u.id = new.user_id);
BEGIN
  IF lab IS NULL THEN
    RETURN new;
  ELSIF tg_table_name = 'members' THEN
    IF new.lab_id = lab AND new.role <> 'manager' THEN
      RETURN new;
    END IF;
  ELSIF tg_table_name = 'sessions' THEN
    IF new.token_labs = ARRAY[lab] THEN
      RETURN new;
    END IF;
  END IF;
  RAISE EXCEPTION 'a service account belongs to one lab, as a member at most, and has tokens for it alone' USING ERRCODE = '23514', CONSTRAINT = 'service_accounts_stay_small';
END $$;
COMMENT ON FUNCTION control.hold_service_account() IS
  'Whoever writes a row, a service account never manages a lab, belongs to no second one, is no administrator, and has no session but access tokens for its lab.';
SELECT format('CREATE TRIGGER hold_service_account BEFORE INSERT OR UPDATE ON control.%I FOR EACH ROW EXECUTE FUNCTION control.hold_service_account()', t.name)
  FROM (VALUES ('members'), ('administrators'), ('sessions')) AS t (name)
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'hold_service_account' AND tgrelid = format('control.%I', t.name)::regclass) \gexec

CREATE OR REPLACE FUNCTION control.make_service_account(named text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  most    CONSTANT int := 50;
  lab     int := control.lab_id_for('manager');
  plain   text := coalesce(nullif(trim(BOTH '-' FROM left(regexp_replace(lower(named), '[^a-z0-9]+', '-', 'g'), 40)), ''), 'program');
  account bigint;
BEGIN
  -- Two accounts that are made at once are made one after the other, so that the second sees the first.
  PERFORM pg_advisory_xact_lock(hashtextextended('service accounts ' || lab, 0));
  IF (SELECT count(*) FROM control.users u WHERE u.of_lab = lab AND u.retired_at IS NULL) >= most THEN
    RAISE EXCEPTION 'too many service accounts' USING ERRCODE = '23514', CONSTRAINT = 'service_accounts_are_not_too_many';
  END IF;
  -- The end of the user name is random: that a name is taken would tell of other labs' accounts.
  INSERT INTO control.users (username, name, of_lab)
  VALUES (format('service:%s-%s', plain, left(replace(gen_random_uuid()::text, '-', ''), 8)), named, lab) RETURNING id INTO account;
  INSERT INTO control.members (lab_id, user_id, role) VALUES (lab, account, 'member');
  RETURN account;
END $$;
COMMENT ON FUNCTION control.make_service_account(text) IS 'Makes a service account, a member of the lab that was entered, for its manager; 50 at most at a time. Returns its number.';

CREATE OR REPLACE FUNCTION control.make_service_token(account bigint, token text, named text, with_role text, days int, from_address text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  most   CONSTANT int := 20;
  lab    int := control.lab_id_for('manager');
  number bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('tokens ' || account, 0));
  IF NOT EXISTS (SELECT FROM control.users u JOIN control.members m ON m.user_id = u.id AND m.lab_id = lab AND m.ended_at IS NULL
                  WHERE u.id = account AND u.of_lab = lab AND u.retired_at IS NULL) THEN
    RETURN NULL;
  END IF;
  IF (SELECT count(*) FROM control.sessions s WHERE s.user_id = account AND s.expires_at > now()) >= most THEN
    RAISE EXCEPTION 'too many tokens' USING ERRCODE = '23514', CONSTRAINT = 'service_tokens_are_not_too_many';
  END IF;
  INSERT INTO control.sessions (token_hash, user_id, expires_at, address, token_name, token_role, token_labs)
  VALUES (sha256(decode(token, 'hex')), account, now() + make_interval(days => days), from_address, named, with_role, ARRAY[lab])
  RETURNING id INTO number;
  RETURN number;
END $$;
COMMENT ON FUNCTION control.make_service_token(bigint, text, text, text, int, text) IS
  'Makes an access token of a service account of the lab that was entered, for its manager; 20 at most at a time. Returns its number; NULL where the lab has no such account.';
