"""What can be proven of a call before it starts, where no device is needed."""

from pathlib import Path

import pytest

from assistant.plan import Plan
from assistant.readiness import disk
from assistant.settings import Places

pytestmark = pytest.mark.edge


def test_a_home_that_is_not_there_yet_can_be_written_and_is_left_alone(tmp_path: Path) -> None:
    proof = disk(Plan(), Places(tmp_path / "deep" / "home"))
    assert proof.good
    assert proof.values["path"] == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_can_not_be_written_is_told_in_words() -> None:
    # Nobody can make a file there, not even root.
    proof = disk(Plan(), Places(Path("/proc/home")))
    assert (proof.good, proof.exit_code) == (False, 7)
    assert proof.sentence.startswith("Nothing can be written in /proc: ")
    assert "SOTTOVOCE_HOME" in proof.sentence
