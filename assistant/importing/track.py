"""The sound in a file, whoever decodes it: what its head tells, and its samples block by block.

Law: a track is read from its beginning, once; samples come in the order in which they sounded,
and what could not be decoded in between comes as zeros, so that a second of the file is a second
of the call.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from assistant.recording import Samples


@dataclass(slots=True)
class Track:
    """One file's sound, open."""

    rate_hz: int
    sides: int
    """Channels: 1 for mono, 2 for stereo."""
    length_s: float | None
    """What the file's head says; None where it says nothing."""
    is_length_sure: bool
    """Whether a file that ends before that was cut off; some heads only guess."""
    blocks: Iterator[Samples]
    """Shape (frames, sides), -1 to 1."""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the recorder wrote beside the sound, such as when it began."""
    lost_s: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """Stretches that are zeros because they could not be decoded; known once they were passed."""
    broke_off: str = ""
    """Why nothing came after the last block, though there was more; known at the end."""
