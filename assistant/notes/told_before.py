"""What a voice told before a task: what "that" is in "get yourself on that", "I'll do that".

Reads one sentence after the other, and the tasks so far. Law: only what was said just before
explains a task, and nothing that is off the record does.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from assistant.events import Channel
from assistant.notes.acts import LONGEST_TASK, Act, any_of, spelled
from assistant.notes.references import ANSWER_S, LOOKS_BACK_S, alive, has_any
from assistant.notes.talk import Spoken, clean, joined, quote, seqs_of
from assistant.notes.task_days import Days
from assistant.notes.task_words import PromiseWords
from assistant.notes.tasks import Task, other_of
from assistant.understanding.dates import SpokenDate

FEWEST_TOLD = 5
"""A shorter sentence tells of nothing that one could agree to do."""
MOST_TOLD = 16
"""A longer sentence does not name what somebody will look at."""
LONGEST_ASKED = 10
"""What asks for something in passing is no longer, openers apart; in words."""
NEAR_SENTENCES = 3
"""What is told in brackets was said no more sentences before."""
LONGEST_START = 8
"""Among so many words a sentence says that its voice will do something: "and I'll, um, I'll"."""
ASKED_SENTENCES = 2
"""What "it" is, somebody asked about no more sentences before."""


@dataclass(slots=True)
class ToldBefore:
    """The last sentence of each voice that tells something, and its number."""

    words: PromiseWords
    days: Days
    tasks: Sequence[Task]
    """Grows while the talk goes on."""
    hidden: Set[int]
    """Lines that are off the record."""
    _starts: re.Pattern[str] = field(init=False)
    _last: dict[Channel, tuple[int, tuple[Spoken, ...]]] = field(
        default_factory=dict[Channel, tuple[int, tuple[Spoken, ...]]]
    )

    def __post_init__(self) -> None:
        starts = any_of((*self.words.promise_starts, *self.words.hands_over))
        self._starts = re.compile(rf"(?<![\w'])(?:{starts}) ")

    def hear(self, number: int, channel: Channel, sentence: Sequence[Spoken]) -> None:
        """Take the next sentence."""
        is_open = self.hidden.isdisjoint(seqs_of(sentence))
        if is_open and len(sentence) >= FEWEST_TOLD and sentence[-1].text[-1:] != "?":
            self._last[channel] = number, tuple(sentence)

    def taken_up(self, number: int, channel: Channel, sentence: Sequence[Spoken]) -> Task | None:
        """Return the task of "I'll do that", which nobody asked for: what the other one told of."""
        _, told = self._last.get(other_of(channel), (0, ()))
        if not told or sentence[0].start_s - told[-1].end_s > ANSWER_S:
            return None
        text, _ = spelled(told)
        asks = [word for word in text.split() if word not in self.words.openers]
        if not asks or len(asks) > LONGEST_ASKED:
            return None
        # "He'd", "she's": whose it is stands before the apostrophe.
        if {asks[0], asks[0].partition("'")[0]} & set(self.words.subjects):
            # "She knows." "I will": of somebody, or of something, and nothing to do.
            return None
        if has_any(" ".join(asks), self.words.courtesies):
            # "Look after yourself." "I will."
            return None
        due = self._day_in(sentence) or self._day_in(told)
        what = quote(other_of(channel), told, LONGEST_TASK).text.rstrip(".")
        what = what if what.startswith("I ") else what[:1].lower() + what[1:]
        return _task_of(number, channel, sentence, told, what, due)

    def looked_at(
        self, number: int, channel: Channel, sentence: Sequence[Spoken], look: Act
    ) -> Task | None:
        """Return the task of "I'll have a listen": to what was named just before, by either."""
        near = (
            told
            for _, told in self._last.values()
            if sentence[0].start_s - told[-1].end_s <= ANSWER_S
        )
        told = max(near, key=lambda one: one[0].start_s, default=None)
        if told is None:
            return None
        _, _, verb = look.text.partition(" ")
        what = f"{verb or look.text} ({quote(channel, told, LONGEST_TASK).text.rstrip('.')})"
        return _task_of(number, channel, sentence, told, what, self._day_in(sentence))

    def in_brackets(self, number: int, channel: Channel, start_s: float) -> str:
        """Return what a voice told just before, in brackets; nothing where that is long ago."""
        told_in, told = self._last.get(channel, (0, ()))
        if not told or number - told_in > NEAR_SENTENCES:
            return ""
        words = [word for word in spelled(told)[0].split() if word not in self.words.openers]
        # "I, uh, I think I got that" explains nothing.
        # Nor does "no wait, make it February".
        is_own = not {*words[:1]}.isdisjoint((*self.words.of_oneself, *self.words.put_right))
        is_near = start_s - told[-1].end_s <= LOOKS_BACK_S and not is_own
        return f" ({quote(channel, told, LONGEST_TASK).text.rstrip('.')})" if is_near else ""

    def meant(self, number: int, channel: Channel) -> str:
        """Return what a voice said it would do in its last sentence, in brackets; else nothing."""
        told_in, told = self._last.get(channel, (0, ()))
        # A mere word of the other one stands between: "I was hoping so."
        between_in, _ = self._last.get(other_of(channel), (0, ()))
        if not told or number - told_in > ASKED_SENTENCES or between_in > told_in:
            return ""
        text, first_words = spelled(told)
        opening = " ".join(text.split()[:LONGEST_START])
        begins = max((match.end() for match in self._starts.finditer(opening)), default=0)
        if not begins:
            return ""
        meant = joined(told[first_words.get(begins, 0) :][:LONGEST_TASK])
        return f" ({clean(meant).rstrip('.,;:!?')})"

    def seen_on(self, number: int, channel: Channel, act: Act) -> SpokenDate | None:
        """Return the day on which a voice just said it will see somebody: "I'm seeing her Monday".

        What it promises in the next breath, "I'll put in a word", is for then.
        """
        is_for_whom = act.text.startswith(tuple(self.words.for_whom))
        if act.kind != "promise" or not is_for_whom:
            return None
        told_in, told = self._last.get(channel, (0, ()))
        if not told or not 1 <= number - told_in <= ASKED_SENTENCES:
            return None
        return self._day_in(told) if has_any(spelled(told)[0], self.words.sees) else None

    def is_short(self, channel: Channel) -> bool:
        """Tell whether what a voice told last may name something one can look at."""
        _, told = self._last.get(channel, (0, ()))
        return len(told) <= MOST_TOLD

    def asked_of(self, number: int, channel: Channel) -> str:
        """Return what a voice just asked something about: "would you look at my CV?" "Send it"."""
        last = next((task for task in alive(self.tasks) if task.said_by is channel), None)
        if last is None or number - last.sentence > ASKED_SENTENCES or last.owner is channel:
            return ""
        swaps = {theirs: mine for mine, theirs in self.words.asked_me.items()}
        said = [swaps.get(word, word) for word in last.what.split()]
        at = next((n for n, word in enumerate(said) if word in self.words.raises), len(said))
        return " ".join(said[at:])

    def _day_in(self, sentence: Sequence[Spoken]) -> SpokenDate | None:
        return self.days.of(spelled(sentence)[0], sentence[0].start_s)


def _task_of(
    number: int,
    channel: Channel,
    sentence: Sequence[Spoken],
    told: Sequence[Spoken],
    what: str,
    due: SpokenDate | None,
) -> Task:
    """Return what a voice takes on with a sentence, and what was told of it before."""
    own = [seq for seq in seqs_of(sentence) if seq not in seqs_of(told)]
    seqs, said = [*seqs_of(told), *own], quote(channel, sentence)
    return Task(
        channel, "promise", what, said, seqs, due, channel, channel, sentence[-1].end_s, number,
        is_agreed=True,
    )  # fmt: skip
