"""The reference of substances: what is taken from the package's files, how it is loaded, and what its names find."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sql.reference.substance_figures import agreed, read_figures
from sql.reference.substance_names import choose_names, is_drawn_whole, is_formula_of
from sql.reference.write_substances import COLUMNS, FILES, read_substances, write_substances
from tests.server import OWNER, Server, own_database
from tests.spellings import SPELLINGS
from tests.sql.databases import execute
from tests.sql.test_seed import Database

WEIGHTS = {
    "H": 1.008,
    "C": 12.011,
    "N": 14.007,
    "O": 15.999,
    "Na": 22.990,
    "Mg": 24.305,
    "Cl": 35.45,
    "Fe": 55.845,
    "Zn": 65.38,
}
# Lines as in the package's files: number, CAS RN, formula, molar mass, SMILES, InChI, InChIKey, systematic name, names.
LINES = [
    "1\t121-69-7\tC8H11N\t121.17964\tCN(C)C1=CC=CC=C1\t-\tJLTDJTHDQAWBAV-UHFFFAOYSA-N\tn,n-dimethylaniline"
    "\tn,n-dimethylaniline\tn,n-dimethylaniline-d6\tdimethylaniline\t121-69-7\tbenzenamine, n,n-dimethyl-\tnsc 7195\tn,n-dimethylbenzenamine",
    "2\t64-17-5\tC2H6O\t46.06844\tCCO\t-\tLFQSCWFLJHTTHZ-UHFFFAOYSA-N\tethanol\tethanol\talcohol",
    "3\t7791-18-6\tCl2H2MgO\t113.2\tO.[Cl-].[Cl-].[Mg+2]\t-\tMJMDTFNVECGTEM-UHFFFAOYSA-L\tmagnesium;dichloride;hydrate"
    "\tmagnesium chloride hexahydrate\tmagnesium chloride",
    "4\t121-69-8\tC\t12.0\tC\t-\t\twrong check digit\twrong check digit",
    "5\t281-44-7\tC6H16Si4\t200.5\tC\t-\t\t\t281-44-7",
    "6\t7646-85-7\tCl2Zn\t136.28\tCl[Zn]Cl\t-\tJIAARYAFYJHUJI-UHFFFAOYSA-L\tdichlorozinc\tzinc chloride\tbutter of zinc\tzinc00123",
    "7\t1309-38-2\tFeO\t71.84\tO=[Fe]\t-\tUQSXHKLRYXJYBZ-UHFFFAOYSA-N\t\tmagnetite (Fe3O4)",
    "8\t9002-89-5\tC2H4O\t44.05\tC=CO\t-\tIMROMDMJAWUWLK-UHFFFAOYSA-N\tethenol\tethenol\tpoly(vinyl alcohol)",
    "9\t80-56-8\tC10H16\t136.23\tCC1=CCC2CC1C2(C)C\t-\tGRWFGVWFFZKLTI-UHFFFAOYSA-N\talpha-pinene\talpha-pinene\t2-pinene",
    "10\t78-70-6\tC10H18O\t154.25\tCC(=CCCC(C)(C=C)O)C\t-\tCDOSHBSSFJOMGT-UHFFFAOYSA-N\tlinalool\tlinalool\t(+)-coriandrol\tn-(1-ethyl) linalol",
    "11\t126-91-0\tC10H18O\t154.25\tCC(=CCCC(C)(C=C)O)C\t-\tCDOSHBSSFJOMGT-SNVBAGLBSA-N\t(-)-coriandrol\t(-)-coriandrol",
    "12\t105-59-9\tC5H13NO2\t119.16\tCN(CCO)CCO\t-\tCRVGTESFCCXCTH-UHFFFAOYSA-N\tmdea\tn-methyldiethanolamine\tmdea",
]  # fmt: skip


def of(lines: list[str]) -> dict[str, dict[str, str]]:
    return {row["cas_number"]: row for row in read_substances(lines, WEIGHTS)}


def test_names_are_those_that_people_use() -> None:
    rows = of(LINES)
    assert (rows["121-69-7"]["name"], rows["121-69-7"]["synonyms"]) == (
        "N,N-Dimethylaniline",
        "Dimethylaniline; N,N-Dimethylbenzenamine",
    )
    assert rows["7646-85-7"]["name"] == "Zinc chloride"  # and no number of the database ZINC
    assert rows["9002-89-5"]["name"] == "Poly(vinyl alcohol)"
    assert "121-69-8" not in rows  # wrong check digit
    assert "281-44-7" not in rows  # has no name but its number
    name, others = choose_names(
        [f"toluene {letter * 3}" for letter in "abcdefghijkl"] + ["benzene, methyl-"], "methylbenzene"
    )
    assert (name, len(others)) == ("Toluene aaa", 8)


def test_a_formula_that_its_name_or_drawing_contradicts_is_left_out() -> None:
    rows = of(LINES)
    assert rows["64-17-5"]["formula"] == "C2H6O"
    for cas_number in (
        "7791-18-6",
        "1309-38-2",
        "9002-89-5",
    ):  # a hydrate with one water, FeO for Fe3O4, the unit of a polymer
        assert not {"formula", "molar_mass_g_per_mol", "smiles", "inchikey"} & set(rows[cas_number]), cas_number
    assert rows["7791-18-6"]["synonyms"] == ""  # the hydrate is not called as the salt is
    assert not is_drawn_whole("O=[N+]([O-])O.[Cd]", "cadmium nitrate")
    assert not is_drawn_whole("[Br-].[Al+3]", "aluminium bromide")
    assert not is_drawn_whole("CCO", "something hemihydrate")
    assert not is_drawn_whole("CC(=O)O.N", "a salt (2:1)")
    assert is_drawn_whole("[Na+].[Cl-]", "sodium chloride")
    assert is_drawn_whole("O.O.CCO", "something dihydrate")
    assert not is_formula_of("Fe", 71.84, "[Fe]", ["iron"], WEIGHTS)
    assert not is_formula_of("FeMg", 80.15, "[Fe].[Mg]", ["an alloy"], WEIGHTS)
    assert is_formula_of("Mg2Zn", 113.99, "[Mg].[Mg].[Zn]", ["magnesium zinc (Mg2Zn)"], WEIGHTS)
    assert is_formula_of("Cl3Fe", 162.2, "Cl[Fe](Cl)Cl", ["iron(III) chloride"], WEIGHTS)


FIGURES = {
    "Phase Change/OpenNotebook Melting Points.tsv": "CAS\tTm\n121-69-7\t275.6\n64-17-5\t400\n78-70-6\t300",
    "Misc/Physical Constants of Inorganic Compounds.csv": "CAS\tChemical\tTm\tTb\trho\n7782-50-5\tChlorine\t172.17\t239.11\t2.898",
    "Misc/Physical Constants of Organic Compounds.csv": "CAS\tName\tTm\tTb\trho\tRI\n64-17-5\tEthanol\t159.01\t351.39\t789.3\t"
    "\n75-00-3\tChloroethane\t\t285.45\t923.9\t\n126-91-0\tLinalool\t500\t450\t\t\n105-59-9\tMDEA\t\t520.15\t1038.2\t",
    "Misc/common_chemistry_data.tsv": "CAS\tTm\tTb\tVms\tVml\n64175\t159.05\t\t\t\n78706\t200\t\t\t",
    "Misc/wikidata_properties.tsv": "CAS\tTm\tTb\tT_flash\tT_autoignition\tLFL\tUFL\n121697\t\t\t335.92778\t\t0.01\t",
    "Safety/IS IEC 60079-20-1 2010.tsv": "CAS\tNames\tT_flash\tT_autoignition\tLFL\tUFL\n64-17-5\tEthanol\t285.15\t\t0.031\t0.19",
    "Safety/NFPA 497 2008.tsv": "CAS\tName\tT_flash\tT_autoignition\tLFL\tUFL\n78-70-6\tLinalool\t\t\t0.05\t0.01",
    "Safety/DIPPR T_flash Serat.csv": "CAS\tName\tT_flash\n80-56-8\tPINENE\t306.15\n105-59-9\tMDEA\t410.009281065906",
    "Safety/Ontario Exposure Limits.tsv": "CASRN\tAgent [CAS No.]\tTime-Weighted Average Limit (TWA)\tShort-Term Exposure Limit (STEL)"
    "\tCeiling Limit (C)\tNotations\tMW\n64-17-5\tEthanol\t \t1000 ppm\t\t\t\n121-69-7; 80-56-8\tTwo\t5 ppm\t 10mg/m3\t\tSkin \t",
    "Safety/IARC Carcinogen Database.tsv": "CAS\tdescription\tgroup\tvolumes\tyear\n64-17-5\tEthanol in alcoholic beverages\t1\t\t"
    "\n121-69-7\tN,N-Dimethylaniline\t3\t\t",
    "Safety/National Toxicology Program Carcinogens.tsv": "CAS\tChemical\tListing\n121-69-7\tMade up\t2",
}  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the package has it, with the lines above."""
    folder = tmp_path_factory.mktemp("package")
    weights = "element symbol\tatomic mass\n" + "\n".join(f"{element}\t{weight}" for element, weight in WEIGHTS.items())
    identifiers = {f"Identifiers/{name}": "\n".join(LINES) if name == FILES[0] else "" for name in FILES}
    for name, text in {**FIGURES, **identifiers, "Misc/Element data.csv": weights}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text and text + "\n", encoding="utf-8")
    return folder


