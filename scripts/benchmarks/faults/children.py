"""Children of a call: killed, stopped, crashing, raving, leaking, and left behind.

Times hold for the machine of `docs/reliability.md` while it does nothing else; on a slower one, or
where other programs want more of it than there is, they may be as many times longer.
"""

from faults import engines, kills, orphans, raving
from faults.fault import Fault

FAULTS: tuple[Fault, ...] = (
    Fault(
        "the ear is killed",
        "back within 2 s, no frame lost, every word heard once",
        "real",
        "s to be back",
        2,
        50,
        kills.of_ear,
        needs_card=True,
    ),
    Fault(
        "the voice is killed",
        "back within 2 s, no frame lost",
        "real",
        "s to be back",
        2,
        50,
        kills.of_voice,
        needs_card=True,
    ),
    Fault(
        "what understands is killed",
        "back within 2 s, every line understood once, by its words where it died",
        "real",
        "s to be back",
        0,
        50,
        kills.of_understanding,
        needs_card=True,
    ),
    Fault(
        "what understands hangs (is stopped for good)",
        "found and back within 21 s, every line understood once",
        "real",
        "s to be back",
        0,
        5,
        kills.stopped("interpreter"),
        needs_card=True,
    ),
    Fault(
        "the ear hangs (is stopped for good)",
        "found and back within 13 s, no frame lost, every word heard once",
        "real",
        "s to be back",
        0,
        5,
        kills.stopped("ear"),
        needs_card=True,
    ),
    Fault(
        "the voice hangs while nobody needs it",
        "found and back within 18 s, no frame lost",
        "real",
        "s to be back",
        0,
        5,
        kills.stopped("voice"),
        needs_card=True,
    ),
    Fault(
        "each engine of the ear crashes five times in a row",
        "the other goes on; then deaf is told, the call goes on, all sound is kept",
        "real",
        "s until it hears",
        0,
        6,
        engines.of_both,
        needs_card=True,
    ),
    Fault(
        "the ear says nonsense",
        "none of it is told, what was really heard is, the journal is its own replay",
        "simulated",
        "",
        10_000,
        10_000,
        raving.of_ear,
    ),
    Fault(
        "the ear takes more and more memory",
        "found, started again, every word heard once",
        "simulated",
        "",
        1,
        10,
        raving.of_leak,
    ),
    Fault(
        "the daemon is killed with its children, stopped or starting",
        "no process of it left after 2 s",
        "real",
        "s until all are gone",
        1,
        50,
        orphans.of_daemon,
        needs_card=True,
    ),
)
