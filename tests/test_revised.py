"""A call's entries as they are to be read: corrected, and in the better hearing."""

import msgspec
import pytest
from told import PLAN, WALL, WORDS, Told, interview

from assistant.events import (
    Asked,
    CallEnded,
    Change,
    Channel,
    Corrected,
    Entry,
    Heard,
    HeardAgain,
    HearingChange,
    LineChange,
    MarkHeard,
    MaybeAsked,
    NameChange,
    PromiseChange,
    Promised,
    QuestionChange,
    SpeakerChange,
    SpeechEnded,
    SpeechStarted,
    Ticked,
    Undo,
    Word,
)
from assistant.notes.notes import learn
from assistant.notes.revised import corrections, hearing_of, promise_changes, revised

pytestmark = pytest.mark.unit


def call() -> Told:
    told = Told()
    told.them(1.0, "we start at nine with tea")
    told.me(5.0, "who is ruis")
    told.them(8.0, "Ruis's team, and Anna Ruis.")
    return told.end(12.0)


def line(told: Told, text: str) -> int:
    return next(e.seq for e in told.entries if isinstance(e.event, Heard) and text in e.event.text)


def correct(told: Told, *changes: Change) -> tuple[Entry, ...]:
    for change in changes:
        told.put(told.entries[-1].at_s, Corrected(WALL, change))
    return revised(told.entries)


def texts(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.event.text for entry in entries if isinstance(entry.event, Heard)]


def heard(entries: tuple[Entry, ...], seq: int) -> Heard:
    event = next(entry.event for entry in entries if entry.seq == seq)
    assert isinstance(event, Heard)
    return event


def again(told: Told, text: str, to: str, **fields: object) -> int:
    seq = line(told, text)
    was = heard(tuple(told.entries), seq)
    fact = HeardAgain((seq,), was.channel, was.start_s, was.end_s, to, engine="second")
    return told.put(told.entries[-1].at_s, msgspec.structs.replace(fact, **fields))


def test_without_corrections_nothing_is_otherwise() -> None:
    told = interview()
    assert revised(told.entries) == tuple(told.entries)


def test_a_corrected_line_keeps_its_number_and_its_time() -> None:
    told = call()
    seq = line(told, "nine")
    now = heard(correct(told, LineChange(seq, "We start at ten, with a cup of tea.")), seq)
    assert now.text == "We start at ten, with a cup of tea."
    assert (now.start_s, now.end_s) == (1.0, 3.0)
    assert [word.text for word in now.words] == now.text.split()
    assert now.words[0].start_s == 1.0
    assert now.words[-1].end_s == 3.0
    assert all(
        word.end_s <= after.start_s for word, after in zip(now.words, now.words[1:], strict=False)
    )


def test_of_a_line_that_was_no_speech_nothing_is_left() -> None:
    told = Told()
    seq = told.ask(2.0, "hardest", "what's the hardest part")
    told.put(4.0, Promised(Channel.ME, seq - 1, 0.9))
    told.end(9.0)
    read = correct(told, LineChange(seq - 1, " "))
    assert [type(entry.event).__name__ for entry in read] == ["CallStarted", "CallEnded"]
    assert [q.question_id for q in learn(PLAN, told.entries, WORDS).not_asked][1] == "hardest"


def test_a_name_is_spelled_otherwise_everywhere_as_a_whole_word() -> None:
    told = call()
    told.entries.pop()
    told.me(13.0, "ruiseñor is no ruis, ruis")
    told.end(20.0)
    read = correct(told, NameChange("ruis", "Ruiz"))
    assert texts(read) == [
        "we start at nine with tea",
        "who is Ruiz",
        "Ruiz's team, and Anna Ruiz.",
        "ruiseñor is no Ruiz, Ruiz",
    ]


def test_a_name_of_two_words_may_become_one_and_the_times_stay() -> None:
    told = Told()
    seq = told.them(1.0, "we use big query every day")
    now = heard(correct(told.end(5.0), NameChange("big query", "BigQuery")), seq)
    assert now.text == "we use BigQuery every day"
    before = heard(tuple(told.entries), seq)
    assert now.words[2] == Word("BigQuery", before.words[2].start_s, before.words[3].end_s, 1.0)
    assert now.words[3:] == before.words[4:]


@pytest.mark.parametrize(
    ("was", "text", "result"),
    [
        ("ruis", "ruiz", "Ruiz's team, and Anna Ruiz."),
        ("anna ruis", "Ana Ruiz", "Ruis's team, and Ana Ruiz."),
        ("Ruis's", "Ruiz's", "Ruiz's team, and Anna Ruis."),
        ("anna", "ANNA", "Ruis's team, and ANNA Ruis."),
        ("team", "", "Ruis's , and Anna Ruis."),
        ("nobody", "Ruiz", "Ruis's team, and Anna Ruis."),
    ],
)
def test_a_name_keeps_the_case_and_the_marks_of_its_place(was: str, text: str, result: str) -> None:
    assert texts(correct(call(), NameChange(was, text)))[2] == result


