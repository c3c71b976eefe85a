"""The real daemon in a world that goes N times as fast as this one.

Everything of a call is as it always is (spine, capture, spools, ear, voice,
journal, control socket, what follows after the call) but for the sound card:
the sound comes from here, and so does the clock that stamps it. Law: the clock
goes on only as sound is given, so that a machine that can not keep up makes the
call slower than asked for, and never makes a device look dead.

    python fast_daemon.py SHEET --minutes 60 --speed 10 --seed 1 --ear words|real
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import cast

import click
import msgspec

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from talk import Talk, read_phrases, read_sides  # noqa: E402

from assistant import daemon, hands  # noqa: E402
from assistant.call import TICK_S  # noqa: E402
from assistant.cli.flags import ENGINES, with_flags  # noqa: E402
from assistant.cli.house import open_house  # noqa: E402
from assistant.cli.preparing import prepared  # noqa: E402
from assistant.events import Channel, Trouble  # noqa: E402
from assistant.hands import Hands, Tell  # noqa: E402
from assistant.hearing.capture import Capture  # noqa: E402
from assistant.hearing.listening import Listening  # noqa: E402
from assistant.hearing.models import Choice  # noqa: E402
from assistant.hearing.spool import RATE_HZ, Spool  # noqa: E402
from assistant.hearing.stream import OnBlock  # noqa: E402
from assistant.keeping.folder import CallFolder  # noqa: E402
from assistant.minds.cues import foreseeable  # noqa: E402
from assistant.plan import Plan  # noqa: E402
from assistant.settings import Engine, Places, Settings  # noqa: E402
from assistant.speaking.murmur import Murmur  # noqa: E402
from assistant.speaking.samples import Samples  # noqa: E402
from assistant.speaking.saying import Voice  # noqa: E402

SAMPLE = ROOT / "scripts" / "sample"
BLOCK_S = 0.02
BEHIND_S = 0.05
"""Of the world; a call that is further behind is slower than it should be, and does not sprint."""
EAR_BEHIND_S = 40.0
"""Of the call; while the ear is further behind, the world waits for it. A piece lasts 25 s."""
WAIT_S = 1.0
"""Of the world, at a time: an ear that hangs is only found as time goes on."""
WORDS = Choice("moonshine", None, "voice activity, and words of the sample")


@dataclass(slots=True)
class World:
    """Gives sound to every open stream, block by block, and tells the time by it."""

    talk: Talk
    speed: float
    wake: Callable[[], None]
    """Called for each tick of the call: the spine waits in seconds of the real world."""
    ear_behind_s: Callable[[], float] = lambda: 0.0
    _now_s: float = 1000.0
    _streams: "dict[str, Stream]" = field(default_factory=dict[str, "Stream"])
    _is_running: bool = False

    def now_s(self) -> float:
        """Return this world's time."""
        return self._now_s

    def open(
        self, wanted: str | int | None, on_block: OnBlock, on_end: Callable[[], None]
    ) -> "Stream":
        """Open a stream of one side."""
        del on_end
        return Stream(self, str(wanted), on_block)

    def has_changed(self) -> bool:
        """Nothing is ever plugged in here."""
        return False

    def rescan(self) -> None:
        """There is nothing to be found."""

    def start(self, stream: "Stream") -> None:
        """Let a stream call back."""
        self._streams = {**self._streams, stream.side: stream}
        if not self._is_running:
            self._is_running = True
            threading.Thread(target=self._run, daemon=True, name="world").start()

    def close(self, stream: "Stream") -> None:
        """End a stream."""
        self._streams = {s: kept for s, kept in self._streams.items() if kept is not stream}

    def _run(self) -> None:
        due_s, per_tick = time.monotonic(), round(TICK_S / BLOCK_S)
        for number, block in enumerate(self.talk.blocks(round(BLOCK_S * RATE_HZ))):
            self._now_s += BLOCK_S
            for side, stream in self._streams.items():
                stream.on_block(block[side].tobytes(), False)
            if number % per_tick == 0:
                self.wake()
                self._wait_for_ear()
            due_s += BLOCK_S / self.speed
            early_s = due_s - time.monotonic()
            if early_s > 0.002:
                time.sleep(early_s)
            elif early_s < -BEHIND_S:
                due_s -= early_s

    def _wait_for_ear(self) -> None:
        until_s = time.monotonic() + WAIT_S
        while self.ear_behind_s() > EAR_BEHIND_S and time.monotonic() < until_s:
            time.sleep(0.01)


