"""Who does it, to whom, and whose it is, in a sentence as in its line.

Law: pure. Who does something in a clause of the line does it in the sentence; nothing stands
between them there that could be somebody else; whoever is said to have told it did speak; nobody
is brought in who is not in it; and what is somebody's stays theirs.
"""

from collections.abc import Sequence
from typing import Self

import msgspec

from assistant.events import Channel
from assistant.polishing.lexicon import Lexicon
from assistant.polishing.parties import OTHER, THING, Mention, may_be_same
from assistant.polishing.statement import Fault, Heard, Part, Statement

_NEAR = 3
"""So many words before another one may say whose it is."""


def fault(statement: Statement, part: Part, lexicon: Lexicon) -> Fault | None:
    """Return "who" where somebody else does it in the sentence than in the line."""
    if not tellers_fit(statement, [part.line], part.written[-1]):
        return "who"
    groups = dict.fromkeys(
        (statement.tokens[one].clause, part.line.tokens[other].clause)
        for one, other in zip(part.written, part.heard, strict=True)
    )
    doers = [_Doers.of(statement, part, lexicon, *group) for group in groups]
    if not all(them.are_the_same(statement, part, lexicon) for them in doers):
        return "who"
    if _strangers(statement, part, doers) or belongs_elsewhere(statement, part):
        return "who"
    return None


def tellers_fit(statement: Statement, lines: Sequence[Heard], before: int) -> bool:
    """Tell whether whoever is said to have spoken did speak these lines."""
    for frame in statement.frames:
        subjects = [m for m in statement.mentions if m.at < frame and m.is_subject]
        if frame <= before and subjects:
            teller = subjects[-1].parties
            if not all(may_be_same(teller, line.speaker) for line in lines):
                return False
    return True


def belongs_elsewhere(statement: Statement, part: Part) -> bool:
    """Tell whether something is somebody's in the sentence that is not theirs in the line."""
    for written, heard in zip(part.written, part.heard, strict=True):
        told = _owner(statement.mentions, written)
        if told is None:
            continue
        meant = _owner(part.line.mentions, heard)
        if meant is None or not may_be_same(told, meant):
            return True
    return False


class _Doers(msgspec.Struct, frozen=True):
    """Who does it in a clause of the sentence, and in one of the line."""

    pairs: tuple[tuple[int, int], ...]
    """The places of words in the one and in the other."""
    told: Mention | None
    meant: Mention | None
    here: tuple[Mention, ...]
    """Everybody in that clause of the line."""

    @classmethod
    def of(
        cls, statement: Statement, part: Part, lexicon: Lexicon, clause: int, heard_clause: int
    ) -> Self:
        """Find them."""
        line = part.line
        every = list(zip(part.written, part.heard, strict=True))
        pairs = tuple(
            (one, other)
            for one, other in every
            if statement.tokens[one].clause == clause and line.tokens[other].clause == heard_clause
        )
        earlier = [other for _, other in every if other < pairs[0][1]]
        since = earlier[-1] if earlier else -1
        here = tuple(m for m in line.mentions if line.tokens[m.at].clause == heard_clause)
        doing = (m for m in here if m.is_subject and since < m.at <= pairs[-1][1])
        before = [one for one, _ in every if one < pairs[0][0]]
        places = range(before[-1] + 1 if before else 0, pairs[-1][0] + 1)
        told = _doer(statement, lexicon, line, places, clause)
        return cls(pairs, told, next(doing, None), here)

    def are_the_same(self, statement: Statement, part: Part, lexicon: Lexicon) -> bool:
        """Tell whether the same one does it."""
        told, meant, line = self.told, self.meant, part.line
        if told and meant:
            first = next((heard for _, heard in self.pairs if heard >= meant.at), meant.at)
            gap = range(meant.at + 1, first)
            is_close = not any(at in gap for at in line.content)
            return may_be_same(told.parties, meant.parties) and is_close
        if told:
            begins = _begins(part, self.pairs[0][1], told.parties)
            return self._is_done_to(told) or (may_be_same(told.parties, line.speaker) and begins)
        return meant is None or _is_told_of(statement, part, lexicon, meant, self.pairs[-1][0])

    def _is_done_to(self, told: Mention) -> bool:
        """Tell whether something is done to them there, and in the sentence: "Acme hired me"."""
        return any(
            may_be_same(told.parties, m.parties)
            and any(heard < m.at and written < told.at for written, heard in self.pairs)
            for m in self.here
            if m.is_object
        )


