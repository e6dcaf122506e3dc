-- Who is asking, and as which lab. A setting alone can be forged by an injected set_config, so app.lab_id is believed
-- only together with a live session of a member, or from a DBA's own login.

-- Every statement calls is_dba. PostgreSQL inlines a function written with RETURN into its callers, which is quick, and binds its names
-- when it is made, so that it needs no search_path of its own.
CREATE OR REPLACE FUNCTION control.is_dba() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN session_user NOT IN ('chemuser', 'chemadmin') AND pg_has_role(session_user, 'chem_dba', 'member');

CREATE OR REPLACE FUNCTION control.lab_id() RETURNS int
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab  int := nullif(current_setting('app.lab_id', true), '')::int;
  hash bytea;
BEGIN
  IF lab IS NOT NULL AND control.is_dba() THEN
    RETURN lab;
  END IF;
  -- Hashed before the query: within it PostgreSQL would hash anew for each row of a short table, which it reads from end to end.
  hash := sha256(decode(nullif(current_setting('app.session', true), ''), 'hex'));
  PERFORM FROM control.sessions s
    JOIN control.members m ON m.user_id = s.user_id AND m.lab_id = lab AND m.ended_at IS NULL
    JOIN control.labs l ON l.id = m.lab_id AND l.archived_at IS NULL
   WHERE s.token_hash = hash
     AND (s.token_labs IS NULL OR lab = ANY (s.token_labs))
     AND s.expires_at > now();
  IF NOT found THEN
    RAISE EXCEPTION 'no lab was entered' USING ERRCODE = '28000',
      HINT = 'The API calls control.enter_session first. A member of chem_dba looks as a lab with: SET ROLE chemuser; SET app.lab_id = ''1'';';
  END IF;
  RETURN lab;
END $$;
COMMENT ON FUNCTION control.lab_id() IS 'The lab of this request, verified; raises 28000 when none was entered: an empty answer would hide the fault.';

CREATE OR REPLACE FUNCTION control.user_id() RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  hash bytea;
BEGIN
  IF control.is_dba() AND nullif(current_setting('app.user_id', true), '') IS NOT NULL THEN
    RETURN current_setting('app.user_id')::bigint;
  END IF;
  hash := sha256(decode(nullif(current_setting('app.session', true), ''), 'hex'));
  RETURN (SELECT s.user_id FROM control.sessions s WHERE s.token_hash = hash AND s.expires_at > now());
END $$;
COMMENT ON FUNCTION control.user_id() IS 'The user of this request; a DBA names one with SET app.user_id.';

