"""A call lived again from a recording or a transcript, as fast as the machine allows.

The same ear, the same minds, the same notes as in a live call. Law: time is the
sound's own. A fact arrives when it would have arrived live on an infinitely fast
machine, and a murmur takes its rendered length; so the result depends on the
recording alone.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from assistant import __version__, recording
from assistant.call import TICK_S, Call
from assistant.events import (
    CallEnded,
    CallStarted,
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    Entry,
    Fact,
    Heard,
    SpeechStarted,
)
from assistant.hearer import Hearer
from assistant.hearing import rest
from assistant.hearing.models import Choice
from assistant.hearing.rest import Timed
from assistant.plan import Plan
from assistant.speaking.murmur import length_s
from assistant.understanding.meaning import Understand


@dataclass(slots=True)
class Rehearsal:
    """One call, fed with facts in the order of their times.

    `words_s(text)` tells how long the words of a cue take to say, `understand` what a line means.
    """

    plan: Plan
    words_s: Callable[[str], float]
    understand: Understand
    _call: Call = field(init=False)
    _cues: list[Timed] = field(default_factory=list[Timed])
    """What is still to come of the cue that is out."""
    _hearer: Hearer = field(init=False)
    _at_s: float = 0.0

    def __post_init__(self) -> None:
        self._call = Call(self.plan)
        self._hearer = Hearer(self.plan)

    def live(self, started: CallStarted, facts: Iterable[Timed]) -> Iterator[Entry]:
        """Live the call; yield its entries as they come. The last fact should be CallEnded."""
        yield from self._receive(started, 0.0)
        for known_s, fact in facts:
            yield from self._wait(known_s)
            yield from self._receive(fact, known_s)

    def _wait(self, until_s: float) -> Iterator[Entry]:
        """Let time pass in steps so small that a cue begins before more time has passed."""
        while self._at_s < until_s:
            step_s = min(until_s, (int(self._at_s / TICK_S) + 1) * TICK_S)
            if self._cues and self._cues[0][0] <= step_s:
                at_s, fact = self._cues.pop(0)
                yield from self._receive(fact, max(at_s, self._at_s))
                continue
            self._at_s = step_s
            yield from self._seen(self._call.wait(step_s))

    def _receive(self, fact: Fact, at_s: float) -> Iterator[Entry]:
        self._at_s = max(self._at_s, at_s)
        if isinstance(fact, Heard):
            fact = self._hearer.mark(fact)
        entries = self._call.receive(fact, round(at_s, 3))
        yield from self._seen(entries)
        if isinstance(fact, SpeechStarted):
            yield from self._cut(at_s)
        if isinstance(fact, Heard):
            seq = next(entry.seq for entry in entries if entry.event is fact)
            for utterance in self._hearer.waiting(seq):
                meaning = self.understand(utterance)
                yield from self._seen(self._call.receive(meaning, round(at_s, 3)))

    def _seen(self, entries: list[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self._hearer.take(entry)
            if isinstance(entry.event, Cue):
                self._begin(entry.seq, entry.event, entry.at_s)
            yield entry

    def _begin(self, seq: int, cue: Cue, at_s: float) -> None:
        start_s = round(at_s, 3)
        end_s = round(start_s + length_s(cue, 0.0 if cue.tone else self.words_s(cue.text)), 3)
        how = "tone" if cue.tone else "spoken"
        self._cues = [
            (start_s, CueStarted(seq, start_s)),
            (end_s, CueEnded(seq, start_s, end_s, how)),
        ]

    def _cut(self, at_s: float) -> Iterator[Entry]:
        """Stop the cue that is out, because someone speaks."""
        for _, fact in self._cues:
            # A tone is short, and what it stands for is urgent: it sounds although someone speaks.
            if isinstance(fact, CueEnded) and fact.how != "tone":
                self._cues = []
                start_s = min(fact.start_s, round(at_s, 3))
                cut = CueEnded(fact.cue_seq, start_s, round(at_s, 3), "cut")
                yield from self._seen(self._call.receive(cut, round(at_s, 3)))


def hear(
    files: dict[Channel, tuple[Path, int | None]],
    choice: Choice,
    spools: Path,
    progress: rest.Progress = lambda _at_s, _of_s: None,
) -> Iterator[Timed]:
    """Hear recordings with the ear; yield its facts in order, and the call's end.

    `files` names for each channel a file and which of its sides, from 0 (None: mixed); `spools` is
    the folder for the raw sound. Raises InputError for what is no sound file, and ModelError.
    """
    paths = {channel: spools / f"{channel.value}.s16" for channel in files}
    lengths_s = {
        channel: recording.to_spool(path, side, paths[channel])
        for channel, (path, side) in files.items()
    }
    yield from rest.hear(choice, paths, lengths_s, progress=progress)
    yield max(lengths_s.values()), CallEnded("end of file")


def scratch() -> "tempfile.TemporaryDirectory[str]":
    """Return a private folder for raw sound that nobody asked to keep."""
    return tempfile.TemporaryDirectory(prefix="sottovoce-")


def started(call_id: str, wall: str, choice: str, speaking: str) -> CallStarted:
    """Build the first line of a rehearsed call."""
    return CallStarted(call_id, wall, __version__, {"hearing": choice, "speaking": speaking})
