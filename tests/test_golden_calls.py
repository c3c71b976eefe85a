"""Whole interviews, lived again by words alone: what was found, murmured and noted.

A change of behaviour shows as a difference here; whether it is a better one, `scripts/bench coach`
says. `pytest tests/test_golden_calls.py --accept` writes down what is now, to be read as a diff.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest
from golden import CUES, OURS, GoldenCall, read_call, read_calls
from scene import by_words
from told import WORDING, WORDS

from assistant.call import replay
from assistant.errors import InputError
from assistant.events import (
    CallStarted,
    Channel,
    CueStarted,
    Entry,
    Heard,
    SpeechEnded,
    SpeechStarted,
    Understood,
)
from assistant.notes.notes import learn
from assistant.notes.render.summary import summary

pytestmark = pytest.mark.unit

NAMES = sorted(path.parent.name for path in OURS.glob(f"*/{CUES}"))
LENGTH_S = 600.0
GIVEN = (CallStarted, SpeechStarted, SpeechEnded, Heard, Understood, CueStarted)
"""What the transcript says already, or the lines that follow."""


@cache
def lived(name: str) -> tuple[GoldenCall, list[Entry]]:
    call = read_call(OURS / name)
    return call, call.lived(by_words(call.plan))


def found(entries: list[Entry]) -> Iterator[str]:
    """Spell what was found and murmured; words are named by when they began, not by number."""
    started_s = {e.seq: e.event.start_s for e in entries if isinstance(e.event, Heard)}
    for entry in entries:
        if isinstance(entry.event, GIVEN):
            continue
        fields = msgspec.to_builtins(entry.event)
        fields.pop("score", None)
        fields.pop("cue_seq", None)
        if (seq := fields.pop("heard_seq", None)) is not None:
            fields["heard_s"] = started_s[seq]
        yield msgspec.json.encode({"at_s": entry.at_s, **fields}).decode() + "\n"


def is_accepted(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))


def hold(path: Path, text: str, *, accept: bool) -> None:
    if accept:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_what_is_found_and_murmured_in_a_whole_call(
    name: str, request: pytest.FixtureRequest
) -> None:
    _, entries = lived(name)
    hold(OURS / name / "found.jsonl", "".join(found(entries)), accept=is_accepted(request))


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_whole_call(name: str, request: pytest.FixtureRequest) -> None:
    call, entries = lived(name)
    page = summary(learn(call.plan, entries, WORDS), WORDING)
    hold(OURS / name / "summary.md", page, accept=is_accepted(request))


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_call_is_the_call_its_facts_make(name: str) -> None:
    call, entries = lived(name)
    assert replay(call.plan, entries) == entries


@pytest.mark.parametrize("name", NAMES)
def test_the_friend_judged_a_whole_call_of_ten_minutes_or_more(name: str) -> None:
    call, _ = lived(name)
    assert call.length_s >= LENGTH_S
    assert {label.mark for label in call.labels} == {"must", "may", "not"}
    assert all(label.to_s <= call.length_s + 60.0 for label in call.labels)
    starts_s = [line.start_s for line in call.lines]
    assert starts_s == sorted(starts_s)


def test_the_calls_are_of_different_kinds() -> None:
    channels = {name: {line.channel for line in lived(name)[0].lines} for name in NAMES}
    assert [name for name, of_call in channels.items() if of_call == {Channel.UNCLEAR}] == [
        "one-microphone"
    ]
    assert len(NAMES) >= 6


def test_a_call_that_was_not_judged_for_cues_is_left_out_and_says_so_when_named() -> None:
    assert "brief" not in {call.name for call in read_calls(OURS)}
    with pytest.raises(InputError, match=r"no cues in .*brief"):
        read_calls(OURS, "brief")
    with pytest.raises(InputError, match=r"no cues in .*brief"):
        read_calls(OURS / "brief")
    assert read_call(OURS / "brief").labels == ()
