-- Labs read what was kept. Administration loads lists; what was kept is changed by nobody, because chemicals say that they are from there.
SELECT format('ALTER TABLE reference.%I ENABLE ROW LEVEL SECURITY', t)
  FROM unnest(ARRAY['classification_lists', 'classifications']) AS t
 WHERE NOT (SELECT relrowsecurity FROM pg_class WHERE oid = format('reference.%I', t)::regclass) \gexec
SELECT 'CREATE POLICY "labs see what was kept" ON reference.classification_lists FOR SELECT TO chemuser USING (kept_at IS NOT NULL)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'reference.classification_lists'::regclass AND polname = 'labs see what was kept') \gexec
SELECT 'CREATE POLICY "administration sees lists" ON reference.classification_lists FOR SELECT TO chemadmin USING (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'reference.classification_lists'::regclass AND polname = 'administration sees lists') \gexec
SELECT 'CREATE POLICY "administration loads lists" ON reference.classification_lists FOR INSERT TO chemadmin WITH CHECK (kept_at IS NULL)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'reference.classification_lists'::regclass AND polname = 'administration loads lists') \gexec
SELECT 'CREATE POLICY "administration keeps lists" ON reference.classification_lists FOR UPDATE TO chemadmin USING (kept_at IS NULL) WITH CHECK (kept_at IS NOT NULL)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'reference.classification_lists'::regclass AND polname = 'administration keeps lists') \gexec
SELECT 'CREATE POLICY "administration discards what was not kept" ON reference.classification_lists FOR DELETE TO chemadmin USING (kept_at IS NULL)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'reference.classification_lists'::regclass AND polname = 'administration discards what was not kept') \gexec
SELECT 'CREATE POLICY "labs see what was kept" ON reference.classifications FOR SELECT TO chemuser
        USING (EXISTS (SELECT FROM reference.classification_lists l WHERE l.id = list_id AND l.kept_at IS NOT NULL))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'reference.classifications'::regclass AND polname = 'labs see what was kept') \gexec
SELECT 'CREATE POLICY "administration sees classifications" ON reference.classifications FOR SELECT TO chemadmin USING (true)'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'reference.classifications'::regclass AND polname = 'administration sees classifications') \gexec
SELECT 'CREATE POLICY "administration fills lists that were not kept" ON reference.classifications FOR INSERT TO chemadmin
        WITH CHECK (EXISTS (SELECT FROM reference.classification_lists l WHERE l.id = list_id AND l.kept_at IS NULL))'
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = 'reference.classifications'::regclass AND polname = 'administration fills lists that were not kept') \gexec
GRANT USAGE ON SCHEMA reference TO chemadmin;
GRANT SELECT ON reference.classification_lists, reference.classifications TO chemuser, chemadmin;
GRANT INSERT (name, version, file_name, refused, refused_rows), UPDATE (kept_at), DELETE ON reference.classification_lists TO chemadmin;
GRANT INSERT ON reference.classifications TO chemadmin;
