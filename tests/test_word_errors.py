"""Made-up word errors: as many as asked for, of a recogniser's kinds, the same each time."""

import jiwer
import pytest
from understanding.word_errors import alike, as_recognised, misheard, with_word_errors

pytestmark = pytest.mark.unit

SAID = (
    "So, what does a typical day look like for you?",
    "I'd love to hear how you got started in data engineering in the first place.",
    "Who else do you think I should talk to about this, by the way?",
    "We moved the whole platform last year, and nobody slept for about three weeks.",
) * 5


def test_text_becomes_what_a_recogniser_gives() -> None:
    assert (
        as_recognised("So \u2013 what\u2019s a DAY like, for you?")
        == "so what's a day like for you"
    )
    assert with_word_errors("So, what's next?", rate=0) == "so what's next"


@pytest.mark.parametrize("rate", [0.05, 0.15, 0.3])
def test_as_many_words_are_wrong_as_asked_for(rate: float) -> None:
    said = [as_recognised(text) for text in SAID]
    heard = [with_word_errors(text, rate, seed) for seed, text in enumerate(SAID)]
    counts = jiwer.process_words(said, heard)
    assert rate * 0.75 <= counts.wer <= rate * 1.25
    assert counts.substitutions > counts.deletions + counts.insertions


def test_the_same_seed_and_text_have_the_same_errors() -> None:
    assert with_word_errors(SAID[1], 0.3) == with_word_errors(SAID[1], 0.3)
    assert len({with_word_errors(SAID[1], 0.3, seed) for seed in range(20)}) > 10


def test_a_replaced_word_sounds_like_the_word() -> None:
    assert "there" in alike("their")
    assert "carrier" in alike("career")
    assert "talk" not in alike("talk")
    assert misheard("Ruiz") in alike("ruiz")


def test_a_line_is_never_lost_as_a_whole() -> None:
    assert all(with_word_errors("thanks", 1.0, seed) for seed in range(50))
    assert with_word_errors("?!", 1.0) == ""