def test_the_newest_word_counts() -> None:
    told = call()
    seq = line(told, "nine")
    read = correct(told, LineChange(seq, "at ten"), LineChange(seq, "at ruis"))
    assert texts(read)[0] == "at ruis"
    assert texts(correct(told, NameChange("ruis", "Ruiz")))[0] == "at Ruiz"
    assert texts(correct(told, LineChange(seq, "at ruis")))[0] == "at ruis"


def test_another_speaker_takes_the_speech_along() -> None:
    told = call()
    seq = line(told, "nine")
    read = correct(told, SpeakerChange(seq, Channel.ME))
    assert heard(read, seq).channel == Channel.ME
    kinds = (SpeechStarted, SpeechEnded)
    speech = [e.event.channel for e in read if isinstance(e.event, kinds)]
    assert speech == ["me", "me", "me", "me", "them", "them"]
    shares = {s.channel: s.spoken_s for s in learn(PLAN, told.entries, WORDS).delivery.shares}
    assert shares[Channel.ME] == pytest.approx(3.0)


def test_who_is_known_is_no_guess_any_more() -> None:
    told = Told()
    seq = told.put(
        3.0, Heard(Channel.UNCLEAR, 1.0, 3.0, "hello there", probably=Channel.ME, certainty=0.7)
    )
    now = heard(correct(told.end(5.0), SpeakerChange(seq, Channel.THEM)), seq)
    assert (now.channel, now.probably, now.certainty) == (Channel.THEM, None, 0.0)


def test_what_was_found_because_of_who_spoke_falls_with_the_speaker() -> None:
    told = Told()
    seq = told.ask(2.0, "hardest", "what's the hardest part") - 1
    told.put(4.0, Promised(Channel.ME, seq, 0.9))
    read = correct(told.end(9.0), SpeakerChange(seq, Channel.THEM))
    assert not any(isinstance(entry.event, Asked) for entry in read)
    assert [e.event.channel for e in read if isinstance(e.event, Promised)] == [Channel.THEM]


def test_a_question_s_standing_is_a_tick() -> None:
    told = interview()
    read = correct(told, QuestionChange("skills", "answered"), QuestionChange("hardest", "open"))
    ticks = [entry.event for entry in read if isinstance(entry.event, Ticked)]
    assert ticks == [Ticked("skills", "answered"), Ticked("hardest", "open")]
    learnt = learn(PLAN, told.entries, WORDS)
    assert "hardest" not in [question.question_id for question in learnt.asked]
    assert "skills" in [question.question_id for question in learnt.asked]


def test_a_question_may_be_told_with_the_line_it_was_asked_in() -> None:
    told = Told()
    asked = told.me(10.0, "and what should one be good at")
    told.put(12.0, MaybeAsked(("skills", "hardest"), asked))
    told.them(14.0, "patience with dirty data above all")
    told.me(20.0, "right what else")
    told.end(30.0)
    correct(told, QuestionChange("skills", "asked", asked))
    [question] = learn(PLAN, told.entries, WORDS).asked
    assert question.question_id == "skills"
    assert question.start_s == 10.0
    assert question.as_spoken is not None
    assert asked in question.as_spoken.seqs
    assert "Patience" in question.best[0].text


def test_what_is_undone_changes_nothing_and_an_undoing_too() -> None:
    told = call()
    seq = line(told, "nine")
    before = texts(revised(told.entries))
    assert texts(correct(told, LineChange(seq, "at ten"), Undo(1))) == before
    assert texts(correct(told, Undo(2)))[0] == "at ten"
    assert [c.is_active for c in corrections(told.entries)] == [True, False, True]
    assert texts(correct(told, Undo(3))) == before
    assert [c.is_active for c in corrections(told.entries)] == [False, True, False, True]


@pytest.mark.parametrize("number", [0, -1, 2, 7])
def test_who_undoes_what_is_not_there_undoes_nothing(number: int) -> None:
    told = call()
    assert (
        texts(correct(told, LineChange(line(told, "nine"), "at ten"), Undo(number)))[0] == "at ten"
    )


