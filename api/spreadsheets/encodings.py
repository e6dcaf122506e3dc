"""Finds the encoding of a text file, and what the file would say in others, so that a person can choose by its names."""

import codecs
import itertools
import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import BinaryIO

ENCODINGS = MappingProxyType(
    {
        "utf-8": "Unicode (UTF-8)",
        "utf-16": "Unicode (UTF-16)",
        "utf-16-le": "Unicode (UTF-16 without a mark, little-endian)",
        "utf-16-be": "Unicode (UTF-16 without a mark, big-endian)",
        "cp1252": "Western European (Windows)",
        "cp1250": "Central European (Windows)",
        "cp1251": "Cyrillic (Windows)",
        "cp1253": "Greek (Windows)",
        "cp1254": "Turkish (Windows)",
        "cp1255": "Hebrew (Windows)",
        "cp1256": "Arabic (Windows)",
        "cp1257": "Baltic (Windows)",
        "cp874": "Thai (Windows)",
        "gb18030": "Chinese, simplified (GBK)",
        "big5": "Chinese, traditional (Big5)",
        "cp932": "Japanese (Shift-JIS)",
        "euc_jp": "Japanese (EUC-JP)",
        "cp949": "Korean (EUC-KR)",
        "mac_roman": "Western European (Macintosh)",
        "mac_latin2": "Central European (Macintosh)",
        "mac_cyrillic": "Cyrillic (Macintosh)",
        "mac_greek": "Greek (Macintosh)",
        "mac_turkish": "Turkish (Macintosh)",
        "cp850": "Western European (DOS)",
        "cp852": "Central European (DOS)",
        "cp857": "Turkish (DOS)",
        "cp866": "Cyrillic (DOS)",
        "cp737": "Greek (DOS)",
        "koi8_r": "Cyrillic (KOI8-R)",
        "iso8859_15": "Western European (ISO 8859-15)",
        "iso8859_2": "Central European (ISO 8859-2)",
        "iso8859_5": "Cyrillic (ISO 8859-5)",
    }
)
"""The encodings that are offered, and the names by which the page shows them."""

_NOT_LATIN = frozenset(
    {
        "cp1251",
        "cp1253",
        "cp1255",
        "cp1256",
        "cp874",
        "gb18030",
        "big5",
        "cp932",
        "euc_jp",
        "cp949",
        "cp866",
        "koi8_r",
        "mac_cyrillic",
        "mac_greek",
        "cp737",
        "iso8859_5",
    }
)
_ONLY_SIGNS = re.compile(r"([\x00-\x7f\xa0°µ®©™½¼¾±²³·×€£–—’]|(?<![A-Za-z])[“”‘„…]|[“”‘„…](?![A-Za-z]))*")
"""A text with no other letters than English ones, and signs that Windows puts beside them. (In a list that DOS wrote, „ stands in the
middle of words, for ä.)"""
_AMONG_ENGLISH = re.compile(r"[a-z][^\W\d_a-zA-Z]|[^\W\d_a-zA-Z][a-z]")
_STRANGE = re.compile(r"\w[¡-¤¦-¯±-³¶¸-¿†‡•…‰‹›€™‚„“”ˆ˜\u2500-\u259f]\w|¤|\ufffd|[a-zß-öø-ÿ][А-ЯA-ZÀ-ÖØ-Þ]")
_MOST_WORDS = 2000
_SAMPLES = 3
_CONTROL_SIGNS = re.compile(r"[\x80-\x84\x86-\x9f]")
_BROKEN = re.compile(_CONTROL_SIGNS.pattern + r"|[\ufffd\ue000-\uf8ff]|[ÃÂ][\x80-\xbf]|â€|Ð[\x80-\xbf].?Ð")


def looks_broken(text: str) -> bool:
    """Whether the text shows that its file was read in a wrong encoding: a letter that could not be read, a control sign, or UTF-8 that
    a program took for Western European (MÃ¼ller)."""
    return _BROKEN.search(text) is not None


def without_control_signs(text: str) -> str:
    """The text without the control signs that a wrong encoding puts in the place of letters."""
    return _CONTROL_SIGNS.sub("", text)


