"""The notes as a whole: what a journal teaches, and what never reaches them."""

import msgspec
import pytest
from told import PLAN, WALL, WORDS, Told, interview

from assistant.events import (
    Asked,
    Channel,
    Extended,
    Forgotten,
    Heard,
    JobAsked,
    Marked,
    MarkHeard,
    NoteTaken,
    SpeechEnded,
)
from assistant.notes.notes import Notes, learn
from assistant.notes.talk import clock, is_filler, kept, lines, passages
from assistant.plan import Plan

pytestmark = pytest.mark.unit


def notes(call: Told, plan: Plan = PLAN) -> Notes:
    return learn(plan, call.entries, WORDS)


def all_texts(learnt: Notes) -> str:
    return msgspec.json.encode(learnt).decode()


def test_the_header_says_with_whom_when_and_how_long() -> None:
    call = interview()
    call.entries.insert(-1, call.entries[-1].__class__(999, 99.0, Extended(300.0)))
    header = notes(call).header
    assert (header.person, header.called) == ("Dana Ruiz", "Dana")
    assert (header.started, header.length_s, header.planned_s) == (WALL, 100.0, 1500.0)
    assert (header.is_complete, header.reason, header.consent) == (True, "stopped", "given")


def test_a_call_that_was_cut_short_says_so_and_keeps_what_was_heard() -> None:
    call = interview()
    call.entries.pop()
    learnt = notes(call)
    assert (learnt.header.is_complete, learnt.header.status) == (False, "partial")
    assert learnt.header.length_s == call.entries[-1].at_s
    assert len(learnt.asked) == len(notes(interview()).asked) == 3


@pytest.mark.parametrize("wall", ["", "yesterday", "2026-12-01T15:00:00", "2026-12-01T15:00:00Z"])
def test_any_wall_time_will_do(wall: str) -> None:
    call = Told(wall=wall)
    call.them(1.0, "i'll send you the list by friday")
    (promise,) = notes(call.end(9.0)).promises
    assert promise.due is not None
    assert promise.due.heard == "by friday"
    assert promise.due.day == ("2026-12-04" if wall.startswith("2026") else None)


def test_a_call_past_midnight_counts_days_from_the_second_it_was_said() -> None:
    call = Told(wall="2026-12-01T23:50:00-08:00")
    call.me(60.0, "i'll send you the list tomorrow")
    call.me(1200.0, "i'll email you the slides tomorrow")
    days = [promise.due and promise.due.day for promise in notes(call.end(1300.0)).promises]
    assert days == ["2026-12-02", "2026-12-03"]


def test_nothing_at_all_gives_empty_notes() -> None:
    learnt = learn(Plan(), [], WORDS)
    assert learnt.header.heard_lines == {}
    assert not learnt.was_talk
    assert [*learnt.asked, *learnt.not_asked, *learnt.promises, *learnt.moments] == []


def test_every_line_names_entries_that_exist() -> None:
    call = interview()
    learnt = notes(call)
    seqs = {entry.seq for entry in call.entries}
    cited = [
        *learnt.asked,
        *learnt.promises,
        *learnt.moments,
        *learnt.people,
        *learnt.terms,
        *learnt.farewells,
        *learnt.delivery.stalls,
        *learnt.delivery.cues,
        *learnt.delivery.longest,
    ]
    assert all(line.seqs and set(line.seqs) <= seqs for line in cited)


def test_the_same_journal_gives_the_same_notes() -> None:
    assert notes(interview()) == notes(interview())


def test_our_own_murmur_caught_by_the_microphone_is_nobody_s_words() -> None:
    call = Told()
    seq = call.put(9.0, Heard(Channel.ME, 8.0, 9.0, "ask hardest part i'll send you it", echo=True))
    call.put(9.0, Asked("hardest", seq, 0.9))
    learnt = notes(call.end(20.0))
    assert not learnt.asked
    assert not learnt.promises
    assert "hardest" in [question.question_id for question in learnt.not_asked]


def test_what_was_forgotten_reaches_nothing() -> None:
    call = Told()
    call.them(10.0, "the merger is secret talk to sam okafor i'll send you the deck")
    call.ask(20.0, "typical-day", "what about the merger day to day")
    call.put(25.0, NoteTaken("merger"))
    call.put(26.0, Marked("merger"))
    call.put(30.0, Forgotten(9.0, 30.0))
    # The recogniser may say late what was forgotten early.
    call.put(31.0, Heard(Channel.THEM, 28.0, 29.0, "merger again"))
    call.put(30.0, NoteTaken("written after it"))
    learnt = notes(call.end(40.0))
    assert "merger" not in all_texts(learnt)
    assert not learnt.asked
    assert not learnt.people
    assert [moment.text for moment in learnt.moments] == ["written after it"]


def test_speech_that_was_forgotten_is_not_in_the_shares() -> None:
    call = Told()
    call.me(1.0, "one two three")
    call.put(20.0, SpeechEnded(Channel.THEM, 10.0, 19.0))
    call.put(30.0, Forgotten(9.0, 30.0))
    assert [share.channel for share in notes(call.end(40.0)).delivery.shares] == [Channel.ME]


