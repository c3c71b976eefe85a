"""The talk left the prepared themes: found once, late rather than wrongly."""

import msgspec
import pytest
from scene import ME, PLAN, THEM, Scene

from assistant.events import (
    Asked,
    Channel,
    Drifted,
    Fact,
    Finding,
    Heard,
    Paused,
    Recovered,
    Resumed,
    Ticked,
    Understood,
)
from assistant.minds.drift import Drift

pytestmark = pytest.mark.unit

AWAY, HERE = 0.2, 0.7
LONG = "we sat there by the water and looked at boats"


def drift() -> Scene:
    return Scene(Drift(PLAN))


def tell(
    scene: Scene,
    start_s: float,
    theme: float,
    text: str = LONG,
    channel: Channel = THEM,
    length_s: float = 20.0,
) -> None:
    seq = scene.say(channel, start_s, start_s + length_s, text)
    scene.put(start_s + length_s + 0.8, Understood(seq, theme=theme))


def tell_many(scene: Scene, from_s: float, count: int, theme: float = AWAY) -> None:
    for number in range(count):
        tell(scene, from_s + 25.0 * number, theme)


def test_after_ninety_seconds_elsewhere_the_talk_has_drifted_once() -> None:
    scene = drift()
    tell(scene, 10.0, HERE)
    tell_many(scene, 40.0, 8)
    ((at_s, found),) = scene.found
    assert found == Drifted(40.0)
    assert 130.0 <= at_s <= 170.0


def test_four_short_minutes_worth_of_lines_are_needed() -> None:
    scene = drift()
    tell_many(scene, 10.0, 3)
    assert not scene.findings
    quick = drift()
    for number in range(10):
        tell(quick, 10.0 + 7.0 * number, AWAY, length_s=5.0)
    assert not quick.findings


def test_one_line_on_a_theme_now_and_then_does_not_bring_it_back_but_a_real_return_does() -> None:
    scene = drift()
    tell_many(scene, 10.0, 6)
    tell_many(scene, 200.0, 4, HERE)
    assert len(scene.findings) == 1
    tell_many(scene, 400.0, 8)
    assert len(scene.findings) == 2


@pytest.mark.parametrize(
    "event",
    [Asked("skills", 1, 0.9), Ticked("skills", "asked"), Paused(), Recovered(60.0, 62.0)],
)
def test_a_question_or_a_break_begins_anew(event: Fact | Finding) -> None:
    scene = drift()
    tell_many(scene, 10.0, 3)
    scene.put(90.0, event)
    if isinstance(event, Paused):
        scene.put(91.0, Resumed())
    tell_many(scene, 95.0, 3)
    assert not scene.findings


def test_short_lines_mine_and_what_nobody_looked_at_tell_nothing() -> None:
    scene = drift()
    for number in range(8):
        start_s = 10.0 + 75.0 * number
        tell(scene, start_s, AWAY, "yeah the beach")
        tell(scene, start_s + 25.0, AWAY, channel=ME)
        tell(scene, start_s + 50.0, 0.0)
    assert not scene.findings


def test_what_was_said_while_nobody_was_there_is_no_drift() -> None:
    scene = drift()
    scene.put(600.0, Recovered(100.0, 600.0))
    for number in range(8):
        heard = Heard(THEM, 300.0 + 25 * number, 320.0 + 25 * number, LONG)
        seq = scene.put(601.0 + number, heard)
        scene.put(601.5 + number, Understood(seq, theme=AWAY))
    assert not scene.findings


def test_where_nothing_can_be_told_nobody_is_elsewhere() -> None:
    dials = msgspec.structs.replace(PLAN.dials, drift_below=0.9)
    scene = Scene(Drift(msgspec.structs.replace(PLAN, dials=dials)))
    tell_many(scene, 10.0, 8, theme=0.5)
    assert not scene.findings