@dataclass(slots=True, eq=False)
class Stream:
    """One side, while it is open."""

    world: World
    side: str
    on_block: OnBlock
    rate_hz: int = RATE_HZ
    channels: int = 1
    latency_s: float = BLOCK_S

    def start(self) -> None:
        """Let it call back."""
        self.world.start(self)

    def close(self) -> None:
        """End it."""
        self.world.close(self)


@dataclass(slots=True)
class Headset:
    """Plays to nobody, for as long as it would have taken."""

    speed: float
    _cut: threading.Event = field(default_factory=threading.Event)

    def play(
        self,
        samples: Samples,
        on_started: Callable[[float], None],
        on_ended: Callable[[float, bool], None],
    ) -> bool:
        """Begin to play."""
        self._cut.clear()

        def sound() -> None:
            on_started(0.0)
            was_cut = self._cut.wait(samples.length_s / self.speed)
            on_ended(0.0, not was_cut)

        threading.Thread(target=sound, daemon=True).start()
        return True

    def cut(self) -> None:
        """Stop what plays."""
        self._cut.set()


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens the hands of a fast call."""

    speed: float
    seed: int
    with_words: bool
    """Hear with the engine that costs nothing."""

    def __call__(
        self, plan: Plan, settings: Settings, places: Places, folder: CallFolder, tell: Tell
    ) -> Hands:
        """Open everything; return when the ear is ready."""
        # None wakes the spine, and is nothing that a hand has to say.
        wake = cast("Callable[[None], None]", tell)
        talk = Talk(
            read_sides(SAMPLE / "interview.ogg"),
            read_phrases(SAMPLE / "interview.jsonl"),
            Random(self.seed),  # noqa: S311
        )
        world = World(talk, self.speed, lambda: wake(None))
        sides = Channel.ME, Channel.THEM
        spools = {channel: Spool(folder.spool(channel)) for channel in sides}
        sources = {channel: channel.value for channel in sides}
        capture = Capture(sources, spools, tell, sound=world, clock=world.now_s)
        choice = WORDS if self.with_words else hands.choose_engine(plan, settings, places)
        log = places.home / "sottovoce.log"
        listening = Listening(
            choice,
            {channel: folder.spool(channel) for channel in sides},
            lambda fact, _known_s: tell(fact),
            lambda sentence, _gave_up: tell(Trouble("hearing", sentence)),
            log=log,
            module="wordy_ear" if self.with_words else "assistant.hearing.ear",
            works=lambda sentence: tell(Trouble("hearing", sentence, over=True)),
            now_s=capture.now_s,
        )
        world.ear_behind_s = lambda: capture.now_s() - min(listening.heard_to_s.values())
        voice = Voice(
            settings.murmur.voice,
            settings.murmur.words_per_minute,
            lambda sentence, _gave_up: tell(Trouble("voice", sentence)),
            language=plan.language,
        )
        voice.start()
        voice.prepare(foreseeable(plan))
        murmur = Murmur(
            voice,
            Headset(self.speed),
            capture.now_s,
            lambda: capture.speech_db(Channel.THEM),
            tell,
            plan.dials,
        )
        engines = {"hearing": choice.label, "speaking": settings.murmur.voice}
        interpreter = hands.open_interpreter(plan, places, tell, log)
        opened = Hands(
            spools, capture, listening, voice, None, murmur, interpreter, engines, (), log
        )
        try:
            listening.start()
        except BaseException:
            opened.close()
            raise
        return opened


@click.command()
@click.argument("sheet")
@click.option("--minutes", type=float, required=True)
@click.option("--speed", type=float, required=True)
@click.option("--seed", type=int, default=1)
@click.option("--engine", type=ENGINES, default="auto")
@click.option("--ear", type=click.Choice(["words", "real"]), default="words")
def main(sheet: str, minutes: float, speed: float, seed: int, engine: Engine, ear: str) -> None:
    """Hold one call; say on stdout when it listens."""
    house = open_house()
    plan, text = prepared(house, sheet, minutes)
    settings = with_flags(house.settings, engine=engine)
    order = daemon.Order(plan, text, settings, str(house.places.home))
    # What the children need to find the ear of this folder.
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:2])
    say = os.dup(1)
    os.dup2(2, 1)

    def listening(told: daemon.Listening) -> None:
        os.write(say, msgspec.json.encode(told) + b"\n")
        os.close(say)

    daemon.run(order, listening, opened=Opening(speed, seed, ear == "words"))


if __name__ == "__main__":
    main()
