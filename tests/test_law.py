"""The law: a call is its facts. Replayed, cut short, waited through in any steps, it stays."""

import ast
from collections.abc import Callable
from itertools import chain, pairwise
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from played import STARTED, Act, How, Played, Turn, Wish
from scene import ME, PLAN, THEM, UNCLEAR, WORDING

import assistant.minds
from assistant.call import FEEL_TIME, TICK_S, Call, Mind, replay
from assistant.errors import Refused
from assistant.events import (
    AFTERWARDS,
    FACTS,
    FINDINGS,
    Answered,
    Asked,
    AudioLost,
    CallEnded,
    Change,
    Channel,
    Consented,
    Corrected,
    Cue,
    DeadLine,
    Entry,
    Extended,
    Fact,
    Finding,
    Forgotten,
    Heard,
    HeardAgain,
    HearingChange,
    Hushed,
    Imported,
    LineChange,
    Marked,
    Monologue,
    NameChange,
    NextWanted,
    NoteTaken,
    Paused,
    PromiseChange,
    QuestionChange,
    Recovered,
    Resumed,
    SpeakerChange,
    SpeechEnded,
    SpeechStarted,
    Stalled,
    Tick,
    Ticked,
    TimeShort,
    Trouble,
    Understood,
    Undo,
    from_line,
    to_line,
)
from assistant.minds.caution import Caution
from assistant.minds.coach import Coach
from assistant.minds.consent import Consents
from assistant.minds.coverage import Coverage
from assistant.minds.drift import Drift
from assistant.minds.farewell import Farewells
from assistant.minds.floor import Floor
from assistant.minds.markers import Markers
from assistant.minds.permission import Permission
from assistant.minds.pledge import Pledges
from assistant.minds.timekeeper import Timekeeper
from assistant.minds.troubles import Troubles
from assistant.plan import Plan

pytestmark = pytest.mark.unit

SHORT = msgspec.structs.replace(PLAN, minutes=2.5, consent="ask", themes=WORDING.themes())
MINDS: tuple[type[Mind], ...] = (
    Floor,
    Timekeeper,
    Markers,
    Coverage,
    Farewells,
    Consents,
    Drift,
    Caution,
    Pledges,
    Coach,
)
TEXTS = (
    "what does a typical day look like for you",
    "could you tell me about your career path",
    "how did you get into this field and what is the hardest part of the job",
    "so which skills matter most and who else should i talk to",
    "we start at nine with a short meeting and then everybody writes queries until noon",
    "a typical day is mostly meetings and the hardest part is the waiting honestly",
    "i have another meeting in five minutes",
    "sorry i have to go now",
    "note to self ask about the budget",
    "note to self",
    "sottovoce next",
    "sottovoce",
    "next question",
    "sottovoce how much time",
    "sotto voce hush",
    "let me write that down",
    "what was that name again",
    "so would you hire me",
    "i'll send you the list tomorrow",
    "mhm",
    "yeah okay",
    "um",
    "let me think about that",
    "is it okay if i take notes",
    "do you mind if i record this",
    "sure go ahead",
    "i'd rather not",
    "no",
    "the",
    "",
)

EXAMPLE: tuple[Act, ...] = (
    Turn(THEM, 1.0, 2.0, "hello this is dana"),
    Turn(ME, 0.2, 1.0, "may i take notes"),
    Turn(THEM, 0.2, 0.6, "sure"),
    Turn(ME, 0.4, 1.5, "what's hard about the job"),
    Turn(ME, 2.4, 2.0, "so how did you come to do this work"),
    Turn(THEM, 2.0, 9.0, "i studied physics and then i wrote queries for a hospital and stayed on"),
    Wish(8.0, Marked()),
    Turn(THEM, 1.0, 6.0, "i would say sql and python are the skills that matter most"),
    Turn(ME, 0.5, 2.0, "note to self ask about the budget"),
    *(Turn(THEM, 0.3, 11.0, "it rained on our holiday and the dog was ill") for _ in range(9)),
    Wish(2.0, NextWanted()),
    Turn(THEM, 32.0, 2.0, "are you still there"),
    Turn(ME, 1.0, 2.0, "sorry yes so would you hire me"),
    Turn(THEM, 1.0, 2.0, "i'll send you the list of our openings"),
    Turn(THEM, 1.0, 3.0, "i have another meeting in five minutes"),
    Wish(4.0, NoteTaken("send the list")),
)


