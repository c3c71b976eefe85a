"""Complete sound heard to its end: a recording, or what was left when a call broke off.

One ear, started where everything before was told. Law: the facts depend on the
sound alone, and come in the order in which they would have become known.
"""

import queue
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from assistant.errors import ModelError
from assistant.events import Channel, Fact
from assistant.hearing.listening import Listening
from assistant.hearing.models import Choice
from assistant.hearing.retold import Retold

Timed = tuple[float, Fact]
"""When a fact is known, in seconds, and the fact."""

Progress = Callable[[float, float], None]
"""Told how far the sound is heard, and how long it is, in seconds."""


def hear(
    choice: Choice,
    sounds: Mapping[Channel, Path],
    ends_s: Mapping[Channel, float],
    told: Mapping[Channel, Retold] | None = None,
    progress: Progress = lambda _at_s, _of_s: None,
    second: Choice | None = None,
    module: str = "assistant.hearing.ear",
) -> Iterator[Timed]:
    """Hear raw sounds up to where they end; yield the facts.

    `told` says what is told already; `second` is what hears on when the first engine fails again
    and again. Raises ModelError when the engine can not be loaded or fails
    again and again.
    """
    end_s = max(ends_s.values(), default=0.0)
    heard: queue.SimpleQueue[Timed | None] = queue.SimpleQueue()
    failures: list[str] = []

    def on_trouble(sentence: str, gave_up: bool) -> None:
        if gave_up:
            failures.append(sentence)
            heard.put(None)

    listening = Listening(
        choice,
        sounds,
        lambda fact, known_s: heard.put((known_s, fact)),
        on_trouble,
        end_s=ends_s,
        over=lambda: heard.put(None),
        module=module,
        second=second,
        known=told or {},
    )
    try:
        listening.start()
        at_s = 0.0
        while (timed := heard.get()) is not None:
            # An ear that was started again goes back a little.
            at_s = max(at_s, timed[0])
            progress(at_s, end_s)
            yield timed
    finally:
        listening.close()
    if failures:
        raise ModelError(failures[0], "Try another engine with --engine.")
