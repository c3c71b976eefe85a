"""Whether a call could start now: each part tried for real, and told in words.

Opens what a call would open, and nothing stays open or kept. Law: one part
that fails never hides the others.
"""

import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

import msgspec

from assistant.errors import DiskError, SottovoceError
from assistant.events import Channel, Heard
from assistant.hands import choose_engine, choose_sources, model_dirs
from assistant.hearing.capture import Capture
from assistant.hearing.listening import Listening
from assistant.hearing.spool import Spool
from assistant.keeping import room
from assistant.minds.cues import cue_of
from assistant.plan import Plan
from assistant.polishing import server
from assistant.settings import Places, Settings
from assistant.speaking.outputs import chosen, outputs
from assistant.speaking.playback import Playback
from assistant.speaking.saying import Voice
from assistant.speaking.voice import START_S
from assistant.understanding.embedding import find_model, open_embedder
from assistant.understanding.meaning import Meaning, Utterance
from assistant.understanding.sentences import Sentences

QUIET_DB = -60.0
"""A speech level below this is hardly heard: recognisers lose words from about -50 dBFS down."""

SILENT_DB = -90.0
"""Digital silence, or as good as: a muted microphone."""

_PROBE = "ask: typical day"
_LOOK_EVERY_S = 0.1


class Proof(msgspec.Struct, frozen=True):
    """What was found of one part."""

    part: str
    """`microphone`, `far_side`, `headset`, `model`, `understanding`, `voice`, `disk` and, where
    a language model is named, `polish`; `cues` of a sheet."""
    good: bool
    """Whether a call can start with this."""
    key: str
    """Which sentence says it; its `{}` fields are `values`. Empty: `sentence` says it already."""
    values: Mapping[str, str | float] = {}
    sentence: str = ""
    exit_code: int = 0
    is_default: bool = False
    """Nothing was chosen, so this is the system's default, whichever that is when a call begins."""


def prove(plan: Plan, settings: Settings, places: Places, seconds: float) -> Iterator[Proof]:
    """Try every part; `seconds` is how long to listen to the microphone."""
    yield from _sound(settings, seconds)
    yield _model(plan, settings, places)
    yield _understanding(plan, places)
    yield _headset(settings)
    yield _voice(plan, settings)
    yield disk(plan, places)
    if settings.polish.url:
        yield language_model(settings)


def cues(plan: Plan) -> Proof:
    """Say what each question would be murmured as: the cues of one's own are made of its words."""
    each = "; ".join(cue_of(question) for question in plan.questions if not question.thanks)
    return Proof("cues", True, "cues_good" if each else "cues_none", {"cues": each})


def _sound(settings: Settings, seconds: float) -> Iterator[Proof]:
    try:
        sources, _ = choose_sources(settings)
        loudest_db = _listen(sources, seconds)
    except SottovoceError as error:
        yield _failed("microphone", error)
        return
    own, *other = sources
    microphone = _microphone(sources[own], loudest_db[own])
    yield msgspec.structs.replace(microphone, is_default=not settings.sound.microphone)
    if other:
        key = "far_ready" if loudest_db[other[0]] > SILENT_DB else "far_silent"
        values = {"name": sources[other[0]], "db": loudest_db[other[0]]}
        yield Proof("far_side", True, key, values)
    else:
        yield Proof("far_side", True, "far_none")


def _listen(sources: Mapping[Channel, str], seconds: float) -> dict[Channel, float]:
    """Capture for a while; return the loudest level of each channel, in dBFS."""
    loudest_db = dict.fromkeys(sources, -100.0)
    with _temporary_folder() as folder:
        spools = {channel: Spool(folder / channel.value) for channel in sources}
        capture = Capture(sources, spools, lambda _: None)
        capture.open()
        try:
            until_s = time.monotonic() + seconds
            while time.monotonic() < until_s:
                threading.Event().wait(_LOOK_EVERY_S)
                for channel, level_db in loudest_db.items():
                    loudest_db[channel] = max(level_db, capture.level_db(channel))
        finally:
            capture.close()
            for spool in spools.values():
                spool.close()
    return loudest_db


def _microphone(name: str, level_db: float) -> Proof:
    values = {"name": name, "db": level_db}
    if level_db <= SILENT_DB:
        return Proof("microphone", False, "level_none", values, exit_code=4)
    return Proof("microphone", True, "level_quiet" if level_db < QUIET_DB else "level_good", values)


