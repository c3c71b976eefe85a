"""Recordings of every kind become our own raw sound: each second and each side in its place."""

import random
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile
from encoded import CODECS, Sound, encode, interview

from assistant.errors import InputError
from assistant.events import Channel
from assistant.importing.decoding import Decoded, Sides, decode
from assistant.importing.recordings import look_at
from assistant.recording import RATE_HZ

pytestmark = pytest.mark.edge

LENGTH_S = 12.0
BOTH = {Channel.ME, Channel.THEM}


def decoded(path: Path, sides: Sides = "auto") -> tuple[Decoded, dict[Channel, Sound]]:
    place = path.parent / "raw"
    place.mkdir(exist_ok=True)
    done = decode((path,), sides, lambda channel: place / f"{channel.value}.s16")
    raw = {c: np.fromfile(place / f"{c.value}.s16", "<i2") / 32767 for c in done.lengths_s}
    return done, {channel: sound.astype(np.float32) for channel, sound in raw.items()}


def loudness(sound: Sound) -> Sound:
    """Return how loud it is, ten times a second: what a codec and a shift of some ms leave."""
    count = len(sound) // 1600
    return np.sqrt(np.mean(sound[: count * 1600].reshape(count, 1600) ** 2, axis=1))


def is_like(sound: Sound, other: Sound) -> bool:
    one, two = loudness(sound), loudness(other)
    size = min(len(one), len(two))
    return float(np.corrcoef(one[:size], two[:size])[0, 1]) > 0.95


@pytest.mark.parametrize("suffix", CODECS)
def test_whatever_it_was_recorded_as_it_is_the_same_talk(tmp_path: Path, suffix: str) -> None:
    sound, rate_hz = interview(0, LENGTH_S)
    done, raw = decoded(encode(tmp_path / f"talk{suffix}", sound, rate_hz))
    assert all(s == pytest.approx(LENGTH_S, abs=0.1) for s in done.lengths_s.values())
    assert (done.lost, done.broke_off) == ((), "")
    if CODECS[suffix][1] == 8000:
        assert set(raw) == {Channel.UNCLEAR}
        assert is_like(raw[Channel.UNCLEAR], sound.mean(axis=1))
    else:
        assert set(raw) == BOTH
        assert is_like(raw[Channel.ME], sound[:, 0])
        assert is_like(raw[Channel.THEM], sound[:, 1])
        assert not is_like(raw[Channel.ME], sound[:, 1])


@pytest.mark.parametrize("rate_hz", [8000, 16000, 22050, 48000])
def test_a_second_is_a_second_at_any_rate(tmp_path: Path, rate_hz: int) -> None:
    times_s = np.arange(round(3.7 * rate_hz)) / rate_hz
    soundfile.write(tmp_path / "a.wav", 0.3 * np.sin(2 * np.pi * 440 * times_s), rate_hz)
    done, _ = decoded(tmp_path / "a.wav")
    assert done.lengths_s[Channel.UNCLEAR] == pytest.approx(3.7, abs=0.001)


def test_the_user_says_whose_the_sides_are(tmp_path: Path) -> None:
    sound, rate_hz = interview(0, LENGTH_S)
    soundfile.write(tmp_path / "a.flac", sound, rate_hz)
    _, turned = decoded(tmp_path / "a.flac", "them,me")
    assert is_like(turned[Channel.THEM], sound[:, 0])
    assert is_like(turned[Channel.ME], sound[:, 1])
    _, mixed = decoded(tmp_path / "a.flac", "mix")
    assert set(mixed) == {Channel.UNCLEAR}
    assert is_like(mixed[Channel.UNCLEAR], sound.mean(axis=1))


def test_mono_in_a_stereo_file_is_one_microphone_unless_the_user_says_otherwise(
    tmp_path: Path,
) -> None:
    sound, rate_hz = interview(0, LENGTH_S)
    soundfile.write(tmp_path / "a.wav", np.repeat(sound.mean(axis=1)[:, None], 2, axis=1), rate_hz)
    done, raw = decoded(tmp_path / "a.wav")
    assert done.is_one_room
    assert set(raw) == {Channel.UNCLEAR}
    assert not (tmp_path / "raw" / "me.s16").exists()
    assert set(decoded(tmp_path / "a.wav", "me,them")[1]) == BOTH


