"""What several test files share."""

from collections.abc import Generator

import pytest
from sound_card import SoundCard


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the golden calls be written anew."""
    parser.addoption(
        "--accept", action="store_true", help="Write down what the golden calls are now."
    )


@pytest.fixture
def sound_card() -> Generator[SoundCard]:
    """Give the test a virtual sound card of its own; see `sound_card.SoundCard`."""
    with SoundCard() as card:
        yield card
