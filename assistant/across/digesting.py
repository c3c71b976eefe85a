"""What of one call goes into the archive: read from its folder.

Reads the plan, the journal and, where they are newer than it, the notes that were written from it;
else they are learned anew. Law: a folder, however damaged, gives a digest of what can be read in it
and says what is lost.
"""

import contextlib
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from assistant.across.tasks import tasks_of
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
)
from assistant.keeping.folder import CallFolder
from assistant.keeping.query import fold
from assistant.keeping.retention import has_sound
from assistant.keeping.unfinished import state_of
from assistant.notes.contacts import Contact, is_address_of
from assistant.notes.header import began_at
from assistant.notes.notes import Notes, learn
from assistant.notes.render.record import from_json
from assistant.notes.revised import revised
from assistant.notes.talk import Quote, clean, kept, lines, short_name
from assistant.notes.words import Words, words_of
from assistant.plan import Plan
from assistant.textfile import read_text
from assistant.wording import Wording

_NAME_TIME = "%Y-%m-%d-%H%M"
_NAME_LENGTH = len("2026-12-01-1500")
_NOTES = "notes.json"
_LARGEST_NOTES_BYTES = 50_000_000
"""Those of three hours have less than one of them."""


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

        def learned() -> Notes:
            return learn(plan, entries, words, damaged_lines=damaged)

        for notes_of in (partial(_fresh_notes, folder), learned):
            # Notes that somebody wrote may make no sense, and a fault in one call must not cost the
            # user all the others.
            with contextlib.suppress(Exception):
                if (notes := notes_of()) is not None:
                    return _filled(bare, plan, entries, words, notes)
        return msgspec.structs.replace(bare, wrong=wrong or "no_words")

    def _words_of(self, language: str) -> Words:
        if language not in self._words:
            try:
                wording = self.wording.speaking(language)
            except InputError:
                wording = self.wording
            self._words[language] = words_of(wording.words("notes"))
        return self._words[language]


def _filled(
    bare: Digest, plan: Plan, entries: Sequence[Entry], words: Words, notes: Notes
) -> Digest:
    """Return a digest with what was said in the call, and what came of it."""
    said = [
        Said(line.channel.value, round(line.start_s, 2), line.text)
        for line in lines(plan, kept(plan, revised(entries)), words)
    ]
    tasks = tasks_of(notes, entries)
    return msgspec.structs.replace(
        bare,
        lines=(*said, *_own_lines(notes, tasks)),
        questions=tuple(_questions(notes)),
        tasks=tasks,
        people=tuple(_people(notes)),
    )


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
        began_at=_seconds(began),
        person=clean(plan.person),
        called=short_name(plan),
        about=clean(plan.about),
        length_s=round(last_s if ended is None else ended, 3),
        state=state_of(folder),
        has_sound=has_sound(folder),
        damaged_lines=0,
        wrong="",
    )


def _seconds(began: datetime | None) -> float:
    """Return a time in seconds since 1970; 0 for none, and for one that no clock of ours knows."""
    try:
        return began.timestamp() if began else 0.0
    except (ValueError, OverflowError, OSError):
        return 0.0


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
        return from_json(read_text(path, _LARGEST_NOTES_BYTES).encode())
    except (InputError, OSError, ValueError, RecursionError):
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
            tuple(_passage(quote, notes.unquotable) for quote in asked.best),
        )


def _passage(quote: Quote, unquotable: Set[int]) -> Passage:
    is_off_record = not unquotable.isdisjoint(quote.seqs)
    return Passage(quote.channel, round(quote.start_s, 2), quote.text, is_off_record)


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
    names = [header.person, *(other.name for other in others)]
    owners = {
        one.text: next((name for name in names if is_address_of(one, name)), "") for one in said
    }
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
