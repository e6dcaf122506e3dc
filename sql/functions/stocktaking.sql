CREATE OR REPLACE FUNCTION inventory.is_asked_for(stocktake inventory.stocktakes, container inventory.containers, chemical inventory.chemicals)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN (stocktake.sample_percent IS NULL
        -- The hash draws the sample: it is the same whenever the stocktake is looked at, and another in the next stocktake.
        OR mod(hashint8extended(container.id, stocktake.id) & 65535, 100) < stocktake.sample_percent)
   AND (stocktake.not_counted_days IS NULL
        OR coalesce(container.last_counted_at < stocktake.started_at - make_interval(days => stocktake.not_counted_days), true))
   AND (NOT stocktake.dangerous_only OR chemical.pictograms IS NULL OR coalesce(chemical.signal_word = 'Danger', false));
COMMENT ON FUNCTION inventory.is_asked_for(inventory.stocktakes, inventory.containers, inventory.chemicals) IS
  'Whether a stocktake that counts a part of its location asks for this container: by its random sample, the last count, the hazards. A chemical whose hazards are not known counts as dangerous.';

CREATE OR REPLACE FUNCTION inventory.usual_tolerance(of_lab int, OUT tolerance_percent numeric, OUT tolerance_amount numeric)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT coalesce(max(s.tolerance_percent), 5), coalesce(max(s.tolerance_amount), 5)
    FROM (SELECT t.tolerance_percent, t.tolerance_amount FROM inventory.stocktakes t WHERE t.lab_id = of_lab ORDER BY t.id DESC LIMIT 1) AS s;
END;
COMMENT ON FUNCTION inventory.usual_tolerance(int) IS 'The tolerance of a lab''s latest stocktake; in a lab without stocktakes 5 %, and 5 g or mL.';

CREATE OR REPLACE FUNCTION inventory.post_stocktake(stocktake bigint)
RETURNS TABLE (counts int, amounts_changed int, moved int, missing int, left_for_recount int)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s         inventory.stocktakes;
  root      text;
  lab       int := control.lab_id_for('member');
  moment    timestamptz := control.clock();
  gone      bigint[];  -- containers that were disposed of since they were counted
  seen      bigint[];  -- containers that were found, but nobody measured what is left
  left_out  text[];    -- paths of locations where something expected was not counted
  off       int;
  uncounted int;
