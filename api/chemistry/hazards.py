"""Hazards by the GHS: the codes that exist, the pictograms and the signal word that follow from them, and how people write them.

Imports, forms, the demo's data and the tests all ask this module; no other place knows the rule. docs/hazards.md tells how the
rule was compared with a published list.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType

PICTOGRAMS = MappingProxyType(
    {
        "GHS01": "Explosive",
        "GHS02": "Flammable",
        "GHS03": "Oxidising",
        "GHS04": "Gas under pressure",
        "GHS05": "Corrosive",
        "GHS06": "Acutely toxic",
        "GHS07": "Harmful or irritant",
        "GHS08": "Health hazard",
        "GHS09": "Hazardous to the environment",
    }
)
"""The nine pictograms and the names by which pages show them."""

# Each line: pictograms, signal word, and the H codes that bring them. Danger/Warning: the code is used for two categories, one
# with each word. Sources: Regulation (EC) No 1272/2008 (CLP), annex I; for codes that CLP does not have (H209 to H211, H227, H282
# to H284, H303, H305, H313, H316, H320, H333, H401, H402): GHS, 9th revised edition, annexes 1 and 3. A code without a
# pictogram is a classification nevertheless. H221 is used for flammable gases of category 1B, which have the flame, and of category 2,
# which have no pictogram: here it brings none, as in the older editions, where category 1B did not exist.
_BROUGHT = """
GHS01        Danger          H200 H201 H202 H203 H209 H210 H240
GHS01        Warning         H204
GHS01        Danger/Warning  H211
GHS01 GHS02  Danger          H241
GHS02        Danger          H206 H220 H222 H224 H225 H232 H250 H251 H260
GHS02        Warning         H208 H223 H226 H252
GHS02        Danger/Warning  H207 H228 H242 H261
GHS03        Danger          H270 H271
GHS03        Danger/Warning  H272
GHS02 GHS04  Danger          H282
GHS02 GHS04  Warning         H283
GHS04        Warning         H280 H281 H284
GHS05        Danger          H314 H318
GHS05        Warning         H290
GHS06        Danger          H300 H301 H310 H311 H330 H331
GHS07        Warning         H302 H312 H315 H317 H319 H332 H335 H336 H420
GHS08        Danger          H304 H334 H340 H350 H360 H370 H372
GHS08        Warning         H305 H341 H351 H361 H371 H373
GHS09        Warning         H400 H410
GHS09        none            H411
none         Danger          H205
none         Warning         H227 H229 H303 H313 H316 H320 H333
none         Danger/Warning  H221
none         none            H230 H231 H362 H401 H402 H412 H413
"""
_VARIANTS = "H350i H360D H360F H360FD H360Fd H360Df H361d H361f H361fd"
_EUH = (
    "EUH001 EUH014 EUH018 EUH019 EUH029 EUH031 EUH032 EUH044 EUH066 EUH070 EUH071 EUH201 EUH201A EUH202 EUH203 EUH204 "
    "EUH205 EUH206 EUH207 EUH208 EUH209 EUH209A EUH210 EUH211 EUH212 EUH380 EUH381 EUH401 EUH430 EUH431 EUH440 EUH441 "
    "EUH450 EUH451"
)


def _by_code() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """H code → its pictograms, its possible signal words."""
    table: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for line in _BROUGHT.strip().splitlines():
        signs, words, codes = re.split(r" {2,}", line)
        brought = frozenset(signs.split()) - {"none"}, frozenset(words.split("/")) - {"none"}
        table |= dict.fromkeys(codes.split(), brought)
    return table


_TABLE = _by_code()
H_CODES = frozenset(_TABLE) | frozenset(_VARIANTS.split()) | frozenset(_EUH.split())
"""Every code that is not combined; a combined code such as H300+H310 consists of these. reference.hazard_statements has their texts."""

COMBINED = frozenset(
    "+".join(f"H3{way}{degree}" for way in ways)
    for degree in "0123"
    for ways in (("0", "1"), ("0", "3"), ("1", "3"), ("0", "1", "3"))
) | {"H315+H320"}
"""Combined codes: acute toxicity of one degree by several routes (H300+H310+H330), and irritation of skin and eyes."""

_IRRITATION = frozenset({"H315", "H319"})
_IRRITATION_AND_SENSITISATION = _IRRITATION | {"H317"}


class HazardError(ValueError):
    """The text is not a hazard code; the message is one sentence that says what to write."""


def _stems(codes: Iterable[str]) -> set[str]:
    """The codes in the form that the table has: H360FD becomes H360, H300+H310 becomes two codes. EUH codes are left out, because they
    bring neither a pictogram nor a signal word."""
    return {code[:4] for combined in codes for code in combined.split("+")} & _TABLE.keys()


def pictograms_of(codes: Iterable[str]) -> list[str]:
    """The pictograms that these H codes bring, without those that CLP, article 26(1), forbids beside others.

    (b) GHS06 takes GHS07 away altogether; (c) GHS05 takes GHS07 away for irritation of skin and eyes; (d) GHS08 for
    sensitisation of the lungs (H334) takes GHS07 away for irritation and for sensitisation of the skin. Pictograms that (a)
    and (e) make optional (`optional_among`) are kept, because one pictogram too many does no harm, and one too few may.
    """
    stems = _stems(codes)
    pictograms = {sign for code in stems for sign in _TABLE[code][0]}
    outdone: frozenset[str] = frozenset()
    if "GHS05" in pictograms:
        outdone = _IRRITATION
    if "H334" in stems:
        outdone = _IRRITATION_AND_SENSITISATION
    if not any("GHS07" in _TABLE[code][0] for code in stems - outdone):
        pictograms.discard("GHS07")
    return without_forbidden(pictograms)


def without_forbidden(pictograms: Iterable[str]) -> list[str]:
    """The pictograms, without GHS07 where GHS06 is among them: CLP, article 26(1)(b). No code is needed to know that."""
    return sorted(set(pictograms) - ({"GHS07"} if "GHS06" in pictograms else set()))


def optional_among(codes: Iterable[str]) -> set[str]:
    """The pictograms that these H codes bring and that a label may leave out: CLP, article 26(1)(a) and (e).

    (a) GHS01 makes GHS02 and GHS03 optional, but not where one class asks for both (H241); (e) GHS02 or GHS06 makes
    GHS04 optional.
    """
    stems, pictograms = _stems(codes), set(pictograms_of(codes))
    optional: set[str] = set()
    if "GHS01" in pictograms:
        optional |= {"GHS03"} if "H241" in stems else {"GHS02", "GHS03"}
    if pictograms & {"GHS02", "GHS06"}:
        optional.add("GHS04")
    return optional & pictograms


def signal_word_of(codes: Iterable[str]) -> str | None:
    """Danger, Warning, or None where the codes bring none or leave open which (`undecided_among`). CLP, article 20(3):
    where Danger applies, Warning does not appear."""
    words = [_TABLE[code][1] for code in _stems(codes)]
    if frozenset({"Danger"}) in words:
        return "Danger"
    if any(len(word) > 1 for word in words):
        return None
    return "Warning" if frozenset({"Warning"}) in words else None


def undecided_among(codes: Iterable[str]) -> list[str]:
    """The codes that leave the signal word open, because each is used for a category with Danger and for one with Warning."""
    stems = _stems(codes)
    return [] if signal_word_of(stems) else sorted(code for code in stems if len(_TABLE[code][1]) > 1)


# Reading hazards as people write them

_BY_FOLDED: dict[str, set[str]] = {}
for _code in H_CODES:
    _BY_FOLDED.setdefault(_code.casefold(), set()).add(_code)


def read_h_code(text: str) -> str:
    """One code, or a combined one, as the GHS writes it: "h 310 + h300" → "H300+H310". Raises HazardError."""
    codes = sorted({_one_h_code(part) for part in re.sub(r"\s", "", text[:100]).split("+")})
    code = "+".join(codes)
    if len(codes) > 1 and code not in COMBINED:
        raise HazardError(f"{' and '.join(codes)} are not combined in the GHS. Write them apart.")
    return code


def codes_meant(text: str) -> list[frozenset[str]]:
    """The sets of codes that a query means; a chemical fits if it has one code of each set. "h360 H310" → the set H360, H360D,
    H360FD … and the set H310, H300+H310 …. Raises HazardError."""
    wanted = []
    for part in re.split(r"[\s,;/+]+", re.sub(r"(?i)(?<=H)\s+(?=[0-9])", "", text[:200])):
        if not part:
            continue
        folded = re.sub(r"^au(?=h)", "eu", part.casefold())
        variants = {code for code in H_CODES if re.fullmatch(re.escape(folded) + "[a-z]{0,2}", code.casefold())}
        if not variants or not re.fullmatch(r"(eu)?h[0-9]{3}[a-z]{0,2}", folded):
            _one_h_code(part)
        wanted.append(frozenset(variants | {code for code in COMBINED if variants & set(code.split("+"))}))
    return wanted


def _one_h_code(text: str) -> str:
    """One H code as the GHS writes it. The Australian list HCIS writes AUH066 for EUH066. Case matters only where it tells two codes
    apart, such as H360FD and H360Fd."""
    folded = re.sub(r"^au(?=h)", "eu", text.casefold())
    known = _BY_FOLDED.get(folded, set())
    exact = text[:1].upper() + text[1:]
    if exact in known or len(known) == 1:
        return exact if exact in known else next(iter(known))
    if known:
        raise HazardError(f"“{text}” may be {' or '.join(sorted(known))}. Write it with its capitals.")
    raise HazardError(f"“{text[:30]}” is not an H statement of the GHS. Write codes such as H225.")


@dataclass(frozen=True)
class Statements:
    """The codes in a text, in the order of the text, and the words and figures there that are not codes (`unread`)."""

    h: list[str] = field(default_factory=list)
    p: list[str] = field(default_factory=list)
    unread: str = ""


_CODE = r"(?:(?:EU|AU)?H|P)[ .-]?[0-9]{3}[A-Z]{0,2}"
_CODES = re.compile(rf"(?<![^\W_]){_CODE}(?: ?\+ ?{_CODE})*(?![^\W_])", re.I)


def read_statements(text: str) -> Statements:
    """The H and P codes in `text`: "H225; h 319, P301 + P310" → H225, H319, P301+P310. H codes that the GHS does not combine are taken
    one by one.

    A code that the GHS does not have, and any other word or figure ("350", "toxic"), goes to `unread`: then the codes may not be
    everything that the author meant.
    """
    h: dict[str, None] = {}
    p: dict[str, None] = {}

    def take(match: re.Match[str]) -> str:
        codes = [re.sub(r"[ .-]", "", code) for code in match[0].split("+")]
        if all(re.fullmatch("P[0-9]{3}", code, re.I) for code in codes):
            p["+".join(codes).upper()] = None
            return " "
        with suppress(HazardError):
            h[read_h_code("+".join(codes))] = None
            return " "
        return f" {' '.join(code for code in codes if not is_taken(code))} "

    def is_taken(code: str) -> bool:
        if re.fullmatch("P[0-9]{3}", code, re.I):
            p[code.upper()] = None
            return True
        with suppress(HazardError):
            h[read_h_code(code)] = None
            return True
        return False

    rest = " ".join(_CODES.sub(take, text).split())
    return Statements(list(h), list(p), rest.strip(" ,;.:+/-*()") if re.search(r"[^\W_]", rest) else "")


def read_pictograms(text: str) -> list[str] | None:
    """The pictograms in a text in any spelling, "GHS02;ghs 7" → GHS02, GHS07; None where the text holds anything else."""
    codes = re.findall(r"GHS[ -]?0?([1-9])(?![0-9])", text, re.IGNORECASE)
    rest = re.sub(r"GHS[ -]?0?[1-9](?![0-9])", "", text, flags=re.IGNORECASE)
    if not codes or re.search(r"[^\W_]", rest):
        return None
    return sorted({f"GHS0{code}" for code in codes})


_WORDS = (
    ("GHS01", r"explosives?"),
    ("GHS02", r"(highly |extremely )?(in)?flamm?ables?|pyrophoric|self[- ]heating|self[- ]reactive"),
    ("GHS03", r"oxidi[sz](ing|ers?)"),
    ("GHS04", r"(compressed|liquefied) gas(es)?|gas(es)? under pressure"),
    ("GHS05", r"corrosives?"),
    ("GHS06", r"((highly|very|acutely|acute) )?toxic|poison(ous)?|acute toxicity|fatal"),
    ("GHS07", r"irritants?|irritating|harmful"),
    ("GHS08", r"carcinogen(ic|s)?|mutagen(ic|s)?|teratogen(ic|s)?|reprotoxic|reproductive tox(in|ic|icity)|health hazards?"),
    ("GHS09", r"(hazardous|dangerous|toxic) (to|for) (the )?(aquatic )?(environment|life)|environmental hazards?"),
)  # fmt: skip
_WORD_PATTERNS = tuple(
    (code, re.compile(rf"(?:{words})(?: (?:liquid|solid|gas|material|substance)s?)?")) for code, words in _WORDS
)


def pictograms_of_words(text: str) -> list[str] | None:
    """The pictograms that hazard words mean, "Flammable, toxic" → GHS02, GHS06; None if the meaning of any word is not certain."""
    found = set()
    for part in re.split(r"[,;/&+\n]|\band\b", text.strip(" .").lower()):
        words = " ".join(part.split())
        code = next((code for code, pattern in _WORD_PATTERNS if pattern.fullmatch(words)), None)
        if code is None:
            return None
        found.add(code)
    return without_forbidden(found)


def says_not_hazardous(text: str) -> bool:
    """Whether the text says that the chemical was classified and has no hazards. "None" alone does not say that: it may mean unknown."""
    return (
        re.fullmatch(
            r"(non|not)[- ]?(hazardous|classified)( \(?(according to )?(ghs|clp)\)?)?", text.strip(" ."), re.IGNORECASE
        )
        is not None
    )
