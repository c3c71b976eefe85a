"""How common a word is, from the order of the vocabulary that comes with the sentence model.

Knows `vocab.txt`: BERT's uncased English vocabulary names whole words nearly by how often they
were met. Law: a rank, no meaning; a word that is not in it is rarer than all that are.
"""

from functools import lru_cache
from importlib.resources import files

RARE = 30_000
"""The rank of a word that the vocabulary does not have."""
ODD = 8_000
"""From this rank on a word is odd in ordinary talk."""
_FIRST_WORD = "the"


@lru_cache(maxsize=1)
def _tokens() -> tuple[list[str], int]:
    """Return all tokens in their order, and where the words begin."""
    text = (files("assistant.understanding") / "vocab.txt").read_text(encoding="utf-8")
    tokens = text.split("\n")
    return tokens, tokens.index(_FIRST_WORD)


@lru_cache(maxsize=1)
def _ranks() -> dict[str, int]:
    tokens, first = _tokens()
    whole = tokens[first:]
    return {token: rank for rank, token in enumerate(whole) if not token.startswith("##")}


def rank_of_token(number: int) -> int:
    """Return how many words are more common than a token of that number; 0 for a sign."""
    return max(0, number - _tokens()[1])


_ENDINGS = (("s", ""), ("es", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("er", ""))
_SHORTEST_STEM = 3


@lru_cache(maxsize=8192)
def rank(word: str) -> int:
    """Return how many words are more common than this one, in lower case and without marks.

    "don't", "boats" and "stopping" are as common as "don", "boat" and "stop".
    """
    stem = word.replace("\u2019", "'").partition("'")[0]
    stems = [stem] + [
        stem.removesuffix(ending) + instead
        for ending, instead in _ENDINGS
        if stem.endswith(ending) and len(stem) - len(ending) >= _SHORTEST_STEM
    ]
    stems += [spelled[:-1] for spelled in stems[1:] if spelled[-1:] == spelled[-2:-1]]
    return min(_ranks().get(spelled, RARE) for spelled in stems)
