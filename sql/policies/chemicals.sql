\set table chemicals
\ir tenant.sql
GRANT SELECT,
      INSERT (name, synonyms, cas_number, formula, molar_mass_g_per_mol, smiles, inchikey, physical_state, density_g_per_ml,
              melting_point_celsius, boiling_point_celsius, flash_point_celsius, pictograms, signal_word, h_statements, p_statements,
              storage_class, sds_url, supplier, catalogue_number, low_stock_amount, low_stock_unit, notes),
      UPDATE (name, synonyms, cas_number, formula, molar_mass_g_per_mol, smiles, inchikey, physical_state, density_g_per_ml,
              melting_point_celsius, boiling_point_celsius, flash_point_celsius, pictograms, signal_word, h_statements, p_statements,
              storage_class, sds_url, supplier, catalogue_number, low_stock_amount, low_stock_unit, notes)
   ON inventory.chemicals TO chemuser;
