-- Takes the rows of the file that write_substances.py wrote.
ALTER TABLE wanted ADD COLUMN synonyms text;
-- \copy takes no variables, so the whole line is one.
\set copy '\\copy wanted FROM ' :'substances' ' (HEADER MATCH)'
\echo 'loading the reference of substances: their file'
:copy
INSERT INTO wanted_names SELECT cas_number, string_to_table(synonyms, '; ') FROM wanted ON CONFLICT DO NOTHING;
ALTER TABLE wanted DROP COLUMN synonyms;
