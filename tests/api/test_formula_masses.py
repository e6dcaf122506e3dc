"""Two hundred formulas with their atoms counted by hand, weighed with IUPAC's standard atomic weights."""

import re

import pytest

from api.chemistry.formulas import molar_mass

# Standard atomic weights 2021, abridged or conventional, with their uncertainties: Pure and Applied Chemistry 94 (2022) 573.
# Nuclides: AME2020. e is the electron: a negative ion has more of them than its atoms.
WEIGHTS = {
    symbol: (float(weight), float(open_by))
    for symbol, weight, open_by in (
        line.split()
        for line in """
        H 1.008 0.0002|Li 6.94 0.06|Be 9.0121831 0|B 10.81 0.02|C 12.011 0.002|N 14.007 0.001|O 15.999 0.001|F 18.998403 0
        Na 22.989769 0|Mg 24.305 0.002|Al 26.981538 0|Si 28.085 0.001|P 30.973762 0|S 32.06 0.006|Cl 35.45 0.004
        K 39.0983 0.0001|Ca 40.078 0.004|Sc 44.955907 0|Ti 47.867 0.001|V 50.9415 0.0001|Cr 51.9961 0.0006|Mn 54.938043 0
        Fe 55.845 0.002|Co 58.933194 0|Ni 58.6934 0.0004|Cu 63.546 0.003|Zn 65.38 0.02|Ga 69.723 0.001|Ge 72.63 0.008
        As 74.921595 0|Se 78.971 0.008|Br 79.904 0.003|Rb 85.4678 0.0003|Sr 87.62 0.01|Y 88.905838 0|Zr 91.224 0.002
        Nb 92.90637 0|Mo 95.95 0.01|Ru 101.07 0.02|Rh 102.90549 0|Pd 106.42 0.01|Ag 107.8682 0.0002|Cd 112.414 0.004
        In 114.818 0.001|Sn 118.71 0.007|Sb 121.76 0.001|Te 127.6 0.03|I 126.90447 0|Cs 132.905452 0|Ba 137.327 0.007
        La 138.90547 0|Ce 140.116 0.001|Pr 140.90766 0|Nd 144.242 0.003|Sm 150.36 0.02|Eu 151.964 0.001|Gd 157.25 0.03
        Tb 158.925354 0|Dy 162.5 0.001|Ho 164.930329 0|Er 167.259 0.003|Yb 173.045 0.01|Lu 174.9668 0.0001|Hf 178.486 0.006
        Ta 180.94788 0|W 183.84 0.01|Re 186.207 0.001|Os 190.23 0.03|Ir 192.217 0.002|Pt 195.084 0.009|Au 196.96657 0
        Hg 200.592 0.003|Tl 204.38 0.004|Pb 207.2 0.1|Bi 208.9804 0|Th 232.0377 0.0004|U 238.02891 0|e 0.00054858 0
        2H 2.01410178 0|3H 3.01604928 0|13C 13.00335484 0|14C 14.00324199 0|15N 15.00010890 0|18O 17.99915961 0
        18F 18.00093733 0|32P 31.97390764 0|35S 34.96903232 0|125I 124.90462961 0|131I 130.906126 0
        """.replace("|", "\n")
        .strip()
        .splitlines()
    )
}

