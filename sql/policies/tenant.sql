-- The tenant's fence, the same for every table of inventory. Set first:  \set table chemicals  and, where a row must say
-- more than its lab,  \set also 'AND …'. Only what is missing is made: an unchanged re-run takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
\unset also
