"""The hands of one call: what hears and what speaks, opened and closed in order.

Brings their facts to one inbox and gives them the spine's entries. Law: no
decision is made here; a hand that fails tells a Trouble and the call goes on.
"""

import contextlib
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from assistant.errors import DeviceError, DiskError, ModelError
from assistant.events import Channel, Entry, Fact, Forgotten, Paused, Resumed, Trouble
from assistant.hearing import models, portaudio
from assistant.hearing.capture import Capture
from assistant.hearing.catalogue import read_catalogue
from assistant.hearing.fading import Fading
from assistant.hearing.listening import Listening
from assistant.hearing.models import Choice
from assistant.hearing.retold import Retold
from assistant.hearing.spool import RATE_HZ, Spool
from assistant.keeping.folder import CallFolder
from assistant.keeping.room import RoomWatch, before_call, space_at
from assistant.log import keep_small
from assistant.minds.cues import foreseeable
from assistant.parts import frames_in
from assistant.plan import Plan
from assistant.settings import Places, Settings, texts
from assistant.speaking.murmur import Murmur
from assistant.speaking.playback import Playback
from assistant.speaking.saying import Voice
from assistant.understanding.embedding import NAME, find_model
from assistant.understanding.interpreting import Interpreter
from assistant.understanding.meaning import Utterance

Tell = Callable[[Fact], None]

ONE_MICROPHONE = (
    "No far side was found, so one microphone hears you both: put the phone on speaker. "
    "`sottovoce devices` tells how to give Sottovoce the far side."
)

LANDED_WITHIN_S = 2.0
"""Sound that is to be forgotten is on disk by then, or never will be: a disk may be full."""

DEAF = " The call is recorded on; `sottovoce wrap` hears the rest afterwards."
SHOWN = " Cues are shown from now on."


class Live(msgspec.Struct, frozen=True):
    """What only the running hands know: shown, never journalled, never decided on."""

    levels_db: dict[str, float]
    """channel -> how loud it is now, in dBFS."""
    partials: dict[str, str]
    """channel -> what is being said right now, as far as it was understood."""
    callback_late_p99_s: float
    """How late all but the worst hundredth of the sound callbacks of the last minute came."""
    heard_to_s: dict[str, float] = {}
    """channel -> how far it is heard for good; what lies behind is the ear's backlog."""


@dataclass(slots=True)
class Hands:
    """Everything of one call that touches the world."""

    spools: dict[Channel, Spool]
    capture: Capture
    listening: Listening
    voice: Voice | None
    playback: Playback | None
    murmur: Murmur
    interpreter: Interpreter
    engines: dict[str, str]
    notices: tuple[str, ...]
    """Sentences the user should read once, when the call starts."""
    log: Path | None = None
    """Looked after too: nothing may grow for hours."""
    look_at_room: Callable[[], None] = lambda: None
    fading: Fading | None = None
    """Blanks sound that may not stay before leave is given."""
    _ended_s: float | None = None

    def start_capture(self) -> None:
        """Open the microphone: this moment is second 0. Raises DeviceError."""
        self.capture.open()

    def go_on(self, start_s: float) -> None:
        """Go on with a call that broke off: this moment is that second of it. Raises DeviceError.

        What was not captured is zeros.
        """
        self.capture.skip_to(start_s)
        self.capture.open()

    def now_s(self) -> float:
        """Return the call's time: what the clock channel has on disk."""
        return self.capture.now_s() if self._ended_s is None else self._ended_s

    def live(self) -> Live:
        """Return what the hands know at this moment."""
        late_s = [s for channel in self.spools for s in self.capture.lateness_s(channel)]
        return Live(
            {c.value: round(self.capture.level_db(c), 1) for c in self.spools},
            {c.value: text for c, text in self.listening.partials.items() if text},
            round(float(np.percentile(late_s, 99)), 4) if late_s else 0.0,
            {c.value: round(s, 3) for c, s in self.listening.heard_to_s.items()},
        )

    def remember(self, entries: Iterable[Entry]) -> None:
        """Know what a call that goes on was before."""
        for entry in entries:
            if self.fading is not None:
                self.fading.take(entry)

    def take(self, entry: Entry) -> None:
        """Carry out what an entry asks for; return at once."""
        match entry.event:
            case Paused():
                self.capture.pause()
            case Resumed():
                self.capture.resume()
            case _:
                pass
        if self.fading is not None:
            self.fading.take(entry)
        self.murmur.take(entry)

    def interpret(self, utterance: Utterance) -> None:
        """Have a line understood; its Understood is told when it is known."""
        self.interpreter.ask(utterance)

    def look(self) -> None:
        """Notice a child that hangs, a log or disk that fills up; blank what must go."""
        self.listening.check(self.now_s())
        self.interpreter.check()
        if self.voice is not None:
            self.voice.check()
        self.look_at_room()
        if self.fading is not None:
            self.fading.look(self.now_s())
        if self.log is not None:
            keep_small(self.log)

    def forget(self, forgotten: Forgotten) -> None:
        """Blank a stretch that reaches to now; have ear and murmurs begin anew. DiskError."""
        self.murmur.forget()
        self.interpreter.forget()
        from_frame, to_frame = (round(s * RATE_HZ) for s in (forgotten.from_s, forgotten.to_s))
        self._wait_for(to_frame)
        try:
            with contextlib.ExitStack() as stack:
                # Each, whatever becomes of the others; also a side that is captured no more.
                for channel, path in self.listening.spools.items():
                    spool = self.spools.get(channel) or stack.enter_context(Spool(path))
                    stack.callback(spool.zero, from_frame, to_frame)
        finally:
            self.listening.forget(forgotten.from_s, forgotten.to_s)

    def _wait_for(self, frame: int) -> None:
        """Wait until what sounded before that frame is on disk, on every channel."""
        until_s = time.monotonic() + LANDED_WITHIN_S
        while self._ended_s is None and time.monotonic() < until_s:
            if all(spool.frames >= frame for spool in self.spools.values()):
                return
            time.sleep(0.02)

    def stop_capture(self) -> None:
        """Close the microphone and let the ear hear what is left."""
        self.murmur.close()
        self.capture.close()
        # Only now: what was captured may have waited for a slow disk, and is heard as well.
        self._ended_s = self.capture.now_s()
        sounds = self.listening.spools
        self.listening.finish({c: self._end_s(c, path) for c, path in sounds.items()})

    def _end_s(self, channel: Channel, path: Path) -> float:
        """Return where a channel ends; one that is captured no more, where it broke off."""
        ended_s = self._ended_s or 0.0
        return ended_s if channel in self.spools else min(ended_s, frames_in(path) / RATE_HZ)

    def is_heard_out(self) -> bool | None:
        """Tell whether the ear has said everything; None where it never will."""
        is_deaf = self.listening.is_over() and not self.listening.is_heard_out()
        return None if is_deaf else self.listening.is_heard_out()

    def close(self) -> None:
        """Close whatever is open; more than once does no harm."""
        if self._ended_s is None:
            self._ended_s = self.capture.now_s()
        self.murmur.close()
        self.capture.close()
        self.listening.close()
        self.interpreter.close()
        if self.voice is not None:
            self.voice.close()
        if self.playback is not None:
            self.playback.close()
        for spool in self.spools.values():
            spool.close()


