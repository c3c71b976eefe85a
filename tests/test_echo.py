"""Our own murmur, caught by the microphone, counts for nothing; what the user says counts."""

import pytest

from assistant.events import (
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    Entry,
    Fact,
    Finding,
    Heard,
    Word,
)
from assistant.speaking.echo import SpokenCue, SpokenCues, mark_echo

pytestmark = pytest.mark.unit

CUE = SpokenCue("ask: typical day", 100.0, 101.5)


def spoken(text: str, start_s: float, word_s: float = 0.35, channel: Channel = Channel.ME) -> Heard:
    """Words one after the other, each as long as the next."""
    words = tuple(
        Word(word, start_s + i * word_s, start_s + (i + 1) * word_s, 1.0)
        for i, word in enumerate(text.split())
    )
    return Heard(channel, start_s, start_s + len(words) * word_s, text, words)


def without_words(heard: Heard) -> Heard:
    return Heard(heard.channel, heard.start_s, heard.end_s, heard.text)


def is_echo(heard: Heard, *cues: SpokenCue) -> bool:
    return mark_echo(heard, cues or (CUE,)).echo


@pytest.mark.parametrize(
    "text",
    [
        "ask typical day",
        "typical day",
        "as typical they",
        "ask a tickle day",
        "tip ical day",
        "day",
    ],
)
def test_the_cue_as_a_recogniser_hears_it_is_its_echo(text: str) -> None:
    heard = spoken(text, 100.3)
    assert is_echo(heard)
    assert is_echo(without_words(heard))


@pytest.mark.parametrize("channel", [Channel.ME, Channel.UNCLEAR])
def test_every_microphone_of_ours_can_catch_it(channel: Channel) -> None:
    assert is_echo(spoken("ask typical day", 100.2, channel=channel))


def test_the_far_side_never_hears_the_headset() -> None:
    assert not is_echo(spoken("ask typical day", 100.2, channel=Channel.THEM))


@pytest.mark.parametrize(
    "text",
    [
        "what does a typical day look like",
        "so what is your typical day",
        "ask typical day",
        "typical day",
    ],
)
def test_the_user_asking_what_was_murmured_is_heard(text: str) -> None:
    heard = spoken(text, 102.0)
    assert not is_echo(heard)
    assert not is_echo(without_words(heard))


def test_the_user_who_cuts_the_cue_with_its_own_words_is_heard() -> None:
    cut = SpokenCue("ask: typical day", 100.0, 100.8)
    assert not is_echo(spoken("what does a typical day look like for you", 100.6, 0.25), cut)


@pytest.mark.parametrize(
    "text", ["i see", "yes", "that makes sense", "and the team", "could you say more", "okay so"]
)
def test_other_words_during_a_cue_are_the_users(text: str) -> None:
    heard = spoken(text, 100.2, 0.3)
    assert not is_echo(heard)
    assert not is_echo(without_words(heard))


def test_the_users_words_keep_a_line_that_begins_with_an_echo() -> None:
    assert not is_echo(spoken("typical day and how did you get there", 100.4, 0.15))


def test_words_in_the_tail_are_echo_and_past_it_are_not() -> None:
    late = spoken("typical day", 101.1, 0.3)
    assert is_echo(late)
    assert not mark_echo(late, [CUE], tail_s=0.0).echo


def test_only_the_cue_that_sounded_then_counts() -> None:
    other = SpokenCue("five left", 40.0, 41.0)
    assert is_echo(spoken("typical day", 100.3), other, CUE)
    assert not is_echo(spoken("typical day", 40.2), other, CUE)
    assert not mark_echo(spoken("typical day", 100.3), []).echo


def test_nothing_but_the_mark_changes() -> None:
    heard = spoken("typical day", 100.3)
    marked = mark_echo(heard, [CUE])
    assert (marked.text, marked.words, marked.start_s) == (heard.text, heard.words, heard.start_s)


def folded(*events: Fact | Finding) -> tuple[SpokenCue, ...]:
    cues = SpokenCues()
    for seq, event in enumerate(events, 1):
        cues.take(Entry(seq, float(seq), event))
    return cues.recent()


def cue(text: str) -> Cue:
    return Cue("question", text, None, "silent for 4 s", 20.0)


def test_a_cue_counts_from_its_first_sample_on() -> None:
    assert folded(cue("ask: pay")) == ()
    assert folded(cue("ask: pay"), CueStarted(1, 1.5)) == (
        SpokenCue("ask: pay", 1.5, float("inf")),
    )
    assert folded(cue("ask: pay"), CueStarted(1, 1.5), CueEnded(1, 1.5, 2.5, "spoken")) == (
        SpokenCue("ask: pay", 1.5, 2.5),
    )


def test_a_cue_without_a_voice_has_no_echo() -> None:
    assert folded(cue("a"), CueStarted(1, 1.5), CueEnded(1, 1.5, 1.5, "shown")) == ()
    assert folded(cue("a"), CueStarted(1, 1.5), CueEnded(1, 1.5, 1.7, "tone")) == ()
    assert folded(cue("a"), CueEnded(1, 1.5, 1.5, "expired")) == ()


def test_only_the_last_cues_are_kept() -> None:
    events: list[Fact | Finding] = []
    for n in range(50):
        seq = 3 * n + 1
        events += [cue(f"cue {n}"), CueStarted(seq, n), CueEnded(seq, n, n + 0.5, "spoken")]
    assert [c.text for c in folded(*events)] == ["cue 46", "cue 47", "cue 48", "cue 49"]
