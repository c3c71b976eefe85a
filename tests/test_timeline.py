"""A call along its time."""

import pytest
from told import PLAN, WORDS, Told, interview

from assistant.events import AudioLost, Channel, Forgotten, Heard, Marked, Paused, Resumed
from assistant.notes.notes import learn
from assistant.notes.render.timeline import Timeline, timeline
from assistant.notes.talk import kept, lines

pytestmark = pytest.mark.unit


def along(call: Told) -> Timeline:
    said = lines(PLAN, kept(PLAN, call.entries), WORDS)
    return timeline(learn(PLAN, call.entries, WORDS), said)


def test_each_voice_has_its_lane_and_speaks_when_it_was_heard() -> None:
    me, them = along(interview()).lanes
    assert (me.channel, them.channel) == (Channel.ME, Channel.THEM)
    assert them.spans[0].start_s == 1.0
    assert all(a.end_s < b.start_s for a, b in zip(me.spans, me.spans[1:], strict=False))


def test_one_microphone_has_one_lane() -> None:
    call = Told()
    call.say(Channel.UNCLEAR, 1.0, "hello there")
    (lane,) = along(call.end(20.0)).lanes
    assert lane.channel is Channel.UNCLEAR


def test_a_side_that_said_nothing_has_an_empty_lane() -> None:
    call = Told()
    call.me(1.0, "can you hear me")
    assert [len(lane.spans) for lane in along(call.end(20.0)).lanes] == [1, 0]


def test_what_happened_comes_in_order_and_names_its_line_of_the_page() -> None:
    marks = along(interview()).marks
    assert [mark.at_s for mark in marks] == sorted(mark.at_s for mark in marks)
    found = {(mark.kind, mark.place) for mark in marks}
    assert {("question", "question-1"), ("cue", "cue-1"), ("note", "moment-2")} <= found
    assert [mark.number for mark in marks if mark.kind == "question"] == [1, 2, 3]


def test_what_lasted_has_its_stretch() -> None:
    call = interview()
    call.entries.pop()
    call.put(98.0, Paused())
    call.put(99.0, Resumed())
    call.put(99.5, AudioLost(Channel.THEM, 86.0, 90.0, "the device went away"))
    call.put(99.6, Forgotten(91.0, 94.0))
    bands = {band.kind: band for band in along(call.end(100.0)).stretches}
    assert set(bands) == {"stall", "paused", "lost", "forgotten"}
    assert (bands["lost"].span.start_s, bands["lost"].span.end_s) == (86.0, 90.0)
    assert bands["paused"].place == "paused-1"


def test_nothing_lies_outside_the_call() -> None:
    call = Told()
    call.put(9.0, Heard(Channel.THEM, -5.0, 50.0, "early and late"))
    call.put(30.0, Marked())
    call.put(31.0, AudioLost(Channel.ME, 1.0, 1e308, "gone"))
    shown = along(call.end(40.0))
    spans = [span for lane in shown.lanes for span in lane.spans]
    spans += [band.span for band in shown.stretches]
    assert all(0.0 <= span.start_s <= span.end_s <= shown.length_s for span in spans)
    assert all(0.0 <= mark.at_s <= shown.length_s for mark in shown.marks)


def test_three_hours_of_talk_are_few_enough_to_draw() -> None:
    call = Told()
    for n in range(3000):
        call.say(Channel.ME if n % 2 else Channel.THEM, n * 3.6, "yes that is so")
    assert sum(len(lane.spans) for lane in along(call.end(10_800.0)).lanes) <= 1000


def test_a_call_with_nothing_in_it_is_empty() -> None:
    shown = along(Told().end(0.0))
    assert (shown.length_s, shown.marks, shown.stretches) == (0.0, (), ())
