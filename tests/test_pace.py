"""Frames against the clock: what was lost, and how fast a stream really runs."""

from collections.abc import Iterator
from itertools import cycle

import pytest

from assistant.hearing.pace import Missing, Pace, Stale

pytestmark = pytest.mark.unit

BLOCK_S = 0.02
JITTER_S = (0.0, 0.004, 0.0, 0.011, 0.002)


class Stream:
    """Calls back for 20 ms at a time at the rate it was opened with, whatever its card does."""

    def __init__(self, rate_hz: int) -> None:
        self.block = round(rate_hz * BLOCK_S)
        self.pace = Pace(rate_hz)
        self.now_s = 100.0
        self.frames = 0
        self._jitter: Iterator[float] = cycle(JITTER_S)

    def run(self, length_s: float, real_hz: float) -> list[Missing | Stale]:
        found: list[Missing | Stale] = []
        until_s = self.now_s + length_s
        while self.now_s < until_s:
            self.now_s += self.block / real_hz
            self.frames += self.block
            if event := self.pace.feed(self.now_s + next(self._jitter), self.frames):
                found.append(event)
        return found


def test_a_steady_stream_has_nothing_to_tell() -> None:
    assert Stream(48000).run(30.0, 48000) == []


@pytest.mark.parametrize("ppm", [-500, 500])
def test_a_drifting_card_is_not_another_rate(ppm: int) -> None:
    assert Stream(48000).run(30.0, 48000 * (1 + ppm / 1e6)) == []


@pytest.mark.parametrize(
    ("opened_hz", "real_hz"),
    [(48000, 24000), (48000, 16000), (24000, 16000), (16000, 48000), (44100, 48000), (16000, 8000)],
)
def test_another_rate_is_found_soon(opened_hz: int, real_hz: int) -> None:
    stream = Stream(opened_hz)
    assert stream.run(5.3, opened_hz) == []
    (found,) = stream.run(3.5, real_hz)
    assert isinstance(found, Stale)
    assert found.rate_hz == pytest.approx(real_hz)
    assert stream.run(10.0, real_hz) == []


def test_what_was_placed_at_the_old_rate_is_so_far_behind() -> None:
    stream = Stream(48000)
    stream.run(5.0, 48000)
    changed_s, changed_frames = stream.now_s, stream.frames
    found: list[Missing | Stale] = []
    while not found:
        found = stream.run(BLOCK_S, 24000)
    (stale,) = found
    assert isinstance(stale, Stale)
    placed_s = (stream.frames - changed_frames) / 48000
    assert stale.behind_s == pytest.approx(stream.now_s - changed_s - placed_s, abs=0.02)


def test_a_rate_that_changes_twice_and_back_is_followed() -> None:
    stream = Stream(48000)
    rates: list[float] = []
    for real_hz in (48000, 24000, 16000, 48000):
        rates += [e.rate_hz for e in stream.run(6.0, real_hz) if isinstance(e, Stale)]
    assert rates == pytest.approx([24000, 16000, 48000])


def test_frames_that_never_came_are_missing_once() -> None:
    stream = Stream(16000)
    stream.run(3.0, 16000)
    stream.now_s += 0.3
    (found,) = stream.run(5.0, 16000)
    assert isinstance(found, Missing)
    assert found.s == pytest.approx(0.3, abs=0.015)


def test_a_burst_after_a_halt_is_nothing_missing() -> None:
    stream = Stream(16000)
    stream.run(3.0, 16000)
    stream.now_s += 1.2
    late = [stream.now_s] * 60
    for stamp_s in late:
        stream.frames += stream.block
        assert stream.pace.feed(stamp_s, stream.frames) is None
    for event in stream.run(5.0, 16000):
        assert isinstance(event, Missing)
        assert event.s == pytest.approx(0.0, abs=0.02)


def test_a_card_that_always_loses_a_part_has_no_other_rate() -> None:
    stream = Stream(16000)
    stream.run(3.0, 16000)
    found = stream.run(20.0, 16000 * 0.87)
    assert found
    assert all(isinstance(event, Missing) for event in found)
    assert sum(e.s for e in found if isinstance(e, Missing)) == pytest.approx(2.6, abs=0.4)
