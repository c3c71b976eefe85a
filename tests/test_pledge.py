"""A promise or a request by either side is marked as it is said."""

import msgspec
import pytest
from scene import ME, PLAN, THEM, UNCLEAR, Scene

from assistant.events import Channel, Finding, Heard, Promised, Understood
from assistant.minds.pledge import Pledges

pytestmark = pytest.mark.unit


def say(
    scene: Scene, at_s: float, score: float, channel: Channel = THEM, *, echo: bool = False
) -> list[Finding]:
    seq = scene.put(at_s, Heard(channel, at_s - 3.0, at_s - 0.5, "i'll send it", echo=echo))
    scene.put(at_s + 0.05, Understood(seq, promise=score))
    return list(scene.findings)


@pytest.mark.parametrize("channel", [ME, THEM, UNCLEAR])
def test_either_side_may_promise(channel: Channel) -> None:
    assert say(Scene(Pledges(PLAN)), 60.0, 0.8, channel) == [Promised(channel, 1, 0.8)]


def test_each_line_is_marked_once() -> None:
    scene = Scene(Pledges(PLAN))
    say(scene, 60.0, 0.8)
    say(scene, 62.0, 0.7, ME)
    scene.put(63.0, Understood(1, promise=0.8))
    assert scene.findings == [Promised(THEM, 1, 0.8), Promised(ME, 4, 0.7)]


def test_an_echo_promises_nothing() -> None:
    assert say(Scene(Pledges(PLAN)), 60.0, 0.9, ME, echo=True) == []


def test_how_likely_it_must_be_is_a_dial() -> None:
    at = PLAN.dials.promise_at
    assert say(Scene(Pledges(PLAN)), 60.0, at) == [Promised(THEM, 1, at)]
    assert say(Scene(Pledges(PLAN)), 60.0, at - 0.01) == []
    dials = msgspec.structs.replace(PLAN.dials, promise_at=0.9)
    assert say(Scene(Pledges(msgspec.structs.replace(PLAN, dials=dials))), 60.0, 0.89) == []
