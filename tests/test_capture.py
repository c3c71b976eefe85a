"""Capturing with real threads at the real pace, from a sound card that is not there."""

import queue
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from bad_disk import BadDisk
from paced_card import PacedCard

from assistant.durable import sync_data
from assistant.errors import DeviceError
from assistant.events import AudioLost, Channel, Fact, Trouble
from assistant.hearing.capture import MOVED, SAFE_AGAIN, Capture
from assistant.hearing.clock import Clock, real_clock
from assistant.hearing.spool import RATE_HZ, Spool, read
from assistant.hearing.streams import BACK_OFF_S, LOOKED

pytestmark = [pytest.mark.edge, pytest.mark.alone]

ME, THEM = Channel.ME, Channel.THEM


class Desk:
    """A capture on a card, its files, and its facts."""

    def __init__(
        self,
        folder: Path,
        card: PacedCard,
        sources: dict[Channel, str],
        sync_data: Callable[[int], None] = sync_data,
        clock: Clock = real_clock,
    ) -> None:
        self.card = card
        self.facts: queue.SimpleQueue[Fact] = queue.SimpleQueue()
        self.tell: Callable[[Fact], None] = self.facts.put
        self.let_go_of = 0
        self.away = threading.Event()
        """Never set: for waiting as long as a device is away."""
        self.spools = {c: Spool(folder / f"{c}.s16", sync_data) for c in sources}
        self.capture = Capture(
            sources,
            self.spools,
            self._told,
            let_go=self._let_go,
            sound=card,
            clock=clock,
        )

    def _told(self, fact: Fact) -> None:
        self.tell(fact)

    @contextmanager
    def _let_go(self) -> Generator[None]:
        self.let_go_of += 1
        yield

    def next_fact(self) -> Fact:
        return self.facts.get(timeout=10.0)

    def sound(self, channel: Channel) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
        return np.frombuffer(self.spools[channel].path.read_bytes(), np.int16)


@pytest.fixture
def desk(tmp_path: Path) -> Generator[Desk]:
    desk = Desk(tmp_path, PacedCard(mic=1000, far=-500), {ME: "mic", THEM: "far"})
    yield desk
    desk.capture.close()


def test_each_side_is_on_its_own_file_from_the_first_moment(desk: Desk) -> None:
    desk.capture.open()
    assert desk.capture.now_s() > 0
    desk.card.wait_for("mic", 100)
    assert desk.capture.now_s() == pytest.approx(2.0, abs=0.1)
    desk.capture.close()
    mine, theirs = desk.sound(ME), desk.sound(THEM)
    assert len(mine) == round(desk.capture.now_s() * RATE_HZ)
    assert 0 <= len(theirs) - len(mine) <= 640
    assert set(mine.tolist()) == {1000}
    assert set(theirs[1600:-1600].tolist()) == {-500}
    assert desk.facts.empty()


def test_levels_are_told(desk: Desk) -> None:
    desk.capture.open()
    desk.card.wait_for("mic", 60)
    desk.capture.close()
    assert desk.capture.level_db(ME) == pytest.approx(-30.3, abs=0.1)
    assert desk.capture.speech_db(ME) == pytest.approx(-30.3, abs=0.1)
    assert desk.capture.speech_db(THEM) == pytest.approx(-36.3, abs=0.1)


def test_no_callback_ever_waits_and_nothing_is_lost_when_the_writer_does(desk: Desk) -> None:
    go_on = threading.Event()
    desk.capture.open()
    desk.card.wait_for("mic", 10)
    # A listener that does not return holds up the writer, as a stuck disk would.
    desk.tell = lambda fact: (desk.facts.put(fact), go_on.wait(10.0))[0]
    desk.card.stuck.add("far")
    assert isinstance(desk.next_fact(), Trouble)
    desk.card.wait_for("mic", 75)
    assert desk.card.slowest_s < 0.002
    go_on.set()
    desk.capture.close()
    assert set(desk.sound(ME).tolist()) == {1000}
    assert len(desk.sound(ME)) >= 85 * 320


