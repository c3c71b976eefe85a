"""A call that is over, and what is said of it afterwards: corrections, a second hearing.

Law: what was in the journal stays; what comes is placed after the call's end by the same `Call`
that placed the rest, and is safe on disk when `amend` returns. Hold the folder meanwhile.
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
        call, entries, *_ = tell_again(plan, known, first_line(folder))
    at_s = entries[-1].at_s
    new = [entry for fact in facts for entry in call.receive(fact, at_s)]
    if entries != known:
        # Lines of it were damaged: so that numbers and lines fit together again, it is put right.
        journal.rewrite(folder.journal, [*entries, *new])
        return new
    book = journal.Journal.open(folder.journal)
    try:
        book.append(new)
    finally:
        book.close()
    return new
