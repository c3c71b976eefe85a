"""What a model's files were when they came, and whether they still are.

`models pull` keeps the sums beside the model as `<name>.sums.json`; for the
built-in model pip has kept them. Law: only reads models; writes nothing but
that one file.
"""

import base64
import binascii
import hashlib
import importlib.metadata
from pathlib import Path

import msgspec

from assistant.errors import ModelError


class Sums(msgspec.Struct, frozen=True):
    """What is kept of a fetched model."""

    name: str
    source: str
    sha256: str
    """Of the archive as it came."""
    files: dict[str, str]
    """Path inside the model -> sha256."""


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


def kept(model_dir: Path) -> dict[str, str]:
    """Return a fetched model's sums by file, none for a model copied by hand. Raises ModelError."""
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


def packaged(model_dir: Path) -> dict[str, str]:
    """Return the built-in model's sums by file, as pip recorded them."""
    found: dict[str, str] = {}
    for file in importlib.metadata.files("moonshine-voice") or ():
        if file.hash and file.hash.mode == "sha256" and file.parent.name == model_dir.name:
            # pip writes the sum in base64 and leaves the padding out.
            padded = file.hash.value + "=" * (-len(file.hash.value) % 4)
            found[file.name] = binascii.hexlify(base64.urlsafe_b64decode(padded)).decode()
    return found
