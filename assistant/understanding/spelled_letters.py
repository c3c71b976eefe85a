"""Names that are spelled letter by letter: "it's spelled r u i z".

Law: pure; letters alone are no name, for so are "i b m" and "a w s": something says that they
spell ("spelled", "d for delta"), or they spell a word that was just said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.understanding.contact_words import ContactWords

SHORTEST = 2
SHORTEST_REPEATED = 3
"""In letters: so many that spell a word said just before, without another sign."""
REACH = 12
"""In words: how far before that word may be."""


@dataclass(frozen=True, slots=True)
class Letters:
    """How a language spells."""

    words: ContactWords

    def names(self, said: Sequence[str]) -> list[tuple[str, int, int]]:
        """Return the names that are spelled, and from which to which word."""
        found: list[tuple[str, int, int]] = []
        at = 0
        while at < len(said):
            letters, end, has_words = self._run(said, at)
            before = said[max(0, at - REACH) : at]
            repeated = self._repeated(letters, before)
            if len(letters) >= SHORTEST and (
                self._is_after_cue(before) or has_words or self._is_before_cue(said[end:])
            ):
                found.append((letters[:1].upper() + letters[1:], at, end))
            elif repeated:
                found.append((repeated[:1].upper() + repeated[1:], at, end))
            at = max(end, at + 1)
        return found

    def spelled_from(self, said: Sequence[str], at: int) -> str:
        """Return the letters that are spelled from there on; empty where they are too few."""
        letters, _, _ = self._run(said, at)
        return letters if len(letters) >= SHORTEST_REPEATED else ""

    def before_gloss(self, said: Sequence[str], end: int) -> int:
        """Return where letters begin that end there and only spell the word before them.

        "Siobhan dot rafferty, r a double f e r t y, at": they are no part of the name. Without such
        letters it is `end` itself.
        """
        for at in range(1, end - SHORTEST_REPEATED + 1):
            letters, ends, _ = self._run(said, at)
            if ends == end and len(letters) >= SHORTEST_REPEATED and letters == said[at - 1]:
                return at
        return end

    def _run(self, said: Sequence[str], at: int) -> tuple[str, int, bool]:
        """Read letters; return them, where they end, and whether words stood for them."""
        letters = ""
        named = 0
        while at < len(said):
            letter, size = self._letter(said, at)
            if not letter:
                break
            at += size
            letters += letter
            size = self._stands_for(said, at, letter)
            named += bool(size)
            at += size
        if at < len(said) and said[at] in self.words.after_i and said[at - 1] == "i":
            # "r u i z i think".
            letters, at = letters[:-1], at - 1
        return letters, at, named >= SHORTEST

    def _letter(self, said: Sequence[str], at: int) -> tuple[str, int]:
        words, word = self.words, said[at]
        after = said[at + 1] if at + 1 < len(said) else ""
        for phrase in words.double_u:
            size = len(phrase.split())
            if " ".join(said[at : at + size]) == phrase:
                return "w", size
        if word in words.capital and _is_letter(after):
            return after, 2
        if word in words.repeats and _is_letter(after):
            return after * words.repeats[word], 2
        if _is_letter(word):
            return word, 1
        is_spelled = len(word) > 1 and all(map(_is_letter, word.replace(".", "-").split("-")))
        return ("".join(filter(str.isalpha, word)), 1) if is_spelled else ("", 0)

    def _stands_for(self, said: Sequence[str], at: int, letter: str) -> int:
        """Return how many words "for delta" after a letter are; 0 where there is no such thing."""
        for phrase in self.words.letter_as:
            size = len(phrase.split())
            word = said[at + size] if at + size < len(said) else ""
            if " ".join(said[at : at + size]) == phrase and word[:1] == letter[-1:]:
                return size + 1
        return 0

    def _repeated(self, letters: str, before: Sequence[str]) -> str:
        """Return the letters from one of them on, where they spell a word that was just said."""
        ends = (letters[n:] for n in range(len(letters) - SHORTEST_REPEATED + 1))
        return next((end for end in ends if end in before), "")

    def _is_before_cue(self, after: Sequence[str]) -> bool:
        text = f"{' '.join(after)} "
        return text.startswith(tuple(f"{cue} " for cue in self.words.spelled_after))

    def _is_after_cue(self, before: Sequence[str]) -> bool:
        text = " ".join(before)
        return any(text.endswith(cue) for cue in self.words.spelled)


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()
