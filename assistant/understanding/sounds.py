"""How alike words sound, whatever their letters: "kubernetes" and "cooper nettie's".

Knows how English letters are mostly read, and how names of other languages are read by
English ears. Law: pure; 0 for nothing in common, 1 for the same sounds. It is a guess of
the sounds, not a dictionary: what is near in it may have been meant, no more.
"""

import re
import unicodedata
from functools import lru_cache

_READ = tuple(
    (re.compile(spelled), sound)
    for spelled, sound in (
        # Written at the begin, not heard.
        (r"^(?:kn|gn|pn)", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"^x", "s"), (r"^mc", "mk"),
        (r"oix$|ois$|oit$", "wa"),
        # Several letters, one sound. C: church, S: ship, J: jam.
        (r"tsch|tch|cz", "C"), (r"sch|sz|sh", "S"), (r"[ts]io", "So"), (r"zh", "S"),
        (r"chr", "kr"), (r"ch", "C"), (r"ph", "f"), (r"ck|cq", "k"), (r"dge?(?=[ei]|$)", "J"),
        (r"(?<=[aeiou])gh(?![aeiou])", ""), (r"gh", "g"), (r"wh", "w"), (r"th", "t"),
        (r"qu", "kw"), (r"q", "k"), (r"x", "ks"), (r"mb$", "m"),
        (r"c(?=[eiy])", "s"), (r"c", "k"), (r"g(?=[ei])", "J"), (r"j", "J"),
        (r"(?<=[aeiou])y(?=[aeiou])|^y", "y"), (r"y", "i"), (r"z", "s"),
        # One long vowel.
        (r"oix$|ois$|oit$", "wa"), (r"eau", "o"),
        (r"ee|ea|ie|ei|ii", "i"), (r"oo|ou|ue|ew|uu", "u"), (r"ai|ay|ey", "e"),
        (r"au|aw|oa|ow", "o"),
        (r"(?<=[b-df-hj-np-tv-z])e$", ""),
    )
)  # fmt: skip
"""From the first to the last: letters, and how they sound."""

_VOWELS = frozenset("aeiou")
_WEAK = frozenset("hwy")
"""Come and go in what is heard."""
_NEAR = {
    frozenset(pair): cost
    for pair, cost in {
        "pb": 0.3, "td": 0.3, "kg": 0.3, "fv": 0.2, "sS": 0.35, "sJ": 0.5, "CJ": 0.3, "SC": 0.3,
        "SJ": 0.4, "mn": 0.35, "vw": 0.2, "fw": 0.5, "bv": 0.35, "lr": 0.6, "yi": 0.1, "wu": 0.1,
        "wo": 0.2, "hJ": 0.4, "tS": 0.6, "tC": 0.4, "kC": 0.4, "kh": 0.5, "gJ": 0.3, "ys": 0.8,
        "ks": 0.7, "ts": 0.6, "pf": 0.5, "yJ": 0.4, "hy": 0.5, "hk": 0.5, "nN": 0.1,
    }.items()
}  # fmt: skip
_VOWEL, _VOWEL_GONE, _WEAK_GONE, _R_GONE = 0.2, 0.35, 0.35, 0.6
"""Costs: one vowel for another, a vowel more or less, a weak sound, an "r" that is not spoken."""


@lru_cache(maxsize=8192)
def sounds(text: str) -> str:
    """Return the sounds of a text as letters, without spaces: "dʒ" is J, "ʃ" is S, "tʃ" is C."""
    spelled = "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.casefold())
        if "a" <= letter <= "z" or letter == " "
    )
    return "".join(map(_word, spelled.split()))


@lru_cache(maxsize=8192)
def _word(spelled: str) -> str:
    for pattern, sound in _READ:
        spelled = pattern.sub(sound, spelled)
    return re.sub(r"(.)\1+", r"\1", spelled)


def skeleton(heard: str) -> str:
    """Return the consonants of sounds, those that are mistaken for each other as one."""
    return heard.translate(_MERGED)


_MERGED = str.maketrans("bdgvJSCznw", "ptkfssssmf", "aeiouhy")


@lru_cache(maxsize=16384)
def sound_alike(one: str, other: str) -> float:
    """Return how alike two texts sound, 0 to 1."""
    a, b = sounds(one), sounds(other)
    if not a or not b:
        return 0.0
    whole = (sum(map(_weight, a)) + sum(map(_weight, b))) / 2
    return max(0.0, 1.0 - _distance(a, b) / whole)


def _distance(a: str, b: str) -> float:
    gone = [_weight(sound) for sound in b]
    row = [0.0]
    for weight in gone:
        row.append(row[-1] + weight)
    for sound in a:
        weight = _weight(sound)
        last = row[0] + weight
        new = [last]
        for at, other in enumerate(b):
            cost = row[at] if sound == other else row[at] + _INSTEAD.get(sound + other, 1.2)
            last = min(cost, row[at + 1] + weight, last + gone[at])
            new.append(last)
        row = new
    return row[-1]


def _weight(sound: str) -> float:
    return _GONE.get(sound, 1.0)


_GONE = dict.fromkeys(_VOWELS, _VOWEL_GONE) | dict.fromkeys(_WEAK, _WEAK_GONE) | {"r": _R_GONE}
_INSTEAD = {a + b: _VOWEL for a in _VOWELS for b in _VOWELS} | {
    a + b: cost for pair, cost in _NEAR.items() for a in pair for b in pair
}