CREATE OR REPLACE FUNCTION control.is_enough(role text, needed text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(array_position(ARRAY['viewer', 'member', 'manager'], role) >= array_position(ARRAY['viewer', 'member', 'manager'], needed), false);
COMMENT ON FUNCTION control.is_enough(text, text) IS 'Whether a role may do what needs that role: a manager may do all that a member may, a member all that a viewer may.';

CREATE OR REPLACE FUNCTION control.at_most(role text, most text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN control.is_enough(role, most) THEN most ELSE role END;
COMMENT ON FUNCTION control.at_most(text, text) IS 'The smaller of two roles: of a member, and of the access token that acts for them. Without a token (NULL) it is the member''s role.';

CREATE OR REPLACE FUNCTION control.role_in(lab int) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  person bigint := control.user_id();
  hash   bytea := sha256(decode(nullif(current_setting('app.session', true), ''), 'hex'));
  role   text;
BEGIN
  SELECT control.at_most(m.role, (SELECT s.token_role FROM control.sessions s WHERE s.token_hash = hash)) INTO role
    FROM control.members m WHERE m.lab_id = lab AND m.user_id = person AND m.ended_at IS NULL;
  RETURN role;
END $$;
COMMENT ON FUNCTION control.role_in(int) IS 'The role that the user of this request has now in a lab that the caller has verified, and no more than its access token allows; NULL: no member.';

CREATE OR REPLACE FUNCTION control.role() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT control.role_in(control.lab_id())
$$;
COMMENT ON FUNCTION control.role() IS 'The role that the user of this request has now in the lab of this request, and no more than its access token allows; NULL: no member.';

CREATE OR REPLACE FUNCTION control.lab_id_for(needed text) RETURNS int
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab  int := control.lab_id();
  role text := control.role_in(lab);
BEGIN
  IF NOT control.is_dba() AND NOT control.is_enough(role, needed) THEN
    RAISE EXCEPTION 'a % may not do this', coalesce(role, 'stranger') USING ERRCODE = '42501', CONSTRAINT = 'role_is_enough';
  END IF;
  RETURN lab;
END $$;
COMMENT ON FUNCTION control.lab_id_for(text) IS
  'The lab of this request, if the user has at least the needed role in it; raises 42501 otherwise. Lab and role are one answer: between two questions a statement could change app.lab_id, and so bring the role of another lab.';

CREATE OR REPLACE FUNCTION control.verify_lab(of_row int) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_row IS DISTINCT FROM control.lab_id() THEN
    RAISE EXCEPTION 'the row is of another lab' USING ERRCODE = '42501', CONSTRAINT = 'rows_are_of_the_lab_entered';
  END IF;
END $$;
COMMENT ON FUNCTION control.verify_lab(int) IS
  'For triggers. A policy finds the lab once for a statement, a trigger acts for each row, and app.lab_id may change between two rows: raises 42501 where it names another lab than the row''s.';

CREATE OR REPLACE FUNCTION control.clock() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF control.is_dba() AND nullif(current_setting('app.clock', true), '') IS NOT NULL THEN
    RETURN current_setting('app.clock')::timestamptz;
  END IF;
  RETURN clock_timestamp();
END $$;
COMMENT ON FUNCTION control.clock() IS 'The time that is written into the ledger: now. A DBA who loads a history sets it with SET app.clock.';

CREATE OR REPLACE FUNCTION control.today() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (control.clock() AT TIME ZONE l.time_zone)::date FROM control.labs l WHERE l.id = control.lab_id()
$$;
COMMENT ON FUNCTION control.today() IS 'Today in the lab''s time zone.';

CREATE OR REPLACE FUNCTION control.keep_session(session text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  -- A session is written at most every five minutes. SKIP LOCKED: another request of the same user may hold the row for as
  -- long as an import takes, and has moved the time on already.
  UPDATE control.sessions SET expires_at = least(ends_at, now() + idle)
   WHERE token_hash = (SELECT s.token_hash FROM control.sessions s
                        WHERE s.token_hash = sha256(decode(session, 'hex')) AND s.expires_at > now()
                          AND s.expires_at < least(s.ends_at, now() + s.idle - interval '5 minutes')
                          FOR UPDATE SKIP LOCKED)
$$;
COMMENT ON FUNCTION control.keep_session(text) IS 'Keeps a session that is in use from ending as idle. control.enter_session and control.enter_administration call it, and chemadmin''s connection.';

CREATE OR REPLACE FUNCTION control.note_use(session text, in_lab int, from_address text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  token record;
BEGIN
  -- SKIP LOCKED, as in keep_session: another request of the same token may hold the row, and notes the use itself.
  UPDATE control.sessions s SET used_at = now(), used_from = from_address
    FROM (SELECT t.token_hash, t.used_at FROM control.sessions t
           WHERE t.token_hash = sha256(decode(session, 'hex')) AND t.token_name IS NOT NULL FOR UPDATE SKIP LOCKED) AS before
   WHERE s.token_hash = before.token_hash RETURNING s.user_id, before.used_at INTO token;
  IF found AND token.used_at IS NULL THEN
    PERFORM control.trace('token_used', in_lab, token.user_id);
  END IF;
END $$;
COMMENT ON FUNCTION control.note_use(text, int, text) IS 'Notes when and from where an access token was used; the first use leaves a line in control.events. control.enter_session calls it.';

-- The API of the release before calls enter_session with three arguments: for that the fourth has a default.
DROP FUNCTION IF EXISTS control.enter_session(text, text, text);
CREATE OR REPLACE FUNCTION control.enter_session(session text, lab text, needed_role text, from_address text DEFAULT '')
RETURNS TABLE (lab_id int, slug text, lab_name text, time_zone text, user_id bigint, username text, user_name text, role text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  password_first boolean;
  is_idle boolean;
  is_used boolean;
BEGIN
  SELECT l.id, l.slug, l.name, l.time_zone, u.id, u.username, u.name, control.at_most(m.role, s.token_role), s.password_first,
         s.expires_at < least(s.ends_at, now() + s.idle - interval '5 minutes'),
         s.token_name IS NOT NULL AND (s.used_from IS DISTINCT FROM from_address OR s.used_at < now() - interval '5 minutes')
    INTO lab_id, slug, lab_name, time_zone, user_id, username, user_name, role, password_first, is_idle, is_used
    FROM control.sessions s
    JOIN control.users u ON u.id = s.user_id
    LEFT JOIN control.labs l ON l.slug = enter_session.lab AND l.archived_at IS NULL AND (s.token_labs IS NULL OR l.id = ANY (s.token_labs))
    LEFT JOIN control.members m ON m.lab_id = l.id AND m.user_id = s.user_id AND m.ended_at IS NULL
   WHERE s.token_hash = sha256(decode(enter_session.session, 'hex')) AND s.expires_at > now();
  IF NOT found THEN
    RAISE EXCEPTION 'no session' USING ERRCODE = '28000', CONSTRAINT = 'session_is_live';
  END IF;
  IF password_first THEN
    RAISE EXCEPTION 'the password was made by an administrator' USING ERRCODE = '42501', CONSTRAINT = 'password_is_ones_own';
  END IF;
  IF role IS NULL THEN
    -- The same error whether the lab does not exist or the user is no member: a stranger learns no lab's slug.
    RAISE EXCEPTION 'no such lab' USING ERRCODE = '42501', CONSTRAINT = 'member_of_the_lab';
  END IF;
  IF NOT control.is_enough(role, needed_role) THEN
    RAISE EXCEPTION 'a % may not do this', role USING ERRCODE = '42501', CONSTRAINT = 'role_is_enough';
  END IF;
  PERFORM set_config('app.lab_id', lab_id::text, true), set_config('app.session', session, true);
  IF is_idle THEN
    PERFORM control.keep_session(enter_session.session);
  END IF;
  IF is_used THEN
    PERFORM control.note_use(enter_session.session, lab_id, from_address);
  END IF;
  IF needed_role = 'viewer' THEN
    PERFORM set_config('transaction_read_only', 'on', true);
  END IF;
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION control.enter_session(text, text, text, text) IS
  'Enters a lab for this transaction and returns the member, whose role is no larger than an access token allows. Raises 28000 without a live session, 42501 for a stranger or a role too small, so that a statement pipelined behind it never runs. If viewer is enough, the transaction becomes read-only.';

CREATE OR REPLACE FUNCTION control.enter_administration(session text)
RETURNS TABLE (user_id bigint, username text, user_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  password_first boolean;
BEGIN
  SELECT u.id, u.username, u.name, s.password_first INTO user_id, username, user_name, password_first
    FROM control.sessions s JOIN control.users u ON u.id = s.user_id
   WHERE s.token_hash = sha256(decode(enter_administration.session, 'hex')) AND s.expires_at > now() AND s.token_name IS NULL;
  IF NOT found THEN
    RAISE EXCEPTION 'no session' USING ERRCODE = '28000', CONSTRAINT = 'session_is_live';
  END IF;
  IF password_first THEN
    RAISE EXCEPTION 'the password was made by an administrator' USING ERRCODE = '42501', CONSTRAINT = 'password_is_ones_own';
  END IF;
  IF NOT EXISTS (SELECT FROM control.administrators a WHERE a.user_id = enter_administration.user_id) THEN
    RAISE EXCEPTION 'not an administrator' USING ERRCODE = '42501', CONSTRAINT = 'administrator';
  END IF;
  -- The lines of control.events which this transaction brings about name the user of this session.
  PERFORM set_config('app.session', session, true);
  PERFORM control.keep_session(enter_administration.session);
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION control.enter_administration(text) IS
  'Called first on chemadmin''s connection for every request of an administrator; raises 28000 without a live session, 42501 for anybody else.';
