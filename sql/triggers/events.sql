-- The trace of every act. Who acted is read from the session of the transaction, whatever the writer of a line says; without a session it
-- is the database role of the connection. So an act with the API's stolen credentials, or a DBA's, leaves its line too.
CREATE OR REPLACE FUNCTION control.sign_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who record;
BEGIN
  new.made_at := clock_timestamp();
  new.database_role := session_user;
  SELECT u.id, u.username, coalesce(s.used_from, s.address) AS address, s.token_name INTO who FROM control.sessions s JOIN control.users u ON u.id = s.user_id
   WHERE s.token_hash = sha256(decode(nullif(current_setting('app.session', true), ''), 'hex')) AND s.expires_at > now();
  new.made_by := who.id;
  new.made_by_name := coalesce(who.username, session_user);
  new.address := coalesce(who.address, nullif(new.address, ''), host(inet_client_addr()), '');
  IF who.token_name IS NOT NULL THEN
    new.details := new.details || jsonb_build_object('token', who.token_name);
  END IF;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER sign_event BEFORE INSERT ON control.events FOR EACH ROW EXECUTE FUNCTION control.sign_event()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'sign_event' AND tgrelid = 'control.events'::regclass) \gexec

CREATE OR REPLACE FUNCTION control.refuse_to_change_events() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'events are not changed' USING ERRCODE = '42501', CONSTRAINT = 'events_are_append_only',
    HINT = 'Lines of more than 90 days are forgotten by control.forget_events.';
END $$;
SELECT 'CREATE TRIGGER refuse_change BEFORE UPDATE ON control.events FOR EACH ROW EXECUTE FUNCTION control.refuse_to_change_events()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'refuse_change' AND tgrelid = 'control.events'::regclass) \gexec
-- 90 days: whoever has chemadmin's credentials may call control.forget_events, and must not be able to hide what they did lately.
SELECT 'CREATE TRIGGER refuse_deletion BEFORE DELETE ON control.events
        FOR EACH ROW WHEN (old.made_at > now() - interval ''90 days'') EXECUTE FUNCTION control.refuse_to_change_events()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'refuse_deletion' AND tgrelid = 'control.events'::regclass) \gexec
SELECT 'CREATE TRIGGER refuse_emptying BEFORE TRUNCATE ON control.events EXECUTE FUNCTION control.refuse_to_change_events()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'refuse_emptying' AND tgrelid = 'control.events'::regclass) \gexec

CREATE OR REPLACE FUNCTION control.trace(kind text, lab int, about bigint, details jsonb DEFAULT '{}') RETURNS void
LANGUAGE sql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO control.events (kind, lab_id, about, about_name, details)
  VALUES (kind, lab, about, (SELECT u.username FROM control.users u WHERE u.id = about), details)
$$;
COMMENT ON FUNCTION control.trace(text, int, bigint, jsonb) IS 'Writes a line of control.events; for the triggers and a DBA''s scripts.';

CREATE OR REPLACE FUNCTION control.difference(before jsonb, after jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_object_agg(b.key, jsonb_build_array(b.value, after -> b.key)), '{}')
    FROM jsonb_each(before) AS b WHERE b.value IS DISTINCT FROM after -> b.key
$$;
COMMENT ON FUNCTION control.difference(jsonb, jsonb) IS 'Each column that differs, with its old and its new value: {"name": ["Curie", "Curie lab"]}.';

CREATE OR REPLACE FUNCTION control.trace_lab() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changed jsonb;
BEGIN
  IF tg_op = 'INSERT' THEN
    PERFORM control.trace('lab_made', new.id, NULL, jsonb_build_object('slug', new.slug, 'name', new.name));
  ELSIF tg_op = 'DELETE' THEN
    PERFORM control.trace('lab_erased', NULL, NULL, jsonb_build_object('number', old.id, 'slug', old.slug, 'name', old.name));
  ELSE
    IF (old.archived_at IS NULL) <> (new.archived_at IS NULL) THEN
      PERFORM control.trace(CASE WHEN new.archived_at IS NULL THEN 'lab_brought_back' ELSE 'lab_archived' END, new.id, NULL);
    END IF;
    changed := control.difference(to_jsonb(old), to_jsonb(new)) - 'archived_at';
    IF changed <> '{}' THEN
      PERFORM control.trace('lab_changed', new.id, NULL, changed);
    END IF;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION control.trace_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changed jsonb;
