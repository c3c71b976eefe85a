"""E-mail addresses, links, phone numbers and spelled names, as they are spoken.

Knows the words of a language for them. Law: pure; nothing is invented: "meet at ten" is no
address, "the dot com boom" no link, a year no number. Where the words leave a doubt ("mark
writes dot net" is one word or two) the answer says so; the heard words are always kept.
"""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

import msgspec

from assistant.understanding.commonness import rank
from assistant.understanding.contact_words import ContactWords
from assistant.understanding.digits import Digits
from assistant.understanding.spelled_letters import Letters

Kind = Literal["email", "link", "phone", "name"]

CUE_REACH = 8
"""So many words before an address or a number may say that it is one."""
LONGEST_BOX = 4
"""In words that are written as one: "t boyd trucking"."""
NAMED_RANK = 2_500
"""A word from this rank on may be a name where it opens a line: "greg", not "look"."""
LONGEST_LABEL = 3
"""In words: "info at the garden project dot org"."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://\S+|www\.\S+|(?:[\w-]+\.)+(?P<ending>[a-z]{2,})(?:/\S*)?)")
_WWW = ("w", "w", "w")


class SpokenContact(msgspec.Struct, frozen=True):
    """An address, a number or a name as it was said."""

    kind: Kind
    text: str
    """As it is written: "dana.ruiz@acme.com", "07744912360", "Ruiz"."""
    heard: str
    is_sure: bool
    first: int
    last: int
    """The words it was said in, from `first` up to but not `last`."""


@dataclass(slots=True)
class Contacts:
    """The words of a language, made ready to be looked for."""

    words: ContactWords
    _digits: Digits = field(init=False)
    _letters: Letters = field(init=False)
    _marks: dict[str, str] = field(init=False)
    """What is said for a mark -> the mark, inside a name: "dash" -> "-"."""

    def __post_init__(self) -> None:
        words = self.words
        self._digits = Digits(words)
        self._letters = Letters(words)
        marks = ((words.dash, "-"), (words.underscore, "_"), (words.dot, "."), (words.plus, "+"))
        self._marks = {said: mark for spellings, mark in marks for said in spellings}

    def find(self, spoken: Sequence[str]) -> tuple[SpokenContact, ...]:
        """Return what is found in the words of one voice, in their order."""
        if not self.words.dot:
            return ()
        said = [_plain(word) for word in spoken]
        opens = {0, *(at + 1 for at, word in enumerate(spoken) if word.endswith((".", "?", "!")))}
        found: list[SpokenContact] = []
        taken: set[int] = set()
        emails = partial(self._emails, opens=opens)
        for look in (self._written, emails, self._links, self._phones, self._names):
            for kind, text, first, last, is_sure in look(said):
                if taken.isdisjoint(range(first, last)):
                    taken.update(range(first, last))
                    heard = " ".join(spoken[first:last])
                    found.append(SpokenContact(kind, text, heard, is_sure, first, last))
        return tuple(sorted(found, key=lambda contact: contact.first))

    def _written(self, said: Sequence[str]) -> list[tuple[Kind, str, int, int, bool]]:
        """Find what the recogniser has written as an address already."""
        found: list[tuple[Kind, str, int, int, bool]] = []
        for at, word in enumerate(said):
            if _EMAIL.fullmatch(word):
                found.append(("email", word, at, at + 1, True))
            elif (link := _LINK.fullmatch(word)) and self._is_ending(link["ending"], word):
                found.append(("link", word, at, at + 1, True))
        return found

    def _is_ending(self, ending: str | None, word: str) -> bool:
        if ending is None:
            return True
        is_sure = "/" in word or ending not in self.words.endings_with_other_meanings
        return ending in self.words.endings and is_sure

    def _emails(
        self, said: Sequence[str], opens: Set[int]
    ) -> list[tuple[Kind, str, int, int, bool]]:
        found: list[tuple[Kind, str, int, int, bool]] = []
        for at, word in enumerate(said):
            if word not in self.words.at:
                continue
            domain = self._domain(said, at + 1, LONGEST_LABEL, is_email=True)
            box = self._box(said, at, domain, opens) if domain else None
            if domain and box:
                is_sure = domain[2] and box[2]
                found.append(("email", f"{box[0]}@{domain[0]}", box[1], domain[1], is_sure))
        return found

    def _box(
        self, said: Sequence[str], at: int, domain: tuple[str, int, bool], opens: Set[int]
    ) -> tuple[str, int, bool] | None:
        """Read backwards what stands before the "at"; return it, where it begins, if it is sure."""
        if whole := self._spelled_behind(said, at, domain[1]):
            return whole
        at = self._letters.before_gloss(said, at)
        end, first, is_sure = at, at, True
        for phrase in self.words.one_word:
            size = len(phrase.split())
            if " ".join(said[at - size : at]) == phrase:
                end = at - size
                first = max(0, end - 2)
                # "It's dwhitehorse, all one word": what has an apostrophe is in no box.
                first += first < end - 1 and not said[first].isalnum()
                break
        else:
            first = self._box_start(said, at)
        parts = self._joined(said[first:end])
        if not parts:
            return None
        if end - first == 1 and end == at and (glued := self._glued(said, at, domain[1])):
            return glued
        if end - first == 1 and not parts.isdigit() and end == at:
            is_box = parts in self.words.boxes
            cues = said[max(0, first - CUE_REACH) : first]
            is_mail = domain[0].split(".")[0] in self.words.mail
            is_meant = is_box or is_mail or any(cue in self.words.address_cues for cue in cues)
            # A mail provider may be an employer, and what is read back stands alone.
            is_sure = is_box or not (is_mail and not cues)
            if not is_meant and first in opens:
                # "Greg at bluebonnet books dot com": an odd word that opens it is somebody's name.
                is_back = first == 0 and self._is_read_back(said, domain[1])
                is_meant, is_sure = is_back or is_box_name(parts), False
            is_thing = bool(cues) and cues[-1] in self.words.articles and not is_box
            if said[first] in self.words.no_box or is_thing or not is_meant:
                return None
        return (
            parts,
            first,
            is_sure and not (end - first == 1 and self._says_one_word(said, domain[1])),
        )

    def _spelled_behind(
        self, said: Sequence[str], at: int, behind: int
    ) -> tuple[str, int, bool] | None:
        """Read "capt ray t at bellsouth dot net, c a p t r a y t": what is spelled is the box."""
        letters = self._letters.spelled_from(said, behind)
        for first in range(at - 1, max(-1, at - 1 - LONGEST_BOX), -1):
            if letters and "".join(said[first:at]) == letters:
                return letters, first, True
        return None

    def _glued(self, said: Sequence[str], at: int, behind: int) -> tuple[str, int, bool] | None:
        """Read "my email's t boyd trucking at gmail dot com all one word": in doubt.

        None where nothing says so, no cue stands before, or a word of it is in no box.
        """
        if not self._says_one_word(said, behind):
            return None
        for first in range(at - 2, max(0, at - 1 - LONGEST_BOX), -1):
            before, own = said[first - 1], said[first:at]
            if not {*own}.isdisjoint((*self.words.no_box, *self.words.no_label)):
                return None
            if before in self.words.address_cues or before.endswith("'s"):
                joined = self._joined(own)
                return (joined, first, False) if joined else None
        return None

    def _says_one_word(self, said: Sequence[str], behind: int) -> bool:
        rest = f"{' '.join(said[behind : behind + CUE_REACH])} "
        return any(rest.startswith(f"{phrase} ") for phrase in self.words.one_word)

    def _is_read_back(self, said: Sequence[str], behind: int) -> bool:
        """Tell whether nothing else is said but "got it": "magda at kornhus dot dk"."""
        rest = " ".join(said[behind:])
        return not rest or rest in self.words.read_back

    def _box_start(self, said: Sequence[str], at: int) -> int:
        first = at - 1
        if first < 0:
            return at
        while first > 0 and (step := self._step(said, first)):
            first -= step
        return first

    def _step(self, said: Sequence[str], first: int) -> int:
        """Return how many words before `first` belong to the same name: 2, 1, or none."""
        word, before = said[first], said[first - 1]
        if first > 1 and before in self._marks and said[first - 2] not in self.words.no_label:
            return 2
        if self._is_after_mark(said, first):
            # "anneke dot de vries at".
            return 1
        is_run = self._is_short(word) and self._is_short(before)
        if is_run or (self._is_number(word) and self._is_number(before)):
            return 1
        is_initial = len(before) == 1 and before not in "ai" and self._is_word(word)
        return int(is_initial or (self._is_number(word) and self._is_word(before)))

    def _is_after_mark(self, said: Sequence[str], first: int) -> bool:
        """Tell whether one or two words before stands a mark, and only words between."""
        for size in (1, 2):
            between = said[max(0, first - size) : first]
            if not all(map(self._is_word, between)):
                return False
            if first - size > 1 and said[first - size - 1] in self._marks:
                return True
        return False

    def _is_word(self, word: str) -> bool:
        return word.isalpha() and word not in self._marks and word not in self.words.no_label

    def _is_short(self, word: str) -> bool:
        """Tell whether this is a letter or a digit, of which a run may be one name."""
        return len(word) == 1 or word in self.words.digits

    def _is_number(self, word: str) -> bool:
        return self._digits.is_digits(word)

    def _joined(self, said: Sequence[str]) -> str:
        """Write the words of a name with their marks and digits; empty where they are no name."""
        text = ""
        at = 0
        while at < len(said):
            digits, size = self._digits.read(said, at)
            if said[at] == "o" and not self._is_beside_digit(said, at):
                # Beside a digit it is a nought, else a letter.
                digits = ""
            text += digits or self._marks.get(said[at], said[at])
            at += size if digits else 1
        return text if re.fullmatch(r"[\w+-][\w.+-]*", text) else ""

    def _is_beside_digit(self, said: Sequence[str], at: int) -> bool:
        near = (*said[max(0, at - 1) : at], *said[at + 1 : at + 2])
        return any(self._is_number(word) and word != "o" for word in near)

    def _domain(
        self, said: Sequence[str], at: int, longest: int, *, is_email: bool
    ) -> tuple[str, int, bool] | None:
        """Read a domain from `at` on: its text, where it ends, and whether that is sure."""
        labels: list[str] = []
        is_sure = True
        end = at
        while at < len(said):
            label, size = self._label(said, at, longest if not labels else 1, is_box=is_email)
            if not label or (not labels and size == 1 and label in self.words.no_label):
                break
            is_sure = is_sure and (size == 1 or all(map(self._is_short, said[at : at + size])))
            at += size
            labels.append(label)
            if len(labels) > 1 and label in self.words.endings:
                end = at
            if at >= len(said) or said[at] not in self.words.dot:
                break
            at += 1
        while labels and (len(labels) == 1 or labels[-1] not in self.words.endings):
            labels.pop()
        if not labels or end == 0:
            return None
        is_other = labels[-1] in self.words.endings_with_other_meanings
        is_path = end < len(said) and said[end] in self.words.slash
        if is_other and len(labels) == 2 and not (is_email or is_path):
            return None
        return ".".join(labels), end, is_sure

    def _label(
        self, said: Sequence[str], at: int, longest: int, *, is_box: bool = False
    ) -> tuple[str, int]:
        """Read one part of a domain: a word, a run of letters, words with dashes."""
        size = 0
        while at + size < len(said) and self._is_short(said[at + size]):
            size += 1
        if size > 1:
            return self._joined(said[at : at + size]), size
        for count in range(1, longest + 1):
            if at + count > len(said) or not re.fullmatch(r"[\w-]+", said[at + count - 1]):
                return "", 0
            if count > 1 and not is_box and said[at] in self.words.no_label:
                return "", 0
            end = at + count
            while end + 1 < len(said) and said[end] in self.words.dash:
                end += 2
            if longest == 1 or (said[end : end + 1] and said[end] in self.words.dot):
                return self._joined(said[at:end]), end - at
        return "", 0

    def _links(self, said: Sequence[str]) -> list[tuple[Kind, str, int, int, bool]]:
        found: list[tuple[Kind, str, int, int, bool]] = []
        at = 0
        while at < len(said):
            first, start = at, self._after_www(said, at)
            prefix = "www." if start > at else ""
            longest = 2 if at and said[at - 1] in self.words.label_after else 1
            domain = self._domain(said, start, longest, is_email=bool(prefix))
            if domain is None:
                at += 1
                continue
            text, at, is_sure = domain
            path, at = self._path(said, at)
            found.append(("link", prefix + text + path, first, at, is_sure))
        return found

    def _after_www(self, said: Sequence[str], at: int) -> int:
        """Return where the domain begins after "w w w dot"; `at` where there is no such thing."""
        end = at
        for phrase in ("www", " ".join(_WWW), *(" ".join([u] * 3) for u in self.words.double_u)):
            size = len(phrase.split())
            if " ".join(said[at : at + size]) == phrase:
                end = at + size
                break
        is_dotted = end > at and end < len(said) and said[end] in self.words.dot
        return end + 1 if is_dotted else at

    def _path(self, said: Sequence[str], at: int) -> tuple[str, int]:
        """Read "slash careers slash data dash leeds"."""
        path = ""
        while at + 1 < len(said) and said[at] in self.words.slash:
            label, size = self._label(said, at + 1, 1)
            if not label or said[at + 1] in self.words.at:
                break
            at += 1 + size
            if at == len(said) - 1 and self._is_word(said[at]) and label.isalpha():
                # The name at the very end may have two words: "slash dana ruiz".
                label, at = label + said[at], at + 1
            path += f"/{label}"
        return path, at

    def _phones(self, said: Sequence[str]) -> list[tuple[Kind, str, int, int, bool]]:
        return [
            ("phone", text, first, last, is_sure)
            for text, first, last, is_sure in self._digits.phones(said, CUE_REACH)
        ]

    def _names(self, said: Sequence[str]) -> list[tuple[Kind, str, int, int, bool]]:
        return [
            ("name", text, first, last, True) for text, first, last in self._letters.names(said)
        ]


def is_box_name(word: str) -> bool:
    """Tell whether a word is too odd in ordinary talk to be anything but the name of a box."""
    is_form = any(rank(word.removesuffix(end)) < NAMED_RANK for end in ("s", "ing", "ed"))
    return rank(word) >= NAMED_RANK and not is_form


def _plain(word: str) -> str:
    """Spell a word for comparing, but keep the marks inside an address."""
    spelled = word.casefold().replace("\u2019", "'").strip(',;:!?"()[]')
    return spelled.rstrip(".")
