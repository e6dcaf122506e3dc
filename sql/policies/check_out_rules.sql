\set table check_out_rules
\set writers manager
\ir tenant.sql
GRANT SELECT, INSERT (expired, marked, peroxides, peroxide_limit_ppm), UPDATE (expired, marked, peroxides, peroxide_limit_ppm)
   ON inventory.check_out_rules TO chemuser;
