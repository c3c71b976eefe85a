"""All channels on one line of time: drift, gaps, deaths, silence. Time is an argument."""

import resource
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from cards import START_S, Card, Desk, ToneCard, loud_from_s
from sound_card import pitch_hz

from assistant.events import AudioLost, Channel, Trouble
from assistant.hearing.spool import RATE_HZ, Spool
from assistant.hearing.stream import DIED, Ended, Opened

pytestmark = pytest.mark.edge

ME, THEM = Channel.ME, Channel.THEM
START = 1600


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_what_sounds_together_stands_together(desk: Desk) -> None:
    desk.plug(Card(ME, 1))
    desk.plug(Card(THEM, 2, began_s=START_S + 0.13))
    desk.run(3.0)
    desk.tape.finish()
    assert desk.facts == []
    assert desk.tape.now_s == pytest.approx(3.0, abs=0.03)
    assert desk.sounded_s(ME, 2.0) == pytest.approx(2.0, abs=0.011)
    assert desk.sounded_s(THEM, 2.0) == pytest.approx(2.0, abs=0.011)
    assert not desk.sound(THEM)[: round(0.12 * RATE_HZ)].any()
    assert len(desk.sound(ME)) == len(desk.sound(THEM))


def test_sound_from_before_the_first_block_of_the_microphone_is_left_out(desk: Desk) -> None:
    desk.plug(Card(THEM, 1))
    desk.run(0.4)
    desk.plug(Card(ME, 2, began_s=START_S + 0.4))
    desk.run(2.0)
    assert desk.sounded_s(ME, 1.0) == pytest.approx(1.4, abs=0.011)
    assert desk.sounded_s(THEM, 1.0) == pytest.approx(1.4, abs=0.011)


def test_bursts_do_not_shift_a_channel(desk: Desk) -> None:
    desk.plug(Card(ME, 1))
    desk.plug(Card(THEM, 2, began_s=START_S + 0.05, late_s=(0.08, 0.06, 0.04, 0.02, 0.0)))
    desk.run(3.0)
    assert desk.sounded_s(THEM, 2.0) == pytest.approx(2.0, abs=0.011)
    assert desk.facts == []


@pytest.mark.parametrize("ppm", [-500.0, 500.0])
def test_two_cards_that_drift_are_kept_together(desk: Desk, ppm: float) -> None:
    desk.plug(Card(ME, 1))
    desk.plug(Card(THEM, 2, ppm=ppm, late_s=(0.003, 0.0, 0.011, 0.001, 0.0)))
    worst_s = 0.0
    for second in range(2, 120, 2):
        desk.run(2.0)
        at_s = second - 0.5
        apart_s = desk.sounded_s(THEM, at_s) - desk.sounded_s(ME, at_s)
        worst_s = max(worst_s, abs(apart_s))
    assert worst_s <= 0.05
    lost = desk.told(AudioLost)
    assert len(lost) == 2
    for fact in lost:
        assert isinstance(fact, AudioLost)
        assert (fact.channel, fact.why) == (THEM, "clock drift")
        assert fact.end_s - fact.start_s == pytest.approx(0.02 if ppm < 0 else 0.0, abs=0.002)


@pytest.mark.parametrize("ppm", [-500.0, 500.0])
def test_a_microphone_that_drifts_tells_the_time_of_the_clock(desk: Desk, ppm: float) -> None:
    desk.plug(Card(ME, 1, ppm=ppm))
    desk.plug(Card(THEM, 2, ppm=-ppm))
    desk.run(200.0)
    assert desk.tape.now_s == pytest.approx(200.0, abs=0.05)
    for channel in (ME, THEM):
        assert desk.sounded_s(channel, 199.0) == pytest.approx(199.0, abs=0.035)


