"""How it went, in numbers of the call."""

from typing import get_args

import pytest
from played import How
from told import PLAN, WORDING, WORDS, Told, interview

from assistant.events import (
    Asked,
    AudioLost,
    Channel,
    Cue,
    CueEnded,
    Heard,
    MaybeAsked,
    Paused,
    Resumed,
    SpeechStarted,
    Stalled,
    Ticked,
    Trouble,
)
from assistant.notes.delivery import Delivery
from assistant.notes.notes import learn
from assistant.notes.render.files import Files

pytestmark = pytest.mark.unit


def delivery(call: Told) -> Delivery:
    return learn(PLAN, call.entries, WORDS).delivery


def test_shares_are_of_what_was_spoken() -> None:
    call = Told()
    call.me(1.0, "one two three")
    call.them(5.0, "one two three four five six seven eight nine")
    shares = delivery(call.end(60.0)).shares
    assert [(s.channel, s.spoken_s, s.share) for s in shares] == [
        (Channel.ME, 1.0, 0.25),
        (Channel.THEM, 3.0, 0.75),
    ]


def test_a_transcript_without_turns_has_shares_too() -> None:
    call = Told()
    call.put(5.0, Heard(Channel.ME, 0.0, 1.0, "one"))
    call.put(5.0, Heard(Channel.THEM, 1.0, 4.0, "three long words"))
    assert [share.share for share in delivery(call.end(9.0)).shares] == [0.25, 0.75]


def test_nobody_spoke_so_there_are_no_shares() -> None:
    assert delivery(Told().end(9.0)).shares == ()


def test_the_longest_stretch_of_each_side_ignores_mhm() -> None:
    call = Told()
    call.them(1.0, "a b c d e f")
    call.me(3.0, "mhm")
    call.them(4.0, "g h i j k l")
    call.me(10.0, "one two three")
    mine, theirs = delivery(call.end(60.0)).longest
    assert (mine.channel, mine.start_s, mine.length_s) == (Channel.ME, 10.0, 1.0)
    assert (theirs.start_s, theirs.length_s, len(theirs.seqs)) == (1.0, 5.0, 2)


def test_with_one_microphone_a_stretch_is_nobody_s() -> None:
    call = Told()
    call.say(Channel.UNCLEAR, 1.0, "one two three")
    assert delivery(call.end(9.0)).longest == ()


def test_a_stall_tells_how_long_and_who_ended_it() -> None:
    (stall,) = delivery(interview()).stalls
    assert (stall.start_s, stall.length_s, stall.ended_by) == (55.2, 6.8, Channel.ME)
    assert stall.cue == "ask: hardest part"


def test_a_stall_that_nobody_ended() -> None:
    call = Told()
    call.put(14.0, Stalled(10.0))
    (stall,) = delivery(call.end(50.0)).stalls
    assert (stall.length_s, stall.ended_by) == (40.0, None)


def test_only_words_end_a_stall() -> None:
    call = Told()
    call.them(1.0, "that is all there is to say")
    call.put(8.0, Stalled(3.333))
    seq = call.cue(8.2, Cue("question", "ask: skills", "skills", "silent for 5 s", 20.0))
    # The murmur's echo, a cough that brings no words, a sigh that a recogniser hears as one.
    call.put(8.3, SpeechStarted(Channel.ME, 8.25))
    call.put(9.9, Heard(Channel.ME, 8.25, 9.3, "ask skills", echo=True))
    call.put(11.0, SpeechStarted(Channel.ME, 10.8))
    call.me(12.0, "um")
    call.them(14.0, "mhm")
    (stall,) = delivery(call.end(50.0)).stalls
    assert (stall.length_s, stall.ended_by, stall.cue) == (46.667, None, "ask: skills")
    assert seq in stall.seqs
    call.entries.pop()
    seq = call.them(16.333, "are you still there")
    (stall,) = delivery(call.end(50.0)).stalls
    assert (stall.length_s, stall.ended_by) == (13.0, Channel.THEM)
    assert stall.seqs[-1] == seq


@pytest.mark.parametrize("how", get_args(How))
def test_a_cue_tells_what_became_of_it(how: How) -> None:
    call = Told()
    seq = call.put(10.0, Cue("time", "5 minutes left", None, "five left", 55.0))
    call.put(12.0, CueEnded(seq, 11.0, 12.0, how))
    (cue,) = delivery(call.end(60.0)).cues
    assert (cue.became, cue.was_followed) == (how, None)
    assert cue.start_s == (10.0 if how == "expired" else 11.0)


def test_a_cue_whose_end_was_never_told_is_unknown() -> None:
    call = Told()
    call.put(10.0, Cue("time", "5 minutes left", None, "five left", 55.0))
    assert [cue.became for cue in delivery(call).cues] == ["unknown"]


@pytest.mark.parametrize(("asked_s", "followed"), [(9.0, False), (69.0, True), (75.0, False)])
def test_a_cue_was_followed_when_its_question_came_within_a_minute(
    asked_s: float, followed: bool
) -> None:
    call = Told()
    call.cue(10.0, Cue("question", "ask: skills", "skills", "silent for 4 s", 22.0))
    seq = call.me(asked_s, "which skills matter")
    call.put(80.0, Asked("skills", seq, 0.8))
    assert [cue.was_followed for cue in delivery(call.end(90.0)).cues] == [followed]


@pytest.mark.parametrize("is_perhaps", [False, True])
def test_a_cue_whose_question_was_only_ticked_was_not_heard_to_be_followed(
    is_perhaps: bool,
) -> None:
    call = Told()
    call.cue(10.0, Cue("question", "ask: skills", "skills", "silent for 4 s", 22.0))
    seq = call.me(15.0, "and what matters most")
    if is_perhaps:
        call.put(17.0, MaybeAsked(("skills",), seq))
    call.put(20.0, Ticked("skills", "asked"))
    (cue,) = delivery(call.end(90.0)).cues
    assert (cue.was_followed, cue.was_ticked) == (False, True)
    for page in ("summary.md", "summary.html"):
        text = (Files(PLAN, call.entries, WORDING).make(page) or b"").decode()
        assert "and you ticked it" in text
        assert "you asked it" not in text


def test_what_was_lost_paused_and_troubled_is_told() -> None:
    call = Told()
    call.put(10.0, AudioLost(Channel.THEM, 8.0, 10.0, "the device went away"))
    call.put(12.0, AudioLost(Channel.ME, 11.0, 11.5, "the disk was slow"))
    call.put(20.0, Trouble("far side", "The far side is back."))
    call.put(30.0, Paused())
    call.put(45.0, Resumed())
    call.put(50.0, Paused())
    went = delivery(call.end(60.0))
    assert went.lost_s == 2.5
    assert [(pause.start_s, pause.length_s) for pause in went.pauses] == [
        (30.0, 15.0),
        (50.0, 10.0),
    ]
    assert went.paused_s == 25.0
    assert [(told.part, told.text) for told in went.troubles] == [
        ("far side", "The far side is back.")
    ]
