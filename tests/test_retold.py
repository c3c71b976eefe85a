"""What one channel's ears told, one after the other, told once."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.events import Channel, Entry, Fact, Heard, SpeechEnded, SpeechStarted
from assistant.hearing.retold import Retold, told_in

pytestmark = pytest.mark.unit

ME = Channel.ME


def started(start_s: float) -> Fact:
    return SpeechStarted(ME, start_s)


def ended(start_s: float, end_s: float) -> Fact:
    return SpeechEnded(ME, start_s, end_s)


def heard(start_s: float, end_s: float, text: str = "so how") -> Fact:
    return Heard(ME, start_s, end_s, text)


def told(*lives: list[Fact | float]) -> list[Fact]:
    """Tell what each ear brought; a number is how far it said everything."""
    retold, facts = Retold(ME), list[Fact]()
    for life in lives:
        retold.begin_again()
        for line in life:
            facts += retold.said_to(line) if isinstance(line, float | int) else retold.take(line)
    return [*facts, *retold.end()]


def test_one_ear_is_told_as_it_is():
    life = [started(1.0), ended(1.0, 2.0), heard(1.0, 2.0), 3.0, started(3.5), ended(3.5, 4.0)]
    assert told(life) == [fact for fact in life if not isinstance(fact, float)]


def test_words_that_were_missing_come_without_their_speech():
    facts = told(
        [9.7, started(10.0), ended(10.0, 12.4)],
        [started(10.03), ended(10.03, 12.43), heard(10.03, 12.43)],
    )
    assert facts == [started(10.0), ended(10.0, 12.4), heard(10.03, 12.43)]


def test_an_open_speech_goes_on():
    facts = told(
        [started(10.0), heard(10.0, 15.0, "a")],
        [started(15.1), ended(15.1, 20.0), heard(15.1, 20.0, "b")],
    )
    assert [type(fact) for fact in facts] == [SpeechStarted, Heard, SpeechEnded, Heard]
    assert facts[2] == ended(10.0, 20.0)


@pytest.mark.parametrize("after", [[16.0], [started(18.0), ended(18.0, 19.0)], []])
def test_an_open_speech_that_is_not_heard_again_has_ended(after: list[Fact | float]):
    facts = told([started(10.0), heard(10.0, 15.0)], after)
    assert facts[:3] == [started(10.0), heard(10.0, 15.0), ended(10.0, 15.0)]
    assert facts[3:] == [fact for fact in after if not isinstance(fact, float)]


def test_speech_before_the_open_one_is_not_told_again():
    facts = told(
        [9.7, started(10.0), ended(10.0, 12.4), started(13.0)],
        [started(10.02), ended(10.02, 12.42), heard(10.02, 12.42), 12.7, started(13.02),
         ended(13.02, 14.0), heard(13.02, 14.0)],
    )  # fmt: skip
    assert [fact for fact in facts if not isinstance(fact, Heard)] == [
        started(10.0),
        ended(10.0, 12.4),
        started(13.0),
        ended(13.0, 14.0),
    ]
    assert len([fact for fact in facts if isinstance(fact, Heard)]) == 2


def test_two_ears_may_cut_the_same_speech_differently():
    apart: list[Fact | float] = [started(10.0), ended(10.0, 12.0), started(12.5), ended(12.5, 14.0)]
    whole: list[Fact | float] = [started(10.0), ended(10.0, 14.0)]
    assert told(whole, apart) == whole
    assert told(apart, whole) == apart
    longer = told(apart[:2], whole)
    assert longer == [started(10.0), ended(10.0, 12.0), started(12.0), ended(12.0, 14.0)]


def test_words_come_once_and_the_next_ear_begins_behind_them():
    retold = Retold(ME)
    retold.take(heard(1.0, 2.0))
    retold.said_to(1.5)
    assert retold.begin_again() == 2.0
    assert retold.take(heard(1.0, 2.0)) == []


def test_starts_and_ends_always_take_turns():
    lives: list[list[Fact | float]] = [
        [started(1.0), 0.8],
        [started(1.0), ended(1.0, 2.0), started(3.0)],
        [started(1.0), ended(1.0, 2.0), heard(1.0, 2.0), started(3.1), heard(3.1, 8.0)],
        [started(8.2), ended(8.2, 9.0), heard(8.2, 9.0), 10.0],
    ]
    kinds = [type(fact) for fact in told(*lives) if not isinstance(fact, Heard)]
    assert all(one is not other for one, other in pairwise(kinds))
    assert kinds[0] is SpeechStarted
    assert kinds[-1] is SpeechEnded


def test_after_forgetting_the_next_ear_begins_behind_the_stretch():
    retold = Retold(ME)
    for fact in (started(10.0), ended(10.0, 12.0), heard(10.0, 12.0), started(14.0)):
        retold.take(fact)
    retold.said_to(13.9)
    retold.forget(9.0, 15.0)
    assert retold.begin_again() == 15.0
    assert retold.take(started(15.1)) == [started(15.1)]
    assert retold.take(ended(15.1, 16.0)) == [ended(15.1, 16.0)]
    assert retold.take(heard(15.1, 16.0)) == [heard(15.1, 16.0)]


def test_words_from_before_the_stretch_are_still_heard_and_their_speech_is_not_told_again():
    retold = Retold(ME)
    retold.take(started(10.0))
    retold.said_to(10.0)
    retold.forget(12.0, 15.0)
    assert retold.begin_again() == 10.0
    assert retold.take(started(10.02)) == []
    assert retold.take(ended(10.02, 12.05)) == []
    assert retold.take(heard(10.02, 12.0)) == [heard(10.02, 12.0)]
    assert retold.take(started(15.3)) == [started(15.3)]


def test_what_was_told_is_known_again_from_the_journal():
    lives: list[list[Fact | float]] = [
        [started(1.0), ended(1.0, 2.0), heard(1.0, 2.0), started(5.0), heard(5.0, 9.0, "a"), 12.0],
        [started(9.1), ended(9.1, 14.0), heard(9.1, 14.0, "b"), 15.0],
    ]
    whole = told(*lives)
    for cut in range(len(whole)):
        entries = [Entry(n, 1.0 * n, fact) for n, fact in enumerate(whole[:cut])]
        known = told_in(entries).get(ME, Retold(ME))
        assert known.begin_again() == max(
            (fact.end_s for fact in whole[:cut] if isinstance(fact, Heard)), default=0.0
        )
        again = [fact for life in lives for fact in life if isinstance(fact, SpeechStarted | Heard)]
        more = [new for fact in again for new in known.take(fact) if isinstance(new, Heard)]
        assert [*(f for f in whole[:cut] if isinstance(f, Heard)), *more] == [
            fact for fact in whole if isinstance(fact, Heard)
        ]


def test_speech_that_was_open_in_the_journal_ends_when_it_is_not_heard_on():
    known = told_in([Entry(1, 5.0, started(5.0)), Entry(2, 9.5, heard(5.0, 9.0, "a"))])[ME]
    known.begin_again()
    assert known.said_to(12.0) == [ended(5.0, 9.0)]


def test_an_end_before_the_beginning_is_no_end():
    retold = Retold(ME)
    retold.take(started(10.0))
    assert retold.take(ended(4.0, 5.0)) == []
    assert retold.take(ended(10.0, 12.0)) == [ended(10.0, 12.0)]


TIMES_S = st.integers(0, 60).map(float)
SAID = st.one_of(
    TIMES_S,
    st.builds(started, TIMES_S),
    st.tuples(TIMES_S, TIMES_S).map(lambda pair: ended(min(pair), max(pair))),
    st.tuples(TIMES_S, TIMES_S).map(lambda pair: heard(min(pair), max(pair))),
)


@given(st.lists(st.lists(SAID, max_size=12), max_size=4))
def test_whatever_ears_say_speech_begins_ends_and_begins_again_in_order(
    lives: list[list[Fact | float]],
):
    open_s, ended_s, said_s = None, 0.0, 0.0
    for fact in told(*lives):
        match fact:
            case SpeechStarted(_, start_s):
                assert open_s is None
                assert start_s >= ended_s
                open_s = start_s
            case SpeechEnded(_, start_s, end_s):
                assert start_s == open_s
                assert start_s <= end_s
                open_s, ended_s = None, end_s
            case Heard(_, _, end_s):
                assert end_s > said_s or end_s == said_s == 0.0
                said_s = end_s
            case _:
                raise AssertionError(fact)
