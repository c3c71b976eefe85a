"""Whether the microphone hears the murmurs."""

import pytest

from assistant.events import Channel
from assistant.speaking.leaks import DRY, LEAK_S, LEAKING, LEAKS, Leaks

pytestmark = pytest.mark.unit

ME, THEM, UNCLEAR = Channel.ME, Channel.THEM, Channel.UNCLEAR


@pytest.mark.parametrize("channel", [ME, UNCLEAR])
def test_several_cues_cut_at_once_are_a_leak_and_told_once(channel: Channel) -> None:
    leaks = Leaks()
    told = [leaks.heard(channel, 10.0 * n + 0.2, 10.0 * n) for n in range(2 * LEAKS)]
    assert [trouble for trouble in told if trouble] == [LEAKING]
    assert told[LEAKS - 1] == LEAKING


def test_their_voice_and_a_late_or_early_one_are_no_leak() -> None:
    leaks = Leaks()
    for _ in range(2 * LEAKS):
        assert leaks.heard(THEM, 10.2, 10.0) is None
        assert leaks.heard(ME, 10.0 + LEAK_S + 0.1, 10.0) is None
        assert leaks.heard(ME, 9.9, 10.0) is None
    assert leaks.heard_out() is None


def test_a_cue_heard_out_in_between_means_it_was_chance() -> None:
    leaks = Leaks()
    for _ in range(LEAKS):
        for _ in range(LEAKS - 1):
            assert leaks.heard(ME, 10.1, 10.0) is None
        assert leaks.heard_out() is None


def test_that_it_is_over_is_told_once_and_a_new_leak_again() -> None:
    leaks = Leaks()
    for _ in range(LEAKS):
        leaks.heard(ME, 10.1, 10.0)
    assert [leaks.heard_out(), leaks.heard_out()] == [DRY, None]
    assert [leaks.heard(ME, 10.1, 10.0) for _ in range(LEAKS)][-1] == LEAKING
