"""A model from the network onto the disk: all of it and as it should be, or nothing.

The only part of the program that opens the network, and only when the user
says `models pull`. Law: under the model's own name there is a whole model or
nothing; what is half done begins with a dot. A download that broke off is
continued only when a known sum can prove the result.
"""

import fcntl
import shutil
import sys
import time
from pathlib import Path
from typing import BinaryIO

import msgspec
from tqdm import tqdm

from assistant.errors import DiskError, ModelError
from assistant.hearing.catalogue import EMBEDDED_HINT, PACKAGE, Model
from assistant.hearing.inflow import BrokeOff, Inflow, Patience, writing
from assistant.hearing.models import is_vosk
from assistant.hearing.sums import Sums, keep, sum_of
from assistant.hearing.unpacking import unpack

_ROOM = 3
"""The zip and its contents together need about this many times the zip."""


class Pulled(msgspec.Struct, frozen=True):
    """A model that has arrived."""

    name: str
    model_dir: Path
    sha256: str
    """Of the zip."""
    was_known: bool
    """False: the sum was only found now, and taken on trust."""


def pull(
    model: Model,
    into: Path,
    trust: bool = False,
    progress: bool = False,
    patience: Patience | None = None,
) -> Pulled:
    """Download, check, unpack and name a model. Raises ModelError, DiskError.

    `trust` takes a model whose sum nobody knows; the sum found is returned and
    kept. `progress` draws a bar on stderr.
    """
    if model.source == PACKAGE:
        raise ModelError(
            f"{model.name} is not downloaded: it comes inside a Python package.",
            f"{EMBEDDED_HINT}.",
        )
    if not model.sha256 and not trust:
        raise ModelError(
            f"Nobody has noted a checksum for {model.name}, so what arrives could not be checked.",
            f"`sottovoce models pull {model.name} --trust` takes it as it comes and keeps its sum.",
        )
    with writing(into):
        into.mkdir(parents=True, exist_ok=True)
        _make_room(model, into)
        with (into / f".{model.name}.zip.part").open("a+b") as part:
            try:
                # One fetcher at a time; the lock falls with the process.
                fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise ModelError(
                    f"{model.name} is being fetched already.", "Wait for the other `models pull`."
                ) from error
            return _pull(model, into, part, progress, patience or Patience())


def _pull(model: Model, into: Path, part: BinaryIO, progress: bool, patience: Patience) -> Pulled:
    model_dir = into / model.name
    part_path = into / f".{model.name}.zip.part"
    fresh = into / f".{model.name}.new"
    keep_part = False
    try:
        if model_dir.exists():
            raise ModelError(
                f"{model.name} is already there, in {model_dir}.",
                f"`sottovoce models verify {model.name}` checks it; "
                "remove that directory to fetch it again.",
            )
        try:
            sha256 = _download(model, part, part_path, progress, patience)
        except (BrokeOff, KeyboardInterrupt) as error:
            keep_part = bool(model.sha256)
            if isinstance(error, KeyboardInterrupt):
                raise
            raise ModelError(
                f"The download of {model.name} broke off.",
                "Run the same command again"
                + ("; it goes on where it stopped." if keep_part else "."),
            ) from error
        shutil.rmtree(fresh, ignore_errors=True)
        files = unpack(part_path, fresh)
        if not is_vosk(fresh):
            raise ModelError(
                f"The archive of {model.name} holds no Vosk model.",
                "Get the model from another place.",
            )
        # The sums first: a model under its own name always has them.
        keep(Sums(model.name, model.source, sha256, files), model_dir)
        fresh.rename(model_dir)
        return Pulled(model.name, model_dir, sha256, bool(model.sha256))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if not keep_part:
            part_path.unlink(missing_ok=True)


def _download(
    model: Model, part: BinaryIO, part_path: Path, progress: bool, patience: Patience
) -> str:
    """Fill `part` and return its sha256, which is the known one if one is known."""
    inflow = Inflow(model, part)
    if model.sha256 and inflow.size:
        # What an earlier attempt left may be whole already, or bad: then all of it once more.
        if sum_of(part_path) != model.sha256:
            _fill(inflow, progress, patience)
        if sum_of(part_path) == model.sha256:
            return model.sha256
    inflow.empty()
    _fill(inflow, progress, patience)
    found = sum_of(part_path)
    if found != (model.sha256 or found):
        raise ModelError(
            f"What came for {model.name} is not what was expected: its checksum differs.",
            "Try again later or from another network; nothing was kept.",
        )
    return found


def _fill(inflow: Inflow, progress: bool, patience: Patience) -> None:
    with tqdm(
        total=round(inflow.model.size_mb * 1e6),
        file=sys.stderr,
        disable=not progress,
        desc=inflow.model.name,
        unit="B",
        unit_scale=True,
    ) as bar:
        barren = 0
        for left in reversed(range(patience.attempts)):
            try:
                inflow.run(bar, patience)
            except BrokeOff:
                barren = 0 if inflow.came else barren + 1
                if left == 0 or barren == patience.barren:
                    raise
            else:
                return
            if not inflow.model.sha256:
                inflow.empty()
            time.sleep(patience.pause_s)


def _make_room(model: Model, into: Path) -> None:
    needed_mb = _ROOM * model.size_mb
    free_mb = shutil.disk_usage(into).free / 1e6
    if free_mb < needed_mb:
        raise DiskError(
            f"{model.name} needs {needed_mb:.0f} MB in {into}, and {free_mb:.0f} MB are free.",
            "Free some room there, or take a smaller model.",
        )
