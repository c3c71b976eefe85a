"""What was said, as the notes may use it: lines, passages, quotes.

Reads Heard and what stands on it. Law: an echo of our own cue, a ghost word and
a forgotten stretch reach nothing that is written; every quote names the entries
it stands on and when it was said.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set

import msgspec

from assistant.events import (
    Answered,
    Asked,
    Channel,
    Consent,
    Entry,
    Farewell,
    Forgotten,
    Heard,
    JobAsked,
    Marked,
    MarkHeard,
    MaybeAsked,
    NoteTaken,
    Promised,
    SpeechEnded,
    Touched,
    Understood,
    Word,
)
from assistant.notes.punctuation import Timed, with_breaks
from assistant.notes.spelling import capitals, with_capitals
from assistant.notes.words import Words
from assistant.plan import Phrases, Plan

JOIN_GAP_S = 8.0
"""A voice that goes on within so long is still in the same passage."""

BARE = 0.05
"""An engine that writes marks or capitals in no more of its lines, as a share, writes none ..."""
FEWEST_LINES = 20
"""... which so many lines tell."""
SENTENCE_GAP_S = 1.5
"""A voice that goes on within so long may still be in the same sentence."""
_MARKLESS = "vosk "
"""How the labels of engines begin that write no capitals and no marks."""
_MARKED = re.compile(r"[.,;:?!](?:\s|$)")
_CAPITAL = re.compile(r"(?!I\b)[A-Z]")
"""Some write words alone and "I" all the same."""
MARKS = ".,;:?!"
OPENING_QUOTES, CLOSING_QUOTES = ('"', "\u201c"), ('"', "\u201d")
CLOSING = "\"\u201d\u2019')]"
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_SENTENCE_END = re.compile(r"""[.?!]["”')\]]*$""")
_TITLE = re.compile(r"^(?!Hm)[A-Z][b-df-hj-np-tv-xz]{1,2}\.$")
"""Behind "Mrs.", "Dr.", "St." a sentence goes on: few letters, and no vowel among them."""
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_UNSEEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
"""Marks that turn the direction of what follows, and spaces of no width."""


class Spoken(msgspec.Struct, frozen=True):
    """One word in its line, as it is written."""

    text: str
    start_s: float
    end_s: float
    seq: int
    """The Heard it is from."""
    is_bare: bool = False
    """Its engine writes words alone: marks and capitals are ours, and tell nothing more."""
    probably: Channel | None = None
    """As of its line."""

    @property
    def mark(self) -> str:
        """The mark it ends with, within closing quotes too; empty for none."""
        last = self.text.rstrip(CLOSING)[-1:]
        return last if last in MARKS else ""

    @property
    def ends_sentence(self) -> bool:
        """Tell whether its mark is one that ends a sentence."""
        return self.mark in (".", "?", "!")


class Line(msgspec.Struct, frozen=True):
    """The words of one Heard."""

    seq: int
    channel: Channel
    start_s: float
    end_s: float
    words: tuple[Spoken, ...]
    is_filler: bool
    """Only "mhm", "right", "um": read with the rest, never quoted."""
    as_heard: str = ""
    """What the recogniser wrote, where a name of the sheet was put right in it."""

    probably: Channel | None = None
    """Where one microphone heard both: whose line it probably is."""

    @property
    def is_bare(self) -> bool:
        """Tell whether its engine writes words alone."""
        return any(word.is_bare for word in self.words)

    @property
    def text(self) -> str:
        """The line as it is read."""
        return joined(self.words)


class Passage(msgspec.Struct, frozen=True):
    """What one voice said until the other one had the word."""

    channel: Channel
    words: tuple[Spoken, ...]
    end_s: float

    @property
    def start_s(self) -> float:
        """When it began."""
        return self.words[0].start_s

    @property
    def text(self) -> str:
        """The passage as it is read."""
        return joined(self.words)

    @property
    def seqs(self) -> tuple[int, ...]:
        """The Heard entries it stands on."""
        return seqs_of(self.words)


