GRANT USAGE ON SCHEMA control, inventory, reference TO chemuser;
GRANT USAGE ON SCHEMA control TO chemadmin;
