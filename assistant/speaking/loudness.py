"""How loud a murmur is: under the call, and within what can be heard and borne.

Law: pure; every level is an RMS in dBFS.
"""

from assistant.speaking.samples import Samples

UNKNOWN_CALL_DB = -26.0
"""The level taken for a call in which nobody has spoken yet; phone speech lies about there."""

LOUDEST_DB = -14.0
QUIETEST_DB = -45.0
"""Between these a murmur stays, whatever the call's level."""


def level_db(call_db: float | None, below_db: float) -> float:
    """Return the level for a murmur in a call of that level."""
    call_db = UNKNOWN_CALL_DB if call_db is None else call_db
    return min(LOUDEST_DB, max(QUIETEST_DB, call_db - below_db))


def at_level(samples: Samples, wanted_db: float) -> Samples:
    """Return the samples with their voice at `wanted_db`, but never clipped."""
    gain = 10 ** ((wanted_db - samples.voice_db) / 20)
    return samples.scaled(min(gain, 0.98 / samples.peak if samples.peak else 0.0))
