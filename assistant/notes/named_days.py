"""The days that were named, whatever for: the last one, and one that moves a day settled before.

"On the seventeenth. That's a Thursday?" "Friday I'm out, actually. Say Monday." Reads the tasks so
far, one sentence after the other. Law: a settled day moves only where it was named again first,
with what was to be done or with a word that doubts it; the new day is the next one that is named,
and only where little else is said with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.events import Channel
from assistant.notes.acts import Act, spelled
from assistant.notes.references import DAY_S, alive, has_any
from assistant.notes.talk import Spoken, plain
from assistant.notes.task_days import Days
from assistant.notes.task_words import PromiseWords
from assistant.notes.tasks import Task
from assistant.understanding.dates import SpokenDate

SAME_SENTENCES = 8
"""So soon after a date its weekday is that date."""
MOVED_SENTENCES = 3
"""So soon after the old day the new one is named."""
SETTLED_SENTENCES = 2
"""A day that was named so lately is still being settled."""
THEN_REACH = 3
"""So early in a task "then" is its day."""
THEN_SENTENCES = 4
""""Then" is a day that was named no more sentences before."""
FEWEST_LETTERS = 4
"""A shorter word names nothing."""


@dataclass(slots=True)
class NamedDays:
    """The day that was named last, and the task whose day was named again last."""

    words: PromiseWords
    days: Days
    tasks: Sequence[Task]
    """Grows while the talk goes on."""
    _named: tuple[tuple[int, SpokenDate], ...] = ()
    """The last two sentences that named a day, and the days."""
    _alone: tuple[int, Channel | None] = (-10, None)
    """The last sentence that named a day and little else, and who said it."""
    _again: tuple[int, Task | None] = (-10, None)

    def hear(self, number: int, channel: Channel, text: str, day: SpokenDate) -> Task | None:
        """Take a sentence that names a day; return the task whose day it is from now on."""
        self._named = (*self._named[-1:], (number, self.date_of(number, day)))
        if self.days.is_bare(text, day):
            self._alone = number, channel
        last, task = self._again
        is_soon = task is not None and number - last <= MOVED_SENTENCES and not task.is_gone
        is_other = task is not None and task.due is not None and task.due.day != day.day
        if is_soon and is_other and self._is_new(text, day):
            self._again = -10, None
            return task
        settled = [
            one
            for one in alive(self.tasks)
            if one.is_agreed
            and one.due is not None
            and one.due.day == day.day
            and number - one.sentence > SETTLED_SENTENCES
        ]
        named = next((one for one in settled if self._is_named(one, text)), None)
        if named is None and has_any(text, self.words.doubts_day):
            named = task if is_soon and task in settled else next(iter(settled), None)
        if named is not None:
            self._again = number, named
        return None

    def of_task(
        self, number: int, channel: Channel, sentence: Sequence[Spoken], act: Act, behind: str
    ) -> SpokenDate | None:
        """Return the day of a task: named with it, or the one that it refers to.

        `behind` is what is said between it and the next task of the sentence.
        """
        words, start_s = self.words, sentence[act.first].start_s
        if not {*act.text.split()[1:THEN_REACH]}.isdisjoint(words.that_day):
            # "I'll see him on the seventeenth. I'll ask him then if you may come in January."
            named = self.before(number, THEN_SENTENCES)
            return self.days.of(act.before, start_s) or named
        if due := self.days.of_task(act, behind, start_s):
            return due
        if has_any(f"{act.text} .", [f"{that} ." for that in words.that_day]):
            # "That's the twenty-third. I'll send it then."
            return self.before(number, THEN_SENTENCES)
        if has_any(spelled(sentence)[0], words.if_missing):
            days = (task.due for task in reversed(self.tasks) if start_s - task.said_s <= DAY_S)
            return next(filter(None, days), None)
        # "By Tuesday, yes. I'll email it."
        return self.just_said(number, channel) if act.kind == "promise" else None

    def before(self, number: int, sentences: int) -> SpokenDate | None:
        """Return the last day that was named before a sentence, and no more than so many before."""
        earlier = [day for named, day in self._named if 0 < number - named <= sentences]
        return earlier[-1] if earlier else None

    def just_said(self, number: int, channel: Channel) -> SpokenDate | None:
        """Return the day that a voice said on its own right before: "By Tuesday, yes.".

        None where it agreed to what the other one does: "Monday's perfect. I'll rewrite them."
        """
        is_theirs = any(
            task.sentence == number - 1 and task.owner is not channel for task in alive(self.tasks)
        )
        is_own = self._alone == (number - 1, channel) and not is_theirs
        return self.before(number, 1) if is_own else None

    def date_of(self, number: int, day: SpokenDate) -> SpokenDate:
        """Return the date that was named just before, where a mere weekday is the one it is on."""
        before = self.before(number, SAME_SENTENCES)
        if before is None:
            return day
        if not self.days.is_weekday(day):
            # "How about the twelfth of January?" "The twelfth works."
            moved = self.days.in_month_of(day, before)
            return before if moved.day == before.day else day
        weekday = self.days.weekday(day)
        return before if weekday is not None and self.days.weekday(before) == weekday else day

    def _is_new(self, text: str, day: SpokenDate) -> bool:
        """Tell whether this names another day: "say Monday", "so it'd be Wednesday"."""
        said = f" {text.strip()} "
        if any(f" {shift} {day.heard} " in said for shift in self.words.shifts):
            return True
        ends = tuple(f" {shift} {day.heard} " for shift in self.words.shifts_last)
        return self.days.is_bare(text, day, 0) or said.endswith(ends)

    def _is_named(self, task: Task, text: str) -> bool:
        """Tell whether a text names what is to be done."""
        what = self.days.without(task.what, task.due) if task.due else task.what
        nouns = {plain(word) for word in what.split()[1:]}
        return not {word for word in nouns if len(word) >= FEWEST_LETTERS}.isdisjoint(text.split())
