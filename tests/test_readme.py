"""What the README shows is what the program gives: its excerpt, from the demo's own interview.

Words may differ by a letter where a processor rounds otherwise, and times by two seconds; nothing
else may.
"""

import os
import re
import subprocess
import sys
from datetime import timedelta
from difflib import SequenceMatcher
from pathlib import Path

import pytest

pytestmark = pytest.mark.model

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "scripts" / "sample"
CLOCK = re.compile(r"\[(\d\d):(\d\d):(\d\d)\]")
QUOTE = re.compile(r'(?<=:\*\* ").*(?="$)')
CLOSE_S = 2.0
ALIKE = 0.9


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Rehearse the sample as `scripts/demo` does."""
    folder = tmp_path_factory.mktemp("demo")
    command = ["rehearse", "--plan", str(SAMPLE / "sheet.md"), "--engine", "moonshine"]
    command += ["--stereo", str(SAMPLE / "interview.ogg"), "--out", str(folder / "call")]
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *command],
        env={**os.environ, "SOTTOVOCE_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return (folder / "call" / "summary.md").read_text(encoding="utf-8").splitlines()


def excerpt() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("<!-- excerpt -->\n")
    shown, _, _ = rest.partition("<!-- /excerpt -->")
    rows = shown.strip().splitlines()
    assert all(row.startswith(">") for row in rows)
    return [row.removeprefix(">").strip() for row in rows if row != ">"]


def times_s(line: str) -> list[float]:
    return [
        timedelta(hours=int(h), minutes=int(m), seconds=int(s)).total_seconds()
        for h, m, s in CLOCK.findall(line)
    ]


def is_same(shown: str, given: str) -> bool:
    bare = [CLOCK.sub("[]", QUOTE.sub("", line)) for line in (shown, given)]
    words = [" ".join(QUOTE.findall(line)) for line in (shown, given)]
    return (
        bare[0] == bare[1]
        and SequenceMatcher(None, words[0], words[1]).ratio() >= ALIKE
        and all(
            abs(one - other) <= CLOSE_S
            for one, other in zip(times_s(shown), times_s(given), strict=True)
        )
    )


def test_every_line_of_the_excerpt_stands_in_the_summary_of_the_demo(summary: list[str]) -> None:
    shown = excerpt()
    assert 10 <= len(shown) <= 14
    missing = [line for line in shown if not any(is_same(line, given) for given in summary)]
    assert missing == [], "\n".join(summary)


def test_the_map_names_every_room_of_the_house() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    house = text.partition("## The house")[2]
    rooms = {path.name for path in (ROOT / "assistant").glob("[a-z]*.py")}
    rooms |= {f"{path.parent.name}/" for path in (ROOT / "assistant").glob("*/__init__.py")}
    rooms |= {"docs/", "prompts/", "models/", "scripts/", "tests/"}
    assert {room for room in rooms if f"`{room}`" not in house} == set()
