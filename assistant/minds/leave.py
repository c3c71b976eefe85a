"""How leave to take notes is asked for and answered: words against the plan's phrases.

Law: words only, no times and no memory of the call; a letter that a recogniser
got wrong in one of the longer words is forgiven; where yes and no are both
said the no counts, and what is unclear is no answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.minds.spoken import (
    Book,
    Words,
    find,
    one_letter_apart,
    phrases_of,
    starts_with,
    words_of,
)

LISTS = (
    "ask", "may", "machine", "written", "offered", "explains", "matter", "self", "about", "between",
    "other", "mind", "yes", "okay", "bare_no", "no", "not", "neither", "stop", "stop_unless_given",
)  # fmt: skip
"""The lists of phrases this needs; `phrases.toml` says what each one is."""

MOST_BETWEEN = 7
"""Words between how leave is asked for and what for: "may I" (quickly) "take notes"."""
MOST_BETWEEN_MAY = 24
"""Words between what it is for and a "is that okay" after it."""
OFFERED_BEFORE, OFFERED_BEHIND = 1, 4
"""Words between leave that is given unasked and what for: "I don't mind" you "recording this",
"taking notes" and that's "fine with me"."""
MACHINE_WITHIN = 4
"""Words between what writes and how: "a program" on my laptop "writing down"."""
OTHER_WITHIN = 5
"""So soon after the matter a word shows that it is about something else: "a podcast"."""
SELF_WITHIN = 8
"""So near before the matter the user must stand, where "is that okay" comes after it."""
OKAY_WITHIN = 4
"""A mere "okay" is an answer only among the first words."""
NOT_WITHIN = 3
"""So soon after a "not" a yes is none: "I don't think that's okay"."""
SURE_LETTERS = 5
"""In a word of so many letters one that is wrong is forgiven."""

Answer: TypeAlias = Literal["given", "refused"]
Leaning: TypeAlias = Literal["plain", "mind", "hope"]
"""How it was asked, since that is what a bare "no" answers."""

_BARE_NO: Mapping[Leaning, Answer | None] = {"plain": "refused", "mind": "given", "hope": None}
"""After "is it okay" it is a no, after "do you mind" a yes; after "if you don't mind" who knows."""


@dataclass(slots=True)
class Asks:
    """How leave is asked for."""

    lists: dict[str, tuple[str, ...]]
    _books: dict[str, Book] = field(init=False)
    _known: dict[str, str] = field(init=False)
    """A word as it was heard -> as the phrases spell it."""
    _long: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._books = {name: phrases_of(self.lists.get(name, ())) for name in LISTS}
        spelled = [
            word
            for name in LISTS
            for fitting in self._books[name].values()
            for phrase in fitting
            for word in phrase
        ]
        self._known = {word: word for word in spelled}
        asked = ("ask", "may", "matter")
        self._long = tuple(
            dict.fromkeys(
                word
                for name in asked
                for text in self.lists.get(name, ())
                for word in words_of(text)
                if len(word) >= SURE_LETTERS
            )
        )

    def spelled(self, words: Words) -> Words:
        """Return the words as the phrases spell them."""
        return tuple(self._spelled(word) for word in words)

    def find(self, words: Words, after: int) -> tuple[int, Leaning] | None:
        """Return where an asking ends, if past the first `after` words, and what a no means."""
        words = _masked(words, self._books["about"])
        for start, end in self._matters(words):
            if find(words[end : end + OTHER_WITHIN], self._books["other"]):
                continue
            if (place := self._before(words, start, end)) and place[0] > after:
                return place
            if (place := self._behind(words, start, end)) and place[0] > after:
                return place
        return None

    def is_offered(self, words: Words) -> bool:
        """Tell whether leave is given unasked: "you'd have notes taken, that's fine with me"."""
        words = _masked(words, self._books["about"])
        matters = _all(words, self._books["matter"])
        for start, end in _all(words, self._books["offered"]):
            # "I don't mind" has its "not" in it; "that's not fine with me" has it before.
            if find(words[max(0, start - NOT_WITHIN) : start], self._books["not"]):
                continue
            # "I don't mind telling you we record" gives none.
            if any(
                0 <= begun - end <= OFFERED_BEFORE or 0 <= start - ended <= OFFERED_BEHIND
                for begun, ended in matters
            ):
                return True
        return False

    def is_explained(self, words: Words) -> bool:
        """Tell whether this says what the notes are for: "they stay on this laptop"."""
        return find(words, self._books["explains"]) is not None

    def is_repeated(self, words: Words) -> bool:
        """Tell whether this is the asking once more: "is that okay?"."""
        return find(words, self._books["may"]) is not None

    def _matters(self, words: Words) -> list[tuple[int, int]]:
        """Return where it is said what for, in words: "take notes", "a program writing it down"."""
        found = _all(words, self._books["matter"])
        machines, writes = (_all(words, self._books[name]) for name in ("machine", "written"))
        found += [
            (min(first, begun), max(last, end))
            for first, last in machines
            for begun, end in writes
            if max(begun - last, first - end) <= MACHINE_WITHIN
        ]
        return sorted(found)

    def _before(self, words: Words, start: int, end: int) -> tuple[int, Leaning] | None:
        """Look for "may I" before the matter."""
        for begun, asked in reversed(_all(words[:start], self._books["ask"])):
            between = words[asked:start]
            if len(between) <= MOST_BETWEEN and not find(between, self._books["between"]):
                return end, self._leaning(words[begun:asked])
        return None

    def _behind(self, words: Words, start: int, end: int) -> tuple[int, Leaning] | None:
        """Look for "is that okay" after what the user says to do themselves."""
        # "I'm recording" has the user in it.
        if not find(words[max(0, start - SELF_WITHIN) : end], self._books["self"]):
            return None
        for begun, asked in _all(words, self._books["may"]):
            if end <= begun <= end + MOST_BETWEEN_MAY:
                is_other = find(words[end:begun], self._books["other"])
                return None if is_other else (asked, self._leaning(words[begun:asked]))
        return None

    def _leaning(self, asked: Words) -> Leaning:
        if not find(asked, self._books["mind"]):
            return "plain"
        return "hope" if find(asked, self._books["not"]) else "mind"

    def _spelled(self, word: str) -> str:
        if word not in self._known:
            near = (known for known in self._long if one_letter_apart(word, known))
            self._known[word] = next(near, word)
        return self._known[word]


