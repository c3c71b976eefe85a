"""An ear of flesh and blood for tests: the real child process, its orders and its lines."""

import os
import queue
import subprocess
import sys
import threading
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import moonshine_voice
import msgspec
import numpy as np
import numpy.typing as npt
import soxr

from assistant.hearing.spool import RATE_HZ

Line = dict[str, Any]
Pcm = npt.NDArray[np.int16]

LONGEST_S = 120.0
"""No single line of a test takes so long, on the slowest machine."""

OWN_WAVS = moonshine_voice.get_assets_path()
"""Human speech that comes inside the engine's package."""


class EarChild:
    """One ear; at the end of the block it is gone."""

    def __init__(
        self,
        spools: Mapping[str, Path],
        *,
        engine: str = "moonshine",
        model: str = "",
        from_s: Mapping[str, float] | None = None,
        end_s: Mapping[str, float] | None = None,
        phrases: tuple[str, ...] = (),
        greeting: bytes | None = None,
    ) -> None:
        orders = {
            "engine": engine,
            "model": model,
            "label": f"{engine} test",
            "spools": {channel: str(path) for channel, path in spools.items()},
            "from_s": from_s or dict.fromkeys(spools, 0.0),
            "end_s": end_s,
            "phrases": phrases,
        }
        self._lines: queue.SimpleQueue[Line | None] = queue.SimpleQueue()
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "assistant.hearing.ear"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.order(msgspec.json.encode(orders) if greeting is None else greeting)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            if pipe is not None:
                pipe.close()

    def order(self, line: bytes) -> None:
        assert self._child.stdin is not None
        self._child.stdin.write(line + b"\n")
        self._child.stdin.flush()

    def finish(self, end_s: Mapping[str, float]) -> None:
        self.order(msgspec.json.encode({"do": "finish", "end_s": end_s}))

    def until(self, **wanted: object) -> list[Line]:
        """Wait for a line with these fields; return all lines up to it."""
        lines: list[Line] = []
        while not lines or any(lines[-1].get(name) != value for name, value in wanted.items()):
            line = self._lines.get(timeout=LONGEST_S)
            assert line is not None, f"the ear ended before {wanted}: {lines[-3:]}"
            lines.append(line)
        return lines

    def rest(self) -> list[Line]:
        """Wait until the ear has closed its mouth; return what it said until then."""
        return list(iter(lambda: self._lines.get(timeout=LONGEST_S), None))

    def hang_up(self) -> None:
        assert self._child.stdin is not None
        self._child.stdin.close()

    def kill(self) -> None:
        self._child.kill()
        self._child.wait()
        self._reader.join()

    def exit_code(self) -> int:
        return self._child.wait(timeout=LONGEST_S)

    def stderr(self) -> bytes:
        assert self._child.stderr is not None
        return self._child.stderr.read()

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._lines.put(msgspec.json.decode(line))
        self._lines.put(None)


def facts(lines: list[Line], word: str) -> list[Line]:
    return [line for line in lines if line.get("is") == word]


def texts(lines: list[Line]) -> list[str]:
    return [line["text"] for line in facts(lines, "Heard")]


def wav(path: Path) -> Pcm:
    """Read a wav of 16 bit as what a spool holds."""
    with wave.open(str(path)) as file:
        assert file.getsampwidth() == 2
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        samples = samples.reshape(-1, file.getnchannels())[:, 0]
        return to_spool(samples, file.getframerate())


def to_spool(samples: Pcm, rate_hz: int) -> Pcm:
    resampled: npt.NDArray[np.float64] = soxr.resample(samples.astype(np.float64), rate_hz, RATE_HZ)
    return np.clip(np.rint(resampled), -32768, 32767).astype(np.int16)


def silence(length_s: float) -> Pcm:
    return np.zeros(round(length_s * RATE_HZ), np.int16)


def length_s(sound: Pcm) -> float:
    return len(sound) / RATE_HZ


def spooled(path: Path, *sounds: Pcm) -> float:
    """Write a spool; return its length in seconds."""
    sound = np.concatenate(sounds)
    path.write_bytes(sound.tobytes())
    return length_s(sound)
