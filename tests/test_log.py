"""The log says where something failed and never what was said; it stays small and private."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import log
from assistant.errors import DiskError

pytestmark = pytest.mark.edge


def test_a_fault_that_nobody_caught_is_told_without_its_words() -> None:
    fails = """if True:
        import threading
        from assistant import log
        log.keep_words_out()
        thread = threading.Thread(target=lambda: {}["words in a thread"])
        thread.start()
        thread.join()
        class Lost:
            def __del__(self):
                raise ValueError("words of one lost")
        del [Lost()][0:1]
        int("words at the end")
    """
    done = subprocess.run(
        [sys.executable, "-c", fails], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if line[:1] != " "] == [
        "KeyError",
        "ValueError",
        "ValueError",
    ]
    assert "words" not in done.stderr


def test_the_log_is_private_though_it_was_not(tmp_path: Path) -> None:
    path = tmp_path / "sottovoce.log"
    path.write_text("earlier\n")
    path.chmod(0o644)
    with log.open_log(path) as file:
        file.write(b"now\n")
    assert path.read_text() == "earlier\nnow\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_log_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sottovoce.log").symlink_to(tmp_path / "profile")
    with pytest.raises(DiskError, match="can not be written"):
        log.open_log(tmp_path / "sottovoce.log")
    assert not (tmp_path / "profile").exists()


def test_a_log_never_grows_past_two_files(tmp_path: Path) -> None:
    path = tmp_path / "sottovoce.log"
    with log.open_log(path) as file:
        for n in range(50):
            file.write(bytes([n]) * (log.MOST_BYTES // 10))
            file.flush()
            log.keep_small(path)
            sizes = [part.stat().st_size for part in tmp_path.iterdir()]
            assert sum(sizes) <= 2.3 * log.MOST_BYTES
    # The newest lines are there, and those before them; nothing is torn or full of holes.
    before = path.with_name("sottovoce.log.1")
    assert (before.read_bytes() + path.read_bytes()).endswith(bytes([49]) * 100_000)
    assert {part.stat().st_mode & 0o777 for part in tmp_path.iterdir()} == {0o600}
    assert sorted(os.listdir(tmp_path)) == ["sottovoce.log", "sottovoce.log.1"]  # noqa: PTH208
