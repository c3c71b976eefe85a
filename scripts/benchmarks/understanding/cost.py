"""What it costs to understand a line: the whole meaning, all its parts, on one core.

Counted is the time of the processor, so that what else runs on the machine does not matter; the
time on the wall stands beside it. Every line is new to the model, as in a call.
"""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np

from assistant.understanding.embedding import (
    LATEST,
    Embedder,
    Sentence,
    Vectors,
    embedded_model,
    open_embedder,
)
from assistant.understanding.meaning import Meaning, Utterance
from assistant.understanding.sentences import Sentences
from understanding.model import sentences
from understanding.score import Score
from understanding.talk_lines import LONG_TURN_WORDS, long_turns, plan, utterances
from understanding.tick import beside_child

TARGET_MS = 50.0
MOST_ENCODED = 4
ALONE = 40
"""So often a sentence is measured by itself."""


@dataclass(slots=True)
class _Counting:
    """The embedder, and how many texts it had to encode."""

    embedder: Embedder
    texts: int = 0
    _latest: list[str] = field(default_factory=list[str])

    def vectors(self, texts: Sequence[str]) -> Vectors:
        self._count(texts)
        return self.embedder.vectors(texts)

    def pieces(self, text: str) -> Vectors:
        self._count([text])
        return self.embedder.pieces(text)

    def matched(self, text: str) -> Sentence:
        self._count([text])
        return self.embedder.matched(text)

    def _count(self, texts: Sequence[str]) -> None:
        # Of what it has just encoded everything is there; else it is encoded once more.
        new = [text for text in texts if text not in self._latest]
        self.texts += len(new)
        # The model's own and the branch's are remembered apart.
        self._latest = [*self._latest, *new][-LATEST // 2 :]


@dataclass(frozen=True, slots=True)
class _Cost:
    utterance: Utterance
    processor_ms: float
    wall_ms: float
    encoded: int


def measure(data: Path | None) -> list[Score]:
    """Measure on whole calls of ours; the data of others cost the same."""
    if data is not None:
        return []
    heard, long = _costs(utterances()), _costs(long_turns())
    # The long turns are made; of the lines as they are heard the target speaks.
    scores = _of("lines as heard", heard) + _of(f"turns of {LONG_TURN_WORDS} words", long)
    costs = heard + long
    most = max(cost.encoded for cost in costs)
    scores.append(
        Score(
            "cost",
            "texts encoded for a line, most",
            len(costs),
            rate=most,
            target=f"<= {MOST_ENCODED}",
            is_met=most <= MOST_ENCODED,
            missed=tuple(c.utterance.heard.text for c in costs if c.encoded > MOST_ENCODED),
        )
    )
    if sentences().has_vectors:
        scores.append(Score("cost", "a sentence of 8 words, ms", ALONE, rate=_of_one_sentence_ms()))
        beside = beside_child(for_s=10.0, every_s=0.5)
        scores += [
            Score("cost", "start of its process, s", 1, rate=round(beside.ready_s, 2)),
            Score("cost", "memory of its process, MB", 1, rate=round(beside.memory_mb)),
        ]
    return scores


def _of(name: str, costs: Sequence[_Cost]) -> list[Score]:
    processor_ms = [cost.processor_ms for cost in costs]
    p50, p95 = (float(np.percentile(processor_ms, percentile)) for percentile in (50, 95))
    wall_ms = float(np.percentile([cost.wall_ms for cost in costs], 95))
    by_cost = sorted(costs, key=lambda cost: -cost.processor_ms)
    over = (c for c in by_cost if c.processor_ms > TARGET_MS)
    note = f"worst {max(processor_ms):.0f} ms; p95 on the wall {wall_ms:.0f} ms"
    return [
        Score("cost", f"{name}, p50 ms", len(costs), rate=round(p50, 1)),
        Score(
            "cost",
            f"{name}, p95 ms",
            len(costs),
            rate=round(p95, 1),
            target=f"<= {TARGET_MS:g} ms",
            is_met=p95 <= TARGET_MS,
            note=f"{note}; load of the machine {os.getloadavg()[0]:.1f}",
            missed=tuple(f"{c.processor_ms:.0f} ms: {c.utterance.heard.text}" for c in over),
        ),
    ]


def _of_one_sentence_ms() -> float:
    """Return what a sentence alone costs in the middle: tells a slow moment from a slow part."""
    embedder = open_embedder(embedded_model())
    spent_ms: list[float] = []
    for number in range(ALONE):
        processor_s = time.thread_time()
        embedder.vectors([f"what did you do on day {number} there"])
        spent_ms.append((time.thread_time() - processor_s) * 1000)
    return round(float(np.median(spent_ms)), 1)


def _costs(lines: Iterable[Utterance]) -> list[_Cost]:
    # Everything new: what another task of this run asked for is not remembered.
    embedder = sentences().embedder
    counting = None if embedder is None else _Counting(embedder)
    meaning = Meaning(plan(), Sentences(cast(Embedder | None, counting)))
    first, *others = lines
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        # Once, before it counts: the questions become vectors.
        meaning.understand(first)
        return [_cost(meaning, utterance, counting) for utterance in others]
    finally:
        os.sched_setaffinity(0, cores)


def _cost(meaning: Meaning, utterance: Utterance, counting: _Counting | None) -> _Cost:
    encoded = counting.texts if counting else 0
    wall_s, processor_s = time.monotonic(), time.thread_time()
    meaning.understand(utterance)
    processor_s, wall_s = time.thread_time() - processor_s, time.monotonic() - wall_s
    encoded = counting.texts - encoded if counting else 0
    return _Cost(utterance, processor_s * 1000, wall_s * 1000, encoded)