def test_drift_is_put_right_where_nobody_speaks(desk: Desk) -> None:
    desk.plug(Card(ME, 1))
    them = desk.plug(Card(THEM, 2, ppm=-500.0))
    # Loud while the difference is between the two limits, silent for a moment, loud again.
    desk.run(30.0)
    assert desk.facts == []
    them.silent = True
    desk.run(0.2)
    them.silent = False
    desk.run(5.0)
    (lost,) = desk.facts
    assert isinstance(lost, AudioLost)
    assert lost.start_s == pytest.approx(30.1, abs=0.15)


def test_a_busy_machine_moves_no_channel(desk: Desk) -> None:
    late_s = tuple(0.12 * (n * 7919 % 97 / 97) ** 2 for n in range(97))
    desk.plug(Card(ME, 1, late_s=late_s))
    desk.plug(Card(THEM, 2, late_s=late_s[::-1]))
    desk.run(60.0)
    assert desk.facts == []


def test_what_the_device_lost_becomes_zeros(desk: Desk) -> None:
    me = desk.plug(Card(ME, 1))
    them = desk.plug(Card(THEM, 2))
    desk.run(3.0)
    me.lost = round(0.2 * RATE_HZ)
    desk.tape.take(me.block(overflowed=True))
    desk.run(3.0)
    (lost,) = desk.told(AudioLost)
    assert isinstance(lost, AudioLost)
    assert lost.channel == ME
    assert lost.end_s - lost.start_s == pytest.approx(0.2, abs=0.02)
    assert desk.sounded_s(ME, 5.5) == pytest.approx(5.5, abs=0.03)
    assert desk.sounded_s(THEM, 5.5) == pytest.approx(5.5, abs=0.03)
    assert them.frames > 0


def test_blocks_that_found_no_room_in_the_queue_become_zeros(desk: Desk) -> None:
    me = desk.plug(Card(ME, 1))
    desk.run(1.0)
    for _ in range(10):
        me.block()
    desk.run(1.0)
    (lost,) = desk.told(AudioLost)
    assert isinstance(lost, AudioLost)
    assert (lost.start_s, lost.end_s) == (pytest.approx(1.0, abs=0.03), lost.start_s + 0.2)
    assert not desk.sound(ME)[round(lost.start_s * RATE_HZ) : round(lost.end_s * RATE_HZ)].any()
    assert desk.sounded_s(ME, 1.8) == pytest.approx(1.8, abs=0.011)


@pytest.mark.parametrize(("dies", "lives"), [(ME, THEM), (THEM, ME)])
def test_a_dead_stream_is_zeros_until_it_is_back(desk: Desk, dies: Channel, lives: Channel) -> None:
    dying = desk.plug(Card(dies, 1))
    desk.plug(Card(lives, 2))
    desk.run(2.0)
    desk.unplug(dying)
    desk.run(0.6)
    assert desk.dead == [dies]
    desk.run(3.0)
    assert desk.tape.now_s == pytest.approx(5.6, abs=0.15)
    desk.plug(Card(dies, 3, began_s=desk.now_s))
    desk.run(5.0)
    assert desk.dead == [dies]
    (lost,) = desk.told(AudioLost)
    assert isinstance(lost, AudioLost)
    assert (lost.channel, lost.why) == (dies, DIED)
    assert (lost.start_s, lost.end_s) == (pytest.approx(2.0, abs=0.03), pytest.approx(5.6, abs=0.1))
    part = "microphone" if dies is ME else "far side"
    assert [fact.part for fact in desk.told(Trouble) if isinstance(fact, Trouble)] == [part, part]
    gap = slice(round(lost.start_s * RATE_HZ), round(lost.end_s * RATE_HZ))
    assert not desk.sound(dies)[gap].any()
    assert desk.sound(lives)[gap].all()
    for channel in (dies, lives):
        assert desk.sounded_s(channel, 9.0) == pytest.approx(9.0, abs=0.05)


