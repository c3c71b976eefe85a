"""Sound on its way out, over a stream that the test drives block by block."""

import queue
import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from assistant.errors import DeviceError
from assistant.speaking.outputs import BLOCK_S, Fill, Output, Stream, chosen
from assistant.speaking.playback import AWAY, BACK, CALM_S, Playback
from assistant.speaking.samples import Floats, Samples

pytestmark = pytest.mark.unit

RATE_HZ = 48000
BLOCK = round(BLOCK_S * RATE_HZ)


class FakeStream:
    """A stream that asks for a block when the test says so."""

    def __init__(self, fill: Fill) -> None:
        self._fill = fill
        self.active = True
        self.closed = False
        self.may_close = threading.Event()
        self.may_close.set()

    @property
    def rate_hz(self) -> int:
        return RATE_HZ

    def close(self) -> None:
        self.may_close.wait()
        self.active, self.closed = False, True

    def block(self, sounds_in_s: float = 0.05) -> Floats:
        block = np.full(BLOCK, 9.0, np.float32)
        self._fill(block, sounds_in_s)
        return block


class Room:
    """A headset that can go away and come back, and what was told about it."""

    def __init__(self) -> None:
        self.there = True
        self.opened: list[FakeStream] = []
        self.troubles: queue.Queue[tuple[str, bool]] = queue.Queue()
        self._told: queue.Queue[tuple[str, float, bool]] = queue.Queue()
        self.playback = Playback(
            "headset",
            lambda sentence, over: self.troubles.put((sentence, over)),
            open_stream=self._open,
        )

    def _open(self, device: str, fill: Fill) -> Stream:
        if not self.there:
            raise DeviceError("The sound output 'headset' can not be opened.")
        self.opened.append(FakeStream(fill))
        return self.opened[-1]

    @property
    def stream(self) -> FakeStream:
        return self.opened[-1]

    def play(self, length_s: float = 0.05, rate_hz: int = RATE_HZ) -> bool:
        sound = np.ones(round(length_s * rate_hz), np.float32) * np.float32(0.5)
        return self.playback.play(
            Samples(sound, rate_hz),
            lambda in_s: self._told.put(("started", in_s, True)),
            lambda in_s, whole: self._told.put(("ended", in_s, whole)),
        )

    def told(self) -> tuple[str, float, bool]:
        return self._told.get(timeout=5)

    def is_silent(self) -> bool:
        return self._told.empty()


@pytest.fixture
def room() -> Iterator[Room]:
    room = Room()
    room.playback.open()
    yield room
    room.playback.close()
    assert all(stream.closed for stream in room.opened)


def test_between_cues_it_plays_silence(room: Room) -> None:
    assert not room.stream.block().any()


def test_what_is_played_comes_out_whole_and_then_silence(room: Room) -> None:
    assert room.play(0.05)
    out = np.concatenate([room.stream.block() for _ in range(4)])
    assert np.array_equal(np.flatnonzero(out), np.arange(round(0.05 * RATE_HZ)))
    assert set(out.tolist()) == {0.0, 0.5}


def test_its_start_and_end_are_when_the_samples_sound(room: Room) -> None:
    room.play(0.05)
    for _ in range(3):
        room.stream.block(sounds_in_s=1.0)
    what, in_s, _ = room.told()
    assert what == "started"
    assert in_s == pytest.approx(1.0, abs=0.3)
    assert room.is_silent()
    # The last sample sounds when the device has asked for the second it held, and half a block.
    for _ in range(51):
        room.stream.block(sounds_in_s=1.0)
    what, in_s, whole = room.told()
    assert (what, whole) == ("ended", True)
    assert in_s == pytest.approx(-0.01, abs=0.3)
    assert room.is_silent()


def test_what_the_device_took_but_did_not_play_was_not_heard(room: Room) -> None:
    room.play(0.05)
    for _ in range(4):
        room.stream.block(sounds_in_s=0.06)
    assert room.told()[0] == "started"
    room.stream.active = False
    what, _, whole = room.told()
    assert (what, whole) == ("ended", False)


def test_a_cue_that_follows_at_once_does_not_end_the_one_before(room: Room) -> None:
    assert room.play(0.02)
    room.stream.block(sounds_in_s=0.06)
    assert room.play(0.02)
    for _ in range(10):
        room.stream.block(sounds_in_s=0.06)
    told = [room.told() for _ in range(4)]
    assert [(what, whole) for what, _, whole in told if what == "ended"] == [("ended", True)] * 2


def test_a_fault_of_who_is_told_does_not_end_the_telling(room: Room) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("not mine")

    room.playback.play(Samples(np.ones(BLOCK, np.float32), RATE_HZ), fail, fail)
    for _ in range(5):
        room.stream.block()
    assert room.play()
    for _ in range(8):
        room.stream.block()
    assert [room.told()[0], room.told()[0]] == ["started", "ended"]


def test_it_is_resampled_for_the_device(room: Room) -> None:
    room.play(0.1, rate_hz=22050)
    out = np.concatenate([room.stream.block() for _ in range(10)])
    assert np.count_nonzero(out) == pytest.approx(0.1 * RATE_HZ, abs=2)


