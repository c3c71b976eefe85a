"""What the user says of a call that is over, as a change: found out and checked.

Reads a call's entries. Law: what is not clear is refused with the choices, and what would change
nothing is refused.
"""

import re
from contextlib import suppress
from datetime import date
from difflib import get_close_matches

import msgspec

from assistant.errors import Refused
from assistant.events import (
    Channel,
    Heard,
    LineChange,
    NameChange,
    PromiseChange,
    QuestionChange,
    SpeakerChange,
    Ticked,
    Undo,
)
from assistant.notes.pointing import line_of, lines_at, lines_near, read_clock
from assistant.notes.promised import named
from assistant.notes.promises import Promise
from assistant.notes.revised import corrections
from assistant.notes.rewording import clean_name, in_line, respelled_text
from assistant.notes.talk import Line, clean, plain, plain_words
from assistant.notes.words import Words
from assistant.recounting import Subject, asked_line, choices, shown_promise
from assistant.understanding.dates import spoken_date

NO_DAY = "none"
"""What to say for a promise without a day."""
_NOTHING_TO_DO = "A promise is something to do."


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
        raise Refused(f"More than one line is meant by {clean(when)}.", choices(subject, found))
    near = lines_near(said, at_s)
    hint = choices(subject, near) if near else "The transcript shows what was said when."
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
        heard = (e.event.text for e in subject.entries if isinstance(e.event, Heard))
        was_heard = any(respelled_text(line, was, text) != line for line in heard)
        if was_heard and any(text in line for line in said):
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
    is_there = line is None or line.seq == asked_line(subject, question)
    if is_there and subject.agenda().standing(question) == state:
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
    subject: Subject,
    promise: Promise,
    *,
    what: str | None,
    owner: Channel | None,
    due: str | None,
    state: str | None,
) -> PromiseChange:
    """Say what a promise is. Raises Refused where it is so already."""
    if what is not None and not plain(clean(what)):
        raise Refused(_NOTHING_TO_DO, 'Say it: --what "send the slides"; --drop takes it off.')
    heard_seq, was = named(promise)
    raw = {
        "heard_seq": heard_seq,
        "was": was,
        "what": None if what is None else clean(what),
        "owner": owner,
        "due": due,
        "state": state,
    }
    change = msgspec.convert(raw, PromiseChange, strict=False)
    day = (promise.due.day or "") if promise.due else ""
    # A day that was to be checked is checked when it is said once more.
    is_sure = promise.due is None or promise.due.is_sure
    is_same = (
        change.what in (None, promise.what)
        and change.owner in (None, promise.owner)
        and (change.due is None or (change.due == day and is_sure))
        and change.state in (None, promise.state)
    )
    if is_same:
        # With the day, which may have been typed in other words than these.
        stands = shown_promise(promise, subject)
        raise Refused(f"Promise {promise.number} stands so already: {stands}.")
    if change.due not in (None, day) and change.what is None:
        # Its words must not go on naming the other day: in the letter they are a promise.
        return msgspec.structs.replace(change, what=_without_day(subject, promise.what))
    return change


def _without_day(subject: Subject, what: str) -> str | None:
    """Return a task without the words of its day; None where it has none, or nothing else."""
    spoken = spoken_date(" ".join(plain_words(what)), None, subject.words.dates)
    heard = spoken.heard if spoken else ""
    parts = "|".join(map(re.escape, subject.words.dates.parts_of_day)) or "(?!)"
    part = rf"(?:\s+(?:{parts})(?=$|[,.;]))?"
    day = r"\s+".join(map(re.escape, heard.split()))
    sought = rf"(?i)\s*(?<!\w){day}{part}(?!\w)"
    rest = re.sub(sought, "", what, count=1).strip(" ,;") if day else what
    return rest if rest != what and len(rest.split()) > 1 else None


def missed_promise(
    subject: Subject, what: str, line: Line | None, owner: Channel | None, due: str | None
) -> PromiseChange:
    """Add a promise that was not found, in the line that was meant. Raises Refused."""
    what = clean(what)
    if not plain(what):
        raise Refused(_NOTHING_TO_DO, 'Say it: --what "send the slides".')
    line = line or line_of(subject.said(), what)
    if line is None:
        raise Refused(
            "It is not clear in which line that was promised.", "Say when it was: --at 12:31."
        )
    return PromiseChange(line.seq, "", what=what, owner=owner, due=due)


def day_of(subject: Subject, due: str, today: date) -> str:
    """Read a day as the user means it now: ISO 8601, "4.12.", or as spoken ("by friday").

    What is no full date counts from `today`, not from the call's day. Empty for none. Raises
    Refused.
    """
    wanted = clean(due)
    if wanted.lower() in ("", NO_DAY):
        return ""
    try:
        written = _written_day(wanted, today)
    except ValueError:
        written = None
    if written:
        return written.isoformat()
    spoken = wanted.lower()
    for text in (spoken, f"by {spoken}"):
        found = spoken_date(text, today, subject.words.dates)
        if found is not None and found.day:
            return found.day
    raise Refused(
        f"{wanted!r} is no day that is known here.",
        f'Say 2026-12-04, 4.12. (the day first), "next friday", or {NO_DAY}.',
    )


_DOTTED = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.(?:\s?([0-9]{4}))?")
"""Day, month and perhaps year. With strokes between them, half the world means it otherwise."""
_LEAP_YEARS = 8
"""So many years on there is a 29th of February for certain."""


def _written_day(text: str, today: date) -> date | None:
    """Return a day in figures; without a year the next there is. Raises ValueError."""
    dotted = _DOTTED.fullmatch(text)
    if dotted is None:
        return date.fromisoformat(text)
    number, month, year = dotted.groups()
    if year:
        return date(int(year), int(month), int(number))
    for each in range(today.year, min(today.year + _LEAP_YEARS, date.max.year) + 1):
        with suppress(ValueError):
            day = date(each, int(month), int(number))
            if day >= today:
                return day
    return None


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