@pytest.mark.parametrize(
    ("dies", "device", "lives", "value"), [(ME, "mic", THEM, -500), (THEM, "far", ME, 1000)]
)
def test_a_dead_side_comes_back_and_the_other_never_stops(
    desk: Desk, dies: Channel, device: str, lives: Channel, value: int
) -> None:
    desk.capture.open()
    desk.card.wait_for(device, 40)
    died_s = desk.capture.now_s()
    desk.card.stuck.add(device)
    trouble = desk.next_fact()
    assert isinstance(trouble, Trouble)
    assert trouble.part == ("microphone" if dies is ME else "far side")
    desk.card.plugged.discard(device)
    desk.card.known.discard(device)
    other = "far" if dies is ME else "mic"
    desk.card.wait_for(other, 50)
    assert desk.capture.now_s() > died_s + 1.0
    desk.card.stuck.discard(device)
    desk.card.plugged.add(device)
    desk.card.known.add(device)
    lost = desk.next_fact()
    assert isinstance(lost, AudioLost)
    assert (lost.channel, lost.start_s) == (dies, pytest.approx(died_s, abs=0.1))
    desk.card.wait_for(device, 20)
    desk.capture.close()
    gap = slice(round(lost.start_s * RATE_HZ), round(lost.end_s * RATE_HZ))
    assert not desk.sound(dies)[gap].any()
    assert desk.sound(dies)[gap.stop + 10] != 0
    assert set(desk.sound(lives)[1600:-1600].tolist()) == {value}


def drained(facts: "queue.SimpleQueue[Fact]") -> list[Fact]:
    told: list[Fact] = []
    while not facts.empty():
        told.append(facts.get())
    return told


def is_over(fact: Fact) -> bool:
    return isinstance(fact, Trouble) and fact.over


def test_a_server_that_is_gone_and_back_is_one_trouble_for_each_side(desk: Desk) -> None:
    desk.capture.open()
    desk.card.wait_for("mic", 20)
    desk.card.stuck.update(("mic", "far"))
    desk.card.plugged.clear()
    told = [desk.next_fact(), desk.next_fact()]
    # Long enough for attempts of both sides to fail, out of step with one another.
    assert not desk.away.wait(1.2)
    desk.card.stuck.clear()
    desk.card.plugged.update(("mic", "far"))
    while sum(map(is_over, told)) < 2:
        told.append(desk.next_fact())
    opened = len(desk.card.opened)
    desk.card.wait_for("mic", 75)
    assert len(desk.card.opened) == opened
    pairs = [(fact.part, fact.over) for fact in told if isinstance(fact, Trouble)]
    assert sorted(pairs) == [
        ("far side", False),
        ("far side", True),
        ("microphone", False),
        ("microphone", True),
    ]
    assert desk.facts.empty()


def test_every_frame_that_a_device_delivered_is_kept_at_its_time(tmp_path: Path) -> None:
    card = PacedCard(mic=1000, far=-500)
    card.numbered = True
    desk = Desk(tmp_path, card, {ME: "mic", THEM: "far"})
    desk.capture.open()
    card.wait_for("mic", 40)
    card.stuck.add("mic")
    assert isinstance(desk.next_fact(), Trouble)
    # It only halted: its stream is taken back as it is.
    card.stuck.discard("mic")
    assert isinstance(desk.next_fact(), AudioLost)
    card.wait_for("mic", 40)
    desk.capture.close()
    assert len(card.opened) == 2
    for channel, device in ((ME, "mic"), (THEM, "far")):
        sound = desk.sound(channel)
        kept = sound[sound > 0]
        delivered = np.concatenate(card.delivered[device])
        # Sound from before the call's first moment, or its last file's end, is not of the call.
        first = int(np.flatnonzero(delivered == kept[0])[0])
        assert first <= 1600
        assert np.array_equal(kept, delivered[first : first + len(kept)])
        assert len(delivered) - first - len(kept) <= 640
        # A number is a moment: the halt is where it was, as long as it was.
        stands = np.flatnonzero(sound > 0)
        moments = np.unwrap(kept.astype(float), period=30000)
        late = stands - stands[0] - (moments - moments[0])
        assert np.abs(late).max() <= 0.03 * RATE_HZ


