"""What the user says of a call that is over: found out, checked, and told as before and after.

Reads a call's entries; makes the change that is meant. Law: what is not clear is refused with the
choices, and what would change nothing is refused; how a correction is told follows from the entries
before it and it alone, so it is told alike when it is made and in a list later.
"""

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches

import msgspec

from assistant.errors import Refused
from assistant.events import (
    CallStarted,
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
    Ticked,
    Undo,
)
from assistant.minds.agenda import Agenda
from assistant.notes.notes import began_at, learn
from assistant.notes.pointing import exact_clock, line_of, lines_at, lines_near, read_clock
from assistant.notes.promised import named
from assistant.notes.promises import Promise
from assistant.notes.revised import corrections, hearing_of, revised
from assistant.notes.rewording import clean_name, in_line, respelled_text
from assistant.notes.talk import Line, clean, kept, lines, plain
from assistant.notes.words import Words
from assistant.plan import Plan
from assistant.understanding.dates import spoken_date

NO_DAY = "none"
"""What to say for a promise without a day."""
_LONGEST_SHOWN = 60
"""Characters of a line, in a choice."""


class Told(msgspec.Struct, frozen=True):
    """One correction, as it is told."""

    kind: str
    """`line`, `speaker`, `name`, `question`, `promise`, `hearing` or `undo`."""
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


# ---------------------------------------------------------------- what is meant


def line_at(subject: Subject, when: str) -> Line:
    """Find the line a time means. Raises Refused, with the choices."""
    said = subject.said()
    try:
        at_s, is_exact = read_clock(when)
    except ValueError:
        raise Refused(
            f"{clean(when)!r} is no time of a call.",
            "Write it as the summary prints it: 12:31, or 1:02:45.",
        ) from None
    found = lines_at(said, at_s, is_exact=is_exact)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"More than one line is meant by {clean(when)}.", _choices(subject, found))
    near = lines_near(said, at_s)
    hint = _choices(subject, near) if near else "The transcript shows what was said when."
    raise Refused(f"Nothing was heard at {clean(when)}.", hint)


def line_change(line: Line, text: str, when: str = "", *, is_whole: bool = True) -> LineChange:
    """Say what was really said in a line, or in a sentence of it; empty where nothing was.

    Raises Refused.
    """
    text = clean(text)
    if not is_whole:
        text = in_line(line, read_clock(when)[0], text)
    if text == line.text:
        raise Refused("That line reads so already.")
    return LineChange(line.seq, text)


def speaker_change(line: Line, channel: Channel, words: Words) -> SpeakerChange:
    """Say who said a line. Raises Refused."""
    if line.channel == channel:
        raise Refused(f"That line is of {words.voices.of(channel)} already.")
    return SpeakerChange(line.seq, channel)


def name_change(subject: Subject, was: str, text: str) -> NameChange:
    """Say how a name is spelled. Raises Refused where it was not heard."""
    was, text = clean_name(clean(was)), clean_name(clean(text))
    if not plain(text):
        raise Refused("A name has at least one letter.")
    said = [line.text for line in subject.said()]
    if all(respelled_text(line, was, text) == line for line in said):
        if any(text in line for line in said):
            raise Refused(f"{text!r} is spelled so wherever it was heard.")
        near = get_close_matches(was, sorted({w.strip(".,;:!?") for t in said for w in t.split()}))
        hint = (
            f"Heard were: {', '.join(near)}" if near else "`sottovoce show` tells what was heard."
        )
        raise Refused(f"{was!r} was not heard in this call.", hint)
    return NameChange(was, text)


def question_change(
    subject: Subject, question: str, state: str, line: Line | None
) -> QuestionChange:
    """Say how a question stands, and in which line it was asked. Raises Refused."""
    change = msgspec.convert({"question_id": question, "state": state}, Ticked)
    if line is None and subject.agenda().standing(question) == state:
        raise Refused(f"{question} stands as {state} already.")
    return QuestionChange(change.question_id, change.state, None if line is None else line.seq)


