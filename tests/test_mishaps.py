"""What failed, as the notes tell it."""

import pytest
from told import PLAN, WORDING, WORDS, Told

from assistant import recovery
from assistant.events import AudioLost, Channel, Forgotten, Heard, Recovered, Trouble
from assistant.notes.delivery import Delivery
from assistant.notes.mishaps import CUT_SHORT
from assistant.notes.notes import learn
from assistant.notes.render.summary import summary

pytestmark = pytest.mark.unit

ME, THEM = Channel.ME, Channel.THEM


def delivery(call: Told) -> Delivery:
    return learn(PLAN, call.end(100.0).entries, WORDS).delivery


def test_what_both_sides_lost_at_once_was_lost_once() -> None:
    call = Told()
    call.put(20.0, AudioLost(ME, 10.0, 18.0, "unplugged"))
    call.put(20.0, AudioLost(THEM, 12.0, 20.0, "unplugged"))
    call.put(60.0, AudioLost(THEM, 50.0, 51.0, "asleep"))
    call.put(60.0, AudioLost(THEM, 52.5, 54.0, "overflow"))
    call.put(70.0, AudioLost(ME, 68.0, 68.02, "clock drift"))
    call.put(80.0, AudioLost(ME, 79.0, 79.0, "clock drift"))
    told = delivery(call)
    assert told.lost_s == 12.5
    assert [(s.start_s, s.length_s, s.channels, s.why) for s in told.lost] == [
        (10.0, 10.0, (ME, THEM), ("unplugged",)),
        (50.0, 4.0, (THEM,), ("asleep", "overflow")),
    ]
    assert [stretch.seqs for stretch in told.lost] == [(2, 3), (4, 5)]
    assert len(told.losses) == 4


def test_a_trouble_is_told_from_its_beginning_to_its_end() -> None:
    call = Told()
    call.put(10.0, Trouble("microphone", "It stopped."))
    call.put(12.0, Trouble("headset", "It is gone."))
    call.put(15.0, Trouble("microphone", "It is back.", over=True))
    call.put(20.0, Trouble("microphone", "It stopped."))
    call.put(30.0, Recovered(30.0, 40.0))
    call.put(50.0, Trouble("microphone", "It is back.", over=True))
    assert [(t.start_s, t.text, t.until_s) for t in delivery(call).troubles] == [
        (10.0, "It stopped.", 15.0),
        (12.0, "It is gone.", None),
        (20.0, "It stopped.", None),
        (50.0, "It is back.", None),
    ]


def test_the_program_was_gone_and_what_was_said_was_heard_afterwards_or_not() -> None:
    call = Told()
    call.put(30.0, Recovered(30.0, 40.0))
    call.put(40.0, Heard(THEM, 31.0, 36.0, "and then we write queries"))
    call.put(60.0, Recovered(60.0, 70.0))
    gone = delivery(call).gone
    assert [(g.start_s, g.length_s, g.heard_lines) for g in gone] == [
        (30.0, 10.0, 1),
        (60.0, 10.0, 0),
    ]


def page(call: Told) -> list[str]:
    return summary(learn(PLAN, call.entries, WORDS), WORDING).splitlines()


def broken_off(*facts: Trouble, reason: str = CUT_SHORT) -> list[str]:
    call = Told()
    call.them(10.0, "we start at nine")
    call.put(15.0, Recovered(15.0, 194.0))
    call.put(194.0, Heard(THEM, 150.0, 152.0, "and then we write queries"))
    for fact in facts:
        call.put(194.0, fact)
    return page(call.end(194.0, reason))


def test_a_call_that_broke_off_and_was_finished_never_came_back() -> None:
    told = broken_off()
    assert recovery.CUT_SHORT == CUT_SHORT
    assert "status: cut short" in told
    assert (
        "- The call broke off here at [00:03:14]: the program was killed or the machine stopped. "
        "What was captured until then was heard afterwards; what came later was not captured."
    ) in told
    assert "was gone" not in "".join(told)


def test_what_could_not_be_heard_afterwards_is_not_said_to_be() -> None:
    told = broken_off(Trouble("hearing", "It was not heard."))
    assert "heard afterwards" not in "".join(told)
    assert any("[00:03:14]: the program was killed" in line for line in told)


def test_a_call_that_was_ended_before_it_was_heard_out_did_not_break_off() -> None:
    told = broken_off(reason="stopped")
    assert "status: complete" in told
    assert "- What was captured from [00:00:15] to [00:03:14] was heard afterwards." in told


def test_what_was_lost_while_the_program_was_gone_is_told_once() -> None:
    call = Told()
    call.put(83.0, Recovered(83.0, 140.0))
    call.put(140.0, AudioLost(ME, 86.5, 140.0, "Sottovoce was not running"))
    call.put(140.0, AudioLost(THEM, 86.5, 140.0, "Sottovoce was not running"))
    call.put(141.0, AudioLost(THEM, 140.5, 141.0, "unplugged"))
    call.put(142.0, Heard(THEM, 84.0, 86.0, "and then we write queries"))
    told = page(call.end(200.0))
    assert (
        "- The program was gone from [00:01:23] to [00:02:20]: 53.5 s of sound are missing; "
        "what was captured before was heard afterwards."
    ) in told
    assert [line for line in told if "sound lost" in line] == [
        "- [00:02:20] Dana: 0.5 s of sound lost (unplugged)."
    ]
    assert "status: complete" in told
    assert "sound_lost_s: 54.0" in told


def test_a_side_that_was_lost_before_has_its_own_line() -> None:
    call = Told()
    call.put(83.0, Recovered(83.0, 140.0))
    call.put(140.0, AudioLost(ME, 86.5, 140.0, "Sottovoce was not running"))
    call.put(140.0, AudioLost(THEM, 0.0, 140.0, "Sottovoce was not running"))
    told = page(call.end(200.0))
    assert any("[00:02:20]: 53.5 s of sound are missing." in line for line in told)
    assert "- [00:00:00] Dana: 140.0 s of sound lost (Sottovoce was not running)." in told


def test_what_was_forgotten_is_owned_up_to() -> None:
    call = Told()
    call.them(10.0, "the merger is secret")
    call.put(30.0, Forgotten(9.0, 30.0))
    told = page(call.end(40.0))
    assert "- At your wish, [00:00:09] to [00:00:30] was forgotten." in told
    assert "merger" not in "".join(told)
