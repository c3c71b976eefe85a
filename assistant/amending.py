"""A call that is over, and what is said of it afterwards: corrections, a second hearing.

Law: what is in the journal stays, line by line and under its numbers; what comes is placed after
the call's end, allowed by the same `Call` that placed the rest, and is safe on disk when `amend`
returns. Hold the folder meanwhile.
"""

from collections.abc import Iterable

from assistant.errors import Refused
from assistant.events import Entry, Fact
from assistant.keeping import journal
from assistant.keeping.folder import CallFolder
from assistant.keeping.unfinished import ending_of
from assistant.memory import nothing_collected
from assistant.plan import Plan
from assistant.recovery import first_line
from assistant.retelling import tell_again


def amend(folder: CallFolder, plan: Plan, facts: Iterable[Fact]) -> list[Entry]:
    """Place facts after a call's end; return their entries.

    Costs a replay of the call: a tenth of a second for half an hour. Raises Refused where the call
    is not over or a fact may not come, then nothing is changed; InputError, DiskError.
    """
    if ending_of(folder) == "none":
        raise Refused(
            f"{folder.name} was cut short, so it can not be changed yet.",
            f"`sottovoce wrap {folder.name}` finishes it first.",
        )
    known = journal.read(folder.journal).entries
    with nothing_collected():
        call, *_ = tell_again(plan, known, first_line(folder))
    # It is only asked whether they may come. Where lines are damaged, or another version of the
    # program found other things, it counts otherwise; the facts name lines as the journal does.
    seq, at_s = known[-1].seq, known[-1].at_s
    placed = [entry.event for fact in facts for entry in call.receive(fact, at_s)]
    new = [Entry(seq + n, at_s, event) for n, event in enumerate(placed, start=1)]
    book = journal.Journal.open(folder.journal)
    try:
        book.append(new)
    finally:
        book.close()
    return new
