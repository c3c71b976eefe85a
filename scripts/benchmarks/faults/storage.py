"""The disk: the power goes, the journal is damaged, there is no room, a sync fails."""

from faults.cut import cut_the_power
from faults.damage import damage_the_journal
from faults.fault import Fault
from faults.full_disk import (
    end_on_a_full_disk,
    fail_to_sync,
    fill_a_small_disk,
    fill_the_journal,
    limit_the_files,
)

FAULTS: tuple[Fault, ...] = (
    Fault(
        "the power goes at any moment of a call",
        "at most 1 s of sound and no acknowledged line lost; read, recovered and gone on with",
        "simulated",
        "s of sound lost",
        150,
        2000,
        cut_the_power,
    ),
    Fault(
        "the journal is damaged",
        "every whole line is read, and no other; never an exception, nor twice as slow",
        "real",
        "times as long as a clean read",
        1000,
        10_000,
        damage_the_journal,
    ),
    Fault(
        "the disk fills up during a call",
        "alarm within 2 s; the journal grows on, sound stops as a fact and comes back; a summary",
        "real",
        "s to the alarm",
        1,
        5,
        fill_a_small_disk,
        needs_card=True,
    ),
    Fault(
        "the disk is full when the call is stopped",
        "a summary or a clear error; nothing acknowledged lost; with room `wrap` brings the rest",
        "real",
        "s to the alarm",
        0,
        5,
        end_on_a_full_disk,
        needs_card=True,
    ),
    Fault(
        "no file may grow longer",
        "alarm within 2 s; notes are kept, what was written stays, a summary",
        "real",
        "s to the alarm",
        0,
        5,
        limit_the_files,
        needs_card=True,
    ),
    Fault(
        "the journal alone can not be written",
        "alarm within 2 s; nothing acknowledged that is not written, nothing lost; sound goes on",
        "simulated",
        "s to the alarm",
        0,
        5,
        fill_the_journal,
        needs_card=True,
    ),
    Fault(
        "a sync of journal and sound fails",
        "a new file for each, nothing acknowledged lost, no frame lost",
        "simulated",
        "s of sound lost",
        1,
        5,
        fail_to_sync,
        needs_card=True,
    ),
)
