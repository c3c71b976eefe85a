"""Phrases as recognisers write them."""

import pytest

from assistant.minds.mishearing import sound_book
from assistant.minds.spoken import words_of

pytestmark = pytest.mark.unit

BOOK = sound_book(
    (("keep", ("please keep that in mind", "keep it")), ("drop", ("forget all about that",))),
    ("please keep that in line", "please keep that in mind as"),
)


def same(text: str) -> tuple[str, int, int] | None:
    place = BOOK.same(words_of(text))
    return place and (place.kind, place.begin, place.end)


def nearest(text: str, lead: int = 0, *, at_end: bool = True) -> str | None:
    place = BOOK.nearest(words_of(text), lead, at_end=at_end)
    return place and place.kind


def test_the_same_sounds_count_wherever_they_stand() -> None:
    assert same("oh pleas keep that inn mind will you") == ("keep", 1, 6)


def test_a_short_phrase_counts_in_its_own_words_only() -> None:
    assert same("we keep it there") == ("keep", 1, 3)
    assert same("we keap it there") is None


def test_an_ordinary_phrase_that_says_more_is_what_was_meant() -> None:
    assert same("please keep that in mind as it is") is None


@pytest.mark.parametrize(
    "text", ["please keep that in mint", "so forget tall about that", "police keep that in mind"]
)
def test_nearly_the_same_counts_at_the_start(text: str) -> None:
    assert nearest(text, lead=1) is not None


def test_nearly_the_same_counts_at_the_end_but_not_in_between() -> None:
    assert nearest("that was good please keep that in mint") == "keep"
    assert nearest("that was good please keep that in mint", at_end=False) is None
    assert nearest("that was good please keep that in mint for a while longer") is None


def test_what_sounds_as_much_like_ordinary_talk_is_ordinary_talk() -> None:
    assert nearest("please keep that in line") is None
    assert nearest("please keep that in lime") is None


@pytest.mark.parametrize("text", ["", "please", "keep that", "we forgot all our things at home"])
def test_what_is_something_else_is_nothing(text: str) -> None:
    assert nearest(text) is None
    assert same(text) is None
