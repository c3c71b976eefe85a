"""A journal told again: without what is to be forgotten, and whole after a line was lost.

Reads a call's entries; lives the call again from the facts that stay. Law: the
result is a journal like any other (`replay` gives it back), telling it again
changes nothing, and of a forgotten stretch no fact is left that came from the
talk. A journal with nothing to forget and nothing damaged comes back as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from assistant.call import Call
from assistant.errors import Refused
from assistant.events import (
    FACTS,
    CallStarted,
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    Entry,
    Fact,
    Forgotten,
    Heard,
    Marked,
    NextWanted,
    NoteTaken,
    SpeechEnded,
    SpeechStarted,
    Understood,
)
from assistant.plan import Plan

OF_THE_TALK = (
    SpeechStarted,
    SpeechEnded,
    Heard,
    Understood,
    NoteTaken,
    Marked,
    NextWanted,
    CueStarted,
    CueEnded,
)
"""What is forgotten. What steers the program (a pause, a tick, a lost device) says nothing of what
was said, and stays."""

Stretch = tuple[int, Forgotten]
"""A forgotten stretch and the `seq` it was asked for at."""


def tell_again(
    plan: Plan, entries: Sequence[Entry], started: CallStarted
) -> tuple[Call, list[Entry]]:
    """Live a call again from its facts; return it, ready to go on, and its journal.

    `started` stands in for a first line that was lost. Entries may be missing anywhere; facts that
    refer to one of them are left out, and so are those that the call refuses without it.
    """
    telling = _Telling(plan, [(e.seq, e.event) for e in entries if isinstance(e.event, Forgotten)])
    if not any(isinstance(entry.event, CallStarted) for entry in entries):
        telling.place(0, started, 0.0)
    for entry in entries:
        if isinstance(entry.event, FACTS):
            telling.tell(entry.seq, entry.event, entry.at_s)
        else:
            telling.know(entry)
    return telling.call, telling.entries


def is_forgotten(fact: Fact, at_s: float, forgotten: Forgotten) -> bool:
    """Tell whether a fact placed at `at_s` before the wish to forget belongs to the stretch."""
    if not isinstance(fact, OF_THE_TALK):
        return False
    if isinstance(fact, Heard | CueEnded):
        # A line of which a part is to be forgotten is forgotten whole.
        return fact.start_s < forgotten.to_s and fact.end_s > forgotten.from_s
    if isinstance(fact, SpeechStarted | SpeechEnded | CueStarted):
        return forgotten.from_s <= fact.start_s < forgotten.to_s
    return forgotten.from_s <= at_s <= forgotten.to_s


@dataclass(slots=True)
class _Telling:
    plan: Plan
    stretches: list[Stretch]
    call: Call = field(init=False)
    entries: list[Entry] = field(default_factory=list[Entry])
    _seqs: dict[int, int] = field(default_factory=dict[int, int])
    """The `seq` of what was heard, before -> now."""
    _old_cues: dict[int, Entry] = field(default_factory=dict[int, Entry])
    """Cues as the journal had them."""
    _cues: dict[tuple[float, str], int] = field(default_factory=dict[tuple[float, str], int])
    """When a cue was found in this telling, and its text -> its `seq` now."""
    _open: dict[Channel, float] = field(default_factory=dict[Channel, float])
    """Who speaks, and since when."""

    def __post_init__(self) -> None:
        self.call = Call(self.plan)

    def know(self, finding: Entry) -> None:
        """Take what was found before: what time alone brought is found again, cues are compared."""
        # A journal that was cut short may end with what time alone brought.
        self._take(self.call.wait(finding.at_s))
        if isinstance(finding.event, Cue):
            self._old_cues[finding.seq] = finding

    def tell(self, seq: int, fact: Fact, at_s: float) -> None:
        """Place a fact that stays, as what it is now."""
        if any(
            is_forgotten(fact, at_s, forgotten)
            for asked_seq, forgotten in self.stretches
            if seq < asked_seq or isinstance(fact, SpeechStarted | SpeechEnded | Heard)
        ):
            return
        if (now := self._renewed(seq, fact)) is not None:
            self.place(seq, now, at_s)

    def place(self, seq: int, fact: Fact, at_s: float) -> None:
        if isinstance(fact, Forgotten):
            self._fall_silent(fact, at_s)
        try:
            entries = self.call.receive(fact, at_s)
        except Refused:
            return
        self._take(entries)
        self._seqs[seq] = next(entry.seq for entry in entries if entry.event is fact)
        match fact:
            case SpeechStarted(channel, start_s):
                self._open[channel] = start_s
            case SpeechEnded(channel):
                self._open.pop(channel, None)
            case _:
                pass

    def _fall_silent(self, forgotten: Forgotten, at_s: float) -> None:
        """End the speech that goes on into the stretch: who hears on begins anew after it."""
        for channel, start_s in sorted(self._open.items()):
            end_s = max(start_s, min(forgotten.from_s, forgotten.to_s))
            self._take(self.call.receive(SpeechEnded(channel, start_s, end_s), at_s))
        self._open.clear()

    def _take(self, entries: list[Entry]) -> None:
        self.entries += entries
        for entry in entries:
            if isinstance(entry.event, Cue):
                self._cues[entry.at_s, entry.event.text] = entry.seq

    def _renewed(self, seq: int, fact: Fact) -> Fact | None:
        """Return the fact with what it refers to as that is now; None where that is gone."""
        match fact:
            case Understood(heard_seq):
                heard_now = self._seqs.get(heard_seq)
                if heard_now is None:
                    return None
                return msgspec.structs.replace(fact, heard_seq=heard_now)
            case CueStarted(cue_seq) | CueEnded(cue_seq):
                cue_now = self._cue_now(cue_seq)
                return None if cue_now is None else msgspec.structs.replace(fact, cue_seq=cue_now)
            case SpeechEnded(_, start_s, end_s):
                for asked_seq, forgotten in self.stretches:
                    if seq < asked_seq and start_s < forgotten.from_s < end_s:
                        end_s = forgotten.from_s
                return msgspec.structs.replace(fact, end_s=end_s)
            case _:
                return fact

    def _cue_now(self, cue_seq: int) -> int | None:
        old = self._old_cues.get(cue_seq)
        if old is None or not isinstance(old.event, Cue):
            return None
        return self._cues.get((old.at_s, old.event.text))
