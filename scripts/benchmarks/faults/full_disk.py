"""The disk is full or fails, and a real call goes on: the daemon, the virtual sound card, a tone.

Full three ways: a small disk of our own in a namespace of our own, which needs no root; a limit on
how long a file may be; and a journal alone that can not be written. Failing: a sync that fails,
once, for the journal and for the sound. The faults of one file alone come from a small library that
stands before the system's own, or, where there is no compiler, from Python's start file.

    python full_disk.py HOME KIND [RULE]        one call, inside of what was prepared for it
"""

import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import numpy as np

ROOT = Path(__file__).resolve().parents[3]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "scripts" / "benchmarks")]

from assistant import control, parts  # noqa: E402
from assistant.control import Request, Status  # noqa: E402
from assistant.errors import SottovoceError  # noqa: E402
from assistant.events import AudioLost, CallEnded, NoteTaken, Trouble  # noqa: E402
from assistant.hearing import capture  # noqa: E402
from assistant.keeping import journal, room  # noqa: E402
from assistant.pages import FULL, MOVED  # noqa: E402
from assistant.recording import read_flac  # noqa: E402
from assistant.settings import Places  # noqa: E402
from faults.fault import Tally  # noqa: E402
from tests.sound_card import RATE_HZ, SoundCard, tone  # noqa: E402

ALARM_WITHIN_S = 2.0
MOST_SILENT_S = 0.2
"""A sound server that is starved plays a moment of silence now and then: that was captured."""
_DISK_BYTES = 48_000_000
_FILE_BYTES = 200_000
_MOUNT = f'mount -t tmpfs -o size={_DISK_BYTES} none "$SOTTOVOCE_HOME" && exec "$@"'
_ON_A_DISK_OF_OUR_OWN = "unshare", "-Urm", "sh", "-c", _MOUNT, "sh"
_SOON_S = 20.0
_HERE = Path(__file__).parent


class Found(msgspec.Struct, frozen=True):
    """What came of one call."""

    figure: float
    """Seconds until the alarm, or seconds of sound lost."""
    broken: tuple[str, ...]


# ---------------------------------------------------------------- the tries


def fill_a_small_disk(tries: int, chance: Random, tally: Tally) -> None:
    """Fill a disk of our own to its reserve, then wholly, then make room."""
    del chance
    _hold(tries, tally, "small disk", before=_ON_A_DISK_OF_OUR_OWN)


def end_on_a_full_disk(tries: int, chance: Random, tally: Tally) -> None:
    """Fill a disk of our own wholly, and stop the call while it is full."""
    del chance
    _hold(tries, tally, "full at the end", before=_ON_A_DISK_OF_OUR_OWN)


def limit_the_files(tries: int, chance: Random, tally: Tally) -> None:
    """Let no file be longer than a few seconds of sound."""
    del chance
    _hold(tries, tally, "short files")


def fill_the_journal(tries: int, chance: Random, tally: Tally) -> None:
    """Let nothing be written to the journal for a while."""
    del chance
    _hold(tries, tally, "full journal", has_rule=True)


def fail_to_sync(tries: int, chance: Random, tally: Tally) -> None:
    """Let a sync of the journal and one of each sound fail."""
    del chance
    _hold(tries, tally, "failed sync", has_rule=True)


def _hold(
    tries: int,
    tally: Tally,
    kind: str,
    *,
    before: tuple[str, ...] = (),
    has_rule: bool = False,
) -> None:
    for _ in range(tries):
        with SoundCard() as card, tempfile.TemporaryDirectory(prefix="full-") as name:
            home, rule = Path(name) / "home", Path(name) / "rule"
            home.mkdir()
            environ = {**os.environ, **card.env, "SOTTOVOCE_HOME": str(home)}
            if has_rule:
                environ |= _with_faults(Path(name), rule)
            players = [card.start_playing(sink, tone(440, 60)) for sink in ("micfeed", "callee")]
            try:
                done = subprocess.run(
                    [*before, sys.executable, str(Path(__file__)), str(home), kind, str(rule)],
                    env=environ,
                    capture_output=True,
                    text=True,
                    check=False,
                )
            finally:
                for player in players:
                    player.kill()
                    player.wait()
        if done.returncode:
            last = (done.stderr.strip() or "it ended").splitlines()[-1]
            tally.add(held=False, why=f"{kind}: {last}")
            continue
        found = msgspec.json.decode(done.stdout, type=Found)
        tally.add(held=not found.broken, figure=found.figure, why="; ".join(found.broken))


