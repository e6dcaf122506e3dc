GRANT SELECT ON reference.units, reference.substances, reference.substance_names, reference.substance_words, reference.sources,
  reference.hazard_classifications, reference.hazard_statements TO chemuser;
