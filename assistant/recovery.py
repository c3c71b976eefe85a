"""A call that was cut short: lived again from its journal, and heard to the end of its sound.

The journal's facts make the call, damaged lines left out; where every channel's
last told words end, the ear begins; what it hears is placed as in any call,
after a Recovered that says that nobody could act on it. Law: the journal is put
in place whole or not at all, and follows from what lies in the folder, so that a
recovery that was killed and is repeated gives the same bytes. Sound is changed
only where the user had it forgotten.
"""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

from assistant import __version__
from assistant import plan as plans
from assistant.call import Call
from assistant.errors import DiskError, InputError, SottovoceError
from assistant.events import (
    AFTERWARDS,
    FACTS,
    CallEnded,
    CallStarted,
    Channel,
    Entry,
    Fact,
    Heard,
    Recovered,
    Trouble,
    Understood,
)
from assistant.forgetting import blank
from assistant.hearer import Hearer
from assistant.hearing.rest import Timed
from assistant.hearing.retold import Retold, told_in
from assistant.hearing.spool import RATE_HZ
from assistant.keeping import journal, sound
from assistant.keeping.folder import CallFolder
from assistant.keeping.unfinished import NOT_HEARD, ending_of
from assistant.memory import nothing_collected
from assistant.notes import live
from assistant.notes.words import words_of
from assistant.parts import frames_in
from assistant.plan import Plan
from assistant.retelling import Told, tell_again
from assistant.sheet import read_sheet
from assistant.understanding.meaning import Understand, Utterance
from assistant.wording import Wording

CUT_SHORT = "cut short"
"""Why a call ended that nobody ended."""
ONE_DAMAGED = "One line of the journal was damaged and is left out."
DAMAGED = "{count} lines of the journal were damaged and are left out."
FROM_SHEET = "plan.json was lost or damaged; the plan was read again from plan.md."
NO_PLAN = "plan.json and plan.md were lost or damaged; the call is told without its questions."


@dataclass(frozen=True, slots=True)
class Rest:
    """Sound that is still to be heard."""

    sounds: Mapping[Channel, Path]
    """Raw."""
    ends_s: Mapping[Channel, float]
    told: Mapping[Channel, Retold]
    """What of each was told already."""


Hear: TypeAlias = Callable[[Plan, Rest], Iterable[Timed]]
"""Hears the rest of a call. Raises ModelError where nothing is there to hear with."""

MeaningOf: TypeAlias = Callable[[Plan], Understand]
"""Opens what tells the meaning of a call's lines; loads a model, so only where one is needed."""


@dataclass(frozen=True, slots=True)
class Past:
    """A call as its journal tells it, ready to go on."""

    plan: Plan
    call: Call
    entries: list[Entry]
    reason: str
    """How it ended, or `cut short`."""
    is_mended: bool
    """The journal on disk holds something else."""
    afterwards: tuple[Entry, ...]
    """What came after its end, as it stood, which will come after it again."""
    told: Told
    """Knows what of before has which number now."""
    notices: tuple[str, ...] = ()
    """What was lost, in sentences."""

    @property
    def at_s(self) -> float:
        """The last moment that is known, in seconds of the call."""
        return self.entries[-1].at_s


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a recovery came to."""

    is_heard_out: bool
    notices: tuple[str, ...]
    """Sentences for the user."""


def is_needed(folder: CallFolder) -> bool:
    """Tell whether a call was cut short, or its last words were not heard."""
    return ending_of(folder) in ("none", "unheard")


def recover(folder: CallFolder, wording: Wording, hear: Hear, meaning: MeaningOf) -> Outcome:
    """Hear a call to the end of its sound and finish its journal; hold the folder meanwhile.

    `meaning` is asked for only where something was heard that is not understood yet.
    Without anything to hear with, or when that fails, the journal is finished all the same and
    says so; a later recovery hears what is missing. Raises DiskError.
    """
    past = read_past(folder, wording)
    blank(folder, past.entries)
    understand: Understand | None = None

    def understood(utterance: Utterance) -> Understood:
        nonlocal understand
        understand = understand or meaning(past.plan)
        return understand(utterance)

    going = _Going(past, understood)
    with sound.raw_sounds({c: folder.spool(c) for c in Channel}) as sounds:
        ends_s = {channel: frames_in(path) / RATE_HZ for channel, path in sounds.items()}
        end_s = round(max(past.at_s, *ends_s.values(), 0.0), 3)
        going.place(Recovered(past.at_s, end_s), past.at_s)
        going.understand_waiting()
        is_heard_out, why = True, ""
        try:
            heard = _hear(past, sounds, ends_s, hear)
        except SottovoceError as error:
            heard, is_heard_out, why = [], False, str(error)
    for known_s, fact in heard:
        going.hear(fact, min(known_s, end_s))
    if not is_heard_out:
        going.place(NOT_HEARD, end_s)
    going.place(CallEnded(past.reason), end_s)
    for entry in past.afterwards:
        # One may be about another, such as a line that nobody had heard at first.
        fact = past.told.renewed(entry.event) if isinstance(entry.event, AFTERWARDS) else None
        if fact is not None:
            past.told.placed(entry.seq, going.place(fact, end_s))
    _grow_notes(folder, past.plan, going.entries, wording)
    journal.rewrite(folder.journal, going.entries)
    return Outcome(is_heard_out, (*past.notices, *filter(None, (why,))))


def read_past(folder: CallFolder, wording: Wording) -> Past:
    """Live a call again from its journal, up to where it broke off. Raises DiskError."""
    plan, why = read_plan(folder, wording)
    try:
        reading = journal.read(folder.journal)
    except InputError:
        reading = journal.Reading()
    kept, reason, later = _without_end(reading.entries)
    with nothing_collected():
        told = tell_again(plan, kept, first_line(folder))
    call, entries = told.call, told.entries
    if reading.damaged:
        count = reading.damaged
        text = ONE_DAMAGED if count == 1 else DAMAGED.format(count=count)
        entries += call.receive(Trouble("journal", text), entries[-1].at_s)
        why = (*why, text)
    is_mended = entries != reading.entries
    return Past(plan, call, entries, reason, is_mended, later, told, why)


def read_plan(folder: CallFolder, wording: Wording) -> tuple[Plan, tuple[str, ...]]:
    """Read a call's plan; where it is lost, from the sheet, or a bare one; and say so.

    What was found is kept in place of what was lost. Raises DiskError.
    """
    with contextlib.suppress(InputError):
        return folder.read_plan(), ()
    try:
        plan, why = read_sheet(folder.sheet, wording), FROM_SHEET
    except (InputError, DiskError, OSError):
        plan, why = Plan(phrases=wording.phrases(), lines=wording.lines()), NO_PLAN
    folder.write(folder.plan.name, plans.to_json(plan))
    return plan, (why,)


# ---------------------------------------------------------------- the call


@dataclass(slots=True)
class _Going:
    """A past call that goes on with what is heard now."""

    past: Past
    understand: Understand
    entries: list[Entry] = field(init=False)
    _hearer: Hearer = field(init=False)

    def __post_init__(self) -> None:
        self._hearer = Hearer(self.past.plan)
        self.entries = []
        self._take(self.past.entries)

    def place(self, fact: Fact, at_s: float) -> int:
        """Place a fact; a time before the last entry's counts as that. Return its number."""
        entries = self.past.call.receive(fact, round(at_s, 3))
        self._take(entries)
        return next(entry.seq for entry in entries if entry.event is fact)

    def hear(self, fact: Fact, known_s: float) -> None:
        """Place what the ear brought, and what it means."""
        if not isinstance(fact, Heard):
            self.place(fact, known_s)
            return
        seq = self.place(self._hearer.mark(fact), known_s)
        for utterance in self._hearer.waiting(seq):
            self.place(self.understand(utterance), known_s)

    def understand_waiting(self) -> None:
        """Place what the last lines meant, where the program died before it was told."""
        for utterance in self._hearer.waiting():
            self.place(self.understand(utterance), self.past.at_s)

    def _take(self, entries: list[Entry]) -> None:
        self.entries += entries
        for entry in entries:
            self._hearer.take(entry)