def test_a_word_found_in_noise_is_not_a_line() -> None:
    call = Told()
    call.them(1.0, "the")
    call.them(3.0, "huh")
    call.put(5.0, Heard(Channel.THEM, 4.0, 5.0, "  "))
    assert notes(call.end(9.0)).header.heard_lines == {}


def test_mhm_does_not_break_a_passage_and_a_long_silence_does() -> None:
    call = Told()
    call.them(1.0, "we moved everything to the warehouse")
    call.me(2.0, "mhm")
    call.them(4.0, "and then we slept")
    call.them(60.0, "much later")
    read = passages(lines(PLAN, kept(PLAN, call.entries), WORDS))
    assert [passage.text for passage in read] == [
        "we moved everything to the warehouse and then we slept",
        "much later",
    ]
    assert len(read[0].seqs) == 2


def test_lines_stand_in_the_order_they_were_spoken_not_recognised() -> None:
    call = Told()
    call.them(20.0, "the later one")
    call.me(10.0, "the earlier one")
    assert lines(PLAN, call.entries, WORDS)[0].text == "the earlier one"


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("i met sam okafor at beta", "I met Sam Okafor at Beta"),
        ("dana's team and will tran's", "Dana's team and Will Tran's"),
        ("i will go", "I will go"),
        ("we use bigquery", "we use BigQuery"),
        ("The iPad is sam", "The iPad is sam"),
    ],
)
def test_names_have_capitals_where_the_engine_writes_none(heard: str, written: str) -> None:
    call = Told()
    call.them(1.0, heard)
    (line,) = lines(PLAN, call.entries, WORDS)
    assert line.text == written


def test_words_without_times_are_spread_over_their_line() -> None:
    call = Told()
    call.put(9.0, Heard(Channel.THEM, 2.0, 8.0, "aa bb cc"))
    (line,) = lines(PLAN, call.entries, WORDS)
    assert [word.start_s for word in line.words] == [2.0, 4.0, 6.0]
    assert line.words[-1].end_s == 8.0


@pytest.mark.parametrize(
    ("text", "filler"),
    [("mhm", True), ("Yeah, right.", True), ("um let me think", True), ("yes we do", False)],
)
def test_fillers_are_known(text: str, filler: bool) -> None:
    assert is_filler(text, PLAN.phrases) is filler


def test_notes_and_marks_keep_what_was_said_just_before() -> None:
    call = Told()
    call.them(5.0, "the team in berlin is hiring")
    call.put(9.0, Marked())
    call.put(10.0, NoteTaken("ask about berlin"))
    seq = call.me(12.0, "note to self look up the berlin team")
    call.put(15.0, MarkHeard(seq, "note", "look up the berlin team"))
    seq = call.me(16.0, "what was that name again")
    call.put(18.0, MarkHeard(seq, "name", "what was that name again"))
    found = notes(call.end(30.0)).moments
    assert [(moment.kind, moment.text, moment.spoken) for moment in found] == [
        ("moment", "", False),
        ("note", "ask about berlin", False),
        ("note", "look up the berlin team", True),
        ("name", "", True),
    ]
    assert all(m.context and m.context.text == "The team in berlin is hiring" for m in found)


def test_a_spoken_command_is_no_note() -> None:
    call = Told()
    seq = call.me(1.0, "sottovoce next question")
    call.put(3.0, MarkHeard(seq, "next", "next question"))
    assert not notes(call.end(9.0)).moments


def test_a_mark_long_after_the_last_word_has_no_context() -> None:
    call = Told()
    call.them(1.0, "the team in berlin is hiring")
    call.put(100.0, Marked())
    (mark,) = notes(call.end(110.0)).moments
    assert mark.context is None


def test_their_goodbye_and_a_job_ask_are_told_with_their_words() -> None:
    call = interview()
    seq = call.me(200.0, "so do you have a job for me")
    call.put(203.0, JobAsked(seq))
    learnt = notes(call)
    assert learnt.farewells[0].quote.text == "I have another meeting in two minutes."
    assert learnt.farewells[0].minutes_left == 2.0
    assert [ask.text for ask in learnt.job_asks] == ["So do you have a job for me?"]


@pytest.mark.parametrize(
    ("at_s", "written"), [(0.0, "00:00:00"), (751.9, "00:12:31"), (36000.0, "10:00:00")]
)
def test_a_time_is_hours_minutes_seconds(at_s: float, written: str) -> None:
    assert clock(at_s) == written


@pytest.mark.parametrize(
    ("person", "called"),
    [("Dana Ruiz", "Dana"), ("Dr. Ruiz", "Dr. Ruiz"), ("Dana Ruiz, Acme", "Dana"), ("", "")],
)
def test_what_the_other_side_is_called(person: str, called: str) -> None:
    assert learn(Plan(person=person), [], WORDS).header.called == called
