"""How it stands with the leave to take notes and keep sound: the fold all share.

Reads Consent and Consented; finds nothing. Law: what the user says overrules
what was found before; after it only a no that is heard later counts, never a
yes. So a slip of the ear can cost the user sound, never the other one their no.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.events import Consent, Consented, Entry
from assistant.plan import Plan

Standing: TypeAlias = Literal["not-needed", "given", "asked", "refused", "unasked"]


@dataclass(slots=True)
class Permission:
    """Whether leave is needed, was asked for, and what was answered."""

    plan: Plan
    standing: Standing = field(init=False)
    _is_told: bool = False
    """The user has said it."""

    def __post_init__(self) -> None:
        self.standing = "unasked" if self.plan.consent == "ask" else self.plan.consent

    @property
    def is_given(self) -> bool:
        """Tell whether sound may stay: leave was given, or none is needed."""
        return self.standing in ("given", "not-needed")

    def take(self, entry: Entry) -> None:
        """Take the next entry; most change nothing."""
        match entry.event:
            case Consented(answer):
                self.standing, self._is_told = answer, True
            case Consent(state="asked") if self.standing == "unasked":
                self.standing = "asked"
            case Consent(state="given") if not self._is_told and self.standing != "not-needed":
                self.standing = "given"
            case Consent(state="refused") if self._is_told or self.standing != "not-needed":
                self.standing = "refused"
            case _:
                pass
