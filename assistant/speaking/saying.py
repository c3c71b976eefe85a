"""The parent's side of the voice: words to samples, in bounded time.

Keeps the process of `voice.py` alive and remembers what it rendered. Laws: nobody waits for the
voice longer than they said; a voice that hangs is killed and started again, also while nobody
needs it; silence, and far less sound than the words take, is a failure and not an answer.
"""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import msgspec

from assistant.memory import Growth
from assistant.parent import KeptChild
from assistant.speaking.samples import SILENT_PEAK, Samples, from_pcm
from assistant.speaking.speakable import clean, estimated_length_s, voices_for
from assistant.speaking.voice import RENDER_S, START_S

CACHE_S = 180.0
"""Seconds of sound kept rendered: 16 MB at 22 kHz."""

WORKS = "The voice works again."

_SHORTEST = 0.15
"""Of the estimated length: shorter sound is not those words. The estimate is within 0.3 s."""

_LONGEST_S = 60.0
"""Longer sound is no cue: texts are cut to 200 characters."""

_LONGEST_SENTENCE = 300

_WAITING = 200
"""So many texts may wait to be rendered ahead."""

_LONGEST_ANSWER = 8_000_000


class _Answer(msgspec.Struct, frozen=True):
    """Any line of the voice's process."""

    voice: str = ""
    name: str = ""
    error: str = ""
    id: int = 0
    rate_hz: int = 0
    pcm: bytes = b""


_read_answer = msgspec.json.Decoder(_Answer).decode


@dataclass(frozen=True, slots=True)
class Care:
    """How a voice is looked after while nobody needs it."""

    asked_every_s: float = 5.0
    """How often one that has nothing to say is asked whether it is there."""
    there_s: float = 10.0
    """So long the answer to that may take: nobody waits for it, and a starved machine is no fault
    of the voice."""
    growth_bytes: int = 200 * 2**20
    """One that grew by so much leaks: 300 cues took 0.9 MB."""


