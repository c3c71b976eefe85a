"""The parent's side of the ear: starts it, hands on the facts it brings.

Law: what the ear told stays told. An ear that is started again goes on where the last one had said
everything, so nothing is heard twice and nothing is lost, also where another engine takes over.
What makes no sense goes no further.
"""

import math
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from assistant.errors import ModelError, SottovoceError, from_exit_code
from assistant.events import Channel, Fact, Heard, SpeechEnded
from assistant.hearing.claims import Claim, read_claim, read_said
from assistant.hearing.ears import Care, Ears, Says
from assistant.hearing.models import Choice
from assistant.hearing.patience import LOAD_WITHIN_S
from assistant.hearing.retold import Retold

NEARLY_S = 0.1
"""An ear that says it is done has said everything up to so much before the end."""

MOST_LOADS = 2
"""So often may an engine end while it loads, before a call begins; then its model is damaged."""
BREAKS = "ends while it loads: its model is damaged."
ANOTHER = "Get the model again with `sottovoce models pull`, or name another with --model."


class Greeting(msgspec.Struct, frozen=True):
    """The ear's orders: what to hear, with what, from where to where."""

    engine: str
    model: str
    label: str
    spools: Mapping[str, str]
    from_s: Mapping[str, float]
    end_s: Mapping[str, float] | None


