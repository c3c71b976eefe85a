"""One download, as it comes in: appended to a file, request after request.

The only door to pooch. Law: what came stays in the file, and a request asks
only for what is missing, where the server can give that.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

import msgspec
import pooch  # pyright: ignore[reportMissingTypeStubs]

from assistant.errors import DiskError, ModelError
from assistant.hearing.catalogue import Model
from assistant.hearing.unpacking import MOST_BYTES

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


class _Answer(Protocol):
    status_code: int
    headers: Mapping[str, str]

    def close(self) -> None: ...


class Bar(Protocol):
    """Shows how much has come."""

    def reset(self, total: float | None = None) -> None:
        """Begin again, with so many bytes to come."""
        ...

    def update(self, n: float | None = 1) -> bool | None:
        """Take so many more bytes."""
        ...


class BrokeOff(Exception):
    """The connection ended too soon; another attempt may help."""


class Inflow:
    """What pooch writes into: appends to the part, and reads the server's first words."""

    def __init__(self, model: Model, part: BinaryIO) -> None:
        self.model = model
        self.size = part.seek(0, 2)
        self.came = False
        """Whether the last attempt brought anything."""
        self._part = part
        self._from = 0
        self._answer: _Answer | None = None
        self._bar: Bar | None = None

    def empty(self) -> None:
        """Throw away what has come so far."""
        self._part.truncate(0)
        self.size = 0

    def run(self, bar: Bar, patience: Patience) -> None:
        """Make one request for what is missing. Raises BrokeOff, ModelError, DiskError."""
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
            raise BrokeOff from error
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
            raise BrokeOff
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
        with writing(Path(str(self._part.name)).parent):
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


@contextmanager
def writing(into: Path) -> Generator[None]:
    """Turn what the disk refuses into a DiskError."""
    try:
        yield
    except OSError as error:
        raise DiskError(
            f"{into} can not be written: {error.strerror}.",
            "Free some room there, or choose another place with SOTTOVOCE_HOME.",
        ) from error
