"""What of one call goes into the archive: read from its folder.

Reads the plan, the journal and, where they are newer than it, the notes that were written from it;
else they are learned anew. Law: a folder, however damaged, gives a digest of what can be read in it
and says what is lost.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from assistant.errors import DiskError, InputError
from assistant.events import CallEnded, CallStarted, Channel, Entry
from assistant.keeping import journal
from assistant.keeping.digest import (
    Acquaintance,
    Digest,
    Passage,
    QuestionAsked,
    Reach,
    Said,
    Task,
    TaskState,
)
from assistant.keeping.folder import CallFolder
from assistant.keeping.query import fold
from assistant.keeping.retention import has_sound
from assistant.keeping.unfinished import state_of
from assistant.notes.contacts import Contact
from assistant.notes.header import began_at
from assistant.notes.notes import Notes, learn
from assistant.notes.promised import named
from assistant.notes.render.record import from_json
from assistant.notes.render.thanks import THANKS, thanks_state
from assistant.notes.revised import revised
from assistant.notes.talk import Quote, clean, kept, lines, short_name
from assistant.notes.words import Words, words_of
from assistant.plan import Plan
from assistant.wording import Wording

THANKS_KEY = "thanks"
THANKS_WITHIN = timedelta(days=1)
"""As most career guides advise; the calendar says the same."""
_NAME_TIME = "%Y-%m-%d-%H%M"
_NAME_LENGTH = len("2026-12-01-1500")
_NOTES = "notes.json"
_SHORTEST_NAME = 3
"""Letters of a name that may stand in an address."""


@dataclass(slots=True)
class Digesting:
    """Reads calls; what is read of a language once serves all of them."""

    wording: Wording
    _words: dict[str, Words] = field(default_factory=dict[str, Words])

    def digest(self, folder: CallFolder, stamp: str) -> Digest:
        """Read a call; `stamp` is what its folder looked like before. Raises DiskError."""
        marks = marks_of(folder)
        plan, entries, damaged, wrong = _read(folder)
        bare = _bare(folder, plan, entries, stamp, marks)
        bare = msgspec.structs.replace(bare, damaged_lines=damaged, wrong=wrong)
        if not any(isinstance(entry.event, CallEnded) for entry in entries):
            return bare
        words = self._words_of(plan.language)
        notes = _fresh_notes(folder) or learn(plan, entries, words, damaged_lines=damaged)
        said = [
            Said(line.channel.value, round(line.start_s, 2), line.text)
            for line in lines(plan, kept(plan, revised(entries)), words)
        ]
        tasks = _tasks(notes, entries)
        return msgspec.structs.replace(
            bare,
            lines=(*said, *_own_lines(notes, tasks)),
            questions=tuple(_questions(notes)),
            tasks=tasks,
            people=tuple(_people(notes)),
        )

    def _words_of(self, language: str) -> Words:
        if language not in self._words:
            try:
                wording = self.wording.speaking(language)
            except InputError:
                wording = self.wording
            self._words[language] = words_of(wording.words("notes"))
        return self._words[language]


def stamp_of(folder: Path) -> str:
    """Return what a call's folder looks like from outside; two looks at the disk."""
    return " ".join(_look(path) for path in (folder, folder / "journal.jsonl"))


def marks_of(folder: CallFolder) -> str:
    """Return what the files look like that a digest is read from."""
    return " ".join(map(_look, (folder.journal, folder.plan, folder.path / _NOTES)))


def _look(path: Path) -> str:
    try:
        seen = path.stat()
    except OSError:
        return "-"
    return f"{seen.st_size}:{seen.st_mtime_ns}"


def _read(folder: CallFolder) -> tuple[Plan, list[Entry], int, str]:
    wrong = ""
    try:
        plan = folder.read_plan()
    except InputError:
        plan, wrong = Plan(), "no_plan"
    try:
        reading = journal.read(folder.journal)
    except (InputError, DiskError):
        return plan, [], 0, "no_journal"
    return plan, reading.entries, reading.damaged, wrong


def _bare(
    folder: CallFolder, plan: Plan, entries: Sequence[Entry], stamp: str, marks: str
) -> Digest:
    """Return a digest of what is known of a call without any of its words."""
    started = next((e.event for e in entries if isinstance(e.event, CallStarted)), None)
    wall = started.wall if started else ""
    began = began_at(wall) or _named_time(folder.name)
    ended = next((e.at_s for e in entries if isinstance(e.event, CallEnded)), None)
    last_s = max((entry.at_s for entry in entries), default=0.0)
    return Digest(
        name=folder.name,
        stamp=stamp,
        marks=marks,
        wall=wall,
        day=began.date().isoformat() if began else "",
        began_at=began.timestamp() if began else 0.0,
        person=clean(plan.person),
        called=short_name(plan),
        about=clean(plan.about),
        length_s=round(last_s if ended is None else ended, 3),
        state=state_of(folder),
        has_sound=has_sound(folder),
        damaged_lines=0,
        wrong="",
    )