def test_a_stream_that_says_it_ended_is_dead_at_once(desk: Desk) -> None:
    desk.plug(Card(ME, 1))
    desk.run(1.0)
    assert desk.tape.end(Ended(ME, 1, DIED))
    assert not desk.tape.end(Ended(ME, 1, DIED))
    assert len(desk.told(Trouble)) == 1


def test_the_end_of_an_old_stream_does_not_end_the_new_one(desk: Desk) -> None:
    desk.plug(Card(ME, 1))
    desk.run(1.0)
    desk.tape.end(Ended(ME, 1, DIED))
    desk.unplug(desk.cards[0])
    desk.plug(Card(ME, 2, began_s=desk.now_s))
    assert not desk.tape.end(Ended(ME, 1, DIED))


def test_a_stream_that_comes_and_goes_is_one_trouble(desk: Desk) -> None:
    for number in range(1, 7):
        card = desk.plug(Card(ME, number, began_s=desk.now_s))
        desk.run(1.0)
        desk.unplug(card)
        desk.run(1.0)
    assert len(desk.told(Trouble)) == 1
    assert len(desk.dead) == 6


def test_a_stream_that_opens_and_never_gives_sound_is_found_dead(desk: Desk) -> None:
    desk.plug(Card(ME, 1))
    desk.tape.expect(Opened(THEM, 2), desk.now_s)
    desk.run(2.0)
    assert desk.dead == []
    desk.run(1.0)
    assert desk.dead == [THEM]
    desk.tape.finish()
    lost = desk.told(AudioLost)[0]
    assert isinstance(lost, AudioLost)
    assert (lost.channel, lost.start_s, lost.why) == (THEM, 0.0, "never began")
    assert lost.end_s == pytest.approx(3.0, abs=0.03)


def test_a_machine_that_slept_is_not_a_dead_stream(desk: Desk) -> None:
    me = desk.plug(Card(ME, 1))
    desk.run(1.0)
    desk.now_s += 2.0
    assert desk.tape.tick(desk.now_s) == []
    me.lost = 2 * RATE_HZ
    desk.run(2.0)
    assert desk.dead == []
    assert desk.sounded_s(ME, 4.5) == pytest.approx(4.5, abs=0.05)


@pytest.mark.parametrize("slept_s", [7.0, 600.0])
def test_a_sleep_is_zeros_on_every_channel_and_the_time_goes_on(desk: Desk, slept_s: float) -> None:
    me = desk.plug(Card(ME, 1))
    them = desk.plug(Card(THEM, 2))
    desk.run(3.0)
    desk.now_s += slept_s
    me.lost = them.lost = round(slept_s * RATE_HZ)
    desk.run(3.0)
    assert desk.dead == []
    assert desk.tape.now_s == pytest.approx(slept_s + 6.0, abs=0.05)
    for channel in (ME, THEM):
        (lost,) = [f for f in desk.facts if isinstance(f, AudioLost) and f.channel == channel]
        assert (lost.start_s, lost.why) == (pytest.approx(3.0, abs=0.05), "the machine slept")
        assert lost.end_s == pytest.approx(slept_s + 3.0, abs=0.05)
        gap = slice(round(lost.start_s * RATE_HZ), round(lost.end_s * RATE_HZ))
        assert not desk.sound(channel)[gap].any()
        assert desk.sounded_s(channel, slept_s + 5.0) == pytest.approx(
            (slept_s + 5.0) % 300, abs=0.05
        )
    assert desk.told(Trouble) == []


def test_a_stream_that_died_in_its_sleep_is_found_dead(desk: Desk) -> None:
    me = desk.plug(Card(ME, 1))
    them = desk.plug(Card(THEM, 2))
    desk.run(3.0)
    desk.now_s += 600.0
    me.lost = 600 * RATE_HZ
    desk.unplug(them)
    desk.run(4.0)
    assert desk.dead == [THEM]
    assert desk.tape.now_s == pytest.approx(607.0, abs=0.05)
    desk.plug(Card(THEM, 3, began_s=desk.now_s))
    desk.run(4.0)
    told = [(fact.part, fact.over) for fact in desk.facts if isinstance(fact, Trouble)]
    assert told == [("far side", False), ("far side", True)]
    assert desk.sounded_s(THEM, 610.0) == pytest.approx(610.0 % 300, abs=0.05)


