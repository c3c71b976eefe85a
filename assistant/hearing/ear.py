"""The ear: a child process that reads the spools and says what it hears.

    in   {"engine":"vosk","model":"/models/vosk-model-small-en-us-0.15","label":"vosk small",
          "spools":{"me":"/call/me.s16"},"from_s":{"me":0.0},"end_s":null}
         {"do":"finish","end_s":{"me":63.2}}
    out  {"ear":"ready"}        or {"ear":"failed","error":"..","hint":"..","exit_code":5}
         {"known_s":12.9,"is":"SpeechEnded","channel":"me","start_s":11.2,"end_s":12.42}
         {"ear":"partial","channel":"me","text":"so how"}
         {"ear":"at","channel":"me","s":12.0}       everything up to there was said; for each second
         {"ear":"waiting"}                          there is no sound to hear; about once a second
         {"ear":"done"}

With `end_s` null it follows growing files until it is told to finish. With `end_s` the files are
complete: the channels are heard in step, and facts come in the order of `known_s`. Voice activity
runs on the main thread; one other thread does the engine's work of both channels, because Vosk's
words are the same from run to run only where one thread decodes. End of stdin ends it at once.
Law: nothing but these lines leaves it; what the engines print goes nowhere, and what it tells of
its own faults on stderr is our own code, never a value.
"""

import contextlib
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Final, Literal, NoReturn, TypeAlias

import msgspec

from assistant import child
from assistant.errors import DiskError, InputError, ModelError, SottovoceError
from assistant.events import Channel, Fact, to_json
from assistant.hearing import spool
from assistant.hearing.moonshine import open_moonshine
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.segments import FOR_WHOLE_PIECES, WINDOW_SAMPLES, Dials
from assistant.hearing.side import Mouth, Side
from assistant.hearing.spool import FRAME_BYTES, RATE_HZ
from assistant.hearing.voice_activity import VoiceActivity
from assistant.hearing.vosk import open_vosk
from assistant.hearing.windows import Windows
from assistant.hearing.work import AtOnce, Work, Worker
from assistant.log import keep_words_out

POLL_S: Final = 0.025
"""How often a growing file is looked at; a window lasts 0.032 s."""

WAITING_EVERY_S: Final = 1.0
"""Whoever listens to the ear must be able to tell one that waits from one that hangs."""


class Greeting(msgspec.Struct, frozen=True):
    """The first line: what to hear, with what, from where to where."""

    engine: Literal["vosk", "moonshine"]
    model: str
    """The model's directory; empty for the embedded one."""
    label: str
    """What the words' `engine` will say."""
    spools: dict[Channel, str]
    from_s: dict[Channel, float] = {}
    end_s: dict[Channel, float] | None = None
    phrases: list[str] = []
    """Vosk only: hear nothing but the words of these phrases."""


class Finish(msgspec.Struct, frozen=True, tag_field="do", tag="finish"):
    """The files will not grow any more: hear up to there, then be done."""

    end_s: dict[Channel, float]


@dataclass(slots=True)
class Ear:
    """All sides of the call and how far each is heard."""

    sides: dict[Channel, Side]
    sounds: dict[Channel, Windows]
    end_s: dict[Channel, float] | None = None
    """Where the sound ends; None while it grows."""
    _open: set[Channel] = field(init=False)

    def __post_init__(self) -> None:
        self._open = set(self.sides)

    @property
    def is_done(self) -> bool:
        """Tell whether every side was heard to its end."""
        return not self._open

    def hear_on(self) -> bool:
        """Hear the earliest window that is there; tell whether there was one."""
        # In the greeting's order where times are equal: the same sound gives the same lines.
        sides = (side for channel, side in self.sides.items() if channel in self._open)
        return any(self._hear(side) for side in sorted(sides, key=self._next_s))

    def _next_s(self, side: Side) -> float:
        return side.next_s if self.end_s is None else min(side.next_s, self._end_s(side))

    def _end_s(self, side: Side) -> float:
        return (self.end_s or {}).get(side.channel, 0.0)

    def _hear(self, side: Side) -> bool:
        sound = self.sounds[side.channel]
        if self.end_s is None:
            window = sound.next()
        elif side.next_s <= self._end_s(side):
            window = sound.next_or_zeros()
        else:
            # Less than a window is left: a thirtieth of a second.
            side.end(self._end_s(side))
            sound.close()
            self._open.discard(side.channel)
            return True
        if window is not None:
            side.hear(window)
        return window is not None

    def follow(self, orders: "SimpleQueue[Finish]") -> None:
        """Hear growing files until the order to finish came, and then to their end."""
        silent_s = 0.0
        while self.end_s is None:
            # It waits only when all that is there was heard.
            wait_s = 0.0 if self.hear_on() else POLL_S
            silent_s = silent_s + wait_s if wait_s else 0.0
            if silent_s >= WAITING_EVERY_S:
                silent_s = 0.0
                child.say(b'{"ear":"waiting"}')
            with contextlib.suppress(Empty):
                self.end_s = orders.get(timeout=wait_s).end_s
        self.hear_out()

    def hear_out(self) -> None:
        """Hear complete files to their end."""
        while not self.is_done:
            self.hear_on()


OpenEngine: TypeAlias = Callable[[Greeting], Callable[[], Recogniser]]
"""Loads an engine; what it returns makes one recogniser for each channel."""


