"""Whether a sentence says no more than the entries it cites: the check behind which a model writes.

Reads a sentence, the lines a model was shown, who is who. Law: pure; a sentence that can not be
shown to hold does not hold. What is told of a line keeps its names, numbers and words, their
order, who does it to whom, whether it was denied, doubted, promised, offered or advised, under
which condition, and whether it is past. True sentences in other words are lost to this, on purpose.
"""

import re
from collections.abc import Iterable, Sequence, Set

import msgspec

from assistant.events import Channel
from assistant.notes.talk import Line, clean
from assistant.polishing import deeds, evidence, manner, parties, structure
from assistant.polishing.evidence import Run
from assistant.polishing.lexicon import Lexicon
from assistant.polishing.parties import OTHER, Cast, Stance
from assistant.polishing.statement import Fault, Heard, Part, Statement, heard, statement
from assistant.polishing.tokens import Reader, Token, quotations, without_citations

LONGEST_WORDS = 60
FEWEST_CONTENT = 2
"""A sentence that has fewer words of the talk in it tells nothing."""
LONGEST_TOPIC = 3
"""Words that may come from the question: "the hardest part"."""
_ODD = re.compile(r"@|\bhttps?:|\bwww\.|[<>{}|\\`*_#\[\]]", re.IGNORECASE)
"""Addresses and mark-up: a model has no business with them."""


class Claim(msgspec.Struct, frozen=True):
    """A sentence as a model gave it."""

    text: str
    cites: tuple[int, ...]


class Held(msgspec.Struct, frozen=True):
    """A sentence that holds."""

    text: str
    seqs: tuple[int, ...]


class Check:
    """Holds sentences against the lines of one call."""

    def __init__(
        self,
        lexicon: Lexicon,
        who: Cast,
        said: Iterable[Line],
        questions: Set[int] = frozenset(),
    ) -> None:
        """Take every line of the call: who "she" is may stand in the line before.

        `questions` are lines that are known to ask, though no question mark may stand in them.
        """
        self._lexicon = lexicon
        self._reader = Reader(lexicon)
        self._who = who
        self._heard: dict[int, Heard] = {}
        last = OTHER
        for line in said:
            tokens = who.named(self._reader.tokens(line.text))
            if line.seq in questions and not any(token.is_asked for token in tokens):
                tokens = tuple(msgspec.structs.replace(t, is_asked=True) for t in tokens)
            self._heard[line.seq] = heard(line.seq, line.channel, tokens, who, lexicon, last)
            last = parties.last_named(tokens, who, last)

    def hold(
        self, claim: Claim, stance: Stance, shown: Sequence[int], topic: Sequence[int] = ()
    ) -> Held | Fault:
        """Return the sentence if it holds, else what is wrong with it.

        `shown` are the entries the model saw; those of `topic`, the question, may be used uncited.
        """
        text, inline = without_citations(clean(claim.text))
        text = text.strip()
        cites = tuple(dict.fromkeys((*claim.cites, *inline)))
        if not cites:
            return "uncited"
        if not set(cites) <= set(shown) & self._heard.keys():
            return "unknown entry"
        if not text or len(text.split()) > LONGEST_WORDS or _ODD.search(text):
            return "form"
        rest, quoted = quotations(text)
        if '"' in rest or not self._are_verbatim(quoted, cites):
            return "quotation"
        lines = [self._heard[seq] for seq in cites]
        asked = [self._heard[seq] for seq in topic if seq in self._heard and seq not in cites]
        if any(line.channel == Channel.UNCLEAR for line in (*lines, *asked)):
            return "who"
        tokens = self._who.named(self._reader.tokens(rest))
        written = statement(tokens, stance, self._who, self._lexicon, lines)
        if quoted and not deeds.tellers_fit(written, lines, len(tokens)):
            return "who"
        if not quoted and len(written.content) < FEWEST_CONTENT:
            return "empty"
        return self._fault(written, lines, asked) or Held(text, tuple(sorted(cites)))

    def _are_verbatim(self, quoted: Sequence[str], cites: Sequence[int]) -> bool:
        said = [_spelled(self._heard[seq].tokens) for seq in cites]
        wanted = [_spelled(self._who.named(self._reader.tokens(quote))) for quote in quoted]
        return all(want.strip() and any(want in line for line in said) for want in wanted)

    def _fault(
        self, written: Statement, lines: Sequence[Heard], asked: Sequence[Heard]
    ) -> Fault | None:
        if any(parties.NOBODY_OF_US in mention.parties for mention in written.mentions):
            return "who"
        every = [*lines, *asked]
        spoken = [line.tokens for line in every]
        missing = evidence.in_no_line(written.tokens, written.content, spoken)
        if missing:
            return self._kind_of(written.tokens, missing[0])
        first: list[Fault] = []

        def holds(run: Run) -> bool:
            fault = self._fault_of(written, run, every)
            first.extend([fault] if fault else [])
            return fault is None

        found = evidence.runs(written.tokens, written.content, spoken, holds)
        if found is None:
            return first[0] if first else "order"
        stated = [run for run in found if not _is_asked(every[run.line], run)]
        return None if stated or not found else "uncited"

    def _kind_of(self, tokens: Sequence[Token], at: int) -> Fault:
        token = tokens[at]
        if token.number is not None:
            return "number"
        # The first word of a sentence has a capital whatever it is.
        is_name = (token.has_capital and at > 0) or token.text in self._who.people.values()
        return "name" if is_name else "word"

    def _fault_of(self, written: Statement, run: Run, lines: Sequence[Heard]) -> Fault | None:
        """Return what is wrong with the words that come from one line."""
        line = lines[run.line]
        before = [at for at in written.content if at < run.written[0]]
        begin = before[-1] + 1 if before else 0
        is_last = run.written[-1] == written.content[-1]
        end = len(written.tokens) if is_last else run.written[-1] + 1
        part = Part(line, run.written, run.heard, range(begin, end))
        if _is_asked(line, run):
            # A question states nothing; it may only say what is spoken of.
            return None if self._is_topic(written, part) else "uncited"
        is_after_topic = len(before) <= LONGEST_TOPIC and any(
            all(any(written.tokens[at].tells(t) for t in it.tokens if t.is_asked) for at in before)
            for it in lines
        )
        is_joined = bool(before) and not is_after_topic
        if is_joined and structure.joins_badly(written, part, begin, self._lexicon):
            return "order"
        return (
            manner.fault(written, part, self._lexicon)
            or deeds.fault(written, part, self._lexicon)
            or structure.fault(written, part, self._lexicon)
        )

    def _is_topic(self, written: Statement, part: Part) -> bool:
        """Tell whether words of a question only name a thing, at the begin: "Dana's team"."""
        lexicon = self._lexicon
        first = part.written[0]
        before = written.tokens[first - 1].text if first else ""
        content = part.line.content
        at = content.index(part.heard[0]) if part.heard[0] in content else 0
        return (
            first == written.content[0]
            and len(part.written) <= LONGEST_TOPIC
            and before in (*lexicon.articles, "'s", *lexicon.voices.belonging)
            and content[at : at + len(part.heard)] == part.heard
            and not deeds.belongs_elsewhere(written, part)
        )


def _is_asked(line: Heard, run: Run) -> bool:
    return any(line.tokens[at].is_asked for at in run.heard)


def _spelled(tokens: Sequence[Token]) -> str:
    return f" {' '.join(token.text for token in tokens)} "
