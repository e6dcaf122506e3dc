-- Labs :first to :last for a measurement, each with :chemicals chemicals of one container each and :movements lines of the
-- ledger a container. Run by a superuser: no trigger and no policy acts, and what the triggers would have written is written
-- here, by the functions that they call. Lab 7 is called lab-7; its manager is bench-7, whose session's token is token-7.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
SET LOCAL session_replication_role = replica;

INSERT INTO control.labs (id, slug, name) OVERRIDING SYSTEM VALUE
SELECT n, 'lab-' || n, 'Lab ' || n FROM generate_series(:first, :last) AS n;
INSERT INTO control.users (id, username, name) OVERRIDING SYSTEM VALUE
SELECT n, 'bench-' || n, 'Bench ' || n FROM generate_series(:first, :last) AS n;
INSERT INTO control.members (lab_id, user_id, role) SELECT n, n, 'manager' FROM generate_series(:first, :last) AS n;
-- The API sends the SHA-256 of a token in hex; the table stores the SHA-256 of that hash.
INSERT INTO control.sessions (token_hash, user_id, expires_at)
SELECT sha256(sha256(convert_to('token-' || n, 'UTF8'))), n, now() + interval '50 years' FROM generate_series(:first, :last) AS n;

-- A building, 5 rooms, 4 cabinets in each, 4 shelves in each of those: 106 locations a lab.
CREATE TEMPORARY TABLE locations_of_a_lab ON COMMIT DROP AS
WITH numbered (number, parent, kind, name) AS (
  SELECT 0, NULL::int, 'building', 'Main building'
  UNION ALL SELECT 1 + r, 0, 'room', 'Room ' || 100 + r FROM generate_series(0, 4) AS r
  UNION ALL SELECT 6 + s, 1 + s / 4, 'storage', 'Cabinet ' || 1 + s % 4 FROM generate_series(0, 19) AS s
  UNION ALL SELECT 26 + f, 6 + f / 4, 'shelf', 'Shelf ' || 1 + f % 4 FROM generate_series(0, 79) AS f)
SELECT * FROM numbered;
INSERT INTO inventory.locations (lab_id, id, parent_id, kind, name, path, full_name, count_period_days, last_counted_at) OVERRIDING SYSTEM VALUE
WITH RECURSIVE tree AS (
  SELECT n AS lab, l.number, l.parent, l.kind, l.name, '/' || n * 1000::bigint + l.number || '/' AS path, l.name AS full_name
    FROM generate_series(:first, :last) AS n, locations_of_a_lab AS l WHERE l.parent IS NULL
  UNION ALL
  SELECT t.lab, l.number, l.parent, l.kind, l.name, t.path || t.lab * 1000::bigint + l.number || '/', t.full_name || ' › ' || l.name
    FROM tree AS t JOIN locations_of_a_lab AS l ON l.parent = t.number)
SELECT lab, lab * 1000::bigint + number, lab * 1000::bigint + parent, kind, name, path, full_name,
       CASE WHEN kind = 'storage' THEN 365 END, CASE WHEN kind = 'storage' THEN now() - interval '100 days' END
  FROM tree;

-- Every lab has the same names in another order: what a search finds grows with the lab's size and with nothing else.
CREATE TEMPORARY TABLE parts ON COMMIT DROP AS
SELECT string_to_array('methyl ethyl propyl butyl hexyl phenyl benzyl chloro bromo fluoro iodo nitro amino hydroxy methoxy ethoxy cyano acetyl trityl tosyl', ' ') AS groups,
       string_to_array('benzoic acid|pyridine|aniline|phenol|toluene|indole|quinoline|furan|thiophene|imidazole|pyrrole|piperidine|morpholine|acetophenone|benzaldehyde|anisole|cyclohexanone|naphthalene|pyrazole|oxazole|glycine|alanine|propanol|acetamide|hexanoic acid', '|') AS parents,
       string_to_array('Merck|Sigma-Aldrich|TCI|Fisher Scientific|Carl Roth|abcr|Acros Organics|Alfa Aesar', '|') AS suppliers;
CREATE TEMPORARY TABLE new_chemicals ON COMMIT DROP AS
SELECT lab, i, (SELECT coalesce(max(id), 0) FROM inventory.chemicals) + (lab - :first)::bigint * :chemicals + i AS id,
       (lab * 7919::bigint + i * 104729::bigint) % 1000003 AS luck
  FROM generate_series(:first, :last) AS lab, generate_series(1, :chemicals) AS i;
-- An older commit, measured by bench/run --against, has no UN numbers.
SELECT CASE WHEN there THEN ', un_number' ELSE '' END AS un_number,
       CASE WHEN there THEN ', CASE WHEN n.luck % 4 = 0 THEN ''UN '' || 1000 + n.luck % 2500 END' ELSE '' END AS its_value
  FROM (SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'inventory.chemicals'::regclass AND attname = 'un_number') AS there) AS a \gset
INSERT INTO inventory.chemicals (lab_id, id, name, synonyms, cas_number, formula, molar_mass_g_per_mol, physical_state, density_g_per_ml,
       pictograms, signal_word, h_statements, storage_class, supplier, catalogue_number, low_stock_amount, low_stock_unit, made_by, changed_by
       :un_number) OVERRIDING SYSTEM VALUE
