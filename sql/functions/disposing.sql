DROP FUNCTION IF EXISTS inventory.confirm_disposals(bigint[]);  -- since 1.1 the containers that were shown may be given
CREATE OR REPLACE FUNCTION inventory.confirm_disposals(disposal_ids bigint[], shown bigint[] DEFAULT NULL) RETURNS TABLE (disposed_containers int, retired_chemicals int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab      int := control.lab_id_for('manager');
  chosen   bigint[];  -- the marks to be confirmed
  chemical bigint[];  -- the chemicals that are marked as a whole, with all their containers
  meant    bigint[];  -- the containers in stock of these marks
BEGIN
  -- The lock lets one confirmation of a chemical run at a time, and no container of that chemical arrive meanwhile.
  PERFORM FROM inventory.chemicals h
    WHERE h.lab_id = lab AND h.id IN (SELECT d.chemical_id FROM inventory.disposals d WHERE d.lab_id = lab AND d.id = ANY (disposal_ids))
    ORDER BY h.id FOR NO KEY UPDATE;
  SELECT array_agg(d.id), array_agg(d.chemical_id) FILTER (WHERE d.container_id IS NULL) INTO chosen, chemical
    FROM inventory.disposals d WHERE d.lab_id = lab AND d.id = ANY (disposal_ids);
  IF coalesce(cardinality(chosen), 0) <> cardinality(disposal_ids) THEN
    RAISE EXCEPTION 'no such mark' USING ERRCODE = 'P0002', CONSTRAINT = 'disposal_exists';
  END IF;

  meant := ARRAY(SELECT DISTINCT c.id FROM inventory.disposals d
                   JOIN inventory.containers c ON c.lab_id = lab AND c.chemical_id = d.chemical_id AND (c.id = d.container_id OR d.container_id IS NULL)
                  WHERE d.lab_id = lab AND d.id = ANY (chosen) AND d.outcome IS NULL AND c.disposed_at IS NULL);
  IF shown IS NOT NULL AND NOT EXISTS (SELECT FROM inventory.disposals d WHERE d.lab_id = lab AND d.id = ANY (chosen) AND d.outcome IS NOT NULL)
     AND NOT (meant <@ shown AND shown <@ meant) THEN
    RAISE EXCEPTION 'other containers than were shown' USING ERRCODE = '23514', CONSTRAINT = 'disposals_are_of_what_was_shown', DETAIL = (
      SELECT jsonb_build_object('changed', string_agg(t.barcode || CASE WHEN t.came THEN ' came in meanwhile' ELSE ' is no longer here, or no longer marked' END, '; ' ORDER BY t.id))
        FROM (SELECT c.id, c.barcode, c.id = ANY (meant) AS came FROM inventory.containers c
               WHERE c.lab_id = lab AND ((c.id = ANY (meant) AND c.id <> ALL (shown)) OR (c.id = ANY (shown) AND c.id <> ALL (meant)))
               ORDER BY c.id LIMIT 5) AS t)::text;
  END IF;

  -- Write the decision before the movements: queries find the lines of a decision among those that were written after it.
  UPDATE inventory.disposals d SET outcome = 'disposed'
   WHERE d.lab_id = lab AND (d.id = ANY (chosen) OR (d.outcome IS NULL AND d.chemical_id = ANY (chemical)));

  WITH written AS (
    INSERT INTO inventory.movements (container_id, kind, reason)
    SELECT DISTINCT ON (c.id) c.id, 'dispose', d.reason
      FROM inventory.disposals d
      JOIN inventory.containers c ON c.lab_id = lab AND c.chemical_id = d.chemical_id AND (c.id = d.container_id OR d.container_id IS NULL)
     WHERE d.lab_id = lab AND d.id = ANY (chosen) AND c.disposed_at IS NULL
     ORDER BY c.id, d.id
    RETURNING 1)
  SELECT count(*) INTO disposed_containers FROM written;

  WITH retired AS (
    UPDATE inventory.chemicals h SET retired_at = control.clock() WHERE h.lab_id = lab AND h.id = ANY (chemical) AND h.retired_at IS NULL RETURNING 1)
  SELECT count(*) INTO retired_chemicals FROM retired;
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION inventory.confirm_disposals(bigint[], bigint[]) IS
  'Confirms marks for deletion: disposes of their containers through the ledger; a marked chemical is retired with all its containers. Only a manager (the trigger of inventory.disposals refuses others). shown: the containers that somebody decided about; where the marks mean others by now, all is refused.';