def test_a_far_side_that_plays_elsewhere_by_now_is_found_without_a_hole(tmp_path: Path) -> None:
    card = PacedCard(mic=1000, far=0)
    card.speed = 3.0
    desk = Desk(tmp_path, card, {ME: "mic", THEM: "far"}, clock=card.now_s)
    desk.capture.open()
    # Who opens the device anew hears it; the stream that runs goes on with zeros.
    card.values["far"] = -500
    lost = desk.next_fact()
    assert isinstance(lost, AudioLost)
    assert lost.channel is THEM
    card.wait_for("far", 20)
    desk.capture.close()
    assert 5.0 < lost.start_s < 20.0
    assert lost.end_s - lost.start_s < 1.0
    assert desk.sound(THEM)[-1] == -500
    assert set(desk.sound(ME)[:-1600].tolist()) == {1000}


def test_a_muted_microphone_is_not_opened_again(tmp_path: Path) -> None:
    card = PacedCard(mic=0)
    card.speed = 3.0
    desk = Desk(tmp_path, card, {ME: "mic"}, clock=card.now_s)
    desk.capture.open()
    assert isinstance(desk.next_fact(), Trouble)
    card.wait_for("mic", 300)
    desk.capture.close()
    assert desk.facts.empty()
    # The one that runs, and one that was only listened to.
    assert len(card.opened) == 2
    assert len(desk.sound(ME)) == round(desk.capture.now_s() * RATE_HZ)


def test_a_clock_that_runs_twenty_times_as_fast_makes_a_long_call_short(tmp_path: Path) -> None:
    began_s = time.monotonic()
    card = PacedCard(mic=1000, far=-500)
    card.speed = 20.0
    desk = Desk(tmp_path, card, {ME: "mic", THEM: "far"}, clock=card.now_s)
    desk.capture.open()
    card.wait_for("mic", 3000)
    took_s = time.monotonic() - began_s
    desk.capture.close()
    assert took_s < 30.0
    assert desk.capture.now_s() >= 59.0
    assert set(desk.sound(ME).tolist()) == {1000}
    assert not any(isinstance(fact, Trouble) for fact in drained(desk.facts))


def test_a_machine_that_sleeps_ten_minutes_goes_on_where_the_clock_is(tmp_path: Path) -> None:
    card = PacedCard(mic=1000, far=-500)
    desk = Desk(tmp_path, card, {ME: "mic", THEM: "far"}, clock=card.now_s)
    desk.capture.open()
    card.wait_for("mic", 40)
    before_s = desk.capture.now_s()
    card.skip(600.0)
    lost = [desk.next_fact(), desk.next_fact()]
    card.wait_for("mic", 20)
    desk.capture.close()
    assert {(f.channel, f.why) for f in lost if isinstance(f, AudioLost)} == {
        (ME, "the machine slept"),
        (THEM, "the machine slept"),
    }
    for fact in lost:
        assert isinstance(fact, AudioLost)
        assert fact.end_s - fact.start_s == pytest.approx(600.0, abs=0.1)
        assert fact.start_s == pytest.approx(before_s, abs=0.2)
    assert desk.capture.now_s() > before_s + 600.0
    assert desk.sound(ME)[-1] == 1000
    assert desk.facts.empty()


def test_a_device_that_stays_away_is_not_besieged(desk: Desk) -> None:
    desk.capture.open()
    desk.card.plugged.discard("far")
    desk.card.known.discard("far")
    desk.card.stuck.add("far")
    assert isinstance(desk.next_fact(), Trouble)
    before = len(desk.card.opened)
    desk.card.wait_for("mic", 200)
    tries = [at_s for _, at_s in desk.card.opened[before:]]
    waits = np.diff(tries).tolist()
    assert 2 <= len(tries) <= 3
    assert waits == pytest.approx(BACK_OFF_S[1 : len(tries)], abs=0.2)
    assert desk.facts.empty()