def channels() -> st.SearchStrategy[Channel]:
    return st.sampled_from(Channel)


def times(longest_s: float) -> st.SearchStrategy[float]:
    return st.floats(0, longest_s).map(lambda s: round(s, 3))


WISHES: st.SearchStrategy[Fact] = st.one_of(
    st.just(NextWanted()),
    st.just(Paused()),
    st.just(Resumed()),
    st.builds(NoteTaken, st.text(max_size=10)),
    st.builds(Marked, st.text(max_size=10)),
    st.builds(
        Ticked,
        st.sampled_from([*(q.id for q in PLAN.questions), "no-such-question"]),
        st.sampled_from(["open", "asked", "answered"]),
    ),
    st.builds(Extended, st.sampled_from([60.0, 300.0, -1.0, 1e9])),
    st.builds(Hushed, st.sampled_from([None, 0.0, 30.0])),
    st.builds(Forgotten, times(60), times(60)),
    st.builds(AudioLost, channels(), times(60), times(60), st.just("lost")),
    st.builds(
        Trouble,
        st.sampled_from(["microphone", "far side", "hearing", "disk", "headset"]),
        st.text(max_size=10),
        st.booleans(),
    ),
    st.builds(Consented, st.sampled_from(["given", "refused"])),
)
IMPORTED = Imported(("call.m4a",), "0" * 64, "2026-12-02T09:00:00+01:00", "file")


def gone(at_s: float, for_s: float) -> Recovered:
    return Recovered(at_s, at_s + for_s)


GONE = st.builds(gone, times(300), times(120))
TURNS = st.builds(
    Turn, channels(), times(12), times(8), st.sampled_from(TEXTS), times(2), st.booleans()
)
ACTS = st.lists(
    st.one_of(TURNS, TURNS, st.builds(Wish, times(40), WISHES), st.builds(Wish, times(9), GONE)),
    max_size=14,
)
ENDS: tuple[How | None, ...] = (*get_args(How), None)
HOWS = st.lists(st.sampled_from(ENDS), min_size=1, max_size=3)


def play(acts: list[Act], hows: list[How | None]) -> list[Entry]:
    """Play a call to its end; what is refused is left out."""
    played = Played(SHORT, tuple(hows))
    for act in acts:
        try:
            played.play([act])
        except Refused:
            continue
    return played.end()


CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(LineChange, st.integers(0, 30), st.text(max_size=10)),
    st.builds(SpeakerChange, st.integers(0, 30), channels()),
    st.builds(NameChange, st.text(max_size=10), st.text(max_size=10)),
    st.builds(
        QuestionChange,
        st.sampled_from([q.id for q in PLAN.questions]),
        st.just("asked"),
        st.none() | st.integers(0, 30),
    ),
    st.builds(HearingChange, st.just("again"), st.none() | st.integers(0, 30)),
    st.builds(PromiseChange, st.integers(0, 30), st.text(max_size=10), state=st.just("done")),
    st.builds(Undo, st.integers(0, 5)),
)
LATER: st.SearchStrategy[list[Fact]] = st.lists(
    st.one_of(
        st.builds(Corrected, st.just("2026-12-02T09:00:00+01:00"), CHANGES),
        st.builds(
            HeardAgain,
            st.lists(st.integers(1, 30), max_size=2).map(tuple[int, ...]),
            channels(),
            times(60),
            times(60),
            st.sampled_from(TEXTS),
        ),
    ),
    max_size=4,
)


def with_later(journal: list[Entry], later: list[Fact]) -> list[Entry]:
    """Return a call's journal with what was said of it afterwards."""
    call = Call(SHORT)
    for entry in journal:
        if isinstance(entry.event, FACTS):
            call.receive(entry.event, entry.at_s)
    return journal + [e for fact in later for e in call.receive(fact, journal[-1].at_s)]


