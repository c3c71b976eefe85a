"""Forgetting in a running call: no word and no sound of the stretch is left, whatever happens."""

import contextlib
import queue
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scene import PLAN, WORDING, by_words

from assistant import plan as plans
from assistant.afterwards import wrap
from assistant.call import replay
from assistant.control import Follow, Forget, Request, Status
from assistant.errors import DiskError
from assistant.events import (
    CallStarted,
    Channel,
    Cue,
    CueEnded,
    CueStarted,
    Entry,
    Fact,
    Forgotten,
    Heard,
    Marked,
    NoteTaken,
    SpeechEnded,
    SpeechStarted,
    Understood,
    from_line,
)
from assistant.forgetting import REACH_S
from assistant.hearing.rest import Timed
from assistant.hearing.spool import RATE_HZ, Spool
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.notes.words import Words
from assistant.plan import Plan
from assistant.recovery import Rest, recover
from assistant.spine import Item, Spine
from assistant.understanding.meaning import Utterance

pytestmark = pytest.mark.edge

ME, THEM = Channel.ME, Channel.THEM
STARTED = CallStarted("call", "2026-12-01T15:00:00+01:00", "0.1.0", {})
SOON_S = 30.0
SECRET = "zanzibar"


class Death(BaseException):
    """Stands in for the end of the process at this instant."""


class Live(msgspec.Struct, frozen=True):
    """What the hands know besides."""


@dataclass(slots=True)
class Hands:
    """Hands on real sound files, in a world whose time the test moves."""

    folder: CallFolder
    tell: Callable[[Fact], None] = lambda _: None
    at_s: float = 0.0
    told_late: tuple[Fact, ...] = ()
    """What the old ear and the old murmur tell while they are made to forget."""
    hows: tuple[Literal["spoken", "cut", "expired"], ...] = ("spoken",)
    dies: Literal["", "before the sound", "after the sound"] = ""
    sound_stays: bool = False
    is_slow: bool = False
    """They have not said yet what anything means."""
    asked: list[Utterance] = field(default_factory=list[Utterance])
    """What they were to understand."""
    murmuring: list[Entry] = field(default_factory=list[Entry])
    _cues: int = 0

    def now_s(self) -> float:
        return self.at_s

    def live(self) -> Live:
        return Live()

    def take(self, entry: Entry) -> None:
        if isinstance(entry.event, Cue):
            how = self.hows[self._cues % len(self.hows)]
            self._cues += 1
            if how != "expired":
                self.tell(CueStarted(entry.seq, self.at_s))
            self.tell(CueEnded(entry.seq, self.at_s, self.at_s, how))

    def look(self) -> None:
        pass

    def interpret(self, utterance: Utterance) -> None:
        self.asked.append(utterance)
        if not self.is_slow:
            self.tell(by_words(PLAN)(utterance))

    def sound(self, channel: Channel) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
        return np.fromfile(self.folder.spool(channel), "<i2")

    def capture(self) -> None:
        """Put noise on disk up to now."""
        for channel in (ME, THEM):
            with Spool(self.folder.spool(channel)) as spool:
                missing = round(self.at_s * RATE_HZ) - spool.frames
                spool.append(np.full(max(0, missing), 700, "<i2").tobytes())

    def forget(self, forgotten: Forgotten) -> None:
        self.at_s = max(self.at_s, forgotten.to_s)
        self.capture()
        if self.dies == "before the sound":
            raise Death
        if self.sound_stays:
            raise DiskError("The sound can not be blanked.")
        for channel in (ME, THEM):
            with Spool(self.folder.spool(channel)) as spool:
                spool.zero(round(forgotten.from_s * RATE_HZ), round(forgotten.to_s * RATE_HZ))
        if self.dies == "after the sound":
            raise Death
        for fact in self.told_late:
            self.tell(fact)

    def stop_capture(self) -> None:
        self.capture()

    def is_heard_out(self) -> bool:
        return True


class Disk(Journal):
    """A journal whose disk may be full, or at whose rewriting the process dies."""

    is_full = False
    dies: Literal["", "before the journal", "after the journal"] = ""

    def append(self, entries: list[Entry]) -> None:
        if self.is_full:
            raise DiskError("full")
        super().append(entries)

    def replace(self, entries: object) -> None:
        if self.is_full:
            raise DiskError("full")
        if self.dies == "before the journal":
            raise Death
        super().replace(entries)  # pyright: ignore[reportArgumentType]
        if self.dies == "after the journal":
            raise Death