@dataclass(slots=True)
class Answers:
    """How it is answered."""

    lists: dict[str, tuple[str, ...]]
    _book: Book = field(init=False)
    _kinds: dict[Words, str] = field(init=False)

    def __post_init__(self) -> None:
        kinds = ("okay", "bare_no", "not", "yes", "no", "neither")
        self._kinds = {words_of(text): kind for kind in kinds for text in self.lists.get(kind, ())}
        self._book = phrases_of(text for kind in kinds for text in self.lists.get(kind, ()))

    def judge(self, words: Words, leaning: Leaning, *, is_question: bool) -> Answer | None:
        """Return what they answered, if that is clear."""
        said = self._said(words)
        kinds = [kind for kind, _ in said]
        if "no" in kinds:
            return "refused"
        if "yes" in kinds:
            return "given"
        early = [kind for kind, at in said if at < OKAY_WITHIN]
        if "bare_no" in early:
            return _BARE_NO[leaning]
        is_okay = "okay" in early and not is_question
        return "given" if is_okay and leaning != "mind" else None

    def is_plain_no(self, words: Words) -> bool:
        """Tell whether a no is said that can mean nothing else."""
        return "no" in [kind for kind, _ in self._said(words)]

    def _said(self, words: Words) -> list[tuple[str, int]]:
        """Return what kinds of answer the words hold, and at which word each begins."""
        said: list[tuple[str, int]] = []
        at, denied = 0, -NOT_WITHIN - 1
        while at < len(words):
            length = starts_with(words, self._book, at)
            kind = self._kinds[words[at : at + length]] if length else ""
            if kind == "not":
                denied = at
            elif kind in ("yes", "okay") and at - denied <= NOT_WITHIN:
                said.append(("no", at))
            elif kind:
                said.append((kind, at))
            at += length or 1
        return said


def _all(words: Words, book: Book) -> list[tuple[int, int]]:
    """Return where every phrase begins and ends, in words."""
    if book.keys().isdisjoint(words):
        return []
    places = ((at, at + starts_with(words, book, at)) for at in range(len(words)))
    return [(start, end) for start, end in places if end > start]


def _masked(words: Words, book: Book) -> Words:
    """Return the words with each of those phrases blanked: "off the record" asks for nothing."""
    masked = list(words)
    for start, end in _all(words, book):
        masked[start:end] = [""] * (end - start)
    return tuple(masked)