def _model(plan: Plan, settings: Settings, places: Places) -> Proof:
    begun_s = time.monotonic()
    try:
        choice = choose_engine(plan, settings, places)
        listening = Listening(choice, {}, lambda _fact, _s: None, lambda _text, _gave_up: None)
        try:
            listening.start()
        finally:
            listening.close()
    except SottovoceError as error:
        return _failed("model", error)
    values = {"label": choice.label, "seconds": time.monotonic() - begun_s}
    return Proof("model", True, "model_good", values)


def _understanding(plan: Plan, places: Places) -> Proof:
    begun_s = time.monotonic()
    path = find_model(model_dirs(places))
    if path is None:
        return Proof("understanding", True, "understanding_words")
    try:
        meaning = Meaning(plan, Sentences(open_embedder(path)))
    except SottovoceError as error:
        # A call can start with words alone.
        failed = _failed("understanding", error)
        return msgspec.structs.replace(failed, good=True, exit_code=0)
    meaning.understand(Utterance(1, Heard(Channel.ME, 0.0, 1.0, _PROBE)))
    values = {"seconds": time.monotonic() - begun_s}
    return Proof("understanding", True, "understanding_good", values)


def _headset(settings: Settings) -> Proof:
    if not settings.murmur.enabled:
        return Proof("headset", True, "headset_off")
    playback = Playback(settings.sound.headset, lambda _sentence, _over: None)
    try:
        playback.open()
    except SottovoceError:
        return Proof("headset", True, "headset_none")
    playback.close()
    name = chosen(settings.sound.headset, outputs()).name
    is_default = not settings.sound.headset
    return Proof("headset", True, "headset_good", {"name": name}, is_default=is_default)


def _voice(plan: Plan, settings: Settings) -> Proof:
    troubles: list[str] = []
    murmur = settings.murmur
    voice = Voice(
        murmur.voice,
        murmur.words_per_minute,
        lambda sentence, _gave_up: troubles.append(sentence),
        language=plan.language,
    )
    voice.start()
    try:
        samples = voice.say(_PROBE, START_S)
    finally:
        voice.close()
    if samples is None:
        return Proof("voice", True, "voice_off", {"why": " ".join(troubles[-1:])})
    return Proof("voice", True, "voice_good", {"name": murmur.voice, "seconds": samples.length_s})


def language_model(settings: Settings) -> Proof:
    """Prove that the language model is there; a call needs none, so none is no fault."""
    try:
        chat = server.checked(settings.polish, os.environ)
    except SottovoceError as error:
        return Proof("polish", True, "polish_not", {"why": f"{error} {error.hint}".strip()})
    where = chat.client.where
    values = {"model": chat.model, "host": where.host, "port": where.port}
    return Proof("polish", True, "polish_good", values)


def disk(plan: Plan, places: Places) -> Proof:
    """Prove that the home of the calls takes a call."""
    try:
        space = room.space_at(places.home)
        _write_in(Path(space.where))
    except SottovoceError as error:
        return _failed("disk", error)
    values = {
        "free": room.size(space.free_bytes),
        "path": space.where,
        "minutes": plan.minutes,
        "needed": room.size(room.needed_bytes(plan.minutes, space)),
    }
    if not room.is_enough(space):
        return Proof("disk", False, "disk_full", values, exit_code=7)
    return Proof("disk", True, "disk_good" if room.is_ample(space) else "disk_low", values)


def _write_in(there: Path) -> None:
    """Write for real and leave nothing: a disk may have room and take nothing. DiskError."""
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"sottovoce")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise DiskError(
            f"Nothing can be written in {there}: {error.strerror}.",
            "Set SOTTOVOCE_HOME to a folder you may write to.",
        ) from error


@contextlib.contextmanager
def _temporary_folder() -> Generator[Path]:
    """Give a folder that is gone afterwards. Raises DiskError."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="sottovoce-")
    except OSError as error:
        raise DiskError(
            f"There is no place for temporary files: {error.strerror}.",
            "Set TMPDIR to a folder you may write to.",
        ) from error
    with folder as name:
        yield Path(name)


def _failed(part: str, error: SottovoceError) -> Proof:
    sentence = f"{error} {error.hint}".strip()
    return Proof(part, False, "", sentence=sentence, exit_code=error.exit_code)
