"""A journal told again: whole where a line was lost, and without what is to be forgotten."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from played import STARTED, Act, How, Turn, Wish
from scene import ME, THEM
from test_law import ACTS, EXAMPLE, HOWS, SHORT, play

from assistant.call import replay
from assistant.events import (
    CallStarted,
    Entry,
    Forgotten,
    Heard,
    NoteTaken,
    Recovered,
    SpeechEnded,
    SpeechStarted,
)
from assistant.retelling import tell_again

pytestmark = pytest.mark.unit


def again(entries: list[Entry]) -> list[Entry]:
    return tell_again(SHORT, entries, STARTED)[1]


@settings(max_examples=60)
@given(ACTS, HOWS)
def test_a_whole_journal_comes_back_as_it_was(acts: list[Act], hows: list[How | None]) -> None:
    journal = [e for e in play(acts, hows) if not isinstance(e.event, Forgotten)]
    journal = again(journal)
    assert again(journal) == journal


def test_the_example_call_comes_back_as_it_was() -> None:
    journal = play([*EXAMPLE], ["spoken"])
    assert again(journal) == journal


@settings(max_examples=60)
@given(ACTS, HOWS, st.floats(0, 60), st.floats(0, 60))
def test_of_a_forgotten_stretch_nothing_is_left(
    acts: list[Act], hows: list[How | None], from_s: float, length_s: float
) -> None:
    journal = play([*acts, Wish(0.0, Forgotten(from_s, from_s + length_s))], hows)
    told = again(journal)
    assert again(told) == told
    assert replay(SHORT, told) == told
    for entry in told:
        if isinstance(entry.event, Heard):
            for other in told:
                if isinstance(other.event, Forgotten):
                    lies_in = entry.event.start_s < other.event.to_s
                    assert not (lies_in and entry.event.end_s > other.event.from_s)


@settings(max_examples=60)
@given(ACTS, HOWS, st.data())
def test_any_lines_may_be_lost(
    acts: list[Act], hows: list[How | None], data: st.DataObject
) -> None:
    journal = play(acts, hows)
    kept = data.draw(st.lists(st.sampled_from(journal), unique_by=lambda e: e.seq))
    told = again(sorted(kept, key=lambda e: e.seq))
    assert replay(SHORT, told) == told
    assert isinstance(told[0].event, CallStarted)
    said = {e.event.text for e in kept if isinstance(e.event, Heard)}
    forgets = any(isinstance(e.event, Forgotten) for e in kept)
    ended = any(e.event.__class__.__name__ == "CallEnded" for e in kept)
    if not forgets and not ended:
        assert {e.event.text for e in told if isinstance(e.event, Heard)} == said


def test_a_note_and_words_of_the_last_minutes_go_and_the_rest_stays() -> None:
    acts: list[Act] = [
        Turn(THEM, 1.0, 2.0, "hello this is dana"),
        Turn(ME, 1.0, 2.0, "what is your path"),
        Wish(1.0, NoteTaken("the secret")),
        Turn(THEM, 1.0, 4.0, "well between us"),
        Wish(1.0, Forgotten(5.0, 30.0)),
        Turn(ME, 1.0, 2.0, "thank you"),
    ]
    journal = play(acts, ["spoken"])
    at_s = next(e.at_s for e in journal if isinstance(e.event, Forgotten))
    journal = [
        Entry(e.seq, e.at_s, Forgotten(5.0, at_s)) if isinstance(e.event, Forgotten) else e
        for e in journal
    ]
    texts = [e.event.text for e in again(journal) if isinstance(e.event, Heard | NoteTaken)]
    assert texts == ["hello this is dana", "thank you"]


def test_a_speech_that_goes_on_into_the_stretch_ends_there() -> None:
    journal = [
        Entry(1, 0.0, STARTED),
        Entry(2, 1.0, SpeechStarted(THEM, 1.0)),
        Entry(3, 9.0, Forgotten(5.0, 9.0)),
    ]
    told = [e.event for e in again(journal)]
    assert told[1:] == [SpeechStarted(THEM, 1.0), SpeechEnded(THEM, 1.0, 5.0), Forgotten(5.0, 9.0)]


def test_a_lost_first_line_is_put_in_its_place() -> None:
    told = again([Entry(4, 2.0, NoteTaken("ask about the budget"))])
    assert [e.event for e in told] == [STARTED, NoteTaken("ask about the budget")]


def test_the_call_goes_on_where_the_journal_ended() -> None:
    call, told = tell_again(SHORT, play([Turn(ME, 1.0, 2.0, "hello")], ["spoken"])[:-1], STARTED)
    told += call.receive(Recovered(told[-1].at_s, 60.0), 60.0)
    assert replay(SHORT, told) == told
