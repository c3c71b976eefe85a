"""What a model's files were when they came, and whether they still are.

`models pull` keeps the sums beside the model as `<name>.sums.json`; for the
built-in model pip has kept them. Law: only reads models; writes nothing but
that one file.
"""

import base64
import binascii
import hashlib
import importlib.metadata
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from assistant.errors import ModelError
from assistant.hearing.models import EMBEDDED_HINT, Catalogue, embedded_dir, installed, missing


class Sums(msgspec.Struct, frozen=True):
    """What is kept of a fetched model."""

    name: str
    source: str
    sha256: str
    """Of the archive as it came."""
    files: dict[str, str]
    """Path inside the model -> sha256."""


class Verified(msgspec.Struct, frozen=True):
    """A model whose files are as they came."""

    name: str
    model_dir: Path
    files: int
    """How many were compared; 0 when no sums exist: the model did not come by `models pull`."""


def sums_path(model_dir: Path) -> Path:
    """Return where a fetched model's sums lie: beside it, so that the model stays as it came."""
    return model_dir.with_name(f"{model_dir.name}.sums.json")


def sum_of(path: Path) -> str:
    """Return a file's sha256; empty when it is not there or can not be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def keep(sums: Sums, model_dir: Path) -> None:
    """Write a model's sums. Raises OSError."""
    path = sums_path(model_dir)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(sums)) + b"\n")
    fresh.replace(path)


def verify(
    name: str,
    dirs: Sequence[Path],
    catalogue: Catalogue,
    embedded: Callable[[], Path | None] = embedded_dir,
) -> Verified:
    """Compare an installed model's files with the sums kept when it came. Raises ModelError."""
    model = next((m for m in installed(dirs, catalogue, embedded) if m.name == name), None)
    if model is None:
        raise missing(name, catalogue)
    own = model.engine == "moonshine"
    sums = _package(model.model_dir) if own else _kept(model.model_dir)
    bad = [file for file, sha256 in sums.items() if sum_of(model.model_dir / file) != sha256]
    if bad:
        again = (
            f"{EMBEDDED_HINT} again."
            if own
            else f"Remove it and run `sottovoce models pull {name}` again."
        )
        raise ModelError(
            f"{len(bad)} of {len(sums)} files of {name} are damaged or missing, first {bad[0]}.",
            f"It lies in {model.model_dir}. {again}",
        )
    return Verified(name, model.model_dir, len(sums))


def _kept(model_dir: Path) -> dict[str, str]:
    path = sums_path(model_dir)
    try:
        return msgspec.json.decode(path.read_bytes(), type=Sums).files
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The sums of {model_dir.name} can not be read: {error}.",
            f"Remove {path} and the model, and fetch it again.",
        ) from error


def _package(model_dir: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for file in importlib.metadata.files("moonshine-voice") or ():
        if file.hash and file.hash.mode == "sha256" and file.parent.name == model_dir.name:
            # pip writes the sum in base64 and leaves the padding out.
            padded = file.hash.value + "=" * (-len(file.hash.value) % 4)
            found[file.name] = binascii.hexlify(base64.urlsafe_b64decode(padded)).decode()
    return found