class Quote(msgspec.Struct, frozen=True):
    """Words that were said, when, and the entries they stand on."""

    channel: Channel
    start_s: float
    text: str
    seqs: tuple[int, ...]
    probably: Channel | None = None
    """Where one microphone heard both: whose words they probably are; None where that is open."""


def kept(plan: Plan, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Drop echoes, ghost words and what was forgotten, and all that stands on them."""
    entries = tuple(entries)
    forgotten = [(e.seq, e.event) for e in entries if isinstance(e.event, Forgotten)]
    dropped = {
        entry.seq
        for entry in entries
        if isinstance(entry.event, Heard) and _counts_for_nothing(plan, entry.event, forgotten)
    }
    return tuple(e for e in entries if not _is_gone(e, dropped, forgotten))


def lines(plan: Plan, entries: Iterable[Entry], words: Words) -> tuple[Line, ...]:
    """Return every line of the entries, in the order they were spoken.

    Where the engine writes no capitals and no marks, they are set: names, and sentences.
    """
    known = capitals(plan, words)
    entries = tuple(entries)
    bare = _bare_engines(entry.event for entry in entries if isinstance(entry.event, Heard))
    found = [
        Line(
            entry.seq,
            heard.channel,
            heard.start_s,
            heard.end_s,
            _timed(entry.seq, heard, known, is_bare=_is_bare(heard, bare)),
            is_filler(heard.text, plan.phrases),
            clean(heard.as_heard),
            heard.probably,
        )
        for entry in entries
        if isinstance(heard := entry.event, Heard) and clean(heard.text)
    ]
    said = sorted(found, key=lambda line: (line.start_s, line.seq))
    return tuple(_with_breaks(said, words) if any(line.is_bare for line in said) else said)


def passages(said: Sequence[Line], gap_s: float = JOIN_GAP_S) -> tuple[Passage, ...]:
    """Join what one voice said in a row; a mere "mhm" of the other does not break it."""
    groups: list[list[Line]] = []
    for line in said:
        if line.is_filler:
            continue
        last = groups[-1][-1] if groups else None
        if last and last.channel == line.channel and line.start_s - last.end_s <= gap_s:
            groups[-1].append(line)
        else:
            groups.append([line])
    return tuple(
        Passage(
            group[0].channel,
            tuple(word for line in group for word in line.words),
            max(line.end_s for line in group),
        )
        for group in groups
    )


LONGEST_ABBREVIATION = 3
"""A word of no more letters may be cut short where it has a stop."""


def without_told(words: Sequence[Spoken]) -> list[Spoken]:
    """Leave out what stands in quotation marks as somebody's words: 'he says, "Come Tuesday."'.

    A mark that is never closed is none, a title has no comma before it, and where all stands in
    marks they say nothing.
    """
    kept: list[Spoken] = []
    opened: int | None = None
    for word in words:
        begins = not kept or kept[-1].mark != ""
        if opened is None and begins and word.text[:1] in OPENING_QUOTES:
            opened = len(kept)
        kept.append(word)
        if opened is not None and word.text.rstrip(MARKS)[-1:] in CLOSING_QUOTES:
            del kept[opened:]
            opened = None
    return kept or list(words)


def is_title(word: str) -> bool:
    """Tell whether a sentence goes on behind this word, for all its stop: "Mrs.", "St."."""
    return bool(_TITLE.match(word))


def sentences(words: Sequence[Spoken], pause_s: float) -> list[tuple[Spoken, ...]]:
    """Split where a sentence ends: at its mark, or at a pause between two lines."""
    split: list[list[Spoken]] = [[]]
    for word, after in zip(words, [*words[1:], None], strict=True):
        split[-1].append(word)
        if after is None:
            break
        # Some engines go on in lower case after a stop; behind short words that is "a.m." or "etc."
        goes_on = after.text[:1].islower() and len(plain(word.text)) <= LONGEST_ABBREVIATION
        goes_on = goes_on or is_title(word.text)
        is_marked = bool(_SENTENCE_END.search(word.text)) and not goes_on
        is_pause = after.seq != word.seq and after.start_s - word.end_s > pause_s
        if is_marked or is_pause:
            split.append([])
    return [tuple(sentence) for sentence in split if sentence]


def quote(channel: Channel, words: Sequence[Spoken], longest: int = 40) -> Quote:
    """Quote the words, with an ellipsis after the `longest`-th."""
    shown = joined(words[:longest]) + ("..." if len(words) > longest else "")
    sides = {word.probably for word in words}
    probably = sides.pop() if len(sides) == 1 else None
    text = shown[:1].upper() + shown[1:]
    return Quote(channel, words[0].start_s, text, seqs_of(words), probably)


def joined(words: Iterable[Spoken]) -> str:
    """Write words as one text."""
    return " ".join(word.text for word in words)


def seqs_of(words: Iterable[Spoken]) -> tuple[int, ...]:
    """Return the entries the words are from, each once, in order."""
    return tuple(dict.fromkeys(word.seq for word in words))


def plain(word: str) -> str:
    """Spell a word for comparing: lower case, no marks around it, one kind of apostrophe."""
    return _EDGES.sub("", word.replace("\u2019", "'").lower())


def plain_words(text: str) -> list[str]:
    """Spell a text for comparing, word by word."""
    return [word for word in map(plain, text.split()) if word]


def is_filler(text: str, phrases: Phrases) -> bool:
    """Tell whether there is nothing in the text but fillers, hesitations and ghost words."""
    rest = f" {' '.join(plain_words(text))} "
    for phrase in sorted(
        {*phrases.filler, *phrases.hesitation, *phrases.ghost}, key=len, reverse=True
    ):
        while f" {phrase} " in rest:
            rest = rest.replace(f" {phrase} ", " ")
    return not rest.strip()


def short_name(plan: Plan) -> str:
    """Return what to call the other side: "Dana" of "Dana Ruiz", "Dr. Ruiz" whole, or nothing."""
    whole = clean(plan.person.split(",")[0]).strip()
    first = whole.split(" ")[0]
    return whole if first.endswith(".") else first


def clean(text: str) -> str:
    """Return the text on one line, without control characters or marks that turn its direction."""
    return re.sub(r"\s+", " ", _BREAKS.sub(" ", _UNSEEN.sub("", text))).strip()


def clock(at_s: float) -> str:
    """Write a time of the call: 00:12:31."""
    whole_s = max(0, int(at_s))
    return f"{whole_s // 3600:02}:{whole_s // 60 % 60:02}:{whole_s % 60:02}"


def minutes_and_seconds(length_s: float) -> tuple[int, int]:
    """Return a length of time as it is told: 288.9 s as 4 and 49, on every page."""
    return divmod(round(length_s), 60)


def _counts_for_nothing(plan: Plan, heard: Heard, forgotten: list[tuple[int, Forgotten]]) -> bool:
    words = plain_words(heard.text)
    is_ghost = not words or (len(words) == 1 and words[0] in plan.phrases.ghost)
    return heard.echo or is_ghost or _overlaps(heard.start_s, heard.end_s, forgotten)


def _overlaps(start_s: float, end_s: float, forgotten: list[tuple[int, Forgotten]]) -> bool:
    return any(start_s < gone.to_s and end_s > gone.from_s for _, gone in forgotten)


def _is_gone(entry: Entry, dropped: set[int], forgotten: list[tuple[int, Forgotten]]) -> bool:
    match entry.event:
        case Heard():
            return entry.seq in dropped
        case SpeechEnded(_, start_s, end_s):
            return _overlaps(start_s, end_s, forgotten)
        case NoteTaken() | Marked():
            # Notes taken after the user had it forgotten stay, whatever their second.
            return any(
                entry.seq < seq and gone.from_s <= entry.at_s <= gone.to_s
                for seq, gone in forgotten
            )
        case (
            Understood(heard_seq=heard_seq)
            | Asked(heard_seq=heard_seq)
            | Touched(heard_seq=heard_seq)
            | Answered(heard_seq=heard_seq)
            | MaybeAsked(heard_seq=heard_seq)
            | Farewell(heard_seq=heard_seq)
            | JobAsked(heard_seq=heard_seq)
            | Promised(heard_seq=heard_seq)
            | MarkHeard(heard_seq=heard_seq)
            | Consent(heard_seq=heard_seq)
        ):
            return heard_seq in dropped
        case _:
            return False


def _with_breaks(said: Sequence[Line], words: Words) -> list[Line]:
    """Set marks and capitals in lines that have none; a mere "mhm" of the other breaks nothing."""
    turns: list[list[Line]] = []
    last: dict[Channel, list[Line]] = {}
    for line in said:
        turn = last.get(line.channel, [])
        # One microphone for both: the next line may be the other one's.
        may_be_other = line.channel is Channel.UNCLEAR
        if not turn or may_be_other or line.start_s - turn[-1].end_s > SENTENCE_GAP_S:
            turn = list[Line]()
            turns.append(turn)
        turn.append(line)
        if not line.is_filler:
            last.clear()
        last[line.channel] = turn
    written: dict[int, tuple[Spoken, ...]] = {}
    for turn in turns:
        spoken = [
            Timed(word.text, word.start_s, word.end_s, word.is_bare, n == len(line.words))
            for line in turn
            for n, word in enumerate(line.words, start=1)
        ]
        texts = with_breaks(spoken, words.spelling)
        for line in turn:
            size = len(line.words)
            written[line.seq] = tuple(
                msgspec.structs.replace(word, text=text)
                for text, word in zip(texts[:size], line.words, strict=True)
            )
            texts = texts[size:]
    return [msgspec.structs.replace(line, words=written[line.seq]) for line in said]


def _bare_engines(heard: Iterable[Heard]) -> frozenset[str]:
    """Return the engines whose lines have neither capitals nor marks.

    A transcript from elsewhere does not say what wrote it, but its lines do.
    """
    lines: Counter[str] = Counter()
    written: Counter[str] = Counter()
    for one in heard:
        text = one.as_heard or one.text
        lines[one.engine] += 1
        written[one.engine] += bool(_MARKED.search(text) or _CAPITAL.search(text))
    return frozenset(
        name for name, n in lines.items() if n >= FEWEST_LINES and written[name] <= BARE * n
    )


def _is_bare(heard: Heard, bare: Set[str]) -> bool:
    """Tell whether a line is of an engine that writes words alone, and nobody set marks in it."""
    is_markless = heard.engine.startswith(_MARKLESS) or heard.engine in bare
    return is_markless and not _MARKED.search(heard.text)


def _timed(
    seq: int, heard: Heard, known: Mapping[str, str], *, is_bare: bool
) -> tuple[Spoken, ...]:
    """Give every written word its time; spread evenly by length where the engine gives none."""
    written = clean(heard.text).split(" ")
    has_capitals = any(letter.isupper() for letter in heard.as_heard or heard.text)
    if is_bare or not has_capitals:
        written = with_capitals(written, known)
    if len(heard.words) == len(written):
        timed: Iterable[tuple[str, Word]] = zip(written, heard.words, strict=True)
        return tuple(
            Spoken(text, word.start_s, word.end_s, seq, is_bare, heard.probably)
            for text, word in timed
        )
    per_letter_s = (heard.end_s - heard.start_s) / (sum(map(len, written)) or 1)
    spread: list[Spoken] = []
    at_s = heard.start_s
    for text in written:
        end_s = at_s + len(text) * per_letter_s
        spread.append(Spoken(text, round(at_s, 3), round(end_s, 3), seq, is_bare, heard.probably))
        at_s = end_s
    return tuple(spread)
