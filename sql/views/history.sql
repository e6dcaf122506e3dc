-- Ledger and transfers in one list. Its order is (made_at, source, id), for which each side has an index, so that the first page
-- of a long ledger is a Merge Append of two short scans. Names of people and locations are subqueries, for the lines
-- that are shown: as joins they would be more than join_collapse_limit, and a filter by chemical would read the whole ledger.
-- `+ 0` stops the planner from adding a second lab_id condition to each side of the UNION: it would estimate one row and scan the
-- whole ledger.
\set view history
\set about 'Everything that happened to containers: a movement changes the amount in one, a transfer its location or holder. source says which of the two a row is; source and id name it.'
SELECT $view$
SELECT e.lab_id, e.source, e.id, e.made_at, e.kind, e.made_by, (SELECT u.name FROM control.users u WHERE u.id = e.made_by) AS made_by_name,
       e.container_id, c.barcode, c.chemical_id, h.name AS chemical_name, h.cas_number,
       e.typed_amount, e.typed_unit, e.amount, e.unit, e.balance, e.reason, e.refers_to_id, e.stocktake_id, e.delivery_id,
       (SELECT l.full_name FROM inventory.locations l WHERE l.lab_id = e.lab_id AND l.id = e.from_location_id) AS from_location,
       (SELECT l.full_name FROM inventory.locations l WHERE l.lab_id = e.lab_id AND l.id = e.to_location_id) AS to_location,
       (SELECT u.name FROM control.users u WHERE u.id = e.from_holder_id) AS from_holder,
       (SELECT u.name FROM control.users u WHERE u.id = e.to_holder_id) AS to_holder
  FROM (SELECT m.lab_id, 'movement'::text AS source, m.id, m.made_at, m.kind, m.made_by, m.container_id, m.typed_amount, m.typed_unit,
               m.amount, m.unit, m.balance, m.reason, m.refers_to_id, m.stocktake_id, m.delivery_id,
               NULL::bigint AS from_location_id, NULL::bigint AS to_location_id, NULL::bigint AS from_holder_id, NULL::bigint AS to_holder_id
          FROM inventory.movements m
        UNION ALL
        SELECT t.lab_id, 'transfer', t.id, t.made_at, t.kind, t.made_by, t.container_id, NULL, NULL,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               t.from_location_id, t.to_location_id, t.from_holder_id, t.to_holder_id
          FROM inventory.transfers t) AS e
  JOIN inventory.containers c ON c.lab_id = e.lab_id + 0 AND c.id = e.container_id
  JOIN inventory.chemicals h ON h.lab_id = c.lab_id AND h.id = c.chemical_id
$view$ AS definition \gset
\ir make.sql
