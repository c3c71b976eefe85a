"""Which words are none: no speech, no words."""

import pytest

from assistant.events import Word
from assistant.hearing.recogniser import are_ghosts

pytestmark = pytest.mark.unit


def words(text: str, confidence: float = 1.0) -> tuple[Word, ...]:
    return tuple(Word(word, 0.0, 0.1, confidence) for word in text.split())


def test_a_click_says_nothing():
    assert are_ghosts(words("the"), voiced_s=0.096)


@pytest.mark.parametrize("text", ["the", "huh", "the the"])
def test_a_lone_word_that_its_engine_does_not_trust_is_none(text: str):
    assert are_ghosts(words(text, 0.34), voiced_s=0.6)


def test_a_sentence_does_not_fit_into_a_cough():
    assert are_ghosts(words("thank you very much for watching"), voiced_s=0.2)


def test_no_words_are_no_words():
    assert are_ghosts((), voiced_s=5.0)


@pytest.mark.parametrize(
    ("text", "confidence", "voiced_s"),
    [
        ("yes", 1.0, 0.22),
        ("no", 0.62, 0.2),
        ("i see", 1.0, 0.3),
        ("so what would you do differently today", 0.4, 2.0),
        ("i really don't know what to tell you about that", 1.0, 1.6),
    ],
)
def test_what_people_say_stays(text: str, confidence: float, voiced_s: float):
    assert not are_ghosts(words(text, confidence), voiced_s)
