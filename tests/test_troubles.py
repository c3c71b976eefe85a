"""Which parts do not work."""

import pytest

from assistant.events import Entry, Fact, Recovered, Trouble
from assistant.minds.troubles import Troubles

pytestmark = pytest.mark.unit


def after(*facts: Fact) -> Troubles:
    troubles = Troubles()
    for number, fact in enumerate(facts):
        troubles.take(Entry(number + 1, float(number), fact))
    return troubles


def test_a_part_is_in_trouble_until_it_is_over() -> None:
    gone, back = Trouble("microphone", "It stopped."), Trouble("microphone", "It is back.", True)
    assert after(gone).parts == {"microphone"}
    assert after(gone, gone).parts == {"microphone"}
    assert after(gone, back).parts == frozenset()
    assert after(back).parts == frozenset()
    assert after(gone, back, gone).parts == {"microphone"}


def test_the_last_sentence_counts_and_who_spoke_last_comes_last() -> None:
    troubles = after(
        Trouble("hearing", "It stopped."),
        Trouble("headset", "It is gone."),
        Trouble("hearing", "It hangs."),
    )
    assert list(troubles.texts.values()) == ["It is gone.", "It hangs."]


@pytest.mark.parametrize(
    ("part", "is_deaf"),
    [("microphone", True), ("far side", True), ("headset", False), ("disk", False)],
)
def test_without_one_of_the_ears_nobody_knows_whether_it_is_silent(
    part: str, is_deaf: bool
) -> None:
    assert after(Trouble(part, "x")).is_deaf is is_deaf
    assert not after(Trouble(part, "x"), Recovered(5.0, 9.0)).is_deaf
