"""Every word of a call, line by line: what each form of the transcript is made from.

Reads the notes and the lines. Finds one row for each line that was said, one for each prepared
question before the line that asked it, one for each stretch that nobody captured. Law: pure;
rows come in the order of time, and nothing is in them but what was said and what is missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from assistant.notes.header import began_at
from assistant.notes.notes import Notes
from assistant.notes.render.markdown import plain_markdown, yaml_text
from assistant.notes.talk import Line, clean, clock
from assistant.notes.words import Voices
from assistant.wording import Wording

WORDS = "transcript"
_LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
"""For a call whose journal does not say when it was."""
_ORDER = ("gap", "question", "line")


class Row(msgspec.Struct, frozen=True):
    """One row of a transcript."""

    kind: Literal["line", "question", "gap"]
    start_s: float
    end_s: float
    who: str
    """Who said it; a guess stands in brackets. Empty for what nobody said."""
    text: str
    as_heard: str = ""
    """What the recogniser wrote, where a name was put right."""
    seq: int | None = None
    """The entry of the journal it stands on."""


class Transcript(msgspec.Struct, frozen=True):
    """A call's words, and what stands above them."""

    title: str
    about: str
    started: str
    """ISO 8601; empty where the journal does not say."""
    call_id: str
    language: str
    is_guessed: bool
    """Whether any line says who probably spoke."""
    rows: tuple[Row, ...]


def transcript(
    notes: Notes, said: Iterable[Line], voices: Voices, words: Mapping[str, Any]
) -> Transcript:
    """Lay out a call's words; `said` as `talk.lines` returns it, `words` of `transcript.toml`."""
    said = tuple(said)
    header = notes.header
    head = words["head"]
    named = msgspec.structs.replace(voices, them=clean(header.called) or voices.them)
    rows = [*_spoken(said, named), *_questions(notes, said), *_gaps(notes, words["gap"])]
    rows.sort(key=lambda row: (row.start_s, _ORDER.index(row.kind), row.seq or 0))
    person = clean(header.person)
    return Transcript(
        title=head["with"].format(person=person) if person else head["title"],
        about=clean(header.about),
        started=header.started,
        call_id=clean(header.call_id),
        language=clean(header.language),
        is_guessed=any(line.probably for line in said),
        rows=tuple(rows),
    )


def markdown(call: Transcript, wording: Wording) -> str:
    """Write the transcript as Markdown. Raises InputError for a template that is at fault."""
    rows = [
        msgspec.structs.replace(row, who=plain_markdown(row.who), text=plain_markdown(row.text))
        for row in call.rows
    ]
    front = {
        "title": yaml_text(call.title),
        "date": yaml_text(call.started),
        "call": yaml_text(call.call_id),
    }
    title, about = plain_markdown(call.title), plain_markdown(call.about)
    return _rendered("transcript.md", call, wording, rows, title=title, about=about, front=front)


def plain_text(call: Transcript, wording: Wording) -> str:
    """Write the transcript as plain text. Raises InputError for a template that is at fault."""
    return _rendered("transcript.txt", call, wording, call.rows, title=call.title, about=call.about)


def day_of(call: Transcript) -> str:
    """Return when the call began, as it stands above a transcript."""
    began = began_at(call.started)
    return began.strftime("%Y-%m-%d, %H:%M") if began else ""


def moment_of(call: Transcript) -> datetime:
    """Return when the call began as documents keep it: UTC, without a zone."""
    began = began_at(call.started) or _LONG_AGO
    return began.astimezone(UTC).replace(tzinfo=None) if began.tzinfo else began


def _rendered(
    template: str, call: Transcript, wording: Wording, rows: Sequence[Row], **values: object
) -> str:
    page = wording.render(
        template,
        rows=[msgspec.structs.asdict(row) for row in rows],
        words=wording.labels(WORDS),
        day=day_of(call),
        is_guessed=call.is_guessed,
        clock=clock,
        **values,
    )
    tidy: list[str] = []
    for line in map(str.rstrip, page.splitlines()):
        if line or (tidy and tidy[-1]):
            tidy.append(line)
    return "\n".join(tidy).strip("\n") + "\n"


def _spoken(said: Sequence[Line], voices: Voices) -> Iterable[Row]:
    for line in said:
        who = voices.of_line(line.channel, line.probably)
        as_heard = clean(line.as_heard)
        yield Row("line", line.start_s, line.end_s, who, line.text, as_heard, line.seq)


def _questions(notes: Notes, said: Sequence[Line]) -> Iterable[Row]:
    """Place each question just before the line it was asked in."""
    starts_s = {line.seq: line.start_s for line in said}
    for asked in notes.asked:
        at_s = min((starts_s[seq] for seq in asked.seqs if seq in starts_s), default=asked.start_s)
        yield Row("question", at_s, at_s, "", clean(asked.text))


def _gaps(notes: Notes, words: Mapping[str, str]) -> Iterable[Row]:
    went = notes.delivery
    for pause in went.pauses:
        yield _gap(words["paused"], pause.start_s, pause.length_s)
    for loss in went.lost:
        # One side that was lost for long is told once, with how long it was.
        yield _gap(words["lost"], loss.start_s, loss.length_s)
    for forgot in went.forgotten:
        yield _gap(words["forgotten"], forgot.start_s, forgot.length_s)


def _gap(form: str, start_s: float, length_s: float) -> Row:
    text = form.format(length_s=f"{length_s:.0f}")
    return Row("gap", start_s, start_s + length_s, "", text)


def question_of(call: Transcript) -> Mapping[int, str]:
    """Return the entry of each line that asked a prepared question -> that question."""
    found: dict[int, str] = {}
    asked: list[str] = []
    for row in call.rows:
        if row.kind == "question":
            asked.append(row.text)
        elif row.kind == "line" and row.seq is not None and asked:
            found[row.seq] = "; ".join(asked)
            asked = []
    return found
