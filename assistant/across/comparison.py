"""The same question, across people: who was asked, when, and what they said.

Reads the archive. Law: questions are the same by their id, or where they differ in nothing but
marks and words such as "could" and "the"; everything that is shown was said, and when stands
beside it.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence

import msgspec

from assistant.errors import InputError
from assistant.keeping import filing
from assistant.keeping.archive import Archive
from assistant.keeping.digest import Passage, QuestionAsked
from assistant.keeping.filing import EVERYTHING, CallRow, Filters
from assistant.keeping.query import fold
from assistant.textfile import quoted

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


class Reply(msgspec.Struct, frozen=True):
    """What one person said to it."""

    call: str
    person: str
    called: str
    """The person's short name."""
    about: str
    wall: str
    """When the call began, ISO 8601."""
    asked_s: float
    """When it was asked, in seconds of the call."""
    is_answered: bool
    fullness: str
    quotes: tuple[Passage, ...]


class Topic(msgspec.Struct, frozen=True):
    """One question, whatever its ids and its words in each call."""

    question_id: str
    """The id it mostly has ..."""
    text: str
    """... and the words."""
    replies: tuple[Reply, ...]
    """Oldest call first."""
    ids: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def people(self) -> int:
        """How many people were asked; a call with somebody unnamed counts as one."""
        return len({fold(reply.person) or f"\n{reply.call}" for reply in self.replies})


def topics(
    archive: Archive, neutral: Collection[str], filters: Filters = EVERYTHING
) -> tuple[Topic, ...]:
    """Return every question that was asked, those of most people first.

    `neutral` are the words, in small letters, that make no other question of one. Raises
    ArchiveLost, DiskError.
    """
    asked = filing.questions(archive, filters)
    groups = _grouped(Counter((q.question_id, q.text) for _, q in asked), neutral)
    of = {spelling: n for n, group in enumerate(groups) for spelling in group}
    replies: list[list[Reply]] = [[] for _ in groups]
    for call, question in asked:
        replies[of[question.question_id, question.text]].append(_reply(call, question))
    found = [
        Topic(
            group[0][0],
            group[0][1],
            tuple(told),
            tuple(dict.fromkeys(question_id for question_id, _ in group)),
            tuple(dict.fromkeys(text for _, text in group)),
        )
        for group, told in zip(groups, replies, strict=True)
    ]
    return tuple(sorted(found, key=lambda topic: (-topic.people, -len(topic.replies), topic.text)))


def find(known: Sequence[Topic], wanted: str) -> Topic:
    """Find a question by its id, its number, or a part of its words. Raises InputError."""
    if not known:
        raise InputError("No question was asked in any call yet.")
    if wanted.isdecimal() and 1 <= int(wanted) <= len(known):
        return known[int(wanted) - 1]
    found = fitting(known, wanted)
    if len(found) == 1:
        return found[0]
    names = ", ".join(topic.question_id for topic in (found or known)[:8])
    if found:
        raise InputError(f"{quoted(wanted)} fits more than one question.", f"Say which: {names}")
    raise InputError(f"Nobody was asked {quoted(wanted)}.", f"Questions: {names}")


def fitting(known: Sequence[Topic], wanted: str) -> list[Topic]:
    """Return the questions of that very id or text; if none has it, those that hold it."""
    part = fold(wanted.strip())
    exact = [topic for topic in known if wanted in (*topic.ids, *topic.texts)]
    return exact or [
        topic
        for topic in known
        if part and any(part in fold(spelled) for spelled in (*topic.ids, *topic.texts))
    ]


def _grouped(
    spellings: Counter[tuple[str, str]], neutral: Collection[str]
) -> list[list[tuple[str, str]]]:
    """Put together ids and words that mean the same question, the commonest first."""
    groups: list[list[tuple[str, str]]] = []
    place_of: dict[str | tuple[str, ...], int] = {}
    for question_id, text in sorted(spellings, key=lambda it: (-spellings[it], it)):
        keys = (question_id, _telling(text, neutral))
        place = next((place_of[key] for key in keys if key in place_of), len(groups))
        if place == len(groups):
            groups.append([])
        groups[place].append((question_id, text))
        for key in keys:
            place_of.setdefault(key, place)
    return groups


def _telling(text: str, neutral: Collection[str]) -> tuple[str, ...]:
    """Return the words of a question that make it another one."""
    words = _WORD.findall(fold(text))
    return tuple(word for word in words if word not in neutral) or tuple(words)


def _reply(call: CallRow, question: QuestionAsked) -> Reply:
    return Reply(
        call.name,
        call.person,
        call.called,
        call.about,
        call.wall,
        question.start_s,
        question.is_answered,
        question.fullness,
        question.best,
    )
