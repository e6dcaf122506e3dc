-- The first schema that a ChemTrack ever had, in one file: a database that began with it must become today's.
-- Made of the sql/ of that time by putting each file in the place of its \ir; never edited.

\set ON_ERROR_STOP 1
\set QUIET 1
SET client_min_messages = warning;
BEGIN;
SET LOCAL lock_timeout = '2s';

-- The roles, the schemas, and what a role may use of the database as a whole.
--   chemowner  owns everything, cannot log in
--   chemuser   the data plane: the API's connection for requests of a lab
--   chemadmin  the control plane: labs, users, members, sessions; no right on inventory
--   chem_dba   group of the DBAs: may SET ROLE chemuser and look as one lab
-- chemadmin is never granted to chemuser: an injected set_config('role', …) would then open every lab.
SELECT format('CREATE ROLE %I %s', name, options)
  FROM (VALUES ('chemowner', 'NOLOGIN'), ('chemuser', 'LOGIN NOINHERIT'), ('chemadmin', 'LOGIN NOINHERIT'),
               ('chem_dba', 'NOLOGIN')) AS wanted (name, options)
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- Whoever applies becomes chemowner for it, and may look as a lab. A superuser needs neither.
SELECT format('GRANT %I TO CURRENT_USER', name)
  FROM (VALUES ('chemowner'), ('chem_dba')) AS wanted (name)
 WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
   AND NOT EXISTS (SELECT FROM pg_auth_members AS m
                    WHERE m.roleid = name::regrole AND m.member = current_user::regrole
                      AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true)) \gexec
SELECT 'GRANT chemuser TO chem_dba'
 WHERE NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = 'chemuser'::regrole AND member = 'chem_dba'::regrole) \gexec

ALTER ROLE chemuser SET statement_timeout = '10s';
ALTER ROLE chemuser SET lock_timeout = '3s';
ALTER ROLE chemuser SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE chemuser SET jit = off;
ALTER ROLE chemadmin SET statement_timeout = '10s';
ALTER ROLE chemadmin SET lock_timeout = '3s';
ALTER ROLE chemadmin SET idle_in_transaction_session_timeout = '10s';

SELECT format('REVOKE TEMPORARY, CREATE ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO chemuser, chemadmin, chem_dba', current_database()) \gexec
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

SELECT format('CREATE SCHEMA %I AUTHORIZATION chemowner', name)
  FROM (VALUES ('control'), ('inventory'), ('reference')) AS wanted (name)
 WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = name) \gexec

SET LOCAL ROLE chemowner;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

-- control: labs, who belongs to them, who is signed in
CREATE TABLE IF NOT EXISTS control.labs (
  id          int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug        text COLLATE "C" NOT NULL
              CONSTRAINT labs_slug_is_taken UNIQUE
              CONSTRAINT labs_slug_is_a_path_word CHECK (slug ~ '^[a-z][a-z0-9-]{1,39}$' AND slug <> 'static'),
  name        text NOT NULL
              CONSTRAINT labs_name_is_one_line CHECK (name ~ '\S' AND length(name) <= 80 AND name !~ '[[:cntrl:]]'),
  time_zone   text NOT NULL DEFAULT 'UTC',
  made_at     timestamptz NOT NULL DEFAULT now(),
  archived_at timestamptz
);
COMMENT ON TABLE control.labs IS 'The tenants.';
COMMENT ON COLUMN control.labs.slug IS 'The lab''s word in every path: /checkout/curie.';
COMMENT ON COLUMN control.labs.time_zone IS 'IANA name; decides what "today" is in this lab.';
COMMENT ON COLUMN control.labs.archived_at IS 'From then on nobody enters the lab; its rows stay.';

CREATE TABLE IF NOT EXISTS control.users (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username   text COLLATE "C" NOT NULL
             CONSTRAINT users_username_is_plain CHECK (username ~ '^[a-z0-9][a-z0-9._@-]{0,63}$'),
  name       text NOT NULL
             CONSTRAINT users_name_is_one_line CHECK (name ~ '\S' AND length(name) <= 80 AND name !~ '[[:cntrl:]]'),
  made_at    timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz
);
-- A login made anew under an old name is a new user: only one of a name is not retired.
CREATE UNIQUE INDEX IF NOT EXISTS users_username_is_taken ON control.users (username) WHERE retired_at IS NULL;
COMMENT ON TABLE control.users IS 'People. Their passwords are in Secrets Manager, never here.';

CREATE TABLE IF NOT EXISTS control.members (
  lab_id   int NOT NULL REFERENCES control.labs ON DELETE RESTRICT,
  user_id  bigint NOT NULL REFERENCES control.users ON DELETE RESTRICT,
  role     text NOT NULL CONSTRAINT members_role_is_known CHECK (role IN ('viewer', 'member', 'manager')),
  made_at  timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  PRIMARY KEY (lab_id, user_id)
);
CREATE INDEX IF NOT EXISTS members_by_user ON control.members (user_id);
COMMENT ON TABLE control.members IS 'Who belongs to which lab, as what. An ended membership stays: the ledger names its user.';

CREATE TABLE IF NOT EXISTS control.administrators (
  user_id bigint PRIMARY KEY REFERENCES control.users ON DELETE CASCADE
);
COMMENT ON TABLE control.administrators IS 'Users who manage labs, members and logins. Being one opens no lab.';

