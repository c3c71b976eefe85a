"""The words of the notes, as a language gives them."""

import pytest
from told import PROMPTS, WORDS

from assistant.errors import InputError
from assistant.notes.words import Words, words_of

pytestmark = pytest.mark.unit


def test_english_has_every_word() -> None:
    assert (PROMPTS / "en" / "notes.toml").is_file()
    assert len(WORDS.dates.weekdays) == 7
    assert len(WORDS.dates.months) == 12
    assert len(WORDS.dates.ordinals) == 31
    assert WORDS.promises.aimed


def test_what_a_language_lacks_has_a_default() -> None:
    assert words_of({}) == Words()


@pytest.mark.parametrize(
    "raw",
    [
        {"voices": {"you": "x"}},
        {"light": "word"},
        {"live": {"asked": "Asked: {answer}"}},
        {"calendar": {"thanks": "Thank {}"}},
        {"live": {"ended": "Ended ({reason)"}},
        {"promises": {"you": {"you": "{nickname}"}}},
    ],
)
def test_a_word_that_can_not_be_used_is_named_at_once(raw: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"words for the notes"):
        words_of(raw)
