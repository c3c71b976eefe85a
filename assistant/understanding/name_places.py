"""Where in a line a name may stand: what comes before it, and what a sentence needs itself.

Knows the words of a language around names: "talk to", "my colleague", "a", "we can". Law: words in,
yes or no out; it knows no name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.minds.spoken import Words, words_of
from assistant.plan import Phrases
from assistant.understanding.spellings import Token

ADDRESS_WORDS = 4
"""So many words after a name in an address there is a "dot"."""
LONGEST_CUE = 3
"""In words."""


@dataclass(slots=True)
class NamePlaces:
    """The words of a language around names, made ready."""

    phrases: Phrases
    _cues: frozenset[str] = field(init=False)
    _articles: frozenset[str] = field(init=False)
    _people: frozenset[Words] = field(init=False)
    """What a person comes after, as words."""
    _auxiliaries: frozenset[str] = field(init=False)
    _subjects: frozenset[str] = field(init=False)
    _of_addresses: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        phrases = self.phrases
        self._cues = frozenset(phrases.name_cues)
        self._articles = frozenset(phrases.articles)
        self._people = frozenset(words_of(cue) for cue in phrases.person_cues)
        self._auxiliaries = frozenset(phrases.auxiliaries)
        self._subjects = frozenset(phrases.subjects)
        self._of_addresses = frozenset(phrases.address_words)

    def has_cue(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Tell whether a name is likely there: after "with", or where every word has a capital."""
        if first == 0:
            return False
        is_titled = all(token.is_title for token in tokens[first:last])
        return tokens[first - 1].plain in self._cues or is_titled

    def has_article(self, tokens: Sequence[Token], first: int) -> bool:
        """Tell whether "a", "the" or the like stands before."""
        return first > 0 and tokens[first - 1].plain in self._articles

    def is_broken(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Tell whether no sentence goes on so: "a can ban board"."""
        is_auxiliary = last - first > 1 and tokens[first].plain in self._auxiliaries
        return is_auxiliary and self.has_article(tokens, first)

    def is_sentence(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Tell whether the words are a piece of a sentence that would fall apart without them."""
        if last - first < 2:
            return False
        before = tokens[first - 1].plain if first else ""
        after = tokens[last].plain if last < len(tokens) else ""
        begins = tokens[first].plain in self._auxiliaries and before in self._subjects
        ends = tokens[last - 1].plain in self._auxiliaries and after in self._auxiliaries
        return begins or ends

    def awaits_person(self, tokens: Sequence[Token], first: int) -> bool:
        """Tell whether a person comes next: after "talk to", "my colleague"."""
        before = tuple(token.plain for token in tokens[max(0, first - LONGEST_CUE) : first])
        return any(before[at:] in self._people for at in range(len(before)))

    def is_false_article(self, tokens: Sequence[Token], at: int) -> bool:
        """Tell whether the article there was a part of a person's name: "talk to a ..."."""
        is_article = at > 0 and tokens[at].plain in self._articles and not tokens[at].after
        return is_article and self.awaits_person(tokens, at)

    def is_in_address(self, tokens: Sequence[Token], first: int, last: int) -> bool:
        """Tell whether an address is spelled there: what is in one is spelled as it is said."""
        around = (*tokens[max(0, first - 1) : first], *tokens[last : last + ADDRESS_WORDS])
        return any(token.plain in self._of_addresses for token in around)
