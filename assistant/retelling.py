"""A journal told again: without what is to be forgotten, and whole after a line was lost.

Reads a call's entries; lives the call again from the facts that stay. Law: the
result is a journal like any other (`replay` gives it back), telling it again
changes nothing, and of a forgotten stretch no fact is left that came from the
talk. A journal with nothing to forget and nothing damaged comes back as it was.

A wish to forget is placed where its stretch begins, not when it was said: so
the minds know of it in time, and do not take what was forgotten for silence.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from assistant.call import Call
from assistant.errors import Refused
from assistant.events import (
    FACTS,
    CallStarted,
    Channel,
    Corrected,
    Cue,
    CueEnded,
    CueStarted,
    Entry,
    Fact,
    Forgotten,
    Heard,
    HeardAgain,
    HearingChange,
    LineChange,
    Marked,
    NextWanted,
    NoteTaken,
    PromiseChange,
    QuestionChange,
    SpeakerChange,
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

GONE = 0
"""The `seq` of a line that is gone: a correction of it changes nothing, but keeps its number."""
Stretch = tuple[int, Forgotten]
"""A forgotten stretch and the `seq` it was asked for at."""


class Told(NamedTuple):
    """A call that was told again, ready to go on."""

    call: Call
    entries: list[Entry]
    renewed: Callable[[Fact], Fact | None]
    """Gives a fact of before with what it refers to as that is now; None where that is gone."""
    placed: Callable[[int, int], None]
    """Is told which number a fact of before has now, where it was placed later."""


def tell_again(plan: Plan, entries: Sequence[Entry], started: CallStarted) -> Told:
    """Live a call again from its facts; return it and its journal.

    `started` stands in for a first line that was lost. Entries may be missing anywhere; facts that
    refer to one of them are left out, and so are those that the call refuses without it.
    """
    entries = _with_wishes_in_place(entries)
    telling = _Telling(plan, entries)
    if not any(isinstance(entry.event, CallStarted) for entry in entries):
        telling.place(0, started, 0.0)
    for entry in entries:
        if isinstance(entry.event, FACTS):
            telling.tell(entry.seq, entry.event, entry.at_s)
        else:
            telling.know(entry)
    return Told(telling.call, telling.entries, telling.renewed, telling.placed)


def is_forgotten(fact: Fact, at_s: float, forgotten: Forgotten) -> bool:
    """Tell whether a fact placed at `at_s` before the wish to forget belongs to the stretch."""
    if not isinstance(fact, OF_THE_TALK):
        return False
    if isinstance(fact, SpeechStarted):
        # A voice that began before and was noticed in the stretch goes on in it.
        return forgotten.from_s <= max(fact.start_s, at_s) and fact.start_s < forgotten.to_s
    if isinstance(fact, CueStarted):
        return forgotten.from_s <= fact.start_s < forgotten.to_s
    if isinstance(fact, Heard | SpeechEnded | CueEnded):
        return _overlaps(fact, forgotten)
    return forgotten.from_s <= at_s <= forgotten.to_s


def is_forgotten_though_late(fact: Fact, forgotten: Forgotten) -> bool:
    """Tell whether a fact that came only after the wish to forget tells of the stretch."""
    if isinstance(fact, SpeechStarted):
        return forgotten.from_s <= fact.start_s < forgotten.to_s
    return isinstance(fact, Heard | SpeechEnded) and _overlaps(fact, forgotten)


def _overlaps(fact: Heard | SpeechEnded | CueEnded, forgotten: Forgotten) -> bool:
    # A line of which a part is to be forgotten is forgotten whole.
    reaches_it = fact.end_s > forgotten.from_s or fact.start_s >= forgotten.from_s
    return reaches_it and fact.start_s < forgotten.to_s


def _with_wishes_in_place(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Put every wish to forget where its stretch begins, never later than it stands."""
    wishes = [entry for entry in entries if isinstance(entry.event, Forgotten)]
    if not wishes:
        return entries
    order = list(entries)
    for wish in wishes:
        here = order.index(wish)
        del order[here]
        order.insert(*_place(order, here, wish))
    return order


def _place(order: Sequence[Entry], here: int, wish: Entry) -> tuple[int, Entry]:
    """Return where a wish that stood `here` belongs among the others, and what it is there."""
    from_s = max(0.0, wish.event.from_s) if isinstance(wish.event, Forgotten) else wish.at_s
    # Nothing comes before the call's own beginning.
    first = int(bool(order) and isinstance(order[0].event, CallStarted))
    there = bisect_right(order, from_s, lo=min(first, here), key=lambda entry: entry.at_s)
    if there > here:
        return here, wish
    return there, Entry(wish.seq, min(wish.at_s, from_s), wish.event)