TABLE = """
H2O = H2 O | H2O2 = H2 O2 | HCl = H Cl | HF = H F | HBr = H Br | HI = H I | HNO3 = H N O3 | H2SO4 = H2 S O4 | H3PO4 = H3 P O4
HClO4 = H Cl O4 | NaOH = Na O H | KOH = K O H | LiOH·H2O = Li O2 H3 | NH3 = N H3 | NH4Cl = N H4 Cl | N2H4·H2O = N2 H6 O
(NH4)2SO4 = N2 H8 S O4 | NH4HCO3 = N H5 C O3 | (NH4)6Mo7O24·4H2O = N6 H32 Mo7 O28 | (NH4)2Ce(NO3)6 = N8 H8 Ce O18
NaCl = Na Cl | KCl = K Cl | LiCl = Li Cl | CsF = Cs F | RbBr = Rb Br | KI = K I | NaN3 = Na N3 | KCN = K C N | KSCN = K S C N
KOCN = K O C N | NaBH4 = Na B H4 | LiAlH4 = Li Al H4 | NaH = Na H | CaH2 = Ca H2 | CaC2 = Ca C2 | MgCl2·6H2O = Mg Cl2 H12 O6
CaCl2·2H2O = Ca Cl2 H4 O2 | BaCl2·2H2O = Ba Cl2 H4 O2 | SrCl2·6H2O = Sr Cl2 H12 O6 | BeO = Be O | MgSO4·7H2O = Mg S O11 H14
CaSO4·0.5H2O = Ca2 S2 O9 H2 /2 | CaSO4·½H2O = Ca2 S2 O9 H2 /2 | CaSO4·1/2H2O = Ca2 S2 O9 H2 /2
CaSO4.0.5H2O = Ca2 S2 O9 H2 /2 | CaSO4·0,5H2O = Ca2 S2 O9 H2 /2 | CaSO4 · ½ H2O = Ca2 S2 O9 H2 /2
(CaSO4)2·H2O = Ca2 S2 O9 H2 | Bi(NO3)3·5H2O = Bi N3 O14 H10 | Cd(NO3)2·4H2O = Cd N2 O10 H8 | SnCl2·2H2O = Sn Cl2 H4 O2
Na2CO3·1½H2O = Na4 C2 O9 H6 /2 | Na2CO3·1.5H2O = Na4 C2 O9 H6 /2 | Na2S·9H2O = Na2 S O9 H18 | Na2S2O3·5H2O = Na2 S2 O8 H10
Na2SO4.10H2O = Na2 S O14 H20 | Na2B4O7·10H2O = Na2 B4 O17 H20 | Na2HPO4·12H2O = Na2 H25 P O16 | NaH2PO4·H2O = Na H4 P O5
K2HPO4 = K2 H P O4 | KH2PO4 = K H2 P O4 | K2Cr2O7 = K2 Cr2 O7 | KMnO4 = K Mn O4 | K2CO3 = K2 C O3 | K4[Fe(CN)6]·3H2O = K4 Fe C6 N6 H6 O3
K3[Fe(CN)6] = K3 Fe C6 N6 | KAl(SO4)2·12H2O = K Al S2 O20 H24 | KIO3 = K I O3 | NaIO4 = Na I O4 | NaClO = Na Cl O
CuSO4·5H2O = Cu S O9 H10 | CuSO4.5H2O = Cu S O9 H10 | CuSO4 * 5 H2O = Cu S O9 H10 | CuCl = Cu Cl | Cu(NO3)2·3H2O = Cu N2 O9 H6
ZnSO4·7H2O = Zn S O11 H14 | ZnO = Zn O | FeSO4·7H2O = Fe S O11 H14 | FeCl3·6H2O = Fe Cl3 H12 O6 | (NH4)2Fe(SO4)2·6H2O = N2 H20 Fe S2 O14
Fe2O3 = Fe2 O3 | Fe3O4 = Fe3 O4 | CoCl2·6H2O = Co Cl2 H12 O6 | NiSO4·6H2O = Ni S O10 H12 | MnO2 = Mn O2 | TiO2 = Ti O2 | TiCl4 = Ti Cl4
V2O5 = V2 O5 | CrO3 = Cr O3 | Al2O3 = Al2 O3 | AlCl3 = Al Cl3 | SiO2 = Si O2 | SiCl4 = Si Cl4 | GeO2 = Ge O2 | Ga2O3 = Ga2 O3
As2O3 = As2 O3 | SeO2 = Se O2 | Sc2O3 = Sc2 O3 | Y2O3 = Y2 O3 | ZrOCl2·8H2O = Zr O9 Cl2 H16 | Nb2O5 = Nb2 O5 | MoO3 = Mo O3
RuCl3 = Ru Cl3 | RhCl3 = Rh Cl3 | PdCl2 = Pd Cl2 | AgNO3 = Ag N O3 | InCl3 = In Cl3 | SbCl5 = Sb Cl5 | TeO2 = Te O2 | CsCl = Cs Cl
Ba(OH)2·8H2O = Ba O10 H18 | La(NO3)3·6H2O = La N3 O15 H12 | CeO2 = Ce O2 | PrCl3 = Pr Cl3 | Pr6O11 = Pr6 O11 | Pr(NO3)3·6H2O = Pr N3 O15 H12
Nd2O3 = Nd2 O3 | SmI2 = Sm I2 | Eu2O3 = Eu2 O3 | GdCl3 = Gd Cl3 | Tb4O7 = Tb4 O7 | Dy2O3 = Dy2 O3 | Ho2O3 = Ho2 O3 | ErCl3 = Er Cl3
Yb(OTf)3 = Yb C3 F9 S3 O9 | LuCl3 = Lu Cl3 | HfCl4 = Hf Cl4 | Ta2O5 = Ta2 O5 | WO3 = W O3 | Na2WO4·2H2O = Na2 W O6 H4
Re2O7 = Re2 O7 | OsO4 = Os O4 | IrCl3 = Ir Cl3 | H2PtCl6·6H2O = H14 Pt Cl6 O6 | HAuCl4·3H2O = H7 Au Cl4 O3 | HgCl2 = Hg Cl2 | Tl2SO4 = Tl2 S O4
Pb(NO3)2 = Pb N2 O6 | BiCl3 = Bi Cl3 | ThO2 = Th O2 | UO2(NO3)2·6H2O = U O14 N2 H12 | SOCl2 = S O Cl2 | POCl3 = P O Cl3 | PCl5 = P Cl5
P4O10 = P4 O10 | CS2 = C S2 | COS = C O S | HCN = H C N | CO = C O | Co = Co | CO2 = C O2 | CH4 = C H4 | CH3OH = C H4 O | C2H6O = C2 H6 O
CH3COOH = C2 H4 O2 | (CH3)2CO = C3 H6 O | C4H8O = C4 H8 O | C6H6 = C6 H6 | C7H8 = C7 H8 | C6H12O6 = C6 H12 O6 | C12H22O11 = C12 H22 O11
CHCl3 = C H Cl3 | CH2Cl2 = C H2 Cl2 | C8H10N4O2 = C8 H10 N4 O2 | C10H16 = C10 H16 | C6H5NO2 = C6 H5 N O2 | HO(CH2CH2O)3H = C6 H14 O4
C₉H₈O₄ = C9 H8 O4 | H₂SO₄ = H2 S O4 | C10H14N2Na2O8·2H2O = C10 H18 N2 Na2 O10 | C4H11NO3·HCl = C4 H12 N O3 Cl | ((CH3)2N)3PO = C6 H18 N3 P O
NaOAc = Na C2 H3 O2 | Pd(OAc)2 = Pd C4 H6 O4 | AcOH = C2 H4 O2 | Ac2O = C4 H6 O3 | AcCl = C2 H3 O Cl | AcOEt = C4 H8 O2 | PhNHAc = C8 H9 N O
Pr4NBr = C12 H28 N Br | PrOH = C3 H8 O | iPrOH = C3 H8 O | Ti(OiPr)4 = Ti C12 H28 O4 | PrNH2 = C3 H9 N | PrBr = C3 H7 Br | iPr2NEt = C8 H19 N
EtOH = C2 H6 O | Et2O = C4 H10 O | Et3N = C6 H15 N | MeOH = C H4 O | Me2SO = C2 H6 S O | MeCN = C2 H3 N | Me3SiCl = C3 H9 Si Cl
n-BuLi = C4 H9 Li | tBuOK = C4 H9 O K | Bu4NF·3H2O = C16 H42 N F O3 | Bu3SnH = C12 H28 Sn | PPh3 = C18 H15 P | Pd(PPh3)4 = Pd C72 H60 P4
PhMgBr = C6 H5 Mg Br | BnBr = C7 H7 Br | BzCl = C7 H5 O Cl | TsOH·H2O = C7 H10 S O4 | TsCl = C7 H7 S O2 Cl | MsCl = C H3 S O2 Cl
Tf2O = C2 F6 S2 O5 | Boc2O = C10 H18 O5 | Cp2Fe = C10 H10 Fe | Cy3P = C18 H33 P | Fe(acac)3 = Fe C15 H21 O6 | Pd2(dba)3 = Pd2 C51 H42 O3
[Rh(cod)Cl]2 = Rh2 C16 H24 Cl2 | [Ru(bpy)3]Cl2·6H2O = Ru C30 H36 N6 Cl2 O6 | Mn(OAc)3·2H2O = Mn C6 H13 O8 | Cu(OTf)2 = Cu C2 F6 S2 O6
D2O = 2H2 O | CDCl3 = C 2H Cl3 | H₂¹⁸O = H2 18O | ¹³CH₄ = 13C H4 | [13C]H4 = 13C H4 | [13C6]H12O6 = 13C6 H12 O6 | Na¹²⁵I = Na 125I
Na[131I] = Na 131I | ¹⁵NH4Cl = 15N H4 Cl | CH3¹⁴COOH = C 14C H4 O2 | H3³²PO4 = H3 32P O4 | Na2³⁵SO4 = Na2 35S O4 | [2H6]C2OS = 2H6 C2 O S
³H2 = 3H2 | Na[18F] = Na 18F | CD₃OD = C 2H4 O | Na+ = Na e-1 | Ca^2+ = Ca e-2 | Ca²⁺ = Ca e-2 | NH4⁺ = N H4 e-1 | SO4²⁻ = S O4 e2
[Fe(CN)6]4- = Fe C6 N6 e4 | [Fe(CN)6]^3- = Fe C6 N6 e3 | PF6^- = P F6 e1 | HCO3⁻ = H C O3 e1
"""


def rows() -> list[tuple[str, str]]:
    """Formula and atoms."""
    return [
        (formula.strip(), atoms.strip())
        for formula, atoms in (row.split("=") for row in re.split(r"[|\n]", TABLE.strip()))
    ]


def test_the_table_has_two_hundred_formulas() -> None:
    assert len({formula for formula, _ in rows()}) == len(rows()) >= 200


@pytest.mark.parametrize(("formula", "atoms"), rows())
def test_a_formula_weighs_what_its_atoms_weigh(formula: str, atoms: str) -> None:
    atoms, _, divided = atoms.partition("/")
    mass = open_by = 0.0
    for atom in atoms.split():
        symbol, count = re.fullmatch(r"([0-9]*[A-Za-z][a-z]?)(-?[0-9]*)", atom).groups()  # type: ignore[union-attr]
        weight, uncertain = WEIGHTS[symbol]
        mass += weight * int(count or 1)
        open_by += uncertain * int(count or 1)
    parts = int(divided or 1)
    assert float(molar_mass(formula)) == pytest.approx(mass / parts, abs=open_by / parts + 0.001)