def _hear(
    past: Past, sounds: Mapping[Channel, Path], ends_s: Mapping[Channel, float], hear: Hear
) -> list[Timed]:
    """Hear what is left of every channel; end the speech of those of which nothing is."""
    told = told_in(past.entries)
    facts: list[Timed] = []
    open_: dict[Channel, Path] = {}
    for channel in Channel:
        known = told.setdefault(channel, Retold(channel))
        if channel in sounds and ends_s[channel] > known.from_s:
            open_[channel] = sounds[channel]
        else:
            known.begin_again()
            facts += [(known.from_s, fact) for fact in known.end()]
    if open_:
        rest = Rest(open_, {c: ends_s[c] for c in open_}, {c: told[c] for c in open_})
        facts += hear(past.plan, rest)
    return facts


def _without_end(entries: list[Entry]) -> tuple[list[Entry], str, tuple[Entry, ...]]:
    """Return a journal without its end, how it ended, and what came after that.

    "Not heard" is no longer true when it is heard now, and goes as well, and a recovery that came
    only to that: so the result is the same as if it had been heard at once.
    """
    later = tuple(entry for entry in entries if isinstance(entry.event, AFTERWARDS))
    entries = [entry for entry in entries if not isinstance(entry.event, AFTERWARDS)]
    facts = [n for n, entry in enumerate(entries) if isinstance(entry.event, FACTS)]
    end, reason = len(entries), CUT_SHORT
    if facts and isinstance(ended := entries[facts[-1]].event, CallEnded):
        end, reason = facts.pop(), ended.reason
        if facts and entries[facts[-1]].event == NOT_HEARD:
            end = facts.pop()
            before = [n for n in facts if not isinstance(entries[n].event, Understood)]
            if before and isinstance(entries[before[-1]].event, Recovered):
                end = before[-1]
    return entries[:end], reason, later


def first_line(folder: CallFolder) -> CallStarted:
    """Return what stands in for a first line that was lost: by what the files' times tell."""
    seconds: list[float] = []
    for channel in Channel:
        with contextlib.suppress(OSError):
            raw = folder.spool(channel)
            seconds.append(raw.stat().st_mtime - frames_in(raw) / RATE_HZ)
    if not seconds:
        seconds.append((folder.plan if folder.plan.exists() else folder.path).stat().st_mtime)
    wall = datetime.fromtimestamp(round(min(seconds)), UTC).astimezone()
    return CallStarted(folder.name, wall.isoformat(timespec="milliseconds"), __version__, {})


def _grow_notes(folder: CallFolder, plan: Plan, entries: list[Entry], wording: Wording) -> None:
    """Write on in the notes, unless the user has; before the journal, for it tells what is done."""
    whole = live.whole(plan, entries, words_of(wording.words("notes")))
    with contextlib.suppress(FileNotFoundError, OSError):
        if whole.encode().startswith(folder.notes.read_bytes()):
            folder.write(folder.notes.name, whole)
