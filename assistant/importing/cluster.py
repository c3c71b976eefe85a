"""Recordings heard by a Dask scheduler's workers, on machines of the user's own.

The door of distributed, which the extra `cluster` brings. This machine decodes, sends the sound (as
FLAC) and the plan to the scheduler that was named, takes the journal back, and writes everything
itself: workers need no shared disk and keep nothing. Law: nothing is sent before the user has named
where to; the same code hears there as here, and a worker with another version or another model
refuses; no dashboard is opened.
"""

import contextlib
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol, cast

import msgspec

from assistant import __version__
from assistant.errors import InputError, ModelError, Refused, SottovoceError
from assistant.events import Channel, Entry
from assistant.hands import choose_engine
from assistant.importing.decoding import Decoded
from assistant.importing.job import Heard, Job, Result, Told
from assistant.importing.work import Progress, Sound, failed, heard_in, import_one
from assistant.keeping import journal, sound
from assistant.settings import Places, places

CONNECT_WITHIN_S = 20.0
RETRIES = 2
"""So often a recording is tried on another worker when one is lost."""
TELL_EVERY_S = 1.0
HINT = "`pip install 'sottovoce[cluster]'` brings what talks to a Dask scheduler."
NO_WORKER = "The scheduler at {address} has no worker."


class _Future(Protocol):
    def result(self, timeout: float | None = None) -> bytes: ...
    def cancel(self) -> None: ...
    def done(self) -> bool: ...


class _Client(Protocol):
    def submit(self, function: Callable[..., bytes], *given: object, **how: object) -> _Future: ...
    def nthreads(self) -> Mapping[str, int]: ...
    def subscribe_topic(self, topic: str, handler: Callable[[Any], None]) -> None: ...
    def close(self, timeout: float = 10) -> None: ...


class _Task(Protocol):
    state: str


class _State(Protocol):
    tasks: Mapping[object, _Task]


class _Worker(Protocol):
    local_directory: str
    state: _State

    def get_current_task(self) -> object: ...
    def log_event(self, topic: str, message: object) -> None: ...


class Sent(msgspec.Struct, frozen=True):
    """What goes to a worker beside the sound."""

    job: Job
    """Without the home of this machine."""
    hearing: str
    """What hears here, and has to hear there."""
    version: str
    lengths_s: dict[Channel, float]
    lost: tuple[tuple[Channel, float, float], ...]
    broke_off: str


@dataclass(slots=True)
class Cluster:
    """The scheduler's workers, and what they tell."""

    jobs: Sequence[Job]
    address: str
    _told: "SimpleQueue[Told]" = field(default_factory=SimpleQueue[Told])
    _client: _Client | None = None
    _topic: str = field(default_factory=lambda: f"sottovoce-{secrets.token_hex(8)}")
    _futures: dict[int, _Future] = field(default_factory=dict[int, _Future])
    _closing: threading.Event = field(default_factory=threading.Event)
    _pool: ThreadPoolExecutor | None = None

    def work(self) -> Iterator[Told]:
        """Do all jobs; yield how far each is and what came of it. Raises InputError, Refused."""
        client = self._client = _connect(self.address)
        threads = sum(client.nthreads().values())
        if threads == 0:
            raise Refused(
                NO_WORKER.format(address=self.address), f"Start one: dask worker {self.address}"
            )
        client.subscribe_topic(self._topic, self._on_event)
        # One more than can be heard at once: while it is decoded here, none of them waits.
        self._pool = ThreadPoolExecutor(min(len(self.jobs), threads + 1))
        for number in range(len(self.jobs)):
            self._pool.submit(self._serve, number)
        left = len(self.jobs)
        while left:
            number, what = self._told.get()
            left -= isinstance(what, Result)
            yield number, what

    def close(self) -> None:
        """Have the workers stop, and leave."""
        self._closing.set()
        for future in [*self._futures.values()]:
            with contextlib.suppress(Exception):
                future.cancel()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.close()

    def _on_event(self, event: Any) -> None:  # noqa: ANN401 - the library's own
        _, message = event
        self._told.put((int(message["number"]), Heard(float(message["at_s"]))))

    def _serve(self, number: int) -> None:
        job = self.jobs[number]
        try:
            result = import_one(job, partial(self._hear, number))
        except BaseException as error:
            # What Dask calls cancelled is no Exception, and each job must come to a result.
            result = failed(job.files, _as_ours(error))
        self._told.put((number, result))

    def _hear(self, number: int, staged: Sound, progress: Progress) -> list[Entry]:
        """Have a worker hear a staged recording; write the journal it sends back."""
        del progress
        client, job = self._client, staged.job
        if client is None or self._closing.is_set():
            raise Refused("It was stopped.")
        choice = choose_engine(job.plan, job.settings, Places(Path(job.home)))
        decoded = staged.decoded
        sent = Sent(
            msgspec.structs.replace(job, home="", files=tuple(p.name for p in job.paths)),
            choice.label,
            __version__,
            {**decoded.lengths_s},
            decoded.lost,
            decoded.broke_off,
        )
        future = client.submit(
            hear_there,
            msgspec.json.encode(sent),
            {channel.value: sound.packed_bytes(raw) for channel, raw in staged.raws.items()},
            (self._topic, number),
            retries=RETRIES,
            # Two recordings never share a result, and no name says what they are.
            key=f"hear_there-{secrets.token_hex(8)}",
        )
        self._futures[number] = future
        try:
            lines = future.result()
        finally:
            del self._futures[number]
        staged.folder.write(staged.folder.journal.name, lines)
        return journal.read(staged.folder.journal).entries


