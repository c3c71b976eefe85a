"""Whether a day that is named is over, or comes again and again: "we met on monday".

Who tells a story, a habit or how the year goes names days too. Where something is asked, promised
or arranged ("i'll", "could we", "let's") only a word of the past right beside the day makes it one
that is over; else more of the sentence is looked at. Law: words in, yes or no out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.understanding.date_words import DateWords

PAST_REACH, FAR_REACH, AFTER_REACH = 4, 12, 2
"""So many words before a day a word of the past tells that it is over; of months, and in stories,
so many; and so many after it."""
USUAL_REACH = 8
"""So many words before a weekday an "always" tells of every week."""
ELAPSED_REACH = 3

_BARE = frozenset(
    {
        *("weekday", "month day", "day month", "nth weekday", "number", "feast", "late number"),
        *("in", "next weekday", "whole month", "number at time", "clipped number"),
    }
)
"""Kinds of `date_shapes` that may as well be a day that is past ..."""
_IN_STORIES = frozenset(
    {"weekday number", "part", "weekend", "end of week", "end of month", "end of day"}
)
"""... and these, where nothing is arranged."""
_LONG = frozenset({"whole month", "end of day"})
"""Kinds after which more words tell that they are past."""
_COMES_AGAIN = frozenset(
    {"weekday", "end of week", "weekend", "part", "number", "late number", "number of month"}
)
_UP_TO_TODAY = frozenset({"weeks from today", "from now"})


@dataclass(frozen=True, slots=True)
class Named:
    """A day as it stands in a sentence."""

    kind: str
    """Of `date_shapes`."""
    spoken: Sequence[str]
    """Its own words."""
    before: Sequence[str]
    after: Sequence[str]
    is_arranged: bool = False
    """It is known to be about what is yet to be done."""


@dataclass(frozen=True, slots=True)
class Tense:
    """The words of a language that tell."""

    words: DateWords

    def is_over(self, day: Named) -> bool:
        """Tell whether a day is past, or one of many; not of what `is_elapsed` tells."""
        if self._is_lasted(day) or self._is_again(day):
            return True
        # "The following friday" is told of a time that is past; "next friday" hardly ever.
        is_to_come = day.spoken[0] in (*self.words.until, *self.words.next[:1])
        if day.kind == "due feast":
            # "Sales double before christmas."
            return not self._is_arranged(day) or self._is_past(day)
        if self._is_arranged(day):
            return day.kind in _BARE and not is_to_come and self._is_past(day)
        if self._is_usual(day):
            return True
        may_be = day.kind in _BARE or day.kind in _IN_STORIES
        return may_be and not is_to_come and self._is_past_in_story(day)

    def is_elapsed(self, day: Named) -> bool:
        """Tell whether it only says how long something went on: "it's been a week today"."""
        is_counted = not set(self.words.counted_from).isdisjoint(day.spoken)
        near = day.before[-ELAPSED_REACH:]
        return (
            day.kind in _UP_TO_TODAY
            and not is_counted
            and not set(near).isdisjoint(self.words.elapsed)
        ) or (day.kind == "today" and not set(near[-1:]).isdisjoint(self.words.earlier))

    def _is_lasted(self, day: Named) -> bool:
        """Tell of "i slept till monday"."""
        told = tuple(f" {phrase}" for phrase in self.words.lasted)
        is_until = day.spoken[0] in self.words.until
        return is_until and f" {' '.join(day.before)}".endswith(told)

    def _is_again(self, day: Named) -> bool:
        """Tell of "twice a day and once on sunday"."""
        *earlier, last = ("", *day.before)
        rates = set(self.words.rates)
        return day.kind == "weekday" and last in rates and not rates.isdisjoint(earlier)

    def _is_arranged(self, day: Named) -> bool:
        """Tell whether the sentence looks ahead: "could we", "i'll"."""
        text = f" {' '.join((*day.before, *day.spoken, *day.after))} "
        return day.is_arranged or any(f" {phrase} " in text for phrase in self.words.ahead)

    def _is_usual(self, day: Named) -> bool:
        """Tell whether it comes again and again: "they always ask on monday"."""
        words = self.words
        if day.kind != "whole month":
            near = {*self._clause(day.before)[-USUAL_REACH:], *day.after[:PAST_REACH]}
            return day.kind in _COMES_AGAIN and not near.isdisjoint(words.usual)
        # "From november until march"; "but in may it's four a week".
        is_season = day.spoken[0] in words.until and not set(day.before[-1:]).isdisjoint(
            words.months
        )
        opens = not self._clause(day.before)
        is_told = opens and not set(day.after[:1]).isdisjoint(words.month_told)
        return is_season or is_told

    def _is_past(self, day: Named) -> bool:
        """Tell whether a word of the past stands right beside it."""
        words = self.words
        is_month = day.kind == "whole month"
        if is_month and self._is_every_year(day):
            return True
        before = day.before[-(FAR_REACH if is_month else PAST_REACH) :]
        after = day.after[:AFTER_REACH]
        near = {*self._without_owning(before), *self._without_owning(after)}
        is_past = not near.isdisjoint(words.past) or self._is_told_before(before, day)
        is_past = is_past or (is_month and self._has_past_ending(day.after[:PAST_REACH]))
        return is_past and set(before).isdisjoint(words.planned)

    def _is_past_in_story(self, day: Named) -> bool:
        """Tell whether more of a sentence that arranges nothing tells that it is past."""
        words = self.words
        if day.kind == "whole month" and not set(words.habits).isdisjoint(
            (*day.before, *day.after)
        ):
            return True
        if day.before and day.before[-1] in words.reporting:
            return False
        is_following = not {day.spoken[0], *day.before[-1:]}.isdisjoint(words.next[1:])
        before, after = self._near(day, is_following=is_following)
        near = {*self._without_owning(before), *self._without_owning(after)}
        past = {*words.past, *(words.unchanged if is_following else ())}
        is_past = (
            not near.isdisjoint(past)
            or self._is_told_before(before, day)
            or self._has_past_ending(after)
            # "I told him we'd have it by tuesday and of course we didn't."
            or not set(day.after).isdisjoint(words.failed)
        )
        return is_past and set(before).isdisjoint(words.planned)

    def _is_every_year(self, day: Named) -> bool:
        return not set(self.words.habits).isdisjoint((*day.before, *day.after))

    def _near(self, day: Named, *, is_following: bool) -> tuple[Sequence[str], Sequence[str]]:
        """Return the words before and after a day that tell whether it is past."""
        words = self.words
        # "On the tuesday he said yes."
        is_storied = day.kind == "weekday" and words.article in (day.spoken[0], *day.before[-1:])
        # "It ran from the first to the ninth"; "I left on friday the ninth".
        goes_on = not set(day.before[-1:]).isdisjoint((*words.to, *words.weekdays, *words.ordinals))
        is_far = day.kind in ("whole month", "nth weekday") or is_following
        # "By friday and we were out by then."
        is_joined = not set(day.after[:1]).isdisjoint(words.joints)
        is_long = day.kind in _LONG or is_storied or goes_on or is_joined
        reach = FAR_REACH if is_far or is_storied or goes_on else PAST_REACH
        before = self._clause(day.before)[-reach:]
        return before, day.after[: PAST_REACH if is_long else AFTER_REACH]

    def _clause(self, before: Sequence[str]) -> Sequence[str]:
        """Return the words since the sentence last turned: "i was away but"."""
        turns = [at for at, word in enumerate(before) if word in self.words.turns]
        return before[turns[-1] + 1 :] if turns else before

    def _without_owning(self, said: Sequence[str]) -> list[str]:
        """Leave out the "got" of "i've got", which is of now."""
        owned = {pair for pair in pairwise(said) if pair in self.words.owning}
        firsts = ("", *said)
        return [word for at, word in enumerate(said) if (firsts[at], word) not in owned]

    def _is_told_before(self, said: Sequence[str], day: Named) -> bool:
        """Tell whether something is told that was done on that day: "we worked on sunday"."""
        is_aimed = not {day.spoken[0], *day.before[-1:]}.isdisjoint(self.words.aims)
        earlier = day.before[: len(day.before) - len(said)]
        return not is_aimed and self._has_past_ending(said, earlier)

    def _has_past_ending(self, said: Sequence[str], earlier: Sequence[str] = ()) -> bool:
        """Tell of "worked", but not of "is worked"; `earlier` are the words before these."""
        words = self.words
        whole = (*earlier, *said)
        return bool(words.past_endings) and any(
            word.endswith(words.past_endings)
            and word not in words.past_endings_not
            and set(whole[max(0, at - 2) : at]).isdisjoint(words.being)
            for at, word in enumerate(said, len(earlier))
        )
