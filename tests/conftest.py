"""What several test files share."""

from collections.abc import Generator

import pytest
from sound_card import SoundCard


@pytest.fixture
def sound_card() -> Generator[SoundCard]:
    """Give the test a virtual sound card of its own; see `sound_card.SoundCard`."""
    with SoundCard() as card:
        yield card
