-- How many containers stand in each location. Reads the lab's containers once, however deep the tree is.
-- Until 1.0.0 the view was called place_contents.
DROP VIEW IF EXISTS inventory.place_contents;
\set view location_contents
\set about 'How many containers stand in a location itself (here), and in it or anywhere below it (containers). A location without any has no row.'
SELECT $view$
SELECT at.lab_id, at.location_id, sum(at.containers)::int AS containers, sum(at.here)::int AS here
  FROM (SELECT h.lab_id, step::bigint AS location_id, h.containers, CASE WHEN step::bigint = h.location_id THEN h.containers ELSE 0 END AS here
          FROM (SELECT c.lab_id, c.location_id, count(*) AS containers
                  FROM inventory.containers c
                 WHERE c.disposed_at IS NULL AND c.location_id IS NOT NULL
                 GROUP BY c.lab_id, c.location_id) AS h
          JOIN inventory.locations l ON l.lab_id = h.lab_id AND l.id = h.location_id
         CROSS JOIN string_to_table(trim(l.path, '/'), '/') AS step) AS at
 GROUP BY at.lab_id, at.location_id
$view$ AS definition \gset
\ir make.sql
