"""A call's entries packed: the same entries come back, whoever reads while they grow."""

import threading
import tracemalloc

import pytest

from assistant.events import Channel, Entry, Heard, NoteTaken, Word
from assistant.history import PACK, History

pytestmark = pytest.mark.unit


def entry(seq: int) -> Entry:
    if seq % 3 == 0:
        return Entry(seq, seq / 4, NoteTaken(f"zwei\nZeilen, {seq} \N{SNOWMAN}"))
    words = tuple(Word(f"word{n}", seq + n / 3, seq + n / 3 + 0.2, 0.987) for n in range(12))
    text = " ".join(word.text for word in words)
    return Entry(seq, seq / 4, Heard(Channel.THEM, seq / 4, seq + 4.0, text, words, "vosk small"))


@pytest.mark.parametrize("count", [0, 1, PACK - 1, 2 * PACK - 1, 2 * PACK, 5 * PACK + 7])
def test_what_was_added_comes_back_in_order(count: int) -> None:
    entries = [entry(seq) for seq in range(1, count + 1)]
    history = History()
    for first in range(0, count, 3):
        history.add(entries[first : first + 3])
    assert list(history) == entries
    assert list(History.of(entries)) == entries
    assert len(history) == count


def test_who_reads_sees_what_was_there_when_it_began() -> None:
    history = History.of(entry(seq) for seq in range(1, PACK))
    reading = iter(history)
    first = next(reading)
    history.add(entry(seq) for seq in range(PACK, 4 * PACK))
    assert [first, *reading] == [entry(seq) for seq in range(1, PACK)]
    assert len(list(history)) == 4 * PACK - 1


def test_readers_on_other_threads_never_see_a_gap() -> None:
    history, wrong, is_over = History(), list[list[int]](), threading.Event()

    def read() -> None:
        while not is_over.is_set():
            seqs = [it.seq for it in history]
            if seqs != list(range(1, len(seqs) + 1)):
                wrong.append(seqs)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for seq in range(1, 6 * PACK):
        history.add([entry(seq)])
    is_over.set()
    for reader in readers:
        reader.join()
    assert wrong == []


def test_a_long_call_takes_little_memory() -> None:
    tracemalloc.start()
    try:
        history = History()
        for seq in range(1, 20 * PACK):
            history.add([entry(seq)])
        packed_bytes, _ = tracemalloc.get_traced_memory()
        entries = list(history)
        whole_bytes, _ = tracemalloc.get_traced_memory()
        assert len(entries) == 20 * PACK - 1
    finally:
        tracemalloc.stop()
    # The youngest of them are kept as they came.
    assert packed_bytes < (whole_bytes - packed_bytes) / 4
