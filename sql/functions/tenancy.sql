-- Who is asking, and as which lab. A setting alone can be forged by an injected set_config, so app.lab_id is believed
-- only together with a live session of a member, or from a DBA's own login.

-- In this form PostgreSQL puts it into the functions that ask, which are asked in every statement; its names are bound here and now.
CREATE OR REPLACE FUNCTION control.is_dba() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN session_user NOT IN ('chemuser', 'chemadmin') AND pg_has_role(session_user, 'chem_dba', 'member');

CREATE OR REPLACE FUNCTION control.lab_id() RETURNS int
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab int;
BEGIN
  lab := nullif(current_setting('app.lab_id', true), '')::int;
  IF lab IS NOT NULL AND control.is_dba() THEN
    RETURN lab;
  END IF;
  PERFORM FROM control.sessions s
    JOIN control.members m ON m.user_id = s.user_id AND m.lab_id = lab AND m.ended_at IS NULL
    JOIN control.labs l ON l.id = m.lab_id AND l.archived_at IS NULL
   WHERE s.token_hash = sha256(decode(nullif(current_setting('app.session', true), ''), 'hex'))
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
BEGIN
  IF control.is_dba() AND nullif(current_setting('app.user_id', true), '') IS NOT NULL THEN
    RETURN current_setting('app.user_id')::bigint;
  END IF;
  RETURN (SELECT s.user_id FROM control.sessions s
           WHERE s.token_hash = sha256(decode(nullif(current_setting('app.session', true), ''), 'hex'))
             AND s.expires_at > now());
END $$;
COMMENT ON FUNCTION control.user_id() IS 'The user of this request; a DBA says whom with SET app.user_id.';

CREATE OR REPLACE FUNCTION control.role() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.role FROM control.members m
   WHERE m.lab_id = control.lab_id() AND m.user_id = control.user_id() AND m.ended_at IS NULL
$$;
COMMENT ON FUNCTION control.role() IS 'What the user of this request is in the lab of this request, now.';

CREATE OR REPLACE FUNCTION control.clock() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF control.is_dba() AND nullif(current_setting('app.clock', true), '') IS NOT NULL THEN
    RETURN current_setting('app.clock')::timestamptz;
  END IF;
  RETURN clock_timestamp();
END $$;
COMMENT ON FUNCTION control.clock() IS 'The time written into the ledger. A DBA who loads a history says it with SET app.clock.';

CREATE OR REPLACE FUNCTION control.today() RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT (control.clock() AT TIME ZONE l.time_zone)::date FROM control.labs l WHERE l.id = control.lab_id()
$$;
COMMENT ON FUNCTION control.today() IS 'Today in the lab''s time zone.';

CREATE OR REPLACE FUNCTION control.enter_session(session text, lab text, needed_role text)
RETURNS TABLE (lab_id int, slug text, lab_name text, time_zone text, user_id bigint, username text, user_name text, role text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT l.id, l.slug, l.name, l.time_zone, u.id, u.username, u.name, m.role
    INTO lab_id, slug, lab_name, time_zone, user_id, username, user_name, role
    FROM control.sessions s
    JOIN control.users u ON u.id = s.user_id
    LEFT JOIN control.labs l ON l.slug = enter_session.lab AND l.archived_at IS NULL
    LEFT JOIN control.members m ON m.lab_id = l.id AND m.user_id = s.user_id AND m.ended_at IS NULL
   WHERE s.token_hash = sha256(decode(enter_session.session, 'hex')) AND s.expires_at > now();
  IF NOT found THEN
    RAISE EXCEPTION 'no session' USING ERRCODE = '28000', CONSTRAINT = 'session_is_live';
  END IF;
  IF role IS NULL THEN
    -- The same whether the lab exists or not.
    RAISE EXCEPTION 'no such lab' USING ERRCODE = '42501', CONSTRAINT = 'member_of_the_lab';
  END IF;
  IF array_position(ARRAY['viewer', 'member', 'manager'], role)
     < coalesce(array_position(ARRAY['viewer', 'member', 'manager'], needed_role), 4) THEN
    RAISE EXCEPTION 'a % may not do this', role USING ERRCODE = '42501', CONSTRAINT = 'role_is_enough';
  END IF;
  PERFORM set_config('app.lab_id', lab_id::text, true), set_config('app.session', session, true);
  IF needed_role = 'viewer' THEN
    PERFORM set_config('transaction_read_only', 'on', true);
  END IF;
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION control.enter_session(text, text, text) IS
  'Enters a lab for this transaction and returns the member. Raises 28000 without a live session, 42501 for a stranger or a role too small, so that a statement pipelined behind it never runs. Only reads follow a viewer''s need.';

CREATE OR REPLACE FUNCTION control.enter_administration(session text)
RETURNS TABLE (user_id bigint, username text, user_name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  SELECT u.id, u.username, u.name INTO user_id, username, user_name
    FROM control.sessions s JOIN control.users u ON u.id = s.user_id
   WHERE s.token_hash = sha256(decode(enter_administration.session, 'hex')) AND s.expires_at > now();
  IF NOT found THEN
    RAISE EXCEPTION 'no session' USING ERRCODE = '28000', CONSTRAINT = 'session_is_live';
  END IF;
  IF NOT EXISTS (SELECT FROM control.administrators a WHERE a.user_id = enter_administration.user_id) THEN
    RAISE EXCEPTION 'not an administrator' USING ERRCODE = '42501', CONSTRAINT = 'administrator';
  END IF;
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION control.enter_administration(text) IS
  'Called first on chemadmin''s connection for every request of an administrator; raises 28000 without a live session, 42501 for anybody else.';
