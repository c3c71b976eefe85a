"""Whether a call's transcript is whole: against the same sound, heard again without a fault.

An ear that was started again cuts its pieces elsewhere, and an engine may hear a word otherwise in
another piece; so words are compared with some tolerance, times without: where the undisturbed
ear heard speech, the call has words, and nowhere twice.
"""

import difflib
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import soundfile

from assistant.events import AudioLost, CallEnded, Channel, Entry, Heard
from assistant.hearing.models import Choice
from assistant.rehearsal import hear

MOST_WORDS_OTHER = 0.15
"""Of all words."""

MOST_WORDS_MORE = 0.08
"""By how much the numbers of words may differ."""

_SHORTEST_S = 0.5
_LEAST_COVERED = 0.7
_MOST_TWICE_S = 0.3
_MOST_APART_S = 0.1


def faults(folder: Path, entries: Sequence[Entry], choice: Choice) -> list[str]:
    """Say what is wrong with the transcript and the sound of a call that has ended."""
    live = [entry.event for entry in entries if isinstance(entry.event, Heard)]
    sounds = _sounds(folder)
    with tempfile.TemporaryDirectory() as spools:
        again = [fact for _, fact in hear(sounds, choice, Path(spools)) if isinstance(fact, Heard)]
    found = sound_faults(folder, entries)
    for channel in sounds:
        ours = [heard for heard in live if heard.channel is channel]
        theirs = [heard for heard in again if heard.channel is channel]
        found += [f"{channel.value}: {fault}" for fault in _faults(ours, theirs)]
    return found


def sound_faults(folder: Path, entries: Sequence[Entry]) -> list[str]:
    """Say what is wrong with the sound of a call that has ended: every frame is there."""
    end_s = next((e.at_s for e in entries if isinstance(e.event, CallEnded)), 0.0)
    lost_s = sum(e.event.end_s - e.event.start_s for e in entries if isinstance(e.event, AudioLost))
    found = [f"{lost_s:.3f} s of sound lost"] * (lost_s > 0)
    for channel, (path, _) in _sounds(folder).items():
        sound_s = soundfile.info(path).duration
        if abs(sound_s - end_s) > _MOST_APART_S:
            found.append(f"{channel.value}: {sound_s:.2f} s of sound in a call of {end_s:.2f} s")
    return found or ["there is no sound"] * (not _sounds(folder))


def _sounds(folder: Path) -> dict[Channel, tuple[Path, int | None]]:
    paths = {channel: folder / f"{channel.value}.flac" for channel in Channel}
    return {channel: (path, None) for channel, path in paths.items() if path.exists()}


def _faults(live: Sequence[Heard], again: Sequence[Heard]) -> list[str]:
    found: list[str] = []
    ordered = sorted(live, key=lambda heard: heard.start_s)
    twice_s = sum(max(0.0, before.end_s - after.start_s) for before, after in pairwise(ordered))
    if twice_s > _MOST_TWICE_S:
        found.append(f"{twice_s:.2f} s heard twice")
    for heard in again:
        length_s = heard.end_s - heard.start_s
        covered_s = sum(
            max(0.0, min(heard.end_s, it.end_s) - max(heard.start_s, it.start_s)) for it in live
        )
        if length_s >= _SHORTEST_S and covered_s < _LEAST_COVERED * length_s:
            found.append(f"{length_s - covered_s:.2f} s of speech at {heard.start_s:.1f} s missing")
    ours, theirs = _words(live), _words(again)
    least = 3 / max(1, len(theirs))
    if abs(len(ours) - len(theirs)) > max(MOST_WORDS_MORE, least) * len(theirs):
        found.append(f"{len(ours)} words, undisturbed {len(theirs)}")
    same = sum(
        b.size for b in difflib.SequenceMatcher(None, ours, theirs, False).get_matching_blocks()
    )
    if len(theirs) - same > max(MOST_WORDS_OTHER, least) * len(theirs):
        found.append(f"{len(theirs) - same} of {len(theirs)} words are others")
    return found


def _words(heard: Sequence[Heard]) -> list[str]:
    text = " ".join(it.text for it in sorted(heard, key=lambda it: it.start_s)).lower()
    return [plain for word in text.split() if (plain := word.strip(".,;:!?'\"-"))]
