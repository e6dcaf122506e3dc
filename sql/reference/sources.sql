-- The sources of the figures that write_substances.py takes.
CREATE TEMPORARY TABLE own_sources (code text, title text, licence text) ON COMMIT DROP;
COPY own_sources FROM STDIN (FORMAT csv);
OPEN_NOTEBOOK,Jean-Claude Bradley Open Melting Point Dataset (2014),CC0
CRC,"CRC Handbook of Chemistry and Physics, 95th edition (2014)",published figures as the package chemicals (MIT) has them
COMMON_CHEMISTRY,CAS Common Chemistry,CC BY-NC 4.0: not for commercial use
WIKIDATA,Wikidata,CC0
IEC,IEC 60079-20-1:2010 as Indian Standard,published figures as the package chemicals (MIT) has them
NFPA,NFPA 497 (2008),published figures as the package chemicals (MIT) has them
DIPPR,"Measured flash points of DIPPR, in Serat and others (2017)",published figures as the package chemicals (MIT) has them
ONTARIO,"Ontario, Regulation 833 (2015)",Crown copyright; may be reproduced without changes
IARC,"IARC Monographs, list of classifications",may be quoted with the source
NTP,"U.S. National Toxicology Program, Report on Carcinogens",public domain
\.

DELETE FROM reference.sources AS s WHERE NOT EXISTS (SELECT FROM own_sources AS o WHERE o.code = s.code);
INSERT INTO reference.sources AS s SELECT * FROM own_sources
ON CONFLICT (code) DO UPDATE SET title = excluded.title, licence = excluded.licence
 WHERE (s.title, s.licence) IS DISTINCT FROM (excluded.title, excluded.licence);