def _connect(address: str) -> _Client:
    try:
        from dask import config

        # What goes wrong we say ourselves. Sound is large and goes along with its task, so that
        # what a lost worker had can be done by another.
        threshold = "distributed.admin.large-graph-warning-threshold"
        config.set({"logging.distributed": "critical", threshold: "1TB"})
        import distributed
    except ImportError as error:
        raise InputError("The Dask library is not installed.", HINT) from error
    try:
        return cast(
            _Client, distributed.Client(address, timeout=CONNECT_WITHIN_S, set_as_default=False)
        )
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise Refused(
            f"No Dask scheduler answers at {address}.",
            "An address looks like tcp://10.0.0.5:8786; for tls:// Dask's own settings name the "
            "certificates.",
        ) from error


def _as_ours(error: BaseException) -> SottovoceError:
    """Say what a worker's failure comes to."""
    if isinstance(error, SottovoceError):
        return error
    kind = type(error).__name__
    known = {
        "KilledWorker": "Its workers died over this recording again and again.",
        "FutureCancelledError": "The scheduler let go of it.",
        "ModuleNotFoundError": "A worker has no Sottovoce.",
    }
    return SottovoceError(
        known.get(kind, f"The scheduler's workers failed: {kind}."),
        "Every worker needs the same Sottovoce and the same model as this machine.",
    )


# ---------------------------------------------------------------- on a worker


def hear_there(sent_json: bytes, sounds: Mapping[str, bytes], told: tuple[str, int]) -> bytes:
    """Hear a recording on a worker; return the bytes of its journal. Nothing of it stays there.

    Raises ModelError, Refused.
    """
    import distributed

    worker = cast(_Worker, distributed.get_worker())
    sent = msgspec.json.decode(sent_json, type=Sent)
    if sent.version != __version__:
        raise Refused(f"A worker has Sottovoce {__version__}, this machine has {sent.version}.")
    # Below the worker's own folder: Dask clears that away, should the worker be killed.
    with tempfile.TemporaryDirectory(dir=worker.local_directory) as place:
        job = msgspec.structs.replace(sent.job, home=_home())
        _check(job, sent.hearing)
        decoded = Decoded(sent.lengths_s, sent.lost, sent.broke_off)
        raws = {channel: Path(place) / f"{channel.value}.s16" for channel in sent.lengths_s}
        for channel, raw in raws.items():
            sound.packed(raw).write_bytes(sounds[channel.value])
            sound.unpack(raw, raw)
            sound.packed(raw).unlink()
        path = Path(place) / "journal.jsonl"
        heard_in(path, job, decoded, raws, _Teller(worker, *told).tell)
        return path.read_bytes()


@dataclass(slots=True)
class _Teller:
    """Tells how far a worker is, and stops it where nobody waits for it any more."""

    worker: _Worker
    topic: str
    number: int
    _told_s: float = float("-inf")

    def tell(self, at_s: float) -> None:
        """Know that so much is heard. Raises Refused where the task was taken back."""
        now_s = time.monotonic()
        if now_s - self._told_s < TELL_EVERY_S:
            return
        self._told_s = now_s
        task = self.worker.state.tasks.get(self.worker.get_current_task())
        if task is None or task.state == "cancelled":
            raise Refused("It was taken back.")
        # Figures only: the scheduler keeps what it is told.
        self.worker.log_event(self.topic, {"number": self.number, "at_s": round(at_s, 3)})


def _home() -> str:
    return str(places(os.environ).home)


def _check(job: Job, hearing: str) -> None:
    """See that this worker hears with the same. Raises ModelError."""
    label = choose_engine(job.plan, job.settings, Places(Path(job.home))).label
    if label != hearing:
        raise ModelError(
            f"A worker hears with {label}, this machine with {hearing}.",
            "Have the same models on both, or name one with --engine or --model.",
        )
