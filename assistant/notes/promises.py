"""Who promised what, and until when, in plain words.

Reads the lines and where a promise was found in the call. What one voice asks, the other agrees to
or not; "I'll do that" is what was spoken of before; a day said on its own belongs to what it
answers. Law: precise rather than greedy; every task names the lines it stands on; what was asked
of the other side and not agreed to is none of theirs.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Literal

import msgspec

from assistant.events import Channel
from assistant.notes.acts import ANSWERS, SHORT_WORDS, Act, Acts, spelled
from assistant.notes.talk import (
    Line,
    Passage,
    Quote,
    Spoken,
    clean,
    passages,
    plain,
    plain_words,
    quote,
    sentences,
    seqs_of,
)
from assistant.notes.words import PromiseWords
from assistant.understanding.date_words import DateWords
from assistant.understanding.dates import Dates, SpokenDate

PAUSE_S = 1.5
"""A longer silence between two lines ends the sentence."""
BARE_PAUSE_S = 0.2
"""The same where no sentence has a mark: the ear cuts lines at pauses."""
ANSWER_S = 12.0
"""What was asked is answered within so long, if at all ..."""
ANSWER_SENTENCES = 4
"""... and in so many sentences."""
LOOKS_BACK_S = 60.0
""""I'll send it to you": what it is was said no longer ago."""
SAME_TASK = 0.8
"""Part of the words, 0 to 1, from which two tasks of one owner are one."""
FEWEST_SAME = 3
"""So many words, all found in another task of the owner, are the same task."""
BARE_DAY_WORDS = 6
"""A sentence that only names a day is no longer."""

Kind = Literal["promise", "advice", "request"]
State = Literal["open", "done", "dropped"]


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
    """Its words before the user changed anything of it; empty where they did not."""


@dataclass(slots=True)
class _Task:
    """A task in the making."""

    owner: Channel
    kind: Kind
    what: str
    quote: Quote
    seqs: list[int]
    due: SpokenDate | None
    said_by: Channel
    said_s: float
    sentence: int
    """The number of the last sentence that belongs to it."""
    is_agreed: bool
    is_gone: bool = False


@dataclass(slots=True)
class _Joining:
    """The tasks so far, and what the last sentences left open."""

    acts: Acts
    dates: Dates
    day_at: Callable[[float], date | None]
    name: str
    promised: Set[int]
    """Lines in which a promise or a request was found while the call ran."""
    tasks: list[_Task] = field(default_factory=list[_Task])

    def take(self, number: int, channel: Channel, sentence: Sequence[Spoken]) -> None:
        """Take the next sentence."""
        is_promised = not self.promised.isdisjoint(seqs_of(sentence))
        acts = self.acts.of(channel, sentence, is_promised=is_promised)
        if self._answer(number, channel, sentence, acts):
            return
        tasks = [act for act in acts if act.kind not in ANSWERS]
        firsts = [*(act.first for act in tasks), len(sentence)]
        for act, ends in zip(tasks, firsts[1:], strict=True):
            behind = sentence[act.last + 1 : ends]
            self._take_task(number, channel, sentence, act, spelled(behind)[0])

    def _answer(
        self, number: int, channel: Channel, sentence: Sequence[Spoken], acts: Sequence[Act]
    ) -> bool:
        """Take a sentence as an answer to what was said before; tell whether that is all it is."""
        last = self._last(number, sentence[0].start_s)
        if last is None:
            return False
        kinds = {act.kind for act in acts}
        is_others = last.said_by is not channel or channel is Channel.UNCLEAR
        is_short = len(sentence) <= SHORT_WORDS
        due = self._due(spelled(sentence)[0], sentence[0].start_s)
        if "undo" in kinds:
            last.is_gone = True
            return True
        if is_others and "no" in kinds and is_short:
            last.is_gone |= not last.is_agreed
            return True
        is_agreed = bool(kinds & {"yes", "vague"}) or (is_short and not last.is_agreed)
        if is_others and is_agreed and not kinds - {"yes", "vague", "request", "advice"}:
            was_open = not last.is_agreed
            if was_open or "vague" in kinds:
                self._agree(last, number, sentence, due)
            # "Yes, and talk to Sam" agrees and asks.
            return not kinds & {"request", "advice"} or (was_open and is_short)
        if not is_others and "vague" in kinds and is_short:
            self._agree(last, number, sentence, due)
            return True
        if due and not kinds and len(sentence) <= BARE_DAY_WORDS:
            self._agree(last, number, sentence, due)
            return True
        return False

    def _agree(
        self, task: _Task, number: int, sentence: Sequence[Spoken], due: SpokenDate | None
    ) -> None:
        task.is_agreed = True
        task.sentence = number
        task.said_s = sentence[-1].end_s
        task.seqs += [seq for seq in seqs_of(sentence) if seq not in task.seqs]
        # The later day is the one they settled on.
        task.due = due or task.due

    def _last(self, number: int, start_s: float) -> _Task | None:
        """Return the last task, if what is said now may still be about it."""
        last = next((task for task in reversed(self.tasks) if not task.is_gone), None)
        if last is None or number - last.sentence > ANSWER_SENTENCES:
            return None
        return last if start_s - last.said_s <= ANSWER_S else None

    def _take_task(
        self, number: int, channel: Channel, sentence: Sequence[Spoken], act: Act, behind: str
    ) -> None:
        words = self.acts.words
        spoken = sentence[act.first : act.last + 1]
        clause = sentence[act.task : act.last + 1]
        start_s = spoken[0].start_s
        due = (
            self._due(act.text, start_s)
            or self._due(act.before, start_s)
            or self._due(behind, start_s)
        )
        is_theirs = act.kind in ("request", "advice", "asking")
        owner = _other(channel) if is_theirs else channel
        if act.kind == "promise" and (before := self._spoken_of(act, owner, start_s)):
            self._agree(before, number, sentence, due)
            return
        kinds: Mapping[str, Kind] = {"request": "request", "asking": "request", "advice": "advice"}
        self.tasks.append(
            _Task(
                owner,
                kinds.get(act.kind, "promise"),
                _written(clause, act, channel, words, self.name),
                quote(channel, spoken),
                list(seqs_of(spoken)),
                due,
                channel,
                spoken[-1].end_s,
                number,
                is_agreed=act.kind not in ("asking", "wish"),
            )
        )

    def _spoken_of(self, act: Act, owner: Channel, start_s: float) -> _Task | None:
        """Find what "it" is in "I'll send it to you": a task of the same owner, just before."""
        if not set(act.text.split()[1:3]) & set(self.acts.words.pronouns):
            return None
        verb = act.text.split()[0]
        near = [
            task
            for task in reversed(self.tasks)
            if not task.is_gone
            and task.owner is owner
            and task.said_by is not owner
            and start_s - task.said_s <= LOOKS_BACK_S
        ]
        same = [task for task in near if plain(task.what.split()[0]) == verb]
        return (same or near or [None])[0]

    def _due(self, text: str, at_s: float) -> SpokenDate | None:
        """Find the day in a text; of one that is put right, the last."""
        said_on = self.day_at(at_s)
        found = self.dates.first(text, said_on)
        while found is not None:
            _, _, rest = text.partition(found.heard)
            put_right = rest.split()[:3]
            if not set(put_right) & set(self.acts.words.put_right):
                break
            later = self.dates.first(rest, said_on)
            if later is None:
                break
            found, text = later, rest
        return found


def promises(
    said: Sequence[Line],
    words: PromiseWords,
    dates: DateWords,
    day_at: Callable[[float], date | None],
    name: str,
    promised: Set[int] = frozenset(),
) -> tuple[Promise, ...]:
    """Return promises and requests in their order.

    `day_at` tells the day on the wall at a second of the call, None if that is not known; `name`
    is what to call the other side; `promised` are the lines in which one was found live.
    """
    joining = _Joining(Acts(words), Dates(dates), day_at, name, promised)
    told = sorted(passages(said), key=lambda passage: passage.start_s)
    whole = [(p.channel, sentence) for p in told for sentence in _sentences(p, joining.acts)]
    for number, (channel, sentence) in enumerate(whole):
        joining.take(number, channel, sentence)
    found = [
        Promise(task.owner, task.kind, task.what, task.quote.start_s, task.quote, task.due,
                tuple(task.seqs))
        for task in joining.tasks
        if task.is_agreed and not task.is_gone
    ]  # fmt: skip
    return tuple(_once_each(found))


def _sentences(passage: Passage, acts: Acts) -> list[tuple[Spoken, ...]]:
    """Split a passage; where the engine writes no marks, wherever a line ends that may end there.

    "I'll send you ... the list" is one sentence all the same.
    """
    has_marks = any(word.text[-1:] in ".?!" for word in passage.words)
    split = sentences(passage.words, PAUSE_S if has_marks else BARE_PAUSE_S)
    whole: list[tuple[Spoken, ...]] = []
    for sentence in split:
        is_near = whole and sentence[0].start_s - whole[-1][-1].end_s <= PAUSE_S
        if is_near and not has_marks and acts.is_cut_off(whole[-1]):
            whole[-1] += sentence
        else:
            whole.append(sentence)
    return whole


def _other(channel: Channel) -> Channel:
    others = {Channel.ME: Channel.THEM, Channel.THEM: Channel.ME}
    return others.get(channel, Channel.UNCLEAR)


def _written(
    clause: Sequence[Spoken], act: Act, channel: Channel, words: PromiseWords, name: str
) -> str:
    """Write the task as the user would: "send Dana the outline"."""
    called = name or words.nobody
    swaps: Mapping[str, str] = {}
    if act.kind == "asking":
        swaps = words.asked_me
    elif channel == Channel.ME:
        swaps = words.you
    elif act.kind in ("request", "advice"):
        swaps = words.me
    if not name and swaps:
        swaps = {**swaps, **words.whose}
    written: list[str] = []
    for word, before in zip(clause, ("", *(plain(word.text) for word in clause)), strict=False):
        swap = None if before in words.kept_after else swaps.get(plain(word.text))
        written.append(swap.format(name=called) if swap else word.text)
    return clean(" ".join(written)).rstrip(".,;:!?")


def _once_each(found: Sequence[Promise]) -> list[Promise]:
    """Join what was promised twice: the first time stands, with the date of either."""
    kept: list[Promise] = []
    for promise in found:
        twin = next((n for n, other in enumerate(kept) if _is_same(other, promise)), None)
        if twin is None:
            kept.append(promise)
        else:
            first = kept[twin]
            due = promise.due or first.due
            seqs = tuple(dict.fromkeys((*first.seqs, *promise.seqs)))
            kept[twin] = msgspec.structs.replace(first, due=due, seqs=seqs)
    return sorted(kept, key=lambda promise: promise.start_s)


def _is_same(one: Promise, other: Promise) -> bool:
    # By words, not letters: "send the list" is not "email the slides".
    few, many = sorted((plain_words(one.what), plain_words(other.what)), key=len)
    alike = SequenceMatcher(None, few, many).ratio() >= SAME_TASK
    is_part = len(few) >= FEWEST_SAME and set(few) <= set(many)
    return one.owner == other.owner and (alike or is_part)
