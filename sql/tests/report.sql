-- Prints what was found as TAP. Set before: found, JSON [{"what": "…", "faults": ["…"]}], a test each.
SELECT :ran + count(*) AS ran,
       :failed + count(*) FILTER (WHERE jsonb_array_length(test -> 'faults') > 0) AS failed,
       string_agg(format('%s %s - %s', CASE jsonb_array_length(test -> 'faults') WHEN 0 THEN 'ok' ELSE 'not ok' END, :ran + n, test ->> 'what')
                  || coalesce((SELECT string_agg(E'\n#   ' || fault, '') FROM jsonb_array_elements_text(test -> 'faults') AS fault), ''),
                  E'\n' ORDER BY n) AS lines
  FROM jsonb_array_elements(:'found'::jsonb) WITH ORDINALITY AS t (test, n) \gset
\echo :lines
