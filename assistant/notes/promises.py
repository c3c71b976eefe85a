"""Who promised what, and until when, in plain words.

Reads the lines and where a promise was found in the call. Law: precise rather than greedy; what was
promised twice is one, and every promise names the lines it stands on.
"""

from collections.abc import Callable, Sequence, Set
from datetime import date
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

import msgspec

from assistant.events import Channel
from assistant.notes.acts import Acts
from assistant.notes.agreement import Joining
from assistant.notes.references import LOOKS_BACK_S
from assistant.notes.talk import (
    Line,
    Passage,
    Quote,
    Spoken,
    passages,
    plain_words,
    sentences,
    without_told,
)
from assistant.notes.task_days import Days
from assistant.notes.task_words import PromiseWords
from assistant.notes.tasks import Kind
from assistant.understanding.date_words import DateWords
from assistant.understanding.dates import Dates, SpokenDate

PAUSE_S = 1.5
"""A longer silence between two lines ends the sentence."""
BARE_PAUSE_S = 0.2
"""The same where no sentence has a mark: the ear cuts lines at pauses."""
SAME_TASK = 0.8
"""Part of the words, 0 to 1, from which two tasks of one owner are one."""
FEWEST_SAME = 3
"""So many words, all found in another task of the owner, are the same task."""

State: TypeAlias = Literal["open", "done", "dropped"]


class Promise(msgspec.Struct, frozen=True):
    """Something that is to be done."""

    owner: Channel
    """Who is to do it; `unclear` where one microphone heard both."""
    kind: Kind
    """`promise`: its owner said so. `request`, `advice`: the other side did."""
    what: str
    """The task, from the verb on; "you" is written as the name where the user said it."""
    start_s: float
    quote: Quote
    """The words it was made with."""
    due: SpokenDate | None
    seqs: tuple[int, ...]
    number: int = 0
    """From 1, as it is shown and named in `correct promise`."""
    state: State = "open"
    """As the user says; `dropped` was none, or is off, and is shown nowhere."""
    is_corrected: bool = False
    """The user changed its words, its owner or its day, or added it."""
    was: str = ""
    """Its words before the user changed anything of it, or a name was set beside its "her"; empty
    where they are the same."""


def promises(
    said: Sequence[Line],
    words: PromiseWords,
    dates: DateWords,
    day_at: Callable[[float], date | None],
    name: str,
    promised: Set[int] = frozenset(),
    hidden: Set[int] = frozenset(),
) -> tuple[Promise, ...]:
    """Return promises and requests in their order.

    `day_at` tells the day on the wall at a second of the call, None if that is not known; `name`
    is what to call the other side; `promised` are the lines in which one was found live;
    those in `hidden` explain no task, for they are off the record.
    """
    days = Days(words, Dates(dates), day_at)
    joining = Joining(Acts(words, days.names_one), days, name, promised, hidden)
    told = [
        (p.channel, sentence) for p in passages(said) for sentence in _sentences(p, joining.acts)
    ]
    # A mere "sure" is no passage, but it agrees.
    told += [(line.channel, line.words) for line in said if line.is_filler]
    whole = sorted(told, key=lambda turn: turn[1][0].start_s)
    for number, (channel, sentence) in enumerate(whole):
        joining.take(number, channel, sentence)
    found = [
        Promise(task.owner, task.kind, task.what, task.quote.start_s, task.quote, task.due,
                tuple(task.seqs))
        for task in joining.tasks
        # A mere "come" or "ask" tells nobody what is to be done.
        if task.is_agreed and not task.is_gone and (task.due or " " in task.what)
    ]  # fmt: skip
    return tuple(_once_each(found, words))


def _sentences(passage: Passage, acts: Acts) -> list[tuple[Spoken, ...]]:
    """Split a passage; where the engine writes no marks, wherever a line ends that may end there.

    "I'll send you ... the list" is one sentence all the same.
    """
    has_marks = any(word.ends_sentence and not word.is_bare for word in passage.words)
    # What somebody else said is no promise of who tells it.
    own = without_told(passage.words)
    split = sentences(own, PAUSE_S if has_marks else BARE_PAUSE_S)
    whole: list[tuple[Spoken, ...]] = []
    for sentence in split:
        is_near = whole and sentence[0].start_s - whole[-1][-1].end_s <= PAUSE_S
        if is_near and not has_marks and acts.is_cut_off(whole[-1]):
            whole[-1] += sentence
        else:
            whole.append(sentence)
    return whole


def _once_each(found: Sequence[Promise], words: PromiseWords) -> list[Promise]:
    """Join what was promised twice: the first time stands, with the date of either.

    "Send it to you" ten minutes later is another thing.
    """
    kept: list[Promise] = []
    for promise in found:
        twin = next((n for n, other in enumerate(kept) if _is_same(other, promise, words)), None)
        if twin is None:
            kept.append(promise)
        else:
            first = kept[twin]
            due = promise.due or first.due
            seqs = tuple(dict.fromkeys((*first.seqs, *promise.seqs)))
            kept[twin] = msgspec.structs.replace(first, due=due, seqs=seqs)
    return sorted(kept, key=lambda promise: promise.start_s)


def _is_same(one: Promise, other: Promise, words: PromiseWords) -> bool:
    is_vague = not {*words.things}.isdisjoint(plain_words(other.what)[1:3])
    if is_vague and abs(other.start_s - one.start_s) > LOOKS_BACK_S:
        return False
    # By words, not letters: "send the list" is not "email the slides".
    few, many = sorted((plain_words(one.what), plain_words(other.what)), key=len)
    alike = SequenceMatcher(None, few, many).ratio() >= SAME_TASK
    is_part = len(few) >= FEWEST_SAME and set(few) <= set(many)
    return one.owner == other.owner and (alike or is_part)