def test_two_files_are_one_call(tmp_path: Path) -> None:
    sound, rate_hz = interview(0, LENGTH_S)
    soundfile.write(tmp_path / "me.wav", sound[:, 0], rate_hz)
    encode(tmp_path / "them.m4a", sound[: 8 * rate_hz, 1:], rate_hz)
    files = tmp_path / "me.wav", tmp_path / "them.m4a"
    done = decode(files, "auto", lambda channel: tmp_path / f"{channel.value}.s16")
    assert done.lengths_s[Channel.ME] == pytest.approx(LENGTH_S, abs=0.01)
    assert done.lengths_s[Channel.THEM] == pytest.approx(8.0, abs=0.1)


def test_past_damage_it_is_read_on_and_what_is_missing_is_silence_in_its_place(
    tmp_path: Path,
) -> None:
    sound, rate_hz = interview(0, 30)
    path = encode(tmp_path / "a.m4a", sound, rate_hz)
    body = bytearray(path.read_bytes())
    middle, size = len(body) // 2, len(body) // 10
    body[middle : middle + size] = random.Random(1).randbytes(size)
    path.write_bytes(body)
    done, raw = decoded(path, "me,them")
    assert done.lengths_s[Channel.ME] == pytest.approx(30, abs=0.1)
    gaps = [(from_s, to_s) for channel, from_s, to_s in done.lost if channel is Channel.ME]
    lost_s = sum(to_s - from_s for from_s, to_s in gaps)
    assert 1.5 < lost_s < 4.5
    # What comes after it is still where it was.
    last = slice(22 * RATE_HZ, 30 * RATE_HZ)
    assert is_like(raw[Channel.THEM][last], sound[last, 1])


