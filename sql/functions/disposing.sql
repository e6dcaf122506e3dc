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
