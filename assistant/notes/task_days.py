"""The day in what is said of a task: where it stands, and which of two is meant.

Law: a day is the words that were said; of two, the later one is meant only behind a "no".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.notes.acts import Act
from assistant.notes.talk import Spoken
from assistant.notes.words import PromiseWords
from assistant.understanding.dates import Dates, SpokenDate

BARE_DAY_WORDS = 2
"""A sentence that only names a day has no more words besides it."""
LONGEST_OPENING = 5
"""What opens a sentence with a day has no more words: "by end of next week, if ..."."""
PUT_RIGHT_REACH = 3
"""So many words behind a day a "no" puts it right."""


@dataclass(slots=True)
class Days:
    """The dates of a language, asked about tasks."""

    words: PromiseWords
    dates: Dates
    day_at: Callable[[float], date | None]
    """The day of the call's own calendar at a second of the call."""
    _beside: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self._beside = frozenset(word for start in self.words.day_starts for word in start.split())

    def of(self, text: str, at_s: float) -> SpokenDate | None:
        """Find the day in a text; of one that is put right, the last."""
        said_on = self.day_at(at_s)
        found = self.dates.first(text.strip(), said_on)
        while found is not None:
            _, _, rest = text.partition(found.heard)
            if not set(rest.split()[:PUT_RIGHT_REACH]) & set(self.words.put_right):
                break
            later = self.dates.first(rest.strip(), said_on)
            if later is None:
                break
            found, text = later, rest
        return found

    def names_one(self, text: str) -> bool:
        """Tell whether a text names a day, whichever that is."""
        return self.dates.first(text.strip(), None) is not None

    def of_task(self, act: Act, behind: str, at_s: float) -> SpokenDate | None:
        """Find the day of a task: in its own words, in those before it, in those behind it."""
        verb, whom, *rest = (*act.text.split(), "", "")
        # "Ask her Monday": the day is nobody's.
        text = " ".join((verb, *rest)) if whom in self.words.people else act.text
        return self.of(text, at_s) or self.of(act.before, at_s) or self.of(behind, at_s)

    def is_bare(self, text: str, day: SpokenDate) -> bool:
        """Tell whether a text names the day and little else."""
        rest = text.replace(day.heard, " ").split()
        return len([word for word in rest if word not in self._beside]) <= BARE_DAY_WORDS


def opening_of(sentence: Sequence[Spoken]) -> Sequence[Spoken]:
    """Return what stands before the first comma, if it is short and something follows."""
    for n, word in enumerate(sentence[:LONGEST_OPENING]):
        if word.text[-1:] == ",":
            return sentence[: n + 1]
    return ()