def _doer(
    statement: Statement, lexicon: Lexicon, line: Heard, places: range, clause: int
) -> Mention | None:
    """Return who does it in a clause of the sentence, best in these places; None for nobody."""
    last = places[-1]
    frames = [at for at in statement.frames if at < last]
    frame = frames[-1] if frames else -1
    told = statement.tokens[frame].text if frames else ""
    follows = statement.tokens[frame + 1 : frame + 3] if frames else ()
    is_implied = bool(follows) and (follows[0].text == lexicon.infinitive or follows[0].is_ing)
    subjects = [m for m in statement.mentions if frame < m.at <= last and m.is_subject]
    is_promise, is_advice = told in lexicon.frames.promise, told in lexicon.frames.advice
    if frames and not is_advice and subjects and subjects[0].at == frame + 1:
        is_recipient = len(follows) > 1 and follows[1].text in {*lexicon.free, lexicon.infinitive}
        # "Told you that", "promised you the list": who was told does nothing.
        subjects = subjects[1:] if is_recipient else subjects
        is_implied = is_implied or is_recipient
    here = [m for m in subjects if statement.tokens[m.at].clause == clause]
    is_here = bool(frames) and statement.tokens[frame].clause == clause
    if is_here and is_promise and (is_implied or not here):
        return Mention(frame, line.speaker)
    if is_here and is_advice and (is_implied or not here):
        other = Channel.THEM if line.channel == Channel.ME else Channel.ME
        return Mention(frame, frozenset((other.value,)))
    return next((m for m in here if m.at in places), here[0] if here else None)


def _begins(part: Part, first: int, told: frozenset[str]) -> bool:
    """Tell whether nothing that could do it stands before a word of the line.

    "Studied biology, then moved" is told of the speaker; "a friend studied" is not.
    """
    line = part.line
    token = line.tokens[first]
    sentence = [at for at, t in enumerate(line.tokens) if t.sentence == token.sentence]
    before = [at for at in line.content if at in sentence and at < first]
    if any(line.tokens[at].clause == token.clause for at in before):
        return False
    doing = [m for m in line.mentions if m.is_subject and m.at in sentence and m.at < first]
    return may_be_same(told, doing[-1].parties) if doing else not before


def _is_told_of(
    statement: Statement, part: Part, lexicon: Lexicon, doing: Mention, last: int
) -> bool:
    """Tell whether a clause without anybody in it is told of the one who does it in the line."""
    frames = [at for at in statement.frames if at < last]
    frame = frames[-1] if frames else -1
    before = [m for m in statement.mentions if frame < m.at < part.written[0] and m.is_subject]
    if before:
        return may_be_same(before[-1].parties, doing.parties)
    if frames and may_be_same(doing.parties, part.line.speaker | {OTHER}):
        return True
    # "We are seven people": "Dana's team is".
    says_we = part.line.tokens[doing.at].text in lexicon.voices.plural
    owners = [m for m in statement.mentions if m.is_belonging and m.at < part.written[0]]
    return says_we and bool(owners) and may_be_same(owners[0].parties, doing.parties)


def _strangers(statement: Statement, part: Part, doers: Sequence[_Doers]) -> bool:
    """Tell whether it is done to somebody, or with somebody, who is not so in the line."""
    doing = {them.meant.at for them in doers if them.meant}
    there = [
        m.parties
        for m in part.line.mentions
        if part.line.tokens[m.at].clause in part.clauses
        and not m.is_belonging
        and m.at not in doing
    ]
    known = there or ([] if doing else [part.line.speaker])
    tellers = {teller.at for at in statement.frames if (teller := statement.teller(at))}
    told = {at + 1 for at in statement.frames}
    done_by = {them.told.at for them in doers if them.told}
    return any(
        not any(may_be_same(mention.parties, other) for other in known)
        for mention in statement.mentions
        if mention.at in part.region
        and not mention.is_belonging
        and THING not in mention.parties
        and mention.at not in tellers | told | done_by
    )


def _owner(mentions: Sequence[Mention], at: int) -> frozenset[str] | None:
    """Return whose a word is, by what stands close before it."""
    near = [m for m in mentions if m.is_belonging and at - _NEAR <= m.at < at]
    return near[-1].parties if near else None
