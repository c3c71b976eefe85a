"""A call's entries as they are to be read: the better hearing of every line, and corrected.

Reads Corrected and HeardAgain, which stand behind a call's end, and gives the entries before them
as if it had been heard so. Law: nothing is lost, for the journal keeps everything; a correction
that was undone changes nothing; the newest word of the user counts; a line keeps its number and its
time, so that what was found in it still points at it; and of a line that is gone, nothing is left.

Revised entries may be given to it again: that changes nothing.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from assistant.events import (
    AFTERWARDS,
    Asked,
    Change,
    Channel,
    Corrected,
    Entry,
    Heard,
    HeardAgain,
    HearingChange,
    LineChange,
    MarkHeard,
    NameChange,
    PromiseChange,
    Promised,
    QuestionChange,
    SpeakerChange,
    SpeechEnded,
    SpeechStarted,
    Ticked,
    Undo,
)
from assistant.notes.hearings import Use, as_heard, chosen
from assistant.notes.rewording import respelled, respelled_text, retold
from assistant.notes.standing import OF_A_LINE, fits, note_in
from assistant.notes.talk import plain_words

_Stretch = tuple[int, ...] | tuple[Channel, float, float]


class Respelling(msgspec.Struct, frozen=True):
    """A name that is spelled otherwise, and where it was."""

    was: str
    text: str
    seqs: frozenset[int]
    """Lines in which every name that reads so was the other one before."""


class Correction(msgspec.Struct, frozen=True):
    """One correction of a call."""

    number: int
    """Counted from 1 in their order, undone ones too."""
    seq: int
    wall: str
    change: Change
    is_active: bool
    """It was not undone."""


def corrections(entries: Iterable[Entry]) -> tuple[Correction, ...]:
    """Return a call's corrections in their order, also those that were undone, and the undoing."""
    made = [(e.seq, e.event) for e in entries if isinstance(e.event, Corrected)]
    active = [True] * len(made)
    # From the end: what undoes may itself have been undone later.
    for n in range(len(made) - 1, -1, -1):
        match made[n][1].change:
            case Undo(number) if active[n] and 1 <= number <= n:
                active[number - 1] = False
            case _:
                pass
    return tuple(
        Correction(n + 1, seq, fact.wall, fact.change, active[n])
        for n, (seq, fact) in enumerate(made)
    )


