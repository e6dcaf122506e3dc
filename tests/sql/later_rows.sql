-- A row in each lab for every table that was added after the first schema (first_rows.sql is never edited), so that exporting, erasing and
-- restoring a lab are tried on these tables too; of a table of control one row. Run as chemowner, with app.lab_id and app.user_id set for each lab.
BEGIN;
SET LOCAL ROLE chemowner;
DO $$
DECLARE
  lab record;
BEGIN
  FOR lab IN SELECT l.id FROM control.labs l ORDER BY l.id LOOP
    PERFORM set_config('app.lab_id', lab.id::text, true), set_config('app.user_id', (SELECT min(u.id) FROM control.users u)::text, true);
    INSERT INTO inventory.product_codes (container_id, gtin, serial_number) SELECT min(c.id), '04012345678901', 'S-1' FROM inventory.containers c;
    INSERT INTO inventory.enrichments (filled) SELECT jsonb_build_object(min(h.id)::text, '{"formula": "NaCl"}'::jsonb) FROM inventory.chemicals h;
    INSERT INTO inventory.mergers (kept_id, merged_id, synonyms) SELECT min(h.id), max(h.id), '{Another name}' FROM inventory.chemicals h;
    INSERT INTO inventory.label_settings (sheet, fields) VALUES ('roll-62', '{lot,expires_on}');
    INSERT INTO inventory.check_out_rules (expired, marked, peroxides, peroxide_limit_ppm) VALUES ('warn', 'warn', 'refuse', 50);
    INSERT INTO inventory.peroxide_tests (container_id, ppm, tested_on, next_due)
    SELECT min(c.id), 3, '2026-01-05', '2026-07-04' FROM inventory.containers c;
    INSERT INTO inventory.saved_searches (name, query) VALUES ('Solvents', 'state=liquid');
    INSERT INTO inventory.structures (chemical_id, smiles, release) SELECT min(h.id), 'C', 'another' FROM inventory.chemicals h;
    INSERT INTO inventory.list_columns (columns) VALUES ('{stock,expiry}');
  END LOOP;
END $$;
INSERT INTO control.second_factors (user_id, last_step) SELECT min(id), 0 FROM control.users;
INSERT INTO control.provider_logins (user_id, issuer, subject) SELECT min(id), 'https://idp.example', '1' FROM control.users;
INSERT INTO control.refused_tries (user_id, addresses) SELECT min(id), '{192.0.2.1}' FROM control.users;
COMMIT;
