-- What PostgreSQL itself says about tables, policies, keys, rights, views and functions: see sql/functions/catalogue.sql.
SELECT jsonb_agg(jsonb_build_object('what', what, 'faults', to_jsonb(faults))) AS found FROM control.check_catalogue() \gset
\ir report.sql
