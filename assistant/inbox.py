"""What comes to the spine: facts, and requests with who waits for their answers.

Law: any thread puts, only the spine takes; whoever asked is answered, also when
the call is over.
"""

import contextlib
import queue
from typing import TypeAlias

import msgspec

from assistant.control import Request, failure
from assistant.errors import SottovoceError
from assistant.events import CueEnded, CueStarted, Fact, SpeechStarted, Understood

AnswerQueue: TypeAlias = "queue.SimpleQueue[bytes | None]"
"""Takes the answers to one request; None ends them."""


class Asked(msgspec.Struct, frozen=True):
    """A request, and where its answers go."""

    request: Request
    answers: AnswerQueue


Item: TypeAlias = Fact | Asked | None
"""None only wakes the spine."""
Inbox: TypeAlias = "queue.SimpleQueue[Item]"


def emptied(inbox: Inbox) -> list[Item]:
    """Take all that is there."""
    items: list[Item] = []
    with contextlib.suppress(queue.Empty):
        while True:
            items.append(inbox.get_nowait())
    return items


def drop_old(inbox: Inbox) -> None:
    """Drop what was told last by those who forgot: they knew another call, with other numbers.

    Words of before the stretch stay, and so does everything else.
    """
    for item in emptied(inbox):
        if not isinstance(item, SpeechStarted | CueStarted | CueEnded | Understood):
            inbox.put(item)


def answer_all(inbox: Inbox, error: SottovoceError) -> None:
    """Answer every request with an error; nobody else takes from the inbox any more."""
    for item in emptied(inbox):
        if isinstance(item, Asked):
            item.answers.put(failure(error))
            item.answers.put(None)
