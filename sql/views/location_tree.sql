-- Locations with the day of their next count. A day is one of the lab's time zone.
-- Until 1.0.0 the view was called places.
DROP VIEW IF EXISTS inventory.places;
\set view location_tree
\set about 'Locations, archived ones too. due_on: the day on which a location should be counted next, count_period_days after its last count; the day on which it was made, if it was never counted; NULL where it has no period or is archived.'
SELECT $view$
SELECT l.lab_id, l.id, l.parent_id, l.kind, l.name, l.full_name, l.full_name_sort, l.path, l.made_at, l.archived_at, l.count_period_days, l.last_counted_at,
       d.due_on, coalesce(d.due_on <= (SELECT control.today()), false) AS due
  FROM inventory.locations l
  JOIN control.labs b ON b.id = l.lab_id
 CROSS JOIN LATERAL (
   SELECT CASE WHEN l.archived_at IS NULL AND l.count_period_days IS NOT NULL THEN
            coalesce((l.last_counted_at AT TIME ZONE b.time_zone)::date + l.count_period_days, (l.made_at AT TIME ZONE b.time_zone)::date)
          END AS due_on) AS d
$view$ AS definition \gset
\ir make.sql