def open_hands(
    plan: Plan,
    settings: Settings,
    places: Places,
    folder: CallFolder,
    tell: Tell,
    known: Mapping[Channel, Retold] | None = None,
) -> Hands:
    """Choose and open everything but the microphone; return when the ear is ready to hear.

    `known` is what was told of the sound of a call that goes on: the ear hears its rest first, also
    of a side that is captured no more.

    Raises DeviceError, ModelError and, where the disk has no room, DiskError. A headset or a voice
    that is missing is told as a notice and does not stop the call.
    """
    notices = [before_call(plan.minutes, space_at(places.home))]
    log = places.home / "sottovoce.log"
    choice = choose_engine(plan, settings, places)
    sources, far_notice = choose_sources(settings)
    notices += filter(None, (far_notice, choice.notice))
    spools = {channel: Spool(folder.spool(channel)) for channel in sources}
    sounds = {c: folder.spool(c) for c in (*spools, *(known or {}))}
    for spool in spools.values():
        # Another microphone may be the clock now: time does not begin anew.
        spool.pad_to(max(frames_in(path) for path in sounds.values()))
    voice, playback, why_shown = _open_speaking(plan, settings, tell)
    notices += filter(None, (why_shown,))
    followed = _followed(sources, settings)
    capture = Capture(followed, spools, tell, let_go=lambda: _let_go(playback))
    fading = None
    if settings.keep.sound == "with-consent":
        fading = Fading(plan, spools, lambda: listening.heard_to_s)
    listening = Listening(
        choice,
        sounds,
        _telling(tell, fading),
        lambda sentence, gave_up: tell(Trouble("hearing", sentence + (DEAF if gave_up else ""))),
        log=log,
        second=choose_second(choice, plan, settings, places),
        works=lambda sentence: tell(Trouble("hearing", sentence, over=True)),
        now_s=capture.now_s,
        known=known or {},
    )
    murmur = Murmur(
        voice, playback, capture.now_s, lambda: _call_db(capture, sources), tell, plan.dials
    )
    interpreter = open_interpreter(plan, places, tell, log)
    engines = {
        "hearing": choice.label,
        "understanding": "words" if interpreter.is_by_words else NAME,
        "speaking": "shown only" if playback is None or voice is None else settings.murmur.voice,
    }
    said = tuple(filter(None, notices))
    hands = Hands(
        spools, capture, listening, voice, playback, murmur, interpreter, engines, said, log
    )
    hands.look_at_room = _room_watch(folder, capture, tell)
    hands.fading = fading
    try:
        listening.start()
    except BaseException:
        hands.close()
        raise
    return hands


