"""The spine at work, with hands that do what the test says: nothing beside it ends the call."""

import queue
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
from bad_disk import BadDisk
from scene import by_words

from assistant.call import replay
from assistant.control import Follow, Request, Status
from assistant.errors import DiskError
from assistant.events import Asked as Posed
from assistant.events import (
    CallEnded,
    CallStarted,
    Channel,
    Entry,
    Fact,
    Forgotten,
    Heard,
    NoteTaken,
    Paused,
    Resumed,
    SpeechStarted,
    Trouble,
    Understood,
)
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder
from assistant.keeping.journal import Journal
from assistant.keeping.unfinished import NOT_HEARD
from assistant.notes.words import Words
from assistant.pages import FULL, MOVED, TAKES_AGAIN
from assistant.plan import Plan, Question
from assistant.spine import FINISH_WITHIN_S, SIGNAL_WITHIN_S, Asked, Item, Spine
from assistant.understanding.meaning import Utterance

pytestmark = pytest.mark.edge

PLAN = Plan(questions=(Question("typical-day", "What does a typical day look like?", must=True),))
STARTED = CallStarted("call", "2026-12-01T15:00:00+01:00", "0.1.0", {})
WITHIN_S = 20.0


class Live(msgspec.Struct, frozen=True):
    """What the fake hands know."""

    levels_db: dict[str, float]


@dataclass(slots=True)
class Hands:
    """Hands without a world: time goes on a little with each look at it."""

    at_s: float = 0.0
    stopped: threading.Event = field(default_factory=threading.Event)
    heard_out: threading.Event = field(default_factory=threading.Event)
    taken: list[Entry] = field(default_factory=list[Entry])
    last_words: list[Heard] = field(default_factory=list[Heard])
    inbox: "queue.SimpleQueue[Item] | None" = None
    fails_on: str | None = None
    fails_at_meaning: bool = False
    breaks: bool = False
    """They can neither be looked after nor closed."""
    looks: int = 0
    is_deaf: bool = False
    tell: Callable[[Fact], None] = lambda _: None
    asked: list[Utterance] = field(default_factory=list[Utterance])
    """What they were to understand."""
    is_mute: bool = False
    """They never say what anything means."""

    def now_s(self) -> float:
        if not self.stopped.is_set():
            self.at_s += 0.01
        return self.at_s

    def live(self) -> Live:
        return Live({"me": -30.0})

    def take(self, entry: Entry) -> None:
        if isinstance(entry.event, NoteTaken) and entry.event.text == self.fails_on:
            raise KeyError(self.fails_on)
        if self.fails_at_meaning and isinstance(entry.event, Understood):
            raise KeyError
        self.taken.append(entry)

    def interpret(self, utterance: Utterance) -> None:
        self.asked.append(utterance)
        if not self.is_mute:
            self.tell(by_words(PLAN)(utterance))

    def look(self) -> None:
        self.looks += 1
        if self.breaks:
            raise ValueError

    def forget(self, forgotten: Forgotten) -> None:
        self.at_s = max(self.at_s, forgotten.to_s)

    def stop_capture(self) -> None:
        self.stopped.set()
        if self.breaks:
            raise OSError

    def is_heard_out(self) -> bool | None:
        if self.is_deaf:
            return None
        # The ear's last words and its "done" come between two looks at the inbox.
        is_over = self.heard_out.is_set()
        if not is_over and self.inbox is not None:
            for heard in self.last_words:
                self.inbox.put(heard)
            self.last_words = []
            self.heard_out.set()
        return is_over


class FullDisk(Journal):
    """A journal whose disk is full until room is made."""

    is_full = False

    def append(self, entries: list[Entry]) -> None:
        if self.is_full:
            raise DiskError("full")
        super().append(entries)


@dataclass(slots=True)
class Running:
    """A spine on its own thread, and what a client sees."""

    spine: Spine
    hands: Hands
    journal: FullDisk
    thread: threading.Thread
    reason: list[str]
    bad_disk: BadDisk

    def ask(self, request: Request) -> dict[str, object]:
        return msgspec.json.decode(next(iter(self.spine.answer(request))))

    def end(self, reason: str = "stopped") -> list[Entry]:
        """End the call; return what its journal holds."""
        self.hands.inbox = self.spine.inbox
        self.spine.end(reason)
        self.thread.join(WITHIN_S)
        assert not self.thread.is_alive()
        return journal.read(self.spine.folder.journal).entries


@pytest.fixture
def running(tmp_path: Path) -> Generator[Running]:
    hands, reason = Hands(), list[str]()
    bad_disk = BadDisk()
    disk = FullDisk.open(tmp_path / "journal.jsonl", bad_disk.sync)
    spine = Spine(
        PLAN, CallFolder(tmp_path), disk, hands, Words(), lambda _: None, queue.SimpleQueue()
    )
    hands.tell = spine.inbox.put
    thread = threading.Thread(target=lambda: reason.append(spine.run(STARTED)))
    thread.start()
    running = Running(spine, hands, disk, thread, reason, bad_disk)
    with bad_disk:
        yield running
        if thread.is_alive():
            running.end()
        disk.close()


