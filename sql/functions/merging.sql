-- Two entries of one substance become one, and that can be undone. A container's lines and transfers follow their container, so its
-- history moves with it and nothing in the ledger is written anew.

CREATE OR REPLACE FUNCTION inventory.merge_proposals(chemical bigint) RETURNS TABLE (chemical_id bigint, because text)
LANGUAGE sql STABLE SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
  WITH here AS (SELECT h.*, h.synonyms || h.name AS names FROM inventory.chemicals h WHERE h.id = chemical),
  named AS (
    SELECT DISTINCT m.id FROM here CROSS JOIN LATERAL unnest(here.names) AS n CROSS JOIN LATERAL inventory.chemicals_meant(n) AS m (id)
     WHERE EXISTS (SELECT FROM inventory.chemicals k CROSS JOIN LATERAL unnest(k.synonyms || k.name) AS o
                    WHERE k.id = m.id AND inventory.fold(o) = inventory.fold(n)))
  SELECT k.id, r.because
    FROM here JOIN inventory.chemicals k ON k.id <> here.id AND k.retired_at IS NULL
   CROSS JOIN LATERAL (
     SELECT CASE WHEN k.cas_number = here.cas_number THEN 'cas_number' WHEN k.id IN (SELECT d.id FROM named d) THEN 'name'
                 WHEN k.inchikey = here.inchikey THEN 'inchikey' END AS because) AS r
   WHERE r.because IS NOT NULL
   ORDER BY array_position(ARRAY['cas_number', 'name', 'inchikey'], r.because), k.id LIMIT 20
$$;
COMMENT ON FUNCTION inventory.merge_proposals(bigint) IS
  'Other entries of the lab that may be the same substance: the same CAS RN, else a name in common in any spelling, else the same InChIKey, which several substances may share.';

