"""The ear's process and the one after it: of the same engine, at last of the other one.

Knows when an ear hangs, leaks or dies and what follows, and nothing of what it says. Laws: an ear
that fails is started again, at last with the second engine; the user is told once that it failed,
and once that it works again.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.hearing.models import Choice
from assistant.hearing.patience import (
    HUNG_AT_ONCE_S,
    HUNG_S,
    LOAD_WITHIN_S,
    LOOK_EVERY_S,
    Patience,
)
from assistant.memory import Growth
from assistant.parent import KeptChild

WORKS = "The hearing works again; nothing that was said is lost."


@dataclass(frozen=True, slots=True)
class Care:
    """How an ear is looked after."""

    growth_bytes: int = 2**30
    """One that grew by so much since it was ready leaks. Vosk grew by 0.15 GB in half an hour,
    Moonshine by 0.04; what a large model takes to load does not count."""
    hung_at_once_s: float = HUNG_AT_ONCE_S


@dataclass(frozen=True, slots=True)
class Says:
    """Who is asked and told; each on a thread of the ear's."""

    greeting: Callable[[], bytes]
    """Asked for the first line of every ear."""
    line: Callable[[bytes], None]
    """Told every line; a ValueError makes it garbage."""
    died: Callable[[], None]
    """Told each time that an ear is gone."""
    trouble: Callable[[str, bool], None]
    """Told a sentence, and whether there will be no ear any more; once until it works again."""
    works: Callable[[str], None]
    is_through: Callable[[], bool]
    """Whether all was heard: then an ear that ends has not failed."""


@dataclass(slots=True)
class Ears:
    """One ear after the other."""

    now: Choice
    """What hears at present."""
    second: Choice | None
    """What goes on hearing when the first engine is given up."""
    module: str
    log: Path | None
    says: Says
    over: threading.Event
    """Set when nothing more will come; nobody looks after the ear then."""
    care: Care = field(default_factory=Care)
    is_ready: bool = False
    """The ear that lives now has loaded its engine."""
    _child: KeptChild = field(init=False)
    _switching: threading.Lock = field(default_factory=threading.Lock)
    """Held while the child, or whether there may be another one, changes."""
    _is_closed: bool = False
    _patience: Patience = field(default_factory=Patience)
    _growth: Growth = field(init=False)
    _watcher: threading.Thread | None = None
    """Looks after the ear where no call's clock runs."""
    _lines: int = 0
    """Lines of the ear so far, over all its lives."""
    _steps: int = 0
    """How often it said something final, or that it waits for sound."""
    _is_trouble_told: bool = False

    def __post_init__(self) -> None:
        self._growth = Growth(self.care.growth_bytes)
        self._child = self._make_child()

    @property
    def pid(self) -> int | None:
        """The ear's process."""
        return self._child.pid

    def start(self) -> None:
        """Start the first ear; returns at once."""
        self._child.start()

    def send(self, line: bytes) -> None:
        """Give the ear that lives an order; the next one has it in its greeting."""
        with self._switching:
            self._child.send(line)

    def renew(self) -> None:
        """Have another ear begin, though this one did nothing wrong."""
        self.is_ready = False
        self._patience = Patience()
        with self._switching:
            if not (self._is_closed or self.over.is_set()):
                self._child.renew()

    def check(self, now_s: float) -> None:
        """Start the ear again if it hangs or leaks, by the call's time; about once a second.

        While an engine loads it may be silent for as long as that takes.
        """
        if self._watcher is None:
            self._look(now_s, HUNG_S)

    def watch(self) -> None:
        """Look after the ear by real time from now on: no clock of a call runs."""
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch_on, name="ear's watch", daemon=True)
            self._watcher.start()

    def spoke(self) -> None:
        """Know that the ear said something that makes sense."""
        self._lines += 1

    def did_well(self) -> None:
        """Know that the ear does what it is for."""
        self._steps += 1
        self._child.did_well()
        if self._is_trouble_told:
            self._is_trouble_told = False
            self.says.works(WORKS)

    def close(self) -> None:
        """End the ear; there will be no other."""
        with self._switching:
            self._is_closed = True
            child = self._child
        child.close(0.5)

    def _make_child(self) -> KeptChild:
        return KeptChild(
            f"hearing with {self.now.label}",
            self.module,
            self._greet,
            self.says.line,
            self._stumble,
            may_end=self.says.is_through,
            log=self.log,
        )

    def _watch_on(self) -> None:
        while not self.over.wait(min(LOOK_EVERY_S, self.care.hung_at_once_s)):
            self._look(time.monotonic(), self.care.hung_at_once_s)

    def _look(self, now_s: float, hung_s: float) -> None:
        if self.over.is_set():
            return
        within_s = hung_s if self.is_ready else LOAD_WITHIN_S
        if self._patience.is_over(now_s, within_s, lines=self._lines, steps=self._steps):
            self._patience = Patience()
            self._child.restart("it hung")
        elif self.is_ready and self._growth.is_too_much(self._child.pid, now_s):
            self._child.restart("it took more and more memory")

    # From here on the child's own threads.

    def _greet(self) -> bytes:
        self.is_ready = False
        return self.says.greeting()

    def _stumble(self, sentence: str, gave_up: bool) -> None:
        self.is_ready = False
        self.says.died()
        if gave_up and (second := self._take_second()) is not None:
            self._is_trouble_told = True
            self.says.trouble(f"{sentence} {second} hears on, from where it stopped.", False)
        elif gave_up or not self._is_trouble_told:
            # Each time until it works again would be once a second.
            self._is_trouble_told = True
            self.says.trouble(sentence, gave_up)

    def _take_second(self) -> str | None:
        """Begin to hear with the second engine; return its name, None where there is none."""
        with self._switching:
            if self._is_closed or self.second is None or self.now is self.second:
                return None
            self.now = self.second
            self._child = self._make_child()
            self._child.start()
            return self.now.label
