"""Whether a sentence says no more than the entries it cites: the check behind which a model writes.

Reads a sentence, the lines a model was shown, who is who. Law: pure; a sentence that can not be
shown to hold does not hold. What is told of a line keeps its names, numbers and words, their
order, who does it to whom, whether it was denied, doubted, promised, offered or advised, under
which condition, and whether it is past. True sentences in other words are lost to this, on purpose.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from itertools import pairwise
from typing import Literal, TypeAlias

import msgspec

from assistant.events import Channel
from assistant.notes.talk import Line, clean
from assistant.polishing import evidence, parties
from assistant.polishing.evidence import Run
from assistant.polishing.lexicon import Lexicon
from assistant.polishing.parties import OTHER, Cast, Mention, Stance, may_be_same
from assistant.polishing.tokens import Reader, Token, quotations, without_citations

Fault: TypeAlias = Literal[
    "form",
    "uncited",
    "unknown entry",
    "quotation",
    "number",
    "name",
    "word",
    "order",
    "who",
    "denial",
    "doubt",
    "promise",
    "past",
    "left out",
    "hearsay",
    "empty",
    "again",
    "too many",
]
"""What is wrong with a sentence that is dropped."""

LONGEST_WORDS = 60
FEWEST_CONTENT = 2
"""A sentence that has fewer words of the talk in it tells nothing."""
LONGEST_TOPIC = 3
"""Words that may come from the question: "the hardest part"."""
_NEAR = 2
"""So many words before another one say whose it is, or which way it goes."""
_ADDRESS = re.compile(r"@|\bhttps?:|\bwww\.|[<>{}|\\`*_#\[\]]", re.IGNORECASE)


class Heard(msgspec.Struct, frozen=True):
    """One line a model was shown, as it is compared."""

    seq: int
    channel: Channel
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]


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
        self._tokens: dict[int, tuple[Token, ...]] = {}
        last = OTHER
        for line in said:
            tokens = who.named(self._reader.tokens(line.text))
            mentions = parties.in_line(tokens, line.channel, who, lexicon.voices, last)
            last = parties.last_named(tokens, who, last)
            if line.seq in questions and not any(token.is_asked for token in tokens):
                tokens = tuple(msgspec.structs.replace(t, is_asked=True) for t in tokens)
            self._heard[line.seq] = Heard(line.seq, line.channel, tokens, mentions)

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
        if not text or len(text.split()) > LONGEST_WORDS or _ADDRESS.search(text):
            return "form"
        rest, quoted = quotations(text)
        if '"' in rest or not self._are_verbatim(quoted, cites):
            return "quotation"
        extra = tuple(seq for seq in topic if seq in self._heard and seq not in cites)
        lines = [self._heard[seq] for seq in (*cites, *extra)]
        if any(line.channel == Channel.UNCLEAR for line in lines):
            return "who"
        tokens = self._who.named(self._reader.tokens(rest))
        fault = _Sentence(self._lexicon, self._who, tokens, stance, lines).fault(
            len(cites), has_quote=bool(quoted)
        )
        return fault or Held(text, tuple(sorted(cites)))

    def _are_verbatim(self, quoted: Sequence[str], cites: Sequence[int]) -> bool:
        said = [_spelled(self._heard[seq].tokens) for seq in cites]
        wanted = [_spelled(self._who.named(self._reader.tokens(quote))) for quote in quoted]
        return all(want.strip() and any(want in line for line in said) for want in wanted)


def _spelled(tokens: Sequence[Token]) -> str:
    return f" {' '.join(token.text for token in tokens)} "


class _Sentence:
    """One sentence against the lines it cites."""

    def __init__(
        self,
        lexicon: Lexicon,
        who: Cast,
        tokens: Sequence[Token],
        stance: Stance,
        lines: Sequence[Heard],
    ) -> None:
        self._lexicon = lexicon
        self._who = who
        self._tokens = tokens
        self._lines = lines
        self._mentions = parties.in_sentence(tokens, stance, who, lexicon.voices)
        self._frames = [at for at, t in enumerate(tokens) if t.text in lexicon.frames.all]
        self._content = self._content_of(tokens, is_written=True)
        self._heard_content = [self._content_of(line.tokens, is_written=False) for line in lines]
        self._fault: Fault | None = None

    def fault(self, cited: int, *, has_quote: bool) -> Fault | None:
        """Return what is wrong, None if nothing is; the first `cited` lines are those it names."""
        if any(parties.NOBODY_OF_US in mention.parties for mention in self._mentions):
            return "who"
        spoken = [line.tokens for line in self._lines]
        if has_quote:
            if not self._speaker_fits(self._lines[:cited], len(self._tokens)):
                return "who"
        elif len(self._content) < FEWEST_CONTENT:
            return "empty"
        missing = evidence.in_any_order(self._tokens, self._content, spoken)
        if missing:
            return self._kind_of(missing[0])
        found = evidence.runs(self._tokens, self._content, spoken, self._holds)
        if found is None:
            return self._fault or "order"
        named = [run for run in found if not (run.line >= cited or self._is_asked(run))]
        return None if named or not found else "uncited"

    def _kind_of(self, at: int) -> Fault:
        token = self._tokens[at]
        if token.number is not None:
            return "number"
        # The first word of a sentence has a capital whatever it is.
        is_name = (token.has_capital and at > 0) or token.text in self._who.people.values()
        return "name" if is_name else "word"

    # ------------------------------------------------------------ one run

    def _holds(self, run: Run, is_last: bool) -> bool:
        """Tell whether the words of a run say in the sentence what they say in their line."""
        start = self._begin(run)
        end = len(self._tokens) if is_last else run.written[-1] + 1
        region = range(start, end)
        fault: Fault | None
        if self._is_asked(run):
            # A question states nothing; it may only say what is spoken of.
            fault = None if self._is_topic(run) else "uncited"
            self._fault = self._fault or fault
            return fault is None
        fault = (
            self._wrong_joint(run)
            or self._wrong_class(run, region)
            or self._wrong_party(run, region)
            or self._wrong_number(run)
            or self._wrong_direction(run)
            or self._wrong_auxiliary(run, region)
        )
        self._fault = self._fault or fault
        return fault is None

    def _begin(self, run: Run) -> int:
        """Return where the part of the sentence begins that a run stands for."""
        before = [at for at in self._content if at < run.written[0]]
        return before[-1] + 1 if before else 0

    def _is_asked(self, run: Run) -> bool:
        line = self._lines[run.line].tokens
        return any(line[at].is_asked for at in run.heard)

    def _is_topic(self, run: Run) -> bool:
        """Tell whether a run of a question only names a thing, at the begin: "Dana's team"."""
        first = run.written[0]
        before = self._tokens[first - 1].text if first else ""
        is_named = before in (*self._lexicon.articles, "'s", *self._lexicon.voices.belonging)
        content = self._heard_content[run.line]
        at = content.index(run.heard[0]) if run.heard[0] in content else 0
        is_whole = tuple(content[at : at + len(run.heard)]) == run.heard
        is_first = first == self._content[0]
        fits = not self._belongs_elsewhere(run, self._lines[run.line])
        return is_first and is_named and is_whole and fits and len(run.written) <= LONGEST_TOPIC

    def _wrong_joint(self, run: Run) -> Fault | None:
        """Look for two lines, or two clauses of one, that were made into one clause."""
        line = self._lines[run.line].tokens
        content = self._heard_content[run.line]
        for (one, other), (left, right) in zip(
            pairwise(run.written), pairwise(run.heard), strict=True
        ):
            skips = any(left < at < right for at in content)
            is_parted = self._tokens[one].clause != self._tokens[other].clause
            if line[left].clause != line[right].clause and skips and not is_parted:
                return "order"
        before = self._begin(run)
        if not before or self._is_topic_before(before):
            return None
        joint = self._tokens[before : run.written[0]]
        links = any(token.text in self._lexicon.links for token in joint)
        is_parted = self._tokens[before - 1].clause != self._tokens[run.written[0]].clause
        helpers = {word for words in self._lexicon.auxiliaries.values() for word in words}
        region = range(before, run.written[-1] + 1)
        stands_alone = any(m.at in region and m.is_subject for m in self._mentions) or any(
            self._tokens[at].text in helpers for at in region
        )
        return None if links or (is_parted and stands_alone) else "order"

    def _is_topic_before(self, before: int) -> bool:
        """Tell whether all before that place is what the question named."""
        words = [at for at in self._content if at < before]
        return (
            any(
                line.tokens
                and all(
                    any(self._tokens[at].tells(t) and t.is_asked for t in line.tokens)
                    for at in words
                )
                for line in self._lines
            )
            and len(words) <= LONGEST_TOPIC
        )

    def _wrong_auxiliary(self, run: Run, region: range) -> Fault | None:
        """Look for an "is" or "has" that does not stand there, or before another word."""
        line = self._lines[run.line].tokens
        content = self._heard_content[run.line]
        clauses = {line[at].clause for at in run.heard}
        for words in self._lexicon.auxiliaries.values():
            for at in region:
                if self._tokens[at].text not in words:
                    continue
                later = [n for n, place in enumerate(run.written) if place > at]
                there = [n for n, t in enumerate(line) if t.text in words and t.clause in clauses]
                follows = {min((c for c in content if c > n), default=-1) for n in there}
                if not there or (later and run.heard[later[0]] not in follows):
                    return "word"
        return None

    def _wrong_class(self, run: Run, region: range) -> Fault | None:
        """Look for what is denied, doubted, promised, past or conditional on one side only."""
        lexicon = self._lexicon
        line = self._lines[run.line].tokens
        clauses = {line[at].clause for at in run.heard}
        sentences = {line[at].sentence for at in run.heard}
        heard = [token for token in line if token.clause in clauses]
        written = [self._tokens[at] for at in region]
        told, meant = _classes(written, lexicon.written), _classes(heard, lexicon.heard)
        if told["denial"] != meant["denial"]:
            return "denial"
        if bool(told["doubt"]) != bool(meant["doubt"]):
            return "doubt"
        if any(bool(told[mode]) != bool(meant[mode]) for mode in lexicon.modes):
            return "promise"
        if meant["hearsay"] and not told["hearsay"]:
            return "hearsay"
        unused = [token for at, token in enumerate(line) if at not in run.heard]
        if any(
            (token.text in lexicon.conditions and token.sentence in sentences)
            or (token.text in lexicon.kept and token.clause in clauses)
            for token in unused
        ) or self._lost_number(run, line):
            return "left out"
        return self._wrong_time(written, heard)

    def _wrong_time(self, written: Sequence[Token], heard: Sequence[Token]) -> Fault | None:
        bygone = frozenset(self._lexicon.bygone)
        told, meant = ({t.text for t in tokens} & bygone for tokens in (written, heard))
        if meant and not told and not any(token.is_past for token in written):
            return "past"
        # "She said it was trust" is how "it is trust" is told again.
        retold = any(self._tokens[at].is_past for at in self._frames)
        was = meant or any(token.is_past for token in heard)
        return "past" if told and not was and not retold else None

    def _wrong_party(self, run: Run, region: range) -> Fault | None:
        """Look for somebody else who does it, whose it is, or to whom it is done."""
        line = self._lines[run.line]
        speaker = frozenset((line.channel.value,))
        if not self._speaker_fits([line], run.written[-1]):
            return "who"
        doer, is_named = self._doer(run, region, line.channel)
        meant = _doer_in(line, run)
        if meant is None:
            # Nobody is named there: what is told so is told by the one who spoke, or of nobody.
            if doer is not None and not may_be_same(doer, speaker):
                return "who"
        elif doer is None:
            is_told = is_named and may_be_same(meant, speaker | {OTHER})
            if not is_told and not self._is_group_of(meant, run):
                return "who"
        elif not may_be_same(doer, meant):
            return "who"
        clauses = {line.tokens[at].clause for at in run.heard}
        there = [m for m in line.mentions if line.tokens[m.at].clause in clauses]
        if self._strangers(region, there, doer, speaker):
            return "who"
        return "who" if self._belongs_elsewhere(run, line) else None

    def _is_group_of(self, meant: frozenset[str], run: Run) -> bool:
        """Tell whether "we" in the line is told as somebody's: "Dana's team"."""
        line = self._lines[run.line]
        first = line.tokens[run.heard[0]]
        says_we = any(
            line.tokens[m.at].text in self._lexicon.voices.plural and m.is_subject
            for m in line.mentions
            if line.tokens[m.at].clause == first.clause
        )
        owners = [m for m in self._mentions if m.is_belonging and m.at < run.written[0]]
        return says_we and bool(owners) and may_be_same(owners[0].parties, meant)

    def _speaker_fits(self, lines: Sequence[Heard], before: int) -> bool:
        """Tell whether whoever is said to have spoken did speak these lines."""
        for at in self._frames:
            if at > before:
                continue
            subject = [m for m in self._mentions if m.at < at and m.is_subject]
            if subject and not all(
                may_be_same(subject[-1].parties, frozenset((line.channel.value,))) for line in lines
            ):
                return False
        return True

    def _doer(
        self, run: Run, region: range, channel: Channel
    ) -> tuple[frozenset[str] | None, bool]:
        """Return who does it in the sentence, and whether a verb of telling stands before it."""
        last = run.written[-1]
        frames = [at for at in self._frames if at < last]
        kinds = self._lexicon.frames
        after = frames[-1] if frames else -1
        told = self._tokens[after].text if frames else ""
        subjects = [m for m in self._mentions if after < m.at < last and m.is_subject]
        if told in kinds.promise:
            return frozenset((channel.value,)), True
        if told in kinds.itself and subjects and subjects[0].at == after + 1:
            # "Told you that": the one who was told does nothing yet, unless a verb comes at once.
            follows = self._tokens[after + 2].text if after + 2 < len(self._tokens) else ""
            if follows in self._lexicon.free:
                subjects = subjects[1:]
        here = [m for m in subjects if m.at in region] or subjects[-1:]
        if here:
            return here[0].parties, bool(frames)
        if told in kinds.advice:
            other = Channel.THEM if channel == Channel.ME else Channel.ME
            return frozenset((other.value,)), True
        return None, bool(frames)

    def _strangers(
        self,
        region: range,
        there: Sequence[Mention],
        doer: frozenset[str] | None,
        speaker: frozenset[str],
    ) -> bool:
        """Tell whether the sentence brings in somebody who is not in that part of the line."""
        known = [m.parties for m in there if not m.is_belonging] or [speaker]
        heads = set(self._frames)
        for mention in self._mentions:
            if mention.at not in region or mention.is_belonging or mention.parties == doer:
                continue
            if any(mention.at < frame for frame in heads) or mention.at - 1 in heads:
                # Who told it, and whom.
                continue
            if not any(may_be_same(mention.parties, other) for other in known):
                return True
        return False

    def _belongs_elsewhere(self, run: Run, line: Heard) -> bool:
        """Tell whether something is somebody's that is another one's in the line."""
        for written, heard in zip(run.written, run.heard, strict=True):
            mine = _owner(self._mentions, written)
            if mine is None:
                continue
            theirs = _owner(line.mentions, heard)
            if theirs is None or not may_be_same(mine, theirs):
                return True
        return False

    def _wrong_number(self, run: Run) -> Fault | None:
        """Look for a number that counts something else than in the line."""
        content = self._heard_content[run.line]
        line = self._lines[run.line].tokens
        places = list(run.heard)
        for n, place in enumerate(places):
            if line[place].number is None:
                continue
            clause = line[place].clause
            after = [at for at in content if at > place and line[at].clause == clause]
            if n + 1 < len(places) and after[:1] == [places[n + 1]]:
                continue
            before = [at for at in content if at < place and line[at].clause == clause]
            if not after and (not before or (n and before[-1] == places[n - 1])):
                continue
            return "number"
        return None

    def _lost_number(self, run: Run, line: Sequence[Token]) -> bool:
        """Tell whether what a number counted is told without it."""
        content = self._heard_content[run.line]
        return any(
            line[one].number is not None and one not in run.heard and other in run.heard
            for one, other in pairwise(content)
            if line[one].clause == line[other].clause
        )

    def _wrong_direction(self, run: Run) -> Fault | None:
        """Look for "from" in place of "to", and for what was only wished to be done."""
        line = self._lines[run.line].tokens
        for written, heard in zip(run.written, run.heard, strict=True):
            one = _direction(self._tokens, written, self._lexicon)
            other = _direction(line, heard, self._lexicon)
            if one and other and one != other:
                return "order"
            is_wish = heard > 0 and line[heard - 1].text == self._lexicon.infinitive
            if is_wish and one != self._lexicon.infinitive and not self._tokens[written].is_ing:
                # "Refused to join" is not "joins".
                return "order"
        return None

    def _content_of(self, tokens: Sequence[Token], *, is_written: bool) -> list[int]:
        """Return the places of the words that carry what is told."""
        lexicon = self._lexicon
        table = lexicon.written if is_written else lexicon.heard
        covered = {at for _, places in _phrases(tokens, table) for at in places}
        if is_written:
            covered |= set(self._frames)
        light = lexicon.light | self._who.them
        return [
            at for at, token in enumerate(tokens) if at not in covered and token.text not in light
        ]