SELECT n.lab, n.id,
       1 + n.i % 6 || '-' || initcap(groups[1 + n.i % 20]) || '-' || 2 + n.i / 7 % 5 || '-' || groups[1 + n.i / 20 % 20] || '-' || parents[1 + n.i / 3 % 25]
         || CASE WHEN n.i % 3 = 0 THEN ', 98 %' ELSE '' END || CASE WHEN n.i > 10000 THEN ' batch ' || n.i / 10000 ELSE '' END,
       ARRAY[upper(left(groups[1 + n.i % 20], 2) || left(parents[1 + n.i / 3 % 25], 3)) || n.i, 'reagent ' || n.i % 97],
       c.body || '-' || (SELECT sum(digit::int * place) % 10
                           FROM string_to_table(reverse(replace(c.body, '-', '')), NULL) WITH ORDINALITY AS t (digit, place)),
       'C' || 4 + n.i % 20 || 'H' || 5 + n.i % 31 || 'N' || CASE WHEN n.i % 4 > 0 THEN 'O' || 1 + n.i % 5 ELSE '' END,
       60 + n.luck % 40000 / 100.0, CASE WHEN n.luck % 20 = 0 THEN 'gas' WHEN n.luck % 3 = 0 THEN 'liquid' ELSE 'solid' END,
       CASE WHEN n.luck % 3 = 0 THEN 0.7 + n.luck % 90 / 100.0 END,
       CASE n.luck % 5 WHEN 0 THEN NULL WHEN 1 THEN '{}' WHEN 2 THEN ARRAY['GHS02', 'GHS07'] WHEN 3 THEN ARRAY['GHS05'] ELSE ARRAY['GHS06', 'GHS08', 'GHS09'] END,
       CASE WHEN n.luck % 5 > 1 THEN CASE WHEN n.luck % 2 = 0 THEN 'Danger' ELSE 'Warning' END END,
       CASE n.luck % 5 WHEN 2 THEN ARRAY['H225', 'H319', 'H336'] WHEN 3 THEN ARRAY['H314'] WHEN 4 THEN ARRAY['H301', 'H350', 'H410'] ELSE '{}' END,
       CASE WHEN n.luck % 2 = 0 THEN (ARRAY['3', '6.1A', '8B', '10', '11', '10-13'])[1 + n.luck / 2 % 6] END, suppliers[1 + n.luck % 8], 'A' || 100000 + n.luck,
       CASE WHEN n.luck % 50 = 0 THEN 600 END, CASE WHEN n.luck % 50 = 0 THEN CASE WHEN n.luck % 3 = 0 THEN 'mL' ELSE 'g' END END, n.lab, n.lab :its_value
  FROM new_chemicals AS n, parts, LATERAL (SELECT 50 + n.i / 90 || '-' || 10 + n.i % 90 AS body) AS c;
INSERT INTO inventory.chemical_words (lab_id, word, chemical_id)
SELECT h.lab_id, w, h.id FROM inventory.chemicals AS h, inventory.words_of_chemical(h) AS w WHERE h.lab_id BETWEEN :first AND :last;

-- Received once, then taken from, a little each time.
INSERT INTO inventory.containers (lab_id, id, chemical_id, barcode, unit, amount, last_line, pack_size, pack_unit, location_id, lot, supplier,
       received_on, opened_on, expires_on, made_by) OVERRIDING SYSTEM VALUE
SELECT n.lab, n.id, n.id, 'CT-' || lpad(n.i::text, 6, '0'), u.unit, 500 - (:movements - 1) * 0.01, :movements, 500, u.unit,
       n.lab * 1000::bigint + 26 + n.luck % 80, 'L' || n.luck % 1000, 'Merck', current_date - (n.luck % 1000)::int,
       CASE WHEN n.luck % 2 = 0 THEN current_date - (n.luck % 900)::int END,
       CASE WHEN n.luck % 3 = 0 THEN current_date - 60 + (n.luck % 1500)::int END, n.lab
  FROM new_chemicals AS n, LATERAL (SELECT CASE WHEN n.luck % 3 = 0 THEN 'mL' ELSE 'g' END AS unit) AS u;
INSERT INTO inventory.container_words (lab_id, word, container_id)
SELECT c.lab_id, w, c.id FROM inventory.containers AS c, inventory.words_of_container(c) AS w WHERE c.lab_id BETWEEN :first AND :last;
INSERT INTO inventory.movements (lab_id, id, container_id, line, kind, typed_amount, typed_unit, amount, balance, unit, reason, made_at, made_by)
       OVERRIDING SYSTEM VALUE
SELECT c.lab_id, (SELECT coalesce(max(id), 0) FROM inventory.movements) + row_number() OVER (ORDER BY line, c.lab_id, c.id), c.id, line,
       CASE line WHEN 1 THEN 'receive' ELSE 'check_out' END, CASE line WHEN 1 THEN 500 ELSE 0.01 END, c.unit,
       CASE line WHEN 1 THEN 500 ELSE -0.01 END, 500 - (line - 1) * 0.01, c.unit, CASE WHEN line > 1 THEN 'Batch ' || line END,
       now() - interval '700 days' + line * interval '30 minutes' + c.id % 1800 * interval '1 second', c.lab_id
  FROM inventory.containers AS c, generate_series(1, :movements) AS line WHERE c.lab_id BETWEEN :first AND :last;
INSERT INTO inventory.container_numbers (lab_id, last_number) SELECT n, :chemicals FROM generate_series(:first, :last) AS n;
COMMIT;

SELECT format('SELECT setval(pg_get_serial_sequence(%1$L, ''id''), (SELECT greatest(1, max(id)) FROM %1$s))', t)
  FROM unnest(ARRAY['control.labs', 'control.users', 'inventory.locations', 'inventory.chemicals', 'inventory.containers', 'inventory.movements']) AS t
\gexec
