"""Time that goes wrong: cards that drift, a machine that sleeps, a wall clock that jumps.

Simulated cards, the real capture. Hours pass in seconds where nothing waits for a thread.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

from assistant.events import AudioLost, Fact, Trouble
from assistant.hearing.capture import Capture
from assistant.hearing.spool import RATE_HZ, Spool, read
from faults.fault import Tally
from tests.cards import ME, THEM, Card, Desk, ToneCard, loud_from_s
from tests.paced_card import PacedCard
from tests.sound_card import pitch_hz

APART_S = 0.05
_HALF_HOUR_S = 1800.0
_TOOTH_S = 30.0
"""A sample of the cards tells the second it sounded in, over and over from this on."""
_PITCH_SHARE = 0.005
_ROOT = Path(__file__).resolve().parents[3]

_WALL = """
import datetime, os, sys, tempfile, threading, time
from pathlib import Path
from assistant.events import Channel
from assistant.hearing.capture import Capture
from assistant.hearing.spool import Spool
from tests.paced_card import PacedCard

real = time.time
jump_s = [0.0]
time.time = lambda: real() + jump_s[0]
folder = Path(tempfile.mkdtemp(dir=sys.argv[1]))
spools = {Channel.ME: Spool(folder / "me.s16"), Channel.THEM: Spool(folder / "them.s16")}
card = PacedCard(mic=1000, far=-500)
facts = []
capture = Capture({Channel.ME: "mic", Channel.THEM: "far"}, spools, facts.append, sound=card)
def ahead_s():
    # What is on disk is behind by the time it takes to get there: the least of many reads counts.
    reads = []
    for _ in range(30):
        reads.append(capture.now_s() - time.monotonic())
        threading.Event().wait(0.01)
    return max(reads)

capture.open()
began_s = ahead_s()
for jump, zone in ((3600.0, "Europe/Berlin"), (-3600.0, "UTC"), (0.5, "America/New_York")):
    jump_s[0] += jump
    os.environ["TZ"] = zone
    time.tzset()
    threading.Event().wait(1.0)
