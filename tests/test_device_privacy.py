"""A whole live call on the virtual sound card: no network, no word in the log, nothing for others.

The call runs in a network namespace without interfaces where the system lets us make one, and every
process of it is watched. Its home was there before, open to all, and there is no umask.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
from sound_card import SoundCard
from watched import MAY_UNSHARE, Watch, asked, cut_off

from assistant.events import CueStarted, Heard
from assistant.keeping import journal

pytestmark = pytest.mark.device

SAMPLE = Path(__file__).parent.parent / "scripts" / "sample"
TALK_S = 8
NOTE = "xylophone"

CALL = """
import json, os, select, signal, subprocess, sys
from pathlib import Path

os.umask(0)
sound, sheet = sys.argv[1:]

def run(*words):
    command = [sys.executable, "-m", "assistant", *words]
    done = subprocess.run(command, capture_output=True, text=True)
    print(words[0], done.returncode, file=sys.stderr)
    return done.stdout

devices = ["--microphone", "vmic", "--far-side", "loopback", "--headset", "headset"]
started = json.loads(run("start", sheet, "--json", *devices))
subprocess.run(["paplay", "--device=callee", sound], check=True)
run("note", "the {note} of the call")
run("next")
run("status")
tasks = Path(f"/proc/{{started['pid']}}/task").glob("*/children")
for child in [int(pid) for task in tasks for pid in task.read_text().split()]:
    os.kill(child, signal.SIGABRT)
run("note", "{note} again")
run("mark", "{note}")
run("pause")
run("resume")
run("forget", "1s")
daemon = os.pidfd_open(started["pid"])
run("stop")
run("show")
# The summary is there; the sound is still being packed.
select.select([daemon], [], [], 60)
run("wrap")
"""


@pytest.fixture(scope="module")
def live_call(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Hold the call; return where its home and its watch are, and what was said of it."""
    place = tmp_path_factory.mktemp("private")
    home = place / "home"
    (home / "calls").mkdir(parents=True)
    for folder in (home, home / "calls"):
        folder.chmod(0o755)
    sound, rate_hz = soundfile.read(SAMPLE / "interview.ogg", dtype="int16", always_2d=True)
    theirs = next(
        json.loads(line)
        for line in (SAMPLE / "interview.jsonl").read_text().splitlines()
        if '"them"' in line
    )
    first = int(theirs["start_s"] * rate_hz)
    soundfile.write(place / "them.wav", sound[first : first + TALK_S * rate_hz, 1], rate_hz)
    command = [sys.executable, "-c", CALL.format(note=NOTE), str(place / "them.wav")]
    command.append(str(SAMPLE / "sheet.md"))
    with SoundCard() as card:
        env = {**os.environ, **card.env, **Watch(place / "watch").env()}
        done = subprocess.run(
            cut_off(*command) if MAY_UNSHARE else command,
            env=env | {"SOTTOVOCE_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return place, done.stderr


def test_every_verb_did_its_work_and_words_were_heard(live_call: tuple[Path, str]) -> None:
    place, said = live_call
    codes = re.findall(r"^(\w+) (\d+)$", said, re.MULTILINE)
    assert [code for code in codes if code[1] != "0"] == []
    (folder,) = (place / "home" / "calls").iterdir()
    events = [entry.event for entry in journal.read(folder / "journal.jsonl").entries]
    assert any(isinstance(event, Heard) and event.text for event in events)
    assert any(isinstance(event, CueStarted) for event in events)
    assert (folder / "summary.md").exists()


def test_nothing_is_asked_of_any_network(live_call: tuple[Path, str]) -> None:
    place, said = live_call
    watch = Watch(place / "watch")
    # The daemon, the ear, the voice, both again after their end, and every verb.
    assert watch.processes() >= 12
    assert watch.seen() == []
    if MAY_UNSHARE:
        assert asked(said) == 0


def test_outside_the_calls_folder_no_file_holds_a_word_of_it(live_call: tuple[Path, str]) -> None:
    place, _ = live_call
    (folder,) = (place / "home" / "calls").iterdir()
    heard = [e.event for e in journal.read(folder / "journal.jsonl").entries]
    words = {word.lower() for e in heard if isinstance(e, Heard) for word in e.text.split()}
    words = {word for word in words if len(word) >= 5} | {NOTE}
    others = [p for p in (place / "home").rglob("*") if p.is_file() and folder not in p.parents]
    assert place / "home" / "sottovoce.log" in others
    for path in others:
        written = set(re.findall(r"\w+", path.read_text(errors="replace").lower()))
        assert not words & written, path.name
    # That would be seen, were it so.
    assert words & set(re.findall(r"\w+", (folder / "notes.md").read_text().lower()))


def test_nothing_of_it_is_for_others(live_call: tuple[Path, str]) -> None:
    place, _ = live_call
    made = [path for path in (place / "home").rglob("*") if not path.is_symlink()]
    assert len(made) > 5
    assert [path.name for path in made if path.stat().st_mode & 0o077] == []