def test_a_file_that_was_cut_off_is_read_up_to_there_and_that_is_told(tmp_path: Path) -> None:
    sound, rate_hz = interview(0, 30)
    soundfile.write(tmp_path / "whole.flac", sound, rate_hz)
    body = (tmp_path / "whole.flac").read_bytes()
    (tmp_path / "a b 🎤.flac").write_bytes(body[: len(body) // 2])
    done, raw = decoded(tmp_path / "a b 🎤.flac", "me,them")
    length_s = done.lengths_s[Channel.ME]
    assert 5 < length_s < 25
    assert done.broke_off.startswith("a b 🎤.flac could be read up to 0:")
    assert is_like(raw[Channel.THEM], sound[: len(raw[Channel.THEM]), 1])


def test_of_an_mp3_that_was_cut_off_nothing_is_heard_twice(tmp_path: Path) -> None:
    sound, rate_hz = interview(0, 30)
    body = encode(tmp_path / "whole.mp3", sound, rate_hz).read_bytes()
    # Its head still tells of 30 seconds.
    (tmp_path / "cut.mp3").write_bytes(body[: len(body) // 5])
    done, raw = decoded(tmp_path / "cut.mp3", "me,them")
    assert done.lengths_s[Channel.ME] == pytest.approx(6, abs=1.0)
    assert done.broke_off == "cut.mp3 could be read up to 0:06 of 0:30: it was cut off."
    assert is_like(raw[Channel.THEM], sound[: len(raw[Channel.THEM]), 1])


def test_a_wave_file_that_was_never_closed_is_read(tmp_path: Path) -> None:
    sound, rate_hz = interview(0, LENGTH_S)
    soundfile.write(tmp_path / "a.wav", sound, rate_hz)
    body = bytearray((tmp_path / "a.wav").read_bytes())
    # The recorder died before it wrote how long it is.
    body[4:8] = body[40:44] = b"\0\0\0\0"
    (tmp_path / "a.wav").write_bytes(body)
    done, _ = decoded(tmp_path / "a.wav", "me,them")
    assert done.lengths_s[Channel.ME] == pytest.approx(LENGTH_S, abs=0.1)


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("notes.txt", b"these are my notes", "is no recording that can be read"),
        ("song.m4p", b"\0\0\0\x20ftypM4P \0\0\0\0" + b"\1" * 2000, "is no recording"),
        ("a.mp3", b"\xff" * 5000, "is no recording|Nothing of the sound"),
        ("a.wav", b"RIFF", "is no recording|There is no sound"),
    ],
)
def test_what_is_none_is_told_in_a_sentence(
    tmp_path: Path, name: str, body: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(body)
    with pytest.raises(InputError, match=said):
        decoded(tmp_path / name)


def test_a_recording_of_no_length_is_told(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((0, 1)), 16000)
    with pytest.raises(InputError, match=r"There is no sound in|Nothing of the sound"):
        decoded(tmp_path / "a.wav")


@pytest.mark.parametrize(
    "body",
    [
        b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{}\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile '{}'\n",
    ],
)
def test_what_stands_in_a_file_leads_to_no_other_file(tmp_path: Path, body: bytes) -> None:
    sound, rate_hz = interview(0, 2)
    secret = encode(tmp_path / "secret.mp3", sound, rate_hz)
    for named in (str(secret), f"file:{secret}", "http://127.0.0.1:9/a.ts"):
        (tmp_path / "a.m4a").write_bytes(body.replace(b"{}", named.encode()))
        with pytest.raises(InputError):
            decoded(tmp_path / "a.m4a")


@pytest.mark.parametrize("name", ["a.m3u8", "a.m4a", "a.mp4"])
def test_what_stands_in_a_file_asks_nobody(tmp_path: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        body = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{address}\n#EXT-X-ENDLIST\n"
        (tmp_path / name).write_text(body)
        # Whoever came would be let in and wait for an answer; nobody comes.
        came: list[object] = []
        listening = threading.Thread(target=lambda: came.extend(_came_to(server)))
        listening.start()
        with pytest.raises(InputError):
            decoded(tmp_path / name)
        listening.join()
    assert came == []


def _came_to(server: socket.socket) -> list[object]:
    try:
        line, address = server.accept()
    except TimeoutError:
        return []
    line.close()
    return [address]


def test_a_head_tells_how_long_it_is_and_when_it_began(tmp_path: Path) -> None:
    sound, rate_hz = interview(0, LENGTH_S)
    path = encode(tmp_path / "a.m4a", sound, rate_hz, {"creation_time": "2026-11-20T14:03:00Z"})
    seen = look_at((path,))
    assert seen.length_s == pytest.approx(LENGTH_S, abs=0.1)
    assert seen.sides == 2
    assert seen.tags["creation_time"].startswith("2026-11-20T14:03:00")


MEMORY = """
import resource, sys
from pathlib import Path
from assistant.importing.decoding import decode
place = Path(sys.argv[1])
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
decode((place / "short.m4a",), "me,them", lambda c: place / f"{c.value}.s16")
before = peak()
decode((place / "long.m4a",), "me,them", lambda c: place / f"{c.value}.s16")
print(peak() - before)
"""


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    sound, rate_hz = interview(0, 60)
    encode(tmp_path / "short.m4a", sound[: 10 * rate_hz], rate_hz)
    encode(tmp_path / "long.m4a", np.tile(sound, (10, 1)), rate_hz)
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    # As float64 the ten minutes would be 420 MB; as what is written, 38.
    assert int(done.stdout) < 20_000


WITHOUT = """
import sys
sys.modules["av"] = None
from pathlib import Path
from assistant.errors import InputError
from assistant.importing.decoding import decode
try:
    decode((Path(sys.argv[1]),), "auto", lambda c: Path(sys.argv[1]).with_suffix(".s16"))
except InputError as error:
    print(error, error.hint)
"""


def test_without_the_extra_a_sentence_says_how_to_have_it(tmp_path: Path) -> None:
    sound, rate_hz = interview(0, 2)
    path = encode(tmp_path / "a.m4a", sound, rate_hz)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "pip install 'sottovoce[phone]'" in done.stdout
