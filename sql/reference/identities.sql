-- The file of write_substances.py, less the substances that we wrote ourselves.
CREATE TEMPORARY TABLE identities (
  cas_number text, name text, synonyms text, formula text, molar_mass_g_per_mol numeric, smiles text, inchikey text
) ON COMMIT DROP;
-- \copy takes no variables, so the whole line is one.
\set copy '\\copy identities FROM ' :'substances'
:copy
DELETE FROM identities AS i USING own_substances AS o WHERE o.cas_number = i.cas_number;

INSERT INTO reference.substances AS s (cas_number, name, formula, molar_mass_g_per_mol, smiles, inchikey)
SELECT cas_number, name, formula, molar_mass_g_per_mol, smiles, inchikey FROM identities
ON CONFLICT (cas_number) DO UPDATE
   SET name = excluded.name, formula = excluded.formula, molar_mass_g_per_mol = excluded.molar_mass_g_per_mol,
       smiles = excluded.smiles, inchikey = excluded.inchikey
 WHERE (s.name, s.formula, s.molar_mass_g_per_mol, s.smiles, s.inchikey) IS DISTINCT FROM
       (excluded.name, excluded.formula, excluded.molar_mass_g_per_mol, excluded.smiles, excluded.inchikey);

CREATE TEMPORARY TABLE identity_names ON COMMIT DROP AS
SELECT cas_number, other AS name FROM identities, regexp_split_to_table(synonyms, '; ') AS other;
DELETE FROM reference.substance_names AS n USING identities AS i
 WHERE i.cas_number = n.cas_number AND n.name <> ALL (string_to_array(i.synonyms, '; '));
INSERT INTO reference.substance_names (cas_number, name) SELECT cas_number, name FROM identity_names ON CONFLICT DO NOTHING;
ANALYZE reference.substances, reference.substance_names;
