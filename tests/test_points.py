"""The heart of a call: what stands there, and why."""

import pytest
from told import PLAN, WORDS, Told, interview

from assistant.events import Marked
from assistant.notes.notes import learn
from assistant.notes.points import MOST

pytestmark = pytest.mark.unit


def test_each_line_stands_once_in_the_order_it_was_said() -> None:
    points = learn(PLAN, interview().entries, WORDS).key_points
    starts = [point.quote.start_s for point in points]
    assert 3 <= len(points) <= MOST
    assert starts == sorted(set(starts))


def test_what_was_marked_and_what_struck_the_user_stand_there() -> None:
    call = Told()
    seq = call.them(10.0, "I'll ask has never killed anyone in all these years.")
    call.put(15.0, Marked())
    call.them(30.0, "The sheet has fourteen allergens on it, where everybody sees them.")
    call.me(36.0, "Fourteen allergens, where everybody sees them.")
    points = learn(PLAN, call.end(60.0).entries, WORDS).key_points
    assert [(point.why, point.quote.start_s) for point in points] == [
        ("mark", 10.0),
        ("weight", 30.0),
    ]
    assert points[0].quote.seqs == (seq,)


def test_a_call_with_little_in_it_has_none() -> None:
    call = Told()
    call.them(2.0, "Sorry, not now.")
    assert learn(PLAN, call.end(9.0).entries, WORDS).key_points == ()