def test_figures_are_measured_ones_and_say_where_they_are_from(package: Path) -> None:
    figures = read_figures(package)
    assert figures["64-17-5"] == {
        "melting_point_celsius": "-114.1",  # two say so; the first, 127 °C, stands alone
        "boiling_point_celsius": "78.2",
        "density_g_per_ml": "0.7893",
        "flash_point_celsius": "12",
        "lower_explosion_limit_percent": "3.1",
        "upper_explosion_limit_percent": "19",
        "stel_ppm": "1000",
        "sources": figures["64-17-5"]["sources"],
    }  # and no IARC group, because IARC's is about alcoholic drinks
    assert json.loads(figures["64-17-5"]["sources"]) == {
        "melting_point_celsius": "CRC", "boiling_point_celsius": "CRC", "density_g_per_ml": "CRC", "flash_point_celsius": "IEC",
        "lower_explosion_limit_percent": "IEC", "upper_explosion_limit_percent": "IEC", "stel_ppm": "ONTARIO",
    }  # fmt: skip
    assert figures["121-69-7"]["flash_point_celsius"] == "62.8"  # from °F
    assert {"twa_ppm": "5", "stel_mg_per_m3": "10", "absorbed_by_skin": "true"}.items() <= figures["121-69-7"].items()
    assert (figures["121-69-7"]["iarc_group"], figures["121-69-7"]["ntp_listing"]) == ("3", "reasonably anticipated")
    assert figures["80-56-8"]["flash_point_celsius"] == "33"