CREATE OR REPLACE FUNCTION inventory.merge_chemicals(kept bigint, merged bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab   int := control.lab_id_for('manager');
  stays inventory.chemicals;
  goes  inventory.chemicals;
  added text[];
  moved bigint[];
  made  bigint;
BEGIN
  PERFORM FROM inventory.chemicals h WHERE h.lab_id = lab AND h.id IN (kept, merged) ORDER BY h.id FOR UPDATE;
  SELECT * INTO stays FROM inventory.chemicals h WHERE h.lab_id = lab AND h.id = kept;
  SELECT * INTO goes FROM inventory.chemicals h WHERE h.lab_id = lab AND h.id = merged;
  IF stays.id IS NULL OR goes.id IS NULL THEN
    RAISE EXCEPTION 'no such chemical' USING ERRCODE = 'P0002', CONSTRAINT = 'chemical_exists';
  ELSIF kept = merged THEN
    RAISE EXCEPTION 'one entry' USING ERRCODE = '23514', CONSTRAINT = 'mergers_are_of_two_entries';
  ELSIF stays.retired_at IS NOT NULL OR goes.retired_at IS NOT NULL THEN
    RAISE EXCEPTION 'retired' USING ERRCODE = '23514', CONSTRAINT = 'mergers_are_of_listed_entries';
  ELSIF EXISTS (SELECT FROM inventory.disposals d WHERE d.lab_id = lab AND d.chemical_id IN (kept, merged) AND d.container_id IS NULL AND d.outcome IS NULL) THEN
    RAISE EXCEPTION 'marked' USING ERRCODE = '23514', CONSTRAINT = 'mergers_wait_for_marks';
  END IF;
  added := ARRAY(SELECT n FROM unnest(goes.name || goes.synonyms) WITH ORDINALITY AS u (n, place)
                  WHERE n <> ALL (stays.synonyms || stays.name) GROUP BY n ORDER BY min(place));
  moved := ARRAY(SELECT c.id FROM inventory.containers c WHERE c.lab_id = lab AND c.chemical_id = merged ORDER BY c.id FOR UPDATE);
  UPDATE inventory.containers c SET chemical_id = kept WHERE c.lab_id = lab AND c.id = ANY (moved);
  UPDATE inventory.disposals d SET chemical_id = kept WHERE d.lab_id = lab AND d.container_id = ANY (moved);
  UPDATE inventory.chemicals h SET synonyms = h.synonyms || added WHERE h.lab_id = lab AND h.id = kept;
  UPDATE inventory.chemicals h SET retired_at = control.clock() WHERE h.lab_id = lab AND h.id = merged;
  INSERT INTO inventory.mergers (lab_id, kept_id, merged_id, containers, synonyms) VALUES (lab, kept, merged, moved, added) RETURNING id INTO made;
  PERFORM control.trace('chemicals_merged', lab, NULL, jsonb_build_object('merger', made));
  RETURN made;
END $$;
COMMENT ON FUNCTION inventory.merge_chemicals(bigint, bigint) IS
  'A manager''s act: containers, their history and their marks, and all names of the second entry become those of the first; the second is retired. Returns the id of the merger.';

-- Databases made before have a function of this name that returns less, which cannot be replaced.
SELECT 'DROP FUNCTION inventory.undo_merger(bigint)' FROM pg_proc
 WHERE oid = to_regprocedure('inventory.undo_merger(bigint)') AND NOT 'names_stayed' = ANY (coalesce(proargnames, '{}')) \gexec
CREATE OR REPLACE FUNCTION inventory.undo_merger(merger bigint) RETURNS TABLE (containers int, containers_stayed int, names_stayed text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab    int := control.lab_id_for('manager');
  act    inventory.mergers;
  other  record;
  moved  bigint[];
  shared text[] := '{}';  -- names that entries merged into the same one still have
BEGIN
  -- Both entries are locked before the merger, so that two undos of one kept entry wait for each other.
  PERFORM FROM inventory.chemicals h
    WHERE h.lab_id = lab AND h.id IN (SELECT unnest(ARRAY[m.kept_id, m.merged_id]) FROM inventory.mergers m WHERE m.lab_id = lab AND m.id = merger)
    ORDER BY h.id FOR UPDATE;
  SELECT * INTO act FROM inventory.mergers m WHERE m.lab_id = lab AND m.id = merger FOR UPDATE;
  IF NOT found THEN
    RAISE EXCEPTION 'no such merger' USING ERRCODE = 'P0002', CONSTRAINT = 'merger_exists';
  ELSIF act.undone_at IS NOT NULL THEN
    RAISE EXCEPTION 'undone before' USING ERRCODE = '23514', CONSTRAINT = 'mergers_are_undone_once';
  -- What was merged into it, or it into another, since then has to be undone first: its containers are elsewhere.
  ELSIF EXISTS (SELECT FROM inventory.mergers m
                 WHERE m.lab_id = lab AND m.id > act.id AND m.undone_at IS NULL AND act.kept_id = m.merged_id) THEN
    RAISE EXCEPTION 'merged since' USING ERRCODE = '23514', CONSTRAINT = 'mergers_are_undone_last_first';
  -- A mark on the whole entry, made since, means these containers too.
  ELSIF EXISTS (SELECT FROM inventory.disposals d WHERE d.lab_id = lab AND d.chemical_id = act.kept_id AND d.container_id IS NULL AND d.outcome IS NULL) THEN
    RAISE EXCEPTION 'marked' USING ERRCODE = '23514', CONSTRAINT = 'mergers_wait_for_marks';
  END IF;
  -- What was disposed of with the kept entry as a whole stays there: that decision was about these containers, and its record says how many.
  moved := ARRAY(SELECT c.id FROM inventory.containers c
                  WHERE c.lab_id = lab AND c.id = ANY (act.containers) AND c.chemical_id = act.kept_id
                    AND NOT (c.disposed_at IS NOT NULL AND EXISTS (
                      SELECT FROM inventory.disposals d
                       WHERE d.lab_id = lab AND d.chemical_id = act.kept_id AND d.container_id IS NULL AND d.outcome = 'disposed'
                         AND d.decided_at BETWEEN act.made_at AND c.disposed_at))
                  ORDER BY c.id FOR UPDATE);
  UPDATE inventory.containers c SET chemical_id = act.merged_id WHERE c.lab_id = lab AND c.id = ANY (moved);
  UPDATE inventory.disposals d SET chemical_id = act.merged_id WHERE d.lab_id = lab AND d.container_id = ANY (moved);
  -- A name that another entry merged here has as well stays, and goes with the merger of that one.
  FOR other IN SELECT m.id, ARRAY(SELECT n FROM unnest(act.synonyms) AS n WHERE n = ANY (h.name || h.synonyms)) AS names
                 FROM inventory.mergers m JOIN inventory.chemicals h ON h.lab_id = lab AND h.id = m.merged_id
                WHERE m.lab_id = lab AND m.kept_id = act.kept_id AND m.id <> act.id AND m.undone_at IS NULL ORDER BY m.id LOOP
    UPDATE inventory.mergers m SET synonyms = m.synonyms || ARRAY(SELECT n FROM unnest(other.names) AS n WHERE n <> ALL (shared)) WHERE m.lab_id = lab AND m.id = other.id;
    shared := shared || other.names;
  END LOOP;
  UPDATE inventory.chemicals h
     SET synonyms = ARRAY(SELECT n FROM unnest(h.synonyms) WITH ORDINALITY AS u (n, place) WHERE n <> ALL (act.synonyms) OR n = ANY (shared) ORDER BY place)
   WHERE h.lab_id = lab AND h.id = act.kept_id
  RETURNING ARRAY(SELECT n FROM unnest(act.synonyms) AS n WHERE n = h.name OR n = ANY (h.synonyms)) INTO names_stayed;
  UPDATE inventory.chemicals h SET retired_at = NULL WHERE h.lab_id = lab AND h.id = act.merged_id;
  UPDATE inventory.mergers m SET undone_at = control.clock() WHERE m.lab_id = lab AND m.id = act.id;
  PERFORM control.trace('merger_undone', lab, NULL, jsonb_build_object('merger', act.id));
  containers := cardinality(moved);
  containers_stayed := cardinality(act.containers) - cardinality(moved);
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION inventory.undo_merger(bigint) IS
  'A manager''s act: the merged entry is listed again, with the containers and names that it had. What was done since is kept: containers received since, a name by which the kept entry is called now or that another merged entry has, and containers that were disposed of with the kept entry as a whole stay. Returns how many containers went back, and what stayed.';
