"""A call that is over is given to the language model, in a process of its own.

Law: it begins only when the settings say so, and nobody waits for it; what it could not do stands
in the summary, what went wrong stands in the log, and neither holds a word of the call by that.
"""

import os
import subprocess
import sys
from contextlib import suppress

from assistant.errors import DiskError
from assistant.log import open_log
from assistant.settings import Places, Settings

BY_ITSELF = "--by-itself"


def begin(settings: Settings, places: Places, name: str) -> "subprocess.Popen[bytes] | None":
    """Begin to polish a call and return what does it; None where the settings do not say so."""
    if not (settings.polish.after_call and settings.polish.url):
        return None
    # A summary is complete without it: nothing here may harm the end of a call.
    with suppress(OSError, DiskError), open_log(places.home / "sottovoce.log") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "assistant", "polish", name, BY_ITSELF],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            cwd="/",
            env={**os.environ, "SOTTOVOCE_HOME": str(places.home)},
            start_new_session=True,
        )
    return None