def _telling(tell: Tell, fading: Fading | None) -> Callable[[Fact, float], None]:
    """Return what takes the ear's facts to the inbox."""

    def told(fact: Fact, _known_s: float) -> None:
        if fading is not None:
            fading.tell(fact)
        tell(fact)

    return told


def _room_watch(folder: CallFolder, capture: Capture, tell: Tell) -> Callable[[], None]:
    """Return what looks at the room on the disk, and has sound held back where there is none."""
    watch = RoomWatch()

    def look() -> None:
        with contextlib.suppress(DiskError):
            for trouble in watch.look(space_at(folder.path)):
                tell(trouble)
            capture.hold_back(is_full=watch.is_full)

    return look


def choose_sources(settings: Settings) -> tuple[dict[Channel, str], str]:
    """Choose what is captured on which channel, and what to say of it. Raises DeviceError."""
    microphone = portaudio.find_microphone(settings.sound.microphone)
    far_side = portaudio.find_far_side(settings.sound.far_side)
    if far_side is not None:
        return {Channel.ME: microphone.name, Channel.THEM: far_side.name}, ""
    notice = "" if settings.sound.far_side == "none" else ONE_MICROPHONE
    return {Channel.UNCLEAR: microphone.name}, notice


def _followed(sources: Mapping[Channel, str], settings: Settings) -> dict[Channel, str | None]:
    """Return what to open, now and again: no name is the default, whichever it is by then."""
    is_default = not settings.sound.microphone
    return {
        channel: None if is_default and channel is not Channel.THEM else name
        for channel, name in sources.items()
    }


def choose_engine(plan: Plan, settings: Settings, places: Places) -> Choice:
    """Choose what hears the call. Raises ModelError."""
    catalogue = read_catalogue(texts("models") / "catalogue.toml")
    return models.choose(
        settings.engine, plan.language, settings.model, model_dirs(places), catalogue
    )


def choose_second(first: Choice, plan: Plan, settings: Settings, places: Places) -> Choice | None:
    """Choose what goes on hearing when the first engine is given up; None where nothing can.

    It is the other engine, if it is here and hears the call's language.
    """
    other = "vosk" if first.engine == "moonshine" else "moonshine"
    try:
        return choose_engine(
            plan, msgspec.structs.replace(settings, engine=other, model=""), places
        )
    except ModelError:
        return None


def model_dirs(places: Places) -> tuple[Path, ...]:
    """Return where models may lie, the place for new ones first."""
    return tuple(dict.fromkeys((places.models, places.home / "models", texts("models"))))


def _open_speaking(
    plan: Plan, settings: Settings, tell: Tell
) -> tuple[Voice | None, Playback | None, str]:
    """Open the voice and the headset; without them, say why cues are only shown."""
    murmur = settings.murmur
    if not murmur.enabled:
        return None, None, ""
    playback = Playback(
        settings.sound.headset, lambda text, over: tell(Trouble("headset", text, over))
    )
    try:
        playback.open()
    except DeviceError as error:
        return None, None, f"{error} Cues will be shown, not murmured."
    voice = Voice(
        murmur.voice,
        murmur.words_per_minute,
        lambda sentence, gave_up: tell(Trouble("voice", sentence + (SHOWN if gave_up else ""))),
        on_works=lambda sentence: tell(Trouble("voice", sentence, over=True)),
        language=plan.language,
    )
    voice.start()
    voice.prepare(foreseeable(plan))
    return voice, playback, ""


def open_interpreter(plan: Plan, places: Places, tell: Tell, log: Path) -> Interpreter:
    """Start what understands the call; by words alone where there is no model."""
    interpreter = Interpreter(
        plan,
        find_model(model_dirs(places)),
        tell,
        lambda sentence, _gave_up: tell(Trouble("understanding", sentence)),
        on_works=lambda sentence: tell(Trouble("understanding", sentence, over=True)),
        log=log,
    )
    interpreter.start()
    return interpreter


@contextlib.contextmanager
def _let_go(playback: Playback | None) -> Generator[None]:
    """Close the headset for a moment, so that new devices can be looked for."""
    if playback is not None:
        playback.close()
    try:
        yield
    finally:
        if playback is not None:
            # A headset that is gone tells so by itself when the next cue is due.
            with contextlib.suppress(DeviceError):
                playback.open()


def _call_db(capture: Capture, sources: Mapping[Channel, str]) -> float | None:
    """Return the level of the talk, to murmur below it: theirs, for that is what the ear hears."""
    levels = (capture.speech_db(channel) for channel in sources if channel is not Channel.ME)
    return next((level for level in levels if level is not None), None)
