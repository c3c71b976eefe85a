"""Words as they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import PHRASES

from assistant.minds.spoken import (
    ends_with,
    find,
    phrases_of,
    placed_words,
    utterances_of,
    without,
    words_of,
)

pytestmark = pytest.mark.unit

BOOK = phrases_of(["you know", "you", "i see", "note to self", "sottovoce"])
SHIPPED = utterances_of(PHRASES)


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


@pytest.mark.parametrize("text", ["", "...", "mhm", "Yeah, right. Okay!", "the", "oh wow", "um"])
def test_what_holds_no_floor(text: str) -> None:
    assert SHIPPED.is_empty(text)


@pytest.mark.parametrize(
    "text",
    """
    m hm|mm hmm|mhm mhm|uh huh|Uh-huh.|uhhuh|mmhmm|hm mm|aha|ohh|er|erm|umm|okey|yeah totally
    right right right|oh that's amazing|That makes a lot of sense.|for sure for sure|i get it
    okay then sounds good|oh my gosh|no worries|yeah no yeah|that's so cool|Exactly. Exactly.
    """.replace("\n", "|").split("|"),
)
def test_a_backchannel_holds_no_floor_however_it_is_spelled(text: str) -> None:
    assert SHIPPED.is_empty(text)


@pytest.mark.parametrize(
    "text",
    [
        "right now we are hiring",
        "i understand the client",
        "that's amazing to watch",
        "sure but it pays badly",
        "ten years",
        "it's the people",
        "not really",
        "never",
        "i love the team",
    ],
)
def test_a_short_answer_that_begins_like_one_is_none(text: str) -> None:
    assert not SHIPPED.is_empty(text)


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


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("That sounds like a good size, and which part of the work is the hardest.", True),
        ("Great. So how did you get there", True),
        ("what does a typical day look like", True),
        ("After lunch I build the pipeline, which means moving data", False),
        ("I like the team, and the work", False),
        ("", False),
    ],
)
def test_what_goes_over_into_a_question(text: str, asks: bool) -> None:
    assert SHIPPED.has_question(text) is asks


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    assert len(words_of(text)) == len(placed_words(text))
    assert SHIPPED.is_empty(text) in (True, False)
    assert set(SHIPPED.content(text)) <= set(words_of(text))
    assert SHIPPED.is_question(text) or "?" not in text
