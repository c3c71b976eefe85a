"""What every verb says once when a call was cut short: a death is noticed by the next command.

While a call runs nobody wants to hear of another one, and a note must not wait.
"""

import time

from assistant.cli.house import say, tell
from assistant.keeping.lock import running_call
from assistant.keeping.unfinished import RESUMABLE_S, broke_off_s, unfinished
from assistant.settings import Places


def tell_of_unfinished(places: Places) -> None:
    """Say on stderr that a call was cut short, and what to do; about a millisecond."""
    if running_call(places.lock) is not None:
        return
    found = unfinished(places.calls, None)
    if not found:
        return
    newest = found[-1]
    age_s = time.time() - broke_off_s(newest)
    key = "resumable" if age_s < RESUMABLE_S else "old"
    tell(say(f"unfinished.{key}", name=newest.name))
    if len(found) > 1:
        tell(say("unfinished.more", count=len(found) - 1))
