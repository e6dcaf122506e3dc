-- Containers in stock of chemicals that form peroxides, with their latest test. Of a container that was never tested, the test is due so many
-- days after it was received or opened, whichever was first, as its class says; where neither day is known, since it was entered.
\set view peroxide_formers
\set about 'Containers in stock whose chemical has a peroxide class. state: over, more peroxides than the limit of the lab; due, a test is due; tested, neither.'
SELECT $view$
SELECT c.lab_id, c.id AS container_id, h.peroxide_class, t.ppm, t.tested_on, d.due_on,
       CASE WHEN t.ppm > coalesce(r.peroxide_limit_ppm, 100) THEN 'over'
            WHEN d.due_on <= (SELECT control.today()) THEN 'due'
            ELSE 'tested' END AS state
  FROM inventory.chemicals h
  JOIN inventory.containers c ON c.lab_id = h.lab_id AND c.chemical_id = h.id
  LEFT JOIN inventory.check_out_rules r ON r.lab_id = c.lab_id
  LEFT JOIN LATERAL (
    SELECT x.ppm, x.tested_on, x.next_due FROM inventory.peroxide_tests x
     WHERE x.lab_id = c.lab_id AND x.container_id = c.id ORDER BY x.tested_on DESC, x.id DESC LIMIT 1) AS t ON true
 CROSS JOIN LATERAL (
   SELECT CASE WHEN t.tested_on IS NULL
               THEN coalesce(least(c.opened_on, c.received_on) + inventory.peroxide_test_days(h.peroxide_class), c.made_at::date)
               WHEN c.opened_on > t.tested_on THEN least(t.next_due, c.opened_on + inventory.peroxide_test_days(h.peroxide_class))
               ELSE t.next_due END AS due_on) AS d
 WHERE h.peroxide_class IS NOT NULL AND c.disposed_at IS NULL
$view$ AS definition \gset
\ir make.sql
