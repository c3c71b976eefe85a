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
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

import msgspec
import pooch  # pyright: ignore[reportMissingTypeStubs]
from tqdm import tqdm

from assistant.errors import DiskError, ModelError
from assistant.hearing.models import EMBEDDED_HINT, PACKAGE, Model, is_vosk
from assistant.hearing.sums import Sums, keep, sum_of
from assistant.hearing.unpacking import MOST_BYTES, unpack

_ROOM = 3
"""The zip and its contents together need about this many times the zip."""

_CHUNK_BYTES = 1 << 14
"""What of the last chunk had come is lost when a connection breaks."""


class Patience(msgspec.Struct, frozen=True):
    """How long to try; without a network, once."""

    attempts: int = 4
    connect_s: float = 5.0
    silent_s: float = 15.0
    """A server that sends nothing for so long is gone."""
    pause_s: float = 1.0
    """Between attempts."""
    barren: int = 2
    """Give up sooner after so many attempts in a row that brought nothing."""


class Pulled(msgspec.Struct, frozen=True):
    """A model that has arrived."""

    name: str
    model_dir: Path
    sha256: str
    """Of the zip."""
    was_known: bool
    """False: the sum was only found now, and taken on trust."""


class _Answer(Protocol):
    status_code: int
    headers: Mapping[str, str]

    def close(self) -> None: ...


class _Bar(Protocol):
    def reset(self, total: float | None = None) -> None: ...
    def update(self, n: float | None = 1) -> bool | None: ...


class _BrokeOff(Exception):
    """The connection ended too soon; another attempt may help."""


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
    with _writing(into):
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
        except (_BrokeOff, KeyboardInterrupt) as error:
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
    inflow = _Inflow(model, part)
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


def _fill(inflow: "_Inflow", progress: bool, patience: Patience) -> None:
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
            except _BrokeOff:
                barren = 0 if inflow.came else barren + 1
                if left == 0 or barren == patience.barren:
                    raise
            else:
                return
            if not inflow.model.sha256:
                inflow.empty()
            time.sleep(patience.pause_s)


class _Inflow:
    """What pooch writes into: appends to the part, and reads the server's first words."""

    def __init__(self, model: Model, part: BinaryIO) -> None:
        self.model = model
        self.size = part.seek(0, 2)
        self.came = False
        """Whether the last attempt brought anything."""
        self._part = part
        self._from = 0
        self._answer: _Answer | None = None
        self._bar: _Bar | None = None

    def empty(self) -> None:
        """Throw away what has come so far."""
        self._part.truncate(0)
        self.size = 0

    def run(self, bar: _Bar, patience: Patience) -> None:
        """Make one request for what is missing. Raises _BrokeOff, ModelError, DiskError."""
        self._from = self.size
        self.came = False
        self._answer = None
        self._bar = bar
        asked = {"Range": f"bytes={self._from}-"} if self._from else {}
        downloader = pooch.HTTPDownloader(
            chunk_size=_CHUNK_BYTES,
            timeout=(patience.connect_s, patience.silent_s),
            # Packed transfer would make offsets meaningless.
            headers={"Accept-Encoding": "identity", "User-Agent": "sottovoce", **asked},
            hooks={"response": self.answered},
        )
        try:
            downloader(self.model.source, self, None)
        except (OSError, ValueError) as error:
            # All that requests raises is an OSError; the disk's own come as DiskError.
            if self._answer is None and not self._from:
                raise ModelError(
                    f"{urlsplit(self.model.source).hostname} could not be reached, "
                    f"so {self.model.name} was not fetched.",
                    "Is there a network? Calls need none; only `models pull` does.",
                ) from error
            raise _BrokeOff from error
        finally:
            self._hang_up()

    def answered(self, answer: _Answer, **_: object) -> None:
        """Take the server's status line and headers, before the first byte."""
        self._hang_up()
        self._answer = answer
        status = answer.status_code
        if 300 <= status < 400:
            return
        if status == 416 or status >= 500:
            if status == 416:
                self.empty()
            raise _BrokeOff
        if status >= 400:
            raise ModelError(
                f"{urlsplit(self.model.source).hostname} does not give out {self.model.name} "
                f"(HTTP {status}).",
                "The model may have moved: look for its new address on the public Vosk list.",
            )
        told = answer.headers.get("Content-Range", "")
        if self._from and not (status == 206 and told.startswith(f"bytes {self._from}-")):
            # This server sends all of it again.
            self.empty()
        if self._bar is not None:
            length = answer.headers.get("Content-Length", "")
            self._bar.reset(self.size + int(length) if length.isdigit() else None)
            self._bar.update(self.size)

    def write(self, data: bytes) -> int:
        """Append what came. Raises DiskError, ModelError."""
        self.came = True
        self.size += len(data)
        if self.size > MOST_BYTES:
            raise ModelError(
                f"{self.model.name} does not end: more than {MOST_BYTES / 1e9:g} GB came.",
                "Get the model from another place.",
            )
        with _writing(Path(str(self._part.name)).parent):
            self._part.write(data)
            self._part.flush()
        if self._bar is not None:
            self._bar.update(len(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: each write is flushed where its errors can be told apart."""

    def _hang_up(self) -> None:
        if self._answer is not None:
            self._answer.close()


def _make_room(model: Model, into: Path) -> None:
    needed_mb = _ROOM * model.size_mb
    free_mb = shutil.disk_usage(into).free / 1e6
    if free_mb < needed_mb:
        raise DiskError(
            f"{model.name} needs {needed_mb:.0f} MB in {into}, and {free_mb:.0f} MB are free.",
            "Free some room there, or take a smaller model.",
        )


@contextmanager
def _writing(into: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise DiskError(
            f"{into} can not be written: {error.strerror}.",
            "Free some room there, or choose another place with SOTTOVOCE_HOME.",
        ) from error