JOURNALS = st.builds(with_later, st.builds(play, ACTS, HOWS), LATER)

RAW: st.SearchStrategy[Fact] = st.one_of(
    st.builds(SpeechStarted, channels(), times(300)),
    st.builds(SpeechEnded, channels(), times(300), times(300)),
    st.builds(Heard, channels(), times(300), times(300), st.sampled_from(TEXTS)),
    st.builds(
        Understood,
        st.integers(0, 30),
        st.dictionaries(st.sampled_from([q.id for q in PLAN.questions]), st.floats(0, 1)),
        theme=st.floats(0, 1),
        topic=st.sampled_from(["", "merger", "new pipeline"]),
        near=st.dictionaries(st.sampled_from([q.id for q in PLAN.questions]), st.floats(0, 1)),
    ),
    WISHES,
)
"""Facts in any order, whether or not they fit together."""


def live(placed: list[tuple[float, Fact]], naps: list[float]) -> list[Entry]:
    """Live a call from facts as they come, with waits in between; what is refused is left out."""
    call = Call(SHORT)
    journal = call.receive(STARTED, 0.0)
    steps: list[tuple[float, Fact | None]] = [*placed, *((nap_s, None) for nap_s in naps)]
    for at_s, fact in sorted(steps, key=lambda step: step[0]):
        try:
            journal += call.wait(at_s) if fact is None else call.receive(fact, at_s)
        except Refused:
            continue
    return journal + call.receive(CallEnded("stopped"), 301.0)


PLACED = st.lists(
    st.one_of(st.tuples(times(300), RAW), GONE.map(lambda fact: (fact.from_s, fact))),
    max_size=16,
)


@settings(max_examples=20, deadline=None)
@given(JOURNALS)
def test_a_journal_replays_to_itself(journal: list[Entry]) -> None:
    assert replay(SHORT, journal) == journal


@settings(max_examples=25, deadline=None)
@given(PLACED)
def test_any_facts_replay_to_themselves(placed: list[tuple[float, Fact]]) -> None:
    journal = live(placed, [])
    assert replay(SHORT, journal) == journal


@settings(max_examples=25, deadline=None)
@given(PLACED, st.lists(times(300), max_size=10))
def test_waiting_in_one_step_or_many_is_the_same(
    placed: list[tuple[float, Fact]], naps: list[float]
) -> None:
    assert live(placed, naps) == live(placed, [])


@settings(max_examples=20, deadline=None)
@given(JOURNALS)
def test_a_journal_is_numbered_and_in_order_and_holds_no_ticks(journal: list[Entry]) -> None:
    assert [entry.seq for entry in journal] == list(range(1, len(journal) + 1))
    assert all(a.at_s <= b.at_s for a, b in pairwise(journal))
    assert not any(isinstance(entry.event, Tick) for entry in journal)
    ends = [n for n, entry in enumerate(journal) if isinstance(entry.event, CallEnded)]
    assert len(ends) == 1
    assert all(isinstance(entry.event, AFTERWARDS) for entry in journal[ends[0] + 1 :])


@settings(max_examples=20, deadline=None)
@given(JOURNALS)
def test_every_line_reads_back_as_itself(journal: list[Entry]) -> None:
    assert [from_line(to_line(entry)) for entry in journal] == journal


@settings(max_examples=20, deadline=None)
@given(JOURNALS, st.floats(0, 1))
def test_a_journal_cut_short_replays_to_what_it_was(journal: list[Entry], part: float) -> None:
    cut = journal[: round(part * len(journal))]
    again = replay(SHORT, cut)
    # The cut may fall between a fact and what follows from it: replay finds that again.
    assert again[: len(cut)] == cut
    assert journal[: len(again)] == again


