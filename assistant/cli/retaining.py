"""The retention that runs on its own, beside other verbs: sound that is too old goes.

So does what a death left of a removal, or of an import long ago. Law: it never keeps a verb from
doing what it is for.
"""

from assistant.cli.days import local_time
from assistant.cli.house import House, say, tell
from assistant.importing.staging import sweep_stale
from assistant.keeping.lock import running_call
from assistant.keeping.retention import expire_sound
from assistant.keeping.unfinished import sweep_removed


def expire(house: House) -> None:
    """Remove sound that is older than the settings keep it, and say so on stderr."""
    sweep_removed(house.places.calls)
    sweep_stale(house.places.calls)
    days = house.settings.keep.sound_days
    done = expire_sound(house.places.calls, days, local_time(), running_call(house.places.lock))
    if done.removed:
        size = spoken_size(sum(removal.bytes for removal in done.removed))
        tell(say("retention.removed", count=len(done.removed), days=days, size=size))
    if done.failed:
        tell(say("retention.failed", names=", ".join(done.failed)))


def spoken_size(size_bytes: int) -> str:
    """Spell a size for people, in decimal units as disks are sold."""
    if size_bytes < 1000:
        return f"{size_bytes} bytes"
    return f"{size_bytes / 1e3:.0f} kB" if size_bytes < 1e6 else f"{size_bytes / 1e6:.1f} MB"
