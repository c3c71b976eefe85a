"""A virtual sound card for tests that need real streams and no hardware.

A private PulseAudio server with three sinks: `micfeed`, whatever is played
there comes out of the microphone `vmic`; `callee`, where the other side of a
call is played, captured as `loopback`; `headset`, where murmurs go. Law: it
lives in a folder of its own, so that several run at once and none is ever the
user's.

    with SoundCard() as card:
        child = subprocess.Popen([...], env=os.environ | card.env)
        with card.recording("headset") as heard:
            card.play("micfeed", tone(440, 2.0))        # waits until it was played
            playing = card.start_playing("callee", Path("far.wav"))
            playing.wait()
        heard.samples                                    # int16 at 16 kHz

PortAudio reads the environment when it is initialised, once per process: only
a child process started with `card.env` sees the devices `vmic`, `loopback`
and `headset`, never the process of the test itself.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import wave
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

RATE_HZ = 16000

Samples = npt.NDArray[np.int16]

# A sink with rewinds holds back two seconds and jitters by tens of milliseconds. The socket comes
# last: who can connect finds every sink.
SERVER = """\
load-module module-null-sink norewinds=1 sink_name=callee rate=48000 channels=2
load-module module-null-sink norewinds=1 sink_name=headset rate=48000 channels=2
load-module module-null-sink norewinds=1 sink_name=micfeed rate=48000 channels=1
load-module module-remap-source source_name=vmic master=micfeed.monitor
set-default-sink callee
set-default-source vmic
load-module module-native-protocol-unix socket={socket} auth-cookie-enabled=0 auth-anonymous=1
"""

# Debian's PortAudio has no PulseAudio of its own: every endpoint needs a name in ALSA.
ALSA = """\
pcm.vmic     {{ type pulse server "{server}" device "vmic" hint {{ show on description "vmic" }} }}
pcm.loopback {{ type pulse server "{server}" device "callee.monitor"
                hint {{ show on description "loopback" }} }}
pcm.headset  {{ type pulse server "{server}" device "headset"
                hint {{ show on description "headset" }} }}
"""


class SoundCard:
    """One private sound server and the environment that leads to it."""

    def __init__(self) -> None:
        # Not pytest's tmp_path: a socket's path must stay short.
        self.folder = Path(tempfile.mkdtemp(prefix="card-"))
        self._socket = self.folder / "native"
        self._server: subprocess.Popen[bytes] | None = None
        server = f"unix:{self._socket}"
        asoundrc = self.folder / "asoundrc"
        asoundrc.write_text(ALSA.format(server=server))
        (self.folder / "server.pa").write_text(SERVER.format(socket=self._socket))
        self.env: Mapping[str, str] = {
            "XDG_RUNTIME_DIR": str(self.folder),
            "PULSE_RUNTIME_PATH": str(self.folder / "run"),
            "PULSE_STATE_PATH": str(self.folder / "state"),
            "PULSE_COOKIE": str(self.folder / "cookie"),
            "PULSE_SERVER": server,
            "ALSA_CONFIG_PATH": f"/usr/share/alsa/alsa.conf:{asoundrc}",
        }
        """What a child process needs on top of `os.environ`."""

    def __enter__(self) -> Self:
        try:
            self.plug_in()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def plug_in(self) -> None:
        """Start the server and wait until it serves; also after `pull_out`."""
        if shutil.which("pulseaudio") is None:
            raise RuntimeError("The virtual sound card needs pulseaudio and libasound2-plugins.")
        self._socket.unlink(missing_ok=True)
        command = ["pulseaudio", "-n", "-F", str(self.folder / "server.pa"), "--daemonize=no"]
        command += ["--exit-idle-time=-1", "--disallow-exit", "--use-pid-file=no"]
        command += [f"--log-target=file:{self.folder / 'log'}", "--realtime=no"]
        self._server = subprocess.Popen(
            command,
            env=os.environ | self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 10.0
        while not self._answers():
            if time.monotonic() > deadline or _ended_within(self._server, 0.02):
                log = self.folder / "log"
                said = log.read_text() if log.exists() else ""
                raise RuntimeError(f"The virtual sound card did not start.\n{said}")

    def pull_out(self) -> None:
        """Kill the server at once, as a pulled plug would; `plug_in` brings it back."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def control(self, *words: str) -> str:
        """Give the server a command of `pactl`; return what it answers."""
        done = subprocess.run(
            ["pactl", *words],
            env=os.environ | self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=10.0,
        )
        if done.returncode:
            raise RuntimeError(f"pactl {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout.strip()

    def halt(self, endpoint: str) -> None:
        """Let a microphone or a headset give and take nothing, as if its cable were pulled."""
        self.control(f"suspend-{_kind(endpoint)}", endpoint, "1")

    def go_on(self, endpoint: str) -> None:
        """End what `halt` began."""
        self.control(f"suspend-{_kind(endpoint)}", endpoint, "0")

    def close(self) -> None:
        """End the server and leave nothing behind."""
        if self._server is not None:
            self._server.terminate()
            if not _ended_within(self._server, 2.0):
                self.pull_out()
            self._server = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def start_playing(self, sink: str, sound: Path | Samples) -> subprocess.Popen[bytes]:
        """Begin to play a WAV file, or samples at 16 kHz, into a sink; `.wait()` for its end."""
        return subprocess.Popen(
            ["paplay", f"--device={sink}", "--latency-msec=20", str(self._file(sound))],
            env=os.environ | self.env,
            stdin=subprocess.DEVNULL,
        )

    def play(self, sink: str, sound: Path | Samples) -> None:
        """Play into a sink and wait until it was played."""
        playing = self.start_playing(sink, sound)
        if playing.wait(120):
            raise RuntimeError(f"Could not play into {sink}.")

    def recording(self, sink: str) -> "Recording":
        """Record what a sink plays, as a context; it records when the context is entered."""
        return Recording(f"{sink}.monitor", os.environ | self.env)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self._socket)) == 0

    def _file(self, sound: Path | Samples) -> Path:
        if isinstance(sound, Path):
            return sound
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".wav")
        os.close(handle)
        with wave.open(name, "wb") as file:
            file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
            file.writeframes(sound.tobytes())
        return Path(name)


