"""Digits as they are spoken: "oh seven seven double four" is 07744, and when they are a number.

Law: pure; so many things are counted that a number to call needs a sign: enough digits said one
by one, a "plus" or "oh" at its begin, or a word such as "call" before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.understanding.contact_words import ContactWords

SHORTEST, LONGEST = 7, 15
"""Digits of a number to call; fifteen are the most of ITU-T E.164."""
ONE_BY_ONE = 7
"""So many single digits in a row are no quantity."""
_WRITTEN = frozenset("0123456789-().+/")


@dataclass(frozen=True, slots=True)
class Digits:
    """How a language says digits."""

    words: ContactWords

    def is_digits(self, word: str) -> bool:
        """Tell whether a word may be part of a run of digits."""
        words = self.words
        return word.isdigit() or word in words.digits or word in words.teens or word in words.tens

    def read(self, said: Sequence[str], at: int) -> tuple[str, int]:
        """Return the digits that begin there and of how many words they are; "" for none."""
        words, word = self.words, said[at]
        after = said[at + 1] if at + 1 < len(said) else ""
        if word in words.repeats and after in words.digits:
            return str(words.digits[after]) * words.repeats[word], 2
        if word in words.tens:
            unit = words.digits.get(after, 0)
            is_unit = unit > 0 and after in words.digits
            return str(words.tens[word] + unit), 2 if is_unit else 1
        if word in words.teens:
            return str(words.teens[word]), 1
        if word in words.digits:
            if after in words.hundred and words.digits[word]:
                return f"{words.digits[word]}00", 2
            return str(words.digits[word]), 1
        if any(letter.isdigit() for letter in word) and set(word) <= _WRITTEN:
            return "".join(filter(str.isdigit, word)), 1
        return "", 0

    def phones(self, said: Sequence[str], reach: int) -> list[tuple[str, int, int, bool]]:
        """Return the numbers to call: their digits, their words, and whether that is sure."""
        found: list[tuple[str, int, int, bool]] = []
        at = 0
        while at < len(said):
            first = at
            has_plus = said[at] in self.words.plus and at + 1 < len(said)
            parts, at = self._run(said, at + has_plus)
            if not parts:
                at = first + 1
                continue
            has_plus = has_plus or said[first].startswith("+")
            text = "".join(parts)
            cues = said[max(0, first - reach) : first]
            if self._is_number(parts, text, has_plus=has_plus, cues=cues, after=said[at : at + 1]):
                is_sure = all(len(part) <= 2 or part.endswith("00") for part in parts)
                found.append(("+" * has_plus + text, first, at, is_sure or has_plus))
        return found

    def _run(self, said: Sequence[str], at: int) -> tuple[list[str], int]:
        parts: list[str] = []
        while at < len(said):
            digits, size = self.read(said, at)
            if not digits:
                break
            parts.append(digits)
            at += size
        return parts, at

    def _is_number(
        self,
        parts: Sequence[str],
        text: str,
        *,
        has_plus: bool,
        cues: Sequence[str],
        after: Sequence[str],
    ) -> bool:
        if not SHORTEST <= len(text) <= LONGEST:
            return False
        if any(word in self.words.thousand for word in after):
            return False
        has_cue = any(word in self.words.phone_cues for word in cues)
        singles = sum(len(part) == 1 for part in parts)
        if _is_counting(text) and not (has_cue or has_plus):
            return False
        return has_plus or has_cue or text.startswith("0") or singles >= ONE_BY_ONE


def _is_counting(text: str) -> bool:
    """Tell whether somebody counts up or down: 1234567."""
    steps = {int(b) - int(a) for a, b in pairwise(text)}
    return steps in ({1}, {-1}, {0})
