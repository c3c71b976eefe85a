"""Dialogues of others, as they lie in a folder that is not part of this repository.

Law: read only what is asked for, line by line; a file that is not there gives nothing. A line
that is not of its file's shape is an error that names the file, not a guess.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import click
import msgspec

BANKING = "banking77_test.jsonl"
CLINC = "clinc_oos.jsonl"
FOUNDERS = "founderstalk_interviews.jsonl"
MRDA_ACTS = "mrda_acts.jsonl"
MRDA_COMMITS = "mrda_commits_all.jsonl"
QMSUM = "qmsum_test.jsonl"
TIAGE = "tiage_topicshift.jsonl"
ELITR = "elitr_meetings.jsonl"
KNOWN = (BANKING, CLINC, FOUNDERS, MRDA_ACTS, MRDA_COMMITS, QMSUM, TIAGE, ELITR)

WORDS_PER_MINUTE = 160
"""Of ordinary talk: turns words into hours where a text has no times."""


class Intent(msgspec.Struct, frozen=True):
    """What somebody asked, and the intent it was labelled with ("oos": none of the known)."""

    text: str
    intent: str


class Act(msgspec.Struct, frozen=True):
    """An utterance of a meeting, with what was said around it ("speaker: text")."""

    meeting: str
    index: int
    speaker: str
    text: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    label: str = "cc"
    """cc commit, co directive, cs suggestion or offer, tc topic change, ft thanks, other:...;
    the file of all commits states none, as all of them are."""


class Turn(msgspec.Struct, frozen=True):
    """What one speaker said until another one spoke."""

    speaker: str
    text: str


class Interview(msgspec.Struct, frozen=True):
    """An interview of one person by a host."""

    id: str
    host: str
    speakers: tuple[str, ...]
    turns: tuple[Turn, ...]


class ChatTurn(msgspec.Struct, frozen=True):
    """A turn of a chat; shift 1: the topic changes here, 0: it stays, -1: the first turn."""

    text: str
    shift: int


class Chat(msgspec.Struct, frozen=True):
    """A chat of two, their turns by turns."""

    id: str
    turns: tuple[ChatTurn, ...]


class MeetingTurn(msgspec.Struct, frozen=True):
    """A turn of a meeting."""

    speaker: str
    content: str


class Topic(msgspec.Struct, frozen=True):
    """A topic of a meeting and the turns it takes, first and last, as written numbers."""

    topic: str
    relevant_text_span: tuple[tuple[str, ...], ...] = ()


class Query(msgspec.Struct, frozen=True):
    """A question about a meeting, its answer, and the turns that hold it."""

    query: str
    answer: str
    relevant_text_span: tuple[tuple[str, ...], ...] = ()


class Meeting(msgspec.Struct, frozen=True):
    """A meeting with its topics and questions about it."""

    meeting_transcripts: tuple[MeetingTurn, ...]
    topic_list: tuple[Topic, ...] = ()
    general_query_list: tuple[Query, ...] = ()
    specific_query_list: tuple[Query, ...] = ()


T = TypeVar("T")


def folder_of(data: Path) -> Path | None:
    """Return the folder that holds known files: `data` or its folder `dialogue`."""
    for folder in (data, data / "dialogue"):
        if any((folder / name).is_file() for name in KNOWN):
            return folder
    return None


def banking(data: Path) -> Iterator[Intent]:
    """Yield what bank customers ask."""
    return _lines(data, BANKING, Intent)


def clinc(data: Path) -> Iterator[Intent]:
    """Yield what people ask of an assistant; of "oos" nothing is prepared."""
    return _lines(data, CLINC, Intent)


def interviews(data: Path) -> Iterator[Interview]:
    """Yield interviews of founders."""
    return _lines(data, FOUNDERS, Interview)


def acts(data: Path) -> Iterator[Act]:
    """Yield utterances of meetings with their dialogue acts."""
    return _lines(data, MRDA_ACTS, Act)


def commits(data: Path) -> Iterator[Act]:
    """Yield the utterances of meetings that commit their speaker."""
    return _lines(data, MRDA_COMMITS, Act)


def chats(data: Path) -> Iterator[Chat]:
    """Yield chats with the turns where the topic changes."""
    return _lines(data, TIAGE, Chat)


def meetings(data: Path) -> Iterator[Meeting]:
    """Yield meetings with topics and questions."""
    return _lines(data, QMSUM, Meeting)


def hours(words: int) -> float:
    """Return how long so many words take to say."""
    return words / WORDS_PER_MINUTE / 60


def _lines(data: Path, name: str, kind: type[T]) -> Iterator[T]:
    folder = folder_of(data)
    path = None if folder is None else folder / name
    if path is None or not path.is_file():
        return
    decoder = msgspec.json.Decoder(kind)
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as error:
                raise click.ClickException(f"{path}, line {number}: {error}") from error