def _phrases(
    tokens: Sequence[Token], table: Mapping[tuple[str, ...], str]
) -> list[tuple[str, range]]:
    """Find phrases, the longest first, each word in one only; return their kinds and places."""
    found: list[tuple[str, range]] = []
    taken: set[int] = set()
    for phrase, kind in table.items():
        size = len(phrase)
        for at in range(len(tokens) - size + 1):
            places = range(at, at + size)
            is_here = all(tokens[at + n].text == word for n, word in enumerate(phrase))
            if is_here and taken.isdisjoint(places):
                taken.update(places)
                found.append((kind, places))
    return found


def _classes(tokens: Sequence[Token], table: Mapping[tuple[str, ...], str]) -> Counter[str]:
    return Counter(kind for kind, _ in _phrases(tokens, table))


def _doer_in(line: Heard, run: Run) -> frozenset[str] | None:
    """Return who does it in a line: the one named in the clause, or before it in its sentence."""
    first = line.tokens[run.heard[0]]
    subjects = [m for m in line.mentions if m.is_subject]
    here = [m for m in subjects if line.tokens[m.at].clause == first.clause]
    if here:
        return here[0].parties
    before = [
        m for m in subjects if m.at < run.heard[0] and line.tokens[m.at].sentence == first.sentence
    ]
    return before[-1].parties if before else None


def _owner(mentions: Sequence[Mention], at: int) -> frozenset[str] | None:
    """Return whose a word is, by what stands close before it."""
    near = [m for m in mentions if m.is_belonging and at - _NEAR - 1 <= m.at < at]
    return near[-1].parties if near else None


def _direction(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> str:
    near = range(max(0, at - _NEAR), at)
    return next(
        (tokens[n].text for n in reversed(near) if tokens[n].text in lexicon.directions), ""
    )
