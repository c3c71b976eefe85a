"""What every verb says once when a call was cut short: a death is noticed by the next command.

While a call runs nobody wants to hear of another one, and a note must not wait.
"""

import time

from assistant.cli.house import say, tell
from assistant.errors import Refused
from assistant.keeping.folder import CallFolder
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
    tell(say(f"unfinished.{_age(newest)}", name=newest.name))
    if len(found) > 1:
        tell(say("unfinished.more", count=len(found) - 1))


def no_call(places: Places, *, unkept: str = "", otherwise: str = "") -> Refused:
    """Return why a verb can not be done while no call runs; the hint is to go on with the last.

    `unkept` says what is lost by it; `otherwise` is the hint where no call was cut short.
    """
    sentence = " ".join(filter(None, (say("status.none"), unkept)))
    found = unfinished(places.calls, None)
    if not found:
        return Refused(sentence, otherwise or say("unfinished.none"))
    newest = found[-1]
    return Refused(sentence, say(f"unfinished.{_age(newest)}_hint", name=newest.name))


def _age(folder: CallFolder) -> str:
    age_s = time.time() - broke_off_s(folder)
    return "resumable" if age_s < RESUMABLE_S else "old"
