-- Signing in, for chemadmin's connection: what must happen together, in one statement each.
-- Databases of an earlier release have a function of this name that returns less, which cannot be replaced.
SELECT 'DROP FUNCTION control.note_try(text, text)' FROM pg_proc
 WHERE oid = to_regprocedure('control.note_try(text, text)') AND NOT 'is_administrator' = ANY (proargnames) \gexec
CREATE OR REPLACE FUNCTION control.note_try(of_username text, from_address text)
RETURNS TABLE (wait_seconds int, directory_version bigint, wait_of_all_seconds int, is_administrator boolean)
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- A browser in which this user signed in before, or a session of theirs: a stranger's guesses count against neither.
  is_known CONSTANT boolean := from_address LIKE 'device:%' OR from_address LIKE 'session:%';
BEGIN
  -- The tries of one name wait for each other here: a burst would otherwise be counted before any of it is noted.
  PERFORM pg_advisory_xact_lock(hashtextextended('try ' || of_username, 0));
  SELECT d.version INTO directory_version FROM control.login_directory d;
  is_administrator := EXISTS (
    SELECT FROM control.administrators a JOIN control.users u ON u.id = a.user_id WHERE u.username = of_username AND u.retired_at IS NULL);
  SELECT greatest(ceil(max(counted.wait) FILTER (WHERE NOT counted.of_all)), 0), greatest(ceil(max(counted.wait) FILTER (WHERE counted.of_all)), 0)
    INTO wait_seconds, wait_of_all_seconds
    FROM (SELECT place.of_all, extract(epoch FROM place.last - clock_timestamp()) + least(2 ^ least(place.tries - place.free + 1, 9), 300) AS wait
            FROM (SELECT false AS of_all, 5 AS free, count(*) AS tries, max(f.failed_at) AS last FROM control.login_failures f
                   WHERE f.username = of_username AND f.address = from_address AND f.failed_at > now() - interval '15 minutes'
                  UNION ALL  -- a network has 20 free tries, for all users together, because a whole lab may share one address
                  SELECT true, 20, count(*), max(f.failed_at) FROM control.login_failures f
                   WHERE NOT is_known AND f.address = from_address AND f.failed_at > now() - interval '15 minutes'
                  UNION ALL  -- guesses of one user's password from many networks; of a code, which has six digits, by who has the password
                  SELECT true, CASE WHEN of_username LIKE 'code:%' THEN 10 ELSE 100 END, count(*), max(f.failed_at) FROM control.login_failures f
                   WHERE NOT is_known AND f.username = of_username AND f.failed_at > now() - interval '15 minutes'
                     AND f.address NOT LIKE 'device:%' AND f.address NOT LIKE 'session:%') AS place
           WHERE place.tries >= place.free) AS counted;
  IF wait_seconds = 0 THEN
    INSERT INTO control.login_failures (username, address) VALUES (of_username, from_address);
  END IF;
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION control.note_try(text, text) IS
  'Notes a try to sign in before the password is looked at. wait_seconds > 0: too many wrong ones from there, the try is refused and not noted. After five of a user from one place 2, 4, 8 … at most 300 seconds. Codes of a second factor are tried under the name code:USERNAME, which no user can have. wait_of_all_seconds > 0: too many of all users from this network, or of this user from all networks: only an administrator with the right password comes in.';

CREATE OR REPLACE FUNCTION control.retire_user(of_username text) RETURNS void
LANGUAGE sql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  WITH retired AS (UPDATE control.users SET retired_at = now() WHERE username = of_username AND retired_at IS NULL RETURNING id),
       ended AS (UPDATE control.members SET ended_at = now() WHERE ended_at IS NULL AND user_id IN (SELECT id FROM retired)),
       stopped AS (DELETE FROM control.administrators WHERE user_id IN (SELECT id FROM retired)),
       forgotten AS (DELETE FROM control.second_factors WHERE user_id IN (SELECT id FROM retired))
  DELETE FROM control.sessions WHERE user_id IN (SELECT id FROM retired)