def test_a_device_that_is_new_is_found_with_a_short_hole_in_the_other(tmp_path: Path) -> None:
    card = PacedCard(mic=1000, far=-500)
    desk = Desk(tmp_path, card, {ME: "mic", THEM: "far"})
    desk.capture.open()
    card.wait_for("mic", 30)
    card.unplug("far")
    assert isinstance(desk.next_fact(), Trouble)
    # Plugged in again, but as PortAudio sees it only after it looked anew.
    lost = [desk.next_fact(), desk.next_fact()]
    card.wait_for("far", 20)
    desk.capture.close()
    assert desk.let_go_of == 1
    holes = {fact.channel: fact for fact in lost if isinstance(fact, AudioLost)}
    assert holes[ME].why == LOOKED
    assert holes[ME].end_s - holes[ME].start_s < 0.3
    assert set(desk.sound(THEM)[-3200:-1600].tolist()) == {-500}


def test_a_look_that_fails_is_made_again_until_every_side_is_back(tmp_path: Path) -> None:
    card = PacedCard(mic=1000, far=-500)
    desk = Desk(tmp_path, card, {ME: "mic", THEM: "far"})
    desk.capture.open()
    card.wait_for("mic", 30)
    card.unplug("far")
    card.look_faults = 1
    told = [desk.next_fact()]
    while sum(isinstance(fact, AudioLost) for fact in told) < 2:
        told.append(desk.next_fact())
    card.wait_for("far", 20)
    desk.capture.close()
    assert card.looks >= 2
    parts = {fact.part for fact in told if isinstance(fact, Trouble)}
    assert parts == {"far side", "microphone"}
    assert set(desk.sound(ME)[-3200:-1600].tolist()) == {1000}
    assert set(desk.sound(THEM)[-3200:-1600].tolist()) == {-500}


def test_a_block_that_can_not_be_kept_is_zeros_and_the_next_one_is_kept(desk: Desk) -> None:
    desk.capture.open()
    desk.card.wait_for("mic", 20)
    desk.card.half_frames["mic"] = 2
    trouble = desk.next_fact()
    assert isinstance(trouble, Trouble)
    assert trouble.part == "microphone"
    desk.card.wait_for("mic", 60)
    desk.capture.close()
    assert len(desk.card.opened) == 2
    assert (desk.sound(ME) == 0).sum() == 2 * 320
    assert desk.sound(ME)[-1] == 1000
    assert desk.facts.empty()


def test_a_microphone_of_which_nothing_can_be_kept_is_opened_again(desk: Desk) -> None:
    desk.capture.open()
    desk.card.wait_for("mic", 20)
    fault_s = desk.capture.now_s()
    desk.card.half_frames["mic"] = 1000
    assert isinstance(desk.next_fact(), Trouble)
    stopped = desk.next_fact()
    assert isinstance(stopped, Trouble)
    assert "stopped" in stopped.text
    desk.card.wait_for("mic", 50)
    assert desk.capture.now_s() > fault_s + 1.0
    desk.card.half_frames["mic"] = 0
    lost = desk.next_fact()
    assert isinstance(lost, AudioLost)
    desk.card.wait_for("mic", 20)
    desk.capture.close()
    assert desk.sound(ME)[-1] == 1000
    assert set(desk.sound(THEM)[1600:-1600].tolist()) == {-500}


def test_while_paused_nothing_is_kept_and_time_goes_on(desk: Desk) -> None:
    desk.capture.open()
    desk.card.wait_for("mic", 40)
    desk.capture.pause()
    paused_s = desk.capture.now_s()
    desk.card.wait_for("mic", 50)
    resumed_s = desk.capture.now_s()
    desk.capture.resume()
    desk.card.wait_for("mic", 40)
    desk.capture.close()
    assert resumed_s - paused_s == pytest.approx(1.0, abs=0.1)
    for channel in (ME, THEM):
        sound = desk.sound(channel)
        paused = sound[round((paused_s + 0.1) * RATE_HZ) : round(resumed_s * RATE_HZ)]
        assert not paused.any()
        assert sound[round((paused_s - 0.1) * RATE_HZ)] != 0
        assert sound[round((resumed_s + 0.3) * RATE_HZ)] != 0
    assert desk.facts.empty()


