"""Real streams from the virtual sound card, unplugged, muted, moved and turned up."""

import threading
import time
from random import Random

import numpy as np

from faults.capturing_call import CapturingCall, a, trouble
from faults.fault import Tally
from tests.sound_card import RATE_HZ, SoundCard, pitch_hz, tone

FOUND_S = 1.0
"""A stream that stops is found within this."""
MOST_OPENED = 4
"""So often a device is opened within ten seconds, at most."""
PITCH_SHARE = 0.005
"""A tone may be so much off."""
_pause = threading.Event()


def unplug_the_microphone(tries: int, chance: Random, tally: Tally) -> None:
    """Let the microphone's callbacks stop, as a pulled cable does, and come again."""
    with SoundCard() as card, CapturingCall(card) as call, Players(card, tries * 15.0):
        for _ in range(tries):
            _pause.wait(chance.uniform(0.3, 1.3))
            cut_s = time.monotonic()
            card.halt("vmic")
            told = call.wait(trouble("microphone", over=False), cut_s)
            _pause.wait(chance.uniform(0.0, 4.0))
            card.go_on("vmic")
            call.wait(trouble("microphone", over=True), cut_s)
            found_s = told.at_s - cut_s
            told_once = call.count(trouble("microphone", over=False), cut_s) == 1
            opened = call.most_opened("vmic", 10.0, cut_s)
            why = f"found after {found_s:.2f} s, once {told_once}, opened {opened} times"
            whole = call.count(a("AudioLost", channel="them")) == 0
            why += "" if whole else ", and the other channel lost sound"
            held = found_s <= FOUND_S and told_once and opened <= MOST_OPENED and whole
            tally.add(held=held, figure=found_s, why=why)


def kill_the_server(tries: int, chance: Random, tally: Tally) -> None:
    """Kill the sound server and start it again: both sides and the headset die and come back."""
    parts = ("microphone", "far side", "headset")
    with SoundCard() as card, CapturingCall(card) as call:
        began_s = time.monotonic() - call.now_s()
        for _ in range(tries):
            _pause.wait(chance.uniform(0.2, 1.0))
            cut_s = time.monotonic()
            card.pull_out()
            for part in parts:
                call.wait(trouble(part, over=False), cut_s)
            _pause.wait(chance.uniform(0.0, 6.0))
            back_s = time.monotonic()
            card.plug_in()
            with Players(card, 20.0):
                lost = [call.wait(a("AudioLost", channel=c), cut_s) for c in ("me", "them")]
                for part in parts:
                    call.wait(trouble(part, over=True), cut_s)
            late_s = max(said.at_s for said in lost) - back_s
            counts = [
                call.count(trouble(p, over=over), cut_s) for p in parts for over in (False, True)
            ]
            apart_s = _apart_s(call, began_s)
            held = set(counts) == {1} and apart_s < 0.15
            why = f"told {counts} times, the time {apart_s:.2f} s apart"
            tally.add(held=held, figure=late_s, why=why)


def change_the_rate(tries: int, _chance: Random, tally: Tally) -> None:
    """Take the microphone away and bring it back at another rate, as a headset in a call."""
    with SoundCard() as card, CapturingCall(card) as call:
        began_s = time.monotonic() - call.now_s()
        for number in range(tries):
            rate_hz = (24000, 16000, 48000)[number % 3]
            _reload(card, rate_hz)
            back_s = time.monotonic()
            pitch = 400.0 + 100.0 * (number % 3)
            with Players(card, 8.0, pitch):
                until_heard(call, "me", back_s - began_s, within_s=7.0)
                _pause.wait(1.2)
                end = round(call.now_s() * RATE_HZ)
            lately = call.sound("me")[end - RATE_HZ : end]
            off = abs(pitch_hz(lately) / pitch - 1)
            apart_s = _apart_s(call, began_s)
            why = f"the pitch is {off:.2%} off at {rate_hz} Hz, the time {apart_s:.3f} s"
            tally.add(held=off <= PITCH_SHARE and apart_s <= 0.2, figure=100 * off, why=why)


def give_only_zeros(tries: int, _chance: Random, tally: Tally) -> None:
    """Let the microphone give nothing but zeros, and then sound."""
    with SoundCard() as card, CapturingCall(card) as call:
        for _ in range(tries):
            mute_s = time.monotonic()
            told = call.wait(trouble("microphone", over=False), mute_s)
            _pause.wait(0.5)
            with Players(card, 1.5):
                call.wait(trouble("microphone", over=True), mute_s, within_s=5.0)
            found_s = told.at_s - mute_s
            once = call.count(trouble("microphone", over=False), mute_s) == 1
            tally.add(held=found_s <= 6.5 and once, figure=found_s, why=f"{found_s:.2f} s, {once}")


def turn_it_up(tries: int, _chance: Random, tally: Tally) -> None:
    """Play into each side so loud that it is clipped."""
    for number in range(tries):
        sink, part = (("micfeed", "microphone level"), ("callee", "far side level"))[number % 2]
        loud = np.clip(tone(300.0, 9.0).astype(np.float64) * 8.0, -32767, 32767)
        with SoundCard() as card, CapturingCall(card) as call:
            playing = card.start_playing(sink, loud.astype(np.int16))
            begun_s = time.monotonic()
            told = call.wait(trouble(part, over=False), begun_s, within_s=9.0)
            playing.wait()
            once = call.count(trouble(part, over=False), begun_s) == 1
            text = str(told.line["text"])
            found_s = told.at_s - begun_s
            held = found_s <= 6.0 and once and "too loud" in text
            tally.add(held=held, figure=found_s, why=f"{found_s:.2f} s, {once}: {text}")


