"""Who does the engine's work, and when.

Law: one task after the other, in the order they were given, whoever does them;
words never depend on which of them it was. Tasks hold no sound, so that an engine
that falls behind costs some 2 kB a second of speech, not 32.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Protocol, TypeAlias

Task: TypeAlias = Callable[[], None]


class Work(Protocol):
    """Has the engine's work done, in the order it was given: at once, or by another thread."""

    def do(self, task: Task) -> None:
        """Have it done."""
        ...

    def do_if_free(self, task: Task) -> None:
        """Have it done if nothing else waits then: it saves time later, but is not needed."""
        ...


@dataclass(frozen=True, slots=True)
class AtOnce:
    """For files that are complete: nobody waits for the words."""

    def do(self, task: Task) -> None:
        """Do it."""
        task()

    def do_if_free(self, task: Task) -> None:
        """Leave it: there is no later moment for which it would save time."""


@dataclass(slots=True)
class Worker:
    """One thread that does all of a live call."""

    on_fault: Task
    """Called on that thread, as an exception's handler, when a task has failed; none follows."""
    _tasks: SimpleQueue[Task | None] = field(default_factory=SimpleQueue[Task | None])
    _thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def do(self, task: Task) -> None:
        """Have it done after all that waits."""
        self._tasks.put(task)

    def do_if_free(self, task: Task) -> None:
        """Have it done unless something waits behind it then: who is late must not fall back."""
        self._tasks.put(lambda: task() if self._tasks.empty() else None)

    def finish(self) -> None:
        """Return when everything was done."""
        self._tasks.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while (task := self._tasks.get()) is not None:
                task()
        except BaseException:
            self.on_fault()