@dataclass(slots=True)
class Listening:
    """One ear and what it has told so far.

    `tell(fact, known_s)` is called on a thread of the child's; so is `trouble(sentence, gave_up)`,
    once until `works(sentence)` tells that it hears again.
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
    second: Choice | None = None
    """What goes on hearing when the first engine is given up."""
    works: Callable[[str], None] = lambda _: None
    now_s: Callable[[], float] = lambda: math.inf
    """The call's time: nothing later can have been heard. With `end_s` that is the bound."""
    known: Mapping[Channel, Retold] = field(default_factory=dict[Channel, Retold])
    """What was told before, of a call that goes on: the hearing begins after it."""
    care: Care = field(default_factory=Care)
    _told: dict[Channel, Retold] = field(init=False)
    _partials: dict[Channel, str] = field(default_factory=dict[Channel, str])
    _showing: threading.Lock = field(default_factory=threading.Lock)
    _ears: Ears = field(init=False)
    _hearing: threading.Lock = field(default_factory=threading.Lock)
    """Held while a line of the ear, or where the next ear begins, is taken in."""
    _is_deaf: bool = False
    """The ear that lives heard what is forgotten: until there is another, its lines are nothing."""
    _settled: threading.Event = field(default_factory=threading.Event)
    """Set once the ear is ready, or failed."""
    _over: threading.Event = field(default_factory=threading.Event)
    """Set once all was told, or nothing more will come."""
    _is_done: bool = False
    """All was told."""
    _failure: SottovoceError | None = None
    _loads_in_vain: int = 0
    """How often the ear ended before it was first ready."""

    def __post_init__(self) -> None:
        self._told = {c: self.known.get(c) or Retold(c) for c in self.spools}
        says = Says(
            greeting=self._greeting,
            line=self._on_line,
            died=self._on_death,
            trouble=self._on_trouble,
            works=self.works,
            is_through=self.is_heard_out,
        )
        self._ears = Ears(
            self.choice, self.second, self.module, self.log, says, self._over, self.care
        )

    def start(self) -> None:
        """Start the ear and wait until its engine is loaded and proved. Raises ModelError."""
        self._ears.start()
        if self.end_s is not None:
            self._ears.watch()
        if not self._settled.wait(LOAD_WITHIN_S):
            self.close()
            raise ModelError(
                f"{self._ears.now.label} did not load within {LOAD_WITHIN_S:.0f} s.",
                "Try a smaller model: `sottovoce models list`.",
            )
        if self._failure is not None:
            self.close()
            raise self._failure

    def finish(self, end_s: Mapping[Channel, float]) -> None:
        """Have the ear hear up to there and then be done; return at once.

        The call's clock stands from now on: whether the ear hangs is seen by real time.
        """
        order = {"do": "finish", "end_s": {c.value: s for c, s in end_s.items()}}
        self.end_s = end_s
        self._ears.send(msgspec.json.encode(order))
        self._ears.watch()

    def forget(self, from_s: float, to_s: float) -> None:
        """Have another ear hear on behind a stretch up to now, whose sound is zeros already.

        When this returns, nothing that an ear heard in there will be told.
        """
        with self._hearing:
            for told in self._told.values():
                told.forget(from_s, to_s)
            self._is_deaf = not self.is_over()
            self._on_death()
        self._ears.renew()

    def check(self, now_s: float) -> None:
        """Start the ear again if it hangs or leaks, by the call's time; about once a second.

        While an engine loads it may be silent for as long as that takes.
        """
        self._ears.check(now_s)

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
        """Tell whether nothing more will come."""
        return self._over.is_set()

    def is_heard_out(self) -> bool:
        """Tell whether everything was told."""
        return self._is_done

    def wait(self, within_s: float | None = None) -> bool:
        """Wait until nothing more will come; tell whether that was in time."""
        return self._over.wait(within_s)

    def close(self) -> None:
        """End the ear."""
        self._ears.close()
        self._over.set()

    @property
    def pid(self) -> int | None:
        """The ear's process."""
        return self._ears.pid

    @property
    def failure(self) -> SottovoceError | None:
        """Why nothing more will come, if the ear was given up."""
        return self._failure

    # From here on the child's own threads.

    def _greeting(self) -> bytes:
        with self._hearing:
            self._is_deaf = False
            from_s = {channel.value: told.begin_again() for channel, told in self._told.items()}
        end_s = None if self.end_s is None else {c.value: s for c, s in self.end_s.items()}
        choice = self._ears.now
        return msgspec.json.encode(
            Greeting(
                choice.engine,
                "" if choice.model_dir is None else str(choice.model_dir),
                choice.label,
                {channel.value: str(path) for channel, path in self.spools.items()},
                from_s,
                end_s,
            )
        )

    @property
    def _to_s(self) -> float:
        return self.now_s() if self.end_s is None else max(self.end_s.values(), default=0.0)

    def _on_line(self, line: bytes) -> None:
        with self._hearing:
            if not self._is_deaf:
                self._take_in(line)

    def _take_in(self, line: bytes) -> None:
        claim = read_claim(line, self._to_s)
        self._ears.spoke()
        match claim.ear:
            case "":
                self._on_fact(line, claim.known_s)
            case "ready":
                self._failure = None
                self._ears.is_ready = True
                self._settled.set()
            case "failed":
                self._failure = from_exit_code(claim.exit_code, claim.error, claim.hint)
                self._settled.set()
            case "partial" if (told := self._told_of(claim)) is not None:
                self._show(told.channel, claim.text)
            case "at" if (told := self._told_of(claim)) is not None:
                if claim.s > told.from_s:
                    self._ears.did_well()
                self._tell(told.said_to(claim.s), claim.s)
            case "waiting":
                self._ears.did_well()
            case "done":
                self._on_done()
            case _:
                raise ValueError("An ear has no such word.")

    def _told_of(self, claim: Claim) -> Retold | None:
        return None if claim.channel is None else self._told.get(claim.channel)

    def _on_fact(self, line: bytes, known_s: float) -> None:
        fact = read_said(line, self._told, self._to_s)
        if isinstance(fact, SpeechEnded):
            self._show(fact.channel, "")
        if isinstance(fact, Heard):
            # Whatever it calls itself: it is the one that was asked.
            fact = msgspec.structs.replace(fact, engine=self._ears.now.label, echo=False)
        self._ears.did_well()
        self._tell(self._told[fact.channel].take(fact), known_s)

    def _on_done(self) -> None:
        end_s = self.end_s
        if end_s is None or any(
            told.from_s < end_s.get(channel, 0.0) - NEARLY_S for channel, told in self._told.items()
        ):
            raise ValueError("It has not said everything.")
        self._ears.did_well()
        for told in self._told.values():
            self._tell(told.end(), told.from_s)
        self._is_done = True
        self._over.set()
        self.over()

    def _tell(self, facts: Iterable[Fact], known_s: float) -> None:
        for fact in facts:
            self.tell(fact, known_s)

    def _show(self, channel: Channel, partial: str) -> None:
        with self._showing:
            self._partials[channel] = partial

    def _on_death(self) -> None:
        with self._showing:
            self._partials.clear()
        if self.second is None and not self._settled.is_set():
            self._loads_in_vain += 1
            if self._loads_in_vain == MOST_LOADS:
                # Whoever waits for the call to begin is not kept waiting for more of the same.
                self._failure = ModelError(f"{self._ears.now.label} {BREAKS}", ANOTHER)
                self._settled.set()

    def _on_trouble(self, sentence: str, gave_up: bool) -> None:
        self.trouble(sentence, gave_up)
        if gave_up:
            self._failure = self._failure or ModelError(sentence)
            self._settled.set()
            self._over.set()
