"""What was cued when: the account by which the coach keeps its distance and its budget.

Law: what the user asked for, the time, and what stopped working use up nothing;
leave to take notes keeps others away for a while, but is no help that counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.events import Cue
from assistant.plan import Dials

NOT_SPACED = ("clock", "caution", "time", "microphone", "far side", "disk", "hearing")
"""Reasons that keep nothing else away."""
NOT_COUNTED = (*NOT_SPACED, "next", "opening", "refused")
"""Reasons that are no help nobody asked for."""


@dataclass(slots=True)
class Ledger:
    """The cues so far."""

    dials: Dials
    _cued: dict[str, float] = field(default_factory=dict[str, float])
    """question id -> when it was last cued, the oldest first."""
    _helped_s: list[float] = field(default_factory=list[float])
    """When we helped without being asked: these use up the budget."""
    _spaced_s: list[float] = field(default_factory=list[float])
    """When cues were found that keep others away."""
    _by_reason_s: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    """Reason -> when it was served."""
    _topics: set[str] = field(default_factory=set[str])
    """Follow-ups that went out, word for word."""

    @property
    def cued(self) -> Mapping[str, float]:
        """Question id -> when it was last cued, the oldest first."""
        return self._cued

    def put(self, reason: str, cue: Cue, now_s: float) -> None:
        """Take a cue that goes out."""
        self._by_reason_s.setdefault(reason, []).append(now_s)
        if reason not in NOT_SPACED:
            self._spaced_s.append(now_s)
        if reason not in NOT_COUNTED:
            self._helped_s.append(now_s)
        if cue.question_id is not None:
            self._cued.pop(cue.question_id, None)
            self._cued[cue.question_id] = now_s
        elif cue.kind == "question":
            self._topics.add(cue.text)

    def strike(self, cue: Cue, at_s: float) -> None:
        """Strike out a cue that nobody took in: it may come another time."""
        self._cued.pop(cue.question_id or "", None)
        self._topics.discard(cue.text)
        for served_s in (self._helped_s, self._spaced_s, *self._by_reason_s.values()):
            served_s[:] = [s for s in served_s if s != at_s]

    def is_followed_up(self, text: str) -> bool:
        """Tell whether that follow-up was murmured already."""
        return text in self._topics

    def has_room(self, now_s: float) -> bool:
        """Tell whether spacing and budget leave room for one more cue."""
        lately = [s for s in self._helped_s if now_s - s < self.dials.cue_window_s]
        last_s = self._spaced_s[-1] if self._spaced_s else float("-inf")
        is_spaced = now_s - last_s >= self.dials.cue_spacing_s
        return is_spaced and len(lately) < self.dials.cue_budget

    def since_s(self, reason: str, now_s: float) -> float:
        """Return how long ago that reason was served; endless if never."""
        served_s = self._by_reason_s.get(reason)
        return now_s - served_s[-1] if served_s else float("inf")
