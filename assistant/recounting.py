"""How corrections of a call are told: what of, how it was before, and how it is with them.

Reads a call's entries. Law: a correction is told by the entries before it and it alone, so it is
told alike when it is made and in a list later.
"""

from collections.abc import Sequence

import msgspec

from assistant.events import (
    Change,
    Channel,
    Corrected,
    Entry,
    HearingChange,
    LineChange,
    NameChange,
    PromiseChange,
    QuestionChange,
    SpeakerChange,
    Undo,
)
from assistant.minds.agenda import Agenda
from assistant.notes.answers import AskedQuestion
from assistant.notes.notes import learn
from assistant.notes.pointing import exact_clock
from assistant.notes.promised import named
from assistant.notes.promises import Promise
from assistant.notes.render.thanks import THANKS, thanks_state
from assistant.notes.revised import corrections, hearing_of, revised
from assistant.notes.talk import Line, clean, clock, kept, lines
from assistant.notes.words import Words
from assistant.plan import Plan

_LONGEST_SHOWN = 60
"""Characters of a line, in a choice."""


class Told(msgspec.Struct, frozen=True):
    """One correction, as it is told."""

    kind: str
    """`line`, `speaker`, `name`, `question`, `promise`, `thanks`, `hearing` or `undo`."""
    of: str
    """What was changed: the line's time and voice, the question, the promise's number, ..."""
    before: str
    after: str


class Listed(msgspec.Struct, frozen=True):
    """One correction in the list."""

    number: int
    wall: str
    told: Told
    is_active: bool
    """It was not undone."""


class Subject(msgspec.Struct, frozen=True):
    """A call that is corrected."""

    plan: Plan
    entries: tuple[Entry, ...]
    """The journal's own."""
    words: Words

    def said(self) -> tuple[Line, ...]:
        """Return the lines as they are read now."""
        return lines(self.plan, kept(self.plan, revised(self.entries)), self.words)

    def promises(self) -> tuple[Promise, ...]:
        """Return the promises as they stand now, numbered."""
        return learn(self.plan, self.entries, self.words).promises

    def agenda(self) -> Agenda:
        """Return how the questions stand now."""
        agenda = Agenda(self.plan)
        for entry in kept(self.plan, revised(self.entries)):
            agenda.take(entry)
        return agenda

    def with_change(self, change: Change, wall: str = "") -> "Subject":
        """Return the call as it would be with one more correction."""
        last = self.entries[-1]
        entry = Entry(last.seq + 1, last.at_s, Corrected(wall, change))
        return msgspec.structs.replace(self, entries=(*self.entries, entry))


def told(before: Subject, change: Change) -> Told:
    """Tell a correction: what of, how it was before and how it is with it."""
    after = before.with_change(change)
    match change:
        case LineChange(heard_seq, text):
            line = _line(before, heard_seq)
            return Told("line", _place(before, line), line.text if line else "", text)
        case SpeakerChange(heard_seq, channel):
            line = _line(before, heard_seq)
            voices = before.words.voices
            was = voices.of_line(line.channel, line.probably) if line else ""
            return Told("speaker", _shown(before, line), was, voices.of(channel))
        case NameChange(was, text):
            pairs = zip(before.said(), after.said(), strict=False)
            count = sum(one.text != other.text for one, other in pairs)
            return Told("name", str(count), was, text)
        case QuestionChange(question_id):
            question = before.plan.question(question_id)
            of = question.text if question else question_id
            return Told("question", of, _stands(before, change), _stands(after, change))
        case PromiseChange():
            return _told_promise(before, after, change)
        case HearingChange():
            return Told("hearing", "", hearing_of(before.entries), hearing_of(after.entries))
        case Undo(number):
            undone = _told_of(before, number)
            return Told("undo", str(number), undone.after, undone.before)


def listed(subject: Subject) -> tuple[Listed, ...]:
    """Return all corrections of a call, as each was told when it was made."""
    made = corrections(subject.entries)
    return tuple(Listed(c.number, c.wall, _told_of(subject, c.number), c.is_active) for c in made)


def shown_promise(promise: Promise, subject: Subject) -> str:
    """Write a promise on one line: "send the list (Dana, 2026-12-04, done)"."""
    theirs = clean(subject.plan.person.split(",")[0]) or subject.words.voices.them
    who = theirs if promise.owner == Channel.THEM else subject.words.voices.of(promise.owner)
    day = promise.due.day if promise.due and promise.due.day else ""
    state = "" if promise.state == "open" else promise.state
    return f"{promise.what} ({', '.join(filter(None, (who, day, state)))})"


def _told_of(subject: Subject, number: int) -> Told:
    """Tell a correction that was made, from what stood in the journal before it."""
    correction = next((c for c in corrections(subject.entries) if c.number == number), None)
    if correction is None:
        return Told("undo", str(number), "", "")
    before = tuple(entry for entry in subject.entries if entry.seq < correction.seq)
    return told(msgspec.structs.replace(subject, entries=before), correction.change)


def _told_promise(before: Subject, after: Subject, change: PromiseChange) -> Told:
    if change.was == THANKS:
        return Told("thanks", "", thanks_state(before.entries), thanks_state(after.entries))
    key = (change.heard_seq, change.was or change.what)
    now = next((p for p in after.promises() if named(p) == key), None)
    if now is None:
        return Told("promise", "", change.was, change.state or "")
    was = next((p for p in before.promises() if p.number == now.number), None)
    shown = shown_promise(was, before) if was and change.was else ""
    return Told("promise", str(now.number), shown, shown_promise(now, after))


def asked_line(subject: Subject, question_id: str) -> int | None:
    """Return the line that asked a question, as it is read now; None where none is known."""
    asked = _asked(subject, question_id)
    return asked.as_spoken.seqs[0] if asked and asked.as_spoken else None


def _asked(subject: Subject, question_id: str) -> AskedQuestion | None:
    told = learn(subject.plan, subject.entries, subject.words).asked
    return next((asked for asked in told if asked.question_id == question_id), None)


def _stands(subject: Subject, change: QuestionChange) -> str:
    """Write how a question stands; where the user says when it was asked, that too."""
    stands = subject.agenda().standing(change.question_id)
    asked = _asked(subject, change.question_id) if change.heard_seq is not None else None
    return f"{stands} [{clock(asked.start_s)}]" if asked else stands


def _line(subject: Subject, seq: int) -> Line | None:
    return next((line for line in subject.said() if line.seq == seq), None)


def _place(subject: Subject, line: Line | None) -> str:
    if line is None:
        return ""
    voice = subject.words.voices.of_line(line.channel, line.probably)
    return f"[{exact_clock(line, subject.said())}] {voice}"


def _shown(subject: Subject, line: Line | None) -> str:
    if line is None:
        return ""
    text = line.text
    if len(text) > _LONGEST_SHOWN:
        text = text[:_LONGEST_SHOWN].rsplit(" ", 1)[0] + " ..."
    return f'[{exact_clock(line, subject.said())}] "{text}"'


def choices(subject: Subject, found: Sequence[Line]) -> str:
    """List lines with the time that means each alone."""
    return "\n".join(
        f"{_place(subject, line)}: {_shown(subject, line).partition(' ')[2]}" for line in found
    )
