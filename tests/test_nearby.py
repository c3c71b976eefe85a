"""What they just talked about: it fades, and only the other side counts."""

import pytest
from scene import ME, THEM

from assistant.events import Channel, Entry, Forgotten, Heard, Understood
from assistant.minds.nearby import Nearby

pytestmark = pytest.mark.unit


def hear(
    nearby: Nearby, end_s: float, topic: str = "", channel: Channel = THEM, **near: float
) -> None:
    seq = int(end_s * 10)
    nearby.take(Entry(seq, end_s, Heard(channel, end_s - 3.0, end_s, "and so on")))
    nearby.take(Entry(seq + 1, end_s, Understood(seq, near=near, topic=topic)))


def test_what_they_said_fades_and_is_gone() -> None:
    nearby = Nearby()
    hear(nearby, 10.0, "deadlines", pace=0.8)
    assert nearby.near(10.0)["pace"].score == pytest.approx(0.8)
    assert nearby.near(40.0)["pace"].score == pytest.approx(0.4)
    assert nearby.near(40.0)["pace"].topic == nearby.topic(40.0) == "deadlines"
    assert nearby.near(101.0) == {}
    assert nearby.topic(101.0) == ""


def test_the_nearest_of_their_lines_counts_and_the_latest_point() -> None:
    nearby = Nearby()
    hear(nearby, 10.0, "merger", pace=0.9)
    hear(nearby, 20.0, "", pace=0.2, pay=0.3)
    near = nearby.near(20.0)
    assert near["pace"].score > 0.6
    assert near["pay"].score == pytest.approx(0.3)
    assert nearby.topic(20.0) == "merger"


def test_what_i_say_and_what_is_forgotten_is_not_talked_about() -> None:
    nearby = Nearby()
    hear(nearby, 10.0, "budget", channel=ME, pay=0.9)
    assert (nearby.near(10.0), nearby.topic(10.0)) == ({}, "")
    hear(nearby, 12.0, "budget", pay=0.9)
    nearby.take(Entry(500, 20.0, Forgotten(5.0, 19.0)))
    assert (nearby.near(20.0), nearby.topic(20.0)) == ({}, "")
