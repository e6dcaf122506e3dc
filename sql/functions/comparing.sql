-- A list that is imported again is compared with what its rows made before: what the list changed since is asked about, never taken
-- over unasked, and where ChemTrack changed since, ChemTrack is right.

CREATE OR REPLACE FUNCTION inventory.amounts_differ(amount numeric, unit text, other numeric, other_unit text, density numeric) RETURNS boolean
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN other IS NULL OR a.dimension <> b.dimension AND (density IS NULL OR NOT ARRAY[a.dimension, b.dimension] <@ ARRAY['mass', 'volume']) THEN true
              ELSE other <> inventory.convert(amount, amounts_differ.unit, other_unit, density) END
    FROM reference.units a, reference.units b WHERE a.unit = amounts_differ.unit AND b.unit = coalesce(other_unit, amounts_differ.unit)
$$;
COMMENT ON FUNCTION inventory.amounts_differ(numeric, text, numeric, text, numeric) IS
  'Whether the amount in a list differs from ChemTrack''s amount (other). True as well where ChemTrack''s amount is not known, or where the units cannot be converted.';

CREATE OR REPLACE FUNCTION inventory.not_in_list(import bigint) RETURNS TABLE (container_id bigint, of_import bigint)
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  WITH here AS (
    SELECT i.container_id FROM inventory.import_rows i
     WHERE i.lab_id = control.lab_id() AND i.import_id = import AND i.state IN ('present', 'loaded') AND i.container_id IS NOT NULL),
  earlier AS (
    SELECT DISTINCT r.import_id FROM inventory.import_rows r
     WHERE r.lab_id = control.lab_id() AND r.state = 'loaded' AND r.import_id < import AND r.container_id IN (SELECT h.container_id FROM here h))
  SELECT c.id, r.import_id
    FROM inventory.import_rows r JOIN inventory.containers c ON c.lab_id = r.lab_id AND c.id = r.container_id AND c.disposed_at IS NULL
   WHERE r.lab_id = control.lab_id() AND r.state = 'loaded' AND r.import_id IN (SELECT e.import_id FROM earlier e)
     AND r.container_id NOT IN (SELECT h.container_id FROM here h)
$$;
COMMENT ON FUNCTION inventory.not_in_list(bigint) IS
  'The containers of those earlier imports whose containers are in this file, too, that this file does not have; of a row of several, the first.';

