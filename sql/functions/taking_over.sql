-- What a list that was imported again says otherwise is taken over where somebody said so, but for what ChemTrack changed since the
-- question was asked.

CREATE OR REPLACE FUNCTION inventory.still_as_stood(fields jsonb, stood jsonb, now_here jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_object_agg(f.key, f.value), '{}')
    FROM jsonb_each(fields) AS f
   CROSS JOIN LATERAL (
     SELECT CASE WHEN f.key IN ('pack_size', 'pack_unit') THEN ARRAY['pack_size', 'pack_unit', 'unit']
                 WHEN f.key IN ('price', 'currency') THEN ARRAY['price', 'currency']
                 WHEN f.key IN ('pictograms', 'signal_word', 'h_statements') THEN ARRAY['pictograms', 'signal_word', 'h_statements']
                 ELSE ARRAY[f.key] END AS names) AS g
   WHERE NOT EXISTS (SELECT FROM unnest(g.names) AS name WHERE stood -> name IS DISTINCT FROM now_here -> name)
$$;
COMMENT ON FUNCTION inventory.still_as_stood(jsonb, jsonb, jsonb) IS
  'Those of the fields that a row still has as it had them before (stood). What belongs together, as a price and its currency do, is left out together.';

DROP FUNCTION IF EXISTS inventory.take_over_changes(bigint);  -- replaced by take_over before 1.1
CREATE OR REPLACE FUNCTION inventory.take_over(import bigint) RETURNS text[]
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  r      record;
  fields jsonb;
  kept   jsonb;
  newer  text[] := '{}';
BEGIN
  -- The loop sees containers and chemicals as they were before its first change, so that rows of one chemical do not hinder each other.
  FOR r IN SELECT i.row_number, i.record, i.record -> 'changes' AS changes, i.record -> 'stood' AS stood,
                  c.id AS container_id, c.barcode, to_jsonb(c) AS container, h.id AS chemical_id, h.name, to_jsonb(h) AS chemical
             FROM inventory.import_rows i
             LEFT JOIN inventory.containers c ON c.id = i.container_id
             LEFT JOIN inventory.chemicals h ON h.id = coalesce(c.chemical_id, i.chemical_id, (
                    SELECT x.id FROM inventory.chemicals x
                     WHERE x.name_folded = lower(inventory.composed(i.record -> 'chemical' ->> 'name'))
                       AND x.cas_number IS NOT DISTINCT FROM (i.record -> 'chemical' ->> 'cas_number') AND x.retired_at IS NULL ORDER BY x.id + 0 LIMIT 1))
            WHERE i.import_id = import AND i.state IN ('present', 'loaded') AND i.record ? 'changes' ORDER BY i.row_number LOOP
    fields := r.changes -> 'container_changed';
    IF fields IS NOT NULL THEN
      -- A size has its unit and a price its currency: both are taken over together.
      fields := fields || CASE WHEN fields ?| ARRAY['pack_size', 'pack_unit'] THEN jsonb_build_object(
                            'pack_size', r.record -> 'container' -> 'pack_size', 'pack_unit', r.record -> 'container' -> 'pack_unit') ELSE '{}' END
                       || CASE WHEN fields ?| ARRAY['price', 'currency'] THEN jsonb_build_object(
                            'price', r.record -> 'container' -> 'price', 'currency', r.record -> 'container' -> 'currency') ELSE '{}' END;
      kept := inventory.still_as_stood(fields, r.stood -> 'container', r.container);
      newer := newer || ARRAY(SELECT r.barcode || ': ' || replace(f, '_', ' ') FROM jsonb_object_keys(fields) AS f WHERE NOT kept ? f);
      IF kept <> '{}' THEN
        PERFORM inventory.update_row('inventory.containers', r.container_id, kept);
      END IF;
    END IF;
    IF r.changes ? 'location_changed' THEN
      IF r.stood -> 'container' -> 'location_id' = r.container -> 'location_id' THEN
        UPDATE inventory.containers c
           SET location_id = inventory.ensure_location(ARRAY(SELECT jsonb_array_elements_text(r.record -> 'location_path'))) WHERE c.id = r.container_id;
      ELSE
        newer := newer || (r.barcode || ': location');
      END IF;
    END IF;
    fields := r.changes -> 'chemical_changed';
    IF fields IS NOT NULL THEN
      -- Pictograms and signal word follow from the H statements, so that those of two classifications are not mixed.
      fields := fields || CASE WHEN fields ? 'h_statements' THEN jsonb_build_object(
                            'pictograms', r.record -> 'chemical' -> 'pictograms', 'signal_word', r.record -> 'chemical' -> 'signal_word') ELSE '{}' END;
      kept := inventory.still_as_stood(fields, r.stood -> 'chemical', r.chemical);
      newer := newer || ARRAY(SELECT r.name || ': ' || replace(f, '_', ' ') FROM jsonb_object_keys(fields) AS f WHERE NOT kept ? f);
      IF kept <> '{}' THEN
        PERFORM inventory.update_row('inventory.chemicals', r.chemical_id, kept
          || CASE WHEN kept ?| ARRAY['pictograms', 'signal_word', 'h_statements'] THEN jsonb_build_object('hazards_import_id', import) ELSE '{}' END);
      END IF;
    END IF;
  END LOOP;
  RETURN newer;
EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
  DECLARE
    state text; message text; broken text; facts text;
  BEGIN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, broken = CONSTRAINT_NAME, facts = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION '%', message USING ERRCODE = state, CONSTRAINT = broken, DETAIL = facts, HINT = '/rows/' || r.row_number;
  END;
END $$;
COMMENT ON FUNCTION inventory.take_over(bigint) IS
  'Writes what the list changed since into containers and chemicals, where somebody said so. What ChemTrack changed after the question is newer and stays; returns that as texts, C-7: lot. An error says the row by its hint, /rows/17.';
