"""Vectors of the texts that come with Sottovoce, made beforehand: so a start takes a second less.

`shipped.npz` holds a check sum of each text and its vector, and of the wordings of the standard
questions also their pieces and how the branch sees them; `scripts/ship_vectors` makes it anew.
Law: these are what the one known model makes of those texts, but for rounding (0.0005 in a number
of a vector, 0.004 in one of a piece); a text that is not here is left to the model.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_Rows = NDArray[np.float32]

NAME = "shipped.npz"
_KEY_BYTES = 16
_FULL = 127.0


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is in the file."""

    vectors: Mapping[bytes, _Rows]
    """`key_of` a text -> its vector, of length 1."""
    pieces: Mapping[bytes, _Rows]
    """`key_of` a text -> a row of length 1 for each of its pieces."""
    matched_vectors: Mapping[bytes, _Rows]
    """The same two of the wordings, as the branch sees them."""
    matched_pieces: Mapping[bytes, _Rows]
    common: _Rows
    """What all pieces of ordinary talk have in common."""


def key_of(text: str) -> bytes:
    """Return what a text is known by."""
    return hashlib.sha256(text.encode()).digest()[:_KEY_BYTES]


@cache
def shipped() -> Shipped:
    """Return what comes with Sottovoce; about 2 MB, read in 30 ms."""
    with as_file(files("assistant.understanding") / NAME) as path, np.load(path) as held:
        vectors = dict(zip(_keys(held["keys"]), _unit(held["rows"]), strict=True))
        ends = np.cumsum(held["piece_counts"])[:-1].tolist()
        keys = _keys(held["piece_keys"])

        def pieces_of(name: str) -> dict[bytes, _Rows]:
            return dict(zip(keys, np.split(_unit(held[name]), ends), strict=True))

        return Shipped(
            vectors,
            pieces_of("pieces"),
            dict(zip(keys, _unit(held["matched_rows"]), strict=True)),
            pieces_of("matched_pieces"),
            held["common"],
        )


def common_only() -> Shipped:
    """Return the same without any text: everything is left to the model."""
    return nothing_known(shipped().common)


def nothing_known(common: _Rows) -> Shipped:
    """Return what knows no text; `common` is what pieces have in common, shape (384,)."""
    return Shipped({}, {}, {}, {}, common)


@dataclass(frozen=True, slots=True)
class Wording:
    """What is shipped of a wording: its pieces, its vector by the branch, its pieces by it."""

    pieces: _Rows
    matched_vector: _Rows
    matched_pieces: _Rows


def write(
    path: Path, vectors: Mapping[str, _Rows], wordings: Mapping[str, Wording], common: _Rows
) -> None:
    """Write the file, of texts and what was made of them; the same give the same bytes."""
    texts, cut = sorted(vectors, key=key_of), sorted(wordings, key=key_of)
    each = [wordings[text] for text in cut]
    np.savez(
        path,
        keys=_numbers(texts),
        rows=np.stack([vectors[text] for text in texts]).astype(np.float16),
        piece_keys=_numbers(cut),
        piece_counts=np.array([len(wording.pieces) for wording in each], np.int32),
        pieces=_in_8_bits([wording.pieces for wording in each]),
        matched_rows=np.stack([wording.matched_vector for wording in each]).astype(np.float16),
        matched_pieces=_in_8_bits([wording.matched_pieces for wording in each]),
        common=common,
    )


def _in_8_bits(pieces: Sequence[_Rows]) -> NDArray[np.int8]:
    return np.rint(np.vstack(pieces) * _FULL).astype(np.int8)


def _numbers(texts: Sequence[str]) -> NDArray[np.uint8]:
    keys = np.frombuffer(b"".join(map(key_of, texts)), np.uint8)
    return keys.reshape(-1, _KEY_BYTES)


def _keys(numbers: NDArray[np.uint8]) -> list[bytes]:
    return [row.tobytes() for row in numbers]


def _unit(rows: NDArray[np.generic]) -> _Rows:
    found = rows.astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)
