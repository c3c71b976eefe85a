"""What the understanding costs the tick beside it: as a process of its own, or as a thread.

The tick is that of the sound's blocks, 20 ms: a thread that wants the interpreter so often, as
the callbacks of the sound and the spine do. Meanwhile lines are understood, more often than a
call has them. How late it comes, and how often a whole tick goes by, is what is counted.
"""

import queue
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import numpy as np
from figures import Figure

from assistant.errors import SottovoceError
from assistant.events import Understood
from assistant.understanding.embedding import embedded_model, open_embedder
from assistant.understanding.interpreting import Interpreter, Patience
from assistant.understanding.meaning import Meaning, Utterance
from assistant.understanding.sentences import Sentences
from understanding.talk_lines import plan, utterances

TICK_S = 0.02
_READY_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Beside:
    """How the tick did, and what was understood meanwhile."""

    how: str
    late_s: list[float]
    understood: int
    ready_s: float = 0.0
    """Until the first line was understood, from the start of what understands."""
    memory_mb: float = 0.0
    """Of the process that understands, at its most; 0 where it is this one."""

    @property
    def missed(self) -> int:
        """How many whole ticks went by."""
        return sum(int(late_s / TICK_S) for late_s in self.late_s)

    def late_ms(self, percentile: float) -> float:
        """Return how late the tick came."""
        return float(np.percentile(self.late_s, percentile)) * 1000


@dataclass(slots=True)
class _Told:
    """Counts what was understood, from any thread."""

    count: int = 0
    first: threading.Event = field(default_factory=threading.Event)

    def take(self, _: Understood) -> None:
        self.count += 1
        self.first.set()


def figures(for_s: float, every_s: float) -> list[Figure]:
    """Try all three for so long each; the figures of all, for people."""
    held = (
        beside_nothing(for_s),
        beside_thread(for_s, every_s),
        beside_child(for_s, every_s),
    )
    return [figure for beside in held for figure in _figures(beside)]


def _figures(beside: Beside) -> list[Figure]:
    what, count = f"a tick of 20 ms {beside.how}", len(beside.late_s)
    return [
        Figure(f"{what}, late", "p99_s", round(beside.late_ms(99) / 1000, 4), count),
        Figure("  at worst", "s", round(beside.late_ms(100) / 1000, 4), count),
        Figure("  whole ticks missed", "ticks", float(beside.missed), count),
    ]


def beside_nothing(for_s: float) -> Beside:
    """Tick alone."""
    return Beside("alone", _tick(for_s, for_s * 2, lambda _: None), 0)


def beside_thread(for_s: float, every_s: float) -> Beside:
    """Tick beside a thread of the same process that understands a line every so often."""
    told = _Told()
    begun_s = time.monotonic()
    with _thread(told) as ask:
        ready_s = _first(told, ask, begun_s)
        late_s = _tick(for_s, every_s, ask)
        return Beside("beside a thread", late_s, told.count, ready_s)


def beside_child(for_s: float, every_s: float) -> Beside:
    """Tick beside a process of its own that understands a line every so often."""
    told = _Told()
    begun_s = time.monotonic()
    patience = Patience(late_s=_READY_WITHIN_S, start_s=_READY_WITHIN_S)
    interpreter = Interpreter(plan(), embedded_model(), told.take, _fail, patience=patience)
    interpreter.start()
    try:
        ready_s = _first(told, interpreter.ask, begun_s)
        late_s = _tick(for_s, every_s, interpreter.ask)
        memory_mb = _memory_mb(interpreter.pid)
        return Beside("beside a process", late_s, told.count, ready_s, memory_mb)
    finally:
        interpreter.close()


def _fail(sentence: str, gave_up: bool) -> None:
    raise SottovoceError(sentence)


def _first(told: _Told, ask: Callable[[Utterance], None], begun_s: float) -> float:
    """Have one line understood; return how long that took from the start."""
    ask(next(utterances()))
    if not told.first.wait(_READY_WITHIN_S):
        raise SottovoceError(f"Nothing was understood within {_READY_WITHIN_S:g} s.")
    return time.monotonic() - begun_s


def _tick(for_s: float, every_s: float, ask: Callable[[Utterance], None]) -> list[float]:
    """Tick for so long; return how late each tick came, in seconds."""
    lines = cycle(utterances())
    late_s: list[float] = []
    begun_s = time.monotonic()
    due_s = ask_s = begun_s + TICK_S
    while due_s < begun_s + for_s:
        time.sleep(max(0.0, due_s - time.monotonic()))
        now_s = time.monotonic()
        late_s.append(now_s - due_s)
        if now_s >= ask_s:
            ask(next(lines))
            ask_s += every_s
        due_s += TICK_S * (1 + int((time.monotonic() - due_s) / TICK_S))
    return late_s


@contextmanager
def _thread(told: _Told) -> Generator[Callable[[Utterance], None]]:
    lines: queue.SimpleQueue[Utterance | None] = queue.SimpleQueue()

    def work() -> None:
        meaning = Meaning(plan(), Sentences(open_embedder(embedded_model())))
        while (utterance := lines.get()) is not None:
            told.take(meaning.understand(utterance))

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        yield lines.put
    finally:
        lines.put(None)
        worker.join()


def _memory_mb(pid: int | None) -> float:
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if pid and status.is_file() else []
    most = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(most.split()[1]) / 1024