CREATE TABLE IF NOT EXISTS control.sessions (
  token_hash bytea PRIMARY KEY,
  user_id    bigint NOT NULL REFERENCES control.users ON DELETE CASCADE,
  made_at    timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_by_user ON control.sessions (user_id);
CREATE INDEX IF NOT EXISTS sessions_by_expiry ON control.sessions (expires_at);
COMMENT ON TABLE control.sessions IS 'Who is signed in. Issued by chemadmin''s connection alone.';
COMMENT ON COLUMN control.sessions.token_hash IS
  'SHA-256 of the SHA-256 of the token: the API sends the inner hash, so neither the token nor what opens a lab is stored.';

CREATE TABLE IF NOT EXISTS control.login_failures (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username  text COLLATE "C" NOT NULL,
  address   text COLLATE "C" NOT NULL,
  failed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS login_failures_by_username ON control.login_failures (username, failed_at);
CREATE INDEX IF NOT EXISTS login_failures_by_address ON control.login_failures (address, failed_at);
COMMENT ON TABLE control.login_failures IS 'Failed sign-ins of the last hour, per user name and per address: they slow the next one down.';

-- Who is asking, and as which lab. A setting alone can be forged by an injected set_config, so app.lab_id is believed
-- only together with a live session of a member, or from a DBA's own login.

CREATE OR REPLACE FUNCTION control.is_dba() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT session_user NOT IN ('chemuser', 'chemadmin') AND pg_has_role(session_user, 'chem_dba', 'member')
$$;

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
  SELECT (now() AT TIME ZONE l.time_zone)::date FROM control.labs l WHERE l.id = control.lab_id()
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


-- reference: the same for all labs, read-only
CREATE TABLE IF NOT EXISTS reference.units (
  unit       text COLLATE "C" PRIMARY KEY,
  dimension  text NOT NULL CHECK (dimension IN ('mass', 'volume', 'count', 'substance', 'enzyme', 'pressure')),
  factor     numeric NOT NULL CHECK (factor > 0),
  entry_only boolean NOT NULL
);
COMMENT ON TABLE reference.units IS 'The units of amounts. Sources: SI brochure; NIST Handbook 44 appendix C for lb, oz, gal, qt and psi (US).';
COMMENT ON COLUMN reference.units.factor IS 'How many base units (g, mL, each, mol, U, bar) one of it is.';
COMMENT ON COLUMN reference.units.entry_only IS 'May be typed, never kept: turned into a metric unit on entry.';

INSERT INTO reference.units (unit, dimension, factor, entry_only)
SELECT * FROM (VALUES
  ('µg',   'mass',      0.000001::numeric, false), ('mg', 'mass', 0.001, false), ('g', 'mass', 1, false), ('kg', 'mass', 1000, false),
  ('lb',   'mass',      453.59237, true), ('oz', 'mass', 28.349523125, true),
  ('µL',   'volume',    0.001, false), ('mL', 'volume', 1, false), ('L', 'volume', 1000, false),
  ('gal',  'volume',    3785.411784, true), ('qt', 'volume', 946.352946, true),
  ('each', 'count',     1, false),
  ('µmol', 'substance', 0.000001, false), ('mmol', 'substance', 0.001, false), ('mol', 'substance', 1, false),
  ('U',    'enzyme',    1, false), ('kU', 'enzyme', 1000, false),
  ('bar',  'pressure',  1, false), ('psi', 'pressure', 0.0689475729, false)
) AS wanted (unit, dimension, factor, entry_only)
ON CONFLICT (unit) DO UPDATE SET dimension = excluded.dimension, factor = excluded.factor, entry_only = excluded.entry_only
 WHERE (units.dimension, units.factor, units.entry_only) IS DISTINCT FROM (excluded.dimension, excluded.factor, excluded.entry_only);

-- What is known of a substance whichever lab has it: fills in a form by its CAS RN. Content: sql/reference/.
CREATE TABLE IF NOT EXISTS reference.substances (
  cas_number           text COLLATE "C" PRIMARY KEY,
  name                 text NOT NULL,
  formula              text,
  molar_mass_g_per_mol numeric CHECK (molar_mass_g_per_mol > 0),
  smiles               text,
  inchikey             text,
  physical_state       text CHECK (physical_state IN ('solid', 'liquid', 'gas')),
  density_g_per_ml     numeric CHECK (density_g_per_ml > 0)
);
COMMENT ON TABLE reference.substances IS 'Identities by CAS RN.';
COMMENT ON COLUMN reference.substances.density_g_per_ml IS 'At 20 °C.';

CREATE TABLE IF NOT EXISTS reference.substance_names (
  cas_number text COLLATE "C" NOT NULL REFERENCES reference.substances ON DELETE CASCADE,
  name       text NOT NULL,
  PRIMARY KEY (cas_number, name)
);
COMMENT ON TABLE reference.substance_names IS 'Other names of a substance.';

CREATE TABLE IF NOT EXISTS reference.hazard_classifications (
  cas_number    text COLLATE "C" PRIMARY KEY REFERENCES reference.substances ON DELETE CASCADE,
  pictograms    text[] NOT NULL,
  signal_word   text CHECK (signal_word IN ('Danger', 'Warning')),
  h_statements  text[] NOT NULL,
  p_statements  text[] NOT NULL DEFAULT '{}',
  storage_class text,
  source        text NOT NULL
);
COMMENT ON TABLE reference.hazard_classifications IS
  'GHS classification by CAS RN. No row means "not known", never "not hazardous"; an empty list of pictograms means that somebody checked.';

CREATE TABLE IF NOT EXISTS reference.hazard_statements (
  code text COLLATE "C" PRIMARY KEY,
  text text NOT NULL
);
COMMENT ON TABLE reference.hazard_statements IS 'H, EUH and P statements in English. Source: GHS, annex 3 (UN, 9th revised edition); EUH: Regulation (EC) 1272/2008, annex II.';

CREATE OR REPLACE FUNCTION inventory.convert(amount numeric, from_unit text, to_unit text, density_g_per_ml numeric DEFAULT NULL)
RETURNS numeric
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f reference.units;
  t reference.units;
  result numeric;
BEGIN
  IF from_unit = to_unit OR amount IS NULL THEN
    RETURN amount;
  END IF;
  SELECT * INTO f FROM reference.units WHERE unit = from_unit;
  SELECT * INTO t FROM reference.units WHERE unit = to_unit;
  IF f.dimension = t.dimension THEN
    result := amount * f.factor / t.factor;
  ELSIF f.dimension = 'mass' AND t.dimension = 'volume' AND density_g_per_ml IS NOT NULL THEN
    result := amount * f.factor / density_g_per_ml / t.factor;
  ELSIF f.dimension = 'volume' AND t.dimension = 'mass' AND density_g_per_ml IS NOT NULL THEN
    result := amount * f.factor * density_g_per_ml / t.factor;
  ELSE
    RAISE EXCEPTION '% is not a unit of what is kept in %', from_unit, to_unit
      USING ERRCODE = '23514', CONSTRAINT = 'unit_fits_the_container',
            DETAIL = jsonb_build_object('unit', from_unit, 'container_unit', to_unit,
              'density_would_help', ARRAY[f.dimension, t.dimension] <@ ARRAY['mass', 'volume'])::text;
  END IF;
  RETURN trim_scale(round(result, 12));
END $$;
COMMENT ON FUNCTION inventory.convert(numeric, text, text, numeric) IS
  'An amount in another unit, to 12 decimals (1 ng in a kg jar is exact). Mass to volume and back only with a density in g/mL; raises 23514 unit_fits_the_container across dimensions.';


-- inventory: every table has lab_id
CREATE TABLE IF NOT EXISTS inventory.locations (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id                bigint GENERATED ALWAYS AS IDENTITY,
  parent_id         bigint,
  kind              text NOT NULL CONSTRAINT locations_kind_is_known CHECK (kind IN ('building', 'room', 'storage', 'shelf')),
  name              text NOT NULL
                    CONSTRAINT locations_name_is_one_line CHECK (name ~ '\S' AND length(name) <= 80 AND name !~ '[[:cntrl:]]'),
  name_folded       text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
  path              text COLLATE "C" NOT NULL DEFAULT '',
  full_name         text NOT NULL DEFAULT '',
  count_period_days int CONSTRAINT locations_count_period_is_positive CHECK (count_period_days BETWEEN 1 AND 3660),
  last_counted_at   timestamptz,
  made_at           timestamptz NOT NULL DEFAULT now(),
  archived_at       timestamptz,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, parent_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  CONSTRAINT locations_name_is_taken_here UNIQUE NULLS NOT DISTINCT (lab_id, parent_id, name_folded)
);
CREATE INDEX IF NOT EXISTS locations_by_path ON inventory.locations (lab_id, path);
COMMENT ON TABLE inventory.locations IS 'Where containers stand: building › room › storage unit › shelf.';
COMMENT ON COLUMN inventory.locations.path IS 'Ids from the root, /1/5/7/: a subtree is one range. Kept by a trigger.';
COMMENT ON COLUMN inventory.locations.full_name IS 'Names from the root, joined by " › ". Kept by a trigger.';
COMMENT ON COLUMN inventory.locations.count_period_days IS 'Days between two counts; none: never due.';

CREATE TABLE IF NOT EXISTS inventory.chemicals (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id                    bigint GENERATED ALWAYS AS IDENTITY,
  name                  text NOT NULL
                        CONSTRAINT chemicals_name_is_one_line CHECK (name ~ '\S' AND length(name) <= 300 AND name !~ '[[:cntrl:]]'),
  name_folded           text COLLATE "C" NOT NULL GENERATED ALWAYS AS (lower(name)) STORED,
  synonyms              text[] NOT NULL DEFAULT '{}'
                        CONSTRAINT chemicals_synonyms_are_bounded CHECK (cardinality(synonyms) <= 50 AND length(array_to_string(synonyms, ' ')) <= 5000),
  cas_number            text COLLATE "C"
                        CONSTRAINT chemicals_cas_number_has_its_form CHECK (cas_number ~ '^[1-9][0-9]{1,6}-[0-9]{2}-[0-9]$'),
  formula               text CONSTRAINT chemicals_formula_is_short CHECK (length(formula) <= 200),
  molar_mass_g_per_mol  numeric
                        CONSTRAINT chemicals_molar_mass_is_positive CHECK (molar_mass_g_per_mol > 0 AND molar_mass_g_per_mol < 1e9),
  smiles                text CONSTRAINT chemicals_smiles_is_short CHECK (length(smiles) <= 2000),
  inchikey              text CONSTRAINT chemicals_inchikey_has_its_form CHECK (inchikey ~ '^[A-Z]{14}-[A-Z]{10}-[A-Z]$'),
  physical_state        text CONSTRAINT chemicals_physical_state_is_known CHECK (physical_state IN ('solid', 'liquid', 'gas')),
  density_g_per_ml      numeric CONSTRAINT chemicals_density_is_positive CHECK (density_g_per_ml > 0 AND density_g_per_ml < 100),
  melting_point_celsius numeric CONSTRAINT chemicals_melting_point_is_a_temperature CHECK (melting_point_celsius BETWEEN -273.15 AND 10000),
  boiling_point_celsius numeric CONSTRAINT chemicals_boiling_point_is_a_temperature CHECK (boiling_point_celsius BETWEEN -273.15 AND 10000),
  flash_point_celsius   numeric CONSTRAINT chemicals_flash_point_is_a_temperature CHECK (flash_point_celsius BETWEEN -273.15 AND 10000),
  pictograms            text[] CONSTRAINT chemicals_pictograms_are_ghs CHECK (
                          pictograms <@ ARRAY['GHS01','GHS02','GHS03','GHS04','GHS05','GHS06','GHS07','GHS08','GHS09']),
  signal_word           text CONSTRAINT chemicals_signal_word_is_known CHECK (signal_word IN ('Danger', 'Warning')),
  h_statements          text[] NOT NULL DEFAULT '{}' CONSTRAINT chemicals_h_statements_are_bounded CHECK (cardinality(h_statements) <= 60),
  p_statements          text[] NOT NULL DEFAULT '{}' CONSTRAINT chemicals_p_statements_are_bounded CHECK (cardinality(p_statements) <= 80),
  storage_class         text CONSTRAINT chemicals_storage_class_is_short CHECK (length(storage_class) <= 40),
  sds_url               text CONSTRAINT chemicals_sds_url_is_a_web_address CHECK (sds_url ~ '^https?://[^\s<>"]+$' AND length(sds_url) <= 1000),
  supplier              text CONSTRAINT chemicals_supplier_is_short CHECK (length(supplier) <= 200),
  catalogue_number      text CONSTRAINT chemicals_catalogue_number_is_short CHECK (length(catalogue_number) <= 100),
  low_stock_amount      numeric CONSTRAINT chemicals_low_stock_amount_is_positive CHECK (low_stock_amount > 0 AND low_stock_amount < 1e12),
  low_stock_unit        text REFERENCES reference.units ON DELETE RESTRICT,
  notes                 text CONSTRAINT chemicals_notes_are_bounded CHECK (length(notes) <= 5000),
  made_at               timestamptz NOT NULL DEFAULT now(),
  made_by               bigint NOT NULL DEFAULT control.user_id(),
  changed_at            timestamptz NOT NULL DEFAULT now(),
  changed_by            bigint NOT NULL DEFAULT control.user_id(),
  retired_at            timestamptz,
  cas_number_sort       text COLLATE "C" NOT NULL GENERATED ALWAYS AS (coalesce(lpad(cas_number, 12, '0'), '~')) STORED,
  molar_mass_sort       double precision NOT NULL GENERATED ALWAYS AS (coalesce(molar_mass_g_per_mol::double precision, 'Infinity')) STORED,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, changed_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT chemicals_low_stock_has_amount_and_unit CHECK ((low_stock_amount IS NULL) = (low_stock_unit IS NULL)),
  CONSTRAINT chemicals_signal_word_needs_a_classification CHECK (pictograms IS NOT NULL OR (signal_word IS NULL AND h_statements = '{}'))
);
CREATE INDEX IF NOT EXISTS chemicals_by_name ON inventory.chemicals (lab_id, name_folded, id);
CREATE INDEX IF NOT EXISTS chemicals_by_cas_number ON inventory.chemicals (lab_id, cas_number_sort, id);
CREATE INDEX IF NOT EXISTS chemicals_by_molar_mass ON inventory.chemicals (lab_id, molar_mass_sort, id);
CREATE INDEX IF NOT EXISTS chemicals_with_low_stock_limit ON inventory.chemicals (lab_id, id) WHERE low_stock_amount IS NOT NULL;
COMMENT ON TABLE inventory.chemicals IS 'Substances as a lab lists them. A CAS RN may occur twice: grades, mixtures.';
COMMENT ON COLUMN inventory.chemicals.density_g_per_ml IS 'g/mL at 20 °C; lets mass and volume be converted.';
COMMENT ON COLUMN inventory.chemicals.pictograms IS 'GHS01 to GHS09. NULL: not known. Empty: somebody checked, none.';
COMMENT ON COLUMN inventory.chemicals.low_stock_amount IS 'Low when all containers together hold less than this, in low_stock_unit.';
COMMENT ON COLUMN inventory.chemicals.retired_at IS 'Confirmed as no longer available; kept for the ledger, left out of lists.';
COMMENT ON COLUMN inventory.chemicals.molar_mass_sort IS 'Sort and range key: numeric comparison is not leakproof, so cannot use an index beneath a policy.';

CREATE TABLE IF NOT EXISTS inventory.chemical_words (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  word        text COLLATE "C" NOT NULL,
  chemical_id bigint NOT NULL,
  PRIMARY KEY (lab_id, word, chemical_id),
  FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS chemical_words_by_chemical ON inventory.chemical_words (lab_id, chemical_id);
COMMENT ON TABLE inventory.chemical_words IS
  'What a chemical is found by: a query''s words are prefix ranges of this. Kept by a trigger from name, synonyms, CAS RN, formula, supplier, catalogue number; hazards as the words ghs02 and h225.';

CREATE TABLE IF NOT EXISTS inventory.deliveries (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  order_number text CONSTRAINT deliveries_order_number_is_short CHECK (length(order_number) <= 100),
  supplier     text CONSTRAINT deliveries_supplier_is_short CHECK (length(supplier) <= 200),
  received_on  date NOT NULL CONSTRAINT deliveries_received_on_is_plausible CHECK (received_on BETWEEN '1950-01-01' AND '2200-01-01'),
  made_at      timestamptz NOT NULL DEFAULT control.clock(),
  made_by      bigint NOT NULL DEFAULT control.user_id(),
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
COMMENT ON TABLE inventory.deliveries IS 'Purchases received: the containers of one delivery came together.';

CREATE TABLE IF NOT EXISTS inventory.containers (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id               bigint GENERATED ALWAYS AS IDENTITY,
  chemical_id      bigint NOT NULL,
  barcode          text COLLATE "C" NOT NULL
                   CONSTRAINT containers_barcode_is_printable CHECK (barcode ~ '^[A-Za-z0-9][A-Za-z0-9._:+-]{0,63}$'),
  unit             text REFERENCES reference.units ON DELETE RESTRICT,
  amount           numeric CONSTRAINT containers_amount_is_not_negative CHECK (amount >= 0 AND amount < 1e12),
  last_line        int NOT NULL DEFAULT 0,
  pack_size        numeric CONSTRAINT containers_pack_size_is_positive CHECK (pack_size > 0 AND pack_size < 1e12),
  pack_unit        text REFERENCES reference.units ON DELETE RESTRICT,
  location_id      bigint,
  holder_id        bigint,
  held_since       timestamptz,
  lot              text CONSTRAINT containers_lot_is_short CHECK (length(lot) <= 100),
  supplier         text CONSTRAINT containers_supplier_is_short CHECK (length(supplier) <= 200),
  catalogue_number text CONSTRAINT containers_catalogue_number_is_short CHECK (length(catalogue_number) <= 100),
  purity           text CONSTRAINT containers_purity_is_short CHECK (length(purity) <= 100),
  price            numeric CONSTRAINT containers_price_is_not_negative CHECK (price >= 0 AND price < 1e9),
  currency         text CONSTRAINT containers_currency_is_an_iso_code CHECK (currency ~ '^[A-Z]{3}$'),
  received_on      date CONSTRAINT containers_received_on_is_plausible CHECK (received_on BETWEEN '1900-01-01' AND '2200-01-01'),
  opened_on        date CONSTRAINT containers_opened_on_is_plausible CHECK (opened_on BETWEEN '1900-01-01' AND '2200-01-01'),
  expires_on       date CONSTRAINT containers_expires_on_is_plausible CHECK (expires_on BETWEEN '1900-01-01' AND '2200-01-01'),
  notes            text CONSTRAINT containers_notes_are_bounded CHECK (length(notes) <= 2000),
  delivery_id      bigint,
  import_key       text COLLATE "C",
  last_counted_at  timestamptz,
  missing_since    timestamptz,
  disposed_at      timestamptz,
  made_at          timestamptz NOT NULL DEFAULT control.clock(),
  made_by          bigint NOT NULL DEFAULT control.user_id(),
  PRIMARY KEY (lab_id, id),
  CONSTRAINT containers_barcode_is_taken UNIQUE (lab_id, barcode),
  CONSTRAINT containers_import_key_is_taken UNIQUE (lab_id, import_key),
  FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, location_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, holder_id) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, delivery_id) REFERENCES inventory.deliveries (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT containers_amount_has_a_unit CHECK (unit IS NOT NULL OR amount IS NULL),
  CONSTRAINT containers_pack_size_has_a_unit CHECK ((pack_size IS NULL) = (pack_unit IS NULL)),
  CONSTRAINT containers_price_has_a_currency CHECK ((price IS NULL) = (currency IS NULL))
);
CREATE INDEX IF NOT EXISTS containers_by_chemical ON inventory.containers (lab_id, chemical_id);
CREATE INDEX IF NOT EXISTS containers_by_location ON inventory.containers (lab_id, location_id);
CREATE INDEX IF NOT EXISTS containers_by_expiry ON inventory.containers (lab_id, expires_on) WHERE disposed_at IS NULL;
CREATE INDEX IF NOT EXISTS containers_held ON inventory.containers (lab_id, holder_id) WHERE holder_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS containers_by_delivery ON inventory.containers (lab_id, delivery_id);
COMMENT ON TABLE inventory.containers IS 'Physical bottles, jars, cylinders of a chemical. Amount and unit are moved by the ledger alone.';
COMMENT ON COLUMN inventory.containers.amount IS 'What is left, in unit. NULL: not known; never guessed, set by a count.';
COMMENT ON COLUMN inventory.containers.unit IS 'Of amount. NULL: not known either; the first count sets it.';
COMMENT ON COLUMN inventory.containers.pack_size IS 'What the label says a full one holds, in pack_unit.';
COMMENT ON COLUMN inventory.containers.last_line IS 'Number of its last line in the ledger.';
COMMENT ON COLUMN inventory.containers.holder_id IS 'Who has taken the whole bottle; NULL: it stands at its location.';
COMMENT ON COLUMN inventory.containers.price IS 'Paid for this container, in currency (ISO 4217).';
COMMENT ON COLUMN inventory.containers.import_key IS 'Fingerprint of the spreadsheet row it came from: the same file again adds nothing twice.';
COMMENT ON COLUMN inventory.containers.missing_since IS 'A posted stocktake did not find it; any later movement shows that it is there.';

CREATE TABLE IF NOT EXISTS inventory.container_numbers (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  last_number bigint NOT NULL,
  PRIMARY KEY (lab_id)
);
COMMENT ON TABLE inventory.container_numbers IS 'The last barcode number made in each lab: its own count, so that a barcode tells nothing of other labs.';

CREATE TABLE IF NOT EXISTS inventory.stocktakes (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  location_id  bigint,
  started_at   timestamptz NOT NULL DEFAULT control.clock(),
  started_by   bigint NOT NULL DEFAULT control.user_id(),
  posted_at    timestamptz,
  posted_by    bigint,
  cancelled_at timestamptz,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, location_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, started_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, posted_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX IF NOT EXISTS stocktakes_one_is_open_here ON inventory.stocktakes (lab_id, location_id) NULLS NOT DISTINCT
  WHERE posted_at IS NULL AND cancelled_at IS NULL;
COMMENT ON TABLE inventory.stocktakes IS 'Counting what is really there. Nothing is frozen meanwhile.';
COMMENT ON COLUMN inventory.stocktakes.location_id IS 'The location, with all below it, that is counted; NULL: the whole lab.';

CREATE TABLE IF NOT EXISTS inventory.stocktake_counts (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  stocktake_id   bigint NOT NULL,
  container_id   bigint NOT NULL,
  found          boolean NOT NULL,
  counted        numeric CONSTRAINT stocktake_counts_counted_is_not_negative CHECK (counted >= 0 AND counted < 1e12),
  counted_unit   text REFERENCES reference.units ON DELETE RESTRICT,
  expected       numeric,
  location_id    bigint,
  reason         text CONSTRAINT stocktake_counts_reason_is_short CHECK (length(reason) <= 200),
  recount        boolean NOT NULL DEFAULT false,
  counted_at     timestamptz NOT NULL DEFAULT control.clock(),
  counted_by     bigint NOT NULL DEFAULT control.user_id(),
  PRIMARY KEY (lab_id, stocktake_id, container_id),
  FOREIGN KEY (lab_id, stocktake_id) REFERENCES inventory.stocktakes (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, location_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, counted_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT stocktake_counts_only_what_is_found_is_counted CHECK (found OR counted IS NULL),
  CONSTRAINT stocktake_counts_counted_has_a_unit CHECK ((counted IS NULL) = (counted_unit IS NULL))
);
CREATE INDEX IF NOT EXISTS stocktake_counts_by_container ON inventory.stocktake_counts (lab_id, container_id);
COMMENT ON TABLE inventory.stocktake_counts IS 'One row a container that somebody looked for.';
COMMENT ON COLUMN inventory.stocktake_counts.found IS 'false: looked for and not found.';
COMMENT ON COLUMN inventory.stocktake_counts.counted IS 'What is in it, in counted_unit. NULL and found: it is there, nobody measured.';
COMMENT ON COLUMN inventory.stocktake_counts.expected IS 'What the ledger said when it was counted, in the container''s unit, by a trigger: posting adds counted − expected, so check-outs in between stay right.';
COMMENT ON COLUMN inventory.stocktake_counts.location_id IS 'Where it was found; posting moves it there.';
COMMENT ON COLUMN inventory.stocktake_counts.recount IS 'The reviewer wants it counted again: left out of the posting until then.';

CREATE TABLE IF NOT EXISTS inventory.movements (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  container_id bigint NOT NULL,
  line         int NOT NULL DEFAULT 0,
  kind         text NOT NULL CONSTRAINT movements_kind_is_known CHECK (
                 kind IN ('receive', 'check_out', 'return', 'count', 'dispose', 'correct')),
  typed_amount numeric CONSTRAINT movements_typed_amount_is_not_negative CHECK (typed_amount >= 0 AND typed_amount < 1e12),
  typed_unit   text REFERENCES reference.units ON DELETE RESTRICT,
  amount       numeric CONSTRAINT movements_amount_is_a_number CHECK (abs(amount) < 1e12),
  balance      numeric,
  unit         text REFERENCES reference.units ON DELETE RESTRICT,
  reason       text CONSTRAINT movements_reason_is_short CHECK (length(reason) <= 500),
  refers_to_id bigint,
  stocktake_id bigint,
  delivery_id  bigint,
  made_at      timestamptz NOT NULL DEFAULT now(),
  made_by      bigint NOT NULL DEFAULT control.user_id(),
  PRIMARY KEY (lab_id, id),
  CONSTRAINT movements_lines_are_numbered UNIQUE (lab_id, container_id, line),
  CONSTRAINT movements_count_once_a_stocktake UNIQUE (lab_id, stocktake_id, container_id),
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, refers_to_id) REFERENCES inventory.movements (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, stocktake_id) REFERENCES inventory.stocktakes (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, delivery_id) REFERENCES inventory.deliveries (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT movements_typed_amount_has_a_unit CHECK ((typed_amount IS NULL) = (typed_unit IS NULL)),
  CONSTRAINT movements_sign_fits_the_kind CHECK (
    CASE kind WHEN 'receive' THEN coalesce(amount >= 0, true)
              WHEN 'return' THEN amount > 0
              WHEN 'check_out' THEN amount < 0
              WHEN 'dispose' THEN coalesce(amount <= 0, true)
              ELSE amount IS NOT NULL END),
  CONSTRAINT movements_corrections_refer_to_a_line CHECK (kind <> 'correct' OR refers_to_id IS NOT NULL)
);
CREATE INDEX IF NOT EXISTS movements_by_time ON inventory.movements (lab_id, made_at, id);
CREATE INDEX IF NOT EXISTS movements_by_member ON inventory.movements (lab_id, made_by, made_at);
CREATE INDEX IF NOT EXISTS movements_by_reference ON inventory.movements (lab_id, refers_to_id) WHERE refers_to_id IS NOT NULL;
COMMENT ON TABLE inventory.movements IS 'The ledger, append-only: every change of an amount is one line. A trigger numbers it, takes the time and writes the balance.';
COMMENT ON COLUMN inventory.movements.line IS 'Number within its container, from 1, without gaps.';
COMMENT ON COLUMN inventory.movements.typed_amount IS 'What was typed, in typed_unit; for a count what was counted, for a correction what is right.';
COMMENT ON COLUMN inventory.movements.amount IS 'What it meant: signed, in unit. NULL: unknown (received or disposed of without knowing).';
COMMENT ON COLUMN inventory.movements.balance IS 'What was left after it, in unit. NULL: not known.';
COMMENT ON COLUMN inventory.movements.reason IS 'Purpose of a check-out, cause of a variance, why corrected or disposed of.';
COMMENT ON COLUMN inventory.movements.refers_to_id IS 'The check-out that a return belongs to; the line that a correction corrects.';

CREATE TABLE IF NOT EXISTS inventory.transfers (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id               bigint GENERATED ALWAYS AS IDENTITY,
  container_id     bigint NOT NULL,
  kind             text NOT NULL CONSTRAINT transfers_kind_is_known CHECK (kind IN ('move', 'take', 'bring_back')),
  from_location_id bigint,
  to_location_id   bigint,
  from_holder_id   bigint,
  to_holder_id     bigint,
  made_at          timestamptz NOT NULL,
  made_by          bigint NOT NULL,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, from_location_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, to_location_id) REFERENCES inventory.locations (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, from_holder_id) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, to_holder_id) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS transfers_by_container ON inventory.transfers (lab_id, container_id);
CREATE INDEX IF NOT EXISTS transfers_by_time ON inventory.transfers (lab_id, made_at, id);
COMMENT ON TABLE inventory.transfers IS 'Where containers went and who had them. Written by a trigger alone, so no change of place or holder escapes it.';

CREATE TABLE IF NOT EXISTS inventory.disposals (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  chemical_id  bigint NOT NULL,
  container_id bigint,
  reason       text NOT NULL CONSTRAINT disposals_reason_is_said CHECK (reason ~ '\S' AND length(reason) <= 500),
  marked_at    timestamptz NOT NULL DEFAULT control.clock(),
  marked_by    bigint NOT NULL DEFAULT control.user_id(),
  outcome      text CONSTRAINT disposals_outcome_is_known CHECK (outcome IN ('disposed', 'kept')),
  decided_at   timestamptz,
  decided_by   bigint,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, chemical_id) REFERENCES inventory.chemicals (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, marked_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, decided_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  CONSTRAINT disposals_decision_is_whole CHECK ((outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL) = (decided_by IS NULL))
);
CREATE UNIQUE INDEX IF NOT EXISTS disposals_marked_once ON inventory.disposals (lab_id, chemical_id, container_id) NULLS NOT DISTINCT
  WHERE outcome IS NULL;
CREATE INDEX IF NOT EXISTS disposals_by_container ON inventory.disposals (lab_id, container_id) WHERE outcome IS NULL;
COMMENT ON TABLE inventory.disposals IS 'Marked for deletion: who, when, why; then confirmed or taken back by a manager. Nothing is erased.';
COMMENT ON COLUMN inventory.disposals.container_id IS 'NULL: the whole chemical with all its containers.';

CREATE TABLE IF NOT EXISTS inventory.imports (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  id           bigint GENERATED ALWAYS AS IDENTITY,
  file_name    text NOT NULL CONSTRAINT imports_file_name_is_short CHECK (length(file_name) BETWEEN 1 AND 200),
  content      bytea,
  reading      jsonb NOT NULL DEFAULT '{}',
  made_at      timestamptz NOT NULL DEFAULT control.clock(),
  made_by      bigint NOT NULL DEFAULT control.user_id(),
  committed_at timestamptz,
  committed_by bigint,
  cancelled_at timestamptz,
  PRIMARY KEY (lab_id, id),
  FOREIGN KEY (lab_id, made_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT,
  FOREIGN KEY (lab_id, committed_by) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
COMMENT ON TABLE inventory.imports IS 'Spreadsheets on their way in.';
COMMENT ON COLUMN inventory.imports.content IS 'The file, until the import is committed or cancelled.';
COMMENT ON COLUMN inventory.imports.reading IS 'How the file is read: sheet, head row, which column is what, choices, and the summary of the preview.';

CREATE TABLE IF NOT EXISTS inventory.import_rows (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  import_id    bigint NOT NULL,
  row_number   int NOT NULL,
  key          text COLLATE "C" NOT NULL,
  state        text NOT NULL CONSTRAINT import_rows_state_is_known CHECK (state IN ('ready', 'question', 'refused', 'loaded', 'present')),
  record       jsonb NOT NULL,
  problems     jsonb NOT NULL DEFAULT '[]',
  container_id bigint,
  PRIMARY KEY (lab_id, import_id, row_number),
  FOREIGN KEY (lab_id, import_id) REFERENCES inventory.imports (lab_id, id) ON DELETE CASCADE,
  FOREIGN KEY (lab_id, container_id) REFERENCES inventory.containers (lab_id, id) ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS import_rows_by_state ON inventory.import_rows (lab_id, import_id, state, row_number);
COMMENT ON TABLE inventory.import_rows IS 'The preview of a spreadsheet, row by row: what it would become and what is wrong with it.';
COMMENT ON COLUMN inventory.import_rows.row_number IS 'As the spreadsheet numbers it, from 1, head included.';
COMMENT ON COLUMN inventory.import_rows.key IS 'Barcode, else the row''s fingerprint: becomes containers.import_key.';
COMMENT ON COLUMN inventory.import_rows.state IS 'ready and question can be loaded; refused never; loaded: made a container; present: a container of this key was there already.';

CREATE TABLE IF NOT EXISTS inventory.requests (
  lab_id int NOT NULL DEFAULT nullif(current_setting('app.lab_id', true), '')::int REFERENCES control.labs ON DELETE RESTRICT,
  user_id     bigint NOT NULL DEFAULT control.user_id(),
  key         text COLLATE "C" NOT NULL,
  fingerprint bytea NOT NULL,
  answer      jsonb,
  made_at     timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT requests_key_is_used_once PRIMARY KEY (lab_id, user_id, key),
  FOREIGN KEY (lab_id, user_id) REFERENCES control.members (lab_id, user_id) ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS requests_by_time ON inventory.requests (lab_id, user_id, made_at);
COMMENT ON TABLE inventory.requests IS 'Idempotency-Keys, claimed in the transaction that they protect: a double click or a retry moves stock once. Kept for a day.';
COMMENT ON COLUMN inventory.requests.fingerprint IS 'SHA-256 of method, path and body: a key used again for something else is refused.';
COMMENT ON COLUMN inventory.requests.answer IS 'What was answered, given again on a retry.';


-- The words that a chemical is found by, and those of a query: the same folding on both sides.

CREATE OR REPLACE FUNCTION inventory.fold(text_in text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT replace(replace(replace(replace(replace(
    translate(lower(text_in), '₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹‐‑–—', '01234567890123456789----'),
    'α', 'alpha'), 'β', 'beta'), 'γ', 'gamma'), 'δ', 'delta'), 'ω', 'omega')
$$;
COMMENT ON FUNCTION inventory.fold(text) IS 'Lower case, plain digits and hyphens, Greek letters by name.';

CREATE OR REPLACE FUNCTION inventory.words_of(text_in text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT left(w, 60) FROM regexp_split_to_table(inventory.fold(text_in), '[^[:alnum:]-]+') AS w WHERE w ~ '[[:alnum:]]'
$$;
COMMENT ON FUNCTION inventory.words_of(text) IS 'Words of a text, folded, at most 60 characters each; hyphens stay inside a word.';

CREATE OR REPLACE FUNCTION inventory.words_of_chemical(c inventory.chemicals) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  WITH named AS (
    SELECT w FROM inventory.words_of(concat_ws(' ', c.name, pg_catalog.array_to_string(c.synonyms, ' '), c.supplier)) AS w
  )
  SELECT w FROM named
  UNION SELECT part FROM named, string_to_table(w, '-') AS part WHERE part <> ''
  UNION SELECT w FROM inventory.words_of(concat_ws(' ', c.cas_number, c.formula, c.catalogue_number)) AS w
  UNION SELECT replace(c.cas_number, '-', '') WHERE c.cas_number IS NOT NULL
  UNION SELECT lower(code) FROM unnest(coalesce(c.pictograms, '{}') || c.h_statements) AS code
$$;
COMMENT ON FUNCTION inventory.words_of_chemical(inventory.chemicals) IS
  'All words of a chemical: 2-propanol is found by 2-propanol and by propanol; hazards are words too (ghs02, h225).';

CREATE OR REPLACE FUNCTION inventory.keep_location_path() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  parent inventory.locations;
BEGIN
  IF new.parent_id IS NULL THEN
    new.path := '/' || new.id || '/';
    new.full_name := new.name;
  ELSE
    SELECT * INTO parent FROM inventory.locations l WHERE l.lab_id = new.lab_id AND l.id = new.parent_id FOR SHARE;
    IF NOT found THEN
      RAISE EXCEPTION 'no such location' USING ERRCODE = '23503', CONSTRAINT = 'locations_parent_exists';
    END IF;
    IF starts_with(parent.path, '/' || new.id || '/') OR strpos(parent.path, '/' || new.id || '/') > 0 THEN
      RAISE EXCEPTION 'a location cannot lie inside itself' USING ERRCODE = '23514', CONSTRAINT = 'locations_form_a_tree';
    END IF;
    IF length(parent.path) > 200 THEN
      RAISE EXCEPTION 'too deep' USING ERRCODE = '23514', CONSTRAINT = 'locations_are_not_too_deep';
    END IF;
    new.path := parent.path || new.id || '/';
    new.full_name := parent.full_name || ' › ' || new.name;
  END IF;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER keep_location_path BEFORE INSERT OR UPDATE OF parent_id, name, path ON inventory.locations
        FOR EACH ROW EXECUTE FUNCTION inventory.keep_location_path()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_location_path' AND tgrelid = 'inventory.locations'::regclass) \gexec

CREATE OR REPLACE FUNCTION inventory.carry_location_path_down() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE inventory.locations l SET path = '' WHERE l.lab_id = new.lab_id AND l.parent_id = new.id;
  RETURN NULL;
END $$;
SELECT 'CREATE TRIGGER carry_location_path_down AFTER UPDATE ON inventory.locations
        FOR EACH ROW WHEN (old.path IS DISTINCT FROM new.path OR old.full_name IS DISTINCT FROM new.full_name)
        EXECUTE FUNCTION inventory.carry_location_path_down()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'carry_location_path_down' AND tgrelid = 'inventory.locations'::regclass) \gexec

CREATE OR REPLACE FUNCTION inventory.keep_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF tg_op = 'UPDATE' THEN
    DELETE FROM inventory.chemical_words w WHERE w.lab_id = new.lab_id AND w.chemical_id = new.id;
  END IF;
  INSERT INTO inventory.chemical_words (lab_id, word, chemical_id)
  SELECT new.lab_id, w, new.id FROM inventory.words_of_chemical(new) AS w;
  RETURN NULL;
END $$;
SELECT 'CREATE TRIGGER keep_words AFTER INSERT OR UPDATE OF name, synonyms, cas_number, formula, supplier, catalogue_number, pictograms, h_statements
        ON inventory.chemicals FOR EACH ROW EXECUTE FUNCTION inventory.keep_words()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'keep_words' AND tgrelid = 'inventory.chemicals'::regclass) \gexec

CREATE OR REPLACE FUNCTION inventory.note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  new.changed_at := control.clock();
  new.changed_by := control.user_id();
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER note_change BEFORE UPDATE ON inventory.chemicals FOR EACH ROW EXECUTE FUNCTION inventory.note_change()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'note_change' AND tgrelid = 'inventory.chemicals'::regclass) \gexec

-- A container without a barcode is given the lab's next one.
CREATE OR REPLACE FUNCTION inventory.give_barcode() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  number bigint;
BEGIN
  WHILE new.barcode IS NULL LOOP
    INSERT INTO inventory.container_numbers AS n (lab_id, last_number) VALUES (new.lab_id, 1)
    ON CONFLICT (lab_id) DO UPDATE SET last_number = n.last_number + 1
    RETURNING n.last_number INTO number;
    IF NOT EXISTS (SELECT FROM inventory.containers c WHERE c.lab_id = new.lab_id AND c.barcode = 'CT-' || lpad(number::text, 6, '0')) THEN
      new.barcode := 'CT-' || lpad(number::text, greatest(6, length(number::text)), '0');
    END IF;
  END LOOP;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER give_barcode BEFORE INSERT ON inventory.containers FOR EACH ROW WHEN (new.barcode IS NULL)
        EXECUTE FUNCTION inventory.give_barcode()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'give_barcode' AND tgrelid = 'inventory.containers'::regclass) \gexec

-- Every change of place or holder leaves a line in transfers.
CREATE OR REPLACE FUNCTION inventory.note_transfer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moment timestamptz := control.clock();
BEGIN
  IF new.holder_id IS DISTINCT FROM old.holder_id THEN
    new.held_since := CASE WHEN new.holder_id IS NOT NULL THEN moment END;
  END IF;
  INSERT INTO inventory.transfers (lab_id, container_id, kind, from_location_id, to_location_id, from_holder_id, to_holder_id, made_at, made_by)
  VALUES (new.lab_id, new.id,
          CASE WHEN new.holder_id IS NOT DISTINCT FROM old.holder_id THEN 'move' WHEN new.holder_id IS NULL THEN 'bring_back' ELSE 'take' END,
          old.location_id, new.location_id, old.holder_id, new.holder_id, moment, control.user_id());
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER note_transfer BEFORE UPDATE ON inventory.containers FOR EACH ROW
        WHEN (new.location_id IS DISTINCT FROM old.location_id OR new.holder_id IS DISTINCT FROM old.holder_id)
        EXECUTE FUNCTION inventory.note_transfer()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'note_transfer' AND tgrelid = 'inventory.containers'::regclass) \gexec

-- Posts a line of the ledger: locks the container, says what the typed amount means in the container's unit, refuses what
-- cannot be, numbers the line, takes the time and writes the balance. Errors carry the container and what is left as JSON.
CREATE OR REPLACE FUNCTION inventory.post_movement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c       inventory.containers;
  said    inventory.movements;  -- the line that a return or a correction refers to
  density numeric;
  meant   numeric;              -- the typed amount in the container's unit
  so_far  numeric;
  facts   jsonb;
BEGIN
  SELECT * INTO c FROM inventory.containers WHERE lab_id = new.lab_id AND id = new.container_id FOR UPDATE;
  IF NOT found THEN
    RAISE EXCEPTION 'no such container' USING ERRCODE = '23503', CONSTRAINT = 'movements_container_exists',
      DETAIL = jsonb_build_object('container_id', new.container_id)::text;
  END IF;
  facts := jsonb_build_object('container_id', c.id, 'barcode', c.barcode, 'left', c.amount, 'unit', c.unit);
  IF c.disposed_at IS NOT NULL AND new.kind <> 'correct' THEN
    RAISE EXCEPTION 'disposed of' USING ERRCODE = '23514', CONSTRAINT = 'movements_container_is_there', DETAIL = facts::text;
  END IF;
  IF new.kind IN ('check_out', 'return', 'correct') AND c.amount IS NULL THEN
    RAISE EXCEPTION 'amount not known' USING ERRCODE = '23514', CONSTRAINT = 'movements_amount_left_is_known', DETAIL = facts::text;
  END IF;
  IF new.kind NOT IN ('receive', 'dispose') AND new.typed_amount IS NULL THEN
    RAISE EXCEPTION 'no amount' USING ERRCODE = '23514', CONSTRAINT = 'movements_amount_is_said', DETAIL = facts::text;
  END IF;

  SELECT h.density_g_per_ml INTO density FROM inventory.chemicals h WHERE h.lab_id = c.lab_id AND h.id = c.chemical_id;
  new.unit := coalesce(c.unit, new.typed_unit);
  meant := inventory.convert(new.typed_amount, new.typed_unit, new.unit, density);

  IF new.refers_to_id IS NOT NULL THEN
    SELECT * INTO said FROM inventory.movements WHERE lab_id = new.lab_id AND id = new.refers_to_id AND container_id = new.container_id;
    IF NOT found THEN
      RAISE EXCEPTION 'no such line' USING ERRCODE = '23503', CONSTRAINT = 'movements_refers_to_a_line_of_the_container', DETAIL = facts::text;
    END IF;
  END IF;

  CASE new.kind
  WHEN 'receive' THEN
    IF c.last_line > 0 THEN
      RAISE EXCEPTION 'already received' USING ERRCODE = '23514', CONSTRAINT = 'movements_receive_comes_first', DETAIL = facts::text;
    END IF;
    new.amount := meant;
  WHEN 'check_out' THEN
    new.amount := -meant;
  WHEN 'return' THEN
    new.amount := meant;
    IF new.refers_to_id IS NOT NULL THEN
      -- What came back of this check-out, with what corrections say it was, is never more than was taken.
      SELECT coalesce(sum(m.amount), 0) INTO so_far FROM inventory.movements m
       WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id
         AND (m.id = said.id OR m.refers_to_id = said.id
              OR m.refers_to_id IN (SELECT r.id FROM inventory.movements r WHERE r.lab_id = new.lab_id AND r.refers_to_id = said.id AND r.kind = 'return'));
      IF said.kind <> 'check_out' OR so_far + meant > 0 THEN
        RAISE EXCEPTION 'more than was taken' USING ERRCODE = '23514', CONSTRAINT = 'movements_return_at_most_what_was_taken',
          DETAIL = (facts || jsonb_build_object('out', -so_far))::text;
      END IF;
    END IF;
  WHEN 'count' THEN
    so_far := c.amount;
    IF new.stocktake_id IS NOT NULL THEN
      -- Counted − expected when counted: what moved since stays moved. Counted elsewhere since it was unknown: that count holds.
      SELECT s.expected INTO so_far FROM inventory.stocktake_counts s
       WHERE s.lab_id = new.lab_id AND s.stocktake_id = new.stocktake_id AND s.container_id = new.container_id;
      IF so_far IS NULL AND c.amount IS NOT NULL THEN
        so_far := meant;
      END IF;
    END IF;
    new.amount := meant - coalesce(so_far, 0);
  WHEN 'dispose' THEN
    new.amount := -c.amount;
  WHEN 'correct' THEN
    IF said.kind = 'correct' OR said.amount IS NULL THEN
      RAISE EXCEPTION 'not a line to correct' USING ERRCODE = '23514', CONSTRAINT = 'movements_correction_is_of_an_amount', DETAIL = facts::text;
    END IF;
    IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager'
       AND (said.made_by IS DISTINCT FROM control.user_id() OR said.made_at < now() - interval '1 day') THEN
      RAISE EXCEPTION 'not yours to correct' USING ERRCODE = '42501', CONSTRAINT = 'movements_correction_is_by_author_or_manager', DETAIL = facts::text;
    END IF;
    SELECT coalesce(sum(m.amount), 0) INTO so_far FROM inventory.movements m
     WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id AND m.kind = 'correct' AND m.refers_to_id = said.id;
    -- What the line should have meant, less what it and its corrections mean so far.
    new.amount := CASE said.kind
        WHEN 'check_out' THEN -meant
        WHEN 'dispose' THEN 0
        WHEN 'count' THEN meant - (inventory.convert(said.typed_amount, said.typed_unit, new.unit, density) - said.amount)
        ELSE meant END - said.amount - so_far;
    IF said.kind = 'check_out' AND -(said.amount + so_far + new.amount) < (
        SELECT coalesce(sum(m.amount), 0) FROM inventory.movements m
         WHERE m.lab_id = new.lab_id AND m.container_id = new.container_id AND m.kind = 'return' AND m.refers_to_id = said.id) THEN
      RAISE EXCEPTION 'more came back' USING ERRCODE = '23514', CONSTRAINT = 'movements_return_at_most_what_was_taken', DETAIL = facts::text;
    END IF;
  END CASE;

  IF c.amount + new.amount < 0 THEN
    RAISE EXCEPTION 'not enough left' USING ERRCODE = '23514', CONSTRAINT = 'containers_amount_is_not_negative', DETAIL = facts::text;
  END IF;
  new.balance := CASE WHEN c.last_line = 0 OR (new.kind = 'count' AND c.amount IS NULL) THEN new.amount ELSE c.amount + new.amount END;
  new.line := c.last_line + 1;
  new.made_at := control.clock();
  UPDATE inventory.containers
     SET amount = new.balance, unit = new.unit, last_line = new.line, missing_since = NULL,
         opened_on = CASE WHEN new.kind = 'check_out' THEN coalesce(opened_on, control.today()) ELSE opened_on END,
         last_counted_at = CASE WHEN new.kind = 'count' THEN new.made_at ELSE last_counted_at END,
         disposed_at = CASE WHEN new.kind = 'dispose' THEN new.made_at WHEN said.kind = 'dispose' THEN NULL ELSE disposed_at END,
         holder_id = CASE WHEN new.kind = 'dispose' THEN NULL ELSE holder_id END
   WHERE lab_id = c.lab_id AND id = c.id;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER post_movement BEFORE INSERT ON inventory.movements FOR EACH ROW EXECUTE FUNCTION inventory.post_movement()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'post_movement' AND tgrelid = 'inventory.movements'::regclass) \gexec

-- Stores what the ledger says when something is counted; a stocktake that is over takes no more counts.
CREATE OR REPLACE FUNCTION inventory.expect_amount() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM inventory.stocktakes s
    WHERE s.lab_id = new.lab_id AND s.id = new.stocktake_id AND s.posted_at IS NULL AND s.cancelled_at IS NULL FOR SHARE;
  IF NOT found THEN
    RAISE EXCEPTION 'not an open stocktake' USING ERRCODE = '23514', CONSTRAINT = 'stocktake_counts_stocktake_is_open';
  END IF;
  IF tg_op = 'INSERT' OR (new.counted, new.counted_unit, new.found) IS DISTINCT FROM (old.counted, old.counted_unit, old.found) OR old.recount AND NOT new.recount THEN
    SELECT c.amount INTO new.expected FROM inventory.containers c WHERE c.lab_id = new.lab_id AND c.id = new.container_id FOR SHARE;
    new.counted_at := control.clock();
    new.counted_by := control.user_id();
  END IF;
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER expect_amount BEFORE INSERT OR UPDATE ON inventory.stocktake_counts FOR EACH ROW EXECUTE FUNCTION inventory.expect_amount()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'expect_amount' AND tgrelid = 'inventory.stocktake_counts'::regclass) \gexec

-- Who decided and when is written by the database; a decision is made once, by a manager.
CREATE OR REPLACE FUNCTION inventory.note_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF old.outcome IS NOT NULL THEN
    RAISE EXCEPTION 'already decided' USING ERRCODE = '23514', CONSTRAINT = 'disposals_are_decided_once';
  END IF;
  IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager' AND (new.outcome <> 'kept' OR old.marked_by <> control.user_id()) THEN
    RAISE EXCEPTION 'a manager decides' USING ERRCODE = '42501', CONSTRAINT = 'disposals_are_decided_by_a_manager';
  END IF;
  new.decided_at := control.clock();
  new.decided_by := control.user_id();
  RETURN new;
END $$;
SELECT 'CREATE TRIGGER note_decision BEFORE UPDATE OF outcome ON inventory.disposals FOR EACH ROW EXECUTE FUNCTION inventory.note_decision()'
 WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'note_decision' AND tgrelid = 'inventory.disposals'::regclass) \gexec


-- Containers as a person sees them: with chemical, place, holder and what is marked. security_invoker: the reader's policies hold.
CREATE OR REPLACE VIEW inventory.stock WITH (security_invoker = true) AS
SELECT c.lab_id, c.id, c.barcode, c.chemical_id, h.name AS chemical_name, h.name_folded AS chemical_name_folded, h.cas_number,
       h.pictograms, h.signal_word, h.h_statements, h.density_g_per_ml,
       c.amount, c.unit, c.pack_size, c.pack_unit, c.location_id, l.full_name AS location, l.path AS location_path,
       c.holder_id, u.name AS holder, c.held_since, m.ended_at AS holder_left_at,
       c.lot, c.supplier, c.catalogue_number, c.purity, c.price, c.currency, c.received_on, c.opened_on, c.expires_on, c.notes,
       c.delivery_id, c.last_counted_at, c.missing_since, c.disposed_at, c.made_at, c.last_line,
       EXISTS (SELECT FROM inventory.disposals d
                WHERE d.lab_id = c.lab_id AND d.chemical_id = c.chemical_id AND (d.container_id = c.id OR d.container_id IS NULL)
                  AND d.outcome IS NULL) AS marked
  FROM inventory.containers c
  JOIN inventory.chemicals h ON h.lab_id = c.lab_id AND h.id = c.chemical_id
  LEFT JOIN inventory.locations l ON l.lab_id = c.lab_id AND l.id = c.location_id
  LEFT JOIN control.members m ON m.lab_id = c.lab_id AND m.user_id = c.holder_id
  LEFT JOIN control.users u ON u.id = c.holder_id;
COMMENT ON VIEW inventory.stock IS 'Containers with chemical, place, holder and mark; disposed ones too (disposed_at).';

-- Ledger and transfers in one list, newest first by (made_at, source, id).
CREATE OR REPLACE VIEW inventory.history WITH (security_invoker = true) AS
SELECT e.lab_id, e.source, e.id, e.made_at, e.kind, e.made_by, u.name AS made_by_name,
       e.container_id, c.barcode, c.chemical_id, h.name AS chemical_name, h.cas_number,
       e.typed_amount, e.typed_unit, e.amount, e.unit, e.balance, e.reason, e.refers_to_id, e.stocktake_id, e.delivery_id,
       f.full_name AS from_location, t.full_name AS to_location, fh.name AS from_holder, th.name AS to_holder
  FROM (SELECT m.lab_id, 'movement'::text AS source, m.id, m.made_at, m.kind, m.made_by, m.container_id, m.typed_amount, m.typed_unit,
               m.amount, m.unit, m.balance, m.reason, m.refers_to_id, m.stocktake_id, m.delivery_id,
               NULL::bigint AS from_location_id, NULL::bigint AS to_location_id, NULL::bigint AS from_holder_id, NULL::bigint AS to_holder_id
          FROM inventory.movements m
        UNION ALL
        SELECT t.lab_id, 'transfer', t.id, t.made_at, t.kind, t.made_by, t.container_id, NULL, NULL,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               t.from_location_id, t.to_location_id, t.from_holder_id, t.to_holder_id
          FROM inventory.transfers t) AS e
  JOIN inventory.containers c ON c.lab_id = e.lab_id AND c.id = e.container_id
  JOIN inventory.chemicals h ON h.lab_id = c.lab_id AND h.id = c.chemical_id
  JOIN control.users u ON u.id = e.made_by
  LEFT JOIN inventory.locations f ON f.lab_id = e.lab_id AND f.id = e.from_location_id
  LEFT JOIN inventory.locations t ON t.lab_id = e.lab_id AND t.id = e.to_location_id
  LEFT JOIN control.users fh ON fh.id = e.from_holder_id
  LEFT JOIN control.users th ON th.id = e.to_holder_id;
COMMENT ON VIEW inventory.history IS 'Everything that happened to containers: movements of amounts, and transfers of place or holder.';


-- Rows from JSON objects: only the keys given are written, so the caller's column grants decide what may be.

CREATE OR REPLACE FUNCTION inventory.insert_row(target regclass, fields jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  columns text := (SELECT string_agg(quote_ident(key), ', ' ORDER BY key) FROM jsonb_object_keys(fields) AS key);
  made bigint;
BEGIN
  EXECUTE format('INSERT INTO %1$s (%2$s) SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, $1) RETURNING id', target, columns)
     INTO made USING fields;
  RETURN made;
END $$;
COMMENT ON FUNCTION inventory.insert_row(regclass, jsonb) IS 'Inserts one row of an inventory table from a JSON object and returns its id.';

CREATE OR REPLACE FUNCTION inventory.update_row(target regclass, row_id bigint, fields jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  columns text := (SELECT string_agg(quote_ident(key), ', ' ORDER BY key) FROM jsonb_object_keys(fields) AS key);
  changed bigint;
BEGIN
  EXECUTE format('UPDATE %1$s SET (%2$s) = (SELECT %2$s FROM jsonb_populate_record(NULL::%1$s, $1)) WHERE id = $2 RETURNING id', target, columns)
     INTO changed USING fields, row_id;
  RETURN changed;
END $$;
COMMENT ON FUNCTION inventory.update_row(regclass, bigint, jsonb) IS
  'Changes the given columns of one row of an inventory table and returns its id; NULL when the lab has no such row.';

-- A purchase arrives: one delivery, many lines, each becoming containers. A line's chemical is listed already (chemical_id) or
-- made now (chemical). An error says which line by its hint, /lines/3.
CREATE OR REPLACE FUNCTION inventory.receive(delivery jsonb, lines jsonb) RETURNS TABLE (delivery_id bigint, line int, container_id bigint, barcode text)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  item      jsonb;
  substance bigint;
  fields    jsonb;
  state     text; said text; broken text; facts text; of_column text;
BEGIN
  line := -1;
  delivery_id := inventory.insert_row('inventory.deliveries', delivery);
  FOR item IN SELECT value FROM jsonb_array_elements(lines) LOOP
    line := line + 1;
    substance := coalesce((item ->> 'chemical_id')::bigint, inventory.insert_row('inventory.chemicals', item -> 'chemical'));
    FOR number IN 0 .. (item ->> 'count')::int - 1 LOOP
      fields := (item -> 'container') || jsonb_build_object('chemical_id', substance, 'delivery_id', delivery_id);
      IF item -> 'barcodes' ->> number IS NOT NULL THEN
        fields := fields || jsonb_build_object('barcode', item -> 'barcodes' ->> number);
      END IF;
      container_id := inventory.insert_row('inventory.containers', fields);
      INSERT INTO inventory.movements AS m (container_id, kind, typed_amount, typed_unit, delivery_id)
      VALUES (container_id, 'receive', (item ->> 'amount')::numeric, CASE WHEN item ->> 'amount' IS NOT NULL THEN item ->> 'unit' END, delivery_id);
      SELECT c.barcode INTO barcode FROM inventory.containers c WHERE c.id = container_id;
      RETURN NEXT;
    END LOOP;
  END LOOP;
EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, said = MESSAGE_TEXT, broken = CONSTRAINT_NAME, facts = PG_EXCEPTION_DETAIL, of_column = COLUMN_NAME;
  RAISE EXCEPTION '%', said USING ERRCODE = state, CONSTRAINT = broken, DETAIL = facts, COLUMN = of_column,
    HINT = CASE WHEN line >= 0 THEN '/lines/' || line ELSE '' END;
END $$;
COMMENT ON FUNCTION inventory.receive(jsonb, jsonb) IS
  'delivery: columns of inventory.deliveries. lines: [{chemical_id | chemical, count, barcodes: [text | null], amount | null, unit, container: columns of inventory.containers}]. Returns what was made, in the order of the lines.';

CREATE OR REPLACE FUNCTION inventory.post_stocktake(stocktake bigint)
RETURNS TABLE (counts int, amounts_changed int, moved int, missing int, left_for_recount int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s      inventory.stocktakes;
  root   text;
  lab    int := control.lab_id();
  moment timestamptz := control.clock();
BEGIN
  SELECT * INTO s FROM inventory.stocktakes t WHERE t.lab_id = lab AND t.id = stocktake FOR UPDATE;
  IF NOT found THEN
    RAISE EXCEPTION 'no such stocktake' USING ERRCODE = 'P0002', CONSTRAINT = 'stocktake_exists';
  ELSIF s.posted_at IS NOT NULL OR s.cancelled_at IS NOT NULL THEN
    RAISE EXCEPTION 'not an open stocktake' USING ERRCODE = '23514', CONSTRAINT = 'stocktake_is_open';
  END IF;

  WITH written AS (
    INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason, stocktake_id)
    SELECT n.container_id, 'count', n.counted, n.counted_unit, n.reason, n.stocktake_id
      FROM inventory.stocktake_counts n
      JOIN inventory.containers c ON c.lab_id = n.lab_id AND c.id = n.container_id AND c.disposed_at IS NULL
     WHERE n.lab_id = lab AND n.stocktake_id = stocktake AND n.counted IS NOT NULL AND NOT n.recount
     ORDER BY n.container_id
    RETURNING amount)
  SELECT count(*), count(*) FILTER (WHERE amount <> 0) INTO counts, amounts_changed FROM written;

  WITH placed AS (
    UPDATE inventory.containers c SET location_id = n.location_id
      FROM inventory.stocktake_counts n
     WHERE n.lab_id = lab AND n.stocktake_id = stocktake AND n.found AND NOT n.recount AND n.location_id IS NOT NULL
       AND c.lab_id = lab AND c.id = n.container_id AND c.disposed_at IS NULL AND c.location_id IS DISTINCT FROM n.location_id
    RETURNING 1)
  SELECT count(*) INTO moved FROM placed;

  UPDATE inventory.containers c SET missing_since = NULL, last_counted_at = moment
    FROM inventory.stocktake_counts n
   WHERE n.lab_id = lab AND n.stocktake_id = stocktake AND n.found AND n.counted IS NULL AND NOT n.recount
     AND c.lab_id = lab AND c.id = n.container_id AND c.disposed_at IS NULL;

  WITH lost AS (
    UPDATE inventory.containers c SET missing_since = coalesce(c.missing_since, moment), last_counted_at = moment
      FROM inventory.stocktake_counts n
     WHERE n.lab_id = lab AND n.stocktake_id = stocktake AND NOT n.found AND NOT n.recount
       AND c.lab_id = lab AND c.id = n.container_id AND c.disposed_at IS NULL
    RETURNING 1)
  SELECT count(*) INTO missing FROM lost;

  SELECT count(*) INTO left_for_recount FROM inventory.stocktake_counts n WHERE n.lab_id = lab AND n.stocktake_id = stocktake AND n.recount;

  -- A location is counted when nothing that is expected there was left out.
  SELECT l.path INTO root FROM inventory.locations l WHERE l.lab_id = lab AND l.id = s.location_id;
  UPDATE inventory.locations l SET last_counted_at = moment
   WHERE l.lab_id = lab AND starts_with(l.path, coalesce(root, '/'))
     AND NOT EXISTS (
       SELECT FROM inventory.containers c
         JOIN inventory.locations below ON below.lab_id = lab AND below.id = c.location_id AND starts_with(below.path, l.path)
        WHERE c.lab_id = lab AND c.disposed_at IS NULL AND c.missing_since IS NULL
          AND NOT EXISTS (SELECT FROM inventory.stocktake_counts n
                           WHERE n.lab_id = lab AND n.stocktake_id = stocktake AND n.container_id = c.id AND NOT n.recount));

  UPDATE inventory.stocktakes t SET posted_at = moment, posted_by = control.user_id() WHERE t.lab_id = lab AND t.id = stocktake;
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION inventory.post_stocktake(bigint) IS
  'Posts a stocktake in one go: a count movement for each measured container, moves of what was found elsewhere, missing for what was not found, and the date of the count on each location that was counted whole.';

CREATE OR REPLACE FUNCTION inventory.confirm_disposals(disposal_ids bigint[]) RETURNS TABLE (disposed_containers int, retired_chemicals int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab int := control.lab_id();
  chemicals bigint[];
BEGIN
  SELECT array_agg(DISTINCT d.chemical_id) INTO chemicals
    FROM inventory.disposals d WHERE d.lab_id = lab AND d.id = ANY (disposal_ids) AND d.container_id IS NULL;
  IF (SELECT count(*) FROM inventory.disposals d WHERE d.lab_id = lab AND d.id = ANY (disposal_ids)) <> cardinality(disposal_ids) THEN
    RAISE EXCEPTION 'no such mark' USING ERRCODE = 'P0002', CONSTRAINT = 'disposal_exists';
  END IF;

  WITH written AS (
    INSERT INTO inventory.movements (container_id, kind, reason)
    SELECT DISTINCT ON (c.id) c.id, 'dispose', d.reason
      FROM inventory.disposals d
      JOIN inventory.containers c ON c.lab_id = lab AND c.chemical_id = d.chemical_id AND (c.id = d.container_id OR d.container_id IS NULL)
     WHERE d.lab_id = lab AND d.id = ANY (disposal_ids) AND c.disposed_at IS NULL
     ORDER BY c.id, d.id
    RETURNING 1)
  SELECT count(*) INTO disposed_containers FROM written;

  UPDATE inventory.disposals d SET outcome = 'disposed'
   WHERE d.lab_id = lab AND (d.id = ANY (disposal_ids) OR (d.outcome IS NULL AND d.chemical_id = ANY (chemicals)));

  WITH retired AS (
    UPDATE inventory.chemicals h SET retired_at = control.clock() WHERE h.lab_id = lab AND h.id = ANY (chemicals) AND h.retired_at IS NULL RETURNING 1)
  SELECT count(*) INTO retired_chemicals FROM retired;
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION inventory.confirm_disposals(bigint[]) IS
  'Confirms marks for deletion: disposes of their containers through the ledger; a marked chemical is retired with all its containers. Only a manager (the trigger of inventory.disposals refuses others).';

CREATE OR REPLACE FUNCTION inventory.ensure_location(names text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  kinds text[] := ARRAY['building', 'room', 'storage', 'shelf'];
  depth int := 0;
  here  bigint;
  above bigint;
  part  text;
BEGIN
  FOREACH part IN ARRAY coalesce(names, '{}') LOOP
    CONTINUE WHEN btrim(part) = '';
    depth := depth + 1;
    above := here;
    SELECT l.id INTO here FROM inventory.locations l WHERE l.parent_id IS NOT DISTINCT FROM above AND l.name_folded = lower(btrim(part));
    IF NOT found THEN
      INSERT INTO inventory.locations AS l (parent_id, kind, name) VALUES (above, kinds[least(depth, 4)], btrim(part)) RETURNING l.id INTO here;
    END IF;
  END LOOP;
  RETURN here;
END $$;
COMMENT ON FUNCTION inventory.ensure_location(text[]) IS 'The location of that path of names, made where missing; NULL for an empty path.';

CREATE OR REPLACE FUNCTION inventory.load_import_rows(import bigint, batch int) RETURNS TABLE (loaded int, present int, waiting int)
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r         inventory.import_rows;
  substance bigint;
  made      bigint;
  place     bigint;
  places    jsonb := '{}';
  place_key text;
BEGIN
  loaded := 0; present := 0;
  FOR r IN SELECT * FROM inventory.import_rows i WHERE i.import_id = import AND i.state = 'ready' ORDER BY i.row_number LIMIT batch LOOP
    SELECT c.id INTO made FROM inventory.containers c WHERE c.import_key = r.key;
    IF NOT found THEN
      SELECT c.id INTO made FROM inventory.containers c WHERE c.barcode = r.record -> 'container' ->> 'barcode';
    END IF;
    IF made IS NOT NULL THEN
      UPDATE inventory.import_rows i SET state = 'present', container_id = made WHERE i.import_id = import AND i.row_number = r.row_number;
      present := present + 1;
      CONTINUE;
    END IF;

    SELECT h.id INTO substance FROM inventory.chemicals h
     WHERE h.name_folded = lower(r.record -> 'chemical' ->> 'name')
       AND h.cas_number IS NOT DISTINCT FROM (r.record -> 'chemical' ->> 'cas_number') AND h.retired_at IS NULL
     ORDER BY h.id LIMIT 1;
    IF NOT found THEN
      substance := inventory.insert_row('inventory.chemicals', r.record -> 'chemical');
    END IF;

    place_key := coalesce(r.record ->> 'location_path', '[]');
    IF NOT places ? place_key THEN
      places := jsonb_set(places, ARRAY[place_key], coalesce(to_jsonb(inventory.ensure_location(
        ARRAY(SELECT jsonb_array_elements_text(coalesce(r.record -> 'location_path', '[]'))))), 'null'));
    END IF;
    place := (places ->> place_key)::bigint;

    INSERT INTO inventory.containers AS c (chemical_id, barcode, location_id, unit, pack_size, pack_unit, lot, supplier, catalogue_number,
                                           purity, price, currency, received_on, opened_on, expires_on, notes, import_key)
    SELECT substance, f.barcode, place, f.unit, f.pack_size, f.pack_unit, f.lot, f.supplier, f.catalogue_number,
           f.purity, f.price, f.currency, f.received_on, f.opened_on, f.expires_on, f.notes, r.key
      FROM jsonb_populate_record(NULL::inventory.containers, r.record -> 'container') AS f
    RETURNING c.id INTO made;
    INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason)
    SELECT made, 'receive', f.amount, CASE WHEN f.amount IS NOT NULL THEN f.unit END, 'Imported'
      FROM jsonb_populate_record(NULL::inventory.containers, r.record -> 'container') AS f;
    UPDATE inventory.import_rows i SET state = 'loaded', container_id = made WHERE i.import_id = import AND i.row_number = r.row_number;
    loaded := loaded + 1;
  END LOOP;
  SELECT count(*) INTO waiting FROM inventory.import_rows i WHERE i.import_id = import AND i.state = 'ready';
  RETURN NEXT;
EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
  DECLARE
    state text; said text; broken text; facts text;
  BEGIN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, said = MESSAGE_TEXT, broken = CONSTRAINT_NAME, facts = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION '%', said USING ERRCODE = state, CONSTRAINT = broken, DETAIL = facts, HINT = '/rows/' || r.row_number;
  END;
END $$;
COMMENT ON FUNCTION inventory.load_import_rows(bigint, int) IS
  'Turns the next rows that are ready into chemicals, locations, containers and receive movements, at most batch of them. A row whose key or barcode is there already is left alone (present).';

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


GRANT USAGE ON SCHEMA control, inventory, reference TO chemuser;
GRANT USAGE ON SCHEMA control TO chemadmin;

SELECT 'ALTER TABLE control.labs ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.labs'::regclass) \gexec
SELECT 'CREATE POLICY "a lab sees itself" ON control.labs FOR SELECT TO chemuser USING (id = (SELECT control.lab_id()))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.labs'::regclass AND polname = 'a lab sees itself') \gexec
SELECT 'CREATE POLICY "administration keeps labs" ON control.labs TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.labs'::regclass AND polname = 'administration keeps labs') \gexec
GRANT SELECT ON control.labs TO chemuser, chemadmin;
GRANT INSERT (slug, name, time_zone), UPDATE (slug, name, time_zone, archived_at) ON control.labs TO chemadmin;

SELECT 'ALTER TABLE control.users ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.users'::regclass) \gexec
-- The subquery obeys the policy of control.members: only those who are or were members of this lab.
SELECT 'CREATE POLICY "a lab sees its own people" ON control.users FOR SELECT TO chemuser
        USING (id IN (SELECT m.user_id FROM control.members m))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.users'::regclass AND polname = 'a lab sees its own people') \gexec
SELECT 'CREATE POLICY "administration keeps users" ON control.users TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.users'::regclass AND polname = 'administration keeps users') \gexec
GRANT SELECT (id, username, name) ON control.users TO chemuser;
GRANT SELECT, INSERT (username, name), UPDATE (name, retired_at) ON control.users TO chemadmin;