BEGIN
  IF tg_op = 'INSERT' THEN
    PERFORM control.trace(CASE WHEN new.of_lab IS NULL THEN 'login_made' ELSE 'service_account_made' END, new.of_lab, new.id);
  ELSIF tg_op = 'DELETE' THEN
    PERFORM control.trace('login_erased', NULL, NULL, jsonb_build_object('number', old.id, 'username', old.username));
  ELSIF old.retired_at IS NULL AND new.retired_at IS NOT NULL THEN
    PERFORM control.trace(CASE WHEN new.of_lab IS NULL THEN 'login_removed' ELSE 'service_account_removed' END, new.of_lab, new.id);
  ELSE
    changed := control.difference(to_jsonb(old), to_jsonb(new)) - '{signed_in_at,login_seen_at,made_password_until}'::text[];
    IF changed <> '{}' THEN
      PERFORM control.trace('login_changed', NULL, new.id, changed);
    END IF;
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION control.trace_password() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.trace('login_changed', NULL, new.id, control.difference(
    jsonb_build_object('made_password_until', old.made_password_until, 'signed_in_at', old.signed_in_at),
    jsonb_build_object('made_password_until', new.made_password_until, 'signed_in_at', new.signed_in_at)));
  RETURN NULL;
END $$;
COMMENT ON FUNCTION control.trace_password() IS 'A made password was made good again, or spared its change, by somebody with chemadmin''s credentials: the API does it by functions that write another line.';

CREATE OR REPLACE FUNCTION control.trace_member() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  changed jsonb;
BEGIN
  IF tg_op = 'DELETE' THEN
    PERFORM control.trace('membership_erased', old.lab_id, old.user_id, jsonb_build_object('role', old.role));
    RETURN NULL;
  END IF;
  IF tg_op = 'UPDATE' AND (old.lab_id, old.user_id) IS NOT DISTINCT FROM (new.lab_id, new.user_id) THEN
    IF old.ended_at IS NULL AND new.ended_at IS NOT NULL THEN
      PERFORM control.trace('member_removed', new.lab_id, new.user_id, jsonb_build_object('role', new.role));
      RETURN NULL;
    ELSIF old.ended_at IS NULL OR new.ended_at IS NOT NULL THEN
      changed := control.difference(to_jsonb(old), to_jsonb(new));
      IF changed <> '{}' THEN
        PERFORM control.trace('role_changed', new.lab_id, new.user_id, changed);
      END IF;
      RETURN NULL;
    END IF;
  END IF;
  PERFORM control.trace('member_added', new.lab_id, new.user_id, jsonb_build_object('role', new.role));
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION control.trace_administrator() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op <> 'INSERT' THEN
    PERFORM control.trace('administrator_removed', NULL, old.user_id);
  END IF;
  IF tg_op <> 'DELETE' THEN
    PERFORM control.trace('administrator_made', NULL, new.user_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION control.trace_token(kind text, token control.sessions) RETURNS void
LANGUAGE sql VOLATILE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT control.trace(kind, l.id, token.user_id, jsonb_build_object('token', token.token_name, 'role', token.token_role))
    FROM control.labs l WHERE l.id = ANY (token.token_labs) ORDER BY l.id
$$;
COMMENT ON FUNCTION control.trace_token(text, control.sessions) IS 'Writes a line into the trace of each lab that an access token opens, so that its managers see who gave their lab to a program.';

CREATE OR REPLACE FUNCTION control.trace_session() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'DELETE' AND old.token_name IS NOT NULL THEN
    IF old.expires_at > now() THEN
      PERFORM control.trace_token('token_revoked', old);
    END IF;
    RETURN old;
  ELSIF tg_op = 'INSERT' AND new.token_name IS NOT NULL THEN
    PERFORM control.trace_token('token_made', new);
    RETURN NULL;
  END IF;
  IF tg_op = 'DELETE' THEN
    IF old.expires_at > now() THEN
      PERFORM control.trace('session_ended', NULL, old.user_id);
    END IF;
    RETURN old;
  ELSIF tg_op = 'UPDATE' THEN
    PERFORM control.trace('session_changed', NULL, new.user_id);
  ELSIF new.token_hash = sha256(decode(nullif(current_setting('app.session', true), ''), 'hex')) THEN
    PERFORM control.trace('signed_in', NULL, new.user_id, CASE WHEN new.provider_session IS NULL THEN '{}' ELSE '{"by": "single sign-on"}' END::jsonb);
  ELSE
    PERFORM control.trace('session_made', NULL, new.user_id);
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION control.trace_session() IS
  'signed_in: the session belongs to the user who acts; session_made: somebody made a session for somebody else. Neither its token nor a hash of that is in the line.';

CREATE OR REPLACE FUNCTION control.trace_second_factor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'DELETE' THEN
    PERFORM control.trace('second_factor_removed', NULL, old.user_id);
  ELSIF new.reset_at IS NOT NULL AND (tg_op = 'INSERT' OR old.reset_at IS NULL) THEN
    PERFORM control.trace('second_factor_reset', NULL, new.user_id);
  ELSIF tg_op = 'INSERT' OR new.made_at <> old.made_at THEN
    PERFORM control.trace('second_factor_set', NULL, new.user_id);
  ELSIF new.recovery_codes <@ old.recovery_codes AND cardinality(new.recovery_codes) < cardinality(old.recovery_codes) AND new.last_step = old.last_step THEN
    PERFORM control.trace('recovery_code_used', NULL, new.user_id, jsonb_build_object('left', cardinality(new.recovery_codes)));
  ELSE
    PERFORM control.trace('second_factor_changed', NULL, new.user_id);
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION control.trace_second_factor() IS 'The API never causes second_factor_changed.';

CREATE OR REPLACE FUNCTION control.trace_provider_login() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'DELETE' THEN
    PERFORM control.trace('provider_login_removed', NULL, old.user_id, jsonb_build_object('issuer', old.issuer));
  ELSE
    PERFORM control.trace('provider_login_set', NULL, new.user_id, jsonb_build_object('issuer', new.issuer));
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION control.trace_provider_login() IS 'Notes which login was given to which person of the identity provider; by a first single sign-on, or by hand.';

CREATE OR REPLACE FUNCTION control.trace_emptying() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control.trace('table_emptied', NULL, NULL, jsonb_build_object('table', format('%s.%s', tg_table_schema, tg_table_name)));
  RETURN NULL;
END $$;

SELECT format('CREATE TRIGGER trace_act AFTER INSERT OR UPDATE OR DELETE ON control.%I FOR EACH ROW EXECUTE FUNCTION control.trace_%s()', t.name, t.one)
  FROM (VALUES ('labs', 'lab'), ('users', 'user'), ('members', 'member'), ('administrators', 'administrator'), ('provider_logins', 'provider_login')) AS t (name, one)
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_act' AND tgrelid = format('control.%I', t.name)::regclass) \gexec
SELECT 'CREATE TRIGGER trace_act AFTER INSERT ON control.sessions FOR EACH ROW EXECUTE FUNCTION control.trace_session()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_act' AND tgrelid = 'control.sessions'::regclass) \gexec
SELECT 'CREATE TRIGGER trace_act AFTER INSERT OR DELETE ON control.second_factors FOR EACH ROW EXECUTE FUNCTION control.trace_second_factor()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_act' AND tgrelid = 'control.second_factors'::regclass) \gexec
-- That a code was used is told by the line of the sign-in; a step that goes back would make old codes good again.
SELECT 'CREATE TRIGGER trace_change AFTER UPDATE ON control.second_factors FOR EACH ROW
        WHEN ((old.user_id, old.made_at, old.recovery_codes, old.reset_at) IS DISTINCT FROM (new.user_id, new.made_at, new.recovery_codes, new.reset_at)
              OR new.last_step < old.last_step)
        EXECUTE FUNCTION control.trace_second_factor()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_change' AND tgrelid = 'control.second_factors'::regclass) \gexec
