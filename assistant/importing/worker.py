"""A child process that imports one recording: a core for each, and its memory back at the end.

    in   a Job, as JSON
    out  {"at_s": 61.2}             so far it is heard; about once a second
         {"result": {...}}          what came of it, and the end

Law: nothing but these lines leaves it; what libraries print goes nowhere.
"""

import os
import sys
import time
import traceback
from dataclasses import dataclass
from typing import NoReturn

import msgspec

from assistant import child
from assistant.errors import SottovoceError
from assistant.importing.job import Job
from assistant.importing.work import failed, hear_here, import_one
from assistant.keeping.cores import keep_no_cores
from assistant.log import keep_words_out

TELL_EVERY_S = 0.5


@dataclass(slots=True)
class Teller:
    """Tells how far it is, not more often than anybody looks."""

    _told_s: float = float("-inf")

    def tell(self, at_s: float) -> None:
        """Know that so much is heard."""
        now_s = time.monotonic()
        if now_s - self._told_s >= TELL_EVERY_S:
            self._told_s = now_s
            child.say(msgspec.json.encode({"at_s": round(at_s, 3)}))


def main() -> NoReturn:
    """Be the worker, from its job to the result."""
    child.end_with_parent()
    keep_no_cores()
    keep_words_out()
    lines = child.lines_in()
    first = next(lines, None)
    if first is None:
        os._exit(0)
    try:
        job = msgspec.json.decode(first, type=Job)
        result = import_one(job, hear_here, Teller().tell)
    except Exception as error:
        # What it says may quote what was heard; of the trace only our own lines of code.
        sys.stderr.write("".join(traceback.format_tb(error.__traceback__)))
        kind = type(error).__name__
        result = failed((), SottovoceError(f"A fault of ours: {kind}."))
    child.say(b'{"result":' + msgspec.json.encode(result) + b"}")
    os._exit(0)


if __name__ == "__main__":
    main()