def make_ear(greeting: Greeting, work: Work, open_engine: OpenEngine | None = None) -> Ear:
    """Load the engine and the voice activity, at the same time. Raises ModelError, DiskError."""
    with ThreadPoolExecutor(1, "engine") as pool:
        loading = pool.submit(open_engine or _open_engine, greeting)
        voices = {channel: VoiceActivity() for channel in greeting.spools}
        make = loading.result()
    # Files that are complete are heard faster than anybody reads.
    partial = _say_partial if greeting.end_s is None else _say_no_partial
    dials = FOR_WHOLE_PIECES if greeting.engine == "moonshine" else Dials()
    mouth = Mouth(_say_fact, partial, _say_at)
    sides: dict[Channel, Side] = {}
    sounds: dict[Channel, Windows] = {}
    for channel, path in greeting.spools.items():
        if greeting.end_s is not None and not Path(path).is_file():
            raise DiskError(f"There is no sound at {path}.")
        from_frame = max(0, round(greeting.from_s.get(channel, 0.0) * RATE_HZ))
        sounds[channel] = Windows(Path(path), from_frame)
        sides[channel] = Side(
            channel,
            from_frame / RATE_HZ,
            greeting.label,
            make(),
            voices[channel].probability,
            _reader(Path(path), from_frame),
            mouth,
            work,
            dials,
        )
    return Ear(sides, sounds, greeting.end_s)


def _reader(path: Path, from_frame: int) -> Callable[[int, int], bytes]:
    """Read windows of a spool again; they may reach over the end of a complete one."""

    def sound(first: int, windows: int) -> bytes:
        frames = windows * WINDOW_SAMPLES
        pcm = spool.read(path, from_frame + first * WINDOW_SAMPLES, frames)
        return pcm.ljust(frames * FRAME_BYTES, b"\0")

    return sound


def _open_engine(greeting: Greeting) -> Callable[[], Recogniser]:
    model_dir = Path(greeting.model) if greeting.model else None
    if greeting.engine == "moonshine":
        return open_moonshine(model_dir)
    if model_dir is None:
        raise ModelError(
            "No Vosk model was chosen.", "`sottovoce models list` shows which can be had."
        )
    return open_vosk(model_dir, greeting.phrases)


# ---------------------------------------------------------------- the process


def _say_fact(fact: Fact, known_s: float) -> None:
    known = msgspec.json.encode({"known_s": round(known_s, 3)})
    child.say(known[:-1] + b"," + to_json(fact)[1:])


def _say_partial(channel: Channel, text: str) -> None:
    child.say(msgspec.json.encode({"ear": "partial", "channel": channel, "text": text}))


def _say_no_partial(channel: Channel, text: str) -> None:
    del channel, text


def _say_at(channel: Channel, at_s: float) -> None:
    child.say(msgspec.json.encode({"ear": "at", "channel": channel, "s": round(at_s, 3)}))


def _take_orders(lines: Iterator[bytes], orders: "SimpleQueue[Finish]") -> None:
    decode = msgspec.json.Decoder(Finish).decode
    try:
        for line in lines:
            with contextlib.suppress(ValueError):
                orders.put(decode(line))
    except BaseException:
        _die()
    os._exit(0)


def _listen(greeting: Greeting, orders: "SimpleQueue[Finish]", open_engine: OpenEngine) -> None:
    if greeting.end_s is not None:
        ear = make_ear(greeting, AtOnce(), open_engine)
        child.say(b'{"ear":"ready"}')
        ear.hear_out()
        return
    # Without its engine the ear is of no use; its parent starts another one.
    worker = Worker(_die)
    ear = make_ear(greeting, worker, open_engine)
    child.say(b'{"ear":"ready"}')
    ear.follow(orders)
    worker.finish()


def _keep_engines_quiet() -> None:
    """Send what C libraries print to nowhere; what we tell of our own faults goes to stderr."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _die() -> NoReturn:
    """End as an exception's handler, and say where it came from.

    Not what it says: it may quote what was heard. Of the trace only our own lines of code.
    """
    kind, _, trace = sys.exc_info()
    name = "Fault" if kind is None else kind.__name__
    sys.stderr.write(f"The ear failed: {name}\n{''.join(traceback.format_tb(trace))}")
    os._exit(1)


def main(open_engine: OpenEngine = _open_engine) -> NoReturn:
    """Be the ear, from the greeting to the end; a benchmark brings an engine that costs nothing."""
    child.end_with_parent()
    keep_words_out()
    _keep_engines_quiet()
    lines = child.lines_in()
    first = next(lines, None)
    if first is None:
        os._exit(0)
    orders: SimpleQueue[Finish] = SimpleQueue()
    threading.Thread(target=_take_orders, args=(lines, orders), name="orders", daemon=True).start()
    try:
        _listen(_read_greeting(first), orders, open_engine)
        child.say(b'{"ear":"done"}')
    except SottovoceError as error:
        failed = {"error": str(error), "hint": error.hint, "exit_code": error.exit_code}
        child.say(msgspec.json.encode({"ear": "failed", **failed}))
        os._exit(error.exit_code)
    except BaseException:
        _die()
    # No waiting for the thread that reads stdin, no tidying of models.
    os._exit(0)


def _read_greeting(line: bytes) -> Greeting:
    try:
        return msgspec.json.decode(line, type=Greeting)
    except ValueError as error:
        raise InputError("The ear was not told what to hear.") from error


if __name__ == "__main__":
    main()
