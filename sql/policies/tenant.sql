-- The policy that keeps labs apart, the same for every table of inventory. Before \ir:  \set table chemicals  and, where a written row
-- must fulfil more,  \set also 'AND …';  where only managers write,  \set writers manager. It makes only what is missing: an unchanged re-run
-- takes no exclusive lock.
\if :{?also}
\else
  \set also ''
\endif
\if :{?writers}
\else
  \set writers member
\endif
SELECT format('ALTER TABLE inventory.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', :'table')
 WHERE NOT (SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = format('inventory.%I', :'table')::regclass) \gexec
SELECT format('CREATE POLICY "a lab reaches only its own rows" ON inventory.%I TO chemuser, chemowner
               USING (lab_id = (SELECT control.lab_id())) WITH CHECK (lab_id = (SELECT control.lab_id()) %s)', :'table', :'also')
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = 'a lab reaches only its own rows') \gexec
-- Restrictive policies, which must hold besides the policy above. They are for chemuser alone: functions that run as chemowner ask for the
-- role themselves.
SELECT format('CREATE POLICY %I ON inventory.%I AS RESTRICTIVE FOR %s TO chemuser %s (lab_id = (SELECT control.lab_id_for(%L)))',
              format('to %s takes a %s', lower(act), :'writers'), :'table', act, condition, :'writers')
  FROM (VALUES ('INSERT', 'WITH CHECK'), ('UPDATE', 'USING'), ('DELETE', 'USING')) AS acts (act, condition)
 WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = format('inventory.%I', :'table')::regclass
                                           AND polname = format('to %s takes a %s', lower(act), :'writers')) \gexec
\unset also
\unset writers
