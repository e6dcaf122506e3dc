\set table chemicals
\ir tenant.sql
GRANT SELECT,
      INSERT (:columns_that_people_write),
      UPDATE (:columns_that_people_write)
   ON inventory.chemicals TO chemuser;
