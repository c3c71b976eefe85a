"""The parent's side of the ear: starts it, hands on the facts it brings.

Law: what the ear told stays told. An ear that is started again goes on where
the last one had said everything, so nothing is heard twice and nothing is lost;
one that hangs is found out and started again.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from assistant.errors import ModelError, SottovoceError, from_exit_code
from assistant.events import Channel, Fact, SpeechEnded, fact_from_json
from assistant.hearing.models import Choice
from assistant.hearing.retold import Retold
from assistant.parent import KeptChild

LOAD_WITHIN_S = 90.0
"""A large model on a slow disk takes long to load."""

HUNG_S = 10.0
"""An ear without a line for so long hangs: it says something about once a second."""

STUCK_S = 120.0
"""An ear that speaks but said nothing final for so long hangs in its engine: a piece lasts at most
25 s, and an engine that takes four times as long is of no use."""

_STEP_S = 2.0
"""A jump of the call's time, as after the machine slept, is not held against the ear."""


class Greeting(msgspec.Struct, frozen=True):
    """The ear's orders: what to hear, with what, from where to where."""

    engine: str
    model: str
    label: str
    spools: Mapping[str, str]
    from_s: Mapping[str, float]
    end_s: Mapping[str, float] | None


class _Line(msgspec.Struct, frozen=True):
    """What the ear says: a fact with `known_s`, or one of its own words."""

    ear: str = ""
    """`ready`, `failed`, `partial`, `at`, `waiting`, `done`; empty for a fact."""
    channel: Channel | None = None
    text: str = ""
    s: float = 0.0
    known_s: float = 0.0
    error: str = ""
    hint: str = ""
    exit_code: int = 1


_decode = msgspec.json.Decoder(_Line).decode


@dataclass(slots=True)
class _Watch:
    """How much of the call's time has passed since the ear gave a sign of life."""

    _now_s: float | None = None
    _signs: dict[str, int] = field(default_factory=dict[str, int])
    _passed_s: dict[str, float] = field(default_factory=dict[str, float])

    def passed_s(self, now_s: float, **signs: int) -> dict[str, float]:
        """Take how often each sign was given so far; return since when each was not."""
        step_s = min(max(0.0, now_s - (now_s if self._now_s is None else self._now_s)), _STEP_S)
        self._now_s = now_s
        self._passed_s = {
            name: self._passed_s.get(name, 0.0) + step_s if self._signs.get(name) == count else 0.0
            for name, count in signs.items()
        }
        self._signs = signs
        return self._passed_s