$$;
COMMENT ON FUNCTION control.retire_user(text) IS 'Ends a user for good: sessions, memberships, administration, second factor. The same name made anew is a new user.';

CREATE OR REPLACE FUNCTION control.compare_logins(names text[], read_at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE control.users SET login_seen_at = now()
   WHERE retired_at IS NULL AND username = ANY (names) AND (login_seen_at IS NULL OR login_seen_at < now() - interval '1 day');
  -- Secrets Manager may answer with what it held some seconds ago, so a login that was made just before the reading counts as present.
  SELECT control.retire_user(u.username) FROM control.users u
   WHERE u.retired_at IS NULL AND u.login_seen_at < read_at - interval '5 seconds' AND u.username <> ALL (names);
$$;
COMMENT ON FUNCTION control.compare_logins(text[], timestamptz) IS
  'After a reading of all secrets of logins: notes which users have a login, and retires those who had one and have none any more.';

CREATE OR REPLACE FUNCTION control.require_logins(read_version bigint) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Whoever changes a login counts the change before they end sessions. Either waits for the other here: a session that is begun first is
  -- ended, and one that comes later is refused.
  PERFORM FROM control.login_directory d WHERE d.version = read_version FOR SHARE;
  IF NOT found THEN
    RAISE EXCEPTION 'logins were changed' USING ERRCODE = '28000', CONSTRAINT = 'logins_are_as_they_were_read';
  END IF;
END $$;
COMMENT ON FUNCTION control.require_logins(bigint) IS
  'Before a session is begun: raises 28000 where a login was changed since the password was looked at, so that nobody comes in with one that was reset, changed or removed at that moment.';

-- This function and the three after it run as their owner: a trigger writes a line of control.events for each change of sessions and users
-- that chemadmin makes otherwise. Each asks for what the database does not store: the hash that only the API is sent.
CREATE OR REPLACE FUNCTION control.arriving_user(of_username text) RETURNS control.users
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who control.users;
BEGIN
  INSERT INTO control.users (username, name, login_seen_at) VALUES (of_username, of_username, now())
  ON CONFLICT (username) WHERE retired_at IS NULL DO NOTHING;
  UPDATE control.users u SET signed_in_at = now() WHERE u.username = of_username AND u.retired_at IS NULL RETURNING * INTO who;
  RETURN who;
END $$;
COMMENT ON FUNCTION control.arriving_user(text) IS 'The user of a login who signs in, made where the login is new. For the functions that begin a session.';

CREATE OR REPLACE FUNCTION control.insert_session(
  session text, of_user bigint, from_address text, with_browser text, longest interval, idle_for interval, password_first boolean, provider_session text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  refused jsonb;
BEGIN
  DELETE FROM control.sessions s WHERE s.expires_at < now();
  DELETE FROM control.refused_tries r WHERE r.user_id = of_user
  RETURNING jsonb_build_object('tries', r.tries, 'since', r.since, 'addresses', r.addresses) INTO refused;
  -- The trigger that writes the line of control.events reads from app.session who signs in.
  PERFORM set_config('app.session', session, true);
  INSERT INTO control.sessions (token_hash, user_id, expires_at, ends_at, idle, address, browser, password_first, refused_before, provider_session)
  VALUES (sha256(decode(session, 'hex')), of_user, now() + least(longest, idle_for), now() + longest, idle_for, from_address, with_browser,
          password_first, refused, provider_session);
END $$;
COMMENT ON FUNCTION control.insert_session(text, bigint, text, text, interval, interval, boolean, text) IS
  'Makes the session of a user who signed in, which keeps what was refused before. For the functions that begin a session.';

CREATE OR REPLACE FUNCTION control.begin_session(
  session text, of_username text, from_address text, with_browser text, known_as text, longest interval, idle_for interval) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who control.users;
BEGIN
  DELETE FROM control.login_failures f WHERE f.failed_at < now() - interval '1 hour' OR (f.username = of_username AND f.address = known_as);
  who := control.arriving_user(of_username);
  IF who.made_password_until < now() THEN
    RAISE EXCEPTION 'the made password was used, or too old' USING ERRCODE = '28000', CONSTRAINT = 'made_password_is_good_once';
  END IF;
  IF who.made_password_until IS NOT NULL THEN
    UPDATE control.users u SET made_password_until = now() WHERE u.id = who.id;
  END IF;
  PERFORM control.insert_session(session, who.id, from_address, with_browser, longest, idle_for, who.made_password_until IS NOT NULL, NULL);
END $$;
COMMENT ON FUNCTION control.begin_session(text, text, text, text, text, interval, interval) IS
  'After the right password: forgets the tries of this user from this place, makes the user where there is none, and a session that keeps what was refused before. Raises 28000 where the password was made by an administrator and was used already or is too old.';

CREATE OR REPLACE FUNCTION control.begin_provider_session(
  session text, of_username text, at_issuer text, of_subject text, with_session text, shown_at timestamptz, is_strong boolean,
  from_address text, from_network text, with_browser text, longest interval, idle_for interval) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who control.users;
BEGIN
  who := control.arriving_user(of_username);
  INSERT INTO control.provider_logins AS p (user_id, issuer, subject) VALUES (who.id, at_issuer, of_subject)
  ON CONFLICT (user_id) DO UPDATE SET issuer = excluded.issuer, subject = excluded.subject, made_at = now() WHERE p.issuer <> excluded.issuer;
  PERFORM FROM control.provider_logins p WHERE p.user_id = who.id AND p.subject = of_subject;
  IF NOT found THEN
    RAISE EXCEPTION 'the provider gives this name to another person now' USING ERRCODE = '28000', CONSTRAINT = 'login_is_of_one_person';
  END IF;
  PERFORM control.insert_session(session, who.id, from_address, with_browser, longest, idle_for, false, with_session);
  UPDATE control.sessions s
     SET password_given_at = coalesce(shown_at, '-infinity'), password_given_from = from_network, second_factor = is_strong
   WHERE s.token_hash = sha256(decode(session, 'hex'));
END $$;
COMMENT ON FUNCTION control.begin_provider_session(text, text, text, text, text, timestamptz, boolean, text, text, text, interval, interval) IS
  'After the identity provider said who somebody is: makes the user where there is none, and a session. shown_at: when the person last showed the provider who they are, NULL where the provider does not say; is_strong: with a second factor. Raises 28000 where another person of this provider used the login before.';

CREATE OR REPLACE FUNCTION control.confirm_session(session text, from_network text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE control.sessions SET password_given_at = now(), password_given_from = from_network WHERE token_hash = sha256(decode(session, 'hex'))
$$;
COMMENT ON FUNCTION control.confirm_session(text, text) IS 'The user of this session typed their password, in this network.';

CREATE OR REPLACE FUNCTION control.note_code(session text, was_given boolean) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE control.sessions SET second_factor = was_given WHERE token_hash = sha256(decode(session, 'hex'))
$$;
COMMENT ON FUNCTION control.note_code(text, boolean) IS 'The user of this session gave a code of their second factor, or turned it off.';

CREATE OR REPLACE FUNCTION control.note_password(session text, of_username text, is_own boolean, good_for interval DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who bigint;
BEGIN
  UPDATE control.users u SET made_password_until = CASE WHEN NOT is_own THEN now() + good_for END
   WHERE u.username = of_username AND u.retired_at IS NULL
     AND EXISTS (SELECT FROM control.sessions s WHERE s.token_hash = sha256(decode(session, 'hex')) AND s.expires_at > now() AND s.token_name IS NULL)
  RETURNING u.id INTO who;
  IF found THEN
    PERFORM control.trace(CASE WHEN is_own THEN 'password_changed' ELSE 'password_reset' END, NULL, who);
  END IF;
END $$;
COMMENT ON FUNCTION control.note_password(text, text, boolean, interval) IS
  'A user chose a password of their own, or an administrator made one that is good once and for so long; with its line in control.events. Does nothing without a live session of a browser.';

CREATE OR REPLACE FUNCTION control.require_password(session text, within interval, from_network text) RETURNS void
LANGUAGE plpgsql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM control.sessions s
   WHERE s.token_hash = sha256(decode(session, 'hex')) AND s.expires_at > now() AND s.password_given_at > now() - within
     -- A stolen cookie is used from elsewhere. Whoever calls without a network is no browser.
     AND from_network IN ('', s.password_given_from);
  IF NOT found THEN
    RAISE EXCEPTION 'the password was given too long ago, or elsewhere' USING ERRCODE = '42501', CONSTRAINT = 'password_was_given_lately', HINT = '/session';
  END IF;
END $$;
COMMENT ON FUNCTION control.require_password(text, interval, text) IS
  'Before a grave act: raises 42501 unless the user of this session typed their password within this time and from this network, so that a statement pipelined behind it never runs.';

-- While a release is deployed or taken back, the API of the release before calls this function too, without a network. The next release may
-- drop it.
CREATE OR REPLACE FUNCTION control.require_password(session text, within interval) RETURNS void
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT control.require_password(session, within, '')
$$;
COMMENT ON FUNCTION control.require_password(text, interval) IS 'As the function of three arguments, from any network; for the API of the release before.';

CREATE OR REPLACE FUNCTION control.count_refusal(of_username text, from_address text) RETURNS void
LANGUAGE sql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO control.refused_tries AS r (user_id, addresses)
  SELECT u.id, ARRAY[from_address] FROM control.users u WHERE u.username = of_username AND u.retired_at IS NULL
  ON CONFLICT (user_id) DO UPDATE
    SET tries = least(r.tries + 1, 1000000),
        addresses = CASE WHEN cardinality(r.addresses) = 5 OR from_address = ANY (r.addresses) THEN r.addresses ELSE r.addresses || from_address END
$$;
COMMENT ON FUNCTION control.count_refusal(text, text) IS 'Counts a refused try to sign in, for its user to be told of at the next sign-in.';

CREATE OR REPLACE FUNCTION control.note_refusal(of_username text, from_address text, reason text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who    record;
  hourly CONSTANT int := 60;
  lately bigint;
BEGIN
  -- A name that nobody has is not kept: people type their password there.
  SELECT u.id, u.username INTO who FROM control.users u WHERE u.username = of_username AND u.retired_at IS NULL;
  -- Refusals wait for each other here, so that a burst of them cannot write more lines than this function counts.
  PERFORM pg_advisory_xact_lock(hashtextextended('refusals', 0));
  SELECT count(*) INTO lately FROM control.events e WHERE e.made_at > now() - interval '1 hour' AND e.kind = 'sign_in_refused';
  IF lately >= hourly OR EXISTS (
       SELECT FROM control.events e
        WHERE e.made_at > now() - interval '15 minutes' AND e.kind = 'sign_in_refused' AND e.about IS NOT DISTINCT FROM who.id
          AND e.address = from_address AND e.details ->> 'reason' = note_refusal.reason) THEN
    RETURN;
  END IF;
  INSERT INTO control.events (kind, address, about, about_name, details)
  VALUES ('sign_in_refused', from_address, who.id, who.username,
          jsonb_build_object('reason', reason) || CASE WHEN lately = hourly - 1 THEN '{"more": true}' ELSE '{}' END::jsonb);
END $$;
COMMENT ON FUNCTION control.note_refusal(text, text, text) IS
  'Notes a refused sign-in: one line for a user, an address and a reason in 15 minutes, 60 lines an hour in all (the last of them says "more"), so that nobody fills the table.';

CREATE OR REPLACE FUNCTION control.forget_events(days int) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH gone AS (
    DELETE FROM control.events WHERE id IN (
      SELECT e.id FROM control.events e WHERE e.made_at < now() - make_interval(days => greatest(days, 90)) ORDER BY e.made_at, e.id LIMIT 1000)
    RETURNING id)
  SELECT count(*) FROM gone
$$;
COMMENT ON FUNCTION control.forget_events(int) IS
  'Deletes at most 1,000 lines of control.events that are older than the given number of days, and none younger than 90 days. Returns how many.';