def guess_encoding(file: BinaryIO) -> str:
    """The encoding: by the byte-order mark if the file has one; else UTF-8 if the bytes are valid; else the likeliest for its letters."""
    file.seek(0)
    start = file.read(4096)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if even + odd > len(start) / 20:
        return "utf-16-le" if odd > even else "utf-16-be"
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    broken = good = 0
    while block := file.read(64 * 1024):
        letters = [char for char in decoder.decode(block) if char > "\x7f"]
        escaped = sum("\udc80" <= char <= "\udcff" for char in letters)
        broken += escaped
        good += len(letters) - escaped
    # One broken byte in a file that is otherwise UTF-8 does not make it another encoding.
    return "utf-8" if broken <= good / 3 else _likely(_words(file))[0]


def offered_encodings(file: BinaryIO, chosen: str) -> list[tuple[str, list[str]]]:
    """The encodings that the file may have, the chosen one first, each with up to three names as they would be read; empty where the
    file has plain English letters only, which are the same in each."""
    words = _words(file)
    if not words or chosen.startswith("utf-16"):
        return []
    offered = dict.fromkeys([chosen, "utf-8", *_likely(words), *ENCODINGS])
    found = []
    for encoding in (name for name in offered if not name.startswith("utf-16")):
        samples = [text for word in words[:200] if (text := word.decode(encoding, "replace").strip()).isprintable()]
        if encoding == chosen or (samples and not any(map(looks_broken, samples))):
            found.append((encoding, samples[:_SAMPLES]))
    return found


def _words(file: BinaryIO) -> list[bytes]:
    """The different texts between separators and figures that have other than plain English letters, at most 2000."""
    file.seek(0)
    words: dict[bytes, None] = {}
    for line in _lines(file):
        for word in re.split(rb'[,;\t|"\r\n0-9]+', line):
            if not word.isascii():
                words.setdefault(word[:80].strip())
        if len(words) >= _MOST_WORDS:
            break
    return list(words)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(64 * 1024):
        if not line.isascii():
            yield line


def _likely(words: list[bytes]) -> list[str]:
    """The encodings other than Unicode that fit these words, the likeliest first."""
    if all(_ONLY_SIGNS.fullmatch(word.decode("cp1252", "replace")) for word in words):
        return ["cp1252"]
    # imported here, because chardet is slow to import and a file of plain letters does not need it
    from chardet import EncodingEra, detect_all

    eras = EncodingEra.MODERN_WEB | EncodingEra.LEGACY_ISO | EncodingEra.LEGACY_MAC | EncodingEra.DOS
    names = {codecs.lookup(name).name: name for name in ENCODINGS if not name.startswith("utf")}
    text = b"\n".join(words)
    found = detect_all(text, encoding_era=eras)
    ranked = dict.fromkeys(codecs.lookup(one["encoding"] or "cp1252").name for one in found)
    likely = [names[name] for name in ranked if name in names]
    fitting = [name for name in likely if name not in _NOT_LATIN or _has_whole_words(words, name)] or ["cp1252"]
    fitting = list(dict.fromkeys([*fitting, "iso8859_15"]))
    return sorted(
        fitting, key=lambda name: sum(map(_has_strange_sign, (word.decode(name, "replace") for word in words)))
    )


def _has_whole_words(words: list[bytes], encoding: str) -> bool:
    """Whether most words have letters of this encoding side by side, and not beside small English ones. The lone sign in 5 µL or 4 °C, and
    the letters in Müller and żółty, are Latin."""
    texts = [word.decode(encoding, "replace") for word in words]
    whole = sum(bool(re.search(r"[^\x00-\x7f]{2}", text)) and not _AMONG_ENGLISH.search(text) for text in texts)
    return whole * 2 > len(words)


def _has_strange_sign(text: str) -> bool:
    """Whether a word has a sign in it that stands in no word (Ilo¶ć), a capital letter behind a small one (ÉtagŹre), or an amount has the
    sign ¤, which is € in ISO 8859-15."""
    return _STRANGE.search(text) is not None or any(
        one.islower() and other.isupper() and not other.isascii() for one, other in itertools.pairwise(text)
    )