@settings(max_examples=20, deadline=None)
@given(PLACED, times(300))
def test_a_refused_fact_changes_nothing(placed: list[tuple[float, Fact]], at_s: float) -> None:
    refused: list[tuple[float, Fact]] = [
        (at_s, STARTED),
        (at_s, Ticked("no-such-question", "open")),
        (at_s, Extended(-1.0)),
    ]
    assert live(sorted([*placed, *refused], key=lambda step: step[0]), []) == live(placed, [])


# ---------------------------------------------------------------- one writer


def example() -> list[Entry]:
    return Played(SHORT).play(EXAMPLE).end()


def with_ticks(journal: list[Entry]) -> list[Entry]:
    """Return the journal with time passing in it, as the minds feel it."""
    ticks = [Entry(0, n / 4, Tick()) for n in range(1, int(journal[-1].at_s * 4) + 1)]
    return sorted([*ticks, *journal], key=lambda entry: entry.at_s)


def writers(journal: list[Entry]) -> dict[type[Finding], set[type[Mind]]]:
    """Feed a journal to every mind alone; return who found what kind of thing."""
    found: dict[type[Finding], set[type[Mind]]] = {}
    entries = with_ticks(journal)
    for kind in MINDS:
        mind = make(kind)
        for finding in chain.from_iterable(mind.feed(entry) for entry in entries):
            found.setdefault(type(finding), set()).add(kind)
    return found


def make(kind: type[Mind]) -> Mind:
    minds: tuple[Mind, ...] = (
        Floor(SHORT),
        Timekeeper(SHORT),
        Markers(SHORT),
        Coverage(SHORT),
        Farewells(SHORT),
        Consents(SHORT),
        Drift(SHORT),
        Caution(SHORT),
        Pledges(SHORT),
        Coach(SHORT),
    )
    return next(mind for mind in minds if type(mind) is kind)


def test_every_finding_occurs_in_the_example_call() -> None:
    found = {type(entry.event) for entry in example()}
    assert set(FINDINGS) <= found


def test_in_the_example_call_every_finding_has_one_writer() -> None:
    found = writers(example())
    assert {kind: len(minds) for kind, minds in found.items() if len(minds) > 1} == {}
    assert set(found) == set(FINDINGS)


@settings(max_examples=10, deadline=None)
@given(JOURNALS)
def test_in_any_call_every_finding_has_one_writer(journal: list[Entry]) -> None:
    assert all(len(minds) == 1 for minds in writers(journal).values())


