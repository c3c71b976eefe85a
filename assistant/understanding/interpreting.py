"""The parent's side of the interpreter: what was heard to what it means, in bounded time.

Keeps the process of `interpreter.py` alive. Laws: whoever asks never waits; every line that was
heard gets exactly one Understood, unless it is forgotten; what the process does not answer in
time, or dies of, is told by words alone; one that hangs is started again.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.events import Understood
from assistant.memory import Growth
from assistant.parent import KeptChild
from assistant.plan import Plan
from assistant.understanding.interpreter import Answer, Greeting, Request
from assistant.understanding.meaning import Meaning, Utterance
from assistant.understanding.sentences import Sentences

WORKS = "What is said is understood by its meaning again."
BY_WORDS = " Until it works again, questions are told by their words alone."

_LONGEST_SENTENCE = 300
_read_answer = msgspec.json.Decoder(Answer).decode


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the interpreter may take."""

    late_s: float = 2.0
    """A line takes 10 to 50 ms; one that waits longer is told by words. A stall that is told later
    than this helps nobody."""
    start_s: float = 20.0
    """It takes 1 to 2 s to start; on a starved machine ten times that."""
    hangs_s: float = 10.0
    """One that was asked and said nothing for so long hangs."""
    growth_bytes: int = 300 * 2**20
    """One that grew by so much leaks."""
    looks_every_s: float = 5.0
    """How often its memory is looked at."""


@dataclass(slots=True)
class _Asked:
    request: Request
    due_s: float
    """When it is told by words."""
    is_sent: bool = False


