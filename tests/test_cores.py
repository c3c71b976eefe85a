"""No core dump holds words of a call."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.edge

_ASK = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"
_CHILD = f"""
import resource, subprocess, sys
from assistant.keeping.cores import keep_no_cores
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
keep_no_cores()
{_ASK}
sys.stdout.flush()
subprocess.run([sys.executable, "-c", "{_ASK}"])
"""


def test_neither_the_process_nor_its_children_leave_one() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["(0, 0)", "(0, 0)"]
