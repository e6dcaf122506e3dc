-- Each check-out and how much of it is still out: the amount taken and its corrections, less the returns and their corrections.
\set view check_outs
\set about 'One row for each check-out. still_out: how much of it did not come back yet, in unit; 0 also where the check-out was undone.'
SELECT $view$
SELECT m.lab_id, m.id, m.container_id, m.made_at, m.made_by, m.typed_amount, m.typed_unit, m.unit, m.reason,
       -(m.amount + d.amount + r.amount) AS still_out
  FROM inventory.movements m
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(x.amount), 0) AS amount FROM inventory.movements x WHERE x.lab_id = m.lab_id AND x.refers_to_id = m.id) AS d
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(y.amount), 0) AS amount
     FROM inventory.movements x JOIN inventory.movements y ON y.lab_id = x.lab_id AND y.refers_to_id = x.id
    WHERE x.lab_id = m.lab_id AND x.refers_to_id = m.id AND x.kind = 'return') AS r
 WHERE m.kind = 'check_out'
$view$ AS definition \gset
\ir make.sql