def test_one_at_a_time(room: Room) -> None:
    assert room.play()
    assert not room.play()
    for _ in range(3):
        room.stream.block()
    assert room.play()


def test_a_cut_fades_out_within_one_block_and_ten_milliseconds(room: Room) -> None:
    room.play(1.0)
    room.stream.block()
    room.playback.cut()
    block = room.stream.block()
    sounding = np.flatnonzero(block)
    assert sounding[-1] < 0.01 * RATE_HZ
    assert (np.diff(block[: sounding[-1]]) <= 0).all()
    assert float(np.abs(np.diff(block)).max()) < 0.01
    assert not room.stream.block().any()
    assert [room.told()[0], room.told()[2]] == ["started", False]


def test_a_cut_before_the_first_block_is_silent(room: Room) -> None:
    room.play(1.0)
    room.playback.cut()
    assert not room.stream.block().any()
    what, _, whole = room.told()
    assert (what, whole) == ("ended", False)
    assert room.is_silent()


def test_a_cut_when_nothing_plays_is_nothing(room: Room) -> None:
    room.playback.cut()
    assert room.play()
    assert room.stream.block().any()


def test_no_device_at_start_is_an_error() -> None:
    room = Room()
    room.there = False
    with pytest.raises(DeviceError):
        room.playback.open()
    room.playback.close()


def until(happens: Callable[[], bool], room: Room) -> bool:
    """Let the headset ask for sound, if it is there, until something happens."""
    pause = threading.Event()
    for _ in range(2000):
        if happens():
            return True
        if room.there and room.stream.active:
            room.stream.block()
        pause.wait(0.01)
    return False


def test_a_headset_that_goes_away_is_found_without_a_cue_and_said_once(room: Room) -> None:
    room.stream.block()
    room.there = False
    assert room.troubles.get(timeout=5) == (AWAY, False)
    assert [room.play() for _ in range(5)] == [False] * 5
    room.there = True
    assert until(lambda: not room.troubles.empty(), room)
    assert room.troubles.get() == (BACK, True)
    assert room.troubles.empty()
    assert len(room.opened) == 2
    assert room.play()


def test_a_headset_that_comes_and_goes_is_one_episode(room: Room) -> None:
    room.stream.active = False
    for number in range(2, 4):
        assert until(lambda number=number: len(room.opened) == number, room)
        room.stream.block()
        room.stream.active = False
    assert until(lambda: room.troubles.qsize() == 2, room)
    assert [room.troubles.get() for _ in range(2)] == [(AWAY, False), (BACK, True)]


def test_a_headset_that_is_back_murmurs_before_it_counts_as_back(room: Room) -> None:
    room.stream.active = False
    assert room.troubles.get(timeout=5) == (AWAY, False)
    assert until(room.play, room)
    assert until(lambda: not room.is_silent(), room)
    assert CALM_S > 1.0
    assert room.troubles.empty()


def test_a_headset_that_goes_away_in_the_middle_ends_the_cue(room: Room) -> None:
    room.play(1.0)
    room.stream.block()
    assert room.told()[0] == "started"
    what, _, whole = room.told()
    assert (what, whole) == ("ended", False)
    assert room.troubles.get(timeout=5) == (AWAY, False)
    assert until(room.play, room)


def test_a_device_that_never_lets_itself_be_closed_holds_nobody_up() -> None:
    room = Room()
    room.playback.open()
    stuck = room.stream
    stuck.may_close.clear()
    room.play(1.0)
    room.stream.block()
    assert [room.told()[0], room.told()[2]] == ["started", False]
    assert until(lambda: len(room.opened) == 2, room)
    room.playback.close()
    stuck.may_close.set()


def test_closing_in_the_middle_ends_the_cue_and_it_can_be_opened_again(room: Room) -> None:
    room.play(1.0)
    room.stream.block()
    room.playback.close()
    assert [room.told()[0], room.told()[2]] == ["started", False]
    assert not room.play()
    assert len(room.opened) == 1
    room.playback.open()
    assert room.play()
    assert room.stream.block().any()
    assert len(room.opened) == 2
    assert room.troubles.empty()


def test_a_headset_that_does_not_come_back_from_a_look_for_devices_is_tried_again(
    room: Room,
) -> None:
    room.playback.close()
    room.there = False
    with pytest.raises(DeviceError):
        room.playback.open()
    assert room.troubles.get(timeout=5)[1] is False
    room.there = True
    assert until(lambda: len(room.opened) == 2, room)


DEVICES = (
    Output(0, "USB Headset", 2, 48000, False),
    Output(1, "Speakers", 2, 48000, True),
    Output(2, "Headset", 1, 16000, False),
)


@pytest.mark.parametrize(
    ("wanted", "index"), [("", 1), ("Headset", 2), ("headset", 0), ("usb", 0), ("speak", 1)]
)
def test_a_device_is_meant_by_its_name_or_a_part_of_it(wanted: str, index: int) -> None:
    assert chosen(wanted, DEVICES).index == index


def test_a_device_that_is_not_there_is_an_error_with_a_hint() -> None:
    with pytest.raises(DeviceError, match="called 'earphone'") as caught:
        chosen("earphone", DEVICES)
    assert "devices" in caught.value.hint
    with pytest.raises(DeviceError, match="no sound output"):
        chosen("", ())
