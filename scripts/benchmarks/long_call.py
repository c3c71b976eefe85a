"""A call that goes on for as long as wanted, with talk that never repeats.

Two ways to hold one: the real daemon on the virtual sound card, at the world's
own pace; or the real daemon in a world that goes N times as fast. Both are
asked, stopped and measured in the same way, from outside.
"""

import contextlib
import fcntl
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import IO, Any, cast

import msgspec
from talk import Talk, read_phrases, read_sides
from virtual_call import ROOT, SAMPLE, run

from assistant import control
from assistant.control import Request, Status
from assistant.daemon import FEW_ARENAS
from assistant.settings import Places
from tests.sound_card import RATE_HZ, SoundCard

SHEET = SAMPLE / "sheet.md"
BLOCK_FRAMES = RATE_HZ // 10
PIPE_BYTES = 16384
"""Half a second of sound."""
_SINKS = {"me": "micfeed", "them": "callee"}


@dataclass(frozen=True, slots=True)
class LongCall:
    """A call that runs."""

    environ: dict[str, str]
    pid: int
    folder: Path
    how: str
    """In which world, and with which ear."""
    silence: Callable[[], None]
    """Let nobody say anything any more, where that can be had."""

    def ask(self, request: Request) -> dict[str, Any]:
        """Ask the call itself, not by a verb: that costs the machine next to nothing."""
        socket = Places(Path(self.environ["SOTTOVOCE_HOME"])).socket
        return next(control.ask(socket, request))

    def status(self) -> dict[str, Any]:
        """Ask how it stands."""
        return self.ask(Status())

    def verb(self, *words: str) -> bool:
        """Do what a user would type; tell whether it was done."""
        command = [sys.executable, "-m", "assistant", *words]
        done = subprocess.run(
            command,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        return done.returncode == 0


@contextlib.contextmanager
def real_call(
    minutes: float, engine: str, seed: int, prepare: Callable[[Path], None] = lambda _: None
) -> Generator[LongCall]:
    """Hold a call on the virtual sound card; `prepare` gets its home before it starts."""
    with SoundCard() as card, tempfile.TemporaryDirectory(prefix="soak-") as home:
        prepare(Path(home))
        environ = {**os.environ, **card.env, "SOTTOVOCE_HOME": home}
        devices = ["--microphone", "vmic", "--far-side", "loopback", "--headset", "headset"]
        what = ["--minutes", f"{minutes:g}", "--engine", engine, "--json"]
        started = run(environ, "start", str(SHEET), *what, *devices)
        with _ended(environ), _players(environ, seed) as silence:
            yield LongCall(
                environ,
                started["pid"],
                Path(started["folder"]),
                "real time on the virtual sound card, the real ear",
                silence,
            )


@contextlib.contextmanager
def fast_call(
    minutes: float, engine: str, seed: int, speed: float, *, with_words: bool
) -> Generator[LongCall]:
    """Hold a call in a world that goes `speed` times as fast."""
    with tempfile.TemporaryDirectory(prefix="soak-") as home:
        environ = {**FEW_ARENAS, **os.environ, "SOTTOVOCE_HOME": home}
        command = [sys.executable, str(Path(__file__).with_name("fast_daemon.py")), str(SHEET)]
        command += ["--minutes", f"{minutes:g}", "--engine", engine, "--seed", str(seed)]
        command += ["--speed", f"{speed:g}", "--ear", "words" if with_words else "real"]
        log = Path(home) / "fast.log"
        with log.open("wb") as errors:
            process = subprocess.Popen(
                command,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        with cast("IO[bytes]", process.stdout) as answers:
            line = answers.readline()
        if not line:
            raise SystemExit(f"The call did not start: {log.read_text()[-2000:]}")
        started = msgspec.json.decode(line)
        ear = "voice activity and words of the sample" if with_words else "the real ear"
        how = f"a world {speed:g} times as fast with a sound card of its own, {ear}"
        try:
            with _ended(environ):
                yield LongCall(environ, process.pid, Path(started["folder"]), how, lambda: None)
        finally:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10.0)
            process.kill()
            process.wait()


@contextlib.contextmanager
def _ended(environ: dict[str, str]) -> Generator[None]:
    """End the call, if nobody did, whatever happens."""
    try:
        yield
    finally:
        command = [sys.executable, "-m", "assistant", "cancel", "--yes"]
        subprocess.run(command, env=environ, capture_output=True, check=False)


@contextlib.contextmanager
def _players(environ: dict[str, str], seed: int) -> Generator[Callable[[], None]]:
    """Let both sides talk on the virtual sound card; what is yielded silences them."""
    talk = Talk(
        read_sides(SAMPLE / "interview.ogg"),
        read_phrases(SAMPLE / "interview.jsonl"),
        Random(seed),  # noqa: S311
    )
    players = {side: _player(environ, sink) for side, sink in _SINKS.items()}
    is_silent, is_over = threading.Event(), threading.Event()

    def play() -> None:
        """Give both sides their sound in step; a full pipe is what keeps the pace."""
        blocks = talk.blocks(BLOCK_FRAMES)
        with contextlib.suppress(OSError):
            while not is_over.is_set():
                block = talk.quiet(BLOCK_FRAMES) if is_silent.is_set() else next(blocks)
                for side, player in players.items():
                    cast("IO[bytes]", player.stdin).write(block[side].tobytes())

    thread = threading.Thread(target=play, daemon=True)
    thread.start()
    try:
        yield is_silent.set
    finally:
        is_over.set()
        for player in players.values():
            player.kill()
            player.wait()
        thread.join(5.0)
        for player in players.values():
            with contextlib.suppress(OSError):
                cast("IO[bytes]", player.stdin).close()


def _player(environ: dict[str, str], sink: str) -> "subprocess.Popen[bytes]":
    command = ["pacat", "--playback", f"--device={sink}", "--raw", "--format=s16le"]
    command += [f"--rate={RATE_HZ}", "--channels=1", "--latency-msec=200"]
    player = subprocess.Popen(
        command,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,
    )
    # As it comes, a pipe holds two seconds: who is silenced would talk on for so long.
    fcntl.fcntl(cast("IO[bytes]", player.stdin), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return player


__all__ = ["ROOT", "LongCall", "fast_call", "real_call"]
