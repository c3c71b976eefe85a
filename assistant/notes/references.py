"""What "it", "that", "her" and "there" mean in a task: one that was spoken of just before.

Reads the tasks so far. Law: of the same owner only, and only what was said shortly before, but for
what is named again; which day they settle on, and who agrees, is told by `agreement`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.events import Channel
from assistant.notes.acts import Act
from assistant.notes.talk import plain
from assistant.notes.task_words import PromiseWords
from assistant.notes.tasks import Task

ANSWER_S = 12.0
"""What was asked is answered within so long, if at all."""
DAY_S = 35.0
"""A day is settled within so long after what is to be done."""
LOOKS_BACK_S = 60.0
""""I'll send it to you": what it is was said no longer ago."""
RAISED_S = 600.0
"""What is spoken of again by its name was promised no longer ago."""
PRONOUN_REACH = 4
"""Who says "that" so early in a task means what was said before."""
ARRIVING = ("you'll", "you", "it'll", "it's", "expect")
""""You'll have it by Friday" is about what its own speaker promised before."""


@dataclass(frozen=True, slots=True)
class References:
    """The tasks so far, asked about."""

    words: PromiseWords
    tasks: Sequence[Task]
    """Grows while the talk goes on."""

    def spoken_of(self, act: Act, owner: Channel, start_s: float) -> Task | None:
        """Find what "it" is in "I'll send it to you": a task of the same owner, just before."""
        words = self.words
        verb, *rest = act.text.split()
        if act.kind == "request" and verb in words.invites:
            # "You ought to come one day. Come on Tuesday."
            return self.invited(owner, start_s, words.invites)
        near = [
            task
            for task in reversed(self.tasks)
            if not task.is_gone and task.owner is owner and start_s - task.said_s <= LOOKS_BACK_S
        ]
        if act.kind == "request" and rest[:1] and rest[0] in words.things:
            # "Should I send you my list?" "Send it to me."
            own = [t for t in near if t.said_by is owner and not self.is_vague(t.what)]
            same = (t for t in own if verb == plain(t.what.split()[0]))
            # "I'll have it to you this week." "Just email it."
            handed = (t for t in self._handed(near, verb) if t.said_by is owner)
            return next(same, next(handed, None))
        if act.kind != "promise":
            return None
        asked = [task for task in near if task.said_by is not owner]
        if {*rest[:2]} & {*words.pronouns, *words.people}:
            if verb in ARRIVING:
                return next((task for task in near if start_s - task.said_s <= DAY_S), None)
            # "You ask Janice." "I'll ask her tomorrow."
            whom = not {*rest[:2]}.isdisjoint(words.people)
            same = [t for t in asked if self._is_same_verb(verb, t.what.split()[:2], whom=whom)]
            # "I'll look it out. I'll have it to you by Friday."
            own = [task for task in near if task.said_by is owner and task.due is None]
            is_handed = verb in words.hands and rest[0] in words.things
            own = [task for task in own if is_handed and start_s - task.said_s <= DAY_S]
            own = [task for task in own if has_any(task.what, words.seeks)]
            # "I'll send you our template. I can get that to you Friday."
            sent = self._handed([task for task in near if self._is_sent(task, act, start_s)], verb)
            return next(iter(same or self._handed(asked, verb) or own or sent), None)
        # "Send me a deck?" "I'll get you the one pager": asked just now, and handed over; or what
        # was promised as "it" is named now.
        lately = [task for task in near if start_s - task.said_s <= ANSWER_S]
        mine = [task for task in lately if task.said_by is owner and self.is_bare(task.what)]
        recent = [task for task in lately if task.said_by is not owner][:1]
        if verb in words.hands and recent and recent[0].what in words.says_nothing:
            # "Could you let me know?" "I'll send you the agenda."
            return recent[0]
        return next(iter(self._handed([*recent, *mine], verb)), None)

    def _is_sent(self, task: Task, act: Act, start_s: float) -> bool:
        """Tell whether both hand something over to the other side, one right after the other."""
        is_near = task.said_by is task.owner and start_s - task.said_s <= ANSWER_S
        whom = {*self.words.you} & {*act.text.split()}
        return is_near and not whom.isdisjoint(plain(word) for word in task.quote.text.split())

    def said_again(
        self, act: Act, owner: Channel, start_s: float, day: str | None, *, is_put_right: bool
    ) -> Task | None:
        """Find what "I'll mail it Wednesday" says again, with the last word on the day.

        The same deed for the same "it" or "her", said by the one who does it, not long before;
        where no day is named, only behind a "no". Behind one it may be another way to reach
        her.
        """
        verb, *rest = act.text.split()
        near = {*rest[:2]}
        persons, things = near & {*self.words.people}, near & {*self.words.things}
        is_told = act.kind == "advice" and is_put_right and bool(persons)
        if not (act.kind == "promise" or is_told) or verb in ARRIVING or not (persons or things):
            return None
        for task in alive(self.tasks):
            if task.owner is not owner or start_s - task.said_s > LOOKS_BACK_S:
                continue
            spelled = [plain(word) for word in task.what.split()]
            is_same = not persons or not persons.isdisjoint(spelled)
            is_again = day is not None or (is_put_right and self.is_vague(task.what))
            if is_same and verb in spelled and is_again:
                return task
            # "I'll write to her." "Not write. Call her." "I'll call her then."
            reaches = self.words.reaches
            is_reached = persons and verb in reaches and spelled[0] in reaches
            if is_put_right and is_reached and not persons.isdisjoint(spelled):
                return task
        return None

    def recapped(self, new: Task, verb: str) -> Task | None:
        """Find the task that is told again when all is summed up: the same deed on the same day.

        "I'll email it by Tuesday" and "so I'll send you my name and the reason by Tuesday": one of
        the two says only "it", or both are about telling.
        """
        day = new.due.day if new.due else None
        deeds = self.words.hands if verb in self.words.hands else self.words.informs
        if day is None or verb not in deeds or new.kind != "promise":
            return None
        return next(
            (
                task
                for task in alive(self.tasks)
                if task.owner is new.owner
                and task.due is not None
                and task.due.day == day
                # "I'll text her tonight" is not told again by "I'll send it tonight".
                and self._persons(task.what) == self._persons(new.what)
                and plain(task.what.split()[0]) in deeds
                and (
                    verb in self.words.informs or self.is_bare(task.what) or self.is_bare(new.what)
                )
            ),
            None,
        )

    def _persons(self, what: str) -> frozenset[str]:
        return frozenset(plain(word) for word in what.split()) & {*self.words.people}

    def raised_again(self, topic: Sequence[str], owner: Channel, start_s: float) -> Task | None:
        """Find the last task of an owner that names what is spoken of again: "oh, and the list"."""
        nouns = {word.lower() for word in topic} - {*self.words.raises}
        return next(
            (
                task
                for task in alive(self.tasks)
                if task.owner is owner
                and start_s - task.said_s <= RAISED_S
                and nouns <= {plain(word) for word in task.what.split()}
            ),
            None,
        )

    def names_it(self, topic: Sequence[str]) -> bool:
        """Tell whether a task, of whomever, names all that is spoken of."""
        nouns = {*topic} - {*self.words.raises}
        return any(
            nouns <= {plain(word) for word in task.what.split()} for task in alive(self.tasks)
        )

    def invited(self, owner: Channel, start_s: float, verbs: Sequence[str]) -> Task | None:
        """Return where somebody was asked to come, or asked whether they may, not long before."""
        return next(
            (
                task
                for task in alive(self.tasks)
                if task.owner is owner
                and plain(task.what.split()[0]) in verbs
                and start_s - task.said_s <= LOOKS_BACK_S
            ),
            None,
        )

    def is_bare(self, what: str) -> bool:
        """Tell whether a task names nothing by itself: "send Dana that"."""
        return bool(
            {plain(word) for word in what.split()[1:PRONOUN_REACH]} & {*self.words.pronouns}
        )

    def is_vague(self, what: str) -> bool:
        """Tell whether a task names nobody and nothing early on: "call him Thursday"."""
        near = {plain(word) for word in what.split()[1:PRONOUN_REACH]}
        return not near.isdisjoint((*self.words.pronouns, *self.words.people))

    def _is_same_verb(self, verb: str, begins: Sequence[str], *, whom: bool) -> bool:
        """Tell whether a task begins with that verb, or both get hold of somebody (`whom`)."""
        verbs = {plain(word) for word in begins}
        reaches = self.words.reaches
        return verb in verbs or (whom and verb in reaches and not verbs.isdisjoint(reaches))

    def _handed(self, tasks: Sequence[Task], verb: str) -> list[Task]:
        """Return those in which something is handed over, if it is by this verb as well."""
        hands = self.words.hands
        return [task for task in tasks if verb in hands and plain(task.what.split()[0]) in hands]


def alive(tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks that hold, the latest first."""
    return [task for task in reversed(tasks) if not task.is_gone]


def has_any(text: str, phrases: Sequence[str]) -> bool:
    """Tell whether one of the phrases stands in a text, in whole words."""
    return any(f" {phrase} " in f" {text} " for phrase in phrases)
