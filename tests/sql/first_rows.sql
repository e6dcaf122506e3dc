-- Rows for every table of the very first schema, in two labs at work and an archived one: the content of an old database, which
-- test_upgrade.py brings to today's schema. This file is never edited. Run by the database's owner.
\set ON_ERROR_STOP 1
\set QUIET 1
BEGIN;
SET LOCAL ROLE chemowner;
INSERT INTO control.labs (slug, name, time_zone) VALUES ('curie', 'Curie lab', 'Europe/London'), ('hodgkin', 'Hodgkin lab', 'America/New_York'),
  ('noether', 'Noether lab', 'UTC');
INSERT INTO control.users (username, name) VALUES ('ada', 'Ada Lind'), ('ben', 'Ben Okoro'), ('eve', 'Eve Tanaka'), ('root', 'Root');
INSERT INTO control.users (username, name, retired_at) VALUES ('gone', 'Somebody who left', now());
INSERT INTO control.administrators (user_id) SELECT id FROM control.users WHERE username = 'root';
INSERT INTO control.members (lab_id, user_id, role, ended_at)
SELECT l.id, u.id, CASE u.username WHEN 'ben' THEN 'member' ELSE 'manager' END, u.retired_at
  FROM control.labs l, control.users u WHERE u.username <> 'root';
INSERT INTO control.sessions (token_hash, user_id, expires_at) SELECT sha256('one'), id, 'infinity' FROM control.users WHERE username = 'ada';
INSERT INTO control.login_failures (username, address) VALUES ('ada', '192.0.2.1');

DO $$
DECLARE
  lab        record;
  room       bigint;
  shelf      bigint;
  salt       bigint;
  water      bigint;
  delivery   bigint;
  jars       bigint[];
  jar        bigint;
  line       bigint;
  stocktake  bigint;
  mark       bigint;
  import     bigint;
  person     bigint;
BEGIN
  FOR lab IN SELECT l.id, l.slug, a.id AS ada, b.id AS ben FROM control.labs l
               JOIN control.users a ON a.username = 'ada' JOIN control.users b ON b.username = 'ben' ORDER BY l.id LOOP
    PERFORM set_config('app.lab_id', lab.id::text, true), set_config('app.user_id', lab.ada::text, true),
            set_config('app.clock', '2025-03-01 09:00+00', true);
    INSERT INTO inventory.locations (kind, name, count_period_days) VALUES ('room', 'Room of ' || lab.slug, 90) RETURNING id INTO room;
    INSERT INTO inventory.locations (kind, name, parent_id) VALUES ('shelf', 'Shelf', room) RETURNING id INTO shelf;
    INSERT INTO inventory.chemicals (name, synonyms, cas_number, formula, molar_mass_g_per_mol, density_g_per_ml, pictograms, signal_word,
                                     h_statements, supplier, low_stock_amount, low_stock_unit)
    VALUES ('Salt of ' || lab.slug, '{Halite}', '7647-14-5', 'NaCl', 58.44, 2.17, '{}', NULL, '{}', 'Merck', 50, 'g') RETURNING id INTO salt;
    INSERT INTO inventory.chemicals (name, pictograms, signal_word, h_statements) VALUES ('β-Water of ' || lab.slug, '{GHS07}', 'Warning', '{H319}')
    RETURNING id INTO water;
    INSERT INTO inventory.deliveries (order_number, supplier, received_on) VALUES ('PO-1', 'Merck', '2025-03-01') RETURNING id INTO delivery;
    WITH made AS (
      INSERT INTO inventory.containers (chemical_id, unit, pack_size, pack_unit, location_id, lot, price, currency, received_on, expires_on, delivery_id)
      SELECT c, u, CASE WHEN u IS NOT NULL THEN 100 END, u, shelf, 'L1', 9.90, 'EUR', '2025-03-01', '2027-03-01', delivery
        FROM (VALUES (salt, 'g'), (salt, 'mg'), (salt, 'g'), (water, 'mL'), (water, NULL)) AS wanted (c, u)
      RETURNING id)
    SELECT array_agg(id ORDER BY id) INTO jars FROM made;
    INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, delivery_id)
    SELECT c.id, 'receive', CASE WHEN c.unit IS NOT NULL THEN 100 END, c.unit, delivery FROM inventory.containers c ORDER BY c.id;

    PERFORM set_config('app.user_id', lab.ben::text, true), set_config('app.clock', '2025-03-02 09:00+00', true);
    INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason) VALUES (jars[1], 'check_out', 250, 'mg', 'Buffer')
    RETURNING id INTO line;
    INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, refers_to_id) VALUES (jars[1], 'return', 0.05, 'g', line);
    PERFORM set_config('app.user_id', lab.ada::text, true);
    INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, refers_to_id) VALUES (jars[1], 'correct', 0.3, 'g', line);
    UPDATE inventory.containers SET holder_id = lab.ben WHERE id = jars[4];
    UPDATE inventory.containers SET holder_id = NULL, location_id = room WHERE id = jars[4];
    UPDATE inventory.containers SET holder_id = lab.ben WHERE id = jars[3];

    PERFORM set_config('app.clock', '2025-03-03 09:00+00', true);
    INSERT INTO inventory.stocktakes (location_id) VALUES (shelf) RETURNING id INTO stocktake;
    INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit)
    VALUES (stocktake, jars[1], true, 99, 'g'), (stocktake, jars[2], true, 0.09, 'g');
    INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found) VALUES (stocktake, jars[5], false);
    PERFORM inventory.post_stocktake(stocktake);
    INSERT INTO inventory.stocktakes (location_id) VALUES (NULL) RETURNING id INTO stocktake;
    INSERT INTO inventory.stocktake_counts (stocktake_id, container_id, found, counted, counted_unit, recount)
    VALUES (stocktake, jars[4], true, 40, 'mL', true);

    INSERT INTO inventory.disposals (chemical_id, container_id, reason) VALUES (salt, jars[2], 'Wet') RETURNING id INTO mark;
    PERFORM inventory.confirm_disposals(ARRAY[mark]);
    INSERT INTO inventory.disposals (chemical_id, reason) VALUES (water, 'Not needed');

    INSERT INTO inventory.imports (file_name, content, reading) VALUES ('old list.csv', '\x6e616d65', '{"head": 1}') RETURNING id INTO import;
    INSERT INTO inventory.import_rows (import_id, row_number, key, state, record, problems, container_id)
    VALUES (import, 2, 'A1', 'loaded', '{"container": {"barcode": "A1"}}', '[]', jars[1]),
           (import, 3, 'A2', 'question', '{"container": {"barcode": "A2"}}', '[{"code": "x"}]', NULL);
    FOREACH person IN ARRAY ARRAY[lab.ada, lab.ben] LOOP
      PERFORM set_config('app.user_id', person::text, true);
      INSERT INTO inventory.requests (key, fingerprint, answer) VALUES ('key of ' || person, sha256('x'), '{"id": 1}');
    END LOOP;
  END LOOP;
  PERFORM set_config('app.clock', '', true), set_config('app.user_id', '', true), set_config('app.lab_id', '', true);
END $$;
UPDATE control.labs SET archived_at = now() WHERE slug = 'noether';
COMMIT;
