-- A transfer that was undone and the transfer that undid it cancel out. The others say where a container is and who has it.
\set view transfers_that_hold
\set about 'Transfers that were not undone and that undo no other. moves: the location changed. changes_hands: the holder changed.'
SELECT $view$
SELECT t.lab_id, t.id, t.container_id, t.made_at,
       t.from_location_id IS DISTINCT FROM t.to_location_id AS moves, t.from_holder_id IS DISTINCT FROM t.to_holder_id AS changes_hands
  FROM inventory.transfers t
 WHERE t.undoes_id IS NULL AND NOT EXISTS (SELECT FROM inventory.transfers u WHERE u.lab_id = t.lab_id AND u.undoes_id = t.id)
$view$ AS definition \gset
\ir make.sql
