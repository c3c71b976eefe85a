"""Meetings of other people, with questions about them: where each was answered, and what was said.

Reads the lines of QMSum: turns of a meeting, questions with the turns that answer them, an answer
in somebody's words. Here the questions are a sheet that nobody asked, and every turn is cut into
lines as the ear cuts them; what is measured is the code of the notes and nothing else. Beside it
TextRank, which knows no question, chooses as many words of the same meeting.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from assistant.events import Channel, Entry, Heard
from assistant.notes.replies import Replies, Reply
from assistant.notes.spoken_of import SpokenOf
from assistant.notes.talk import lines
from assistant.notes.words import Words
from assistant.plan import Plan, Question
from assistant.understanding.meaning import BEFORE, Meaning, Utterance
from assistant.understanding.sentences import Sentences

LONGEST_LINE = 32
"""Words: the ear cuts after 12 s."""
PACE_PER_S = 2.6
"""Words in a second, to give the lines times."""
_NOISE = re.compile(r"\{[^}]*\}")


class Turn(msgspec.Struct, frozen=True):
    """What somebody said in a row."""

    content: str


class Query(msgspec.Struct, frozen=True):
    """A question about a meeting, and what answers it."""

    query: str
    answer: str
    relevant_text_span: tuple[tuple[str, str], ...] = ()
    """From which turn to which, counted from 0; both are part of it."""

    @property
    def turns(self) -> set[int]:
        """The turns that answer it."""
        spans = ((int(first), int(last)) for first, last in self.relevant_text_span)
        return {n for first, last in spans for n in range(first, last + 1)}


class Meeting(msgspec.Struct, frozen=True):
    """One line of the file."""

    meeting_transcripts: tuple[Turn, ...]
    general_query_list: tuple[Query, ...]
    specific_query_list: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One question, answered by the notes and by TextRank."""

    f1: float
    """Of the turns."""
    ours: str
    theirs: str
    answer: str


def read_meetings(path: Path) -> Iterator[Meeting]:
    """Read the file, a meeting a line. Raises ValueError."""
    decode = msgspec.json.Decoder(Meeting).decode
    yield from map(decode, path.read_bytes().splitlines())


def told(
    meeting: Meeting,
    plan: Plan,
    words: Words,
    sentences: Sentences,
    rank: Callable[[str, int], str],
) -> Iterator[Told]:
    """Answer every question of a meeting; `rank` gives so many words of a text."""
    queries = meeting.specific_query_list
    questions = tuple(Question(f"q{n}", query.query) for n, query in enumerate(queries))
    plan = msgspec.structs.replace(plan, questions=questions)
    entries, turn_of = _entries(meeting, plan, sentences)
    said = lines(plan, entries, words)
    spoken_of = SpokenOf(said, entries, words)
    replies = Replies(plan, entries, said, (), (), words)
    whole = "\n".join(_cleaned(turn.content) for turn in meeting.meeting_transcripts)
    for question, query in zip(questions, queries, strict=True):
        passage = spoken_of.passage(question)
        found = {turn_of[line.seq] for line in passage}
        best = replies.best(Reply(passage), question, ()) if passage else ()
        ours = " ".join(quote.text for quote in best)
        shared = len(found & query.turns)
        f1 = 2 * shared / max(1, len(found) + len(query.turns))
        yield Told(f1, ours, rank(whole, len(ours.split())), query.answer)


def _entries(
    meeting: Meeting, plan: Plan, sentences: Sentences
) -> tuple[list[Entry], dict[int, int]]:
    """Return the lines of a meeting with what they mean, and of which turn each is."""
    meaning = Meaning(plan, sentences)
    entries: list[Entry] = []
    turn_of: dict[int, int] = {}
    before: list[Heard] = []
    at_s = 0.0
    for turn, told_ in enumerate(meeting.meeting_transcripts):
        for text in _lines(_cleaned(told_.content)):
            end_s = at_s + len(text.split()) / PACE_PER_S
            heard = Heard(Channel.THEM, round(at_s, 2), round(end_s, 2), text)
            seq = len(entries) + 1
            entries.append(Entry(seq, end_s, heard))
            meant = meaning.understand(Utterance(seq, heard, tuple(before[-BEFORE:])))
            entries.append(Entry(seq + 1, end_s, meant))
            turn_of[seq] = turn
            before.append(heard)
            at_s = end_s + 0.3
    return entries, turn_of


def _cleaned(text: str) -> str:
    return " ".join(_NOISE.sub(" ", text).split())


def _lines(text: str) -> Iterator[str]:
    """Cut a turn where sentences end, or where the ear would."""
    line: list[str] = []
    for word in text.split():
        line.append(word)
        is_end = word[-1:] in ".?!" and len(line) > LONGEST_LINE // 2
        if is_end or len(line) >= LONGEST_LINE:
            yield " ".join(line)
            line = []
    if line:
        yield " ".join(line)


def halves(meetings: Sequence[Meeting]) -> tuple[Sequence[Meeting], Sequence[Meeting]]:
    """Part them: what the dials of the notes were chosen on, and the rest."""
    return meetings[::2], meetings[1::2]