@pytest.mark.parametrize(
    ("cas_number", "figure"),
    [
        ("78-70-6", "melting_point_celsius"),  # two sources contradict each other
        ("78-70-6", "lower_explosion_limit_percent"),  # above the upper one
        ("126-91-0", "melting_point_celsius"),  # above the boiling point
        ("126-91-0", "boiling_point_celsius"),
        ("75-00-3", "density_g_per_ml"),  # a gas
        ("7782-50-5", "density_g_per_ml"),
        ("105-59-9", "flash_point_celsius"),  # a result of a model
    ],
)
def test_a_figure_that_cannot_be_believed_is_left_out(package: Path, cas_number: str, figure: str) -> None:
    assert figure not in read_figures(package).get(cas_number, {})


def test_a_value_is_taken_that_another_source_confirms() -> None:
    assert agreed([(10.0, "A")], 5) == (10.0, "A")
    assert agreed([(10.0, "A"), (40.0, "B"), (38.0, "C")], 5) == (40.0, "B")
    assert agreed([(10.0, "A"), (40.0, "B")], 5) is None


@pytest.fixture(scope="module")
def file(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("written") / "a file's name.tsv"
    assert write_substances(package, written) == 10
    return written


@pytest.fixture(scope="module")
def loaded(server: Server, file: Path) -> Iterator[Database]:
    with own_database(server) as name:
        database = Database(server, name)
        database.run("reference/load.sql", substances=str(file))
        yield database


def test_the_file_has_the_columns_of_the_table(loaded: Database) -> None:
    columns = loaded.rows(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'reference.substances'::regclass AND attnum > 0 ORDER BY attnum"
    )
    assert [*(row["attname"] for row in columns), "synonyms"] == list(COLUMNS)


def test_what_we_wrote_ourselves_wins_and_takes_the_figures(loaded: Database) -> None:
    (ethanol,) = loaded.rows("SELECT * FROM reference.substances WHERE cas_number = '64-17-5'")
    assert (ethanol["name"], str(ethanol["density_g_per_ml"]), str(ethanol["flash_point_celsius"])) == (
        "Ethanol, absolute",
        "0.789",
        "12",
    )
    assert "density_g_per_ml" not in ethanol["sources"]
    names = {
        row["name"] for row in loaded.rows("SELECT name FROM reference.substance_names WHERE cas_number = '64-17-5'")
    }
    assert {"Ethanol", "Alcohol", "EtOH", "ethyl alcohol"} <= names
    assert loaded.rows("SELECT FROM reference.hazard_classifications WHERE cas_number = '64-17-5'")


def test_loaded_twice_is_once_and_the_small_list_alone_takes_nothing_away(loaded: Database, file: Path) -> None:
    before = loaded.fingerprint()
    loaded.run("reference/load.sql", substances=str(file))
    assert loaded.fingerprint() == before
    loaded.run("reference/load.sql")
    assert loaded.fingerprint() == before


def test_substances_of_an_earlier_release_get_their_place(server: Server) -> None:
    old = "INSERT INTO reference.substances (cas_number, name) VALUES ('80-56-8', 'alpha-Pinene'), ('78-70-6', 'Linalool')"
    with own_database(server) as name:
        database = Database(server, name)
        execute(server, name, old)
        database.run("reference/load.sql")
        assert suggested(database, "linal") == ["Linalool"]
        assert database.rows("SELECT FROM reference.substances WHERE rank IS NULL") == []
        before = database.fingerprint()
        database.run("reference/load.sql")
        assert database.fingerprint() == before


def test_a_substance_that_a_later_file_lacks_is_taken_out(server: Server, file: Path, tmp_path: Path) -> None:
    shorter = tmp_path / "shorter.tsv"
    shorter.write_text(
        "".join(line for line in file.read_text().splitlines(keepends=True) if not line.startswith("80-56-8"))
    )
    with own_database(server) as name:
        database = Database(server, name)
        for given in (file, shorter):
            database.run("reference/load.sql", substances=str(given))
        assert database.rows("SELECT FROM reference.substances WHERE cas_number = '80-56-8'") == []
        assert database.rows("SELECT FROM reference.substances_suggested('pinene', 20)") == []


def test_files_that_were_loaded_last_are_not_loaded_again(server: Server, file: Path) -> None:
    with own_database(server) as name:
        database = Database(server, name)
        database.run("reference/load.sql", substances=str(file), digest="one")
        execute(server, name, "DELETE FROM reference.substances WHERE cas_number = '80-56-8'")
        database.run("reference/load.sql", substances=str(file), digest="one")
        assert database.rows("SELECT FROM reference.substances WHERE cas_number = '80-56-8'") == []
        database.run("reference/load.sql", substances=str(file), digest="two")
        assert len(database.rows("SELECT FROM reference.substances WHERE cas_number = '80-56-8'")) == 1


def suggested(database: Database, query: str) -> list[str]:
    with psycopg.connect(database.server.dsn(OWNER, database.name)) as connection:
        rows = connection.execute(
            "SELECT s.name FROM reference.substances_suggested(%s, 20) AS f JOIN reference.substances AS s USING (cas_number) ORDER BY f.place",
            [query],
        )
        return [name for (name,) in rows]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dcm", "Dichloromethane"), ("THF", "Tetrahydrofuran"), ("α-pin", "alpha-Pinene"), ("a-pin", "alpha-Pinene"),
        ("pinene", "alpha-Pinene"), ("60-29", "Diethyl ether"), ("aluminum chl", "Aluminium chloride, anhydrous"),
        ("dimethylanil", "N,N-Dimethylaniline"), ("nn-dimethylani", "N,N-Dimethylaniline"), ("ethanol", "Ethanol, absolute"),
        ("diethyl eth", "Diethyl ether"), ("chloride zinc", "Zinc chloride"), ("thyldiethano", "N-Methyldiethanolamine"),
    ],
)  # fmt: skip
def test_what_is_typed_suggests_the_substance_first(loaded: Database, typed: str, first: str) -> None:
    assert suggested(loaded, typed)[0] == first


