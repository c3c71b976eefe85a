"""Who follows reads every line once, and after something was forgotten no old line any more."""

import queue
import threading
from collections.abc import Iterator

import pytest

from assistant.events import Entry, NoteTaken, from_line
from assistant.following import MOST_BEHIND, Followers

pytestmark = pytest.mark.unit

SOON_S = 10.0


def entries(*texts: str) -> list[Entry]:
    return [Entry(seq, float(seq), NoteTaken(text)) for seq, text in enumerate(texts, 1)]


class Call:
    """A journal that grows and may begin anew, and one that follows it."""

    def __init__(self, *texts: str) -> None:
        self.journal = entries(*texts)
        self.followers = Followers()

    def add(self, text: str) -> None:
        self.journal.append(Entry(len(self.journal) + 1, 0.0, NoteTaken(text)))
        self.followers.tell(self.journal[-1])

    def forget(self, *kept: str) -> None:
        self.journal = entries(*kept)
        self.followers.begin_anew()

    def follow(self, after_seq: int = 0) -> Iterator[str]:
        """Yield the words that are read; the pulse of a quiet journal is left out."""
        for line in self.followers.follow(lambda: self.journal, after_seq):
            if line and isinstance(note := from_line(line).event, NoteTaken):
                yield note.text


def test_the_past_and_what_comes_is_read_once_and_then_the_end() -> None:
    call = Call("a", "b")
    following = call.follow(after_seq=1)
    assert next(following) == "b"
    call.add("c")
    assert next(following) == "c"
    call.followers.tell(None)
    assert list(following) == []


def test_what_comes_while_the_past_is_read_comes_once() -> None:
    call = Call("a", "b")
    following = call.follow()
    assert next(following) == "a"
    call.add("c")
    call.followers.tell(None)
    assert list(following) == ["b", "c"]


def test_after_forgetting_the_journal_is_read_from_its_first_line() -> None:
    call = Call("a", "b")
    following = call.follow()
    assert [next(following), next(following)] == ["a", "b"]
    call.add("secret")
    call.forget("a", "b")
    call.add("c")
    call.followers.tell(None)
    assert list(following) == ["a", "b", "c"]


def test_who_reads_slowly_reads_nothing_that_was_forgotten_since() -> None:
    call = Call("a", "secret", "more")
    following = call.follow()
    assert next(following) == "a"
    call.forget("a")
    call.forget("a", "b")
    call.followers.tell(None)
    assert list(following) == ["a", "b"]


def test_one_that_is_let_go_reads_on_without_a_gap() -> None:
    followers = Followers()
    asleep, awake = followers.join(), followers.join()
    heard = range(1, 3 * MOST_BEHIND + 1)
    read: list[int] = []
    for seq in heard:
        followers.tell(Entry(seq, 0.0, NoteTaken("")))
        if isinstance(entry := awake.get(timeout=SOON_S), Entry):
            read.append(entry.seq)
    followers.tell(None)
    assert read == list(heard)
    assert awake.get(timeout=SOON_S) is None
    late = [asleep.get(timeout=SOON_S) for _ in range(MOST_BEHIND)]
    assert [entry.seq for entry in late if isinstance(entry, Entry)] == list(heard[:MOST_BEHIND])
    assert asleep.get(timeout=SOON_S) is None
    assert asleep.empty()


def test_a_quiet_journal_is_asked_after_and_many_may_follow() -> None:
    call = Call()
    pulses = [queue.SimpleQueue[bytes]() for _ in range(3)]

    def follow(pulse: "queue.SimpleQueue[bytes]") -> None:
        for line in call.followers.follow(lambda: call.journal, 0):
            pulse.put(line)

    threads = [threading.Thread(target=follow, args=(pulse,)) for pulse in pulses]
    for thread in threads:
        thread.start()
    assert {pulse.get(timeout=SOON_S) for pulse in pulses} == {b""}
    call.followers.tell(None)
    for thread in threads:
        thread.join(SOON_S)
    assert not any(thread.is_alive() for thread in threads)
