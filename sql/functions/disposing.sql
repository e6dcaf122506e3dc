CREATE OR REPLACE FUNCTION inventory.confirm_disposals(disposal_ids bigint[]) RETURNS TABLE (disposed_containers int, retired_chemicals int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab      int := control.lab_id_for('manager');
  chosen   bigint[];  -- the marks to be confirmed
  chemical bigint[];  -- the chemicals that are marked as a whole, with all their containers
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
COMMENT ON FUNCTION inventory.confirm_disposals(bigint[]) IS
  'Confirms marks for deletion: disposes of their containers through the ledger; a marked chemical is retired with all its containers. Only a manager (the trigger of inventory.disposals refuses others).';