SELECT 'ALTER TABLE control.members ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.members'::regclass) \gexec
SELECT 'CREATE POLICY "a lab sees its own members" ON control.members FOR SELECT TO chemuser USING (lab_id = (SELECT control.lab_id()))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.members'::regclass AND polname = 'a lab sees its own members') \gexec
SELECT 'CREATE POLICY "administration keeps members" ON control.members TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.members'::regclass AND polname = 'administration keeps members') \gexec
GRANT SELECT ON control.members TO chemuser, chemadmin;
GRANT INSERT (lab_id, user_id, role), UPDATE (role, ended_at) ON control.members TO chemadmin;

SELECT 'ALTER TABLE control.administrators ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.administrators'::regclass) \gexec
SELECT 'CREATE POLICY "administration keeps administrators" ON control.administrators TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.administrators'::regclass AND polname = 'administration keeps administrators') \gexec
GRANT SELECT, INSERT, DELETE ON control.administrators TO chemadmin;

SELECT 'ALTER TABLE control.sessions ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.sessions'::regclass) \gexec
SELECT 'CREATE POLICY "administration keeps sessions" ON control.sessions TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.sessions'::regclass AND polname = 'administration keeps sessions') \gexec
GRANT SELECT, INSERT (token_hash, user_id, expires_at), DELETE ON control.sessions TO chemadmin;