@dataclass(slots=True)
class Listening:
    """One ear and what it has told so far.

    `tell(fact, known_s)` is called on a thread of the child's; so is `trouble(sentence, gave_up)`.
    """

    choice: Choice
    spools: Mapping[Channel, Path]
    tell: Callable[[Fact, float], None]
    trouble: Callable[[str, bool], None]
    end_s: Mapping[Channel, float] | None = None
    """Where the spools end, when they are complete already; else the ear follows them."""
    over: Callable[[], None] = lambda: None
    """Called, after the last fact, when everything was told."""
    log: Path | None = None
    """Takes what the ear tells of its own faults; no word of the call is in it."""
    module: str = "assistant.hearing.ear"
    _told: dict[Channel, Retold] = field(init=False)
    _partials: dict[Channel, str] = field(default_factory=dict[Channel, str])
    _showing: threading.Lock = field(default_factory=threading.Lock)
    _child: KeptChild = field(init=False)
    _watch: _Watch = field(default_factory=_Watch)
    _lines: int = 0
    """Lines of the ear so far, over all its lives."""
    _steps: int = 0
    """How often the ear said something final, or that it waits for sound."""
    _is_ready: bool = False
    """The ear that lives now has loaded its engine."""
    _settled: threading.Event = field(default_factory=threading.Event)
    """Set once the ear is ready, or failed."""
    _over: threading.Event = field(default_factory=threading.Event)
    """Set once all was told, or nothing more will come."""
    _failure: SottovoceError | None = None

    def __post_init__(self) -> None:
        self._told = {channel: Retold(channel) for channel in self.spools}
        self._child = KeptChild(
            "hearing",
            self.module,
            self._greeting,
            self._on_line,
            self._on_trouble,
            log=self.log,
        )

    def start(self) -> None:
        """Start the ear and wait until its engine is loaded and proved. Raises ModelError."""
        self._child.start()
        if not self._settled.wait(LOAD_WITHIN_S):
            self.close()
            raise ModelError(
                f"{self.choice.label} did not load within {LOAD_WITHIN_S:.0f} s.",
                "Try a smaller model: `sottovoce models list`.",
            )
        if self._failure is not None:
            self.close()
            raise self._failure

    def finish(self, end_s: Mapping[Channel, float]) -> None:
        """Have the ear hear up to there and then be done; return at once."""
        self.end_s = end_s
        order = {"do": "finish", "end_s": {c.value: s for c, s in end_s.items()}}
        self._child.send(msgspec.json.encode(order))

    def check(self, now_s: float) -> None:
        """Start the ear again if it hangs, by the call's time; to be called about once a second.

        While an engine loads it may be silent for as long as that takes.
        """
        passed_s = self._watch.passed_s(now_s, lines=self._lines, steps=self._steps)
        within_s = HUNG_S if self._is_ready else LOAD_WITHIN_S
        if self.is_over() or (passed_s["lines"] < within_s and passed_s["steps"] < STUCK_S):
            return
        self._watch = _Watch()
        self._child.restart("it hung")

    @property
    def partials(self) -> dict[Channel, str]:
        """What is being said right now, as far as it was understood: to be shown, never decided on.

        A copy; may be asked for on any thread.
        """
        with self._showing:
            return dict(self._partials)

    @property
    def heard_to_s(self) -> dict[Channel, float]:
        """How far each channel is heard for good, in seconds of the call; on any thread.

        While someone speaks it stays where the piece began whose words are still to come.
        """
        return {channel: told.from_s for channel, told in self._told.items()}

    def is_over(self) -> bool:
        """Tell whether everything was told."""
        return self._over.is_set()

    def wait(self, within_s: float | None = None) -> bool:
        """Wait until everything was told; tell whether that came in time."""
        return self._over.wait(within_s)

    def close(self) -> None:
        """End the ear."""
        self._child.close(0.5)
        self._over.set()

    @property
    def pid(self) -> int | None:
        """The ear's process."""
        return self._child.pid

    @property
    def failure(self) -> SottovoceError | None:
        """Why nothing more will come, if the ear was given up."""
        return self._failure

    def _greeting(self) -> bytes:
        self._is_ready = False
        end_s = None if self.end_s is None else {c.value: s for c, s in self.end_s.items()}
        model_dir = self.choice.model_dir
        return msgspec.json.encode(
            Greeting(
                self.choice.engine,
                "" if model_dir is None else str(model_dir),
                self.choice.label,
                {channel.value: str(path) for channel, path in self.spools.items()},
                {channel.value: told.begin_again() for channel, told in self._told.items()},
                end_s,
            )
        )

    def _on_line(self, line: bytes) -> None:
        said = _decode(line)
        self._lines += 1
        match said.ear:
            case "":
                self._on_fact(fact_from_json(line), said.known_s)
            case "ready":
                self._is_ready = True
                self._settled.set()
            case "failed":
                self._failure = from_exit_code(said.exit_code, said.error, said.hint)
                self._settled.set()
            case "partial" if said.channel is not None:
                self._show(said.channel, said.text)
            case "at" if said.channel is not None and said.channel in self._told:
                told = self._told[said.channel]
                self._steps += said.s > told.from_s
                self._tell(told.said_to(said.s), said.s)
            case "waiting":
                self._steps += 1
            case "done":
                for told in self._told.values():
                    self._tell(told.end(), told.from_s)
                self._over.set()
                self.over()
            case _:
                pass

    def _on_fact(self, fact: Fact, known_s: float) -> None:
        channel = getattr(fact, "channel", None)
        if isinstance(fact, SpeechEnded):
            self._show(fact.channel, "")
        told = self._told.get(channel) if isinstance(channel, Channel) else None
        self._steps += 1
        self._tell([fact] if told is None else told.take(fact), known_s)

    def _tell(self, facts: Iterable[Fact], known_s: float) -> None:
        for fact in facts:
            self.tell(fact, known_s)

    def _show(self, channel: Channel, partial: str) -> None:
        with self._showing:
            self._partials[channel] = partial

    def _on_trouble(self, sentence: str, gave_up: bool) -> None:
        self._is_ready = False
        with self._showing:
            self._partials.clear()
        if gave_up:
            self._failure = self._failure or ModelError(sentence)
            self._settled.set()
            self._over.set()
        self.trouble(sentence, gave_up)