def test_a_stereo_device_at_its_own_rate_is_captured_frame_for_frame(tmp_path: Path) -> None:
    card = PacedCard(mic=1000, far=-500)
    card.formats = {"far": (48000, 2)}
    desk = Desk(tmp_path, card, {ME: "mic", THEM: "far"})
    desk.capture.open()
    card.wait_for("far", 100)
    desk.capture.close()
    theirs = desk.sound(THEM)[3200:-3200]
    assert np.abs(theirs - -500).max() <= 2
    assert desk.facts.empty()


def test_no_microphone_is_a_device_error_and_everything_is_closed(tmp_path: Path) -> None:
    card = PacedCard(far=-500)
    desk = Desk(tmp_path, card, {THEM: "far", ME: "mic"})
    with pytest.raises(DeviceError, match="No microphone was found"):
        desk.capture.open()
    before = threading.active_count()
    desk.capture.close()
    assert threading.active_count() <= before
    assert not any(stream.is_running for stream in card.streams)


def test_a_microphone_that_gives_no_sound_is_a_device_error(tmp_path: Path) -> None:
    card = PacedCard(mic=1)
    card.stuck.add("mic")
    desk = Desk(tmp_path, card, {ME: "mic"})
    with pytest.raises(DeviceError, match="gives no sound"):
        desk.capture.open()


def test_closing_before_opening_and_twice_does_no_harm(desk: Desk) -> None:
    desk.capture.close()
    desk.capture.close()


def test_a_disk_that_fails_once_costs_no_sound_and_is_told(tmp_path: Path) -> None:
    with BadDisk(fails=1) as disk:
        desk = Desk(tmp_path, PacedCard(mic=1000), {ME: "mic"}, disk.sync)
        desk.capture.open()
        assert desk.next_fact() == Trouble("disk", MOVED, over=True)
        desk.card.wait_for("mic", 10)
        desk.capture.close()
    assert len(list(tmp_path.iterdir())) == 2
    sound = np.frombuffer(read(desk.spools[ME].path, 0, 10 * RATE_HZ), np.int16)
    assert len(sound) == round(desk.capture.now_s() * RATE_HZ)
    assert set(sound.tolist()) == {1000}


def test_a_disk_that_keeps_failing_is_told_once_and_tried_again(tmp_path: Path) -> None:
    with BadDisk(is_bad=True) as disk:
        desk = Desk(tmp_path, PacedCard(mic=1000, far=-500), {ME: "mic", THEM: "far"}, disk.sync)
        desk.capture.open()
        told = desk.next_fact()
        assert isinstance(told, Trouble)
        assert (told.part, told.over) == ("disk", False)
        assert "can not be kept" in told.text
        desk.card.wait_for("mic", 50)
        disk.is_bad = False
        assert desk.next_fact() == Trouble("disk", SAFE_AGAIN, over=True), "nothing in between"
        desk.capture.close()
    for channel, value in ((ME, 1000), (THEM, -500)):
        sound = np.frombuffer(read(desk.spools[channel].path, 0, 99 * RATE_HZ), np.int16)
        assert set(sound[1600:-1600].tolist()) == {value}


def test_sound_that_is_held_back_is_kept_again_when_there_is_room(desk: Desk) -> None:
    desk.capture.open()
    desk.card.wait_for("mic", 10)
    desk.capture.hold_back(is_full=True)
    desk.card.wait_for("mic", 50)
    desk.capture.hold_back(is_full=False)
    lost = [desk.next_fact(), desk.next_fact()]
    desk.card.wait_for("mic", 10)
    desk.capture.close()
    for fact in lost:
        assert isinstance(fact, AudioLost)
        assert (fact.why, fact.end_s - fact.start_s) == (
            "the disk is full",
            pytest.approx(1, abs=0.3),
        )
    assert desk.sound(ME)[-1] == 1000
    assert len(desk.sound(ME)) == round(desk.capture.now_s() * RATE_HZ)
