"""The doors to PortAudio, in a process whose PortAudio fails when it is told to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.edge

SOUNDDEVICE = """
import os

class PortAudioError(Exception):
    pass

_initialized = 1
fails = set()

def fail_if(what):
    if what in fails:
        raise PortAudioError(f"Error in {what}: Internal PortAudio error [PaErrorCode -9986]")

def query_hostapis():
    if not _initialized:
        raise PortAudioError("PortAudio not initialized")
    fail_if("hosts")
    return ({"name": "ALSA", "default_input_device": 0},)

def query_devices(kind=None):
    fail_if("devices")
    device = {"index": 0, "name": "mic", "hostapi": 0, "max_input_channels": 1}
    device |= {"default_samplerate": 16000.0, "default_high_input_latency": 0.1}
    device |= {"max_output_channels": 2}
    return device if kind else (device,)

class OutputStream:
    latency = 0.06
    closed = 0

    def __init__(self, **settings):
        fail_if("open")

    @property
    def active(self):
        fail_if("active")
        return True

    def start(self):
        fail_if("start")

    def close(self, ignore_errors=True):
        OutputStream.closed += 1

def _terminate():
    global _initialized
    fail_if("terminate")
    if not _initialized:
        raise PortAudioError("PortAudio not initialized")
    _initialized = 0

def _initialize():
    global _initialized
    fail_if("initialize")
    _initialized += 1
"""

LOOK = """
import sounddevice
from assistant.errors import DeviceError
from assistant.hearing.portaudio import PortAudio, inputs
from assistant.speaking.outputs import outputs
from assistant.speaking.playback import Playback

def said(work):
    try:
        return str(work())
    except DeviceError as error:
        return f"{error}|{bool(error.hint)}"
"""


def look(folder: Path, code: str, *, sounddevice: str = SOUNDDEVICE) -> list[str]:
    (folder / "sounddevice.py").write_text(sounddevice)
    done = subprocess.run(
        [sys.executable, "-c", LOOK + code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=60,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("what", ["hosts", "devices"])
def test_devices_that_can_not_be_listed_are_a_device_error(tmp_path: Path, what: str) -> None:
    (said,) = look(tmp_path, f"sounddevice.fails.add({what!r})\nprint(said(inputs))")
    assert said == "The sound devices can not be listed: Internal PortAudio error.|True"


def test_a_look_that_failed_half_way_is_made_good_by_the_next(tmp_path: Path) -> None:
    code = """
sound = PortAudio()
sounddevice.fails.add("initialize")
print(said(sound.rescan), said(sound.rescan), said(inputs), sep="\\n")
print(said(sound.has_changed))
sounddevice.fails.clear()
print(said(sound.rescan), said(sound.has_changed), len(inputs()))
"""
    first, second, listed, has_changed, last = look(tmp_path, code)
    assert (
        first == second == "The sound devices can not be looked for: Internal PortAudio error.|True"
    )
    assert listed.startswith("The sound devices can not be listed: PortAudio not initialized")
    assert has_changed == "True"
    assert last == "None False 1"


def test_looking_for_changes_runs_no_file_of_the_current_folder(tmp_path: Path) -> None:
    code = """
import os
from pathlib import Path
Path("elsewhere").mkdir()
os.chdir("elsewhere")
Path("msgspec.py").write_text("open('ran', 'w')")
print(said(PortAudio().has_changed), Path("ran").exists())
"""
    assert look(tmp_path, code) == ["False False"]


def test_a_portaudio_that_does_not_begin_is_a_device_error(tmp_path: Path) -> None:
    code = "import sys\ndel sys.modules['sounddevice']\nimport os\nos.environ['DOWN'] = '1'\n"
    fails = "import os\nif os.environ.get('DOWN'):\n    raise RuntimeError('Internal error')\n"
    (said,) = look(tmp_path, code + "print(said(inputs))", sounddevice=fails + SOUNDDEVICE)
    assert said == "PortAudio does not begin: Internal error.|True"


def test_outputs_that_can_not_be_listed_are_a_device_error(tmp_path: Path) -> None:
    (said,) = look(tmp_path, "sounddevice.fails.add('devices')\nprint(said(outputs))")
    assert said == "The sound outputs can not be listed.|True"


def test_a_headset_that_can_not_be_asked_any_more_is_away_and_back_again(tmp_path: Path) -> None:
    code = """
import time
import numpy as np
from assistant.speaking.samples import Samples

def play():
    return playback.play(Samples(np.zeros(100, np.float32), 16000), print, print)

playback = Playback("", lambda sentence, over: print(sentence))
playback.open()
sounddevice.fails.update(("active", "devices"))
print(play())
sounddevice.fails.clear()
sounddevice.fails.add("start")
while sounddevice.OutputStream.closed < 2:
    print(play())
    time.sleep(0.1)
sounddevice.fails.clear()
while not play():
    time.sleep(0.05)
print("plays")
playback.close()
"""
    away, *played = look(tmp_path, code)
    assert "went away" in away
    assert set(played[: played.index("plays")]) == {"False"}