CREATE OR REPLACE FUNCTION inventory.ask_about_same_rows(import bigint, are_others boolean, but_not int[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab     int := control.lab_id_for('manager');
  partly  bigint[];  -- the earlier imports of which this file has a part alone
  absent  int;
BEGIN
  SELECT array_agg(DISTINCT n.of_import), count(*) INTO partly, absent FROM inventory.not_in_list(import) AS n;
  IF partly IS NULL THEN
    RETURN 0;
  END IF;
  UPDATE inventory.import_rows i
     SET problems = i.problems || jsonb_build_array(jsonb_build_object(
           'kind', 'same_row_again', 'severity', CASE WHEN are_others IS NULL THEN 'question' ELSE 'repaired' END,
           'becomes', CASE WHEN o.others THEN 'another container' ELSE 'here already' END,
           'proof', (SELECT c.barcode FROM inventory.containers c WHERE c.lab_id = lab AND c.id = i.container_id) || ', of ' || e.file_name)),
         state = CASE WHEN NOT o.others THEN i.state WHEN i.problems @> '[{"severity": "question"}]' THEN 'question' ELSE 'ready' END,
         key = CASE WHEN o.others THEN i.key || '~' || import ELSE i.key END,
         container_id = CASE WHEN o.others THEN NULL ELSE i.container_id END
    FROM (SELECT x.row_number, coalesce(are_others, false) <> (x.row_number = ANY (but_not)) AS others
            FROM inventory.import_rows x WHERE x.lab_id = lab AND x.import_id = import) AS o,
         inventory.import_rows r JOIN inventory.imports e ON e.lab_id = lab AND e.id = r.import_id
   WHERE o.row_number = i.row_number AND i.lab_id = lab AND i.import_id = import AND i.state = 'present' AND NOT coalesce(i.record -> 'container' ? 'barcode', false)
     AND r.lab_id = lab AND r.container_id = i.container_id AND r.state = 'loaded' AND r.import_id = ANY (partly);
  RETURN absent;
END $$;
COMMENT ON FUNCTION inventory.ask_about_same_rows(bigint, boolean, int[]) IS
  'Asks whether rows with the same cells as rows of an earlier import mean the same containers or another delivery. Does not ask where the file has all rows of that import: then it is the same list again. Returns how many containers of earlier imports are not in the file.';

CREATE OR REPLACE FUNCTION inventory.in_words(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE jsonb_typeof(value) WHEN 'array' THEN (SELECT coalesce(nullif(string_agg(v, ' '), ''), 'none') FROM jsonb_array_elements_text(value) AS v)
                                  WHEN 'null' THEN NULL ELSE value #>> '{}' END
$$;
COMMENT ON FUNCTION inventory.in_words(jsonb) IS 'A field''s value as a person reads it; NULL where it is not known.';

-- A new import has no statistics: the planner expects one row, and would join thousands in nested loops.
CREATE OR REPLACE FUNCTION inventory.share_fields(import bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
  WITH every AS (
    SELECT i.row_number, i.record, i.record -> 'chemical' AS chemical, min(i.row_number) OVER same AS of, count(*) OVER same AS rows
      FROM inventory.import_rows i
     WHERE i.lab_id = (SELECT control.lab_id_for('manager')) AND i.import_id = import AND i.state IN ('ready', 'question')
    WINDOW same AS (PARTITION BY lower(inventory.composed(i.record -> 'chemical' ->> 'name')), coalesce(i.record -> 'chemical' ->> 'cas_number', ''))),
  named AS (
    SELECT e.row_number, e.of, e.record, e.chemical, e.chemical - f.names AS others, f.names, d.derived,
           e.chemical - ARRAY(SELECT jsonb_object_keys(e.chemical - f.names)) AS hazards
      FROM every e
     CROSS JOIN (VALUES (ARRAY['pictograms', 'signal_word', 'h_statements', 'p_statements', 'hazards_from'])) AS f (names)
     CROSS JOIN LATERAL (SELECT ARRAY(SELECT jsonb_array_elements_text(coalesce(e.record -> 'derived', '[]'))) AS derived) AS d
     WHERE e.rows > 1),
  -- Hazards of two rows are never mixed. What stands in the file comes before what the reference says, and pictograms before none.
  decided AS (
    SELECT n.*, first_value(n.hazards) OVER best_first AS taken, first_value(n.derived) OVER best_first AS taken_derived
      FROM named n
    WINDOW best_first AS (PARTITION BY n.of ORDER BY CASE WHEN n.hazards - n.derived ? 'h_statements' THEN 1
             WHEN (n.hazards - n.derived) -> 'pictograms' <> '[]' THEN 2 WHEN n.hazards -> 'pictograms' <> '[]' THEN 3
             WHEN n.hazards ? 'pictograms' THEN 4 WHEN n.hazards <> '{}' THEN 5 ELSE 6 END, n.row_number)),
  noted AS MATERIALIZED (
    SELECT d.*, f.says, 'Hazards in the file: ' || f.says AS note, jsonb_typeof(d.record -> 'container') = 'object' AS has_container
      FROM decided d
     CROSS JOIN LATERAL (
       SELECT string_agg(inventory.in_words(o.value), ' ' ORDER BY o.key) AS says
         FROM jsonb_each(d.hazards - d.derived - 'hazards_from') AS o
        WHERE NOT coalesce(o.value @> (d.taken -> o.key) AND o.value <@ (d.taken -> o.key), false)) AS f),
  said AS (
    SELECT DISTINCT ON (n.of, f.key) n.of, f.key, f.value, n.others -> 'origins' -> f.key AS origin
      FROM noted n CROSS JOIN LATERAL jsonb_each(n.others - 'notes' - 'origins') AS f ORDER BY n.of, f.key, n.row_number),
  fields AS (
    SELECT s.of, jsonb_object_agg(s.key, s.value)
           || CASE WHEN bool_or(s.origin IS NOT NULL)
                   THEN jsonb_build_object('origins', jsonb_object_agg(s.key, s.origin) FILTER (WHERE s.origin IS NOT NULL)) ELSE '{}' END AS fields
      FROM said s GROUP BY s.of),
  notes AS (
    SELECT n.of, jsonb_build_object('notes', left(string_agg(DISTINCT t.note, E'\n'), 5000)) AS notes
      FROM noted n CROSS JOIN LATERAL (VALUES (n.chemical ->> 'notes'), (CASE WHEN NOT n.has_container THEN n.note END)) AS t (note)
     WHERE t.note IS NOT NULL GROUP BY n.of)
  UPDATE inventory.import_rows i
     SET record = i.record || jsonb_build_object('chemical', b.chemical, 'derived',
                ARRAY(SELECT x FROM unnest(n.derived) AS x WHERE x <> ALL (n.names)) || ARRAY(SELECT x FROM unnest(n.taken_derived) AS x WHERE x = ANY (n.names)))
           || CASE WHEN n.says IS NULL OR NOT n.has_container THEN '{}' ELSE jsonb_build_object('container', (i.record -> 'container')
                || jsonb_build_object('notes', left(concat_ws(E'\n', i.record -> 'container' ->> 'notes', n.note), 2000))) END,
         problems = i.problems || CASE WHEN n.says IS NULL THEN '[]' ELSE jsonb_build_array(jsonb_build_object(
           'kind', 'chemical_differs', 'severity', 'repaired', 'column', 'Hazards', 'says', left(n.says, 200))) END
    FROM noted n JOIN fields f USING (of) LEFT JOIN notes t USING (of)
   CROSS JOIN LATERAL (SELECT (n.others - 'origins') || f.fields || coalesce(t.notes, '{}') || n.taken AS chemical) AS b
   WHERE i.lab_id = (SELECT control.lab_id_for('manager')) AND i.import_id = import AND i.row_number = n.row_number
     AND (n.chemical <> b.chemical OR n.says IS NOT NULL)
$$;
COMMENT ON FUNCTION inventory.share_fields(bigint) IS
  'Rows of one chemical share what any of them says of it: each field as the first row that has it, and the hazards together as one row has them: the first with H statements in the file, else with pictograms in the file, else from the reference. What another row says otherwise of hazards is put into its notes and problems here; other fields that differ, by the reader.';

CREATE OR REPLACE FUNCTION inventory.as_fields(target anyelement, fields jsonb) RETURNS TABLE (field text, value jsonb)
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.key, f.value
    FROM jsonb_each(to_jsonb(jsonb_populate_record(target, fields))) AS f
   WHERE fields ? f.key AND f.value <> 'null'
$$;
COMMENT ON FUNCTION inventory.as_fields(anyelement, jsonb) IS 'The given fields of a row, each as the table would hold it: 500.0 as the number 500.';

-- Without nested loops, as above: those of 10,000 rows with 10,000 rows take minutes.
CREATE OR REPLACE FUNCTION inventory.ask_about_changes(import bigint, titles jsonb, answers jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE
  lab int := control.lab_id_for('manager');
BEGIN
  IF NOT EXISTS (SELECT FROM inventory.chemicals h WHERE h.lab_id = lab) THEN
    RETURN;
  END IF;
  WITH mine AS MATERIALIZED (
    SELECT i.row_number, i.key, i.record, c.id AS container_id, to_jsonb(c) AS container, to_jsonb(h) AS chemical, l.full_name AS location
      FROM inventory.import_rows i
      LEFT JOIN inventory.containers c ON c.lab_id = lab AND c.id = i.container_id AND i.state = 'present'
      LEFT JOIN inventory.locations l ON l.lab_id = lab AND l.id = c.location_id
      JOIN inventory.chemicals h ON h.lab_id = lab AND h.id = coalesce(c.chemical_id, (
             SELECT x.id FROM inventory.chemicals x
              WHERE x.lab_id = lab AND x.name_folded = lower(inventory.composed(i.record -> 'chemical' ->> 'name'))
                AND x.cas_number IS NOT DISTINCT FROM (i.record -> 'chemical' ->> 'cas_number') AND x.retired_at IS NULL ORDER BY x.id + 0 LIMIT 1))
     WHERE i.lab_id = lab AND i.import_id = import AND i.state IN ('present', 'ready', 'question')),
  before AS MATERIALIZED (  -- what the list said when it was last taken over
    SELECT DISTINCT ON (r.key) r.key, r.record
      FROM inventory.import_rows r
     WHERE r.lab_id = lab AND r.import_id < import AND (r.state = 'loaded' OR r.record ?| ARRAY['changes', 'recount'])
       AND r.key IN (SELECT m.key FROM mine m)
     ORDER BY r.key, r.import_id DESC),
  said AS (
    SELECT m.row_number, CASE WHEN f.field IN ('pack_size', 'pack_unit')
                                   AND NOT inventory.measures_alike(m.record -> 'container' ->> 'pack_unit', m.container ->> 'unit')
                              THEN 'pack_of_other_kind' ELSE 'container_changed' END AS kind, f.field, f.value AS says, m.container -> f.field AS here,
           (SELECT b.value FROM inventory.as_fields(NULL::inventory.containers, p.record -> 'container') AS b WHERE b.field = f.field) AS was
      FROM mine m LEFT JOIN before p USING (key)
     CROSS JOIN LATERAL inventory.as_fields(NULL::inventory.containers, m.record -> 'container') AS f
     WHERE m.container_id IS NOT NULL
       AND f.field <> 'notes' AND has_column_privilege('chemuser', 'inventory.containers', f.field, 'UPDATE')
    UNION ALL
    SELECT m.row_number, 'chemical_changed', f.field,
           CASE WHEN f.field <> 'synonyms' THEN f.value
                ELSE (SELECT jsonb_agg(DISTINCT s) FROM jsonb_array_elements((m.chemical -> 'synonyms') || f.value) AS s) END,
           CASE WHEN f.field <> 'synonyms' THEN m.chemical -> f.field
                ELSE (SELECT coalesce(jsonb_agg(DISTINCT s), '[]') FROM jsonb_array_elements(m.chemical -> 'synonyms') AS s) END,
           (SELECT b.value FROM inventory.as_fields(NULL::inventory.chemicals, p.record -> 'chemical') AS b WHERE b.field = f.field)
      FROM mine m LEFT JOIN before p USING (key)
     CROSS JOIN LATERAL inventory.as_fields(NULL::inventory.chemicals, (m.record -> 'chemical') - ARRAY['notes', 'origins', 'hazards_from']
            - ARRAY(SELECT jsonb_array_elements_text(coalesce(m.record -> 'derived', '[]')))) AS f
     WHERE NOT (f.field = 'name' AND lower(inventory.composed(f.value #>> '{}')) = m.chemical ->> 'name_folded')
    UNION ALL
    SELECT m.row_number, 'location_changed', 'location', to_jsonb(t.path), to_jsonb(m.location), to_jsonb(array_to_string(ARRAY(
             SELECT jsonb_array_elements_text(p.record -> 'location_path')), ' › '))
      FROM mine m LEFT JOIN before p USING (key)
     CROSS JOIN LATERAL (SELECT array_to_string(ARRAY(SELECT jsonb_array_elements_text(m.record -> 'location_path')), ' › ') AS path) AS t
     WHERE m.container_id IS NOT NULL AND t.path <> '' AND lower(t.path) <> lower(coalesce(m.location, ''))
    UNION ALL
    SELECT m.row_number, 'count_changed', 'containers', m.record -> 'count', p.record -> 'count', p.record -> 'count'
      FROM mine m JOIN before p USING (key) WHERE m.container_id IS NOT NULL AND m.record -> 'count' <> p.record -> 'count'),
  changed AS (
    SELECT s.row_number, s.kind, string_agg((titles ->> s.field) || ': ' || inventory.in_words(s.says), '; ' ORDER BY s.field) AS says,
           string_agg(coalesce(inventory.in_words(s.here), 'not known'), '; ' ORDER BY s.field) AS here,
           jsonb_object_agg(s.field, s.says) AS fields
      FROM said s
     WHERE s.says IS DISTINCT FROM s.here AND (s.kind = 'count_changed' OR s.says IS DISTINCT FROM s.was) AND titles ? s.field
     GROUP BY s.row_number, s.kind),
  answered AS (
    SELECT c.*, answers -> c.kind -> 'answer' AS answer,
           c.kind NOT IN ('count_changed', 'pack_of_other_kind') AND coalesce((answers -> c.kind ->> 'answer')::boolean, false)
             <> coalesce(answers -> c.kind -> 'but_not' @> to_jsonb(c.row_number), false) AS taken
      FROM changed c),
  gathered AS (
    SELECT a.row_number, jsonb_agg(jsonb_build_object(
             'kind', a.kind, 'severity', CASE WHEN coalesce(a.answer, 'null') = 'null' THEN 'question' ELSE 'repaired' END,
             'says', left(a.says, 300), 'becomes', CASE WHEN a.taken THEN left(a.says, 300) ELSE '' END, 'proof', left('here: ' || a.here, 300)) ORDER BY a.kind) AS problems,
           jsonb_object_agg(a.kind, a.fields) FILTER (WHERE a.taken) AS changes
      FROM answered a GROUP BY a.row_number)
  UPDATE inventory.import_rows i
     SET problems = g.problems || i.problems,
         record = CASE WHEN g.changes IS NULL THEN i.record
                       ELSE i.record || jsonb_build_object('changes', g.changes, 'stood', jsonb_build_object('container', m.container, 'chemical', m.chemical)) END
    FROM gathered g JOIN mine m USING (row_number) WHERE i.lab_id = lab AND i.import_id = import AND i.row_number = g.row_number;
END $$;
COMMENT ON FUNCTION inventory.ask_about_changes(bigint, jsonb, jsonb) IS
  'Adds a question to each row whose list now says another location, other fields or another number of containers than ChemTrack, and than the list before. titles: field → its name; answers: kind → {"answer", "but_not": [row numbers]}. What is to be taken over is kept in the record as changes, and beside it, as stood, the container and the chemical as they were when this was asked.';
