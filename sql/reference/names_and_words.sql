-- Brings reference.substances, their names and the words of their names to what is wanted, row by row: what is right already stays.
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS SELECT * FROM wanted EXCEPT SELECT * FROM reference.substances;
DELETE FROM reference.substances AS s WHERE NOT EXISTS (SELECT FROM wanted AS w WHERE w.cas_number = s.cas_number);
DELETE FROM reference.substances AS s USING changed AS c WHERE c.cas_number = s.cas_number;
INSERT INTO reference.substances SELECT * FROM changed;

DELETE FROM wanted_names AS n USING wanted AS w WHERE w.cas_number = n.cas_number AND w.name = n.name;
DELETE FROM reference.substance_names AS n
 WHERE NOT EXISTS (SELECT FROM wanted_names AS w WHERE (w.cas_number, w.name) = (n.cas_number, n.name));
INSERT INTO reference.substance_names SELECT * FROM wanted_names ON CONFLICT DO NOTHING;

\if :{?substances}
  \echo 'loading the reference of substances: the words of their names, which takes longest'
\endif
SET LOCAL work_mem = '64MB';
CREATE TEMPORARY TABLE names ON COMMIT DROP AS
SELECT rank, name, 0 AS kind FROM wanted
UNION ALL
SELECT w.rank, n.name, 1 FROM wanted_names AS n JOIN wanted AS w USING (cas_number);
CREATE TEMPORARY TABLE ways ON COMMIT DROP AS SELECT rank, kind, way FROM names, unnest(inventory.foldings(name)) AS way;
-- Within a name: what stands between blanks, and what is left behind a sign, where it begins with a letter. The file begins with the
-- some 5,000 substances that are usual.
CREATE TEMPORARY TABLE words ON COMMIT DROP AS
SELECT rank <= 6000 AS usual, min(kind)::smallint AS kind, word, rank
  FROM (SELECT rank, kind, left(regexp_replace(way, '[^[:alnum:]]', '', 'g'), 60) COLLATE "C" AS word FROM ways
        UNION ALL
        SELECT rank, 2, left(regexp_replace(token, '[^[:alnum:]]', '', 'g'), 30) COLLATE "C" FROM ways, string_to_table(way, ' ') AS token
        UNION ALL
        SELECT rank, 2, left(word, 30) COLLATE "C" FROM names, inventory.words_of(name) AS word WHERE word !~ '^[0-9]') AS found
 WHERE word <> ''
 GROUP BY word, rank;
DELETE FROM reference.substance_words AS r
 WHERE NOT EXISTS (SELECT FROM words AS w WHERE (w.usual, w.kind, w.word, w.rank) = (r.usual, r.kind, r.word, r.rank));
INSERT INTO reference.substance_words (usual, kind, word, rank) SELECT usual, kind, word, rank FROM words ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING;
ANALYZE reference.substances, reference.substance_names, reference.substance_words;
