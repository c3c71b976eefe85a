"""Who spoke how much, and for how long on end."""

import pytest
from scene import ME, PHRASES, THEM, UNCLEAR

from assistant.events import Channel, Entry, Fact, Heard, SpeechEnded
from assistant.minds.balance import RESTS_S, Balance

pytestmark = pytest.mark.unit

TALK = "we moved the whole thing to the new site last year"


def after(*events: Fact) -> Balance:
    balance = Balance(PHRASES)
    for seq, event in enumerate(events, 1):
        balance.take(Entry(seq, 200.0, event))
    return balance


def said(channel: Channel, start_s: float, end_s: float, text: str = TALK) -> Heard:
    return Heard(channel, start_s, end_s, text)


def lengths_s(balance: Balance) -> tuple[float | None, float | None]:
    mine, theirs = balance.longest(ME), balance.longest(THEM)
    return mine and mine.length_s, theirs and theirs.length_s


def test_shares_are_of_turns_and_of_lines_only_where_there_are_none() -> None:
    lines = said(ME, 0.0, 1.0), said(THEM, 1.0, 2.0)
    assert after(*lines).my_share == 0.5
    turns = SpeechEnded(ME, 0.0, 1.0), SpeechEnded(THEM, 1.0, 4.0)
    assert after(*lines, *turns).my_share == 0.25
    assert after().my_share is None


def test_a_stretch_goes_on_over_a_breath_and_ends_with_a_rest_or_the_other_s_word() -> None:
    first, second = said(ME, 0.0, 10.0), said(ME, 10.0 + RESTS_S, 20.0)
    assert lengths_s(after(first, second)) == (20.0, None)
    assert lengths_s(after(first, said(ME, 10.1 + RESTS_S, 20.0))) == (10.0, None)
    assert lengths_s(after(first, said(THEM, 10.0, 12.0), second)) == (10.0, 2.0)


@pytest.mark.parametrize("text", ["mhm", "m hm", "uh huh", "right", "okay", "yeah totally", "the"])
def test_a_backchannel_ends_no_stretch_and_is_none(text: str) -> None:
    lines = said(ME, 0.0, 10.0), said(THEM, 9.0, 9.5, text), said(ME, 10.5, 20.0)
    assert lengths_s(after(*lines)) == (20.0, None)


def test_an_echo_is_nobody_s_and_one_microphone_knows_no_side() -> None:
    echo = Heard(ME, 0.0, 3.0, "ask typical day", echo=True)
    assert lengths_s(after(echo)) == (None, None)
    both = after(said(UNCLEAR, 0.0, 10.0), SpeechEnded(UNCLEAR, 0.0, 10.0))
    assert both.my_share is None
    assert both.longest(UNCLEAR) is None
    assert both.spoken_s == {UNCLEAR: 10.0}


def test_of_equals_the_first_is_the_longest() -> None:
    longest = after(
        said(ME, 0.0, 5.0), said(THEM, 5.0, 6.0), said(ME, 6.0, 11.0), said(THEM, 11.0, 13.0)
    ).longest(ME)
    assert longest is not None
    assert (longest.start_s, longest.seqs) == (0.0, [1])
