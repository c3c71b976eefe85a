"""Two lines of a call are told from one room heard by two microphones, and from mono in stereo."""

import numpy as np
import pytest

from assistant.importing.alike import Alike
from assistant.recording import RATE_HZ, Samples

pytestmark = pytest.mark.unit


def talk(seed: int, from_s: float, to_s: float, length_s: float = 20.0) -> Samples:
    """Return noise as loud as speech in a stretch, a quiet line else."""
    random = np.random.default_rng(seed)
    sound = 0.0005 * random.standard_normal(round(length_s * RATE_HZ))
    loud = slice(round(from_s * RATE_HZ), round(to_s * RATE_HZ))
    sound[loud] += 0.1 * random.standard_normal(loud.stop - loud.start)
    return sound.astype(np.float32)


def is_one_room(left: Samples, right: Samples, block: int = 7001) -> bool:
    alike = Alike()
    for at in range(0, len(left), block):
        alike.take(left[at : at + block], right[at : at + block])
    return alike.is_one_room


def with_echo(voice: Samples, other: Samples) -> Samples:
    return (voice + 0.25 * other).astype(np.float32)


ME, THEM = talk(1, 0, 8), talk(2, 8, 20)


def test_two_lines_are_two_sides_even_with_an_echo_of_the_other() -> None:
    assert not is_one_room(ME, THEM)
    assert not is_one_room(with_echo(ME, THEM), with_echo(THEM, ME))


def test_the_same_on_both_is_one_microphone() -> None:
    assert is_one_room(ME + THEM, ME + THEM)


def test_one_room_by_two_microphones_is_one_room() -> None:
    later = np.roll(ME + THEM, 12)
    assert is_one_room(ME + THEM, later + talk(3, 0, 0))


def test_a_side_that_is_never_loud_is_no_line_of_its_own() -> None:
    assert is_one_room(ME + THEM, talk(3, 0, 0))


def test_silence_tells_nothing_and_is_taken_together() -> None:
    assert is_one_room(talk(3, 0, 0), talk(4, 0, 0))


def test_it_does_not_matter_in_which_blocks_the_sound_comes() -> None:
    takes = [Alike(), Alike()]
    takes[0].take(ME, THEM)
    for at in range(0, len(ME), 333):
        takes[1].take(ME[at : at + 333], THEM[at : at + 333])
    assert takes[0].is_one_room is takes[1].is_one_room is False