@dataclass(slots=True)
class Running:
    """A spine on a thread of its own, and what can be done to it."""

    spine: Spine
    hands: Hands
    disk: Disk
    thread: threading.Thread

    def ask(self, request: Request) -> dict[str, object]:
        return msgspec.json.decode(next(iter(self.spine.answer(request))))

    def say(self, text: str, channel: Channel = THEM, length_s: float = 2.0) -> Heard:
        """Let somebody say something that is heard at once."""
        start_s = round(self.hands.at_s + 0.5, 3)
        heard = Heard(channel, start_s, round(start_s + length_s, 3), text)
        self.hands.at_s = start_s + 0.1
        self.spine.inbox.put(SpeechStarted(channel, start_s))
        self.ask(Status())
        self.hands.at_s = heard.end_s + 0.5
        self.spine.inbox.put(SpeechEnded(channel, start_s, heard.end_s))
        self.spine.inbox.put(heard)
        self.ask(Status())
        return heard

    def wait(self, for_s: float) -> None:
        for _ in range(int(for_s / 0.5)):
            self.hands.at_s += 0.5
            self.ask(Status())

    def end(self) -> list[Entry]:
        self.spine.end("stopped")
        self.thread.join(SOON_S)
        assert not self.thread.is_alive()
        self.disk.close()
        return self.journal()

    def journal(self) -> list[Entry]:
        return journal.read(self.spine.folder.journal).entries


@contextlib.contextmanager
def running(path: Path, plan: Plan = PLAN) -> Generator[Running]:
    folder = CallFolder(path)
    folder.write("plan.json", plans.to_json(plan))
    hands, disk = Hands(folder), Disk.open(folder.journal)
    inbox: queue.SimpleQueue[Item] = queue.SimpleQueue()
    hands.tell = inbox.put
    spine = Spine(plan, folder, disk, hands, Words(), lambda _: None, inbox)

    def run() -> None:
        with contextlib.suppress(Death):
            spine.run(STARTED)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield Running(spine, hands, disk, thread)
    finally:
        spine.end("stopped")
        thread.join(SOON_S)
        disk.close()


