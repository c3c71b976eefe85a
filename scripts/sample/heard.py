"""Hear the scripted interviews through a telephone: transcript.jsonl -> heard.jsonl.

Run by `scripts/make_sample calls`, which brings the packages; not part of the program. Each line is
spoken by a made-up voice, sent over a line of 8 kHz, and heard by Moonshine as the ear does it.
Law: a line keeps its side and its times; its words are what the engine wrote, with its errors. A
line of which it heard nothing is left out. The same text gives the same file.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

import numpy as np
import soxr
from render import HERE, RATE_HZ, Sound, Speaker, gain

from assistant.hearing.moonshine import open_moonshine

CALLS = HERE.parents[1] / "tests" / "calls"
LINE_HZ = 8000
BAND_HZ = (300, 3400)
"""What a telephone lets through (ITU-T G.712)."""
MU = 255
"""Of the companding in North America and Japan (ITU-T G.711)."""
AROUND_S = 0.25
"""Line noise before and after, as the ear gives it to the engine."""


def telephone(voice: Sound, noise_dbfs: float, seed: int) -> Sound:
    """Return a voice as it comes out of a telephone, with noise around and under it."""
    around = np.zeros(int(AROUND_S * LINE_HZ), np.float32)
    narrow = np.concatenate((around, soxr.resample(voice, RATE_HZ, LINE_HZ), around))
    noise = np.random.default_rng(seed).standard_normal(len(narrow)) * gain(noise_dbfs)
    spectrum = np.fft.rfft(narrow + noise)
    hz = np.fft.rfftfreq(len(narrow), 1 / LINE_HZ)
    spectrum[(hz < BAND_HZ[0]) | (hz > BAND_HZ[1])] = 0
    sent = np.clip(np.fft.irfft(spectrum, len(narrow)), -1, 1)
    steps = np.round(np.sign(sent) * np.log1p(MU * np.abs(sent)) / np.log1p(MU) * 127) / 127
    received = np.sign(steps) * np.expm1(np.abs(steps) * np.log1p(MU)) / MU
    return soxr.resample(received.astype(np.float32), LINE_HZ, RATE_HZ)


def words_of(text: str) -> list[str]:
    """Return the words as they are compared: small, without punctuation."""
    return re.findall(r"[\w']+", text.lower())


def errors(said: list[str], heard: list[str]) -> int:
    """Count the words that are wrong, missing or too many (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for n, word in enumerate(said, 1):
        left, row[0] = row[0], n
        for m, other in enumerate(heard, 1):
            left, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, left + (word != other))
    return row[-1]


def main(voices: Path, kept: Path, names: list[str]) -> None:
    """Hear the calls, all or those named; print a row of a table for each."""
    kept.mkdir(exist_ok=True)
    casts = tomllib.loads((HERE / "calls.toml").read_text("utf-8"))
    sides = [side for cast in casts.values() for side in cast.values() if isinstance(side, list)]
    speaker = Speaker(voices, kept, {voice for voice, _ in sides})
    engine = open_moonshine()
    for name in names or sorted(casts):
        cast, folder = casts[name], CALLS / name
        said = wrong = lost = 0
        heard: list[str] = []
        for n, row in enumerate((folder / "transcript.jsonl").read_text("utf-8").splitlines()):
            line = json.loads(row)
            voice = speaker.say(line["text"], *cast[line["channel"]])
            sound = telephone(voice, cast["noise_dbfs"], n)
            recogniser = engine()
            recogniser.accept((sound * 32767).astype("<i2").tobytes())
            text = " ".join(word.text for word in recogniser.finish())
            truth = words_of(line["text"])
            said, wrong = said + len(truth), wrong + errors(truth, words_of(text))
            lost += not text
            if text:
                heard.append(json.dumps({**line, "text": text}, ensure_ascii=False) + "\n")
        (folder / "heard.jsonl").write_text("".join(heard), "utf-8")
        sys.stdout.write(f"| `{name}` | {said} | {wrong / said * 100:.1f} % | {lost} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
