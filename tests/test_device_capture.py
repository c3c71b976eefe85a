"""Real streams from the virtual sound card, in a child process as the daemon is one."""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from sound_card import RATE_HZ, Samples, SoundCard, pitch_hz, tone

pytestmark = pytest.mark.device

CAPTURE = """
import sys, threading
from pathlib import Path
from assistant.events import Channel, to_json
from assistant.hearing.capture import Capture
from assistant.hearing.spool import Spool

def say(line):
    sys.stdout.buffer.write(line + b"\\n")
    sys.stdout.buffer.flush()

folder = Path(sys.argv[1])
sources = {Channel.ME: sys.argv[2], Channel.THEM: sys.argv[3]}
spools = {channel: Spool(folder / f"{channel}.s16") for channel in sources}
capture = Capture(sources, spools, lambda fact: say(to_json(fact)))
capture.open()
say(b'{"is":"open"}')
for line in sys.stdin:
    say(b'{"is":"at","s":%f}' % capture.now_s())
capture.close()
late = {channel: sorted(capture.lateness_s(channel)) for channel in sources}
p99_s = max(values[int(len(values) * 0.99)] for values in late.values())
say(b'{"is":"closed","s":%f,"late_p99_s":%f}' % (capture.now_s(), p99_s))
"""

LOOK = """
import sys
from assistant.errors import SottovoceError
from assistant.hearing.portaudio import PortAudio, find_far_side, find_microphone, print_inputs

try:
    exec(sys.argv[1])
except SottovoceError as error:
    print(error, error.hint, sep="|")
    sys.exit(error.exit_code)
"""


class Child:
    """A process that captures two channels, and what it says."""

    def __init__(
        self, card: SoundCard, folder: Path, mine: str = "vmic", theirs: str = "loopback"
    ) -> None:
        self.folder = folder
        self.lines: queue.SimpleQueue[dict[str, object]] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, "-c", CAPTURE, str(folder), mine, theirs],
            env=os.environ | card.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def now_s(self) -> float:
        """Ask for the call's time."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        return float(str(self.next("at")["s"]))

    def next(self, kind: str, within_s: float = 20.0) -> dict[str, object]:
        """Return the next line of that kind; others before it are passed over."""
        deadline_s = time.monotonic() + within_s
        while True:
            line = self.lines.get(timeout=max(0.0, deadline_s - time.monotonic()))
            if line["is"] == kind:
                return line

    def close(self) -> dict[str, object]:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.next("closed")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def sound(self, channel: str) -> Samples:
        return np.frombuffer((self.folder / f"{channel}.s16").read_bytes(), np.int16)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(msgspec.json.decode(line, type=dict[str, object]))


@pytest.fixture
def child(sound_card: SoundCard, tmp_path: Path) -> Generator[Child]:
    child = Child(sound_card, tmp_path)
    child.next("open")
    yield child
    child.end()


def look(code: str, env: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", LOOK, code],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


def tones(samples: Samples) -> list[slice]:
    """Where there is sound, longest first; silence of 10 ms parts two."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 2000)
    runs = np.split(loud, np.flatnonzero(np.diff(loud) > 0.01 * RATE_HZ) + 1)
    runs.sort(key=len, reverse=True)
    return [slice(int(run[0]), int(run[-1]) + 1) for run in runs if len(run)]


def test_each_side_is_on_its_own_channel(sound_card: SoundCard, child: Child) -> None:
    started_s = time.monotonic() - child.now_s()
    sound_card.play("micfeed", tone(440, 1.0))
    sound_card.play("callee", tone(700, 1.0))
    took_s = time.monotonic() - started_s
    closed = child.close()
    assert closed["s"] == pytest.approx(took_s, abs=0.25)
    mine, theirs = child.sound("me"), child.sound("them")
    assert len(mine) == round(float(str(closed["s"])) * RATE_HZ)
    assert abs(len(theirs) - len(mine)) <= 0.05 * RATE_HZ

    for own, other, pitch in ((mine, theirs, 440), (theirs, mine, 700)):
        runs = tones(own)
        # On a busy machine the player may falter; every frame must be there all the same.
        frames = sum(run.stop - run.start for run in runs)
        assert frames == pytest.approx(RATE_HZ, abs=0.05 * RATE_HZ)
        assert pitch_hz(own[runs[0]]) == pytest.approx(pitch, rel=0.02)
        for run in runs:
            assert np.abs(other[run].astype(np.int32)).max() < 50


