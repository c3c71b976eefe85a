"""What several test files share."""

import signal
from collections.abc import Generator

import pytest
from sound_card import SoundCard

# Where the tests are run in the background, a shell has the interrupt ignored, and every program
# they start would inherit that; what happens on Ctrl-C is what some of them ask.
signal.signal(signal.SIGINT, signal.default_int_handler)


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
