"""Our tokeniser beside the reference one: the same numbers, for any text people write.

The reference is built from the same vocabulary by the library that MiniLM was trained with.
"""

import random
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import BertWordPieceTokenizer

from assistant.understanding.wordpiece import LONGEST_WORD_LETTERS, MOST_TOKENS, token_numbers

pytestmark = pytest.mark.unit

PROMPTS = Path(__file__).parents[1] / "prompts"

SIGNS = "!?.,;:-\u2013\u2026'\"()[]#@$~^`|<>+=&/\\*_"
SPACES = (" ", " ", " ", "", "\t", "\n", "\u00a0")
SCRIPTS = (
    (0x0000, 0x02FF, "Latin, its accents, spacing signs"), (0x0300, 0x036F, "accents alone"),
    (0x0370, 0x058F, "Greek, Cyrillic, Armenian"), (0x0590, 0x061C, "Hebrew, Arabic signs"),
    (0x0620, 0x06FF, "Arabic"), (0x0900, 0x097F, "Devanagari"), (0x0E00, 0x0E7F, "Thai"),
    (0x1E00, 0x1FFF, "more Latin and Greek"), (0x2000, 0x27BF, "punctuation, money, arrows"),
    (0x3000, 0x30FF, "kana"), (0x3400, 0x34FF, "rare Chinese"), (0x4E00, 0x5FFF, "Chinese"),
    (0xAC00, 0xB3FF, "Korean"), (0xE000, 0xE0FF, "nobody's"), (0xF900, 0xFFFF, "other forms"),
    (0x1D400, 0x1D7FF, "letters of mathematics"), (0x1F000, 0x1FAFF, "emoji"),
    (0x20000, 0x200FF, "the rarest Chinese"), (0xE0000, 0xE01EF, "tags"),
)  # fmt: skip


@cache
def reference() -> BertWordPieceTokenizer:
    vocabulary = str(files("assistant.understanding") / "vocab.txt")
    tokeniser = BertWordPieceTokenizer(vocabulary, lowercase=True, strip_accents=True)
    tokeniser.enable_truncation(MOST_TOKENS)
    # "[CLS]" that somebody wrote is text.
    tokeniser._tokenizer.encode_special_tokens = True  # pyright: ignore
    return tokeniser


def differing(texts: list[str]) -> list[str]:
    """Return the texts that the two tokenise in different ways."""
    encoded = reference().encode_batch(texts)  # pyright: ignore[reportUnknownMemberType]
    pairs = zip(texts, encoded, strict=True)
    return [text for text, reference in pairs if tuple(reference.ids) != token_numbers(text)]


def prompt_words() -> list[str]:
    def strings(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for each in value.values():  # pyright: ignore[reportUnknownVariableType]
                yield from strings(each)  # pyright: ignore[reportUnknownArgumentType]
        elif isinstance(value, list):
            for each in value:  # pyright: ignore[reportUnknownVariableType]
                yield from strings(each)  # pyright: ignore[reportUnknownArgumentType]

    texts = (tomllib.loads(path.read_text()) for path in sorted(PROMPTS.rglob("*.toml")))
    return [word for text in texts for said in strings(text) for word in said.split()]


def written(chance: random.Random, words: list[str]) -> str:
    """Make up a text: what people say, with whatever the keyboard and the world have."""
    parts: list[str] = []
    for _ in range(chance.randint(1, 14)):
        kind = chance.random()
        if kind < 0.5:
            word = chance.choice(words)
            shapes = (str, str.upper, str.title, str.swapcase)
            parts.append(chance.choice(shapes)(word))
        elif kind < 0.6:
            parts.append(str(chance.randint(0, 10**9)) + chance.choice(("", "%", "th", ".5", "k")))
        elif kind < 0.7:
            parts.append(
                "".join(chance.choices("!?.,;:-\u2013\u2026'\"()[]#@$~^`|<>+=&/\\*_", k=3))
            )
        elif kind < 0.75:
            letters = chance.choice((99, 100, 101, 250))
            parts.append("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=letters)))
        else:
            first, last, _name = chance.choice(SCRIPTS)
            parts.append("".join(chr(chance.randint(first, last)) for _ in range(4)))
    return "".join(
        part + chance.choice((" ", " ", " ", "", "\t", "\n", "\u00a0")) for part in parts
    )


def test_texts_of_all_kinds_have_the_numbers_of_the_reference() -> None:
    words, chance = prompt_words(), random.Random(4)
    assert len(words) > 1000
    texts = [written(chance, words) for _ in range(2000)]
    assert len(set(texts)) > 1900
    assert differing(texts) == []


@pytest.mark.parametrize(("first", "last"), [each[:2] for each in SCRIPTS], ids=hex)
def test_every_character_has_the_numbers_of_the_reference(first: int, last: int) -> None:
    letters = [chr(at) for at in range(first, last + 1) if unicodedata.category(chr(at)) != "Cs"]
    assert differing([f"a{letter}b {letter}" for letter in letters]) == []


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(max_codepoint=0x5FF, exclude_categories=("Cs",)), max_size=60))
def test_any_text_of_europe_has_the_numbers_of_the_reference(text: str) -> None:
    assert differing([text]) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \t\r\n\u2028\u3000",
        "\0\ufffd\u200b\ufeff",
        "don't I'd they'll",
        "e\u0301\u0323 \u00e9 \u1ec7",
        "\u0130stanbul \u1e9e \u017f \ufb01",
        "\u0391\u03a3 \u039f\u0394\u039f\u03a3",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea",
        "[CLS] [MASK] [SEP] [UNK] [PAD] ##ing",
        "a" * LONGEST_WORD_LETTERS,
        "a" * (LONGEST_WORD_LETTERS + 1),
        "\u00e9" * (LONGEST_WORD_LETTERS + 1),
        "what does a typical day look like " * 40,
        "antidisestablishmentarianism " * 30,
    ],
)
def test_a_hard_text_has_the_numbers_of_the_reference(text: str) -> None:
    assert differing([text]) == []


def test_a_long_text_is_cut_at_its_end() -> None:
    numbers = token_numbers("who else should i talk to " * 100)
    assert len(numbers) == MOST_TOKENS
    assert numbers[:3] == token_numbers("who else")[:3]
    assert (numbers[0], numbers[-1]) == (101, 102)