def events(entries: list[Entry]) -> list[object]:
    return [entry.event for entry in entries]


def test_facts_and_verbs_become_the_journal_and_replay_to_it(running: Running) -> None:
    running.spine.inbox.put(SpeechStarted(Channel.THEM, 0.1))
    assert running.ask(NoteTaken("ask about Ana"))["ok"] is True
    entries = running.end()
    assert isinstance(entries[0].event, CallStarted)
    assert NoteTaken("ask about Ana") in events(entries)
    assert entries[-1].event == CallEnded("stopped")
    assert replay(PLAN, entries) == entries
    assert "ask about Ana" in (running.spine.folder.notes).read_text()


def test_what_is_heard_is_understood(running: Running) -> None:
    running.spine.inbox.put(Heard(Channel.ME, 0.0, 1.0, "what does a typical day look like"))
    entries = running.end()
    heard = next(entry for entry in entries if isinstance(entry.event, Heard))
    meaning = next(e.event for e in entries if isinstance(e.event, Understood))
    assert meaning.heard_seq == heard.seq
    assert meaning.likeness["typical-day"] > 0.7


def test_the_last_words_before_done_are_in_the_journal(running: Running) -> None:
    last = Heard(Channel.THEM, 0.0, 0.1, "good bye")
    running.hands.last_words = [last]
    entries = running.end()
    assert last in events(entries)
    assert running.spine.is_heard_out


def test_the_last_words_are_understood_before_the_end(running: Running) -> None:
    running.hands.last_words = [Heard(Channel.ME, 0.0, 1.0, "what does a typical day look like")]
    kinds = [type(event) for event in events(running.end())]
    assert kinds.index(Understood) < kinds.index(CallEnded)


def test_an_end_does_not_wait_for_a_meaning_that_never_comes(running: Running) -> None:
    running.hands.is_mute = True
    running.hands.last_words = [Heard(Channel.THEM, 0.0, 0.1, "good bye")]
    running.hands.inbox = running.spine.inbox
    running.spine.end("signal")
    running.thread.join(SIGNAL_WITHIN_S + WITHIN_S)
    assert not running.thread.is_alive()
    # It was heard all the same, and nothing needs to be heard again.
    assert running.spine.is_heard_out


def test_a_hearing_that_is_not_through_is_said(running: Running) -> None:
    running.spine.end("signal")
    running.thread.join(WITHIN_S)
    entries = journal.read(running.spine.folder.journal).entries
    assert NOT_HEARD in events(entries)
    assert not running.spine.is_heard_out


def test_a_call_that_went_deaf_ends_at_once_and_not_as_if_all_was_heard(running: Running) -> None:
    running.hands.is_deaf = True
    began_s = time.monotonic()
    entries = running.end()
    assert time.monotonic() - began_s < FINISH_WITHIN_S / 2
    assert NOT_HEARD in events(entries)
    assert not running.spine.is_heard_out


def test_a_full_disk_ends_nothing_and_loses_nothing(running: Running) -> None:
    assert running.ask(NoteTaken("before"))["ok"] is True
    running.journal.is_full = True
    refused = running.ask(NoteTaken("while full"))
    assert (refused["ok"], refused["error"], refused["exit_code"]) == (False, FULL, 7)
    assert running.ask(Status())["notes"] == 2
    assert FULL in str(running.ask(Status())["troubles"])
    running.journal.is_full = False
    assert running.ask(NoteTaken("after"))["ok"] is True
    entries = running.end()
    assert [e.event.text for e in entries if isinstance(e.event, NoteTaken)] == [
        "before",
        "while full",
        "after",
    ]
    assert Trouble("disk", TAKES_AGAIN, over=True) in events(entries)
    assert replay(PLAN, entries) == entries


def test_a_disk_that_is_full_at_the_end_is_known(running: Running) -> None:
    assert running.ask(NoteTaken("before"))["ok"] is True
    running.journal.is_full = True
    entries = running.end()
    assert NoteTaken("before") in events(entries)
    assert not running.spine.is_kept
    running.journal.is_full = False


def test_a_call_that_ended_well_is_all_on_disk(running: Running) -> None:
    running.end()
    assert running.spine.is_kept


def test_what_can_not_be_synced_is_not_said_to_be_kept(running: Running) -> None:
    assert running.ask(NoteTaken("before"))["ok"] is True
    running.bad_disk.is_bad = True
    refused = running.ask(NoteTaken("while it fails"))
    assert (refused["ok"], refused["error"], refused["exit_code"]) == (False, FULL, 7)
    assert running.ask(NoteTaken("still"))["ok"] is False
    running.bad_disk.is_bad = False
    assert running.ask(NoteTaken("after"))["ok"] is True
    entries = running.end()
    notes = [e.event.text for e in entries if isinstance(e.event, NoteTaken)]
    assert notes == ["before", "while it fails", "still", "after"]
    troubles = [e.event for e in entries if isinstance(e.event, Trouble)]
    assert troubles == [
        Trouble("disk", FULL),
        Trouble("journal", MOVED, over=True),
        Trouble("disk", TAKES_AGAIN, over=True),
    ], "each is told once"