@pytest.fixture
def call(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as call:
        yield call


def left_of(word: str, folder: Path) -> list[str]:
    """Return the files in which a word still stands."""
    return [path.name for path in folder.rglob("*") if word.encode() in path.read_bytes()]


def texts(entries: list[Entry]) -> list[str]:
    return [e.event.text for e in entries if isinstance(e.event, Heard | NoteTaken | Marked)]


def test_nothing_of_the_stretch_is_left_in_any_file(call: Running, tmp_path: Path) -> None:
    call.say("hello this is dana")
    kept_to_s = call.hands.at_s
    call.wait(4.0)
    call.say(f"between us it is {SECRET}")
    call.ask(NoteTaken(f"so {SECRET} it is"))
    call.ask(Marked(SECRET))
    call.hands.capture()
    assert left_of(SECRET, tmp_path) != []
    now_s = call.hands.at_s
    answer = call.ask(Forget(now_s - kept_to_s - 1.0))
    from_s, to_s = kept_to_s + 1.0, now_s + REACH_S
    assert answer == {
        "ok": True, "from_s": pytest.approx(from_s), "to_s": pytest.approx(to_s),
        "lines": 1, "notes": 2,
    }  # fmt: skip
    assert left_of(SECRET, tmp_path) == []
    assert SECRET not in str(call.ask(Status()))
    call.say("so how did it all begin", ME)
    assert texts(call.end()) == ["hello this is dana", "so how did it all begin"]
    assert replay(PLAN, call.journal()) == call.journal()
    wrap(tmp_path, WORDING, "always")
    assert left_of(SECRET, tmp_path) == []
    assert "hello this is dana" in (tmp_path / "notes.md").read_text()
    first, last = round(from_s * RATE_HZ), round(to_s * RATE_HZ)
    for channel in ("me", "them"):
        samples, _ = soundfile.read(tmp_path / f"{channel}.flac", dtype="int16")
        assert not samples[first:last].any()
        assert samples[:first].all()
        assert samples[last:].all()


def test_all_of_a_call_can_be_forgotten_and_the_call_goes_on(call: Running, tmp_path: Path) -> None:
    call.say(SECRET)
    answer = call.ask(Forget())
    assert (answer["from_s"], answer["lines"]) == (0.0, 1)
    call.say("what is your path")
    assert texts(call.end()) == ["what is your path"]
    assert left_of(SECRET, tmp_path) == []


@pytest.mark.parametrize("for_s", [0.0, -5.0])
def test_no_length_of_time_is_refused_and_changes_nothing(call: Running, for_s: float) -> None:
    call.say("hello")
    assert call.ask(Forget(for_s))["exit_code"] == 6
    assert texts(call.end()) == ["hello"]


def test_what_the_old_ear_and_the_old_murmur_tell_last_comes_to_nothing(call: Running) -> None:
    call.say("hello")
    now_s = call.hands.at_s
    call.hands.told_late = (
        SpeechStarted(THEM, now_s - 1.0),
        Heard(THEM, now_s - 1.0, now_s - 0.2, SECRET),
        CueStarted(3, now_s),
        CueEnded(3, now_s, now_s, "cut"),
    )
    call.ask(Forget(1.5))
    # And what comes later still.
    call.spine.inbox.put(SpeechStarted(THEM, now_s - 0.9))
    call.spine.inbox.put(SpeechEnded(THEM, now_s - 0.9, now_s - 0.1))
    call.spine.inbox.put(Heard(THEM, now_s - 0.9, now_s - 0.1, SECRET))
    call.say("and now")
    entries = call.end()
    assert texts(entries) == ["and now"]
    assert not any(isinstance(e.event, CueStarted | CueEnded) for e in entries)
    speeches = [e.event for e in entries if isinstance(e.event, SpeechStarted | SpeechEnded)]
    assert not any(now_s - 1.5 <= speech.start_s <= now_s for speech in speeches)


def test_words_from_before_the_stretch_that_come_late_are_kept(call: Running) -> None:
    call.hands.at_s = 60.0
    call.hands.told_late = (Heard(THEM, 20.0, 25.0, "said long before"),)
    call.ask(Forget(10.0))
    assert texts(call.end()) == ["said long before"]


def test_what_was_not_understood_yet_is_asked_for_by_its_new_number(call: Running) -> None:
    call.hands.at_s, call.hands.is_slow = 60.0, True
    call.say(SECRET)
    # Words of long before that came late stand behind what is forgotten.
    call.spine.inbox.put(Heard(ME, 20.0, 25.0, "what does a typical day look like"))
    call.ask(Status())
    earlier = call.hands.asked[-1]
    call.hands.told_late = (Understood(earlier.seq, {"typical-day": 0.11}),)
    call.hands.is_slow = False
    call.ask(Forget(10.0))
    entries = call.end()
    (heard,) = (e for e in entries if isinstance(e.event, Heard))
    (meaning,) = (e.event for e in entries if isinstance(e.event, Understood))
    assert heard.seq != earlier.seq
    assert meaning.heard_seq == heard.seq
    assert meaning.likeness["typical-day"] > 0.5


def test_who_follows_reads_the_journal_anew_without_the_stretch(call: Running) -> None:
    call.say("hello")
    lines: list[bytes] = []
    read = queue.SimpleQueue[int]()

    def follow() -> None:
        for line in filter(None, call.spine.answer(Follow())):
            lines.append(line)
            read.put(from_line(line).seq)

    follower = threading.Thread(target=follow)
    follower.start()
    call.say(SECRET)
    while read.get(timeout=SOON_S) < len(call.journal()):
        pass
    before = len(lines)
    call.ask(Forget(3.5))
    entries = call.end()
    call.spine.answer_end(b"done")
    follower.join(SOON_S)
    assert any(SECRET.encode() in line for line in lines[:before])
    anew = max(n for n, line in enumerate(lines) if from_line(line).seq == 1)
    assert [from_line(line) for line in lines[anew:]] == entries
    assert SECRET not in str(lines[anew:])


@pytest.mark.parametrize(
    "instant", ["before the sound", "after the sound", "before the journal", "after the journal"]
)
def test_a_death_in_between_leaves_what_a_recovery_finishes(tmp_path: Path, instant: str) -> None:
    with running(tmp_path) as call:
        call.say("hello this is dana")
        call.wait(4.0)
        call.say(SECRET)
        call.ask(NoteTaken(SECRET))
        if instant.endswith("sound"):
            call.hands.dies = "before the sound" if "before" in instant else "after the sound"
        else:
            call.disk.dies = "before the journal" if "before" in instant else "after the journal"
        threading.Thread(target=lambda: list(call.spine.answer(Forget(4.0)))).start()
        call.thread.join(SOON_S)
    folder = CallFolder(tmp_path)

    def hear(plan: Plan, rest: Rest) -> Iterator[Timed]:
        for path in rest.sounds.values():
            samples = np.fromfile(path, "<i2")
            (forgotten,) = (e.event for e in call.journal() if isinstance(e.event, Forgotten))
            first, last = (round(s * RATE_HZ) for s in (forgotten.from_s, forgotten.to_s))
            assert not samples[first:last].any()
            assert samples[:first].all()
        yield from ()

    recover(folder, WORDING, hear, by_words)
    wrap(tmp_path, WORDING, "always")
    assert left_of(SECRET, tmp_path) == []
    assert "hello this is dana" in texts(call.journal())


def test_a_full_disk_is_told_and_the_words_go_when_there_is_room(
    call: Running, tmp_path: Path
) -> None:
    call.say("hello")
    call.say(SECRET)
    call.disk.is_full = True
    answer = call.ask(Forget(3.5))
    assert (answer["ok"], answer["exit_code"]) == (False, 7)
    assert left_of(SECRET, tmp_path) == ["journal.jsonl"]
    assert SECRET not in str(call.ask(Status()))
    call.say("and now")
    call.disk.is_full = False
    entries = call.end()
    assert left_of(SECRET, tmp_path) == []
    assert texts(entries) == ["hello", "and now"]
    assert replay(PLAN, entries) == entries


def test_sound_that_can_not_be_blanked_is_told_and_the_words_go_all_the_same(
    call: Running, tmp_path: Path
) -> None:
    call.say(SECRET)
    call.hands.sound_stays = True
    assert call.ask(Forget())["exit_code"] == 7
    assert left_of(SECRET, tmp_path) == []
    call.end()
    # Before it is packed it is blanked after all.
    wrap(tmp_path, WORDING, "always")
    samples, _ = soundfile.read(tmp_path / "them.flac", dtype="int16")
    assert not samples.any()


def test_notes_that_can_not_be_written_anew_do_not_stay_as_they_were(tmp_path: Path) -> None:
    with running(tmp_path) as call:
        call.say(SECRET)
        # Where the new page should be written first lies something that can not be moved away.
        (tmp_path / ".notes.md.half").mkdir()
        (tmp_path / ".notes.md.half" / "in the way").touch()
        call.ask(Forget())
        assert left_of(SECRET, tmp_path / "notes.md") == []
        assert not (tmp_path / "notes.md").exists()


# ---------------------------------------------------------------- any call


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody says a line of its own."""

    channel: Channel
    length_s: float


@dataclass(frozen=True, slots=True)
class Noted:
    """The user writes a note of its own."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Time passes."""

    for_s: float


@dataclass(frozen=True, slots=True)
class Wished:
    """The user has so much forgotten."""

    for_s: float | None


ACTS = st.lists(
    st.one_of(
        st.builds(Said, st.sampled_from([ME, THEM]), st.sampled_from([0.5, 2.0, 6.0])),
        st.builds(Said, st.sampled_from([ME, THEM]), st.sampled_from([0.5, 2.0, 6.0])),
        st.just(Noted()),
        st.builds(Passed, st.sampled_from([1.0, 5.0, 9.0])),
        st.builds(Wished, st.sampled_from([0.5, 3.0, 8.0, 20.0, None])),
    ),
    max_size=14,
)


@settings(max_examples=20, deadline=None)
@given(ACTS, st.lists(st.sampled_from(["spoken", "cut", "expired"]), min_size=1, max_size=3))
def test_in_any_call_exactly_what_was_to_be_forgotten_is_gone(
    acts: list[Said | Noted | Passed | Wished],
    hows: list[Literal["spoken", "cut", "expired"]],
) -> None:
    with tempfile.TemporaryDirectory() as path, running(Path(path)) as call:
        call.hands.hows = tuple(hows)
        there: dict[str, tuple[float, float]] = {}
        gone: set[str] = set()
        for n, act in enumerate(acts):
            word = f"word{n:03}"
            match act:
                case Said(channel, length_s):
                    heard = call.say(f"what is the {word} of all that", channel, length_s)
                    there[word] = heard.start_s, heard.end_s
                case Noted():
                    call.ask(NoteTaken(word))
                    # The very moment at which the stretch begins belongs to it.
                    there[word] = call.hands.at_s, call.hands.at_s + 0.001
                case Passed(for_s):
                    call.wait(for_s)
                case Wished(for_s):
                    wish = call.ask(Forget(for_s))
                    from_s = float(str(wish["from_s"]))
                    gone |= {word for word, (_, end_s) in there.items() if end_s > from_s}
                    entries = call.journal()
                    assert replay(PLAN, entries) == entries
        entries = call.end()
        assert replay(PLAN, entries) == entries
        for word in gone:
            assert left_of(word, Path(path)) == []
        said = " ".join(texts(entries))
        assert [word for word in there if word not in gone and word not in said] == []