def _named_time(name: str) -> datetime | None:
    """Return when a call began, local time, by its folder's name."""
    try:
        return datetime.strptime(name[:_NAME_LENGTH], _NAME_TIME).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _fresh_notes(folder: CallFolder) -> Notes | None:
    """Return the notes that were written from the journal as it is; None where there are none."""
    path = folder.path / _NOTES
    try:
        if path.stat().st_mtime_ns < folder.journal.stat().st_mtime_ns:
            return None
        return from_json(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        # Of another program's version, or somebody's.
        return None


def _own_lines(notes: Notes, tasks: Sequence[Task]) -> Iterator[Said]:
    for moment in notes.moments:
        if moment.text:
            yield Said("note", round(moment.start_s, 2), moment.text)
    for task in tasks:
        if task.kind != "thanks":
            yield Said("promise", round(task.start_s, 2), task.what)


def _questions(notes: Notes) -> Iterator[QuestionAsked]:
    for asked in notes.asked:
        yield QuestionAsked(
            asked.question_id,
            asked.text,
            round(asked.start_s, 2),
            asked.is_answered,
            asked.fullness,
            tuple(map(_passage, asked.best)),
        )


def _passage(quote: Quote) -> Passage:
    return Passage(quote.channel, round(quote.start_s, 2), quote.text)


def _people(notes: Notes) -> Iterator[Acquaintance]:
    header = notes.header
    others = [
        Acquaintance(
            referral.name,
            referral.about,
            "referred",
            (Reach("", referral.reach),) if referral.reach else (),
            referral.why.text,
            round(referral.why.start_s, 2),
            referral.may_use_name,
        )
        for referral in notes.referrals
        if referral.name
    ]
    referred = {fold(other.name) for other in others}
    others += [
        Acquaintance(
            came.name,
            came.about or came.role,
            "named",
            start_s=round(came.mentions[0].start_s, 2) if came.mentions else 0.0,
        )
        for came in notes.people
        # Of the rest some are no people: a recogniser makes names of many words.
        if (came.is_prepared or came.spelled) and fold(came.name) not in referred
    ]
    said = [one for one in notes.contacts if one.kind != "name" and one.channel != Channel.ME]
    owners = {one.text: _owner(one, [header.person, *(o.name for o in others)]) for one in said}
    for other in others:
        theirs = tuple(_reach(one) for one in said if owners[one.text] == other.name)
        known = {reach.text for reach in theirs}
        rest = tuple(reach for reach in other.reach if reach.text not in known)
        yield msgspec.structs.replace(other, reach=(*theirs, *rest))
    if header.person:
        # Whose an address is that names nobody is not known: it is told, and stays with the call.
        theirs = tuple(
            msgspec.structs.replace(_reach(one), is_theirs=bool(owners[one.text]))
            for one in said
            if owners[one.text] in ("", header.person)
        )
        yield Acquaintance(header.person, header.about, "called", theirs)


def _reach(contact: Contact) -> Reach:
    return Reach(contact.kind, contact.text, is_sure=contact.is_sure)


def _owner(contact: Contact, names: Sequence[str]) -> str:
    """Return whose address it is: who has a name that stands in it; empty where nobody has."""
    address = fold(contact.text.partition("@")[0])
    for name in names:
        parts = [part for part in fold(name).split() if len(part) >= _SHORTEST_NAME]
        if contact.kind == "email" and any(part in address for part in parts):
            return name
    return ""


def _tasks(notes: Notes, entries: Sequence[Entry]) -> tuple[Task, ...]:
    """Return what is to be done, the thank-you note last."""
    met: Counter[int] = Counter()
    tasks: list[Task] = []
    for promise in notes.promises:
        seq, was = named(promise)
        met[seq] += 1
        due = promise.due
        tasks.append(
            Task(
                key=f"{seq}.{met[seq]}",
                kind=promise.kind,
                owner=promise.owner.value,
                what=promise.what,
                start_s=round(promise.start_s, 2),
                quote=promise.quote.text,
                due=(due.day or "") if due else "",
                heard_due=due.heard if due and not due.is_sure else "",
                state=promise.state,
                heard_seq=seq,
                was=was,
            )
        )
    if notes.was_talk:
        tasks.append(_thanks(notes, thanks_state(entries)))
    return tuple(tasks)


def _thanks(notes: Notes, state: TaskState) -> Task:
    began, length_s = began_at(notes.header.started), notes.header.length_s
    due = began + timedelta(seconds=length_s) + THANKS_WITHIN if began else None
    return Task(
        key=THANKS_KEY,
        kind="thanks",
        owner="me",
        what="",
        start_s=length_s,
        quote="",
        due=due.date().isoformat() if due else "",
        heard_due="",
        state=state,
        heard_seq=0,
        was=THANKS,
    )