def change_the_default(tries: int, _chance: Random, tally: Tally) -> None:
    """Choose another microphone, and another output, as the system's default in the call."""
    for number in range(tries):
        with SoundCard() as card:
            add_defaults(card)
            if number % 2:
                _change_default_sink(card, tally)
            else:
                _change_default_source(card, tally)


def _change_default_source(card: SoundCard, tally: Tally) -> None:
    with CapturingCall(card, microphone="") as call, Players(card, 20.0, 440.0):
        playing = card.start_playing("micfeed2", tone(600.0, 20.0))
        _pause.wait(1.0)
        changed_s, at_s = time.monotonic(), call.now_s()
        card.control("set-default-source", "vmic2")
        until_pitch(call, "me", 600.0, at_s)
        figure = time.monotonic() - changed_s
        tally.add(held=figure <= 3.0, figure=figure, why=f"followed after {figure:.1f} s")
        playing.kill()
        playing.wait()


def _change_default_sink(card: SoundCard, tally: Tally) -> None:
    with CapturingCall(card, far_side="far_side") as call:
        playing = card.start_playing("callee", tone(440.0, 3.0))
        playing.wait()
        changed_s, at_s = time.monotonic(), call.now_s()
        card.control("set-default-sink", "callee2")
        playing = card.start_playing("callee2", tone(600.0, 30.0))
        until_pitch(call, "them", 600.0, at_s)
        figure = time.monotonic() - changed_s
        tally.add(held=figure <= 10.0, figure=figure, why=f"followed after {figure:.1f} s")
        playing.kill()
        playing.wait()


def lose_the_headset(tries: int, chance: Random, tally: Tally) -> None:
    """Let the headset stop in the middle of a cue, and come back."""
    with SoundCard() as card, CapturingCall(card) as call:
        for _ in range(tries):
            asked_s = call.command("play 3")
            call.wait(a("started"), asked_s)
            _pause.wait(chance.uniform(0.0, 2.5))
            cut_s = time.monotonic()
            card.halt("headset")
            ended = call.wait(a("ended"), cut_s)
            told = call.wait(trouble("headset", over=False), cut_s)
            _pause.wait(chance.uniform(0.0, 2.0))
            card.go_on("headset")
            call.wait(trouble("headset", over=True), cut_s)
            again = call.wait(a("ended"), call.command("play 0.5"))
            found_s = max(told.at_s, ended.at_s) - cut_s
            once = call.count(trouble("headset", over=False), cut_s) == 1
            held = found_s <= 1.2 and once and not ended.line["whole"] and again.line["whole"]
            why = f"found after {found_s:.2f} s, once {once}, {ended.line} then {again.line}"
            tally.add(held=held, figure=found_s, why=why)


class Players:
    """Both sides play a steady tone while the context is open."""

    def __init__(self, card: SoundCard, length_s: float, pitch: float = 500.0) -> None:
        self._card = card
        self._sound = tone(pitch, min(length_s, 600.0))

    def __enter__(self) -> None:
        self._playing = [
            self._card.start_playing(sink, self._sound) for sink in ("micfeed", "callee")
        ]

    def __exit__(self, *_: object) -> None:
        for player in self._playing:
            player.kill()
            player.wait()


def add_defaults(card: SoundCard) -> None:
    """Give the card a second microphone and output, and names for the defaults."""
    for sink, source in (("micfeed2", "vmic2"), ("callee2", "")):
        card.control("load-module", "module-null-sink", "norewinds=1", f"sink_name={sink}")
        if source:
            master = f"master={sink}.monitor"
            card.control("load-module", "module-remap-source", f"source_name={source}", master)
    asoundrc = card.folder / "asoundrc"
    name = 'type pulse server "unix:%s/native" device "%s" hint { show on description "%s" }'
    far_side = name % (card.folder, "@DEFAULT_MONITOR@", "far side")
    asoundrc.write_text(f"{asoundrc.read_text()}pcm.far_side {{ {far_side} }}\n")


def until_heard(call: CapturingCall, channel: str, at_s: float, within_s: float) -> None:
    """Wait until a channel has sound from a second of the call on. Raises TimeoutError."""
    deadline_s = time.monotonic() + within_s
    while not call.sound(channel)[round(at_s * RATE_HZ) :].any():
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"no sound on {channel}")
        _pause.wait(0.05)


def until_pitch(call: CapturingCall, channel: str, pitch: float, at_s: float) -> None:
    """Wait until a channel has that pitch, from a second of the call on. Raises TimeoutError."""
    deadline_s = time.monotonic() + 20.0
    while True:
        lately = call.sound(channel)[round(at_s * RATE_HZ) :][-RATE_HZ // 4 :]
        if len(lately) == RATE_HZ // 4 and abs(pitch_hz(lately) / pitch - 1) < 0.02:
            return
        if time.monotonic() > deadline_s:
            raise TimeoutError(f"no {pitch:g} Hz on {channel}")
        _pause.wait(0.05)


def _apart_s(call: CapturingCall, began_s: float) -> float:
    """Return how far the call's time is from the world's, at least: to ask takes a moment."""
    asked_s = time.monotonic() - began_s
    now_s = call.now_s()
    return max(0.0, asked_s - now_s, now_s - (time.monotonic() - began_s))


def _reload(card: SoundCard, rate_hz: int) -> None:
    for line in reversed(card.control("list", "short", "modules").splitlines()):
        number, name, argument = line.split("\t")[:3]
        if "micfeed" in argument and name in ("module-null-sink", "module-remap-source"):
            card.control("unload-module", number)
    sink = ("module-null-sink", "norewinds=1", "sink_name=micfeed", f"rate={rate_hz}", "channels=1")
    card.control("load-module", *sink)
    remap = ("module-remap-source", "source_name=vmic", "master=micfeed.monitor")
    card.control("load-module", *remap)
    card.control("set-default-source", "vmic")
