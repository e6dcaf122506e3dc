GRANT SELECT ON reference.units, reference.substances, reference.substance_names, reference.hazard_classifications, reference.hazard_statements
  TO chemuser;
