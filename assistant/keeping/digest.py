"""What of one call goes into the archive, as a value: enough to find it, and what came of it.

Law: nothing is here that the call's own folder does not say.
"""

from typing import Literal, TypeAlias

import msgspec

from assistant.events import Channel

Kind: TypeAlias = Literal["me", "them", "unclear", "note", "promise"]
"""Whose line it is, or that the user wrote it, or that it is a task that was found."""
KINDS: tuple[Kind, ...] = ("me", "them", "unclear", "note", "promise")
Owner: TypeAlias = Literal["me", "them", "unclear"]
TaskState: TypeAlias = Literal["open", "done", "dropped"]


class Said(msgspec.Struct, frozen=True):
    """One line that can be searched."""

    kind: Kind
    start_s: float
    text: str


class Passage(msgspec.Struct, frozen=True):
    """Words that were said, and when."""

    channel: Channel
    start_s: float
    text: str
    is_off_record: bool = False
    """They asked not to be quoted with it, or may have."""


class QuestionAsked(msgspec.Struct, frozen=True):
    """A question that was asked in the call."""

    question_id: str
    text: str
    start_s: float
    is_answered: bool
    fullness: str
    """`full`, `partly`, `hardly`, `none`; empty where nobody judged it."""
    best: tuple[Passage, ...]
    """The most telling lines of the answer."""


class Task(msgspec.Struct, frozen=True):
    """Something that is to be done: a promise, advice, a request, or the thank-you note."""

    key: str
    """Which of the call's tasks it is; the same however often the call is read."""
    kind: Literal["promise", "advice", "request", "thanks"]
    owner: Owner
    what: str
    start_s: float
    quote: str
    due: str
    """ISO 8601; empty where no day was said."""
    heard_due: str
    """The words of the day, where it should be checked; empty where it is sure."""
    state: TaskState
    heard_seq: int
    was: str
    """With `heard_seq`: how a correction names this task."""


class Reach(msgspec.Struct, frozen=True):
    """How to reach somebody."""

    kind: str
    """`email`, `phone`, `link`; empty for a sentence about it."""
    text: str
    is_sure: bool = True
    """It was heard so that there is hardly a doubt."""
    is_theirs: bool = True
    """False: it was said in the call, and nobody knows whose it is."""


class Acquaintance(msgspec.Struct, frozen=True):
    """Somebody who came up: the one who was called, or one who was named in the call."""

    name: str
    about: str
    relation: Literal["called", "referred", "named"]
    """`called`: they were on the line. `referred`: they are whom to talk to next."""
    reach: tuple[Reach, ...] = ()
    why: str = ""
    """What was said of them."""
    start_s: float = 0.0
    may_use_name: str = ""
    """`yes`, `no`, `asked`, `not asked`; empty where that does not matter."""


class Digest(msgspec.Struct, frozen=True):
    """One call."""

    name: str
    """The folder's own name."""
    stamp: str
    """What the folder looked like from outside when it was read."""
    marks: str
    """What the files looked like that this was read from."""
    wall: str
    """When it began, ISO 8601 with offset; empty where the journal does not say."""
    day: str
    """The same as a day, ISO 8601; from the folder's name where the journal does not say."""
    began_at: float
    """The same in seconds since 1970, to sort by; 0 where nothing says."""
    person: str
    called: str
    """The short name: "Dana"; empty where the sheet names nobody."""
    about: str
    length_s: float
    state: Literal["done", "unheard", "unfinished"]
    has_sound: bool
    damaged_lines: int
    wrong: Literal["", "no_plan", "no_journal", "no_words"]
    """What is lost of it, or could not be made sense of."""
    lines: tuple[Said, ...] = ()
    questions: tuple[QuestionAsked, ...] = ()
    tasks: tuple[Task, ...] = ()
    people: tuple[Acquaintance, ...] = ()