apart_s = ahead_s() - began_s
capture.close()
print(apart_s, len(facts))
"""


def drift(tries: int, chance: Random, tally: Tally) -> None:
    """Two cards of +-200 ppm on a busy machine; each try is half an hour of one long call."""
    ppm = chance.choice((200.0, -200.0))
    late_s = tuple(0.12 * chance.random() ** 3 for _ in range(997))
    with tempfile.TemporaryDirectory(prefix="fault-") as folder:
        desk = Desk(Path(folder), step_s=0.1)
        for channel, number, of_ppm in ((ME, 1, ppm), (THEM, 2, -ppm)):
            card = Card(channel, number, ppm=of_ppm, late_s=late_s[:: 3 - 2 * number])
            card.block_frames, card.per_s = 3200, 1000
            desk.plug(card)
        for number in range(1, tries + 1):
            desk.run(_HALF_HOUR_S)
            worst_s, end_s = 0.0, round(number * _HALF_HOUR_S)
            for at_s in range(end_s - round(_HALF_HOUR_S) + 5, end_s - 5, 7):
                sounded_s = [_sounded_s(desk, channel, at_s) for channel in (ME, THEM)]
                worst_s = max(worst_s, abs(_turned(sounded_s[0] - sounded_s[1])))
                worst_s = max(worst_s, abs(_turned(sounded_s[0] - at_s)))
            tally.add(held=worst_s <= APART_S, figure=1000 * worst_s, why=f"{worst_s:.3f} s")
        troubles = [fact for fact in desk.facts if isinstance(fact, Trouble)]
        if troubles:
            tally.broken.append(f"{len(troubles)} troubles were told")


def sleep(tries: int, chance: Random, tally: Tally) -> None:
    """Let the machine sleep for ten minutes; in every other try a device dies in its sleep."""
    for number in range(tries):
        with tempfile.TemporaryDirectory(prefix="fault-") as folder:
            _sleep(Path(folder), chance, tally, dies=number % 2 == 0)


def _sleep(folder: Path, chance: Random, tally: Tally, *, dies: bool) -> None:
    asleep_s = chance.uniform(540.0, 660.0)
    card = PacedCard(mic=1000, far=-500)
    facts: list[Fact] = []
    spools = {channel: Spool(folder / f"{channel}.s16") for channel in (ME, THEM)}
    sources = {ME: "mic", THEM: "far"}
    capture = Capture(sources, spools, facts.append, sound=card, clock=card.now_s)
    capture.open()
    try:
        card.wait_for("mic", 50)
        began_s = card.now_s() - capture.now_s()
        if dies:
            for stream in card.streams:
                stream.is_cut |= stream.name == "far"
        card.skip(asleep_s)
        card.wait_for("mic", 50)
        back_s = 0.0
        if dies:
            woke_s = card.now_s()
            card.wait_for("far", 30)
            back_s = card.now_s() - woke_s
        apart_s = abs(capture.now_s() - (card.now_s() - began_s))
    finally:
        capture.close()
    lost = [fact for fact in facts if isinstance(fact, AudioLost)]
    slept = [fact for fact in lost if fact.why == "the machine slept"]
    zeros = all(
        not any(read(spools[f.channel].path, round((f.start_s + 0.1) * RATE_HZ), RATE_HZ))
        for f in slept
    )
    held = apart_s <= APART_S and zeros and back_s < 8.0 and len(slept) >= (1 if dies else 2)
    why = f"{apart_s:.3f} s apart, {len(slept)} told, back after {back_s:.1f} s"
    tally.add(held=held, figure=1000 * apart_s, why=why)


def jump(tries: int, _chance: Random, tally: Tally) -> None:
    """Let the wall clock jump by an hour, forward and back, and the zone change."""
    for _ in range(tries):
        with tempfile.TemporaryDirectory(prefix="fault-") as folder:
            done = subprocess.run(
                [sys.executable, "-P", "-c", _WALL, folder],
                env={"PYTHONPATH": str(_ROOT), "PATH": ""},
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            )
        apart, facts = done.stdout.split()
        apart_s = abs(float(apart))
        held = apart_s <= APART_S and facts == "0"
        tally.add(held=held, figure=1000 * apart_s, why=f"{apart_s:.3f} s, {facts} facts")


def stale_rate(tries: int, chance: Random, tally: Tally) -> None:
    """Let a stream of 48 kHz run at 24, then at 16 kHz without a word, as some headsets do."""
    for number in range(tries):
        changes = (ME, THEM)[number % 2]
        with tempfile.TemporaryDirectory(prefix="fault-") as folder:
            desk = Desk(Path(folder))
            card = desk.plug(ToneCard(changes, 1))
            desk.plug(Card(THEM if changes is ME else ME, 2))
            desk.run(chance.uniform(5.0, 8.0))
            worst, late_s = 0.0, 0.0
            for real_hz in (24000, 16000):
                card.real_hz, card.pitch_hz = real_hz, chance.uniform(300.0, 900.0)
                desk.run(6.0)
                end = round(desk.tape.now_s * RATE_HZ)
                lately = desk.sound(changes)[end - 3 * RATE_HZ : end - RATE_HZ]
                worst = max(worst, abs(pitch_hz(lately) / card.pitch_hz - 1))
                near_s = float(round(desk.tape.now_s) - 1)
                late_s = max(late_s, abs(loud_from_s(desk.sound(changes), near_s) - near_s))
        why = f"the pitch is {worst:.2%} off, the time {late_s:.3f} s"
        held = worst <= _PITCH_SHARE and late_s <= 0.02
        tally.add(held=held, figure=1000 * late_s, why=why)


def far_side_gone(tries: int, chance: Random, tally: Tally) -> None:
    """Let the far side turn to zeros while the user speaks and waits; it must be told once."""
    for _ in range(tries):
        with tempfile.TemporaryDirectory(prefix="fault-") as folder:
            desk = Desk(Path(folder), step_s=0.05)
            desk.plug(Card(ME, 1))
            them = desk.plug(Card(THEM, 2))
            desk.run(chance.uniform(20.0, 40.0))
            them.silent = True
            gone_s = desk.now_s
            # The user speaks on, and then waits for an answer that does not come.
            desk.run(chance.uniform(3.0, 10.0))
            _mute_voice(desk)
            while not desk.told(Trouble) and desk.now_s < gone_s + 90.0:
                desk.run(0.5)
            found_s = desk.now_s - gone_s
            desk.run(30.0)
            them.silent = False
            desk.run(2.0)
            told = [(f.part, f.over) for f in desk.facts if isinstance(f, Trouble)]
            held = told == [("far side", False), ("far side", True)] and 30.0 <= found_s <= 32.0
            tally.add(held=held, figure=found_s, why=f"told {told}, found after {found_s:.1f} s")


def _mute_voice(desk: Desk) -> None:
    """Let the microphone hear only its room from now on."""
    for card in desk.cards:
        if isinstance(card, Card) and card.channel is ME:
            card.quiet = True


def _sounded_s(desk: Desk, channel: object, at_s: float) -> float:
    """Return when the sample that stands at a second sounded, as its card counts."""
    spool = next(spool for c, spool in desk.spools.items() if c is channel)
    pcm = read(spool.path, round(at_s * RATE_HZ), 1)
    return (int.from_bytes(pcm, "little", signed=True) - 1) / 1000


def _turned(apart_s: float) -> float:
    """Return the least of what a difference of two such seconds can mean."""
    return (apart_s + _TOOTH_S / 2) % _TOOTH_S - _TOOTH_S / 2
