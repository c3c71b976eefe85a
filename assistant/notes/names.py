"""The people whom nobody prepared and who came up all the same: their names, and who they are.

Reads the lines. Where the engine writes capitals a name has one; where it writes none, a name is
what follows "talk to", "my niece", "mister", and is rare in ordinary talk. Law: nobody is made up:
a name is the words as they were heard, and what is said of them is a quote.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import msgspec

from assistant.events import Channel
from assistant.minds.spoken import Book, ends_with, phrases_of, starts_with, words_of
from assistant.notes.talk import CLOSING, MARKS, Line, Spoken, is_title, joined, plain, plain_words
from assistant.notes.words import Words
from assistant.plan import Plan
from assistant.understanding.commonness import ODD, RARE, rank

KNOWN_RANK = 2500
"""After a sure cue a word from this rank on may be a name: "talk to Laura", not "to people"."""
TITLED_RANK = 800
"""After "mister" no name is more common than this."""
LONGEST_NAME = 3
CALLED_REACH = 6
ROLE_WORDS = 9
"""So many words tell who somebody is."""
CUE_REACH = 4
"""So many words before a name may be its cue."""
OPENING_S = 75.0
"""The user says who they are so early."""
CASED = 0.2
"""An engine that ends such a share of its lines with a mark writes capitals, too."""
WHOLE_NAME_PLACES = 5
"""Before a name of several words only the first so many tell of a place: "to Laura Chen"."""
OPENING = '"\u201c\u2018'
"""Signs before words that somebody else said."""
_SHORTEST = 3
_PARTICLE = re.compile("^(?:Mc|Mac|Fitz|De|Di|Du|La|Le|Van|[OD]['\u2019])(?=[A-Z])")
"""Names have a second capital behind these."""
_OWNING = re.compile("['\u2019](?:s|ll|d|ve|re)$")


class Named(msgspec.Struct, frozen=True):
    """Once that somebody came up."""

    name: str
    title: str
    """"Mr.", where one was said."""
    role: str
    """Who they are, in the words beside the name; often empty."""
    line: Line
    first: int
    """The word of the line it begins with."""
    last: int
    """The last word of it."""
    is_person: bool
    """What stands beside it says so."""


@dataclass(slots=True)
class Names:
    """The words of a language, made ready to look for names."""

    plan: Plan
    words: Words
    _cues: Book = field(init=False)
    _weak: Book = field(init=False)
    _there: Book = field(init=False)
    _own: Book = field(init=False)
    _asked_own: Book = field(init=False)
    _first: frozenset[str] = field(init=False)
    """First names that are no words."""
    _articles: frozenset[tuple[str, ...]] = field(init=False)
    _fillers: frozenset[str] = field(init=False)
    _openers: frozenset[str] = field(init=False)
    """Words that open a sentence before a name: "Talk to Sam"."""
    _prepared: frozenset[str] = field(init=False)
    """The words of the names on the sheet: these need not be rare."""
    _feasts: Book = field(init=False)
    _known: frozenset[str] = field(init=False)
    """Words of those who talk, and of what was prepared: these are no news."""

    def __post_init__(self) -> None:
        names = self.words.names
        self._cues = phrases_of((*names.cues, *names.titles))
        self._weak = phrases_of(names.weak_cues)
        self._there = phrases_of(names.there)
        self._own = phrases_of(names.own)
        self._asked_own = phrases_of(names.asked_own)
        self._first = frozenset(names.first) - {*self.words.names_with_other_meanings}
        self._articles = frozenset((word,) for word in names.articles)
        self._fillers = frozenset(self.plan.phrases.filler)
        opened = (*names.cues, *self.words.promises.openers)
        self._openers = frozenset(words_of(text)[0] for text in opened)
        self._prepared = frozenset(w for one in self.plan.people for w in plain_words(one.name))
        prepared = (self.plan.person.split(",")[0], *self.plan.terms)
        self._known = frozenset(word for text in prepared for word in plain_words(text))
        self._feasts = phrases_of((*self.words.dates.feasts, *self.words.dates.feasts_due))

    def of(self, said: Sequence[Line]) -> tuple[Named, ...]:
        """Return everybody who is named in the lines, in their order, each time anew."""
        # What is also written small is a word that began a sentence.
        small = {plain(w.text) for li in said for w in li.words if w.text[:1].islower()}
        own_marks = [line for line in said if not line.is_bare]
        marked = sum(any(w.ends_sentence for w in line.words) for line in own_marks)
        is_cased = marked >= CASED * len(own_marks)
        found = [
            self._named(line, first, last, is_cased=is_cased and not line.is_bare)
            for line in said
            for first, last in self._places(line, small, is_cased=is_cased and not line.is_bare)
        ]
        own = {word for one in found if self._is_own(one) for word in plain_words(one.name)}
        places = {self._without_noun(one.name) for one in found} - {""}
        found = [
            one
            for one, after in zip_longest(found, found[1:])
            if not own & {*plain_words(one.name)} and not _is_nickname(one, after)
        ]
        whole = {w for one in found if one.is_person and " " in one.name for w in one.name.split()}
        return tuple(
            # "Van Buren Street", and later "the corner of Van Buren"; "Sinéad Tuohy", and later
            # "Well, Sinéad."
            msgspec.structs.replace(
                one, is_person=one.name not in places and (one.is_person or one.name in whole)
            )
            for one in found
        )

    def _without_noun(self, name: str) -> str:
        """Return the name of a place without what kind of place it is; else nothing."""
        *first, last = name.split()
        return " ".join(first) if plain(last) in self.words.names.place_nouns else ""

    def _places(
        self, line: Line, small: Collection[str], *, is_cased: bool
    ) -> Iterator[tuple[int, int]]:
        at = 0
        spelled = tuple("".join(words_of(word.text)) for word in line.words)
        while at < len(line.words):
            if feast := starts_with(spelled, self._feasts, at):
                # Nobody is called "Boxing Day".
                at += feast
                continue
            if self._is_said_again(line, at) or self._is_saint(line, at):
                at += 1
                continue
            length = self._cased(line, at, small) if is_cased else self._uncased(line, at)
            if length:
                yield at, at + length - 1
            at += length or 1

    def _is_said_again(self, line: Line, at: int) -> bool:
        """Tell whether it is the first "denise" of "my cousin denise denise hatcher"."""
        first, *more = (plain(word.text) for word in line.words[at : at + 2])
        return first in self._first and more == [first]

    def _is_saint(self, line: Line, at: int) -> bool:
        """Tell whether a name belongs to a place or a house: "St Gemma's", "San Diego"."""
        return at > 0 and plain(line.words[at - 1].text) in self.words.names.saints

    def _cased(self, line: Line, at: int, small: Collection[str]) -> int:
        """Return how many words the name has that begins there, by its capitals; 0 for none."""
        length = 0
        for n, word in enumerate(line.words[at : at + LONGEST_NAME], start=1):
            is_particle = length > 0 and word.text in self.words.names.particles
            if not (is_particle or (is_name_cased(word.text) and self._may_be(plain(word.text)))):
                break
            # "Bram de Wit", and not "Bram de".
            length = length if is_particle else n
            if word.mark:
                break
        first = plain(line.words[at].text)
        # "And he says, "You should go.""
        begins = line.words[at].text[:1] in OPENING or at == 0
        begins = begins or line.words[at - 1].mark in (*".?!:",)
        # A word that opens a sentence has a capital anyway.
        is_cue = first in self.words.names.person_before or (first,) in self._cues.get(first, ())
        is_cue = is_cue or first in self._openers
        is_doubtful = begins and (first in small or is_cue or (length < 2 and rank(first) < ODD))
        return 0 if is_doubtful else length

    def _uncased(self, line: Line, at: int) -> int:
        """Return the same for a line without capitals."""
        return self._first_name(line, at) or self._bare(line, at)

    def _bare(self, line: Line, at: int) -> int:
        """Return the same for a name that may be a word, by what stands before."""
        before = words_of(joined(line.words[max(0, at - CUE_REACH) : at]))
        names = self.words.names
        spelled_at = [plain(word.text) for word in line.words[at : at + LONGEST_NAME]]
        opens = at <= len(before) and all(word in self._fillers for word in before)
        if opens or not before:
            return self._opening(spelled_at)
        is_relation = before[-1] in names.relations
        is_title = before[-1] in names.titles and before[-2:-1] not in self._articles
        if not (is_relation or ends_with(before, self._cues)):
            return 0
        if before[-1] in names.titles and not is_title:
            return 0
        if self._is_thing(before):
            return 0
        is_weak = is_relation or ends_with(before, self._weak)
        length = 0
        for word in line.words[at : at + LONGEST_NAME - 1]:
            spelled = plain(word.text)
            is_odd = is_weak or (length and rank(spelled_at[0]) < RARE)
            least = ODD if is_odd else KNOWN_RANK
            is_prepared = spelled.removesuffix("'s") in self._prepared
            least = 0 if is_prepared else TITLED_RANK if is_title else least
            if not self._may_be(spelled) or rank(spelled) < least:
                break
            if not length and is_several(spelled) and not (is_title or is_prepared):
                # "Talk to recruiters": more than one is nobody.
                break
            length += 1
            if word.mark:
                break
        behind = [plain(word.text) for word in line.words[at + length : at + length + 1]]
        if ends_with(before, self._there) and not set(behind) & set(names.after):
            # "There is soup": somebody is somewhere, or does something.
            return 0
        return length

    def _opening(self, spelled_at: Sequence[str]) -> int:
        """Return how many words the name has that opens a line: "colm he draws"."""
        first, *rest = spelled_at
        if not self._may_be(first) or rank(first) < RARE or first in self._fillers:
            return 0
        tells = self.words.names.tells
        if rest[:1] and rest[0] in (*tells, first):
            return 1
        is_whole = len(rest) > 1 and rest[1] in tells and self._may_be(rest[0])
        return 2 * (is_whole and rank(rest[0]) >= KNOWN_RANK)

    def _first_name(self, line: Line, at: int) -> int:
        """Return how many words the name has that a first name begins there; 0 for none."""
        first, *more = (plain(word.text) for word in line.words[at : at + 2])
        is_whole = first in self.words.names.first_doubtful and is_surname(more)
        if not (is_whole or stem(first) in self._first) or not self._may_be(first):
            return 0
        before = words_of(joined(line.words[max(0, at - CUE_REACH) : at]))
        names = self.words.names
        # "A bit of a clare out".
        is_noun = set(before[-1:]) & {*self.words.institutions.articles, *names.any}
        if self._is_thing(before) or is_noun:
            return 0
        # Of "karen'll know" the name ends there.
        has_more = bool(more) and (is_whole or first in self._first)
        return 1 + (has_more and self._is_second(line, at + 1))

    def _is_second(self, line: Line, at: int) -> bool:
        """Tell whether the word behind a first name is the second one: "laura chen is"."""
        second, *more = (plain(word.text) for word in line.words[at : at + 2])
        if not self._may_be(second) or rank(second) < KNOWN_RANK:
            return False
        # "Laura teaches" is no name, "talk to laura chen" and "laura chen she leads" are.
        names = self.words.names
        is_told = not more or line.words[at].mark or more[0] in (*names.tells, *names.is_like)
        return rank(second) >= ODD or (bool(is_told) and not second.endswith("s"))

    def _is_thing(self, before: Sequence[str]) -> bool:
        """Tell whether a thing is named next: "a field called", "a shop called"."""
        names = self.words.names
        called = [n for n, word in enumerate(before) if word in names.called]
        told = before[: called[-1]] if called else ()
        if not told:
            return False
        # "A gal named Tansy": of things one says "called".
        is_one = before[called[-1]] in names.called[:1] and not {*told[:-1]}.isdisjoint(names.any)
        is_somebody = told[-1] in names.relations or told[-1].endswith(names.person_endings)
        return not {*told}.isdisjoint(names.things) or (is_one and not is_somebody)

    def _called(self, line: Line, first: int) -> str:
        """Return who "is called" by the name that begins there: "the owner"."""
        before = [plain(word.text) for word in line.words[max(0, first - CALLED_REACH) : first]]
        if before[-1:] != ["called"] or before[-2:-1] not in (["is"], ["was"]):
            return ""
        articles = [n for n, word in enumerate(before[:-2]) if word in ("the", "a", "his", "her")]
        return " ".join(before[articles[-1] : -2]) if articles else ""

    def _may_be(self, spelled: str) -> bool:
        alone = stem(spelled)
        return (
            (len(alone) >= _SHORTEST or alone in self.words.names.first_doubtful)
            and alone.replace("-", "").replace("'", "").isalpha()
            and alone not in self._known
            and alone not in self.words.names.no_name
            and alone not in self.words.names.titles
            and not {alone, alone.removesuffix("s")} & set(self.words.spelling.capital)
            and alone not in self.words.light
            and alone.partition("-")[0] not in self.words.dates.numbers
        )

    def _is_own(self, one: Named) -> bool:
        """Tell whether this is the user's own name: they say who they are, or are asked."""
        if one.line.start_s > OPENING_S:
            return False
        is_mine = one.line.channel is not Channel.THEM and one.line.probably is not Channel.THEM
        before = words_of(joined(one.line.words[: one.first]))
        if before[-1:] == words_of(one.name)[:1]:
            # "This is Ananya, Ananya Deshpande."
            before = before[:-1]
        return ends_with(before, self._own if is_mine else self._asked_own)

    def _is_person(self, line: Line, first: int, last: int, *, is_cased: bool) -> bool:
        """Tell by what stands beside a name that it is somebody's; bare ones were found so."""
        names = self.words.names
        before = words_of(joined(line.words[max(0, first - CUE_REACH) : first]))
        spelled = {plain(word.text) for word in line.words[first : last + 1]}
        opens = plain(line.words[first].text)
        is_thing = self._is_thing(before) or opens in self.words.institutions.articles
        if is_cased and (is_thing or spelled & {*names.place_nouns}):
            return False
        beside = before[-1] if before else ""
        if beside in names.place_beside and {*before[-2:-1]} & {*names.place_before}:
            # "Up by Watertown", "over by Miller".
            return False
        if not is_cased or ends_with(before, self._cues):
            return True
        if last > first:
            return beside not in names.place_before[:WHOLE_NAME_PLACES]
        if beside in names.place_before:
            return False
        if beside in (*names.relations, *names.titles, *names.person_before):
            return True
        behind = line.words[last + 1 : last + 2]
        next_word = plain(behind[0].text) if behind else ""
        if stem(plain(line.words[first].text)) in self._first and (
            beside in names.first_before or next_word in names.first_after
        ):
            return True
        is_owner = line.words[last].text.rstrip(".,;:?!").endswith(("'s", "\u2019s"))
        return is_owner or bool(behind and plain(behind[0].text) in names.person_after)

    def _named(self, line: Line, first: int, last: int, *, is_cased: bool) -> Named:
        name = " ".join(word.text for word in line.words[first : last + 1])
        name = _OWNING.sub("", name.lstrip(OPENING).rstrip(MARKS + CLOSING))
        if not is_cased:
            # Its engine writes words alone; a name has a capital all the same.
            name = " ".join(word[:1].upper() + word[1:] for word in name.split())
        before = line.words[first - 1] if first else None
        title = plain(before.text) if before else ""
        if before is None or title not in self.words.names.titles:
            title = ""
        is_person = self._is_person(line, first, last, is_cased=is_cased)
        return Named(
            name,
            before.text if before and title else "",
            self._role(line, first, last),
            line,
            first,
            last,
            is_person,
        )

    def _role(self, line: Line, first: int, last: int) -> str:
        """Return the words that tell who it is: right behind the name, or before it."""
        if called := self._called(line, first):
            return called
        behind = line.words[last + 1 : last + 1 + ROLE_WORDS]
        ends_clause = line.words[last].ends_sentence
        names = self.words.names
        if behind and not ends_clause and plain(behind[0].text) in names.after:
            role = _to_mark(behind, names.role_ends)
            told = [plain(word) for word in role.split()]
            if len(told) > 1 and " ".join(told[:2]) not in names.no_role:
                return role
        before = [plain(word.text) for word in line.words[max(0, first - CUE_REACH) : first]]
        if before and before[-1] in self.words.names.relations:
            is_whose = before[-2:-1] in (["my"], ["our"], ["her"], ["his"])
            return " ".join(before[-2:] if is_whose else before[-1:])
        return ""


