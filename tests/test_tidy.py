"""A verb that is ended by a signal leaves no sound behind, as if it had ended by itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

pytestmark = pytest.mark.model

SOON_S = 60.0


def begin(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Begin a verb whose scratch folders lie in a folder of the test's own."""
    (folder / "scratch").mkdir()
    return subprocess.Popen(
        [sys.executable, "-m", "assistant", *words],
        env={**os.environ, "TMPDIR": str(folder / "scratch"), "SOTTOVOCE_HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_rehearsal_that_is_ended_takes_its_sound_along(tmp_path: Path, number: int):
    chance = np.random.default_rng(7)
    noise = (chance.standard_normal(16000 * 600) * 1500).astype(np.int16)
    soundfile.write(tmp_path / "call.wav", noise, 16000)
    scratch = tmp_path / "scratch"
    with begin(tmp_path, "rehearse", "--mono", str(tmp_path / "call.wav")) as verb:
        until_s = time.monotonic() + SOON_S
        while not any(scratch.rglob("*.s16")):
            assert time.monotonic() < until_s
            assert verb.poll() is None
        verb.send_signal(number)
        _, errors = verb.communicate(timeout=SOON_S)
    assert verb.returncode == 128 + number
    assert b"Traceback" not in errors
    assert not any(scratch.iterdir())