@pytest.mark.parametrize("typed", ["", "%", "_ _", "xylitolic", "🧪", "x" * 3000, "( ( ["])
def test_what_is_nowhere_suggests_nothing(loaded: Database, typed: str) -> None:
    assert suggested(loaded, typed) == []


def named(database: Database, names: list[str]) -> list[set[str]]:
    with psycopg.connect(database.server.dsn(OWNER, database.name)) as connection:
        rows = connection.execute(
            "SELECT ARRAY(SELECT n.cas_number FROM reference.substances_named(name) AS n) FROM unnest(%s::text[]) WITH ORDINALITY AS u (name, n) ORDER BY n",
            [names],
        )
        return [set(found) for (found,) in rows]


def test_an_exact_name_keeps_the_signs_that_part_substances(loaded: Database) -> None:
    assert named(loaded, ["(+)-Coriandrol", "(-)-coriandrol", "(−)-Coriandrol", "coriandrol"]) == [
        {"78-70-6"}, {"126-91-0"}, {"126-91-0"}, set()
    ]  # fmt: skip


def test_every_bench_name_is_exact_in_every_spelling(loaded: Database) -> None:
    lines = (Path(__file__).parents[2] / "sql" / "reference" / "bench_names.sql").read_text().splitlines()
    known = {row["cas_number"] for row in loaded.rows("SELECT cas_number FROM reference.substances")}
    bench = [
        row
        for row in csv.reader(
            lines[lines.index("COPY own_bench_names FROM STDIN (FORMAT csv);") + 1 : lines.index("\\.")]
        )
        if row[1] in known
    ]
    assert len(bench) > 80
    asked = [(SPELLINGS[how](name), cas_number) for how in SPELLINGS for name, cas_number in bench]
    found = named(loaded, [name for name, _ in asked])
    assert [one for one, numbers in zip(asked, found, strict=True) if one[1] not in numbers] == []
