"""What of a substance's names and of its structure in the data files of the PyPI package `chemicals` can be believed."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

MOST_SYNONYMS = 8
LONGEST_NAME = 100
CAS_NUMBER = re.compile(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]")
INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]")
# What nobody would look for: numbers of other registries, InChIKeys, index names ("benzene, chloro-"), remarks.
ODD_NAME = re.compile(
    r"[0-9]{2,7}-[0-9]{2}-[0-9]\b|[a-z]{14}-[a-z]{10}-|[0-9]{5}|:[a-z]|^(einecs|nsc|hsdb|ccris|unii|caswell|fema|ai3|ec|un)\b.*[0-9]"
    r"|^(schembl|chembl|akos|mfcd|dtx|agn-pc)|^zinc[0-9]|, |,[a-z]{4}|-$|[;\\\t|]|\[[a-z: -]+\]$|inverted|\(sup"
    r"|\b(8ci|9ci|usan|usp|parent)\b|\.(alpha|beta|gamma|delta|omega|psi)\.|(oxid|chlor|brom|iod|fluor|az)anyl"
)
WORD = re.compile(r"[a-z]{4}|^[b-df-hj-np-tv-z]{3}$")
LAST_RESORT = re.compile(r"^(?!(?:brn|ctk|ac1l|agn-pc|nsc|st[0-9]))[^;]*[a-z]{3}")
LONGEST_LAST_RESORT = 300
SHORT_FORM = re.compile(r"[b-df-hj-np-tv-z]{3,4}")  # dmf, thf: no vowel
# Where the first word of a name begins, behind locants and descriptors.
START = re.compile(
    r"^((?:[-0-9,'′()\[\]{}+±.]|[0-9]+[a-h](?=[,-])"
    r"|(?:alpha|beta|gamma|delta|omega|tert|sec|cis|trans|meso|[nosmpdlrez]|dl|rs)(?=[-,'′)\]0-9]))*)([a-z])",
    re.IGNORECASE,
)
UPPER_LOCANT = re.compile(
    r"\b(?:n,n|[rsez](?=[,)])|[0-9]+[rsezh](?=[,)-]))|^(?:d|l|dl)-"
    r"|\((?:i{1,3}|i?v|vi{1,3})\)|^n-(?=\(|m?ethyl|phenyl|acet|benz|bromo|chloro|fluoro|iodo|form|hydr|nitroso|vinyl)|\bn-(?=oxide)| [a-c]$"
)
WATERS = ["", "mono", "di", "tri", "tetra", "penta", "hexa", "hepta", "octa", "nona", "deca", "undeca", "dodeca"]
HYDRATE = re.compile(
    rf"\b(?:({'|'.join(WATERS[1:])})hydrate\b|hydrate,? \((?:[0-9]+:)+([0-9]+)\)|(hemi|sesqui)\w*hydrate|hydrate$)"
)
OF_HYDRATE = re.compile(r"(.+?),? ?\w*hydrate\b")
LABELLED = re.compile(
    r"- ?d[0-9]*$|- ?d[0-9]+\b|(?<![0-9a-z])\((?:[23]h|1[1348]c|15n|1[78]o|18f|3[23]p|35s|3[67]cl|1(?:23|25|31)i)[0-9]*\)|deuter|tritium",
    re.IGNORECASE,
)
RATIO = re.compile(r"\(([0-9](?::[0-9])+)\)")
FORMULA = re.compile(r"\((?![IVX]+\))((?:[A-Z][a-z]?[0-9]*){2,})\)$")
ATOM = re.compile(r"([A-Z][a-z]?)([0-9]*)")


def is_drawn_whole(smiles: str, name: str) -> bool:
    """Whether a drawing shows each part as often as the substance has it.

    Some salts are drawn as acid and metal, hydrates with one water or none: "O=[N+]([O-])O.O.[Cd]" stands for Cd(NO3)2·4H2O.
    """
    parts = smiles.split(".")
    if 0 < len(_bare(parts)) < len(parts):
        return False
    charge = sum(int(sign + (size or "1")) for sign, size in re.findall(r"([+-])([0-9]?)\]", smiles))
    if len(parts) > 1 and charge:
        return False
    if hydrate := HYDRATE.search(name.lower()):
        prefix, ratio, fraction = hydrate.groups()
        waters = parts.count("O")
        if fraction:
            return False
        return waters == (int(ratio) if ratio else WATERS.index(prefix)) if ratio or prefix else waters > 0
    said = RATIO.search(name)
    return not said or len(parts) == 1 or sorted(Counter(parts).values()) == sorted(map(int, said[1].split(":")))


def is_formula_of(formula: str, mass: float, smiles: str, names: Sequence[str], weights: Mapping[str, float]) -> bool:
    """Whether the mass (g/mol) is the formula's and each formula in a name is this one: "lead oxide (Pb2O3)" is not OPb.

    Where only single atoms are drawn, as of alloys, a name has to confirm the formula. `weights` are the atomic weights; a formula with
    isotopes is not weighed.
    """
    atoms = _atoms(formula)
    weight = sum(weights.get(element, 0.0) * count for element, count in atoms.items())
    if set(atoms) <= set(weights) and "[" not in formula and abs(mass - weight) > max(0.002 * weight, 0.05):
        return False
    named = [_atoms(found[1]) for name in names if (found := FORMULA.search(name))]
    named = [said for said in named if len(said) > 1 and set(said) <= set(weights)]
    parts = smiles.split(".")
    return all(said == atoms for said in named) and (bool(named) or len(parts) == 1 or len(_bare(parts)) < len(parts))


def _bare(parts: list[str]) -> list[str]:
    return [part for part in parts if re.fullmatch(r"\[[A-Z][a-z]?\]", part)]


def _atoms(formula: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for element, count in ATOM.findall(formula.partition("^")[0]):
        counts[element] += int(count or "1")
    return counts


def choose_names(names: list[str], systematic: str) -> tuple[str, list[str]]:
    """The name to show and at most 8 others; no name ("") where the file has nothing but numbers.

    The most common name is shown; else the systematic one, however long or odd. Words alone count: numbers of other registries do not.
    """
    good: dict[str, str] = {}
    for name in [*names, systematic]:
        name = " ".join(name.split())
        folded = name.lower()
        if WORD.search(folded) and not ODD_NAME.search(folded) and len(name) <= LONGEST_NAME:
            good.setdefault(re.sub(r"[^a-z0-9]", "", folded), name)
    shown = [capitalise(name) for name in good.values()]
    if shown and (hydrate := OF_HYDRATE.match(shown[0])):  # a hydrate is not called as the salt is
        shown = [name for name in shown if name.lower() != hydrate[1].lower()]
    if shown and not LABELLED.search(shown[0]):  # nor a substance as its labelled one
        shown = [name for name in shown if not LABELLED.search(name)]
    if not shown:
        shown = [
            capitalise(name)
            for name in [systematic, *names]
            if LAST_RESORT.search(name.lower()) and len(name) <= LONGEST_LAST_RESORT
        ][:1]
    return (shown[0], shown[1 : MOST_SYNONYMS + 1]) if shown else ("", [])


def capitalise(name: str) -> str:
    """Most names are all lower case: "n,n-dimethylaniline" becomes "N,N-Dimethylaniline", "dmf" "DMF"."""
    if SHORT_FORM.fullmatch(name):
        return name.upper()
    if name == name.lower():
        name = UPPER_LOCANT.sub(lambda found: found[0].upper(), name)
    return START.sub(lambda found: found[1] + found[2].upper(), name)
