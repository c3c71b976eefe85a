"""They want to end: which words say so, and when they are believed."""

import pytest
from scene import ME, PLAN, THEM, UNCLEAR, Scene

from assistant.events import Channel, Extended, Farewell, Finding, Heard
from assistant.minds.farewell import Farewells

pytestmark = pytest.mark.unit

LATE_S = 900.0
EARLY_S = 120.0


def heard(at_s: float, text: str, channel: Channel = THEM) -> list[Finding]:
    scene = Scene(Farewells(PLAN))
    scene.put(at_s, Heard(channel, at_s - 3.0, at_s - 0.5, text))
    return list(scene.findings)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("well i have another meeting in five minutes", 5.0),
        ("Listen, I have another meeting.", None),
        ("i only have ten more minutes before i have to go now", 10.0),
        ("we're almost at time i have about 2 minutes", 2.0),
        ("i have another call in a couple of minutes", 2.0),
        ("it was great talking to you", None),
        ("i have another meeting at three", None),
        ("i have another meeting in 99999999 minutes", None),
    ],
)
def test_a_farewell_and_the_minutes_they_name(text: str, minutes: float | None) -> None:
    assert heard(LATE_S, text) == [Farewell(1, minutes)]


@pytest.mark.parametrize(
    "text",
    [
        "i take care of the servers",
        "the meeting took five minutes",
        "most of my day is another matter",
        "we ran out of disk",
        "",
    ],
)
def test_ordinary_talk_is_no_farewell(text: str) -> None:
    assert heard(LATE_S, text) == []


def test_only_they_say_it() -> None:
    assert heard(LATE_S, "i have another meeting", ME) == []
    assert heard(LATE_S, "i have another meeting", UNCLEAR) == [Farewell(1)]


def test_an_echo_is_no_farewell() -> None:
    scene = Scene(Farewells(PLAN))
    scene.put(LATE_S, Heard(UNCLEAR, 890.0, 891.0, "i have another meeting", echo=True))
    assert not scene.findings


def test_early_in_the_call_it_takes_a_very_sure_sign() -> None:
    assert heard(EARLY_S, "i have another meeting every morning") == []
    assert heard(EARLY_S, "sorry i have to go now") == [Farewell(1)]


def test_or_two_signs_close_together() -> None:
    scene = Scene(Farewells(PLAN))
    scene.put(EARLY_S, Heard(THEM, 117.0, 119.0, "i have another meeting"))
    scene.put(EARLY_S + 60, Heard(THEM, 177.0, 179.0, "conscious of the time"))
    assert scene.findings == [Farewell(2)]


def test_or_the_minutes_they_have() -> None:
    assert heard(EARLY_S, "i have another meeting in five minutes") == [Farewell(1, 5.0)]


def test_what_is_early_depends_on_the_agreed_time() -> None:
    scene = Scene(Farewells(PLAN))
    scene.put(10.0, Extended(2400.0))
    scene.put(LATE_S, Heard(THEM, 897.0, 899.0, "i have another meeting"))
    assert not scene.findings


def test_it_is_told_once_a_minute() -> None:
    scene = Scene(Farewells(PLAN))
    for at_s in (900.0, 930.0, 959.0, 961.0):
        scene.put(at_s, Heard(THEM, at_s - 2, at_s - 1, "i have another meeting"))
    assert [at_s for at_s, _ in scene.found] == [900.0, 961.0]