def test_a_disk_that_fails_once_costs_nothing_and_is_told(running: Running) -> None:
    running.bad_disk.fails = 1
    assert running.ask(NoteTaken("kept"))["ok"] is True
    entries = running.end()
    assert NoteTaken("kept") in events(entries)
    assert Trouble("journal", MOVED, over=True) in events(entries)


def test_the_hands_do_what_was_asked_though_the_disk_is_full(running: Running) -> None:
    running.journal.is_full = True
    assert running.ask(Paused())["ok"] is False
    assert running.ask(Paused())["exit_code"] == 3
    assert Paused() in events(running.hands.taken)
    running.journal.is_full = False
    assert running.ask(Resumed())["ok"] is True


def test_a_terminal_that_is_gone_ends_nothing(running: Running) -> None:
    def broken(_: Entry) -> None:
        raise BrokenPipeError

    running.spine.show = broken
    assert running.ask(NoteTaken("one"))["ok"] is True
    assert running.ask(NoteTaken("two"))["ok"] is True
    assert running.end()[-1].event == CallEnded("stopped")


def test_a_fault_of_ours_costs_a_moment_and_not_the_call(running: Running) -> None:
    running.hands.fails_on = "the word"
    failed = running.ask(NoteTaken("the word"))
    assert (failed["ok"], failed["exit_code"]) == (False, 1)
    assert running.ask(NoteTaken("another"))["ok"] is True
    entries = running.end()
    (trouble,) = (e.event.text for e in entries if isinstance(e.event, Trouble))
    assert "KeyError at test_spine.py" in trouble
    assert "the word" not in trouble
    assert entries[-1].event == CallEnded("stopped")
    assert replay(PLAN, entries) == entries


def test_hands_that_break_when_looked_after_or_closed_end_nothing(running: Running) -> None:
    running.hands.breaks = True
    until_s = time.monotonic() + WITHIN_S
    while running.hands.looks < 2 and time.monotonic() < until_s:
        assert running.ask(NoteTaken("on and on"))["ok"] is True
    assert running.hands.looks >= 2
    entries = running.end()
    assert entries[-1].event == CallEnded("stopped")
    faults = [e.event.text for e in entries if isinstance(e.event, Trouble)]
    assert ["ValueError" in faults[0], "OSError" in faults[1]] == [True, True]


def test_hands_that_fail_at_one_entry_are_given_those_that_came_with_it(running: Running) -> None:
    running.hands.fails_at_meaning = True
    running.spine.inbox.put(Heard(Channel.ME, 0.0, 1.0, "what does a typical day look like"))
    (found,) = (entry for entry in running.end() if isinstance(entry.event, Posed))
    assert found in running.hands.taken


def test_status_tells_the_call_and_what_only_the_hands_know(running: Running) -> None:
    status = running.ask(Status())
    assert status["state"] == "running"
    assert status["levels_db"] == {"me": -30.0}


def test_a_second_stop_waits_for_the_same_end(running: Running) -> None:
    answers = [running.spine.answer(CallEnded("stopped")) for _ in range(2)]
    got: list[bytes] = []
    clients = [threading.Thread(target=got.extend, args=(lines,)) for lines in answers]
    for client in clients:
        client.start()
    running.hands.inbox = running.spine.inbox
    running.thread.join(WITHIN_S)
    running.spine.answer_end(b"done")
    for client in clients:
        client.join(WITHIN_S)
    # One that comes only after the end is told that the call is over.
    assert all(line == b"done" or b"The call is over" in line for line in got)
    assert len(got) == 2
    assert running.reason == ["stopped"]


def test_a_cancel_that_follows_a_stop_wins(running: Running) -> None:
    answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    running.spine.end("stopped")
    running.spine.inbox.put(Asked(CallEnded("cancelled"), answers))
    running.thread.join(WITHIN_S)
    assert running.reason == ["cancelled"]
    running.spine.answer_end(b"done")
    assert answers.get() == b"done"


def test_a_signal_twice_does_not_wait(running: Running) -> None:
    running.spine.end("signal")
    running.spine.end("signal")
    running.thread.join(WITHIN_S)
    assert running.reason == ["signal"]


def test_verbs_after_the_end_are_answered(running: Running) -> None:
    running.end()
    late = running.ask(NoteTaken("too late"))
    assert (late["ok"], late["exit_code"]) == (False, 3)
    running.spine.answer_end(b"done")


def test_who_follows_sees_every_entry_once(running: Running) -> None:
    running.ask(NoteTaken("early"))
    lines: list[bytes] = []
    follower = threading.Thread(target=lambda: lines.extend(running.spine.answer(Follow())))
    follower.start()
    running.ask(NoteTaken("late"))
    entries = running.end()
    running.spine.answer_end(b"done")
    follower.join(WITHIN_S)
    seqs = [msgspec.json.decode(line)["seq"] for line in lines if line]
    assert seqs == [entry.seq for entry in entries]