def test_one_sound_on_both_channels_stands_at_the_same_time(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    child = Child(sound_card, tmp_path, "loopback", "loopback")
    try:
        child.next("open")
        sound_card.play("callee", tone(700, 0.5))
        child.close()
        mine, theirs = (tones(child.sound(channel))[0] for channel in ("me", "them"))
        assert theirs.start == pytest.approx(mine.start, abs=0.04 * RATE_HZ)
    finally:
        child.end()


def test_a_server_that_dies_is_survived_and_time_goes_on(
    sound_card: SoundCard, child: Child
) -> None:
    started_s = time.monotonic() - child.now_s()
    sound_card.play("micfeed", tone(440, 0.5))
    sound_card.pull_out()
    parts = {child.next("Trouble")["part"], child.next("Trouble")["part"]}
    assert parts == {"microphone", "far side"}
    dead_s = time.monotonic() - started_s
    # Time is what the channel has on disk: it must go on without a single block.
    deadline_s = time.monotonic() + 10.0
    while child.now_s() < dead_s + 0.5:
        assert time.monotonic() < deadline_s
    sound_card.plug_in()
    lost = [child.next("AudioLost"), child.next("AudioLost")]
    assert {str(fact["channel"]) for fact in lost} == {"me", "them"}
    sound_card.play("micfeed", tone(880, 1.0))
    sound_card.play("callee", tone(600, 0.5))
    took_s = time.monotonic() - started_s
    closed = child.close()
    assert child.process.wait(5) == 0
    assert closed["s"] == pytest.approx(took_s, abs=0.25)
    for fact in lost:
        gap = slice(*(round(float(str(fact[end])) * RATE_HZ) for end in ("start_s", "end_s")))
        assert gap.stop - gap.start > 0.5 * RATE_HZ
        assert not child.sound(str(fact["channel"]))[gap].any()
    after = round(max(float(str(fact["end_s"])) for fact in lost) * RATE_HZ)
    mine, theirs = child.sound("me")[after:], child.sound("them")[after:]
    assert pitch_hz(mine[tones(mine)[0]]) == pytest.approx(880, rel=0.02)
    assert pitch_hz(theirs[tones(theirs)[0]]) == pytest.approx(600, rel=0.02)


def test_the_devices_of_the_card_are_listed(sound_card: SoundCard) -> None:
    code, said = look("print_inputs()", os.environ | sound_card.env)
    assert code == 0
    devices = msgspec.json.decode(said, type=list[dict[str, object]])
    by_name = {device["name"]: device for device in devices}
    assert {"vmic", "loopback", "headset"} <= set(by_name)
    assert by_name["loopback"]["is_far_side"]
    assert not by_name["vmic"]["is_far_side"]
    assert sum(bool(device["is_default"]) for device in devices) == 1


def test_the_far_side_is_found_by_itself(sound_card: SoundCard) -> None:
    code, said = look("print(find_far_side().name)", os.environ | sound_card.env)
    assert (code, said.strip()) == (0, "loopback")


def test_the_hint_for_the_far_side_works_as_it_stands(sound_card: SoundCard) -> None:
    from assistant.hearing.devices import far_side_hint_for

    block = far_side_hint_for("linux").partition("pcm.")
    (sound_card.folder / "asoundrc").write_text(block[1] + block[2])
    code, said = look(
        "device = find_far_side(); PortAudio().open(device.index, print, print).start();"
        "print(device.name)",
        os.environ | sound_card.env,
    )
    assert (code, said.strip()) == (0, "far_side")


def test_no_sound_card_at_all_says_so(tmp_path: Path) -> None:
    nothing = {"ALSA_CONFIG_PATH": "/usr/share/alsa/alsa.conf", "PULSE_SERVER": f"{tmp_path}/none"}
    code, said = look("find_microphone()", os.environ | nothing)
    assert code == 4
    assert said.startswith("No microphone was found.|Plug one in")


def test_a_name_that_is_not_there_names_the_nearest(sound_card: SoundCard) -> None:
    code, said = look("PortAudio().open('vmik', print, print)", os.environ | sound_card.env)
    assert code == 4
    assert "Did you mean 'vmic'?" in said


def test_without_portaudio_the_program_says_what_to_install(tmp_path: Path) -> None:
    # What `import sounddevice` does where the library is missing.
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    code, said = look("find_microphone()", env)
    assert code == 4
    assert said.startswith("PortAudio is not installed.|Install it")
