"""Tasks in the making: who asks, who agrees, which day they settle on.

Takes one sentence after the other. What one voice asks, the other agrees to or not; "I'll do that"
is what was spoken of before; a day said on its own belongs to what it answers, and takes the place
of the one before where that was put right, or was said in the same breath. Law: what was asked of
the other side, and not agreed to, is none of theirs; every task names the lines it stands on.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

import msgspec

from assistant.events import Channel
from assistant.notes.acts import ANSWERS, SHORT_WORDS, Act, Acts, spelled
from assistant.notes.last_word import LastWord
from assistant.notes.named_days import NamedDays
from assistant.notes.references import (
    ANSWER_S,
    ARRIVING,
    DAY_S,
    LOOKS_BACK_S,
    PRONOUN_REACH,
    References,
    alive,
    has_any,
)
from assistant.notes.talk import Spoken, quote, seqs_of
from assistant.notes.task_days import Days, opening_of
from assistant.notes.tasks import Kind, Task, other_of, written
from assistant.notes.told_before import ToldBefore
from assistant.understanding.dates import SpokenDate

ANSWER_SENTENCES = 4
"""What was asked is answered in so many sentences."""
UNDO_SENTENCES = 8
"""What somebody takes back, they said no more sentences ago."""
PUT_RIGHT_SENTENCES = 2
"""So soon after a "no" a day takes the place of the one before."""
LONGEST_REPLY = 8
"""A reply that only says when has no more words."""
DATED = 4
"""So many sentences that told of a day are remembered."""
DAY_SENTENCES = 14
"""A day is settled in so many sentences after what is to be done."""


def _without_undone(acts: Sequence[Act]) -> list[Act]:
    """Leave out what is taken back in the same breath: "I'll show you, but don't hold me to it"."""
    undo = next((n for n, act in enumerate(acts) if act.kind == "undo"), 0)
    is_own = any(act.kind not in ANSWERS for act in acts[:undo])
    return [*acts[undo + 1 :]] if is_own else [*acts]


@dataclass(slots=True)
class Joining:
    """The tasks so far, and what the last sentences left open."""

    acts: Acts
    days: Days
    name: str
    promised: Set[int]
    """Lines in which a promise or a request was found while the call ran."""
    hidden: Set[int] = frozenset()
    """Lines that are off the record: what they tell explains no task."""
    tasks: list[Task] = field(default_factory=list[Task])
    _dated: tuple[tuple[int, str | None], ...] = ()
    """The last sentences that told of a day among other things, and the days."""
    _put_right: int = -10
    """The last sentence that began with a "no"."""
    _starts: tuple[str, ...] = field(init=False)
    _refers: References = field(init=False)
    _last_word: LastWord = field(init=False)
    _named: NamedDays = field(init=False)
    _told: ToldBefore = field(init=False)

    def __post_init__(self) -> None:
        words = self.acts.words
        self._refers = References(words, self.tasks)
        self._last_word = LastWord(words, self.tasks)
        self._named = NamedDays(words, self.days, self.tasks)
        self._told = ToldBefore(words, self.days, self.tasks, self.hidden)
        starts = (*words.promise_starts, *words.offer_starts)
        self._starts = tuple(f"{start} " for start in starts)

    def take(self, number: int, channel: Channel, sentence: Sequence[Spoken]) -> None:
        """Take the next sentence."""
        text, _ = spelled(sentence)
        words = self.acts.words
        # "Make it so nobody waits" puts no day right, "make it Friday" does.
        is_made = has_any(text, words.makes) and not self.acts.has_day(text)
        if not is_made and self._begins(text, (*words.put_right, *words.declines)):
            self._put_right = number
        is_promised = not self.promised.isdisjoint(seqs_of(sentence))
        acts = self.acts.of(channel, sentence, is_promised=is_promised)
        if self._last_word.take_back(channel, text):
            acts = [act for act in acts if act.kind != "undo"]
        acts = _without_undone(acts)
        self._last_word.hear(number, sentence, has_day=self.acts.has_day(text))
        opening = opening_of(sentence, words.makes)
        # "I'm back on the 6th, so I'll get it to you that Friday" settles nothing before.
        has_own = any(act.kind == "promise" and self.acts.has_day(act.text) for act in acts)
        if opening and not has_own:
            # "Friday noon, and if I don't see it, may I remind you?" settles on Friday first.
            kinds = {act.kind for act in self.acts.of(channel, opening, is_promised=False)}
            self._settle_day(number, channel, opening, kinds)
        if self._move_day(number, channel, text, sentence):
            return
        self._grant(number, channel, text, sentence)
        if self._answer(number, channel, sentence, acts):
            return
        tasks = [act for act in acts if act.kind not in ANSWERS]
        self._take_tasks(number, channel, sentence, tasks)
        if not tasks:
            self._take_up(number, channel, sentence, acts)
        if not tasks and (due := self.days.of(text, sentence[0].start_s)):
            self._dated = (*self._dated[1 - DATED :], (number, due.day))
            self._may_settle(number, channel, text, sentence, due)
        self._told.hear(number, channel, sentence)

    def _move_day(
        self, number: int, channel: Channel, text: str, sentence: Sequence[Spoken]
    ) -> bool:
        """Take a day that moves one which was settled long before; tell whether it does."""
        day = self.days.of(text, sentence[0].start_s)
        task = self._named.hear(number, channel, text, day) if day else None
        if task is None and (shifted := self._shifted_to(text, sentence[0].start_s)):
            task, day = self._just_said(number, channel, sentence[0].start_s), shifted
        if task is not None:
            self._agree(task, number, channel, sentence, day)
        return task is not None

    def _shifted_to(self, text: str, start_s: float) -> SpokenDate | None:
        """Return the day of "not done until the 14th, so let's call it the 15th"."""
        for name in self.acts.words.calls_it:
            _, is_there, behind = f" {text}".partition(f" {name} ")
            day = self.days.of(behind, start_s) if is_there else None
            if day is not None and behind.startswith(day.heard):
                return day
        return None

    def _just_said(self, number: int, channel: Channel, start_s: float) -> Task | None:
        """Return the task whose day a voice put in doubt with a "no, wait" just now."""
        is_put_right = number - self._put_right <= PUT_RIGHT_SENTENCES
        last = self._last(number, start_s, channel)
        return last if is_put_right and last is not None and last.due is not None else None

    def _take_tasks(
        self, number: int, channel: Channel, sentence: Sequence[Spoken], tasks: Sequence[Act]
    ) -> None:
        firsts = [*(act.first for act in tasks), len(sentence)]
        for act, ends in zip(tasks, firsts[1:], strict=True):
            behind = sentence[act.last + 1 : ends]
            self._take_task(number, channel, sentence, act, spelled(behind)[0])

    def _answer(
        self, number: int, channel: Channel, sentence: Sequence[Spoken], acts: Sequence[Act]
    ) -> bool:
        """Take a sentence as an answer to what was said before; tell whether that is all it is."""
        kinds = {act.kind for act in acts}
        if "undo" in kinds:
            return self._take_back(number, channel, sentence[0].start_s)
        last = self._last(number, sentence[0].start_s, channel if "vague" in kinds else None)
        if any(act.text in self.acts.words.presence for act in acts):
            attends = self.acts.words.attends
            last = self._refers.invited(channel, sentence[0].start_s, attends) or last
        if last is None:
            return self._settle_day(number, channel, sentence, kinds)
        is_others = last.said_by is not channel or channel is Channel.UNCLEAR
        is_short = len(sentence) <= SHORT_WORDS
        due = self.days.of(spelled(sentence)[0], sentence[0].start_s)
        declines = self._begins(spelled(sentence)[0], self.acts.words.declines)
        if is_others and "no" in kinds and is_short:
            last.is_gone |= not last.is_agreed
            # "No, bring me a sketch" says no, and asks for another thing.
            return not kinds & {"request", "advice"}
        if is_others and last.is_wish and not last.is_agreed and declines:
            # "Tomorrow, maybe?" "Not this side of Christmas": on that day not.
            last.due = due
        is_agreed = bool(kinds & {"yes", "vague"}) or (
            is_short and last.is_wish and not last.is_agreed
        )
        if is_others and is_agreed and not kinds - {"yes", "vague", "request", "advice"}:
            was_open = not last.is_agreed
            is_day = due is not None and self.days.is_bare(spelled(sentence)[0], due)
            if was_open or "vague" in kinds or is_day:
                self._agree(last, number, channel, sentence, self._new_day(last, number, due))
            # "Yes, and talk to Sam" agrees and asks.
            # "Should I send you my list?" "Yes, send it" asks for nothing else.
            return not kinds & {"request", "advice"} or (was_open and is_short and last.is_wish)
        if not is_others and "vague" in kinds and is_short:
            self._agree(last, number, channel, sentence, self._new_day(last, number, due))
            return True
        return self._settle_day(number, channel, sentence, kinds)

    def _take_back(self, number: int, channel: Channel, start_s: float) -> bool:
        """Take "forget it" as being about the last task, if it is the speaker's."""
        last = max(alive(self.tasks), key=lambda task: task.sentence, default=None)
        if last is None or number - last.sentence > UNDO_SENTENCES:
            return False
        last.is_gone |= last.last_by is channel and start_s - last.said_s <= DAY_S
        return True

    def _new_day(self, last: Task, number: int, due: SpokenDate | None) -> SpokenDate | None:
        """Return the day of an answer; where they went on since the day was settled, no other."""
        return due if last.due is None or number - last.sentence <= PUT_RIGHT_SENTENCES else None

    def _begins(self, text: str, wanted: Sequence[str]) -> bool:
        """Tell whether a sentence begins with one of these, openers apart: "oh no, ..."."""
        for word in text.split():
            if word in wanted:
                return True
            if word not in self.acts.words.openers:
                return False
        return False

    def _settle_day(
        self, number: int, channel: Channel, sentence: Sequence[Spoken], kinds: Set[str]
    ) -> bool:
        """Take a day that is said on its own, by whoever; they may have talked about it a while."""
        text, _ = spelled(sentence)
        partings = tuple(f"{parting} " for parting in self.acts.words.partings)
        if kinds - {"yes", "no"} or text.startswith(partings):
            return False
        due = self.days.of(text, sentence[0].start_s)
        last = max(alive(self.tasks), key=lambda task: task.sentence, default=None)
        if due is None or last is None or number - last.sentence > DAY_SENTENCES:
            return False
        if sentence[0].start_s - last.said_s > DAY_S or not last.is_agreed:
            return False
        if not self.days.is_bare(text, due):
            return False
        # "They're off on the 20th. Does Sunday work?" is that day.
        due = self._named.date_of(number, due)
        since = {told: day for told, day in self._dated if told > last.sentence}
        is_put_right = number - self._put_right <= PUT_RIGHT_SENTENCES
        is_of_told = due.day in since.values() or (
            is_put_right and self._put_right > max(since, default=number)
        )
        # Where the day had been said no to, what the other one names now is the new one.
        is_new = channel is not last.owner and self._put_right >= last.sentence
        if is_of_told and not is_new:
            # It is the day of what was told since, or puts that one right.
            return True
        # "I'll call him Thursday. The Thursday after. December third."
        is_next = number - last.sentence == 1 and channel is last.last_by
        if last.due is None or is_put_right or is_next or channel is not last.said_by:
            self._agree(last, number, channel, sentence, due)
        return True

    def _grant(self, number: int, channel: Channel, text: str, sentence: Sequence[Spoken]) -> None:
        """Take "you could come on Wednesday" as leave to do what the other one wished to."""
        start_s = sentence[0].start_s
        for task in self.tasks:
            is_open = task.is_wish and not task.is_gone and task.owner is not channel
            if not is_open or start_s - task.said_s > LOOKS_BACK_S:
                continue
            verb = task.what.split()[0]
            if has_any(text, [f"{let} {verb}" for let in self.acts.words.lets]):
                self._agree(task, number, channel, sentence, self.days.of(text, start_s))

    def _may_settle(
        self,
        number: int,
        channel: Channel,
        text: str,
        sentence: Sequence[Spoken],
        due: SpokenDate,
    ) -> None:
        """Take the day of a short "I'll ..." that answers what was just asked, as a doubtful one.

        "Send me the form." "I'll be that on Tuesday": whatever was misheard, it answers that. "I'll
        ask her. I'll have an answer by Monday" is no answer, and sure.
        """
        if has_any(text, self.acts.words.knows_by):
            own = self._last(number, sentence[0].start_s, channel)
            if own is not None and own.due is None:
                self._agree(own, number, channel, sentence, due)
            return
        if len(sentence) > LONGEST_REPLY or not text.startswith(self._starts):
            return
        last = self._last(number, sentence[0].start_s, channel)
        if last is not None and last.due is None and last.last_by is not channel:
            doubtful = msgspec.structs.replace(due, is_sure=False)
            self._agree(last, number, channel, sentence, doubtful)

    def _take_up(
        self, number: int, channel: Channel, sentence: Sequence[Spoken], acts: Sequence[Act]
    ) -> None:
        """Take "I'll do that" and "I'll have a listen" as what was told of just before."""
        words = self.acts.words
        found: list[Task | None] = []
        if any(act.kind == "vague" and act.text in words.takes_up for act in acts):
            found.append(self._told.taken_up(number, channel, sentence))
        if look := next((act for act in acts if act.text in words.looks), None):
            found.append(self._told.looked_at(number, channel, sentence, look))
        self.tasks += [task for task in found if task is not None]

    def _agree(
        self,
        task: Task,
        number: int,
        channel: Channel,
        sentence: Sequence[Spoken],
        due: SpokenDate | None,
    ) -> None:
        task.is_agreed = True
        task.last_by = channel
        task.sentence = number
        task.said_s = sentence[-1].end_s
        task.seqs += [seq for seq in seqs_of(sentence) if seq not in task.seqs]
        if due is not None:
            due = self.days.in_month_of(due, task.due)
            # The later day is the one they settled on.
            if task.due is not None and task.due.day != due.day:
                task.what = self.days.without(task.what, task.due)
            task.due = due

    def _last(self, number: int, start_s: float, owner: Channel | None) -> Task | None:
        """Return the last task, of that owner if one is given, if this may still be about it."""
        whose = (Channel.UNCLEAR, owner) if owner else tuple(Channel)
        last = max(
            (task for task in alive(self.tasks) if task.owner in whose),
            key=lambda task: task.sentence,
            default=None,
        )
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
        due = self._named.of_task(number, channel, sentence, act, behind)
        is_theirs = act.kind in ("request", "advice", "asking")
        owner = other_of(channel) if is_theirs else channel
        together = [
            task for task in self.tasks if task.sentence == number and task.said_by is channel
        ]
        if act.kind == "promise" and act.text.split()[0] in ARRIVING and together:
            # "I'll ring her and get you the form, and you'll have both by Tuesday."
            for task in together:
                task.due = task.due or due
            return
        if together and together[-1].quote.start_s == start_s:
            # Two tasks with one "I'll": the day of either is that of both.
            together[-1].due = together[-1].due or due
            due = due or together[-1].due
        what = written(clause, act, channel, words, self.name)
        if not what or self._is_given(act, behind):
            # Nothing but marks, or what was done by saying it: nothing to do.
            return
        kinds: Mapping[str, Kind] = {"request": "request", "asking": "request", "advice": "advice"}
        new = Task(
            owner,
            kinds.get(act.kind, "promise"),
            what,
            quote(channel, spoken),
            list(seqs_of(spoken)),
            due,
            channel,
            channel,
            spoken[-1].end_s,
            number,
            is_agreed=act.kind not in ("asking", "wish"),
            is_wish=act.kind == "wish",
        )
        is_put_right = number - self._put_right <= PUT_RIGHT_SENTENCES
        if earlier := self._last_word.earlier(new, act, is_put_right=is_put_right):
            self._agree(earlier, number, channel, sentence, new.due)
            return
        what = new.what
        is_bare = self._refers.is_bare(" ".join(what.split()[:PRONOUN_REACH]))
        attends = act.text.split()[0] in words.attends and (is_theirs or is_bare)
        day = self._named.before(number, 1) if attends and due is None else None
        if day is not None:
            # "We've an open day on the second. Come along." "I'll go to that."
            new.due = day
        new.due = new.due or self._told.seen_on(number, channel, act)
        # "I'll look into that", "I'll go on Friday".
        looked = {verb for look in words.looks for verb in look.split()[1:2]}
        is_looked_at = what.split()[0] in {*words.goes, *looked}
        by = channel if is_theirs else other_of(channel)
        is_short = self._told.is_short(by)
        if is_bare and act.kind == "request" and (asked := self._told.asked_of(number, owner)):
            new.what += f" ({asked})"
        elif day is not None or (is_bare and (is_theirs or (is_looked_at and is_short))):
            # "Get yourself on that", "I'll look into that": what it is was said just before.
            new.what += self._told.in_brackets(number, by, start_s)
        elif is_bare and act.kind == "promise" and {*act.text.split()[1:3]} & {*words.things}:
            # "I'll take a picture of the page. I'll send it tonight."
            new.what += self._told.meant(number, channel)
        self.tasks.append(new)

    def _is_given(self, act: Act, behind: str) -> bool:
        """Tell whether a number or an address is given by saying it now."""
        words = self.acts.words
        is_handle = not set(act.text.split()).isdisjoint(words.handles)
        is_said = f"{behind} ".startswith(tuple(f"{it} " for it in words.said_now))
        signs = [w for w in behind.split() if w.isdigit() or len(w) == 1 or w in words.spoken_signs]
        return is_handle and is_said and bool(signs)