def test_a_halt_of_the_program_loses_nothing_that_the_device_kept(desk: Desk) -> None:
    me = desk.plug(Card(ME, 1))
    desk.run(3.0)
    desk.now_s += 8.0
    for _ in range(400):
        desk.tape.take(me.block()._replace(stamp_s=desk.now_s))
    desk.run(3.0)
    assert desk.facts == []
    assert set(np.diff(desk.sound(ME).astype(int)).tolist()) == {0, 1}
    assert desk.tape.now_s == pytest.approx(14.0, abs=0.05)


@pytest.mark.parametrize("changes", [ME, THEM])
def test_a_rate_that_changes_in_the_call_is_followed(desk: Desk, changes: Channel) -> None:
    card = desk.plug(ToneCard(changes, 1))
    other = THEM if changes is ME else ME
    desk.plug(Card(other, 2))
    for real_hz, pitch in ((48000, 440.0), (24000, 500.0), (16000, 600.0), (48000, 700.0)):
        card.real_hz, card.pitch_hz = real_hz, pitch
        desk.run(6.0)
        end = round(desk.tape.now_s * RATE_HZ)
        lately = desk.sound(changes)[end - 3 * RATE_HZ : end]
        assert pitch_hz(lately[: 2 * RATE_HZ]) == pytest.approx(pitch, rel=0.005)
        # A block of this stream is up to 60 ms long.
        assert desk.tape.now_s == pytest.approx(desk.now_s - START_S, abs=0.07)
        near_s = float(round(desk.tape.now_s) - 1)
        assert loud_from_s(desk.sound(changes), near_s) == pytest.approx(near_s, abs=0.02)
    lost = [fact for fact in desk.facts if isinstance(fact, AudioLost)]
    assert {(fact.channel, fact.why) for fact in lost} == {
        (changes, "the device changed its sample rate")
    }
    assert len(lost) == 3
    assert desk.sound(other)[START : end - START].all()


def test_a_channel_that_is_dead_at_the_end_is_told_as_lost(desk: Desk) -> None:
    desk.plug(Card(ME, 1))
    them = desk.plug(Card(THEM, 2))
    desk.run(1.0)
    desk.unplug(them)
    desk.run(2.0)
    desk.tape.finish()
    (lost,) = desk.told(AudioLost)
    assert isinstance(lost, AudioLost)
    assert (lost.channel, lost.end_s) == (THEM, desk.tape.now_s)
    assert len(desk.sound(ME)) == len(desk.sound(THEM))


def test_a_silent_microphone_is_told_once_and_again_when_it_speaks(desk: Desk) -> None:
    me = desk.plug(Card(ME, 1, silent=True))
    desk.run(4.5)
    assert desk.facts == []
    desk.run(20.0)
    assert len(desk.told(Trouble)) == 1
    me.silent = False
    desk.run(1.0)
    assert len(desk.told(Trouble)) == 2


def test_a_far_side_is_silent_while_nobody_speaks(desk: Desk) -> None:
    desk.plug(Card(ME, 1))
    them = desk.plug(Card(THEM, 2))
    desk.run(1.0)
    them.silent = True
    desk.run(60.0)
    assert desk.facts == []


def test_a_far_side_that_was_never_heard_is_told(desk: Desk) -> None:
    desk.plug(Card(ME, 1))
    desk.plug(Card(THEM, 2, silent=True))
    desk.run(29.0)
    assert desk.facts == []
    desk.run(3.0)
    (trouble,) = desk.facts
    assert isinstance(trouble, Trouble)
    assert trouble.part == "far side"