class Voice:
    """Renders words to samples, in bounded time, with a memory for what it rendered.

    `on_trouble(sentence, gave_up)` is called on another thread when the voice fails, is another
    one than wanted, or is given up; `on_works(sentence)` when one that failed can speak again.
    A voice that fails again before it could speak is not told again.
    """

    def __init__(
        self,
        name: str,
        words_per_minute: int,
        on_trouble: Callable[[str, bool], None],
        *,
        on_works: Callable[[str], None] = lambda _: None,
        language: str = "en",
        module: str = "assistant.speaking.voice",
        environ: Mapping[str, str] | None = None,
        care: Care | None = None,
    ) -> None:
        """Set up; another `module` must speak the same lines."""
        self._voices = voices_for(name, language)
        self._words_per_minute = words_per_minute
        self._on_trouble = on_trouble
        self._on_works = on_works
        self._changed = threading.Condition()
        self._one_at_a_time = threading.Lock()
        self._born_s = time.monotonic()
        self._ready = False
        self._off = False
        self._is_other_told = False
        self._is_failure_told = False
        self._care = care or Care()
        self._growth = Growth(self._care.growth_bytes, self._care.asked_every_s)
        self._answered_s = self._born_s
        self._id = 0
        self._asked: dict[int, tuple[str, float]] = {}
        self._failed: set[int] = set()
        self._rendered: OrderedDict[str, Samples] = OrderedDict()
        self._ahead: deque[str] = deque(maxlen=_WAITING)
        self._is_rendering = False
        self._renderer = threading.Thread(target=self._render_ahead, name="voice", daemon=True)
        self._child = KeptChild(
            "voice",
            module,
            self._greet,
            self._take,
            self._stumble,
            may_end=lambda: self._off,
            longest_line=_LONGEST_ANSWER,
            environ=environ,
        )

    @property
    def gave_up(self) -> bool:
        """Whether there will be no voice any more."""
        return self._off

    @property
    def pid(self) -> int | None:
        """The voice's process."""
        return self._child.pid

    def start(self) -> None:
        """Start the voice's process; returns at once."""
        self._born_s = time.monotonic()
        self._child.start()
        self._renderer.start()

    def say(self, text: str, deadline_s: float = RENDER_S) -> Samples | None:
        """Return `text` as sound, or None if that fails or takes longer than `deadline_s`.

        A voice that has hung for `RENDER_S`, or `START_S` at its start, is started again; its
        deaths meanwhile are waited out. Text without any sound gives None.
        """
        spoken = clean(text)
        until_s = time.monotonic() + deadline_s
        if (known := self._known(spoken)) or not spoken:
            return known
        if not self._one_at_a_time.acquire(timeout=max(0.0, deadline_s)):
            return None
        try:
            return self._known(spoken) or self._ask(spoken, until_s)
        finally:
            self._one_at_a_time.release()

    def prepare(self, texts: Iterable[str]) -> None:
        """Render these ahead in the background, so that `say` has them at once."""
        with self._changed:
            self._ahead.extend(spoken for text in texts if (spoken := clean(text)))
            self._changed.notify_all()

    def prepared(self, within_s: float) -> bool:
        """Wait until all of that was tried; tell whether that came in time."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._off or not (self._ahead or self._is_rendering), within_s
            )

    def length_s(self, text: str) -> float:
        """Return how long `text` sounds; an estimate where there is no voice."""
        said = self.say(text, START_S)
        return said.length_s if said else estimated_length_s(text, self._words_per_minute)

    def check(self) -> None:
        """Start the voice again if it hangs or leaks; to be called about once a second."""
        now_s = time.monotonic()
        with self._changed:
            self._end_if_hung()
            if not self._ready or self._off:
                return
            if self._growth.is_too_much(self._child.pid, now_s):
                self._ready = False
                self._child.restart("it took more and more memory")
            elif not self._asked and now_s - self._answered_s >= self._care.asked_every_s:
                self._send("")

    def close(self, within_s: float = 1.0) -> None:
        """End the voice's process; who waits for words gets None."""
        with self._changed:
            self._off = True
            self._changed.notify_all()
        self._child.close(within_s)
        if self._renderer.is_alive():
            self._renderer.join(within_s)

    def _known(self, spoken: str) -> Samples | None:
        with self._changed:
            if spoken in self._rendered:
                self._rendered.move_to_end(spoken)
            return self._rendered.get(spoken)

    def _ask(self, spoken: str, until_s: float) -> Samples | None:
        with self._changed:
            # A second time if the voice died meanwhile; not more, the words may be what kills it.
            for _ in range(2):
                if not self._wait_ready(until_s):
                    return None
                asked = self._send(spoken)
                self._wait_for(lambda asked=asked: asked not in self._asked, until_s)
                if spoken in self._rendered or asked in self._failed:
                    self._failed.discard(asked)
                    return self._rendered.get(spoken)
                if asked in self._asked:
                    break
            self._end_if_hung()
            return None

    def _send(self, spoken: str) -> int:
        """Ask for these words, unless that was done and nobody had the time to wait."""
        for asked, (text, _) in self._asked.items():
            if text == spoken:
                return asked
        self._id += 1
        self._asked[self._id] = (spoken, time.monotonic())
        self._child.send(msgspec.json.encode({"id": self._id, "text": spoken}))
        return self._id

    def _wait_ready(self, until_s: float) -> bool:
        self._end_if_hung()
        self._wait_for(lambda: self._ready, until_s)
        self._end_if_hung()
        return self._ready and not self._off

    def _wait_for(self, holds: Callable[[], bool], until_s: float) -> None:
        self._changed.wait_for(lambda: holds() or self._off, max(0.0, until_s - time.monotonic()))

    def _end_if_hung(self) -> None:
        now_s = time.monotonic()
        if not self._ready and now_s - self._born_s > START_S:
            self._born_s = now_s
            self._child.restart("it did not start in time")
        # A little less, for who waited exactly so long.
        if self._ready and any(
            now_s - at_s > (RENDER_S * 0.9 if text else self._care.there_s)
            for text, at_s in self._asked.values()
        ):
            self._ready = False
            self._child.restart("it did not answer in time")

    def _render_ahead(self) -> None:
        while True:
            with self._changed:
                while not (self._off or (self._ready and self._ahead)):
                    self._changed.wait(None if self._ready else 1.0)
                    self._end_if_hung()
                if self._off:
                    return
                text, self._is_rendering = self._ahead.popleft(), True
            self.say(text)
            with self._changed:
                self._is_rendering = False
                self._changed.notify_all()

    # From here on the child's own threads.

    def _greet(self) -> bytes:
        with self._changed:
            self._ready = False
            self._born_s = time.monotonic()
            self._asked.clear()
            self._failed.clear()
            self._changed.notify_all()
        return msgspec.json.encode(
            {"voices": self._voices, "words_per_minute": self._words_per_minute}
        )

    def _take(self, line: bytes) -> None:
        answer = _read_answer(line)
        self._answered_s = time.monotonic()
        if answer.voice == "failed":
            self._stumble(answer.error[:_LONGEST_SENTENCE], True)
        elif answer.voice == "ready":
            self._begin(answer.name)
        else:
            self._take_words(answer)

    def _begin(self, name: str) -> None:
        if name != self._voices[0] and not self._is_other_told:
            self._is_other_told = True
            wanted, got = self._voices[0], name or "the system's own"
            self._on_trouble(f"There is no voice {wanted!r}; {got} speaks instead.", False)
        with self._changed:
            self._ready = True
            self._changed.notify_all()
        if self._is_failure_told:
            self._is_failure_told = False
            self._on_works(WORKS)

    def _take_words(self, answer: _Answer) -> None:
        sound = from_pcm(answer.pcm, answer.rate_hz) if answer.rate_hz > 0 else None
        with self._changed:
            spoken, _ = self._asked.pop(answer.id, ("", 0.0))
            is_silent = sound is None or not self._can_be(sound, spoken)
            if not spoken or not is_silent:
                self._child.did_well()
            if spoken and sound and not is_silent:
                self._keep(spoken, sound.trimmed())
            elif spoken:
                self._failed.add(answer.id)
            if spoken and is_silent and not answer.error:
                self._ready = False
                self._child.restart("it came out silent")
            self._changed.notify_all()

    def _can_be(self, sound: Samples, spoken: str) -> bool:
        """Tell whether a sound may be these words, and not a success without any."""
        least_s = _SHORTEST * estimated_length_s(spoken, self._words_per_minute)
        return sound.peak >= SILENT_PEAK and least_s <= sound.length_s <= _LONGEST_S

    def _keep(self, spoken: str, sound: Samples) -> None:
        self._rendered[spoken] = sound
        while sum(kept.length_s for kept in self._rendered.values()) > CACHE_S:
            self._rendered.popitem(last=False)

    def _stumble(self, sentence: str, gave_up: bool) -> None:
        with self._changed:
            self._ready = False
            is_new = gave_up > self._off or not (self._is_failure_told or self._off)
            self._off = self._off or gave_up
            self._changed.notify_all()
        if is_new:
            self._is_failure_told = True
            self._on_trouble(sentence, gave_up)
