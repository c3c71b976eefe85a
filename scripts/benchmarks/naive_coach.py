"""The coach that anybody would write first, to see what more than that is worth.

After every 4 s of silence it says the next question of the sheet, and the time at its minutes;
who speaks, what was asked and whether somebody thinks, it does not know.
"""

from collections.abc import Iterator, Sequence

from assistant.events import Cue
from assistant.hearing.transcript import Line
from assistant.plan import Plan

SILENT_S = 4.0


def naive_cues(plan: Plan, lines: Sequence[Line]) -> list[tuple[float, Cue]]:
    """Return its cues, and when each of them begins."""
    asking = zip(_silences_s(lines), plan.questions, strict=False)
    asked = [(at_s, Cue("question", q.cue, q.id, "silence", at_s)) for at_s, q in asking]
    end_s = max((line.end_s for line in lines), default=0.0)
    left_s = {plan.length_s / 2, *plan.dials.warnings_left_s, 0.0}
    times_s = [plan.length_s - s for s in left_s]
    told = [(s, Cue("time", f"{s:.0f} s", None, "time", s)) for s in times_s if 0 < s < end_s]
    return sorted([*asked, *told], key=lambda cue: cue[0])


def _silences_s(lines: Sequence[Line]) -> Iterator[float]:
    end_s = 0.0
    for line in sorted(lines, key=lambda line: line.start_s):
        if end_s and line.start_s - end_s > SILENT_S:
            yield end_s + SILENT_S
        end_s = max(end_s, line.end_s)