SELECT 'ALTER TABLE control.login_failures ENABLE ROW LEVEL SECURITY'
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = 'control.login_failures'::regclass) \gexec
SELECT 'CREATE POLICY "administration keeps login failures" ON control.login_failures TO chemadmin USING (true) WITH CHECK (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'control.login_failures'::regclass AND polname = 'administration keeps login failures') \gexec
GRANT SELECT, INSERT (username, address), DELETE ON control.login_failures TO chemadmin;

GRANT SELECT ON reference.units, reference.substances, reference.substance_names, reference.hazard_classifications, reference.hazard_statements
  TO chemuser;

\set table locations
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

GRANT SELECT, INSERT (parent_id, kind, name, count_period_days), UPDATE (parent_id, kind, name, count_period_days, archived_at)
   ON inventory.locations TO chemuser;

\set table chemicals
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

GRANT SELECT,
      INSERT (name, synonyms, cas_number, formula, molar_mass_g_per_mol, smiles, inchikey, physical_state, density_g_per_ml,
              melting_point_celsius, boiling_point_celsius, flash_point_celsius, pictograms, signal_word, h_statements, p_statements,
              storage_class, sds_url, supplier, catalogue_number, low_stock_amount, low_stock_unit, notes),
      UPDATE (name, synonyms, cas_number, formula, molar_mass_g_per_mol, smiles, inchikey, physical_state, density_g_per_ml,
              melting_point_celsius, boiling_point_celsius, flash_point_celsius, pictograms, signal_word, h_statements, p_statements,
              storage_class, sds_url, supplier, catalogue_number, low_stock_amount, low_stock_unit, notes)
   ON inventory.chemicals TO chemuser;

