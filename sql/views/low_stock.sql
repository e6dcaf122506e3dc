-- Chemicals of which all containers together hold less than the lab's limit. Mass and volume are converted by the density; containers
-- whose unit cannot be converted into the limit's, and containers that are missing, count as empty. A chemical with a container of unknown
-- amount is left out, because nobody can tell whether it runs low.
\set view low_stock
\set about 'Chemicals of which less is left than the labs limit. amount: what is left, in unit, which is the unit of the limit. missing: the number of containers that a count did not find; they count as empty.'
SELECT $view$
SELECT h.lab_id, h.id AS chemical_id, trim_scale(round(s.amount / w.factor, 9)) AS amount, h.low_stock_amount AS limit_amount,
       h.low_stock_unit AS unit, s.containers, s.missing
  FROM inventory.chemicals h
  JOIN reference.units w ON w.unit = h.low_stock_unit
 CROSS JOIN LATERAL (
   SELECT count(*) FILTER (WHERE c.missing_since IS NULL)::int AS containers, count(c.missing_since)::int AS missing,
          count(*) FILTER (WHERE c.amount IS NULL AND c.missing_since IS NULL) AS unknown,
          coalesce(sum(c.amount * CASE WHEN c.unit = h.low_stock_unit THEN w.factor ELSE (
              SELECT u.factor * CASE WHEN u.dimension = w.dimension THEN 1
                                     WHEN u.dimension = 'volume' AND w.dimension = 'mass' THEN h.density_g_per_ml
                                     WHEN u.dimension = 'mass' AND w.dimension = 'volume' THEN 1 / h.density_g_per_ml END
                FROM reference.units u WHERE u.unit = c.unit) END) FILTER (WHERE c.missing_since IS NULL), 0) AS amount
     FROM inventory.containers c
    WHERE c.lab_id = h.lab_id AND c.chemical_id = h.id AND c.disposed_at IS NULL) AS s
 WHERE h.low_stock_amount IS NOT NULL AND h.retired_at IS NULL
   AND s.unknown = 0 AND round(s.amount, 12) < h.low_stock_amount * w.factor
$view$ AS definition \gset
\ir make.sql
