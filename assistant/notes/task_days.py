"""The day in what is said of a task: where it stands, and which of two is meant.

Law: a day is the words that were said; of two, the later one is meant only behind a "no".
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import msgspec

from assistant.notes.acts import Act
from assistant.notes.talk import Spoken, plain
from assistant.notes.task_words import PromiseWords
from assistant.understanding.dates import Dates, SpokenDate

MOST_APART = 31
"""Days between a weekday and the date that is said with it."""
BARE_DAY_WORDS = 2
"""A sentence that only names a day has no more words besides it."""
LONGEST_OPENING = 5
"""What opens a sentence with a day has no more words: "by end of next week, if ..."."""
PUT_RIGHT_REACH = 3
"""So many words behind a day a "no" puts it right."""


_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_TENS = re.compile(r"(?<=ty)-(?=\w)")
"""In "twenty-first"."""


@dataclass(slots=True)
class Days:
    """The dates of a language, asked about tasks."""

    words: PromiseWords
    dates: Dates
    day_at: Callable[[float], date | None]
    """The day of the call's own calendar at a second of the call."""
    _beside: frozenset[str] = field(init=False)
    _hanging: re.Pattern[str] = field(init=False)
    _found: dict[tuple[str, date | None, bool], SpokenDate | None] = field(
        default_factory=dict[tuple[str, date | None, bool], SpokenDate | None]
    )
    """What was looked for already."""

    def __post_init__(self) -> None:
        days = "|".join(self.dates.words.weekdays) or r"(?!)"
        self._hanging = re.compile(rf"\b({days})'(?:ll|d|s)\b")
        self._beside = frozenset(word for start in self.words.day_starts for word in start.split())

    def of(self, text: str, at_s: float, *, is_task: bool = False) -> SpokenDate | None:
        """Find the day in a text, or in a task; of one that is put right, the last."""
        key = self._plain(text), self.day_at(at_s), is_task
        if key not in self._found:
            # A sentence is asked about for what it promises, answers and settles.
            self._found[key] = self._look(*key)
        return self._found[key]

    def _look(self, text: str, said_on: date | None, is_task: bool) -> SpokenDate | None:
        found = self.dates.first(text.strip(), said_on, is_arranged=is_task)
        excluded: set[str | None] = set()
        while found is not None:
            before, _, rest = text.partition(found.heard)
            later = self.dates.first(rest.strip(), said_on, is_arranged=is_task)
            if found.day in excluded or self._is_excluded(before, found):
                excluded.add(found.day)
                found, text = later, rest
                continue
            is_put_right = set(rest.split()[:PUT_RIGHT_REACH]) & set(self.words.put_right)
            if later is None or not (is_put_right or _is_closer(found, later)):
                break
            found, text = later, rest
        return found

    def _is_excluded(self, before: str, found: SpokenDate) -> bool:
        """Tell whether this is when it is not: "in the spring, not in June"."""
        words = self.words
        said = f" {before.rstrip()} "
        for link in ("", *(f"{link} " for link in words.excluding_links)):
            for no in words.excludes:
                if said.endswith(f" {no} {link}"):
                    meant = tuple(f" {phrase} {link}" for phrase in words.not_excluding)
                    return not said.endswith(meant)
        return False

    def names_one(self, text: str) -> bool:
        """Tell whether a text names a day, whichever that is."""
        return self.dates.first(self._plain(text).strip(), None) is not None

    def _plain(self, text: str) -> str:
        """Return a text with days as the dates are spelled: "twenty-first", "Tuesday'll do"."""
        return self._hanging.sub(r"\1", _TENS.sub(" ", text))

    def of_task(self, act: Act, behind: str, at_s: float) -> SpokenDate | None:
        """Find the day of a task: in its own words, in those before it, in those behind it."""
        verb, whom, *rest = (*act.text.split(), "", "")
        # "Ask her Monday": the day is nobody's.
        text = " ".join((verb, *rest)) if whom in self.words.people else act.text
        own = self.of(text, at_s, is_task=act.kind == "promise")
        return own or self.of(act.before, at_s) or self.of(behind, at_s)

    def without(self, what: str, day: SpokenDate) -> str:
        """Return a task without a day that holds no more: "send a photo tonight"."""
        before = "|".join(map(re.escape, self.words.day_starts))
        heard = re.compile(rf" (?:(?:{before}) )?{re.escape(day.heard)}\b", re.IGNORECASE)
        return heard.sub("", what)

    def is_weekday(self, day: SpokenDate) -> bool:
        """Tell whether nothing but a weekday was said: "Thursday"."""
        return day.heard in self.dates.words.weekdays

    def in_month_of(self, day: SpokenDate, before: SpokenDate | None) -> SpokenDate:
        """Return a day of the month in the month of the day that it takes the place of.

        "The twelfth of January." "Make it the nineteenth."
        """
        words = {*day.heard.replace("-", " ").split()}
        numbers = {part for number in self.dates.words.ordinals for part in number.split()}
        is_number = bool(words & numbers) or any(_ORDINAL.fullmatch(word) for word in words)
        signs = {*self.dates.words.day_signs, *self.dates.words.before, self.dates.words.article}
        signs |= {part for sign in signs for part in sign.split()}
        is_alone = is_number and all(w in numbers | signs or _ORDINAL.fullmatch(w) for w in words)
        if before is None or not (is_alone and before.day and day.day):
            return day
        old, new = date.fromisoformat(before.day), date.fromisoformat(day.day)
        if (old.year, old.month) <= (new.year, new.month):
            return day
        try:
            moved = old.replace(day=new.day)
        except ValueError:
            return day
        return msgspec.structs.replace(day, day=moved.isoformat(), is_sure=False)

    def weekday(self, day: SpokenDate) -> int | None:
        """Return the weekday of a day, 0 for Monday; None of one that is not known."""
        return date.fromisoformat(day.day).weekday() if day.day else None

    def is_bare(self, text: str, day: SpokenDate, most_words: int = BARE_DAY_WORDS) -> bool:
        """Tell whether a text names the day and little else."""
        rest = self._plain(text).replace(day.heard, " ").split()
        return len([word for word in rest if word not in self._beside]) <= most_words


def _is_closer(found: SpokenDate, later: SpokenDate) -> bool:
    """Tell whether the second of two says which day the first is: "Monday, the third of May"."""
    if not (found.day and later.day):
        return False
    one, other = date.fromisoformat(found.day), date.fromisoformat(later.day)
    return one < other and one.weekday() == other.weekday() and (other - one).days <= MOST_APART


def opening_of(sentence: Sequence[Spoken], makes: Sequence[str]) -> Sequence[Spoken]:
    """Return what stands before the first comma, if it is short and something follows.

    Behind "make it" it ends before an "and", too: "make it the thirtieth and I'll see it".
    """
    text = " ".join(plain(word.text) for word in sentence[:LONGEST_OPENING])
    is_made = any(f" {make} " in f" {text} " for make in makes)
    for n, word in enumerate(sentence[: LONGEST_OPENING + 1]):
        if is_made and plain(word.text) == "and":
            return sentence[:n]
        if word.text[-1:] == "," and n < LONGEST_OPENING:
            return sentence[: n + 1]
    return ()
