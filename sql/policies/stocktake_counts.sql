\set table stocktake_counts
\ir tenant.sql
GRANT SELECT,
      INSERT (stocktake_id, container_id, found, counted, counted_unit, location_id, reason, recount),
      UPDATE (found, counted, counted_unit, location_id, reason, recount),
      DELETE
   ON inventory.stocktake_counts TO chemuser;
