-- Containers in stock of chemicals that form peroxides, with their latest test.
\set view peroxide_formers
\set about 'Containers in stock whose chemical has a peroxide class, with what inventory.peroxides says of them.'
SELECT $view$
SELECT c.lab_id, c.id AS container_id, h.peroxide_class, p.ppm, p.tested_on, p.due_on, p.state
  FROM inventory.chemicals h
  JOIN inventory.containers c ON c.lab_id = h.lab_id AND c.chemical_id = h.id
 CROSS JOIN LATERAL inventory.peroxides(c.lab_id, c.id, h.peroxide_class, c.opened_on, c.received_on, c.made_at) AS p
 WHERE h.peroxide_class IS NOT NULL AND c.disposed_at IS NULL
$view$ AS definition \gset
\ir make.sql