def test_every_finding_is_made_in_one_file() -> None:
    names = {kind.__name__ for kind in FINDINGS}
    places: dict[str, set[str]] = {}
    for path in Path(assistant.minds.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = node.func if isinstance(node, ast.Call) else None
            if isinstance(name, ast.Name) and name.id in names:
                places.setdefault(name.id, set()).add(path.stem)
    assert {name: len(files) for name, files in places.items() if len(files) > 1} == {}
    assert set(places) == names


# ---------------------------------------------------------------- the coach's own law


@settings(max_examples=20, deadline=None)
@given(JOURNALS)
def test_no_cue_is_said_over_a_voice(journal: list[Entry]) -> None:
    speaking: set[Channel] = set()
    for entry in journal:
        match entry.event:
            case SpeechStarted(channel):
                speaking.add(channel)
            case SpeechEnded(channel):
                speaking.discard(channel)
            case Paused() | Resumed():
                speaking.clear()
            case Cue(tone=False):
                assert not speaking
            case _:
                pass


@settings(max_examples=20, deadline=None)
@given(JOURNALS)
def test_cues_are_short_and_questions_open(journal: list[Entry]) -> None:
    asked: set[str | None] = set()
    for entry in journal:
        match entry.event:
            case Ticked(question_id, state):
                (asked.discard if state == "open" else asked.add)(question_id)
            case Cue(_, text, question_id):
                assert 0 < len(text.split()) <= 8
                assert question_id not in asked or question_id is None
            case Asked(question_id) | Answered(question_id):
                asked.add(question_id)
            case _:
                pass


@settings(max_examples=20, deadline=None)
@given(JOURNALS)
def test_no_cue_is_said_while_the_program_is_gone(journal: list[Entry]) -> None:
    gone_until_s = -1.0
    for entry in journal:
        match entry.event:
            case Recovered(_, to_s):
                gone_until_s = to_s
            case Cue():
                assert entry.at_s > gone_until_s
            case _:
                pass


@settings(max_examples=20, deadline=None)
@given(ACTS, HOWS, st.integers(0, 14))
def test_in_what_was_imported_nobody_is_told_anything(
    acts: list[Act], hows: list[How | None], at: int
) -> None:
    journal = play([*acts[:at], Wish(0.0, IMPORTED), *acts[at:]], hows)
    start = next(n for n, entry in enumerate(journal) if isinstance(entry.event, Imported))
    assert not any(isinstance(entry.event, Cue | TimeShort) for entry in journal[start:])
    assert replay(SHORT, journal) == journal


def test_what_was_said_in_what_was_imported_was_said_and_its_silences_were_silences() -> None:
    lived = Played(SHORT).play(EXAMPLE).end()
    imported = Played(SHORT).play([Wish(0.0, IMPORTED), *EXAMPLE]).end()
    found = {type(entry.event) for entry in imported} & set(FINDINGS)
    assert found == set(FINDINGS) - {Cue, TimeShort}

    def asked(journal: list[Entry]) -> list[str]:
        return [e.event.question_id for e in journal if isinstance(e.event, Asked)]

    assert asked(imported) == asked(lived)


@settings(max_examples=20, deadline=None)
@given(JOURNALS)
def test_silence_says_nothing_while_a_side_can_not_be_heard(journal: list[Entry]) -> None:
    troubles = Troubles()
    for entry in journal:
        troubles.take(entry)
        if troubles.is_deaf:
            assert not isinstance(entry.event, Stalled | DeadLine | Monologue)


@settings(max_examples=20, deadline=None)
@given(JOURNALS)
def test_nobody_is_reminded_to_ask_for_leave_more_than_twice(journal: list[Entry]) -> None:
    permission, reminded = Permission(SHORT), 0
    for entry in journal:
        permission.take(entry)
        if isinstance(entry.event, Cue) and entry.event.text == SHORT.lines.opening:
            reminded += 1
            assert permission.standing == "unasked"
    assert reminded <= 2


def test_one_microphone_for_both_is_a_call_as_well() -> None:
    acts = [
        Turn(UNCLEAR, a.gap_s, a.length_s, a.text) if isinstance(a, Turn) else a for a in EXAMPLE
    ]
    journal = Played(SHORT).play(acts).end()
    kinds = {type(entry.event).__name__ for entry in journal}
    assert {"Stalled", "Asked", "Answered", "Farewell", "MarkHeard", "Cue"} <= kinds
    assert replay(SHORT, journal) == journal


@pytest.mark.parametrize("make", MINDS)
@settings(max_examples=20, deadline=None)
@given(journal=JOURNALS)
def test_a_mind_would_find_nothing_in_what_it_does_not_read(
    make: Callable[[Plan], Mind], journal: list[Entry]
) -> None:
    told, untold = make(SHORT), make(SHORT)
    for entry in journal:
        tick = Entry(entry.seq, entry.at_s, Tick())
        for each in (tick, entry):
            if type(each.event) in untold.READS:
                assert told.feed(each) == untold.feed(each)
            else:
                assert told.feed(each) == []
    assert told == untold


def test_the_minds_that_feel_time_are_those_that_read_ticks() -> None:
    assert {mind for mind in MINDS if Tick in mind.READS} == {*FEEL_TIME}


@settings(max_examples=20, deadline=None)
@given(JOURNALS)
def test_no_moment_that_counts_is_left_out(journal: list[Entry]) -> None:
    felt, leapt = Call(SHORT), Call(SHORT)
    every: list[Entry] = []
    needed: list[Entry] = []
    for entry in journal:
        if isinstance(entry.event, FACTS):
            for tick in range(int(entry.at_s / TICK_S)):
                every += felt.wait(tick * TICK_S)
            every += felt.receive(entry.event, entry.at_s)
            needed += leapt.receive(entry.event, entry.at_s)
    assert needed == every == journal
