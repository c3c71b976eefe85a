"""A check that is ended by a signal leaves nothing of what the microphone heard."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sound_card import SoundCard

pytestmark = pytest.mark.device

SOON_S = 60.0


def test_a_check_that_is_ended_takes_its_sound_along(sound_card: SoundCard, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    places = {"TMPDIR": str(scratch), "SOTTOVOCE_HOME": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "check", "--seconds", "60"],
        env={**os.environ, **sound_card.env, **places},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as check:
        until_s = time.monotonic() + SOON_S
        while not any(path.stat().st_size for path in scratch.rglob("sottovoce-*/*")):
            assert time.monotonic() < until_s
            assert check.poll() is None
        check.terminate()
        _, errors = check.communicate(timeout=SOON_S)
    assert check.returncode == 128 + signal.SIGTERM
    assert b"Traceback" not in errors
    assert not any(scratch.glob("sottovoce-*"))