def revised(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries as they are to be read; about a millisecond for half an hour."""
    entries = tuple(entries)
    if not any(isinstance(entry.event, AFTERWARDS) for entry in entries):
        return entries
    return _corrected(entries, corrections(entries)).read()


def promise_changes(entries: Iterable[Entry]) -> tuple[PromiseChange, ...]:
    """Return what the user says of promises, in the order they said it, undone changes left out.

    Later ones of the same promise overrule what earlier ones say. `promised.amended` applies them.
    """
    said = (entry.event.change for entry in revised(entries) if isinstance(entry.event, Corrected))
    return tuple(change for change in said if isinstance(change, PromiseChange))


def respellings(entries: Iterable[Entry]) -> tuple[Respelling, ...]:
    """Return the names that are spelled otherwise, in the order the user said it."""
    entries = tuple(entries)
    made = corrections(entries)
    if not any(isinstance(correction.change, NameChange) for correction in made):
        return ()
    return tuple(_corrected(entries, made).names)


def hearing_of(entries: Iterable[Entry]) -> str:
    """Return which hearing is read: the call's engine, and for how many lines another one.

    "vosk vosk-model-small-en-us-0.15 and moonshine tiny-en for 12 of 40 lines"; empty where no line
    says what heard it.
    """
    entries = tuple(entries)
    first = Counter(e.event.engine for e in entries if isinstance(e.event, Heard))
    first.pop("", None)
    usual = first.most_common(1)[0][0] if first else ""
    read = [entry.event for entry in revised(entries) if isinstance(entry.event, Heard)]
    other = Counter(line.engine for line in read if line.engine not in ("", usual))
    later = [f"{name} for {count} of {len(read)} lines" for name, count in other.most_common()]
    return " and ".join(filter(None, (usual, *later)))


def _corrected(entries: Sequence[Entry], made: Sequence[Correction]) -> "_Reading":
    reading = _Reading(entries, made)
    for correction in made:
        if correction.is_active:
            reading.take(correction.change)
    return reading


@dataclass(slots=True)
class _Reading:
    """The lines of a call while they are put right."""

    entries: Sequence[Entry]
    made: Sequence[Correction]
    _first: dict[int, Heard] = field(init=False)
    """As the call had them."""
    _lines: dict[int, Heard] = field(init=False)
    """As they are read now."""
    _joined: dict[int, int] = field(default_factory=dict[int, int])
    """The number of a line that is read with another -> that one's."""
    _added: list[Entry] = field(default_factory=list[Entry])
    """Where nothing had been heard."""
    names: list[Respelling] = field(default_factory=list[Respelling])

    def __post_init__(self) -> None:
        self._first = {e.seq: e.event for e in self.entries if isinstance(e.event, Heard)}
        self._lines = dict(self._first)
        self._choose_hearings()

    def take(self, change: Change) -> None:
        """Apply one correction to the lines."""
        match change:
            case LineChange(heard_seq, text):
                seq = self._joined.get(heard_seq, heard_seq)
                if seq in self._lines and not plain_words(text):
                    del self._lines[seq]
                elif seq in self._lines:
                    self._lines[seq] = retold(self._lines[seq], text)
            case SpeakerChange(heard_seq, channel):
                seq = self._joined.get(heard_seq, heard_seq)
                if seq in self._lines:
                    self._lines[seq] = msgspec.structs.replace(
                        self._lines[seq], channel=channel, probably=None, certainty=0.0, echo=False
                    )
            case NameChange(was, text):
                before = self._lines
                self._lines = {s: respelled(line, was, text) for s, line in before.items()}
                changed = (s for s, line in self._lines.items() if line != before[s])
                seqs = frozenset(s for s in changed if not _has_too(before[s].text, text, was))
                self.names.append(Respelling(was, text, seqs))
            case _:
                # Questions become ticks, promises are the notes' own, hearings were chosen.
                pass

    def read(self) -> tuple[Entry, ...]:
        """Return the entries with all that was taken."""
        moved = self._moved_speech()
        undone = {correction.seq for correction in self.made if not correction.is_active}
        read: list[Entry] = []
        for entry in self.entries:
            match entry.event:
                case Heard():
                    if (line := self._lines.get(entry.seq)) is not None:
                        read.append(Entry(entry.seq, entry.at_s, line))
                case Corrected() as fact:
                    read += [] if entry.seq in undone else self._said(entry, fact)
                case SpeechStarted(channel, start_s) | SpeechEnded(channel, start_s):
                    whose = moved.get((channel, start_s), channel)
                    if whose is not None:
                        event = msgspec.structs.replace(entry.event, channel=whose)
                        read.append(Entry(entry.seq, entry.at_s, event))
                case HeardAgain():
                    pass
                case _:
                    read += self._found(entry)
        return self._with_added(read)

    def _choose_hearings(self) -> None:
        """Take the better hearing of every stretch, or the one the user wants."""
        heard: dict[_Stretch, list[tuple[int, HeardAgain]]] = {}
        for entry in self.entries:
            if isinstance(again := entry.event, HeardAgain):
                stretch = again.instead_of or (again.channel, again.start_s, again.end_s)
                heard.setdefault(stretch, []).append((entry.seq, again))
        whole, of_line = self._wanted()
        for hearings in heard.values():
            seq, instead_of = hearings[0][0], hearings[0][1].instead_of
            lines = [self._first[s] for s in instead_of if s in self._first]
            if instead_of and not lines:
                continue
            first = _as_one(lines)
            told: list[Use] = [of_line[s] for s in (*instead_of, seq) if s in of_line]
            use = told[0] if told else whole
            best = chosen(first, (again for _, again in hearings), use)
            if best is None:
                continue
            line = as_heard(best, first)
            if first is None:
                self._added.append(Entry(seq, best.end_s, line))
                self._first[seq] = self._lines[seq] = line
                continue
            self._lines[instead_of[0]] = line
            for other in instead_of[1:]:
                self._lines.pop(other, None)
                self._joined[other] = instead_of[0]

    def _wanted(self) -> tuple[Use, dict[int, Use]]:
        """Return which hearing the user wants: of the call, and of single lines."""
        whole: Use = "better"
        of_line: dict[int, Use] = {}
        for correction in self.made:
            match correction.change:
                case HearingChange(use, None) if correction.is_active:
                    whole = use
                    # Who says it of the whole call means all of it.
                    of_line.clear()
                case HearingChange(use, int(heard_seq)) if correction.is_active:
                    of_line[heard_seq] = use
                case _:
                    pass
        return whole, of_line

    def _said(self, entry: Entry, fact: Corrected) -> list[Entry]:
        """Return what is left to be read of a correction: a tick, or what a promise is."""
        match fact.change:
            case QuestionChange() as change:
                return self._ticked(entry, change)
            case PromiseChange(heard_seq) as change:
                seq = self._joined.get(heard_seq, heard_seq)
                now = Corrected(fact.wall, msgspec.structs.replace(change, heard_seq=seq))
                return [Entry(entry.seq, entry.at_s, now)]
            case _:
                return []

    def _ticked(self, entry: Entry, change: QuestionChange) -> list[Entry]:
        """Return a question's new standing as the tick it would have been."""
        ticked = Entry(entry.seq, entry.at_s, Ticked(change.question_id, change.state))
        seq = self._joined.get(change.heard_seq or 0, change.heard_seq)
        if seq is None or seq not in self._lines or change.state == "open":
            return [ticked]
        # Wherever it seemed to be asked before, it is asked in this line.
        moved = Ticked(change.question_id, "open"), Asked(change.question_id, seq, 1.0)
        return [*(Entry(entry.seq, entry.at_s, event) for event in moved), ticked]

    def _found(self, entry: Entry) -> list[Entry]:
        """Return what was found in a line, as it stands now; nothing where it can not any more."""
        event = entry.event
        if not isinstance(event, OF_A_LINE):
            return [entry]
        seq = self._joined.get(event.heard_seq, event.heard_seq)
        if event.heard_seq not in self._first:
            # The line was lost with the journal's; nobody took it away.
            return [entry]
        line = self._lines.get(seq)
        if line is None or not fits(event, line.channel):
            return []
        now = msgspec.structs.replace(event, heard_seq=seq)
        if isinstance(now, Promised):
            now = msgspec.structs.replace(now, channel=line.channel)
        if isinstance(now, MarkHeard):
            now = self._mark(now, self._first[event.heard_seq], line)
        return [entry if now == event else Entry(entry.seq, entry.at_s, now)]

    def _mark(self, mark: MarkHeard, before: Heard, line: Heard) -> MarkHeard:
        """Return a spoken mark with its words as they are read now."""
        text = mark.text
        if mark.kind == "note" and before.text != line.text:
            text = note_in(line.text, before.text, text)
        for name in self.names:
            text = respelled_text(text, name.was, name.text)
        return msgspec.structs.replace(mark, text=text)

    def _moved_speech(self) -> dict[tuple[Channel, float], Channel | None]:
        """Tell which speech is another's, or nobody's, because all of its lines are."""
        lines: dict[Channel, list[tuple[float, int]]] = {}
        for seq, line in self._first.items():
            lines.setdefault(line.channel, []).append(((line.start_s + line.end_s) / 2, seq))
        moved: dict[tuple[Channel, float], Channel | None] = {}
        for entry in self.entries:
            match entry.event:
                case SpeechEnded(channel, start_s, end_s):
                    inside = [s for mid_s, s in lines.get(channel, ()) if start_s <= mid_s <= end_s]
                    now = {self._now(seq) for seq in inside}
                    if len(now) == 1 and (whose := now.pop()) != channel:
                        moved[channel, start_s] = whose
                case _:
                    pass
        return moved

    def _now(self, seq: int) -> Channel | None:
        """Return whose a line is now; None where it is gone."""
        line = self._lines.get(self._joined.get(seq, seq))
        return None if line is None else line.channel

    def _with_added(self, read: list[Entry]) -> tuple[Entry, ...]:
        """Put the lines that nobody had heard where they would have been."""
        for entry in self._added:
            if entry.seq not in self._lines:
                continue
            at = bisect_right(read, entry.at_s, lo=min(1, len(read)), key=lambda e: e.at_s)
            read.insert(at, Entry(entry.seq, entry.at_s, self._lines[entry.seq]))
        return tuple(read)


def _has_too(text: str, name: str, other: str) -> bool:
    """Tell whether a name stands in a text beside another one that may hold it, as whole words."""
    rest = respelled_text(text, other, "")
    return respelled_text(rest, name, "") != rest


def _as_one(lines: Sequence[Heard]) -> Heard | None:
    """Return the lines of a stretch as the one line they were heard as again."""
    if len(lines) < 2:
        return lines[0] if lines else None
    return msgspec.structs.replace(
        lines[0],
        end_s=lines[-1].end_s,
        text=" ".join(line.text for line in lines),
        words=tuple(word for line in lines for word in line.words),
    )