def test_a_spoken_note_follows_its_line() -> None:
    told = Told()
    seq = told.me(1.0, "note to self ask about ana ruis")
    told.put(3.0, MarkHeard(seq, "note", "ask about ana ruis"))
    other = told.me(5.0, "note to self buy tea from ruis")
    told.put(8.0, MarkHeard(other, "note", "buy tea from ruis"))
    told.end(9.0)
    changes = LineChange(seq, "Note to self: ask about Anna Ruis"), NameChange("ruis", "Ruiz")
    read = correct(told, *changes)
    notes = [entry.event.text for entry in read if isinstance(entry.event, MarkHeard)]
    assert notes == ["ask about Anna Ruiz", "buy tea from Ruiz"]


def test_promises_are_told_in_order_without_those_undone() -> None:
    told = call()
    done = PromiseChange(3, "send it", state="done")
    correct(told, PromiseChange(3, "send it", what="x"), done, Undo(1))
    assert promise_changes(told.entries) == (done,)
    assert promise_changes(revised(told.entries)) == (done,)


def test_revising_again_changes_nothing() -> None:
    told = call()
    again(told, "nine", "We start at nine with tea and Ruis.")
    changes = NameChange("Ruis", "Ruis Garcia"), QuestionChange("skills", "asked", 3)
    read = correct(told, *changes, PromiseChange(4, "", what="call"), LineChange(7, "who"))
    assert revised(read) == read


def test_the_second_hearing_is_read_and_keeps_the_number_of_the_line() -> None:
    told = call()
    words = (Word("We", 1.0, 1.5, 0.9), Word("start.", 1.5, 3.0, 0.9))
    again(told, "nine", "We start.", words=words, as_heard="We stat.")
    # Less than half of the words are left: a part was lost, so the first one stays.
    assert texts(revised(told.entries))[0] == "we start at nine with tea"
    again(told, "nine", "We start at night, with tea.")
    read = revised(told.entries)
    assert heard(read, line(told, "nine")).engine == "second"
    assert texts(read)[0] == "We start at night, with tea."
    assert [entry.seq for entry in read] == [e.seq for e in told.entries[: len(read)]]


def test_a_line_nobody_had_heard_stands_where_it_was_said() -> None:
    told = call()
    seq = told.put(12.0, HeardAgain((), Channel.THEM, 4.0, 4.8, "at least mostly", engine="second"))
    told.put(12.0, HeardAgain((), Channel.ME, 4.2, 4.3, "you"))
    read = revised(told.entries)
    assert texts(read)[:3] == ["we start at nine with tea", "at least mostly", "who is ruis"]
    assert heard(read, seq).start_s == 4.0
    assert texts(correct(told, LineChange(seq, "at least monthly")))[1] == "at least monthly"
    assert texts(correct(told, LineChange(seq, "")))[1] == "who is ruis"


def test_several_lines_may_be_heard_as_one() -> None:
    told = Told()
    first = told.me(1.0, "what is")
    second = told.me(2.0, "the hardest part")
    told.put(3.0, Asked("hardest", second, 0.8))
    told.end(9.0)
    told.put(9.0, HeardAgain((first, second), Channel.ME, 1.0, 3.0, "What is the hardest part?"))
    read = correct(told, SpeakerChange(second, Channel.ME))
    assert texts(read) == ["What is the hardest part?"]
    assert [e.event.heard_seq for e in read if isinstance(e.event, Asked)] == [first]
    assert texts(correct(told, HearingChange("first"))) == ["what is", "the hardest part"]


def test_the_user_says_which_hearing_counts() -> None:
    told = call()
    again(told, "nine", "we stay", word_errors=0.5, first_word_errors=0.1)
    again(told, "who", "Who is Ruiz?")
    assert texts(revised(told.entries))[:2] == ["we start at nine with tea", "Who is Ruiz?"]
    assert texts(correct(told, HearingChange("again")))[:2] == ["we stay", "Who is Ruiz?"]
    assert texts(correct(told, HearingChange("first")))[1] == "who is ruis"
    only = HearingChange("again", line(told, "nine"))
    assert texts(correct(told, only))[:2] == ["we stay", "who is ruis"]
    assert texts(correct(told, HearingChange("better")))[0] == "we start at nine with tea"


def test_which_hearing_is_read_is_said() -> None:
    told = call()
    assert hearing_of(told.entries) == "told"
    again(told, "nine", "We start at nine, with tea.")
    assert hearing_of(told.entries) == "told and second for 1 of 3 lines"
    assert hearing_of([]) == ""


def test_a_correction_of_a_line_that_is_gone_changes_nothing() -> None:
    told = call()
    before = texts(revised(told.entries))
    read = correct(told, LineChange(0, "x"), SpeakerChange(99, Channel.ME), NameChange("", "x"))
    assert texts(read) == before
    assert isinstance(read[-1].event, CallEnded)
