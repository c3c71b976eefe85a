"""The house's rules of import: they hold, and each one is seen to fail when broken.

A copy of the package gets one bad import or more for every contract; a rule
that nothing can break is no rule.
"""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.edge

ROOT = Path(__file__).parents[1]
CONFIG: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS: list[dict[str, Any]] = CONFIG["tool"]["importlinter"]["contracts"]
DOORS = [contract for contract in CONTRACTS if contract["id"].startswith("door-")]
FREE = {"numpy", "msgspec"}
"""Values, not services: any file may import them."""

NO_DOOR = "assistant/keeping/nodoor.py"
"""A room that is nobody's door, at the side where nothing but the doors' own rules is broken."""

# contract, file, what is added to it, what is to be said
HOUSE_BREAKS: list[tuple[str, str, str, str]] = [
    (
        "floors",
        "assistant/errors.py",
        "import assistant.events",
        "assistant.errors is not allowed to import assistant.events",
    ),
    (
        "floors",
        "assistant/hearing/spool.py",
        "def late():\n    import assistant.keeping.journal",
        "assistant.hearing is not allowed to import assistant.keeping",
    ),
    ("floors", "assistant/utils.py", "", "- assistant.utils"),
    (
        "minds",
        "assistant/minds/floor.py",
        "import assistant.minds.coverage",
        "assistant.minds.floor is not allowed to import assistant.minds.coverage",
    ),
    ("minds", "assistant/minds/helpers.py", "", "- assistant.minds.helpers"),
    (
        "notes",
        "assistant/notes/promises.py",
        "from pathlib import Path",
        "assistant.notes is not allowed to import pathlib",
    ),
    (
        "notes",
        "assistant/retelling.py",
        "import time",
        "assistant.retelling is not allowed to import time",
    ),
    (
        "pure",
        "assistant/minds/timekeeper.py",
        "import time",
        "assistant.minds is not allowed to import time",
    ),
    (
        "pure",
        "assistant/call.py",
        "from datetime import datetime",
        "assistant.call is not allowed to import datetime",
    ),
    (
        "pure",
        "assistant/plan.py",
        "from assistant.settings import Settings",
        "assistant.minds is not allowed to import assistant.settings",
    ),
    ("network", NO_DOOR, "import socket", "assistant.keeping.nodoor -> socket"),
    ("network", NO_DOOR, "import urllib.request", "assistant.keeping.nodoor -> urllib"),
    ("network", NO_DOOR, "import http.client", "assistant.keeping.nodoor -> http"),
    ("network", NO_DOOR, "import ssl", "assistant.keeping.nodoor -> ssl"),
    (
        "network",
        "assistant/polishing/chat.py",
        "import socket as another_door",
        "assistant.polishing.chat -> socket",
    ),
]
DOOR_BREAKS = [
    (door["id"], NO_DOOR, f"import {library}", f"assistant.keeping.nodoor -> {library}")
    for door in DOORS
    for library in door["forbidden_modules"]
]
BREAKS = HOUSE_BREAKS + DOOR_BREAKS


def lint(place: Path) -> tuple[int, str]:
    """Run the linter as `scripts/check` does; return its exit code and what it says."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    done = subprocess.run(
        command, cwd=place, capture_output=True, text=True, timeout=60, check=False
    )
    # Long sentences are wrapped at the width of a terminal.
    return done.returncode, re.sub(r"\s+", " ", done.stdout)


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str]:
    """Break every contract in a copy, and return what the linter makes of it."""
    place = tmp_path_factory.mktemp("broken")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "assistant", place / "assistant", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", place)
    for _, file, added, _ in BREAKS:
        path = place / file
        before = path.read_text() if path.exists() else ""
        path.write_text(f"{before}\n{added}\n")
    return lint(place)


def test_the_house_keeps_its_rules() -> None:
    code, said = lint(ROOT)
    assert "BROKEN" not in said, said
    assert code == 0, said


@pytest.mark.parametrize("contract", CONTRACTS, ids=[contract["id"] for contract in CONTRACTS])
def test_each_rule_fails_when_it_is_broken(
    contract: dict[str, Any], broken: tuple[int, str]
) -> None:
    code, said = broken
    assert code == 1
    assert f"{contract['name']} BROKEN" in said
    sentences = [sentence for which, _, _, sentence in BREAKS if which == contract["id"]]
    assert sentences
    for sentence in sentences:
        assert sentence in said


def test_every_outside_library_has_a_door_or_is_free() -> None:
    known = {library for door in DOORS for library in door["forbidden_modules"]} | FREE
    extras: dict[str, list[str]] = CONFIG["project"]["optional-dependencies"]
    wanted: list[str] = [*CONFIG["project"]["dependencies"], *chain(*extras.values())]
    brings: dict[str, set[str]] = {}
    for module, distributions in importlib.metadata.packages_distributions().items():
        for distribution in distributions:
            brings.setdefault(plain(distribution), set()).add(module)
    names = [plain(re.split(r"[<>=\[; ]", line)[0]) for line in wanted]
    assert [name for name in names if not brings[name] & known] == []


def test_minds_know_no_outside_library() -> None:
    [pure] = [contract for contract in CONTRACTS if contract["id"] == "pure"]
    behind_doors = {library for door in DOORS for library in door["forbidden_modules"]}
    assert behind_doors <= set(pure["forbidden_modules"])


def plain(distribution: str) -> str:
    """Return a distribution's name as registries compare them."""
    return re.sub(r"[-_.]+", "-", distribution).lower()
