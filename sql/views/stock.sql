-- Containers as a person sees them: with chemical, location, holder and what is marked. security_invoker: the reader's policies hold.
\set view stock
\set about 'Containers with the names of their chemical, location and holder. marked: somebody marked the container or its whole chemical for deletion. Containers that were disposed of are here, too: disposed_at says when.'
SELECT replace($view$
SELECT c.lab_id, c.id, c.barcode, c.chemical_id, h.name AS chemical_name, h.name_sort AS chemical_name_sort, h.cas_number,
       h.pictograms, h.signal_word, h.h_statements, h.density_g_per_ml, h.days_after_opening, h.peroxide_class,
       c.amount, c.unit, c.pack_size, c.pack_unit, c.location_id, l.full_name AS location, l.path AS location_path,
       c.holder_id, u.name AS holder, c.held_since, m.ended_at AS holder_left_at,
       {facts_of_a_label}, c.use_by, c.extended_on, c.price, c.currency, c.notes,
       c.delivery_id, c.last_counted_at, c.missing_since, c.disposed_at, c.made_at, c.last_line,
       EXISTS (SELECT FROM inventory.disposals d
                WHERE d.lab_id = c.lab_id AND d.chemical_id = c.chemical_id AND (d.container_id = c.id OR d.container_id IS NULL)
                  AND d.outcome IS NULL) AS marked
  FROM inventory.containers c
  JOIN inventory.chemicals h ON h.lab_id = c.lab_id AND h.id = c.chemical_id
  LEFT JOIN inventory.locations l ON l.lab_id = c.lab_id AND l.id = c.location_id
  LEFT JOIN control.members m ON m.lab_id = c.lab_id AND m.user_id = c.holder_id
  LEFT JOIN control.users u ON u.id = c.holder_id
$view$, '{facts_of_a_label}', regexp_replace(:'facts_of_a_label', '(\w+)', 'c.\1', 'g')) AS definition \gset
\ir make.sql
