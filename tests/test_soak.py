"""The bench for long calls: what it takes for growth, and what for chance."""

from itertools import islice
from random import Random

import growth
import numpy as np
import pytest
import soak
from figures import Figure
from soak import Moment, Soak
from starved_call import stale_cues
from talk import NOISE_RMS, Phrase, Talk
from watching import Use
from wordy_ear import words_for

from assistant.events import AudioLost, Channel, Cue, CueStarted, Entry, Heard, Trouble
from assistant.hearing.spool import RATE_HZ

pytestmark = pytest.mark.unit

HOUR_S = 3600.0


def moment(
    at_s: float,
    *,
    mb: float = 80.0,
    files: int = 20,
    children: int = 2,
    journal: float | None = None,
) -> Moment:
    names = ("daemon", "ear", "voice")[: children + 1]
    processes = {name: Use(1, mb, files, 9, 0.0) for name in names}
    size = int(400 * at_s if journal is None else journal)
    return Moment(at_s, processes, size, 1.0, 0.001, 0)


def lived(moments: list[Moment]) -> dict[str, Figure]:
    held = Soak("somewhere", 1.0, moments, None, 0, 0, moments[-1].at_s)
    return {figure.what: figure for figure in soak.figures(held)}


def every(step_s: float, hours: float = 1.0) -> list[float]:
    return [n * step_s for n in range(int(hours * HOUR_S / step_s) + 1)]


def test_a_slope_is_what_most_of_the_figures_say() -> None:
    at_s = every(5.0)
    level = [80.0 + 3.0 * s / HOUR_S for s in at_s]
    for odd in range(100, 200):
        level[odd] += 500.0
    slope = growth.slope_per_hour(at_s, level)
    assert slope is not None
    assert abs(slope - 3.0) < 0.3


def test_a_series_of_any_length_has_a_slope_or_none() -> None:
    assert growth.slope_per_hour([0.0, 5.0], [1.0, 2.0]) is None
    assert growth.slope_per_hour([5.0] * 9, [1.0] * 9) is None
    at_s = every(1.0, hours=3.0)
    assert growth.slope_per_hour(at_s, [7.0] * len(at_s)) == 0.0


def test_what_grows_slowly_misses_its_target_and_says_from_where_to_where() -> None:
    figure = lived([moment(s, mb=80.0 + 2.0 * s / HOUR_S) for s in every(5.0)])[
        "daemon: memory, slope"
    ]
    assert figure.value is not None
    assert abs(figure.value - 2.0) < 0.01
    assert not figure.holds
    assert "to 82.0 MB" in figure.reason


def test_what_is_filled_in_the_first_ten_minutes_is_no_leak() -> None:
    moments = [moment(s, mb=60.0 + min(s, 600.0) / 20) for s in every(5.0)]
    assert lived(moments)["daemon: memory, slope"].holds


def test_files_and_children_that_stay_open_are_found_and_those_that_come_and_go_are_not() -> None:
    figures = lived([moment(s, files=20 + int(s // 900)) for s in every(5.0)])
    assert not figures["daemon: open files, risen"].holds
    figures = lived([moment(s, files=20 + (n % 7 == 0)) for n, s in enumerate(every(5.0))])
    assert figures["daemon: open files, risen"].holds
    figures = lived([moment(s, children=1 if s < 1800 else 2) for s in every(5.0)])
    assert not figures["children, risen"].holds


def test_a_journal_that_grows_faster_and_faster_is_found() -> None:
    assert lived([moment(s) for s in every(5.0)])["journal, second half against first"].holds
    figures = lived([moment(s, journal=s * s / 10) for s in every(5.0)])
    assert not figures["journal, second half against first"].holds


def test_minutes_say_nothing_of_an_hour_and_nothing_seen_is_a_miss() -> None:
    figures = lived([moment(s, mb=80.0 + s) for s in every(5.0, hours=0.05)])
    assert figures["daemon: memory, slope"].most is None
    (figure,) = soak.figures(Soak("somewhere", 1.0, [], None, 0, 0, 0.0, "it was interrupted"))
    assert not figure.holds


def test_a_call_that_was_not_stopped_misses_its_end() -> None:
    assert not lived([moment(s) for s in every(60.0)])["stop to summary"].holds


def test_the_end_tells_overflows_from_losses_and_drift_and_leaves_chance_out() -> None:
    me = Channel.ME
    events = [
        AudioLost(me, 1.0, 1.5, "the machine was too busy"),
        AudioLost(me, 2.0, 2.25, "the device stopped"),
        AudioLost(me, 3.0, 3.04, "clock drift"),
        Trouble("headset", "The microphone seems to hear the murmurs; use a headset."),
        Trouble("disk", "full"),
        Heard(me, 4.0, 5.0, "three words here"),
    ]
    end = soak.ended([Entry(n, float(n), it) for n, it in enumerate(events, 1)], 2.0, 1.0)
    assert (end.overflows, end.lost_s, end.drift_steps, end.words) == (1, 0.25, 1, 3)
    assert end.troubles == ("disk: full",)


def test_a_cue_that_begins_after_it_expired_is_stale() -> None:
    def cue(seq: int, expires_s: float) -> Entry:
        return Entry(seq, 1.0, Cue("question", "ask: day", None, "silent", expires_s))

    entries = [cue(1, 10.0), cue(2, 20.0)]
    entries += [Entry(3, 9.0, CueStarted(1, 9.9)), Entry(4, 21.0, CueStarted(2, 20.1))]
    assert stale_cues(entries) == 1


PHRASES = (
    Phrase("me", "Hello there.", 0, RATE_HZ),
    Phrase("them", "Well, I began as a nurse.", 0, 2 * RATE_HZ),
    Phrase("them", "Then I learned to code.", 2 * RATE_HZ, 5 * RATE_HZ),
)


def talk(seed: int) -> Talk:
    loud = np.full(5 * RATE_HZ, 9000, np.int16)
    return Talk({"me": loud, "them": loud}, PHRASES, Random(seed))


def test_both_sides_talk_in_step_with_silences_and_are_never_quite_still() -> None:
    blocks = list(islice(talk(1).blocks(320), 50 * 600))
    for side in ("me", "them"):
        sound = np.concatenate([block[side] for block in blocks])
        spoken = float(np.mean(np.abs(sound) > 5000))
        assert 0.05 < spoken < 0.8
        assert all(block[side].any() for block in blocks)
        assert abs(float(sound[np.abs(sound) < 1000].std()) - NOISE_RMS) < 1.0


def test_the_same_chance_gives_the_same_talk() -> None:
    for first, second in zip(
        islice(talk(3).blocks(1600), 300), islice(talk(3).blocks(1600), 300), strict=True
    ):
        assert all(np.array_equal(first[side], second[side]) for side in first)


def test_words_take_as_long_as_the_voice() -> None:
    words = words_for(PHRASES, 5.0)
    assert " ".join(word.text for word in words) == "Then I learned to code. Hello there."
    assert (words[0].start_s, words[-1].end_s) == (0.0, 5.0)


def test_what_users_do_includes_every_pause_resumed() -> None:
    verbs = [verb for _, verb in islice(soak.doings(Random(1)), 400)]
    pauses = [n for n, verb in enumerate(verbs[:-1]) if verb == ("pause",)]
    assert pauses
    assert all(verbs[n + 1] == ("resume",) for n in pauses)
    assert {verb[0] for verb in verbs} >= {"note", "mark", "tick", "next", "hush", "extend"}
