"""A recording's journal: as of a call where nobody was there, interrupted or not."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest
from scene import PLAN, by_words
from told_recording import DECODED, IMPORTED, LENGTH_S, hear, job, timed

from assistant.call import replay
from assistant.events import (
    Asked,
    AudioLost,
    CallEnded,
    CallStarted,
    Channel,
    Cue,
    DeadLine,
    Entry,
    Farewell,
    Heard,
    Imported,
    SpeechStarted,
    Stalled,
    TimeShort,
    Trouble,
    Understood,
)
from assistant.hearing.rest import Timed
from assistant.hearing.retold import Retold
from assistant.importing.decoding import Decoded
from assistant.importing.telling import Beginning, Hear, tell
from assistant.keeping import journal

pytestmark = pytest.mark.edge

# So short that every warning of the clock would be due.
SHORT = msgspec.structs.replace(PLAN, minutes=1.0)


def beginning(engine: str = "told") -> Beginning:
    return Beginning(job(Path("/"), ()).started("0", engine), IMPORTED)


def told(
    path: Path, hears: Hear = hear, decoded: Decoded = DECODED, engine: str = "told"
) -> list[Entry]:
    return tell(path, SHORT, beginning(engine), LENGTH_S, decoded, hears, lambda: by_words(SHORT))


def kinds(entries: list[Entry]) -> set[type]:
    return {type(entry.event) for entry in entries}


def test_it_says_first_that_it_was_imported_and_last_that_the_file_ended(tmp_path: Path) -> None:
    entries = told(tmp_path / "journal.jsonl")
    assert [type(entry.event) for entry in entries[:2]] == [CallStarted, Imported]
    assert entries[1].event == IMPORTED
    assert entries[-1].event == CallEnded("end of file")
    assert entries[-1].at_s == LENGTH_S
    assert journal.read(tmp_path / "journal.jsonl").entries == entries
    assert replay(SHORT, entries) == entries


def test_what_was_said_counts_and_its_silences_but_nobody_was_told_anything(
    tmp_path: Path,
) -> None:
    found = kinds(told(tmp_path / "journal.jsonl"))
    assert {Asked, Farewell, Stalled} <= found
    assert not {Cue, TimeShort} & found


def test_what_could_not_be_read_is_told_where_it_was(tmp_path: Path) -> None:
    lost = ((Channel.ME, 20.0, 24.0), (Channel.THEM, 20.0, 24.0))
    decoded = damaged(lost, "call.wav could be read up to 1:00 of 2:00: it was cut off.")
    entries = told(tmp_path / "journal.jsonl", decoded=decoded)
    losses = [(e.at_s, e.event.channel) for e in entries if isinstance(e.event, AudioLost)]
    assert losses == [(24.0, Channel.ME), (24.0, Channel.THEM)]
    assert entries[-2].event == Trouble("recording", decoded.broke_off)
    assert replay(SHORT, entries) == entries


def damaged(lost: tuple[tuple[Channel, float, float], ...], broke_off: str) -> Decoded:
    return Decoded(DECODED.lengths_s, lost, broke_off)


def heard(entries: list[Entry]) -> list[str]:
    return [entry.event.text for entry in entries if isinstance(entry.event, Heard)]


def test_interrupted_anywhere_it_goes_on_and_comes_to_the_same(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    lost = ((Channel.ME, 20.0, 24.0),)
    decoded = damaged(lost, "call.wav could be read up to 1:00: it is damaged.")
    whole = told(path, decoded=decoded)
    body = path.read_bytes()
    lines = body.splitlines(keepends=True)
    assert len(lines) == len(whole) > 30
    for n in range(len(lines) + 1):
        # A death leaves some of its lines, and perhaps half of the next one.
        half = lines[n][: len(lines[n]) // 2] if n < len(lines) and n % 2 else b""
        path.write_bytes(b"".join(lines[:n]) + half)
        again = told(path, decoded=decoded)
        assert replay(SHORT, again) == again
        assert [e.event for e in again if not isinstance(e.event, Understood)] == [
            e.event for e in whole if not isinstance(e.event, Understood)
        ]
        assert len(again) == len(whole)
        reading = journal.read(path)
        assert (reading.entries, reading.damaged) == (again, 0)


def test_what_was_told_is_not_heard_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    asked: list[dict[Channel, float]] = []

    def broken_off(_: Mapping[Channel, Retold]) -> Iterator[Timed]:
        yield from timed(4)
        raise KeyboardInterrupt

    def rest(known: Mapping[Channel, Retold]) -> Iterator[Timed]:
        asked.append({channel: told.from_s for channel, told in known.items()})
        return hear(known)

    with pytest.raises(KeyboardInterrupt):
        told(path, broken_off)
    entries = told(path, rest)
    assert asked == [{Channel.ME: 8.0, Channel.THEM: 15.0}]
    assert heard(entries) == heard(told(tmp_path / "other.jsonl"))


def test_what_another_engine_has_told_is_told_anew(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"

    def broken_off(_: Mapping[Channel, Retold]) -> Iterator[Timed]:
        yield 1.1, SpeechStarted(Channel.ME, 1.0)
        yield 2.9, Heard(Channel.ME, 1.0, 2.5, "nonsense", engine="other")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        told(path, broken_off, engine="other")
    entries = told(path)
    assert "nonsense" not in heard(entries)
    assert heard(entries)[0] == "hello dana"
    assert entries[0].event == beginning().started


@pytest.mark.parametrize(
    ("wall", "sides"),
    [("2026-12-01T15:00:00+01:00", "them,me"), ("2026-12-01T16:00:00+01:00", "me,them")],
)
def test_what_was_told_of_other_sides_or_another_time_is_told_anew(
    tmp_path: Path, wall: str, sides: str
) -> None:
    path = tmp_path / "journal.jsonl"
    started = CallStarted("2026-12-01-1500-dana", wall, "0", {"hearing": "told"})
    imported = msgspec.structs.replace(IMPORTED, sides=sides)

    def broken_off(_: Mapping[Channel, Retold]) -> Iterator[Timed]:
        yield 1.1, SpeechStarted(Channel.ME, 1.0)
        yield 2.9, Heard(Channel.ME, 1.0, 2.5, "nonsense", engine="told")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        told(path, broken_off)
    anew = Beginning(started, imported)
    entries = tell(path, SHORT, anew, LENGTH_S, DECODED, hear, lambda: by_words(SHORT))
    assert "nonsense" not in heard(entries)
    assert [entry.event for entry in entries[:2]] == [started, imported]


def test_what_is_whole_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    whole = told(path)
    body = path.read_bytes()

    def never(_: Mapping[Channel, Retold]) -> Iterator[Timed]:
        raise AssertionError

    assert told(path, never) == whole
    assert path.read_bytes() == body


def test_a_long_silence_is_one_and_a_recording_of_silence_is_a_call(tmp_path: Path) -> None:
    entries = told(tmp_path / "a.jsonl", lambda _: iter(()))
    assert [type(e.event) for e in entries] == [CallStarted, Imported, CallEnded]
    talk = timed(2)
    entries = told(tmp_path / "b.jsonl", lambda _: iter(talk))
    assert DeadLine in kinds(entries)