def _is_nickname(one: Named, after: Named | None) -> bool:
    """Tell whether the whole name of who was named is told right behind: "Woody. Max Lind."."""
    is_next = after is not None and after.line is one.line and after.first == one.last + 1
    ends = one.line.words[one.last].ends_sentence
    return after is not None and is_next and ends and " " not in one.name and " " in after.name


def stem(spelled: str) -> str:
    """Return a word without what hangs on it: "karen" of "karen'll"."""
    return _OWNING.sub("", spelled)


def is_name_cased(word: str) -> bool:
    """Tell whether a word is written as a name: "Karen", "McAskill", "O'Brien", "Anne-Marie"."""
    parts = _OWNING.sub("", word.strip(OPENING + MARKS + CLOSING)).split("-")
    return all(_is_part_cased(part) for part in parts)


def _is_part_cased(part: str) -> bool:
    """Tell whether a part has its one capital in front, as "SSH" and "PagerDuty" have not."""
    name = _PARTICLE.sub("", part)
    letters = [letter for letter in name if letter.isalpha()]
    return len(letters) > 1 and letters[0].isupper() and all(x.islower() for x in letters[1:])


def is_surname(spelled: Sequence[str]) -> bool:
    """Tell whether a first name that is a word, too, is one by what follows: "jo pappas"."""
    name = stem(spelled[0]) if spelled else ""
    is_word = any(rank(name.removesuffix(end)) < RARE for end in ("s", "ed", "ing", "ly", "er"))
    return len(name) >= _SHORTEST and name.isalpha() and rank(name) >= RARE and not is_word


def is_several(word: str) -> bool:
    """Tell whether a word is more than one of something: "recruiters", but not "tess"."""
    return word.endswith("s") and not word.endswith("ss") and rank(word[:-1]) < RARE


def _to_mark(words: Sequence[Spoken], ends: Collection[str]) -> str:
    """Write the words up to the first mark; without one, up to where a part of them ends."""
    told: list[str] = []
    for word in words:
        told.append(word.text)
        if word.mark not in ("", ":") and not is_title(word.text):
            break
    else:
        last = max((n for n, word in enumerate(told) if plain(word) in ends), default=0)
        told = told[:last] if last and len(words) == ROLE_WORDS else told
    return " ".join(told).rstrip(".,;:?!")
