"""Stretches of speech: when a turn begins, pauses, is cut, and ends."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing.segments import (
    FOR_WHOLE_PIECES,
    WINDOW_S,
    Began,
    Dials,
    Ended,
    Paused,
    Segmenter,
    SegmentEvent,
    Spoken,
)

pytestmark = pytest.mark.unit

VOICE, MURMUR, NOTHING = 0.95, 0.42, 0.03


def feed(segmenter: Segmenter, *stretches: tuple[float, float]) -> list[SegmentEvent]:
    """Feed (probability, seconds) one after the other."""
    return [
        event
        for probability, length_s in stretches
        for _ in range(round(length_s / WINDOW_S))
        for event in segmenter.feed(probability)
    ]


def only(kind: type[SegmentEvent], events: list[SegmentEvent]) -> list[SegmentEvent]:
    return [event for event in events if isinstance(event, kind)]


def pieces(events: list[SegmentEvent]) -> list[Spoken]:
    return [event for event in events if isinstance(event, Spoken)]


def test_silence_is_nothing():
    assert feed(Segmenter(), (NOTHING, 30)) == []


def test_a_click_is_no_speech():
    click = (VOICE, 2 * WINDOW_S)
    assert feed(Segmenter(), (NOTHING, 1), click, (NOTHING, 1), click, (NOTHING, 1)) == []


def test_a_doubtful_sound_does_not_begin_speech_but_goes_on_with_it():
    assert feed(Segmenter(), (MURMUR, 5)) == []
    events = feed(Segmenter(), (VOICE, 0.32), (MURMUR, 5), (VOICE, 0.32))
    assert only(Ended, events) == []


def test_an_onset_is_known_within_an_eighth_of_a_second():
    segmenter = Segmenter()
    assert feed(segmenter, (NOTHING, 0.96), (VOICE, 2 * WINDOW_S)) == []
    assert feed(segmenter, (VOICE, WINDOW_S)) == [Began(0.96)]
    assert segmenter.now_s - 0.96 <= 0.128


def test_an_onset_may_have_one_hole():
    segmenter = Segmenter()
    feed(segmenter, (NOTHING, 0.96), (VOICE, WINDOW_S), (NOTHING, WINDOW_S))
    assert feed(segmenter, (VOICE, 2 * WINDOW_S)) == [Began(0.96)]


def test_a_turn_ends_where_the_voice_ended_not_where_that_was_noticed():
    segmenter = Segmenter()
    events = feed(segmenter, (NOTHING, 0.96), (VOICE, 1.6), (NOTHING, 0.448))
    assert only(Ended, events) == []
    ended, spoken = feed(segmenter, (NOTHING, WINDOW_S))
    assert ended == Ended(0.96, 2.56)
    assert isinstance(spoken, Spoken)
    assert (spoken.start_s, spoken.end_s, spoken.voiced_s) == (0.96, 2.56, 1.6)


def test_words_can_be_asked_for_well_before_the_turn_counts_as_over():
    segmenter = Segmenter()
    feed(segmenter, (VOICE, 1.6))
    assert feed(segmenter, (NOTHING, 0.2)) == [Paused(1.6)]
    assert feed(segmenter, (NOTHING, 0.2)) == []


def test_a_short_pause_is_part_of_the_turn():
    events = feed(
        Segmenter(), (VOICE, 1.6), (NOTHING, 0.32), (VOICE, 1.6), (NOTHING, 0.32), (VOICE, 0.64)
    )
    assert len(only(Paused, events)) == 2
    assert only(Ended, events) == []
    assert pieces(events) == []


def test_a_piece_has_the_sound_around_it():
    events = feed(Segmenter(), (NOTHING, 3.2), (VOICE, 1.6), (NOTHING, 1))
    (piece,) = pieces(events)
    assert 0.2 <= piece.start_s - piece.from_window * WINDOW_S <= 0.3
    assert 0.05 <= piece.to_window * WINDOW_S - piece.end_s <= 0.15


def test_the_first_word_of_a_call_has_no_sound_before_it():
    (piece,) = pieces(feed(Segmenter(), (VOICE, 0.96), (NOTHING, 1)))
    assert (piece.start_s, piece.from_window) == (0.0, 0)


def test_a_monologue_is_cut_at_a_pause_and_goes_on():
    segmenter = Segmenter()
    cut = feed(segmenter, (VOICE, 12.8), (NOTHING, 0.256))
    (first,) = pieces(cut)
    assert (first.start_s, first.end_s) == (0.0, 12.8)
    assert only(Ended, cut) == []
    rest = feed(segmenter, (VOICE, 1.92), (NOTHING, 0.64))
    assert only(Began, rest) == []
    assert only(Ended, rest) == [Ended(0.0, 14.976)]
    (second,) = pieces(rest)
    assert (second.start_s, second.end_s) == (13.056, 14.976)
    assert second.from_window >= first.to_window


def test_a_pause_before_that_cuts_nothing():
    events = feed(Segmenter(), (VOICE, 9.6), (NOTHING, 0.32), (VOICE, 1.28), (NOTHING, 0.64))
    assert len(pieces(events)) == 1


def test_a_monologue_that_ends_at_its_cut_has_no_second_piece():
    events = feed(Segmenter(), (VOICE, 12.8), (NOTHING, 1))
    assert len(pieces(events)) == 1
    assert only(Ended, events) == [Ended(0.0, 12.8)]


def test_the_longer_a_monologue_the_shorter_the_pause_that_cuts_it():
    dip = (NOTHING, 2 * WINDOW_S)
    assert pieces(feed(Segmenter(), (VOICE, 16), dip, (VOICE, 0.96))) == []
    (piece,) = pieces(feed(Segmenter(), (VOICE, 19.2), dip, (VOICE, 0.96)))
    assert piece.end_s == 19.2


def test_an_engine_that_hears_pieces_as_a_whole_gets_shorter_ones():
    segmenter = Segmenter(dials=FOR_WHOLE_PIECES)
    assert len(pieces(feed(segmenter, (VOICE, 5.12), (NOTHING, 0.256), (VOICE, 1.6)))) == 1


def test_speech_without_a_pause_is_cut_all_the_same():
    events = feed(Segmenter(), (VOICE, 60), (NOTHING, 1))
    assert len(pieces(events)) == 3
    assert all(piece.end_s - piece.start_s <= 25.1 for piece in pieces(events))
    assert len(only(Ended, events)) == 1


def test_the_end_of_the_call_ends_what_is_open():
    segmenter = Segmenter()
    feed(segmenter, (VOICE, 1.6))
    ended, spoken = segmenter.flush()
    assert ended == Ended(0.0, 1.6)
    assert isinstance(spoken, Spoken)
    assert segmenter.flush() == []


def test_times_count_from_where_hearing_began():
    segmenter = Segmenter(from_s=100.0)
    assert feed(segmenter, (NOTHING, 0.96), (VOICE, 0.96))[0] == Began(100.96)
    assert segmenter.now_s == 101.92


def test_hearing_can_begin_anew_without_losing_what_is_open():
    segmenter = Segmenter()
    feed(segmenter, (NOTHING, 6.4))
    assert 5.5 < segmenter.safe_s <= 6.4 - 0.25, "a first soft consonant may have sounded already"
    feed(segmenter, (VOICE, 5))
    assert segmenter.safe_s <= 6.4 - 0.2, "these words are still to come"
    feed(segmenter, (NOTHING, 20))
    assert segmenter.safe_s > 30


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(1, 300)).map(
            lambda stretch: [stretch[0]] * stretch[1]
        ),
        max_size=30,
    )
)
def test_whatever_is_fed_pieces_lie_in_turns_and_share_nothing(stretches: list[list[float]]):
    segmenter, dials = Segmenter(), Dials()
    events: list[SegmentEvent] = []
    for probability in (p for stretch in stretches for p in stretch):
        events += segmenter.feed(probability)
    events += segmenter.flush()

    turns = [event for event in events if isinstance(event, Began | Ended)]
    assert [type(event) for event in turns] == [Began, Ended] * (len(turns) // 2)
    starts_s, ends_s = turns[::2], turns[1::2]
    assert [began.start_s for began in starts_s] == [ended.start_s for ended in ends_s]

    spoken = pieces(events)
    for before, after in pairwise(spoken):
        assert before.to_window <= after.from_window
        assert before.end_s <= after.start_s
    for piece in spoken:
        assert piece.start_s < piece.end_s <= piece.start_s + dials.hard_cut_s + WINDOW_S
        assert any(e.start_s <= piece.start_s and piece.end_s <= _end_s(e) for e in ends_s)


def _end_s(event: Began | Ended) -> float:
    return event.end_s if isinstance(event, Ended) else 0.0
