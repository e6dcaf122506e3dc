GRANT USAGE ON SCHEMA control, inventory, reference TO chemuser, chem_dba;
GRANT USAGE ON SCHEMA control TO chemadmin;
