"""What an ear says, before anybody believes it.

An ear stands on libraries that may say anything in their last breath. Law: nothing gets further
that could not have been heard: only speech and words, on a channel of this call, at times that lie
in order within the call, in text that can be shown.
"""

import math
import unicodedata
from collections.abc import Container
from typing import TypeAlias

import msgspec

from assistant.events import Channel, Heard, SpeechEnded, SpeechStarted, fact_from_json

AHEAD_S = 2.0
"""So much later than the call's time a claim may lie: a window's rest, two sound cards, a clock
that was asked a moment ago."""

_LONGEST_TEXT = 20_000
"""Characters; a piece lasts at most 25 s."""

Said: TypeAlias = SpeechStarted | SpeechEnded | Heard


class Claim(msgspec.Struct, frozen=True):
    """Any line of the ear: a fact with `known_s`, or one of its own words."""

    ear: str = ""
    """`ready`, `failed`, `partial`, `at`, `waiting`, `done`; empty for a fact."""
    channel: Channel | None = None
    text: str = ""
    s: float = 0.0
    known_s: float = 0.0
    error: str = ""
    hint: str = ""
    exit_code: int = 1


_decode = msgspec.json.Decoder(Claim).decode


def read_claim(line: bytes, to_s: float) -> Claim:
    """Read a line, in a call that has come to `to_s`. Raises ValueError where it makes no sense."""
    claim = _decode(line)
    _check(claim.s, claim.s, to_s)
    _check(claim.known_s, claim.known_s, to_s)
    _check_text(claim.text)
    return claim


def read_said(line: bytes, channels: Container[Channel], to_s: float) -> Said:
    """Read a fact, in a call of these channels that has come to `to_s`. Raises ValueError."""
    fact = fact_from_json(line)
    if not isinstance(fact, Said):
        # A fault in what came over the wire, not of a type of ours.
        raise ValueError("An ear can not know this.")  # noqa: TRY004
    if fact.channel not in channels:
        raise ValueError("This call has no such channel.")
    match fact:
        case SpeechStarted(_, start_s):
            _check(start_s, start_s, to_s)
        case SpeechEnded(_, start_s, end_s):
            _check(start_s, end_s, to_s)
        case Heard(_, start_s, end_s, text, words):
            _check(start_s, end_s, to_s)
            _check_text(text)
            if not text.strip():
                raise ValueError("No words were heard.")
            for word in words:
                _check(word.start_s, word.end_s, to_s)
                _check(word.confidence, word.confidence, 1.0)
                _check_text(word.text)
    return fact


def _check(start_s: float, end_s: float, to_s: float) -> None:
    if not (math.isfinite(end_s) and 0.0 <= start_s <= end_s <= to_s + AHEAD_S):
        raise ValueError("These times are no times of the call.")


def _check_text(text: str) -> None:
    if len(text) > _LONGEST_TEXT or any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise ValueError("This can not be shown.")
