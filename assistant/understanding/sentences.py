"""The sentences of one call as vectors, each made once.

Law: without a model there are no vectors, and whoever asks goes by words alone.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.understanding.embedding import SIZE, Embedder, Sentence, Vectors

REMEMBERED = 1024
"""So many sentences keep their vectors: 1.5 MB."""


@dataclass(slots=True)
class Sentences:
    """The embedder, if there is one, and what it made so far."""

    embedder: Embedder | None
    _known: OrderedDict[str, Vectors] = field(default_factory=OrderedDict[str, Vectors])

    @property
    def has_vectors(self) -> bool:
        """Whether there is a model to make vectors with."""
        return self.embedder is not None

    @property
    def remembered(self) -> tuple[str, ...]:
        """The texts whose vectors are kept."""
        return tuple(self._known)

    def vectors(self, texts: Sequence[str]) -> Vectors | None:
        """Return a row of length 1 for each text, shape (texts, 384); None without a model.

        About 5 to 10 ms for each text that was not asked for before.
        """
        if self.embedder is None:
            return None
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self.embedder.vectors(new), strict=True))
        rows = [self._known[text] for text in texts]
        for text in texts:
            self._known.move_to_end(text)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return np.stack(rows) if rows else np.zeros((0, SIZE), np.float32)

    def pieces(self, text: str) -> Vectors:
        """Return a row of length 1 for each piece of a text; one row of zeros without a model."""
        if self.embedder is None:
            return np.zeros((1, SIZE), np.float32)
        return self.embedder.pieces(text)

    def matched(self, text: str) -> Sentence | None:
        """Return a text as the branch sees it that learned what matches; None without a model."""
        return None if self.embedder is None else self.embedder.matched(text)
