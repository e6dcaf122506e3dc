-- Chemicals of which all containers together hold less than the lab's limit. Where an amount is not known, nobody can say.
\set view low_stock
\set about 'Chemicals that run low. amount: what there is, in unit, which is that of the limit.'
SELECT $view$
SELECT h.lab_id, h.id AS chemical_id, trim_scale(round(s.amount / w.factor, 9)) AS amount, h.low_stock_amount AS limit_amount,
       h.low_stock_unit AS unit, s.containers
  FROM inventory.chemicals h
  JOIN reference.units w ON w.unit = h.low_stock_unit
 CROSS JOIN LATERAL (
   SELECT count(*)::int AS containers, count(*) FILTER (WHERE c.amount IS NULL) AS unknown,
          coalesce(sum(c.amount * CASE WHEN c.unit = h.low_stock_unit THEN w.factor
                                       ELSE (SELECT u.factor FROM reference.units u WHERE u.unit = c.unit AND u.dimension = w.dimension) END), 0) AS amount
     FROM inventory.containers c
    WHERE c.lab_id = h.lab_id AND c.chemical_id = h.id AND c.disposed_at IS NULL) AS s
 WHERE h.low_stock_amount IS NOT NULL AND h.retired_at IS NULL
   AND s.unknown = 0 AND s.amount < h.low_stock_amount * w.factor
$view$ AS definition \gset
\ir make.sql
