"""Which task is said again, so that the last word on it stands; which one is taken back by name.

"I'll mail it Wednesday" after "I'll mail it tomorrow"; "Oh, and the CV: send it straight to Janet";
"forget that about me asking her". Reads the tasks so far. Law: of the same owner only; what is said
again keeps what it is where the new words only say "it".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.events import Channel
from assistant.notes.acts import LONGEST_TASK, Act
from assistant.notes.references import ARRIVING, References, alive
from assistant.notes.talk import Spoken, clean, plain
from assistant.notes.task_words import PromiseWords
from assistant.notes.tasks import Task

LONGEST_RAISED = 4
"""What is spoken of again has no more words: "the Helena thing"."""
FEWEST_LETTERS = 4
"""A shorter word names nothing."""
RAISED_SENTENCES = 2
""""It" is that in so many sentences after it."""


@dataclass(slots=True)
class LastWord:
    """The tasks so far, and what was spoken of again last."""

    words: PromiseWords
    tasks: Sequence[Task]
    """Grows while the talk goes on."""
    _refers: References = field(init=False)
    _raised: tuple[int, tuple[str, ...]] = (-10, ())
    """The last sentence, of either voice, that began with what was spoken of before, and what that
    is."""

    def __post_init__(self) -> None:
        self._refers = References(self.words, self.tasks)

    def hear(self, number: int, sentence: Sequence[Spoken], *, has_day: bool) -> None:
        """Keep what a voice speaks of again before it says more: "Oh, and that list, ...".

        Of a day nobody makes a thing: "So the thirteenth. I'll have it back by the eighteenth."
        """
        spelled = [plain(word.text) for word in sentence]
        begins = next((n for n, word in enumerate(spelled) if word not in self.words.openers), 0)
        ends = next(
            (n for n in range(begins, len(spelled)) if sentence[n].mark in (*",.?",)), begins - 1
        )
        topic = spelled[begins : ends + 1]
        is_raised = 1 < len(topic) <= LONGEST_RAISED and topic[0] in self.words.raises
        if has_day or not is_raised:
            return
        # Where no task names it, "Oh, and the deck." does, and "That helps." does not.
        is_alone = begins > 0 and ends == len(spelled) - 1 and len(topic) < LONGEST_RAISED
        is_new = is_alone and topic[0] not in self.words.pronouns
        if topic[-1] not in self.words.pronouns and (is_new or self._refers.names_it(topic)):
            said = [clean(word.text).rstrip(",.?") for word in sentence[begins : ends + 1]]
            self._raised = number, (said[0].lower(), *said[1:])

    def earlier(self, new: Task, act: Act, *, is_put_right: bool) -> Task | None:
        """Return the task that a new one says again, as it is told now; None where it is new.

        Which day counts is for the caller. What "it" is, where that was just spoken of again, is
        written into the new one.
        """
        start_s = new.quote.start_s
        if topic := self._topic_of(new, act):
            said = rf"\b(?:{'|'.join(map(re.escape, self.words.things))})\b"
            new.what = re.sub(said, " ".join(topic), new.what, count=1)
            raised = self._refers.raised_again(topic, new.owner, start_s)
            if raised is not None:
                raised.what, raised.quote = new.what, new.quote
            return raised
        if before := self._refers.spoken_of(act, new.owner, start_s):
            verb, *rest = act.text.split()
            # "You'll have it by Friday" names nothing, "you'll have the list" does.
            told = rest[1:2] if verb in ARRIVING else rest[:1]
            is_named = not {*told} & {*self.words.things, *self.words.pronouns}
            is_empty = self._refers.is_bare(before.what) or before.what in self.words.says_nothing
            if is_empty and is_named:
                # "Send me that" is told by what was promised then.
                before.what = new.what
            return before
        day = new.due.day if new.due else None
        again = self._refers.said_again(act, new.owner, start_s, day, is_put_right=is_put_right)
        again = again or self._refers.recapped(new, act.text.split()[0])
        if again is not None:
            self._tell_anew(again, new)
        return again

    def take_back(self, channel: Channel, text: str) -> bool:
        """Take "forget that about me asking her Sunday" as being about the task it names.

        Tell whether it says what it is about; else it is the last one.
        """
        words = self.words
        backs = (f"{undo} {about} " for undo in words.taken_back for about in words.about)
        said = next((behind for back in backs if (behind := text.partition(back)[2])), "")
        named = [word for word in said.split()[:LONGEST_TASK] if len(word) >= FEWEST_LETTERS]
        for task in alive(self.tasks):
            verb, *rest = (plain(word) for word in task.what.split())
            is_own = channel in (task.owner, task.said_by)
            # "Asking" is the verb of "ask".
            is_named = bool(verb) and any(word.startswith(verb) for word in named)
            if is_own and is_named and not {*named}.isdisjoint(rest):
                task.is_gone = True
                break
        return bool(said)

    def _topic_of(self, new: Task, act: Act) -> tuple[str, ...]:
        """Return what "it" is in a task, where that was just spoken of again; else nothing."""
        raised, topic = self._raised
        is_it = not {*act.text.split()[1:2]}.isdisjoint(self.words.things)
        return topic if is_it and new.sentence - raised <= RAISED_SENTENCES else ()

    def _tell_anew(self, task: Task, new: Task) -> None:
        if self._refers.is_vague(task.what) or not self._refers.is_vague(new.what):
            # What "it" is was told in brackets the first time.
            _, bracket, meant = task.what.partition(" (")
            meant = "" if bracket in new.what else bracket + meant
            task.what, task.quote = new.what + meant, new.quote
