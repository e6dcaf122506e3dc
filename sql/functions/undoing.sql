-- Undoes what was just done: a line of the ledger by a correction, a transfer by a transfer back. Both keep the history, and both restore
-- what the act had changed beside the amount: the day of opening, the mark "missing", the holder, the location.

CREATE OR REPLACE FUNCTION inventory.put_back(line inventory.movements, undoes boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c    inventory.containers;
  lab  int := control.lab_id();
  zone text := (SELECT l.time_zone FROM control.labs l WHERE l.id = control.lab_id());
  t    inventory.transfers;
BEGIN
  PERFORM control.verify_lab(line.lab_id);
  SELECT * INTO c FROM inventory.containers k WHERE k.lab_id = lab AND k.id = line.container_id FOR UPDATE;
  IF line.kind = 'check_out' AND undoes AND c.opened_on = (line.made_at AT TIME ZONE zone)::date
     AND EXISTS (SELECT FROM inventory.movements m
                  WHERE m.lab_id = lab AND m.container_id = c.id AND m.kind = 'check_out' AND NOT m.before ? 'opened_on') THEN
    -- The check-out that is undone had opened the bottle. The day of opening becomes that of the first check-out that remains.
    UPDATE inventory.containers k SET opened_on = (
        SELECT min(m.made_at AT TIME ZONE zone)::date FROM inventory.movements m
         WHERE m.lab_id = lab AND m.container_id = c.id AND m.kind = 'check_out' AND m.id <> line.id AND NOT inventory.is_undone(m))
     WHERE k.lab_id = lab AND k.id = c.id;
  ELSIF line.kind = 'check_out' AND NOT undoes AND c.opened_on IS NULL AND inventory.is_undone(line) THEN
    UPDATE inventory.containers k SET opened_on = (line.made_at AT TIME ZONE zone)::date WHERE k.lab_id = lab AND k.id = c.id;
  ELSIF line.kind = 'count' AND undoes AND line.before IS NOT NULL AND c.last_counted_at = line.made_at THEN
    UPDATE inventory.containers k SET last_counted_at = (line.before ->> 'last_counted_at')::timestamptz WHERE k.lab_id = lab AND k.id = c.id;
  ELSIF line.kind = 'dispose' THEN
    UPDATE inventory.chemicals h SET retired_at = NULL WHERE h.lab_id = lab AND h.id = c.chemical_id AND h.retired_at IS NOT NULL;
    -- The disposal ended the holding. The container's last transfer says who held it.
    SELECT * INTO t FROM inventory.transfers x WHERE x.lab_id = lab AND x.container_id = c.id ORDER BY x.id DESC LIMIT 1;
    UPDATE inventory.containers k SET location_id = NULL
     WHERE k.lab_id = lab AND k.id = c.id
       AND EXISTS (SELECT FROM inventory.locations l WHERE l.lab_id = lab AND l.id = k.location_id AND l.archived_at IS NOT NULL);
    IF t.kind = 'bring_back' AND t.made_at >= line.made_at
       AND EXISTS (SELECT FROM control.members m WHERE m.lab_id = lab AND m.user_id = t.from_holder_id AND m.ended_at IS NULL) THEN
      PERFORM inventory.transfer_back(t);
    END IF;
  END IF;
  -- The container is missing again, unless somebody has seen it since.
  UPDATE inventory.containers k SET missing_since = (line.before ->> 'missing_since')::timestamptz
   WHERE undoes AND line.before ? 'missing_since' AND k.lab_id = lab AND k.id = c.id AND k.missing_since IS NULL
     AND (line.kind = 'dispose' OR (
       coalesce(k.last_counted_at <= line.made_at, true)
       AND NOT EXISTS (SELECT FROM inventory.movements m
                        WHERE m.lab_id = lab AND m.container_id = c.id AND m.line > line.line AND m.kind <> 'correct' AND NOT inventory.is_undone(m))
       AND NOT EXISTS (SELECT FROM inventory.transfers_that_hold x WHERE x.lab_id = lab AND x.container_id = c.id AND x.made_at > line.made_at)));
END $$;
COMMENT ON FUNCTION inventory.put_back(inventory.movements, boolean) IS
  'Restores what a line changed of its container beside the amount, when a correction says that the line did not happen (undoes). A location that was archived since becomes none, and so does a holder who has left the lab. Called by the trigger of movements.';

CREATE OR REPLACE FUNCTION inventory.transfer_back(transfer inventory.transfers) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moves         boolean := transfer.from_location_id IS DISTINCT FROM transfer.to_location_id;
  changes_hands boolean := transfer.from_holder_id IS DISTINCT FROM transfer.to_holder_id;
  is_last       boolean := NOT EXISTS (SELECT FROM inventory.transfers_that_hold x
                                        WHERE x.lab_id = transfer.lab_id AND x.container_id = transfer.container_id AND x.id > transfer.id);
BEGIN
  PERFORM control.verify_lab(transfer.lab_id);
  UPDATE inventory.containers c
     SET location_id = CASE WHEN moves THEN transfer.from_location_id ELSE location_id END,
         holder_id = CASE WHEN changes_hands THEN transfer.from_holder_id ELSE holder_id END
   WHERE c.lab_id = transfer.lab_id AND c.id = transfer.container_id;
  UPDATE inventory.transfers t SET undoes_id = transfer.id
   WHERE t.lab_id = transfer.lab_id AND t.id = (
     SELECT max(x.id) FROM inventory.transfers x WHERE x.lab_id = transfer.lab_id AND x.container_id = transfer.container_id);
  UPDATE inventory.containers c
     SET missing_since = CASE WHEN is_last THEN (transfer.before ->> 'missing_since')::timestamptz ELSE c.missing_since END,
         held_since = CASE WHEN changes_hands AND c.holder_id IS NOT NULL THEN coalesce((transfer.before ->> 'held_since')::timestamptz, c.held_since)
                           ELSE c.held_since END
   WHERE c.lab_id = transfer.lab_id AND c.id = transfer.container_id;
END $$;
COMMENT ON FUNCTION inventory.transfer_back(inventory.transfers) IS 'Gives a container back the location or the holder that the transfer changed. The history shows this as a transfer that undoes the first.';

CREATE OR REPLACE FUNCTION inventory.undo_transfers(transfer_ids bigint[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lab   int := control.lab_id_for('member');
  t     inventory.transfers;
  c     inventory.containers;
  facts jsonb;
  done  int := 0;
BEGIN
  PERFORM FROM inventory.containers k
    WHERE k.lab_id = lab AND k.id IN (SELECT x.container_id FROM inventory.transfers x WHERE x.lab_id = lab AND x.id = ANY (transfer_ids))
    ORDER BY k.id FOR UPDATE;
  FOR t IN SELECT x.* FROM inventory.transfers x WHERE x.lab_id = lab AND x.id = ANY (transfer_ids) ORDER BY x.container_id, x.id DESC LOOP
    SELECT * INTO c FROM inventory.containers k WHERE k.lab_id = lab AND k.id = t.container_id;
    facts := jsonb_build_object('barcode', c.barcode, 'what', CASE WHEN c.disposed_at IS NOT NULL THEN 'disposed of' ELSE 'moved again' END,
                                'holder', (SELECT u.name FROM control.users u WHERE u.id = t.from_holder_id));
    IF NOT control.is_dba() AND control.role() IS DISTINCT FROM 'manager'
       AND (control.role() IS DISTINCT FROM 'member' OR t.made_by IS DISTINCT FROM control.user_id()) THEN
      RAISE EXCEPTION 'not yours' USING ERRCODE = '42501', CONSTRAINT = 'transfers_are_undone_by_author_or_manager', DETAIL = facts::text;
    ELSIF c.disposed_at IS NOT NULL OR EXISTS (
        SELECT FROM inventory.transfers u WHERE u.lab_id = lab AND u.undoes_id = t.id)
      OR EXISTS (
        SELECT FROM inventory.transfers_that_hold x
         WHERE x.lab_id = lab AND x.container_id = t.container_id AND x.id > t.id
           AND (x.moves AND t.from_location_id IS DISTINCT FROM t.to_location_id
                OR x.changes_hands AND t.from_holder_id IS DISTINCT FROM t.to_holder_id)) THEN
      RAISE EXCEPTION 'moved since' USING ERRCODE = '23514', CONSTRAINT = 'transfers_are_undone_last_first', DETAIL = facts::text;
    ELSIF EXISTS (SELECT FROM control.members m WHERE m.lab_id = lab AND m.user_id = t.from_holder_id AND m.ended_at IS NOT NULL) THEN
      RAISE EXCEPTION 'holder left' USING ERRCODE = '23514', CONSTRAINT = 'transfers_holder_is_a_member', DETAIL = facts::text;
    END IF;
    PERFORM inventory.transfer_back(t);
    done := done + 1;
  END LOOP;
  IF done < (SELECT count(DISTINCT id) FROM unnest(transfer_ids) AS id) THEN
    RAISE EXCEPTION 'no such transfer' USING ERRCODE = 'P0002', CONSTRAINT = 'transfer_exists';
  END IF;
  RETURN done;
END $$;
COMMENT ON FUNCTION inventory.undo_transfers(bigint[]) IS
  'Takes transfers back, all or nothing. Whoever made them may do so, and a manager, as long as no later transfer of the container has changed the same. Returns how many.';

CREATE OR REPLACE FUNCTION inventory.undo(movement_ids bigint[], transfer_ids bigint[]) RETURNS int
LANGUAGE plpgsql SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  done int;
BEGIN
  PERFORM FROM inventory.containers c
    WHERE c.id IN (SELECT m.container_id FROM inventory.movements m WHERE m.id = ANY (movement_ids)
                   UNION SELECT t.container_id FROM inventory.transfers t WHERE t.id = ANY (transfer_ids))
    ORDER BY c.id FOR UPDATE;
  done := inventory.undo_transfers(transfer_ids);
  RETURN done + (SELECT count(*) FROM inventory.post_movements((
    SELECT coalesce(jsonb_agg(jsonb_build_object('at', '/movement_ids/' || m.number - 1, 'names', '{"container_id": "", "amount": ""}'::jsonb,
                                                 'kind', 'correct', 'refers_to_id', m.id, 'reason', 'Undone') ORDER BY m.id DESC), '[]')
      FROM (SELECT id, min(number) AS number FROM unnest(movement_ids) WITH ORDINALITY AS n (id, number) GROUP BY id) AS m)));
END $$;
COMMENT ON FUNCTION inventory.undo(bigint[], bigint[]) IS
  'Takes back the lines of the ledger and the transfers of one act, the latest first, all or nothing. Returns how many.';
