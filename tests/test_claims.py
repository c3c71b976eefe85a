"""What an ear says is believed only where it could have been heard."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.events import Channel, Heard, SpeechEnded, SpeechStarted, Word, to_json
from assistant.hearing.claims import AHEAD_S, Claim, read_claim, read_said

pytestmark = pytest.mark.unit

ME, THEM = Channel.ME, Channel.THEM
NOW_S = 60.0
TRUE = (
    SpeechStarted(ME, 0.0),
    SpeechEnded(ME, 1.0, 1.0),
    Heard(
        ME, 1.0, NOW_S, "네 so how, it's", (Word("so", 1.0, 1.2, 0.0), Word("how", 1.2, 1.3, 1.0))
    ),
    SpeechStarted(ME, NOW_S + AHEAD_S),
)
UNTRUE = (
    SpeechStarted(THEM, 1.0),
    SpeechStarted(ME, -0.1),
    SpeechStarted(ME, NOW_S + AHEAD_S + 0.1),
    SpeechStarted(ME, 1e308),
    SpeechEnded(ME, 2.0, 1.0),
    SpeechEnded(ME, 1.0, 1e9),
    Heard(ME, 2.0, 1.0, "so how"),
    Heard(ME, 1.0, 2.0, ""),
    Heard(ME, 1.0, 2.0, " \u2003"),
    Heard(ME, 1.0, 2.0, "so\x00how"),
    Heard(ME, 1.0, 2.0, "\x1b[2J"),
    Heard(ME, 1.0, 2.0, "line\nbreak"),
    Heard(ME, 1.0, 2.0, "x" * 100_000),
    Heard(ME, 1.0, 2.0, "so", (Word("so", 2.0, 1.0, 1.0),)),
    Heard(ME, 1.0, 2.0, "so", (Word("so", 1.0, 1e12, 1.0),)),
    Heard(ME, 1.0, 2.0, "so", (Word("s\x07", 1.0, 2.0, 1.0),)),
    Heard(ME, 1.0, 2.0, "so", (Word("so", 1.0, 2.0, -1.0),)),
)


@pytest.mark.parametrize("fact", TRUE, ids=repr)
def test_what_could_have_been_heard_is_believed(fact: SpeechStarted) -> None:
    assert read_said(to_json(fact), {ME}, NOW_S) == fact


@pytest.mark.parametrize("fact", UNTRUE, ids=range(len(UNTRUE)))
def test_what_could_not_have_been_heard_is_refused(fact: SpeechStarted) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_said(to_json(fact), {ME}, NOW_S)


@pytest.mark.parametrize(
    "line",
    [
        b'{"is":"CallEnded","reason":"x"}',
        b'{"is":"Hushed","for_s":9}',
        b'{"is":"Trouble","part":"ear","text":"x"}',
        b'{"is":"SpeechStarted","channel":"me","start_s":NaN}',
        b'{"is":"SpeechStarted","channel":"me","start_s":1e999}',
        b'{"is":"SpeechStarted","channel":"me","start_s":"1"}',
        b'{"is":"SpeechStarted","channel":7,"start_s":1}',
        b'{"is":"Heard","channel":"me","start_s":1,"end_s":2,"text":"\\ud800"}',
        b"\xff\xfe",
        b"",
    ],
)
def test_what_no_ear_can_know_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_said(line, {ME}, NOW_S)


@pytest.mark.parametrize("s", [-1.0, NOW_S + AHEAD_S + 0.1, 1e300])
def test_times_of_its_own_words_lie_in_the_call_too(s: float) -> None:
    for claim in (Claim("at", ME, s=s), Claim(known_s=s)):
        with pytest.raises(ValueError, match="times"):
            read_claim(msgspec.json.encode(claim), NOW_S)
    assert read_claim(msgspec.json.encode(Claim("at", ME, s=5.0)), NOW_S).s == 5.0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "is": st.sampled_from(["Heard", "SpeechStarted", "SpeechEnded", "CallEnded"]) | JSON,
        "ear": st.sampled_from(["at", "partial", "ready", ""]) | JSON,
        "channel": st.sampled_from(["me", "them", "nobody"]) | JSON,
        "start_s": st.floats() | JSON,
        "end_s": st.floats() | JSON,
        "text": st.text() | JSON,
        "s": st.floats() | JSON,
        "known_s": st.floats() | JSON,
        "words": JSON,
    },
)


@given(FIELDS)
def test_whatever_comes_is_sound_or_a_value_error(fields: dict[str, object]) -> None:
    line = msgspec.json.encode(fields)
    try:
        claim = read_claim(line, NOW_S)
        assert 0 <= claim.known_s <= NOW_S + AHEAD_S
        said = read_said(line, {ME}, NOW_S)
    except ValueError:
        return
    assert said.channel is ME
    end_s = said.start_s if isinstance(said, SpeechStarted) else said.end_s
    assert 0 <= said.start_s <= end_s <= NOW_S + AHEAD_S
    assert math.isfinite(end_s)


@given(st.binary())
def test_bytes_are_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_said(line, {ME}, NOW_S)