class Recording:
    """What was played on one sink while the context was open."""

    def __init__(self, source: str, env: Mapping[str, str]) -> None:
        self._command = ["parec", f"--device={source}", "--raw", "--format=s16le"]
        self._command += [f"--rate={RATE_HZ}", "--channels=1", "--latency-msec=20"]
        self._env = env
        self._pcm = bytearray()
        self._begun = threading.Event()
        self.began_s = 0.0
        """`time.monotonic()` when the first samples came."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, env=self._env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        if not self._begun.wait(5.0):
            self._end()
            raise RuntimeError("Nothing could be recorded from the virtual sound card.")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def samples(self) -> Samples:
        """Everything recorded so far, at 16 kHz."""
        pcm = bytes(self._pcm)
        return np.frombuffer(pcm[: len(pcm) // 2 * 2], np.int16)

    def _read(self) -> None:
        assert self._process.stdout is not None
        while pcm := os.read(self._process.stdout.fileno(), 65536):
            if not self._begun.is_set():
                self.began_s = time.monotonic()
                self._begun.set()
            self._pcm += pcm

    def _end(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(5.0)
        self._reader.join(5.0)
        if self._process.stdout is not None:
            self._process.stdout.close()


def tone(pitch_hz: float, length_s: float, level: float = 0.3) -> Samples:
    """Make a steady tone at 16 kHz; `level` 1.0 is full scale."""
    time_s = np.arange(round(length_s * RATE_HZ)) / RATE_HZ
    return np.round(level * 32767 * np.sin(2 * np.pi * pitch_hz * time_s)).astype(np.int16)


def pitch_hz(samples: Samples) -> float:
    """Find the strongest pitch in samples at 16 kHz; 0.0 where there is only silence."""
    if not samples.any():
        return 0.0
    power = np.abs(np.fft.rfft(samples.astype(np.float64) * np.hanning(len(samples))))
    return float(np.argmax(power) * RATE_HZ / len(samples))


def _kind(endpoint: str) -> str:
    return "sink" if endpoint in ("callee", "headset", "micfeed") else "source"


def _ended_within(process: subprocess.Popen[bytes], wait_s: float) -> bool:
    try:
        process.wait(wait_s)
    except subprocess.TimeoutExpired:
        return False
    return True
