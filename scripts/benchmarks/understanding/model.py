"""The sentence model of a measurement, opened once for all its tasks."""

from dataclasses import dataclass
from functools import cache

from assistant.understanding.embedding import embedded_model, open_embedder
from assistant.understanding.sentences import Sentences


@dataclass(slots=True)
class _Choice:
    words_only: bool = False


_CHOICE = _Choice()


def choose(*, words_only: bool) -> None:
    """Say what `sentences` gives to a task that does not ask for one of the two."""
    _CHOICE.words_only = words_only


def sentences(words_only: bool | None = None) -> Sentences:
    """Return the sentences of this run: with the model, or by words only.

    None: as the command was told by `--words-only`. Raises ModelError where the model is missing.
    """
    return _opened(_CHOICE.words_only if words_only is None else words_only)


@cache
def _opened(words_only: bool) -> Sentences:
    return Sentences(None if words_only else open_embedder(embedded_model()))
