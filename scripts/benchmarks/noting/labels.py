"""What a careful friend would keep of a call, as labels: `notes.jsonl` beside a golden call.

Each label names the lines it stands on by when they begin. Law: the friend judged the talk before
any program had; a label that need not be there (`must` is false) neither counts when it is found
nor when it is missed.
"""

from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from assistant.errors import InputError
from assistant.textfile import in_words

NAME = "notes.jsonl"


class _Label(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True):
    """One thing a friend would keep."""


class Promise(_Label, frozen=True, tag="promise"):
    """Something that is to be done."""

    owner: Literal["me", "them"]
    what: str
    at_s: tuple[float, ...]
    also: tuple[str, ...] = ()
    """Other wordings of the task that are right."""
    due: str = ""
    """ISO 8601; empty where no day was said."""
    heard: str = ""
    must: bool = True


class Asked(_Label, frozen=True, tag="asked"):
    """A prepared question that was asked."""

    question: str
    at_s: tuple[float, ...]
    answer: tuple[tuple[float, float], ...]
    """From when to when they answer it."""
    best: tuple[float, ...]
    """The lines to quote, the most telling first."""
    fullness: Literal["full", "partly", "hardly", "none"]
    left_open: tuple[float, ...] = ()


class Touched(_Label, frozen=True, tag="touched"):
    """A question that they spoke to unasked."""

    question: str
    answer: tuple[tuple[float, float], ...]


class Open(_Label, frozen=True, tag="open"):
    """A prepared question that was neither asked nor touched."""

    question: str


class Referral(_Label, frozen=True, tag="referral"):
    """Somebody to talk to."""

    name: str
    at_s: tuple[float, ...]
    about: str = ""
    why: str = ""
    reach: str = ""
    may_use_name: Literal["yes", "no", "not asked"] = "not asked"
    must: bool = True


class Name(_Label, frozen=True, tag="name"):
    """A person or an organisation that came up."""

    name: str
    at_s: tuple[float, ...]
    role: str = ""
    spelled: str = ""
    must: bool = True


class Recommendation(_Label, frozen=True, tag="recommendation"):
    """A book, a course, a group, an event, a site, or advice."""

    of: Literal["book", "course", "group", "event", "site", "advice"]
    what: str
    at_s: tuple[float, ...]
    must: bool = True


class Figure(_Label, frozen=True, tag="figure"):
    """A number or a fact worth keeping."""

    text: str
    at_s: tuple[float, ...]
    must: bool = True


class AskedMe(_Label, frozen=True, tag="asked_me"):
    """A question they asked."""

    at_s: tuple[float, ...]
    must: bool = True


class Key(_Label, frozen=True, tag="key"):
    """A line for the one page."""

    at_s: tuple[float, ...]
    must: bool = True


class Courtesy(_Label, frozen=True, tag="courtesy"):
    """What is owed to who gives time."""

    which: str
    done: bool
    at_s: tuple[float, ...] = ()


class Contact(_Label, frozen=True, tag="contact"):
    """How somebody can be reached."""

    text: str
    at_s: tuple[float, ...]
    must: bool = True


class SmallTalk(_Label, frozen=True, tag="small_talk"):
    """Lines that do not belong in the notes."""

    at_s: tuple[float, ...]


Label: TypeAlias = (
    Promise | Asked | Touched | Open | Referral | Name | Recommendation | Figure | AskedMe | Key
    | Courtesy | Contact | SmallTalk
)  # fmt: skip


def read_labels(folder: Path) -> tuple[Label, ...]:
    """Read the labels of a call's folder; none where nobody judged it. Raises InputError."""
    path = folder / NAME
    if not path.is_file():
        return ()
    labels: list[Label] = []
    for number, row in enumerate(path.read_bytes().splitlines(), 1):
        if not row.strip():
            continue
        try:
            labels.append(msgspec.json.decode(row, type=Label))
        except ValueError as error:
            raise InputError(f"{path}, line {number}: {in_words(error)}.") from error
    return tuple(labels)
