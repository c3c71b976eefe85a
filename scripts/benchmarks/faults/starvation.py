"""Too little of the machine: four busy processes beside the call, or an ear that is stopped."""

from collections.abc import Callable
from random import Random

from starved_call import Starved, hold_beside_busy, hold_with_stopped_ear

from faults.fault import Fault, Tally, Try

PROMISE = (
    "no overflow and no sound lost, the daemon at most 10 MB larger, "
    "no cue begun after it expired, caught up within 60 s"
)
FULL_TRIES = 3
FULL_S = 60.0


def _tries(hold: Callable[[float, str, int], Starved], short_s: float) -> Try:
    def make(tries: int, chance: Random, tally: Tally) -> None:
        length_s = FULL_S if tries == FULL_TRIES else short_s
        for _ in range(tries):
            starved = hold(length_s, "auto", chance.randrange(1000))
            faults = starved.faults()
            tally.add(held=not faults, figure=starved.caught_up_s, why="; ".join(faults))

    return make


FAULTS: tuple[Fault, ...] = (
    Fault(
        "four busy processes run beside the call",
        PROMISE,
        "real",
        "s to catch up",
        0,
        FULL_TRIES,
        _tries(hold_beside_busy, 15.0),
        needs_card=True,
    ),
    Fault(
        "the ear is stopped, and goes on later",
        PROMISE,
        "real",
        "s to catch up",
        0,
        FULL_TRIES,
        _tries(hold_with_stopped_ear, 5.0),
        needs_card=True,
    ),
)
