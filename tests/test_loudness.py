"""How loud a murmur is."""

import numpy as np
import pytest

from assistant.speaking.loudness import (
    LOUDEST_DB,
    QUIETEST_DB,
    UNKNOWN_CALL_DB,
    at_level,
    level_db,
)
from assistant.speaking.samples import Samples

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("call_db", "expected_db"),
    [
        (-30.0, -41.0),
        (-20.0, -31.0),
        (None, UNKNOWN_CALL_DB - 11.0),
        (-90.0, QUIETEST_DB),
        (20.0, LOUDEST_DB),
    ],
)
def test_it_lies_under_the_call_and_within_bounds(
    call_db: float | None, expected_db: float
) -> None:
    assert level_db(call_db, 11.0) == expected_db


def test_a_voice_is_brought_to_its_level() -> None:
    at_s = np.arange(22050) / 22050
    voice = Samples((0.9 * np.sin(2 * np.pi * 300 * at_s)).astype(np.float32), 22050)
    assert at_level(voice, -30.0).voice_db == pytest.approx(-30.0, abs=0.1)


def test_silence_stays_silence() -> None:
    assert at_level(Samples(np.zeros(100, np.float32), 22050), -30.0).peak == 0.0