class Interpreter:
    """Says what lines mean, each once; on a thread of its own, by words alone where it must.

    `tell(understood)` takes the facts and must only enqueue them. `on_trouble(sentence, gave_up)`
    is called when the process fails, once until it works again (`on_works`). Without a `model`
    there is no process.
    """

    def __init__(
        self,
        plan: Plan,
        model: Path | None,
        tell: Callable[[Understood], None],
        on_trouble: Callable[[str, bool], None],
        *,
        on_works: Callable[[str], None] = lambda _: None,
        module: str = "assistant.understanding.interpreter",
        environ: Mapping[str, str] | None = None,
        log: Path | None = None,
        patience: Patience | None = None,
    ) -> None:
        """Set up; another `module` must speak the same lines."""
        self._plan = plan
        self._model = model
        self._tell = tell
        self._on_trouble = on_trouble
        self._on_works = on_works
        self._patience = patience or Patience()
        self._growth = Growth(self._patience.growth_bytes, self._patience.looks_every_s)
        self._changed = threading.Condition()
        self._id = 0
        self._asked: OrderedDict[int, _Asked] = OrderedDict()
        self._is_ready = False
        self._is_off = model is None
        self._is_closed = False
        self._is_failure_told = False
        self._born_s = time.monotonic()
        self._silent_since_s: float | None = None
        """When it was asked something and has said nothing since."""
        self._by_words = threading.Thread(target=self._tell_by_words, name="meaning", daemon=True)
        self._child = KeptChild(
            "understanding",
            module,
            self._greet,
            self._take,
            self._stumble,
            may_end=lambda: self._is_closed,
            environ=environ,
            log=log,
        )

    @property
    def pid(self) -> int | None:
        """The interpreter's process."""
        return self._child.pid

    @property
    def is_by_words(self) -> bool:
        """Whether meaning is told by words alone, for good."""
        return self._is_off

    def start(self) -> None:
        """Start; returns at once. What is asked meanwhile waits."""
        self._born_s = time.monotonic()
        if not self._is_off:
            self._child.start()
        self._by_words.start()

    def ask(self, utterance: Utterance) -> None:
        """Have a line understood; return at once."""
        with self._changed:
            self._id += 1
            request = Request(self._id, _wordless(utterance))
            late_s = 0.0 if self._is_off else self._patience.late_s
            asked = self._asked[self._id] = _Asked(request, time.monotonic() + late_s)
            if self._is_ready:
                self._send(asked)
            self._changed.notify_all()

    def forget(self) -> None:
        """Tell nothing more of what was asked so far: those lines are gone or renumbered."""
        with self._changed:
            self._asked.clear()

    def check(self) -> None:
        """Start the process again if it hangs or leaks; to be called about once a second."""
        now_s, patience = time.monotonic(), self._patience
        with self._changed:
            if self._is_off or self._is_closed:
                return
            since_s = self._silent_since_s
            if not self._is_ready and now_s - self._born_s > patience.start_s:
                self._born_s = now_s
                self._child.restart("it did not start in time")
            elif self._is_ready and since_s is not None and now_s - since_s > patience.hangs_s:
                self._is_ready = False
                self._child.restart("it did not answer in time")
            elif self._is_ready and self._growth.is_too_much(self._child.pid, now_s):
                self._is_ready = False
                self._child.restart("it took more and more memory")

    def close(self, within_s: float = 1.0) -> None:
        """End the process; what was not told by then is told no more."""
        with self._changed:
            self._is_closed = True
            self._asked.clear()
            self._changed.notify_all()
        self._child.close(within_s)
        if self._by_words.is_alive():
            self._by_words.join(within_s)

    def _send(self, asked: _Asked) -> None:
        asked.is_sent = True
        if self._silent_since_s is None:
            self._silent_since_s = time.monotonic()
        self._child.send(msgspec.json.encode(asked.request))

    # On the thread of this file.

    def _tell_by_words(self) -> None:
        meaning = Meaning(self._plan, Sentences(None))
        while (asked := self._next_late()) is not None:
            utterance = asked.request.utterance
            try:
                understood = meaning.understand(utterance)
            except Exception:
                # A fault of ours costs this line its meaning, and no other line.
                understood = Understood(utterance.seq)
            self._tell_once(asked.request.id, understood)

    def _next_late(self) -> _Asked | None:
        """Wait for a line that the process did not answer in time; None when all is over."""
        with self._changed:
            while not self._is_closed:
                first = min(self._asked.values(), key=lambda asked: asked.due_s, default=None)
                left_s = None if first is None else first.due_s - time.monotonic()
                if left_s is not None and left_s <= 0:
                    return first
                self._changed.wait(left_s)
            return None

    def _tell_once(self, request_id: int, understood: Understood) -> None:
        with self._changed:
            if self._asked.pop(request_id, None) is not None:
                self._tell(understood)
                self._changed.notify_all()

    # On the child's own threads.

    def _greet(self) -> bytes:
        with self._changed:
            self._is_ready = False
            self._born_s = time.monotonic()
            self._silent_since_s = None
        return msgspec.json.encode(Greeting(self._plan, str(self._model)))

    def _take(self, line: bytes) -> None:
        answer = _read_answer(line)
        if answer.error:
            self._stumble(answer.error[:_LONGEST_SENTENCE], True)
        elif answer.interpreter == "ready":
            self._begin()
        elif answer.understood is not None:
            self._child.did_well()
            with self._changed:
                waiting = any(request_id != answer.id for request_id in self._asked)
                self._silent_since_s = time.monotonic() if waiting else None
                asked = self._asked.get(answer.id)
            if asked and asked.request.utterance.seq == answer.understood.heard_seq:
                self._tell_once(answer.id, answer.understood)

    def _begin(self) -> None:
        with self._changed:
            self._is_ready, self._is_off = True, False
            for asked in self._asked.values():
                self._send(asked)
        if self._is_failure_told:
            self._is_failure_told = False
            self._on_works(WORKS)

    def _stumble(self, sentence: str, gave_up: bool) -> None:
        with self._changed:
            self._is_ready = False
            is_new = gave_up > self._is_off or not (self._is_failure_told or self._is_off)
            self._is_off = self._is_off or gave_up
            self._silent_since_s = None
            for asked in self._asked.values():
                # It may be what killed it: that must not happen twice.
                if asked.is_sent or self._is_off:
                    asked.due_s = 0.0
            self._changed.notify_all()
        if is_new:
            self._is_failure_told = True
            self._on_trouble(sentence + BY_WORDS, gave_up)


def _wordless(utterance: Utterance) -> Utterance:
    """Return it without the times of its words, of which no meaning is made."""
    heard, *before = (
        msgspec.structs.replace(each, words=()) for each in (utterance.heard, *utterance.before)
    )
    return Utterance(utterance.seq, heard, tuple(before))
