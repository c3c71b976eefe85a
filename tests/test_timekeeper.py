"""The time: what is told when, and what an extension moves."""

import msgspec
import pytest
from scene import PLAN, Scene

from assistant.events import (
    Asked,
    Extended,
    Farewell,
    Paused,
    Recovered,
    Resumed,
    Ticked,
    TimeShort,
)
from assistant.minds.timekeeper import Timekeeper
from assistant.plan import Dials

pytestmark = pytest.mark.unit


def clock(minutes: float, **dials: float) -> Scene:
    plan = msgspec.structs.replace(PLAN, minutes=minutes, dials=msgspec.convert(dials, Dials))
    return Scene(Timekeeper(plan))


def told(scene: Scene, until_s: float) -> list[tuple[float, float]]:
    """Return when a warning came, and the time left it told."""
    scene.until(until_s)
    return [(at_s, f.left_s) for at_s, f in scene.found if isinstance(f, TimeShort)]


def test_half_five_one_none_and_every_five_over() -> None:
    assert told(clock(20), 1900.0) == [
        (600.0, 600.0),
        (900.0, 300.0),
        (1140.0, 60.0),
        (1200.0, 0.0),
        (1500.0, -300.0),
        (1800.0, -600.0),
    ]


def test_half_of_ten_minutes_is_told_once_as_five() -> None:
    assert told(clock(10), 600.0) == [(300.0, 300.0), (540.0, 60.0), (600.0, 0.0)]


def test_a_short_call_is_not_warned_as_it_begins() -> None:
    assert told(clock(1.25), 75.0) == [(75.0, 0.0)]
    assert told(clock(3), 180.0) == [(120.0, 60.0), (180.0, 0.0)]


def test_an_extension_moves_what_lies_ahead_and_brings_back_what_was_told() -> None:
    scene = clock(20)
    assert [left_s for _, left_s in told(scene, 1150.0)] == [600.0, 300.0, 60.0]
    scene.put(1150.0, Extended(600.0))
    assert told(scene, 1900.0)[3:] == [(1500.0, 300.0), (1740.0, 60.0), (1800.0, 0.0)]


def test_half_time_is_no_news_after_a_later_warning() -> None:
    assert told(clock(8), 480.0) == [(180.0, 300.0), (420.0, 60.0), (480.0, 0.0)]


def test_an_extension_before_half_time_moves_half_time() -> None:
    scene = clock(20)
    scene.put(100.0, Extended(1200.0))
    assert told(scene, 1300.0) == [(1200.0, 1200.0)]


def test_an_extension_too_short_to_matter_repeats_nothing() -> None:
    scene = clock(20)
    scene.put(1450.0, Extended(60.0))
    assert told(scene, 1600.0)[4:] == [(1560.0, -300.0)]


def test_a_pause_stops_nobodys_clock() -> None:
    scene = clock(20)
    scene.put(500.0, Paused())
    scene.put(700.0, Resumed())
    assert told(scene, 700.0) == [(600.0, 600.0)]


def test_a_warning_says_how_many_must_asks_are_open() -> None:
    scene = clock(20)
    scene.put(10.0, Asked("career-path", 1, 0.8))
    scene.put(20.0, Asked("skills", 2, 0.8))
    scene.until(600.0)
    scene.put(700.0, Ticked("hardest-part", "answered"))
    scene.until(900.0)
    assert scene.findings == [TimeShort(600.0, 2), TimeShort(300.0, 1)]


def test_the_dials_say_when() -> None:
    assert told(clock(20, over_every_s=120.0), 1500.0)[-2:] == [(1320.0, -120.0), (1440.0, -240.0)]
    assert told(clock(20, over_every_s=0.0), 2400.0)[-1] == (1200.0, 0.0)
    plan = msgspec.structs.replace(PLAN, dials=Dials(warnings_left_s=(120.0, -5.0, 9000.0)))
    assert told(Scene(Timekeeper(plan)), 1200.0) == [(600.0, 600.0), (1080.0, 120.0), (1200.0, 0.0)]


def test_what_was_due_while_the_program_was_gone_is_told_once_as_it_is_now() -> None:
    scene = clock(20)
    scene.until(550.0)
    scene.put(550.0, Recovered(550.0, 1000.0))
    # The call does not feel that time: no tick comes before its end. Then who speaks is not known.
    later = Scene(scene.mind, seq=scene.seq, _ticks=4000)
    assert told(later, 1150.0) == [(1002.25, 197.75), (1140.0, 60.0)]


def test_nothing_due_while_the_program_was_gone_is_told_as_nothing() -> None:
    scene = clock(20)
    scene.put(700.0, Recovered(700.0, 800.0))
    scene.found.clear()
    later = Scene(scene.mind, seq=scene.seq, _ticks=3200)
    assert told(later, 1000.0) == [(900.0, 300.0)]


def test_the_minutes_they_name_count_down() -> None:
    scene = clock(20)
    scene.until(650.0)
    scene.put(660.0, Farewell(1, 3.0))
    assert told(scene, 900.0) == [(600.0, 600.0), (780.0, 60.0), (840.0, 0.0)]


def test_more_minutes_than_are_left_and_none_at_all_change_nothing() -> None:
    scene = clock(20)
    scene.until(1000.0)
    scene.put(1000.0, Farewell(1, 30.0))
    scene.put(1100.0, Farewell(2))
    assert told(scene, 1250.0) == [(600.0, 600.0), (900.0, 300.0), (1140.0, 60.0), (1200.0, 0.0)]


def test_after_a_countdown_the_call_may_still_be_extended() -> None:
    scene = clock(20)
    scene.until(650.0)
    scene.put(660.0, Farewell(1, 3.0))
    scene.put(670.0, Extended(120.0))
    assert told(scene, 970.0) == [(600.0, 600.0), (900.0, 60.0), (960.0, 0.0)]