\set table chemical_words
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

-- Written by a trigger alone.
GRANT SELECT ON inventory.chemical_words TO chemuser;

\set table deliveries
\set also 'AND made_by = (SELECT control.user_id())'
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

GRANT SELECT, INSERT (order_number, supplier, received_on) ON inventory.deliveries TO chemuser;

\set table containers
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

-- No grant on amount, last_line, disposed_at, missing_since: the ledger and the stocktake move those. unit is said once.
GRANT SELECT,
      INSERT (chemical_id, barcode, unit, pack_size, pack_unit, location_id, lot, supplier, catalogue_number, purity, price, currency,
              received_on, opened_on, expires_on, notes, delivery_id, import_key),
      UPDATE (location_id, holder_id, pack_size, pack_unit, lot, supplier, catalogue_number, purity, price, currency,
              received_on, opened_on, expires_on, notes)
   ON inventory.containers TO chemuser;

\set table container_numbers
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

-- Written by a trigger alone; nobody reads it.

\set table stocktakes
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

GRANT SELECT, INSERT (location_id), UPDATE (cancelled_at) ON inventory.stocktakes TO chemuser;

\set table stocktake_counts
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

GRANT SELECT,
      INSERT (stocktake_id, container_id, found, counted, counted_unit, location_id, reason, recount),
      UPDATE (found, counted, counted_unit, location_id, reason, recount),
      DELETE
   ON inventory.stocktake_counts TO chemuser;