def test_one_microphone_for_both_makes_the_time(tmp_path: Path) -> None:
    desk = Desk(tmp_path, channels=(Channel.UNCLEAR,))
    desk.plug(Card(Channel.UNCLEAR, 1))
    desk.run(1.0)
    assert desk.tape.now_s == pytest.approx(1.0, abs=0.03)


def test_a_call_goes_on_behind_what_is_on_disk(tmp_path: Path) -> None:
    for channel, frames in ((ME, 32000), (THEM, 31000)):
        with Spool(tmp_path / f"{channel}.s16") as spool:
            spool.append(b"\x01\x00" * frames)
    desk = Desk(tmp_path)
    assert desk.tape.now_s == 2.0
    desk.plug(Card(ME, 1))
    desk.plug(Card(THEM, 2))
    desk.run(1.0)
    assert desk.facts == []
    assert desk.sounded_s(ME, 2.8) == pytest.approx(0.8, abs=0.011)
    assert desk.sounded_s(THEM, 2.8) == pytest.approx(0.8, abs=0.011)


@contextmanager
def no_file_over(size: int) -> Generator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_once_and_time_goes_on(tmp_path: Path) -> None:
    desk = Desk(tmp_path, channels=(ME,))
    desk.plug(Card(ME, 1))
    with no_file_over(2 * RATE_HZ * 2):
        desk.run(4.0)
        assert desk.tape.now_s == pytest.approx(4.0, abs=0.03)
        assert len(desk.told(Trouble)) == 1
    desk.run(2.0)
    (lost,) = desk.told(AudioLost)
    assert isinstance(lost, AudioLost)
    assert (lost.start_s, lost.end_s) == (2.0, pytest.approx(4.0, abs=0.03))
    assert desk.sounded_s(ME, 1.5) == pytest.approx(1.5, abs=0.011)
    assert desk.sounded_s(ME, 5.5) == pytest.approx(5.5, abs=0.011)


def test_a_disk_that_is_full_at_the_end_is_a_loss_that_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path, channels=(ME,))
    desk.plug(Card(ME, 1))
    with no_file_over(2 * RATE_HZ * 2):
        desk.run(4.0)
        desk.tape.finish()
    (lost,) = desk.told(AudioLost)
    assert isinstance(lost, AudioLost)
    assert (lost.start_s, lost.end_s) == (2.0, pytest.approx(4.0, abs=0.03))


def test_sound_that_is_held_back_is_zeros_and_takes_no_room(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.plug(Card(ME, 1))
    desk.plug(Card(THEM, 2))
    desk.run(2.0)
    for lane in desk.tape.lanes.values():
        lane.is_held_back = True
    taken = [spool.path.stat().st_blocks for spool in desk.spools.values()]
    desk.run(2.0)
    assert [spool.path.stat().st_blocks for spool in desk.spools.values()] == taken
    assert [spool.frames / RATE_HZ for spool in desk.spools.values()] == [
        pytest.approx(4.0, abs=0.03)
    ] * 2, "who follows the sound goes on with the time"
    assert desk.told(Trouble) == []
    for lane in desk.tape.lanes.values():
        lane.is_held_back = False
    desk.run(2.0)
    for lost in desk.told(AudioLost):
        assert isinstance(lost, AudioLost)
        assert lost.why == "the disk is full"
        assert (lost.start_s, lost.end_s) == pytest.approx((2.0, 4.0), abs=0.03)
    assert len(desk.told(AudioLost)) == 2
    assert not desk.sound(ME)[round(2.05 * RATE_HZ) : round(3.95 * RATE_HZ)].any()
    assert desk.sounded_s(ME, 1.5) == pytest.approx(1.5, abs=0.011)
    assert desk.sounded_s(ME, 5.5) == pytest.approx(5.5, abs=0.011)
