"""The same question, across people: who was asked, when, and what they said.

Reads the archive. Law: questions are the same by their id, or by nearly the same words; everything
that is shown was said, and when stands beside it.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from assistant.errors import InputError
from assistant.keeping import filing
from assistant.keeping.archive import Archive
from assistant.keeping.digest import Passage, QuestionAsked
from assistant.keeping.filing import EVERYTHING, CallRow, Filters
from assistant.keeping.query import fold
from assistant.textfile import quoted
from assistant.understanding.letters import lines_alike

ALIKE = 0.92
"""Likeness of letters, 0 to 1, from which two questions are one in other words."""


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


def topics(archive: Archive, filters: Filters = EVERYTHING) -> tuple[Topic, ...]:
    """Return every question that was asked, those of most people first.

    Raises ArchiveLost, DiskError.
    """
    asked = filing.questions(archive, filters)
    groups = _grouped(Counter((question.question_id, question.text) for _, question in asked))
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
    return tuple(sorted(found, key=lambda topic: (-len(topic.replies), topic.text)))


def find(known: Sequence[Topic], wanted: str) -> Topic:
    """Find a question by its id, its number, or a part of its words. Raises InputError."""
    if not known:
        raise InputError("No question was asked in any call yet.")
    if wanted.isdecimal() and 1 <= int(wanted) <= len(known):
        return known[int(wanted) - 1]
    part = fold(wanted.strip())
    exact = [topic for topic in known if wanted in (*topic.ids, *topic.texts)]
    found = exact or [
        topic
        for topic in known
        if part and any(part in fold(spelled) for spelled in (*topic.ids, *topic.texts))
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(topic.question_id for topic in (found or known)[:8])
    if found:
        raise InputError(f"{quoted(wanted)} fits more than one question.", f"Say which: {names}")
    raise InputError(f"Nobody was asked {quoted(wanted)}.", f"Questions: {names}")


def _grouped(spellings: Counter[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Put together ids and words that mean the same question, the commonest first."""
    groups: list[list[tuple[str, str]]] = []
    by_id: dict[str, int] = {}
    for question_id, text in sorted(spellings, key=lambda it: (-spellings[it], it)):
        place = by_id.get(question_id)
        if place is None:
            place = next((n for n, group in enumerate(groups) if _is_like(text, group)), None)
        if place is None:
            place = len(groups)
            groups.append([])
        groups[place].append((question_id, text))
        by_id[question_id] = place
    return groups


def _is_like(text: str, group: Sequence[tuple[str, str]]) -> bool:
    return any(lines_alike(fold(text), fold(other)) >= ALIKE for _, other in group)


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
