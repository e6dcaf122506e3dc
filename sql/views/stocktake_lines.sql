-- The lines of a stocktake: what is expected at its location, and what was counted. Expected is what stands there: not disposed
-- of, not missing already, not with somebody, and asked for if only a part is counted. A stocktake that is over has only what was counted.
\set view stocktake_lines
\set about 'One row for each container that a stocktake expects or has counted. state: not_counted; matched, counted as expected; tolerance, a small difference; off, a difference above the stocktake''s tolerance_percent and, of a mass or volume, also above its tolerance_amount or half; first, its amount was not known before; elsewhere, it stood at another location than ChemTrack says; not_found.'
SELECT $view$
SELECT s.lab_id, s.id AS stocktake_id, c.id AS container_id, c.barcode, c.chemical_id, h.name AS chemical_name, h.name_sort,
       h.pictograms, h.signal_word, h.density_g_per_ml, c.lot, c.tare_g, c.amount, c.unit, c.pack_size, c.pack_unit,
       c.location_id, l.full_name AS location, l.path AS location_path, coalesce(l.full_name_sort, '') COLLATE "C" AS location_sort,
       c.holder_id, c.missing_since, c.disposed_at, x.expected_here,
       n.container_id IS NOT NULL AS has_count, n.found, n.counted, n.counted_unit, n.expected, n.variance,
       n.location_id AS moves_to_id, t.full_name AS moves_to, coalesce(c.amount + n.variance < 0, false) AS clash,
       n.reason, coalesce(n.recount, false) AS recount, n.counted_at, n.counted_by,
       CASE WHEN n.container_id IS NULL THEN 'not_counted'
            WHEN NOT n.found THEN 'not_found'
            WHEN abs(n.variance) * 100 > s.tolerance_percent * n.expected AND (u.dimension NOT IN ('mass', 'volume') OR abs(n.variance) * u.factor > s.tolerance_amount
                                                         OR abs(n.variance) > 0.5 * n.expected) THEN 'off'
            WHEN n.location_id IS NOT NULL THEN 'elsewhere'
            WHEN n.counted IS NOT NULL AND n.expected IS NULL THEN 'first'
            WHEN n.variance <> 0 THEN 'tolerance'
            ELSE 'matched' END AS state
  FROM inventory.stocktakes s
  LEFT JOIN inventory.locations root ON root.lab_id = s.lab_id AND root.id = s.location_id
  JOIN inventory.containers c ON c.lab_id = s.lab_id
  JOIN inventory.chemicals h ON h.lab_id = c.lab_id AND h.id = c.chemical_id
  LEFT JOIN inventory.locations l ON l.lab_id = c.lab_id AND l.id = c.location_id
  LEFT JOIN inventory.stocktake_counts n ON n.lab_id = s.lab_id AND n.stocktake_id = s.id AND n.container_id = c.id
  LEFT JOIN inventory.locations t ON t.lab_id = n.lab_id AND t.id = n.location_id
  LEFT JOIN reference.units u ON u.unit = c.unit
 CROSS JOIN LATERAL (
   SELECT s.posted_at IS NULL AND s.cancelled_at IS NULL
          AND c.disposed_at IS NULL AND c.missing_since IS NULL AND c.holder_id IS NULL
          AND (s.location_id IS NULL OR coalesce(starts_with(l.path, root.path), false))
          AND inventory.is_asked_for(s, c, h) AS expected_here) AS x
 WHERE n.container_id IS NOT NULL OR x.expected_here
$view$ AS definition \gset
\ir make.sql
