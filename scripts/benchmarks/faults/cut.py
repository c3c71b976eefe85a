"""The power goes at any moment of a call: what is on the disk is read, and recovered.

The real journal and the real spools keep a call of a few seconds, in which the disk fails to sync
now and then and the user has something forgotten. Each state the disk may be left in is read and
told again. Sound is synced as the capture does it, and each sync takes a twentieth of a second.
"""

import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np

from assistant import parts
from assistant.call import Call, replay
from assistant.errors import DiskError, InputError
from assistant.events import (
    CallStarted,
    Channel,
    Entry,
    Fact,
    Forgotten,
    Heard,
    NoteTaken,
    SpeechEnded,
    SpeechStarted,
    to_line,
)
from assistant.hearing.capture import SYNC_S
from assistant.hearing.spool import FRAME_BYTES, RATE_HZ, Spool
from assistant.keeping import journal
from assistant.keeping.journal import Journal
from assistant.plan import Plan, Question
from assistant.retelling import tell_again
from assistant.spine import SYNC_EVERY_S
from faults.fault import Tally
from faults.power import Recorder, State, states

MOST_LOST_S = 1.0
BLOCK = 320
"""Frames of 20 ms."""
SYNC_TAKES_BLOCKS = 2
"""A sync lasts so many blocks of sound: 40 ms, more than most disks need."""
CALL_S = 9.0
STATES_OF_A_CALL = 60
_SECOND = RATE_HZ // BLOCK
_CHANNELS = Channel.ME, Channel.THEM

