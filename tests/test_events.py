"""The words of the journal: one flat line each, and the same value back."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.events import (
    FACTS,
    FINDINGS,
    Channel,
    CueEnded,
    Entry,
    Fact,
    Finding,
    Heard,
    NoteTaken,
    SpeechStarted,
    Stalled,
    Word,
    fact_from_json,
    from_line,
    to_json,
    to_line,
)

pytestmark = pytest.mark.unit

SECONDS = st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.builds(Word, st.text(), SECONDS, SECONDS, SECONDS)
KINDS: dict[Any, st.SearchStrategy[Any]] = {
    float: SECONDS,
    float | None: st.none() | SECONDS,
    str | None: st.none() | st.text(),
    tuple[Word, ...]: st.lists(WORDS, max_size=3).map(tuple),
    tuple[str, ...]: st.lists(st.text(), max_size=3).map(tuple),
    dict[str, float]: st.dictionaries(st.text(), SECONDS, max_size=3),
}


def every(kind: type[Fact] | type[Finding]) -> st.SearchStrategy[Fact | Finding]:
    fields = {
        field.name: KINDS[field.type] if field.type in KINDS else st.from_type(field.type)
        for field in msgspec.structs.fields(kind)
    }
    return st.builds(kind, **fields)


EVENTS = st.one_of([every(kind) for kind in (*FACTS, *FINDINGS)])
ENTRIES = st.builds(Entry, st.integers(1, 2**40), SECONDS, EVENTS)


@given(ENTRIES)
def test_a_line_reads_back_as_the_entry(entry: Entry) -> None:
    line = to_line(entry)
    assert from_line(line) == entry
    assert b"\n" not in line


@given(ENTRIES)
def test_a_line_is_flat_and_says_what_it_is(entry: Entry) -> None:
    line = json.loads(to_line(entry))
    assert list(line)[:3] == ["seq", "at_s", "is"]
    assert line["is"] == type(entry.event).__name__


@pytest.mark.parametrize("kind", FACTS)
def test_a_fact_travels_alone(kind: type[Fact]) -> None:
    @given(every(kind))
    def travel(fact: Fact | Finding) -> None:
        assert fact_from_json(to_json(fact)) == fact

    travel()


def test_the_spelling_is_the_documented_one() -> None:
    entry = Entry(41, 312.5, SpeechStarted(Channel.THEM, 312.22))
    assert to_line(entry) == (
        b'{"seq":41,"at_s":312.5,"is":"SpeechStarted","channel":"them","start_s":312.22}'
    )


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b'{"seq":1,"at_s":0.0}',
        b'{"seq":1,"at_s":0.0,"is":"NoSuchWord"}',
        b'{"seq":1,"at_s":0.0,"is":"NoteTaken"}',
        b'{"seq":1,"at_s":0.0,"is":"NoteTaken","text":5}',
        b'{"seq":1,"at_s":0.0,"is":"Tick"}',
        b'{"is":"NoteTaken","text":"x"}',
        b'{"seq":1,"at_s":0.0,"is":"NoteTaken","text":"x"',
        b"\xff\xfe",
    ],
)
def test_what_is_no_line_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        from_line(line)


def test_a_finding_is_no_fact() -> None:
    with pytest.raises(ValueError, match="Stalled"):
        fact_from_json(to_json(Stalled(4.0)))


def test_an_older_program_reads_a_newer_line() -> None:
    line = b'{"seq":1,"at_s":0.5,"is":"NoteTaken","text":"x","colour":"red"}'
    assert from_line(line) == Entry(1, 0.5, NoteTaken("x"))


def test_fields_that_came_later_have_defaults() -> None:
    line = b'{"is":"Heard","channel":"me","start_s":1.0,"end_s":2.0,"text":"hello"}'
    assert fact_from_json(line) == Heard(Channel.ME, 1.0, 2.0, "hello")


def test_values_can_not_be_changed() -> None:
    with pytest.raises(AttributeError):
        setattr(CueEnded(1, 0.0, 1.0, "spoken"), "how", "cut")  # noqa: B010
