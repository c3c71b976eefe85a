"""A journal told again: whole where a line was lost, and without what is to be forgotten."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from played import STARTED, Act, How, Played, Turn, Wish
from scene import ME, THEM
from test_law import ACTS, EXAMPLE, HOWS, SHORT, play

from assistant.call import replay
from assistant.events import (
    AFTERWARDS,
    CallStarted,
    Corrected,
    Cue,
    CueEnded,
    CueStarted,
    DeadLine,
    Entry,
    Fact,
    Forgotten,
    Heard,
    HeardAgain,
    LineChange,
    Marked,
    Monologue,
    NoteTaken,
    Recovered,
    SpeechEnded,
    SpeechStarted,
    Stalled,
    Understood,
)
from assistant.retelling import tell_again

pytestmark = pytest.mark.unit


def again(entries: list[Entry]) -> list[Entry]:
    return tell_again(SHORT, entries, STARTED)[1]


@settings(max_examples=30, deadline=None)
@given(ACTS, HOWS)
def test_a_whole_journal_comes_back_as_it_was(acts: list[Act], hows: list[How | None]) -> None:
    journal = [e for e in play(acts, hows) if not isinstance(e.event, Forgotten)]
    journal = again(journal)
    assert again(journal) == journal


def test_the_example_call_comes_back_as_it_was() -> None:
    journal = play([*EXAMPLE], ["spoken"])
    assert again(journal) == journal


def reaches(event: Heard | SpeechEnded, gone: Forgotten) -> bool:
    begins_in_it = gone.from_s <= event.start_s < gone.to_s
    return begins_in_it or event.start_s < gone.from_s < event.end_s


@settings(max_examples=30, deadline=None)
@given(ACTS, HOWS, st.floats(0, 1), st.floats(0.01, 60))
def test_of_a_forgotten_stretch_nothing_is_left(
    acts: list[Act], hows: list[How | None], part: float, length_s: float
) -> None:
    # Nobody can want forgotten what has not begun yet: it is wished for at that time.
    asked = play([*acts, Wish(0.0, Forgotten(0.0, 0.0))], hows)
    from_s = part * [e.at_s for e in asked if isinstance(e.event, Forgotten)][-1]
    wish = Forgotten(round(from_s, 3), round(from_s + length_s, 3))
    journal = play([*acts, Wish(0.0, wish)], hows)
    told = again(journal)
    assert again(told) == told
    assert replay(SHORT, told) == told
    wishes = [e.event for e in journal if isinstance(e.event, Forgotten)]
    for entry in told:
        if isinstance(entry.event, Heard | SpeechEnded):
            assert not any(reaches(entry.event, gone) for gone in wishes)
        if isinstance(entry.event, Stalled | DeadLine | Monologue | Cue):
            # What is forgotten is not taken for a silence in which to help.
            assert not any(gone.from_s < entry.at_s < gone.to_s for gone in wishes)
    # And not a line more went than had to go.
    heard = [e.event for e in journal if isinstance(e.event, Heard)]
    stay = [event for event in heard if not any(reaches(event, gone) for gone in wishes)]
    assert sorted(map(repr, stay)) == sorted(repr(e.event) for e in told if type(e.event) is Heard)


@settings(max_examples=30, deadline=None)
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


def told_without(stretch: Forgotten, *facts: tuple[float, Fact]) -> list[Entry]:
    """Tell facts again after the wish to forget came at the end of the stretch."""
    placed = [(0.0, STARTED), *facts, (stretch.to_s, stretch)]
    return again([Entry(seq, at_s, fact) for seq, (at_s, fact) in enumerate(placed, 1)])


def events(entries: list[Entry]) -> list[object]:
    return [entry.event for entry in entries[1:]]


def test_a_speech_that_goes_on_into_the_stretch_ends_where_that_begins() -> None:
    gone = Forgotten(5.0, 9.0)
    told = told_without(gone, (1.0, SpeechStarted(THEM, 1.0)))
    assert events(told) == [SpeechStarted(THEM, 1.0), SpeechEnded(THEM, 1.0, 5.0), gone]
    assert [entry.at_s for entry in told] == [0.0, 1.0, 5.0, 5.0]


def test_a_speech_whose_end_was_noticed_in_the_stretch_keeps_its_end() -> None:
    told = told_without(
        Forgotten(5.0, 9.0),
        (1.0, SpeechStarted(THEM, 1.0)),
        (5.1, SpeechEnded(THEM, 1.0, 4.7)),
        (5.3, Heard(THEM, 1.0, 4.7, "before")),
    )
    ends = [entry.event for entry in told if isinstance(entry.event, SpeechEnded)]
    assert ends == [SpeechEnded(THEM, 1.0, 4.7)]
    assert "before" in [e.event.text for e in told if isinstance(e.event, Heard)]


def test_a_speech_that_is_noticed_only_in_the_stretch_is_not_open_for_ever() -> None:
    told = told_without(Forgotten(5.0, 9.0), (5.05, SpeechStarted(THEM, 4.95)))
    assert events(told) == [Forgotten(5.0, 9.0)]


def test_words_of_the_stretch_that_come_after_the_wish_are_forgotten_too() -> None:
    journal = [
        Entry(1, 0.0, STARTED),
        Entry(2, 9.0, Forgotten(5.0, 9.0)),
        Entry(3, 9.1, SpeechEnded(THEM, 8.0, 8.9)),
        Entry(4, 9.2, Heard(THEM, 8.0, 8.9, "late words")),
        Entry(5, 9.3, NoteTaken("said after it")),
    ]
    assert events(again(journal)) == [Forgotten(5.0, 9.0), NoteTaken("said after it")]


def test_a_second_wish_reaches_over_the_first() -> None:
    once = told_without(Forgotten(5.0, 9.0), (2.0, NoteTaken("one")), (6.0, NoteTaken("two")))
    twice = again([*once, Entry(len(once) + 1, 12.0, Forgotten(1.0, 12.0))])
    assert events(twice) == [Forgotten(1.0, 12.0), Forgotten(5.0, 9.0)]


def test_a_murmur_on_its_way_has_an_end_and_its_words_keep_their_place() -> None:
    played = Played(SHORT, (None,)).play([*EXAMPLE[:4], Wish(8.0, Marked())])
    (cue,) = (entry for entry in played.journal if isinstance(entry.event, Cue))
    began_s = played.journal[-1].at_s
    began = CueStarted(cue.seq, began_s)
    played.place(began_s, began)
    from_s, to_s = began_s + 0.5, began_s + 1.0
    played.place(to_s, Forgotten(from_s, to_s))
    # The player tells of its end when the wish was carried out already.
    played.place(to_s + 0.1, CueEnded(cue.seq, began.start_s, to_s + 0.1, "cut"))
    told = again(played.journal)
    cue_now = next(entry.seq for entry in told if isinstance(entry.event, Cue))
    ends = [entry.event for entry in told if isinstance(entry.event, CueEnded)]
    assert ends == [CueEnded(cue_now, began.start_s, from_s, "stopped")]
    assert again(told) == told


def test_what_refers_to_words_refers_to_them_still() -> None:
    journal = play(
        [
            Turn(THEM, 1.0, 2.0, "between us"),
            Wish(2.0, Forgotten(0.5, 3.5)),
            Turn(ME, 1.0, 2.0, "what is your path"),
        ],
        ["spoken"],
    )
    told = again(journal)
    seqs = {entry.seq for entry in told if isinstance(entry.event, Heard)}
    assert {e.event.heard_seq for e in told if isinstance(e.event, Understood)} == seqs
    assert len(seqs) == 1


def test_a_lost_first_line_is_put_in_its_place() -> None:
    told = again([Entry(4, 2.0, NoteTaken("ask about the budget"))])
    assert [e.event for e in told] == [STARTED, NoteTaken("ask about the budget")]


def test_the_call_goes_on_where_the_journal_ended() -> None:
    call, told, *_ = tell_again(
        SHORT, play([Turn(ME, 1.0, 2.0, "hello")], ["spoken"])[:-1], STARTED
    )
    told += call.receive(Recovered(told[-1].at_s, 60.0), 60.0)
    assert replay(SHORT, told) == told


def test_what_was_said_afterwards_keeps_to_its_lines() -> None:
    journal = play([Turn(ME, 1.0, 2.0, "hello"), Turn(THEM, 1.0, 2.0, "good morning")], ["spoken"])
    heard = [entry.seq for entry in journal if isinstance(entry.event, Heard)]
    last = journal[-1]
    later: list[Fact] = [
        Corrected("", LineChange(heard[0], "hi")),
        Corrected("", LineChange(heard[1], "good evening")),
        HeardAgain((heard[0],), ME, 1.0, 3.0, "hi"),
        HeardAgain((heard[1],), THEM, 4.0, 6.0, "good evening"),
    ]
    journal += [Entry(last.seq + n, last.at_s, fact) for n, fact in enumerate(later, 1)]
    lost = [entry for entry in journal if entry.seq != heard[0] and entry.seq != 2]
    told = again(lost)
    line = next(entry for entry in told if isinstance(entry.event, Heard))
    assert line.seq < heard[1]
    assert [entry.event for entry in told if isinstance(entry.event, AFTERWARDS)] == [
        # A correction of a lost line keeps its place, as others count by it.
        Corrected("", LineChange(0, "hi")),
        Corrected("", LineChange(line.seq, "good evening")),
        HeardAgain((line.seq,), THEM, 4.0, 6.0, "good evening"),
    ]


def test_a_cue_that_is_cut_by_forgetting_leaves_none_behind() -> None:
    acts: list[Act] = [
        Turn(THEM, 8.11, 2.625, "so would you hire me", 1.757, echo=True),
        Turn(ME, 5.619, 4.568, "i have another meeting in five minutes", 1.0, echo=True),
        Wish(0.0, Forgotten(12.966, 32.792)),
    ]
    told = again(play(acts, ["shown"]))
    assert again(told) == told
    cues = {e.seq for e in told if isinstance(e.event, Cue)}
    assert cues == {e.event.cue_seq for e in told if isinstance(e.event, CueEnded)}
    assert len(cues) > 1
