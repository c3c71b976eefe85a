"""Vectors of the texts that come with Sottovoce, made beforehand: so a start takes a second less.

`shipped.npz` holds a check sum of each text and its vector; `scripts/ship_vectors` makes it anew.
Law: these are what the one known model makes of those texts, but for rounding (0.0005 in a
number); a text that is not here is left to the model.
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_Rows = NDArray[np.float32]

NAME = "shipped.npz"
_KEY_BYTES = 16


def key_of(text: str) -> bytes:
    """Return what a text is known by."""
    return hashlib.sha256(text.encode()).digest()[:_KEY_BYTES]


@cache
def shipped() -> Mapping[bytes, _Rows]:
    """Return the vectors of length 1, by `key_of` their texts; about 0.3 MB, read in 10 ms."""
    with as_file(files("assistant.understanding") / NAME) as path, np.load(path) as held:
        keys, rows = held["keys"], held["rows"].astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return {key.tobytes(): row for key, row in zip(keys, rows, strict=True)}


def write(path: Path, texts: Sequence[str], vectors: _Rows) -> None:
    """Write the file; the same texts and vectors give the same bytes."""
    order = sorted(range(len(texts)), key=lambda n: key_of(texts[n]))
    keys = np.frombuffer(b"".join(key_of(texts[n]) for n in order), np.uint8)
    rows = vectors[order].astype(np.float16)
    np.savez(path, keys=keys.reshape(-1, _KEY_BYTES), rows=rows)
