"""The parent's side of the ear: starts it, hands on the facts it brings.

Law: what the ear told stays told. An ear that is started again goes on where
the last one had said everything, so nothing is heard twice and nothing is lost.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from assistant.child import KeptChild
from assistant.errors import ModelError, SottovoceError, from_exit_code
from assistant.events import Channel, Fact, Heard, SpeechEnded, fact_from_json
from assistant.hearing.models import Choice

LOAD_WITHIN_S = 90.0
"""A large model on a slow disk takes long to load."""


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
    """`ready`, `failed`, `partial`, `at`, `done`; empty for a fact."""
    channel: Channel | None = None
    text: str = ""
    s: float = 0.0
    known_s: float = 0.0
    error: str = ""
    hint: str = ""
    exit_code: int = 1


_decode = msgspec.json.Decoder(_Line).decode


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
    partials: dict[Channel, str] = field(default_factory=dict[Channel, str])
    """What is being said right now, as far as it was understood. To be shown, never decided on."""
    _told_to_s: dict[Channel, float] = field(default_factory=dict[Channel, float])
    _child: KeptChild = field(init=False)
    _settled: threading.Event = field(default_factory=threading.Event)
    """Set once the ear is ready, or failed."""
    _over: threading.Event = field(default_factory=threading.Event)
    """Set once all was told, or nothing more will come."""
    _failure: SottovoceError | None = None

    def __post_init__(self) -> None:
        self._told_to_s = dict.fromkeys(self.spools, 0.0)
        self._child = KeptChild(
            "hearing", "assistant.hearing.ear", self._greeting, self._on_line, self._on_trouble
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
        end_s = None if self.end_s is None else {c.value: s for c, s in self.end_s.items()}
        model_dir = self.choice.model_dir
        return msgspec.json.encode(
            Greeting(
                self.choice.engine,
                "" if model_dir is None else str(model_dir),
                self.choice.label,
                {channel.value: str(path) for channel, path in self.spools.items()},
                {channel.value: s for channel, s in self._told_to_s.items()},
                end_s,
            )
        )

    def _on_line(self, line: bytes) -> None:
        said = _decode(line)
        match said.ear:
            case "":
                self._on_fact(fact_from_json(line), said.known_s)
            case "ready":
                self._settled.set()
            case "failed":
                self._failure = from_exit_code(said.exit_code, said.error, said.hint)
                self._settled.set()
            case "partial" if said.channel is not None:
                self.partials[said.channel] = said.text
            case "at" if said.channel is not None:
                self._told(said.channel, said.s)
            case "done":
                self._over.set()
                self.over()
            case _:
                pass

    def _on_fact(self, fact: Fact, known_s: float) -> None:
        if isinstance(fact, Heard):
            self._told(fact.channel, fact.end_s)
        if isinstance(fact, SpeechEnded):
            self.partials.pop(fact.channel, None)
        self.tell(fact, known_s)

    def _told(self, channel: Channel, to_s: float) -> None:
        self._told_to_s[channel] = max(self._told_to_s.get(channel, 0.0), to_s)

    def _on_trouble(self, sentence: str, gave_up: bool) -> None:
        if gave_up:
            self._failure = self._failure or ModelError(sentence)
            self._settled.set()
            self._over.set()
        self.trouble(sentence, gave_up)