def _with_faults(place: Path, rule: Path) -> dict[str, str]:
    """Return the environment in which a process obeys the rule."""
    library = place / "bad_disk.so"
    for compiler in ("cc", "gcc", "clang"):
        command = [compiler, "-shared", "-fPIC", "-o", str(library), str(_HERE / "bad_disk.c")]
        try:
            subprocess.run([*command, "-ldl"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return {"FAULTY_DISK": str(rule), "LD_PRELOAD": str(library)}
    (place / "sitecustomize.py").write_bytes((_HERE / "bad_disk.py").read_bytes())
    return {"FAULTY_DISK": str(rule), "PYTHONPATH": str(place)}


# ---------------------------------------------------------------- one call


@dataclass(slots=True)
class OneCall:
    """A call that runs, and what did not hold so far."""

    home: Path
    rule: Path
    folder: Path = field(init=False)
    notes: list[str] = field(default_factory=list[str])
    """Acknowledged."""
    broken: list[str] = field(default_factory=list[str])
    lost_s: float = 0.0
    """Seconds of sound that may be missing."""

    def start(self, *, longest_file: int = -1) -> None:
        """Start it, and let it hear for a while."""
        devices = ["--microphone", "vmic", "--far-side", "loopback", "--headset", "headset"]
        command = [sys.executable, "-m", "assistant", "start", "--json", *devices]

        def limit() -> None:
            if longest_file > 0:
                _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
                resource.setrlimit(resource.RLIMIT_FSIZE, (longest_file, most))

        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=limit,
        )
        if done.returncode:
            raise SystemExit(f"It did not start: {done.stderr.strip()}")
        self.folder = Path(msgspec.json.decode(done.stdout)["folder"])
        self.hold(self.note("before it"), "the first note was refused")
        time.sleep(1.0)

    def ask(self, request: Request) -> dict[str, Any]:
        """Ask the call itself."""
        return next(control.ask(Places(self.home).socket, request))

    def note(self, text: str) -> bool:
        """Take a note; tell whether it was acknowledged."""
        try:
            answer = self.ask(NoteTaken(text))
        except SottovoceError:
            return False
        if answer["ok"]:
            self.notes.append(text)
        return bool(answer["ok"])

    def hold(self, held: object, why: str) -> None:
        """Note what did not hold."""
        if not held:
            self.broken.append(why)

    def troubles(self) -> str:
        """Return what `status` says of the parts."""
        return str(self.ask(Status())["troubles"])

    def written(self, text: str) -> bool:
        """Tell whether a Trouble with this text stands in the journal."""
        entries = journal.read(self.folder / "journal.jsonl").entries
        return any(isinstance(e.event, Trouble) and text in e.event.text for e in entries)

    def wait_for(self, what: Callable[[], object], why: str) -> float:
        """Wait until something holds; return how long that took, in seconds."""
        begun_s = time.monotonic()
        while not what():
            if time.monotonic() - begun_s > _SOON_S:
                self.broken.append(why)
                break
            time.sleep(0.02)
        return time.monotonic() - begun_s

    def fails(self, call: str, name: str, number: int, *, once: bool) -> None:
        """Let a call on a file fail from now on."""
        half = self.rule.with_suffix(".half")
        half.write_text(f"{call} {name} {number} {int(once)}\n")
        half.replace(self.rule)

    def sound_bytes(self) -> int:
        """How much the sound takes on the disk."""
        return sum(path.stat().st_blocks * 512 for path in self.folder.glob("*.s16"))

    def stop(self) -> None:
        """Stop it, and look at what it left."""
        command = [sys.executable, "-m", "assistant", "stop", "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said = done.stderr.strip()
        is_said = done.returncode in (3, 7) and said and "Traceback" not in said
        if done.returncode and not is_said:
            self.broken.append(f"stop ended with {done.returncode}: {said[-200:]}")
        self.hold(done.returncode == 0 or is_said, "neither a summary nor a clear error")
        self.hold((self.folder / "summary.md").exists() or is_said, "there is no summary")
        reading = journal.read(self.folder / "journal.jsonl")
        kept = [e.event.text for e in reading.entries if isinstance(e.event, NoteTaken)]
        self.hold(set(self.notes) <= set(kept), "an acknowledged note was lost")
        self.hold(reading.damaged == 0, "a line is damaged")
        self.hold(isinstance(reading.entries[-1].event, CallEnded), "the journal has no end")
        told = [e.event for e in reading.entries if isinstance(e.event, AudioLost)]
        self.lost_s = self._unheard_s(told)

    def _unheard_s(self, told: list[AudioLost]) -> float:
        """Return how much sound is missing on a channel of which nothing was told."""
        missing_s = 0.0
        for path in sorted(self.folder.glob("*.s16")) + sorted(self.folder.glob("*.flac")):
            if path.suffix == ".flac":
                sound = np.concatenate(list(read_flac(path, 1 << 16)))
            elif path.stem.count("."):
                continue
            else:
                sound = np.frombuffer(parts.read(path, 0, parts.frames_in(path)), "<i2")
            silent = ~_loud(sound)
            for lost in told:
                if lost.channel == path.stem.partition(".")[0]:
                    silent[int(lost.start_s * 50) : int(lost.end_s * 50) + 2] = False
            # Streams fade in.
            silent[:25] = False
            missing_s = max(missing_s, float(np.count_nonzero(silent)) / 50)
        return missing_s


def _loud(sound: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Tell of each 20 ms whether anything sounds."""
    whole = sound[: len(sound) // 320 * 320].reshape(-1, 320)
    return np.abs(whole.astype(np.int32)).max(axis=1) > 100


def on_a_small_disk(call: OneCall) -> Found:
    """Fill the disk up to the reserve, then wholly; then make room again."""
    call.start()
    space = room.space_at(call.home)
    filler = call.home / "filler"
    with filler.open("wb") as file:
        file.write(bytes(space.free_bytes - space.reserve_bytes // 3))
    alarm_s = call.wait_for(lambda: call.written(room.FULL), "no alarm at the reserve")
    call.hold(room.FULL in call.troubles(), "status does not tell of the full disk")
    call.hold(call.note("at the reserve"), "no note could be taken at the reserve")
    before = call.sound_bytes()
    time.sleep(1.0)
    call.hold(call.sound_bytes() <= before, "sound was written into the reserve")
    _fill(filler)
    begun_s = time.monotonic()
    refused = sum(not call.note(f"when nothing fits {'x' * 400} {n}") for n in range(40))
    call.hold(refused, "a note was acknowledged that can not be on the disk")
    call.wait_for(lambda: FULL in call.troubles(), "no alarm when nothing fitted")
    alarm_s = max(alarm_s, time.monotonic() - begun_s)
    filler.unlink()
    call.wait_for(lambda: call.written(room.KEPT_AGAIN), "room again was not told")
    call.hold(call.note("after it"), "no note could be taken afterwards")
    time.sleep(1.0)
    call.stop()
    entries = journal.read(call.folder / "journal.jsonl").entries
    why = [e.event.why for e in entries if isinstance(e.event, AudioLost)]
    call.hold(why.count("the disk is full") == 2, "the lost sound is not a fact of each channel")
    texts = [e.event.text for e in entries if isinstance(e.event, NoteTaken)]
    call.hold(len(texts) == 43, "notes that waited in memory were lost")
    call.hold(call.lost_s <= MOST_SILENT_S, f"{call.lost_s:.2f} s of sound lost, told by nobody")
    return Found(alarm_s, tuple(call.broken))


def ending_on_a_full_disk(call: OneCall) -> Found:
    """Stop it while nothing fits; what was acknowledged is there, and room brings the rest."""
    call.start()
    filler = call.home / "filler"
    begun_s = time.monotonic()
    _fill(filler)
    call.wait_for(lambda: "disk" in call.troubles(), "no alarm when nothing fitted")
    alarm_s = time.monotonic() - begun_s
    command = [sys.executable, "-m", "assistant", "stop", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    said = done.stderr.strip()
    has_summary = (call.folder / "summary.md").exists()
    call.hold(has_summary or said, "neither a summary nor a word")
    call.hold("Traceback" not in said and done.returncode in (0, 3, 7), f"stop said: {said[-99:]}")
    filler.unlink()
    command = [sys.executable, "-m", "assistant", "wrap", call.folder.name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    call.hold(done.returncode == 0, f"wrap said: {done.stderr.strip()[-99:]}")
    call.hold((call.folder / "summary.md").exists(), "there is no summary, though there is room")
    entries = journal.read(call.folder / "journal.jsonl").entries
    texts = [e.event.text for e in entries if isinstance(e.event, NoteTaken)]
    call.hold(set(call.notes) <= set(texts), "an acknowledged note was lost")
    return Found(alarm_s, tuple(call.broken))


def _fill(filler: Path) -> None:
    """Fill the disk to the last byte."""
    for size in (1 << 20, 4096, 1):
        with filler.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(size))


def with_short_files(call: OneCall) -> Found:
    """No file may be longer than six seconds of sound."""
    call.start(longest_file=_FILE_BYTES)
    call.wait_for(lambda: "can not be kept" in call.troubles(), "no alarm for the sound")
    entries = journal.read(call.folder / "journal.jsonl").entries
    told_s = [e.at_s for e in entries if isinstance(e.event, Trouble) and e.event.part == "disk"]
    alarm_s = min(told_s, default=999.0) - _FILE_BYTES / parts.FRAME_BYTES / RATE_HZ
    call.hold(call.note("after the alarm"), "no note could be taken")
    time.sleep(1.0)
    call.stop()
    entries = journal.read(call.folder / "journal.jsonl").entries
    lost = {e.event.channel for e in entries if isinstance(e.event, AudioLost)}
    call.hold(len(lost) == 2, "the lost sound is not a fact of each channel")
    call.hold(call.lost_s <= MOST_SILENT_S, f"{call.lost_s:.2f} s of sound lost, told by nobody")
    return Found(alarm_s, tuple(call.broken))


def with_a_full_journal(call: OneCall) -> Found:
    """Nothing can be written to the journal; the sound can."""
    call.start()
    before = call.sound_bytes()
    call.fails("write", "journal.jsonl", 28, once=False)
    begun_s = time.monotonic()
    call.hold(not call.note("while it is full"), "a note was acknowledged that was not written")
    call.wait_for(lambda: FULL in call.troubles(), "no alarm")
    alarm_s = time.monotonic() - begun_s
    time.sleep(1.0)
    call.hold(call.sound_bytes() > before, "the sound stopped with the journal")
    call.rule.unlink()
    call.wait_for(lambda: call.note("after it"), "no note could be taken afterwards")
    call.stop()
    entries = journal.read(call.folder / "journal.jsonl").entries
    texts = [e.event.text for e in entries if isinstance(e.event, NoteTaken)]
    call.hold("while it is full" in texts, "what waited in memory was lost")
    call.hold(call.lost_s <= MOST_SILENT_S, f"{call.lost_s:.2f} s of sound lost, told by nobody")
    return Found(alarm_s, tuple(call.broken))


def with_failed_syncs(call: OneCall) -> Found:
    """One sync of each file fails."""
    call.start()
    old = (call.folder / "journal.jsonl").stat().st_ino
    call.fails("sync", "journal.jsonl", 5, once=True)
    call.hold(call.note("over a failed sync"), "a note was refused though a new file was safe")
    new = (call.folder / "journal.jsonl").stat().st_ino
    call.hold(new != old, "the journal stayed in the file that failed")
    call.wait_for(lambda: call.written(MOVED), "the failure was not told")
    for channel in ("me", "them"):
        call.fails("sync", f"{channel}.s16", 5, once=True)
        call.wait_for(
            lambda channel=channel: list(call.folder.glob(f"{channel}.*.s16")),
            "the sound stayed in the file that failed",
        )
    call.wait_for(lambda: call.written(capture.MOVED), "the failure was not told")
    call.hold(call.note("after it"), "no note could be taken afterwards")
    time.sleep(1.0)
    call.stop()
    call.hold(call.lost_s <= MOST_SILENT_S, f"{call.lost_s:.2f} s of sound lost")
    return Found(call.lost_s, tuple(call.broken))


_KINDS: dict[str, Callable[[OneCall], Found]] = {
    "small disk": on_a_small_disk,
    "full at the end": ending_on_a_full_disk,
    "short files": with_short_files,
    "full journal": with_a_full_journal,
    "failed sync": with_failed_syncs,
}


def _main() -> None:
    home, kind, rule = sys.argv[1:4]
    call = OneCall(Path(home), Path(rule))
    try:
        found = _KINDS[kind](call)
    finally:
        command = [sys.executable, "-m", "assistant", "cancel", "--yes"]
        subprocess.run(command, capture_output=True, check=False)
    if found.figure > ALARM_WITHIN_S:
        found = Found(found.figure, (*found.broken, f"the alarm came after {found.figure:.1f} s"))
    sys.stdout.write(msgspec.json.encode(found).decode())


if __name__ == "__main__":
    _main()
