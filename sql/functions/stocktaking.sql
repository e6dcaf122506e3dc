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