\set table movements
\set also 'AND made_by = (SELECT control.user_id())'
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

-- Append-only: nobody updates or deletes a line. Amount, balance, line and time are the trigger's.
GRANT SELECT, INSERT (container_id, kind, typed_amount, typed_unit, reason, refers_to_id, stocktake_id, delivery_id)
   ON inventory.movements TO chemuser;

\set table transfers
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

-- Written by a trigger alone.
GRANT SELECT ON inventory.transfers TO chemuser;

\set table disposals
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

GRANT SELECT, INSERT (chemical_id, container_id, reason), UPDATE (outcome) ON inventory.disposals TO chemuser;

\set table imports
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

GRANT SELECT, INSERT (file_name, content, reading), UPDATE (content, reading, committed_at, committed_by, cancelled_at) ON inventory.imports TO chemuser;

\set table import_rows
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

GRANT SELECT, INSERT (import_id, row_number, key, state, record, problems), UPDATE (state, record, problems, container_id), DELETE
   ON inventory.import_rows TO chemuser;

\set table requests
\set also 'AND user_id = (SELECT control.user_id())'
-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also

GRANT SELECT, INSERT (key, fingerprint), UPDATE (answer), DELETE ON inventory.requests TO chemuser;

-- What may be called, and views. Nothing is executable by PUBLIC.
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', p.oid::regprocedure)
  FROM pg_proc p
 WHERE p.pronamespace IN ('control'::regnamespace, 'inventory'::regnamespace, 'reference'::regnamespace)
   AND has_function_privilege('public', p.oid, 'EXECUTE') \gexec
GRANT EXECUTE ON FUNCTION control.is_dba(), control.lab_id(), control.user_id(), control.role(), control.clock(), control.today(),
  control.enter_session(text, text, text),
  inventory.convert(numeric, text, text, numeric), inventory.fold(text), inventory.words_of(text), inventory.words_of_chemical(inventory.chemicals),
  inventory.insert_row(regclass, jsonb), inventory.update_row(regclass, bigint, jsonb), inventory.receive(jsonb, jsonb),
  inventory.post_stocktake(bigint), inventory.confirm_disposals(bigint[]), inventory.ensure_location(text[]),
  inventory.load_import_rows(bigint, int)
TO chemuser;
GRANT SELECT ON inventory.stock, inventory.history TO chemuser;
GRANT EXECUTE ON FUNCTION control.enter_administration(text) TO chemadmin;

COMMIT;
