"""Whether a line of the user's asks for a job rather than what was prepared.

"Could you give me a job" is like "could you give me a name", so the surer of the two counts. Law:
one rule for those who warn of it and for those who tick questions.
"""

from assistant.events import Understood
from assistant.plan import Dials

SURER = 0.1
"""What was prepared was thought about before: the ask must be so much surer than that."""


def is_slip(understood: Understood, dials: Dials) -> bool:
    """Tell whether a line asks for a job, and is no prepared question."""
    surest = max(understood.likeness.values(), default=0.0)
    is_prepared = surest >= dials.asked_at and understood.job_ask < surest + SURER
    return understood.job_ask >= dials.job_ask_at and not is_prepared