PLAN = Plan(questions=(Question("typical-day", "What does a typical day look like?", must=True),))
STARTED = CallStarted("call", "2026-12-01T15:00:00+01:00", "0.1.0", {})


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """These lines were said to be kept; while they are replaced, either all of them or those."""

    lines: frozenset[bytes]
    or_else: frozenset[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Captured:
    """So many frames of each channel were given to the disk."""

    frames: int


def sound_of(channel: Channel, frames: int) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Return a sound in which no frame is like its neighbours, and none is zero."""
    step = 7919 if channel is Channel.ME else 104_729
    return (np.arange(frames, dtype=np.int64) * step % 65_534 - 32_767 | 1).astype("<i2")


@dataclass(slots=True)
class ShortCall:
    """A call that is kept on a disk that is watched."""

    recorder: Recorder
    chance: Random
    call: Call = field(default_factory=lambda: Call(PLAN))
    entries: list[Entry] = field(default_factory=list[Entry])
    kept: frozenset[bytes] = frozenset()
    """What was acknowledged last."""
    blocks: int = 0
    _spools: dict[Channel, Spool] = field(default_factory=dict[Channel, Spool])
    _journal: Journal = field(init=False)
    _sounds: dict[Channel, bytes] = field(default_factory=dict[Channel, bytes])

    def hold(self) -> None:
        """Hold it from its start; it is not ended, for the power goes first."""
        folder = self.recorder.folder
        self._journal = Journal.open(folder / "journal.jsonl")
        frames = round(CALL_S * 1.5) * RATE_HZ
        for channel in _CHANNELS:
            self._spools[channel] = Spool(folder / f"{channel}.s16")
            self._sounds[channel] = sound_of(channel, frames).tobytes()
        self.recorder.meanwhile = self._time_passes
        self._place(STARTED)
        self._keep()
        sound_at = journal_at = 0.0
        forget_at_s = self.chance.uniform(0.3, 0.8) * CALL_S
        while (now_s := self.blocks / _SECOND) < CALL_S:
            self._capture()
            if self.chance.random() < 0.05:
                self._say()
            if now_s - sound_at >= SYNC_S:
                self._sync_sound()
                sound_at = self.blocks / _SECOND
            if now_s - journal_at >= SYNC_EVERY_S:
                journal_at = now_s
                self._fail_sometimes("journal")
                self._keep()
            if now_s >= forget_at_s:
                forget_at_s = CALL_S
                self._forget()

    def close(self) -> None:
        """Close the files, out of the record."""
        for spool in self._spools.values():
            spool.close()
        self._journal.close()

    def _time_passes(self) -> None:
        for _ in range(SYNC_TAKES_BLOCKS):
            self._capture()

    def _capture(self) -> None:
        begin = self.blocks * BLOCK * FRAME_BYTES
        self.blocks += 1
        for channel, spool in self._spools.items():
            spool.append(self._sounds[channel][begin : begin + BLOCK * FRAME_BYTES])
        self.recorder.knew(Captured(self.blocks * BLOCK))

    def _say(self) -> None:
        now_s = self.blocks / _SECOND
        channel = self.chance.choice(_CHANNELS)
        spoken = f"this is what was said at {now_s:.2f}"
        facts: tuple[Fact, ...] = (
            SpeechStarted(channel, round(now_s - 0.5, 3)),
            Heard(channel, round(now_s - 0.5, 3), now_s, spoken),
            SpeechEnded(channel, round(now_s - 0.5, 3), now_s),
        )
        if self.chance.random() < 0.3:
            # What a verb brings is kept at once.
            self._place(NoteTaken(f"note of {now_s:.2f}"))
            self._keep()
        else:
            self._place(*facts)

    def _place(self, *facts: Fact) -> None:
        new = [it for fact in facts for it in self.call.receive(fact, self.blocks / _SECOND)]
        self._journal.append(new)
        self.entries += new

    def _keep(self) -> None:
        self._journal.sync()
        self._acknowledge()

    def _sync_sound(self) -> None:
        for channel, spool in self._spools.items():
            self._fail_sometimes(channel.value)
            spool.sync()

    def _fail_sometimes(self, name: str) -> None:
        if self.chance.random() < 0.15:
            self.recorder.fail_next.add(name)

    def _forget(self) -> None:
        """Forget in the journal, as the running call does; its sound, as zeros, proves nothing."""
        now_s = self.blocks / _SECOND
        asked = [*self.entries, Entry(len(self.entries) + 1, now_s, Forgotten(now_s - 2, now_s))]
        call, entries, *_ = tell_again(PLAN, asked, STARTED)
        self.recorder.knew(Acknowledged(self.kept, _lines(entries)))
        try:
            self._journal.replace(entries)
        except DiskError:
            # As the running call does: it is tried again.
            self._journal.replace(entries)
        self.call, self.entries = call, entries
        self._acknowledge()

    def _acknowledge(self) -> None:
        self.kept = _lines(self.entries)
        self.recorder.knew(Acknowledged(self.kept))


def cut_the_power(tries: int, chance: Random, tally: Tally) -> None:
    """Cut the power of several calls at moments by chance."""
    shared = Path("/dev/shm")  # noqa: S108
    place = shared if shared.is_dir() else None
    while tally.tried < tries:
        with tempfile.TemporaryDirectory(dir=place) as name:
            folder = Path(name) / "call"
            folder.mkdir()
            recorder = Recorder(folder)
            short_call = ShortCall(recorder, chance)
            with recorder:
                short_call.hold()
            short_call.close()
            _cut_often(
                recorder, min(tries - tally.tried, STATES_OF_A_CALL), chance, tally, Path(name)
            )


def _cut_often(recorder: Recorder, tries: int, chance: Random, tally: Tally, place: Path) -> None:
    until = tally.tried + tries
    while tally.tried < until:
        at = chance.randint(1, len(recorder.operations))
        for state in states(recorder.operations, at, chance):
            left = place / "left"
            left.mkdir()
            for name, body in state.files.items():
                (left / name).write_bytes(body)
            try:
                lost_s, why = _look(left, state)
            except Exception as error:
                lost_s, why = 0.0, f"{type(error).__name__} on reading"
            tally.add(held=not why, figure=lost_s, why=f"{state.kind}: {why}")
            shutil.rmtree(left)
            if tally.tried == until:
                return


def _look(left: Path, state: State) -> tuple[float, str]:
    """Read and recover what is left; return the seconds of sound lost, and what did not hold."""
    acknowledged = next((it for it in reversed(state.knew) if isinstance(it, Acknowledged)), None)
    captured = next((it.frames for it in reversed(state.knew) if isinstance(it, Captured)), 0)
    lost_s = max(_lost_frames(left, channel, captured) for channel in _CHANNELS) / RATE_HZ
    if lost_s > MOST_LOST_S:
        return lost_s, f"{lost_s:.2f} s of sound lost"
    try:
        entries = journal.read(left / "journal.jsonl").entries
    except InputError:
        entries = list[Entry]()
    if acknowledged is not None and not _is_kept(acknowledged, _lines(entries)):
        return lost_s, "an acknowledged line was lost"
    _, told, *_ = tell_again(PLAN, entries, STARTED)
    journal.rewrite(left / "journal.jsonl", told)
    if replay(PLAN, journal.read(left / "journal.jsonl").entries) != told:
        return lost_s, "what was recovered is no journal"
    return lost_s, _goes_on(left)


def _lines(entries: list[Entry]) -> frozenset[bytes]:
    return frozenset(map(to_line, entries))


def _is_kept(acknowledged: Acknowledged, there: frozenset[bytes]) -> bool:
    return acknowledged.lines <= there or (
        acknowledged.or_else is not None and acknowledged.or_else <= there
    )


def _lost_frames(left: Path, channel: Channel, captured: int) -> int:
    path = left / f"{channel}.s16"
    held = parts.read(path, 0, captured) if parts.parts_of(path) else b""
    there = np.frombuffer(held, "<i2")
    return captured - int(np.count_nonzero(there == sound_of(channel, captured)[: len(there)]))


def _goes_on(left: Path) -> str:
    """Capture on behind what is left: nothing of it may change."""
    for channel in _CHANNELS:
        path = left / f"{channel}.s16"
        frames = parts.frames_in(path)
        before = parts.read(path, 0, frames) if frames else b""
        with Spool(path) as spool:
            spool.append(b"\1\0" * BLOCK)
        if parts.read(path, 0, frames + BLOCK) != before + b"\1\0" * BLOCK:
            return "the sound does not go on where it ended"
    return ""