-- A BEFORE trigger: the session that ends may be the session that acts, and after the DELETE nobody could tell whose it was.
SELECT 'CREATE TRIGGER trace_end BEFORE DELETE ON control.sessions FOR EACH ROW EXECUTE FUNCTION control.trace_session()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_end' AND tgrelid = 'control.sessions'::regclass) \gexec
-- control.keep_session and its like, which run as their owner, keep what a session in use needs, and the acts behind them have lines of
-- their own. Every other change of a session is an act. Before 1.1 chemadmin changed sessions itself, without a line.
SELECT 'DROP TRIGGER trace_change ON control.sessions'
 WHERE EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_change' AND tgrelid = 'control.sessions'::regclass AND pg_get_triggerdef(oid) NOT LIKE '%chemadmin%') \gexec
SELECT 'CREATE TRIGGER trace_change AFTER UPDATE ON control.sessions FOR EACH ROW
        WHEN ((old.token_hash, old.user_id, old.ends_at) IS DISTINCT FROM (new.token_hash, new.user_id, new.ends_at)
              OR new.expires_at > coalesce(new.ends_at, old.expires_at) OR (current_user = ''chemadmin'' AND old IS DISTINCT FROM new))
        EXECUTE FUNCTION control.trace_session()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_change' AND tgrelid = 'control.sessions'::regclass) \gexec
SELECT 'CREATE TRIGGER trace_password AFTER UPDATE ON control.users FOR EACH ROW
        WHEN (current_user = ''chemadmin''
              AND (old.made_password_until, old.signed_in_at) IS DISTINCT FROM (new.made_password_until, new.signed_in_at))
        EXECUTE FUNCTION control.trace_password()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_password' AND tgrelid = 'control.users'::regclass) \gexec
SELECT format('CREATE TRIGGER trace_emptying AFTER TRUNCATE ON control.%I EXECUTE FUNCTION control.trace_emptying()', t.name)
  FROM (VALUES ('labs'), ('users'), ('members'), ('administrators'), ('sessions'), ('second_factors'), ('provider_logins')) AS t (name)
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'trace_emptying' AND tgrelid = format('control.%I', t.name)::regclass) \gexec