BEGIN
  SELECT * INTO s FROM inventory.stocktakes t WHERE t.lab_id = lab AND t.id = stocktake FOR UPDATE;
  IF NOT found THEN
    RAISE EXCEPTION 'no such stocktake' USING ERRCODE = 'P0002', CONSTRAINT = 'stocktake_exists';
  ELSIF s.posted_at IS NOT NULL OR s.cancelled_at IS NOT NULL THEN
    RAISE EXCEPTION 'not an open stocktake' USING ERRCODE = '23514', CONSTRAINT = 'stocktake_is_open';
  END IF;
  -- Lock all containers that will change, in the order of ids in which every function locks containers, so that none waits for the
  -- other. The ids are kept in arrays: plans by array are good even before the tables have statistics.
  PERFORM FROM inventory.containers c
    WHERE c.lab_id = lab AND c.id = ANY (ARRAY(
      SELECT n.container_id FROM inventory.stocktake_counts n WHERE n.lab_id = lab AND n.stocktake_id = stocktake))
    ORDER BY c.id FOR UPDATE;
  SELECT coalesce(array_agg(v.container_id) FILTER (WHERE v.disposed_at IS NOT NULL), '{}'),
         coalesce(array_agg(v.container_id) FILTER (WHERE v.found AND v.counted IS NULL AND NOT v.recount AND v.disposed_at IS NULL), '{}'),
         coalesce(array_agg(DISTINCT v.location_path) FILTER (WHERE (v.state = 'not_counted' OR v.recount) AND v.location_path IS NOT NULL), '{}'),
         count(*) FILTER (WHERE v.state = 'off' AND NOT v.recount), count(*) FILTER (WHERE v.state = 'not_counted'),
         count(*) FILTER (WHERE v.recount)
    INTO gone, seen, left_out, off, uncounted, left_for_recount
    FROM inventory.stocktake_lines v WHERE v.lab_id = lab AND v.stocktake_id = stocktake;

  WITH written AS (
    INSERT INTO inventory.movements (container_id, kind, typed_amount, typed_unit, reason, stocktake_id)
    SELECT n.container_id, 'count', n.counted, n.counted_unit, n.reason, n.stocktake_id
      FROM inventory.stocktake_counts n
     WHERE n.lab_id = lab AND n.stocktake_id = stocktake AND n.counted IS NOT NULL AND NOT n.recount AND n.container_id <> ALL (gone)
     ORDER BY n.container_id
    RETURNING amount)
  SELECT count(*), count(*) FILTER (WHERE amount <> 0) INTO counts, amounts_changed FROM written;

  UPDATE inventory.containers c SET missing_since = NULL, last_counted_at = moment WHERE c.lab_id = lab AND c.id = ANY (seen);

  -- Leave the location as it is where somebody moved or took the container after it was counted: they know better.
  WITH moves AS (
    UPDATE inventory.containers c SET location_id = n.location_id
      FROM inventory.stocktake_counts n
     WHERE n.lab_id = lab AND n.stocktake_id = stocktake AND n.found AND NOT n.recount AND n.location_id IS NOT NULL
       AND c.lab_id = lab AND c.id = n.container_id AND c.disposed_at IS NULL AND c.location_id IS DISTINCT FROM n.location_id
       AND NOT EXISTS (SELECT FROM inventory.transfers t WHERE t.lab_id = lab AND t.container_id = c.id AND t.made_at > n.counted_at)
    RETURNING 1)
  SELECT count(*) INTO moved FROM moves;

  -- A container that was not found, but moved or was taken afterwards, is not missing.
  WITH lost AS (
    UPDATE inventory.containers c SET missing_since = coalesce(c.missing_since, moment), last_counted_at = moment
      FROM inventory.stocktake_counts n
     WHERE n.lab_id = lab AND n.stocktake_id = stocktake AND NOT n.found AND NOT n.recount
       AND c.lab_id = lab AND c.id = n.container_id AND c.disposed_at IS NULL
       AND NOT EXISTS (SELECT FROM inventory.transfers t WHERE t.lab_id = lab AND t.container_id = c.id AND t.made_at > n.counted_at)
       AND NOT EXISTS (SELECT FROM inventory.movements m
                        WHERE m.lab_id = lab AND m.container_id = c.id AND m.line = c.last_line AND m.made_at > n.counted_at)
    RETURNING 1)
  SELECT count(*) INTO missing FROM lost;

  -- A location gets the date of this count only if everything that stands there was expected, and was counted.
  SELECT l.path INTO root FROM inventory.locations l WHERE l.lab_id = lab AND l.id = s.location_id;
  UPDATE inventory.locations l SET last_counted_at = moment
   WHERE l.lab_id = lab AND l.archived_at IS NULL AND starts_with(l.path, coalesce(root, '/'))
     AND s.sample_percent IS NULL AND s.not_counted_days IS NULL AND NOT s.dangerous_only
     AND NOT EXISTS (SELECT FROM unnest(left_out) AS o (path) WHERE starts_with(o.path, l.path));

  UPDATE inventory.stocktakes t SET posted_at = moment, posted_by = control.user_id(),
         outcome = jsonb_build_object('counts', counts, 'amounts_changed', amounts_changed, 'off', off, 'moved', moved, 'missing', missing,
                                      'left_for_recount', left_for_recount, 'uncounted', uncounted)
   WHERE t.lab_id = lab AND t.id = stocktake;
  RETURN NEXT;
END $$;
COMMENT ON FUNCTION inventory.post_stocktake(bigint) IS
  'Posts a stocktake in one go: a count movement for each measured container, moves of what was found elsewhere, missing for what was not found, and the date of the count on each location that was counted whole.';
