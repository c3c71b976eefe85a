"""A worker that follows a script in place of importing: the real protocol, nothing else.

    python -m fake_importer

The recording's name says what it does: `fine`, `fails`, `dies` each time, `dies once`, `hangs`,
`raves`. What it was started for is counted in a file beside it.
"""

import os
import signal
import time
from pathlib import Path
from typing import NoReturn

import msgspec

from assistant import child
from assistant.importing.job import Job, Result


def say(value: object) -> None:
    child.say(msgspec.json.encode(value))


def main() -> NoReturn:
    child.end_with_parent()
    job = msgspec.json.decode(next(child.lines_in()), type=Job)
    path = Path(job.files[0])
    started = path.with_suffix(".started")
    lives = len(started.read_text()) if started.exists() else 0
    started.write_text("x" * (lives + 1))
    path.with_suffix(".pid").write_text(str(os.getpid()))
    say({"at_s": 1.5})
    what = path.stem
    if what.startswith("raves"):
        child.say(b"this is no JSON")
        say({"at_s": "soon"})
    if what.startswith("dies") and not (what == "dies once" and lives):
        os.kill(os.getpid(), signal.SIGKILL)
    while what.startswith("hangs"):
        time.sleep(0.05)
    state = "failed" if what == "fails" else "imported"
    say({"at_s": 60.0})
    say({"result": Result(job.files, state, call=what, exit_code=6 if what == "fails" else 0)})
    os._exit(0)


if __name__ == "__main__":
    main()