def promise_at(subject: Subject, number: int) -> Promise:
    """Find a promise by its number. Raises Refused, with the choices."""
    found = subject.promises()
    promise = next((promise for promise in found if promise.number == number), None)
    if promise is not None:
        return promise
    if not found:
        raise Refused("No promise was found in this call.", 'Add one: "new" in place of a number.')
    raise Refused(
        f"There is no promise {number}.",
        "\n".join(f"{p.number}  {shown_promise(p, subject)}" for p in found),
    )


def promise_change(
    promise: Promise,
    *,
    what: str | None,
    owner: Channel | None,
    due: str | None,
    state: str | None,
) -> PromiseChange:
    """Say what a promise is. Raises Refused where it is so already."""
    heard_seq, was = named(promise)
    raw = {
        "heard_seq": heard_seq,
        "was": was,
        "what": clean(what) if what else None,
        "owner": owner,
        "due": due,
        "state": state,
    }
    change = msgspec.convert(raw, PromiseChange, strict=False)
    is_same = (
        change.what in (None, promise.what)
        and change.owner in (None, promise.owner)
        and change.due in (None, (promise.due.day or "") if promise.due else "")
        and change.state in (None, promise.state)
    )
    if is_same:
        raise Refused(f"Promise {promise.number} stands so already.")
    return change


def missed_promise(
    subject: Subject, what: str, line: Line | None, owner: Channel | None, due: str | None
) -> PromiseChange:
    """Add a promise that was not found, in the line that was meant. Raises Refused."""
    what = clean(what)
    if not plain(what):
        raise Refused("A promise is something to do.", 'Say it: --what "send the slides".')
    line = line or line_of(subject.said(), what)
    if line is None:
        raise Refused(
            "It is not clear in which line that was promised.", "Say when it was: --at 12:31."
        )
    return PromiseChange(line.seq, "", what=what, owner=owner, due=due)


def day_of(subject: Subject, due: str) -> str:
    """Read a day, ISO 8601, or as spoken ("by friday"), counted from the call's; empty for none.

    Raises Refused.
    """
    wanted = clean(due)
    if wanted.lower() in ("", NO_DAY):
        return ""
    try:
        return date.fromisoformat(wanted).isoformat()
    except ValueError:
        pass
    started = next((e.event for e in subject.entries if isinstance(e.event, CallStarted)), None)
    began = began_at(started.wall) if started else None
    spoken = wanted.lower()
    for text in (spoken, f"by {spoken}"):
        found = spoken_date(text, began.date() if began else None, subject.words.dates)
        if found is not None and found.day:
            return found.day
    raise Refused(
        f"{wanted!r} is no day that is known here.",
        f'Say 2026-12-04, "next friday", or {NO_DAY}.',
    )


def undo_of(subject: Subject, number: int | None) -> Undo:
    """Take a correction back: that one, or the newest that counts. Raises Refused."""
    made = corrections(subject.entries)
    if number is None:
        counts = [c.number for c in made if c.is_active and not isinstance(c.change, Undo)]
        if not counts:
            raise Refused("There is no correction to take back.")
        return Undo(counts[-1])
    correction = next((c for c in made if c.number == number), None)
    if correction is None:
        raise Refused(f"There is no correction {number}.", "`sottovoce correct list` shows them.")
    if not correction.is_active:
        raise Refused(f"Correction {number} does not count any more.")
    return Undo(number)


# ---------------------------------------------------------------- how it is told


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
        case QuestionChange(question_id, state):
            question = before.plan.question(question_id)
            of = question.text if question else question_id
            return Told("question", of, before.agenda().standing(question_id), state)
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
    key = (change.heard_seq, change.was or change.what)
    now = next((p for p in after.promises() if named(p) == key), None)
    if now is None:
        return Told("promise", "", change.was, change.state or "")
    was = next((p for p in before.promises() if p.number == now.number), None)
    shown = shown_promise(was, before) if was and change.was else ""
    return Told("promise", str(now.number), shown, shown_promise(now, after))


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


def _choices(subject: Subject, found: Sequence[Line]) -> str:
    """List lines with the time that means each alone."""
    return "\n".join(
        f"{_place(subject, line)}: {_shown(subject, line).partition(' ')[2]}" for line in found
    )
