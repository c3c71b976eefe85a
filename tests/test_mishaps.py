"""What failed, as the notes tell it."""

import pytest
from told import PLAN, WORDS, Told

from assistant.events import AudioLost, Channel, Heard, Recovered, Trouble
from assistant.notes.delivery import Delivery
from assistant.notes.notes import learn

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
