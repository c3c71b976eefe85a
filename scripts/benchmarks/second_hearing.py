"""How many words a second hearing mishears, beside the first one, on speech whose words are known.

Each recording is heard as a call hears it, in a child process, piece by piece; then its stretches
are heard again as `hear-again` does; then each line is read in the hearing that is chosen. Words
are compared in lower case without marks. Also says how long each took for a second of speech.
"""

import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import jiwer
import msgspec
from figures import Figure

from assistant.events import Channel, Entry, Heard
from assistant.hearing import rest
from assistant.hearing.catalogue import Catalogue, read_catalogue
from assistant.hearing.models import Choice, choose
from assistant.hearing.second import Second, open_second, open_sound
from assistant.hearing.second_choice import choose_second_hearing
from assistant.keeping.folder import CallFolder
from assistant.notes.hearings import as_heard
from assistant.notes.revised import revised
from assistant.plan import Plan
from assistant.recording import to_spool
from assistant.rehearing import Rehearing, stretches
from assistant.settings import texts
from assistant.understanding.spelling import Speller

KNOWN = ("gold", "silver", "vendor-doc")
"""How far the words of a recording are to be trusted, for it to be measured on."""


class Recording(msgspec.Struct, frozen=True):
    """A line of the list of recordings."""

    path: str
    text: str
    kind: str
    seconds: float
    transcript_trust: str


class Spoken(msgspec.Struct, frozen=True):
    """A recording and what a call heard of it."""

    recording: Recording
    raw: Path
    entries: tuple[Entry, ...]


def figures(listed: Path, engines: Sequence[str], dirs: Sequence[Path]) -> list[Figure]:
    """Measure the built-in engine as the first, and each of `engines` as the second hearing."""
    catalogue = read_catalogue(texts("models") / "catalogue.toml")
    first = choose("moonshine", "en", "", dirs, catalogue)
    with tempfile.TemporaryDirectory() as scratch:
        began_s = time.perf_counter()
        spoken = _spoken(listed, first, Path(scratch))
        took_s = time.perf_counter() - began_s
        found = _rows(f"first: {first.label}", spoken, took_s)
        for name in engines:
            second = choose_second_hearing(name, "en", first.label, dirs, catalogue)
            found += _second(spoken, second, first, catalogue)
    return found


def _spoken(listed: Path, first: Choice, scratch: Path) -> list[Spoken]:
    decode = msgspec.json.Decoder(Recording).decode
    spoken: list[Spoken] = []
    for line in listed.read_bytes().splitlines():
        recording = decode(line)
        if recording.transcript_trust not in KNOWN or not recording.text:
            continue
        raw = scratch / f"{len(spoken)}.s16"
        length_s = to_spool(listed.parent / recording.path, None, raw)
        facts = rest.hear(first, {Channel.THEM: raw}, {Channel.THEM: length_s})
        entries = tuple(Entry(n, at_s, fact) for n, (at_s, fact) in enumerate(facts, start=1))
        spoken.append(Spoken(recording, raw, entries))
    return spoken


def _second(
    spoken: Sequence[Spoken], second: Second, first: Choice, catalogue: Catalogue
) -> list[Figure]:
    plan = Plan()
    engine = open_second(second, "en")
    job = Rehearing(
        CallFolder(Path()), plan, Speller(plan), second, engine, open_sound(),
        catalogue.word_errors.get("en", {}),
    )  # fmt: skip
    began_s = time.perf_counter()
    again: list[Spoken] = []
    chosen: list[Spoken] = []
    for one in spoken:
        facts = [job.again(stretch, one.raw) for stretch in stretches(one.entries)]
        heard = [fact for fact in facts if fact is not None]
        seq, at_s = len(one.entries), one.entries[-1].at_s if one.entries else 0.0
        later = [Entry(seq + n, at_s, fact) for n, fact in enumerate(heard, start=1)]
        lines = [Entry(0, at_s, as_heard(fact, None)) for fact in heard]
        again.append(msgspec.structs.replace(one, entries=tuple(lines)))
        read = revised((*one.entries, *later))
        chosen.append(msgspec.structs.replace(one, entries=read))
    took_s = time.perf_counter() - began_s
    engine.close()
    return [
        *_rows(f"second: {second.label}", again, took_s),
        *_rows(f"chosen of {first.label} and {second.label}", chosen, None),
    ]


def _rows(what: str, spoken: Sequence[Spoken], took_s: float | None) -> list[Figure]:
    kinds = sorted({one.recording.kind for one in spoken})
    rows = [_errors(f"{what}, all", spoken)]
    rows += [
        _errors(f"  of this: {kind}", [one for one in spoken if one.recording.kind == kind])
        for kind in kinds
    ]
    if took_s is not None:
        length_s = sum(one.recording.seconds for one in spoken)
        rows.append(Figure(f"  {what}", "s per s", round(took_s / length_s, 3), len(spoken)))
    return rows


def _errors(what: str, spoken: Sequence[Spoken]) -> Figure:
    said = [_plain(one.recording.text) for one in spoken]
    heard = [_plain(" ".join(_lines(one.entries))) for one in spoken]
    count = sum(len(text.split()) for text in said)
    return Figure(what, "word errors", round(jiwer.wer(said, heard), 4), count)


def _lines(entries: Sequence[Entry]) -> list[str]:
    lines = [entry.event for entry in entries if isinstance(entry.event, Heard)]
    return [line.text for line in sorted(lines, key=lambda line: line.start_s)]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w' ]+", " ", text.lower().replace("\u2019", "'")).split())