@dataclass(slots=True)
class _Telling:
    plan: Plan
    told: Sequence[Entry]
    """As it was."""
    call: Call = field(init=False)
    entries: list[Entry] = field(default_factory=list[Entry])
    _stretches: list[Stretch] = field(init=False)
    _ends_s: dict[tuple[Channel, float], float] = field(init=False)
    """Whose speech, and where it began -> where it ended."""
    _seqs: dict[int, int] = field(default_factory=dict[int, int])
    """The `seq` of what was heard, before -> now."""
    _old_cues: dict[int, Entry] = field(default_factory=dict[int, Entry])
    """Cues as the journal had them."""
    _cues: dict[tuple[float, str], int] = field(default_factory=dict[tuple[float, str], int])
    """When a cue was found in this telling, and its text -> its `seq` now."""
    _open: dict[Channel, float] = field(default_factory=dict[Channel, float])
    """Who speaks, and since when."""
    _out: dict[int, float | None] = field(default_factory=dict[int, float | None])
    """The `seq` now of a cue that has not ended -> when it began to sound."""
    _silenced: set[tuple[Channel, float] | int] = field(
        default_factory=set[tuple[Channel, float] | int]
    )
    """Speeches and cues that a wish to forget has ended: no other end of them counts."""

    def __post_init__(self) -> None:
        self.call = Call(self.plan)
        self._stretches, self._ends_s = [], {}
        for entry in self.told:
            match entry.event:
                case Forgotten():
                    self._stretches.append((entry.seq, entry.event))
                case SpeechEnded(channel, start_s, end_s):
                    self._ends_s.setdefault((channel, start_s), end_s)
                case _:
                    pass

    def know(self, finding: Entry) -> None:
        """Take what was found before: what time alone brought is found again, cues are compared."""
        # A journal that was cut short may end with what time alone brought.
        self._take(self.call.wait(finding.at_s))
        if isinstance(finding.event, Cue):
            self._old_cues[finding.seq] = finding

    def tell(self, seq: int, fact: Fact, at_s: float) -> None:
        """Place a fact that stays, as what it is now."""
        for asked_seq, forgotten in self._stretches:
            if seq < asked_seq and is_forgotten(fact, at_s, forgotten):
                return
            if seq > asked_seq and is_forgotten_though_late(fact, forgotten):
                return
        now = self.renewed(fact)
        if now is not None and not self._is_silenced(now):
            self.place(seq, now, at_s)

    def place(self, seq: int, fact: Fact, at_s: float) -> None:
        """Place a fact as it is; what is refused is left out."""
        if isinstance(fact, Forgotten):
            self._fall_silent(max(0.0, min(fact.from_s, at_s)), at_s)
        try:
            entries = self.call.receive(fact, at_s)
        except Refused:
            return
        self._take(entries)
        self._seqs[seq] = next(entry.seq for entry in entries if entry.event is fact)

    def _fall_silent(self, from_s: float, at_s: float) -> None:
        """End what goes on into the stretch: who hears on begins anew after it, murmurs are cut."""
        self._take(self.call.wait(at_s))
        if not self.call.is_open:
            return
        for speech in sorted(self._open.items()):
            channel, start_s = speech
            self._silenced.add(speech)
            end_s = max(start_s, min(self._ends_s.get(speech, from_s), from_s))
            self._take(self.call.receive(SpeechEnded(channel, start_s, end_s), at_s))
        while self._out:
            # A cue that is cut may bring another in the same moment; that one falls silent, too.
            cue_seq, began_s = min(self._out.items())
            self._silenced.add(cue_seq)
            start_s = from_s if began_s is None else began_s
            how = "expired" if began_s is None else "stopped"
            ended = CueEnded(cue_seq, start_s, max(start_s, from_s), how)
            self._take(self.call.receive(ended, at_s))

    def _is_silenced(self, fact: Fact) -> bool:
        match fact:
            case SpeechEnded(channel, start_s):
                return (channel, start_s) in self._silenced
            case CueStarted(cue_seq) | CueEnded(cue_seq):
                return cue_seq in self._silenced
            case _:
                return False

    def _take(self, entries: list[Entry]) -> None:
        self.entries += entries
        for entry in entries:
            match entry.event:
                case Cue(text=text):
                    self._cues[entry.at_s, text] = entry.seq
                    self._out[entry.seq] = None
                case CueStarted(cue_seq, start_s) if cue_seq in self._out:
                    self._out[cue_seq] = start_s
                case CueEnded(cue_seq):
                    self._out.pop(cue_seq, None)
                case SpeechStarted(channel, start_s):
                    self._open[channel] = start_s
                case SpeechEnded(channel):
                    self._open.pop(channel, None)
                case _:
                    pass

    def placed(self, before: int, now: int) -> None:
        """Know which number a fact has now that was placed by another hand."""
        self._seqs[before] = now

    def renewed(self, fact: Fact) -> Fact | None:
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
            case HeardAgain(instead_of):
                now = tuple(self._seqs[seq] for seq in instead_of if seq in self._seqs)
                # Where all of its lines are gone, so is what was heard of them again.
                is_gone = bool(instead_of) and not now
                return None if is_gone else msgspec.structs.replace(fact, instead_of=now)
            case Corrected(
                change=LineChange()
                | SpeakerChange()
                | PromiseChange()
                | QuestionChange(heard_seq=int())
                | HearingChange(heard_seq=int()) as change
            ):
                heard_now = self._seqs.get(change.heard_seq or GONE, GONE)
                now = msgspec.structs.replace(change, heard_seq=heard_now)
                return msgspec.structs.replace(fact, change=now)
            case _:
                return fact

    def _cue_now(self, cue_seq: int) -> int | None:
        old = self._old_cues.get(cue_seq)
        if old is None or not isinstance(old.event, Cue):
            return None
        return self._cues.get((old.at_s, old.event.text))
