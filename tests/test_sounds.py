"""How words sound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.minds.sounds import sound_of, sounds_apart, sounds_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("write", "right"),
        ("know", "no"),
        ("two", "to"),
        ("2", "too"),
        ("great", "grate"),
        ("which", "witch"),
        ("night", "knight"),
        ("sotto", "soto"),
    ],
)
def test_words_that_sound_the_same_are_the_same(a: str, b: str) -> None:
    assert sounds_apart(sound_of(a), sound_of(b), 9.0) <= 0.3


def test_where_a_word_ends_is_not_heard() -> None:
    assert sounds_of(["not", "to", "self"]) == sounds_of(["no", "to", "self"])


def test_what_is_easily_confused_is_nearer_than_what_is_not() -> None:
    write = sound_of("write")
    assert sounds_apart(sound_of("ride"), write, 9.0) < sounds_apart(sound_of("rice"), write, 9.0)
    assert sounds_apart(sound_of("wrote"), write, 9.0) < sounds_apart(sound_of("wipe"), write, 9.0)


@given(st.text(max_size=12), st.text(max_size=12), st.floats(0, 3))
def test_it_is_a_distance(a: str, b: str, most: float) -> None:
    assert sounds_apart(a, a, most) == 0.0
    whole = sounds_apart(a, b, 99.0)
    assert whole == pytest.approx(sounds_apart(b, a, 99.0))
    cut = sounds_apart(a, b, most)
    assert cut == pytest.approx(whole) if whole <= most else cut > most


@given(st.text(max_size=30))
def test_every_word_has_its_sounds(word: str) -> None:
    assert sound_of(word) == sound_of(word)
