"""Who spoke how much, and the longest stretch of each side: while the call goes on and after it.

Reads SpeechEnded and Heard; finds nothing. The one rule of both is here, for
`status`, `watch` and the report. Law: shares are of finished turns, or of lines
where there are no turns; a mere "mhm" ends nobody's stretch and begins none; with
one microphone for both, a stretch is nobody's.
"""

from dataclasses import dataclass, field

from assistant.events import Channel, Entry, Heard, SpeechEnded
from assistant.minds.spoken import Utterances, utterances_of
from assistant.plan import Phrases

RESTS_S = 3.0
"""A voice that rests for longer has ended its stretch."""


@dataclass(slots=True)
class Stretch:
    """What one side said while the other had no word."""

    channel: Channel
    start_s: float
    end_s: float
    seqs: list[int]
    """The lines it is of."""

    @property
    def length_s(self) -> float:
        """How long it lasted."""
        return self.end_s - self.start_s


@dataclass(slots=True)
class Balance:
    """The seconds and stretches so far."""

    phrases: Phrases = field(default_factory=Phrases)
    _utterances: Utterances = field(init=False)
    _turns_s: dict[Channel, float] = field(default_factory=dict[Channel, float])
    _lines_s: dict[Channel, float] = field(default_factory=dict[Channel, float])
    _now: Stretch | None = None
    _longest: dict[Channel, Stretch] = field(default_factory=dict[Channel, Stretch])

    def __post_init__(self) -> None:
        self._utterances = utterances_of(self.phrases)

    def take(self, entry: Entry) -> None:
        """Take the next entry; most change nothing."""
        match entry.event:
            case SpeechEnded(channel, start_s, end_s):
                self.turn(channel, start_s, end_s)
            case Heard(channel, start_s, end_s, text, echo=False) if text:
                is_filler = self._utterances.is_empty(text)
                self.line(channel, start_s, end_s, entry.seq, is_filler=is_filler)
            case _:
                pass

    def turn(self, channel: Channel, start_s: float, end_s: float) -> None:
        """Take a finished turn."""
        self._turns_s[channel] = self._turns_s.get(channel, 0.0) + end_s - start_s

    def line(
        self, channel: Channel, start_s: float, end_s: float, seq: int, *, is_filler: bool
    ) -> None:
        """Take a line, in the order in which they were spoken."""
        self._lines_s[channel] = self._lines_s.get(channel, 0.0) + end_s - start_s
        if is_filler:
            return
        now = self._now
        if now and now.channel is channel and start_s - now.end_s <= RESTS_S:
            now.end_s = max(now.end_s, end_s)
            now.seqs.append(seq)
        else:
            now = self._now = Stretch(channel, start_s, end_s, [seq])
        longest = self._longest.get(channel)
        if longest is None or now.length_s > longest.length_s:
            self._longest[channel] = now

    @property
    def spoken_s(self) -> dict[Channel, float]:
        """Seconds spoken by each that spoke, in the order of channels."""
        seconds = self._turns_s or self._lines_s
        return {channel: seconds[channel] for channel in Channel if seconds.get(channel)}

    def share(self, channel: Channel) -> float | None:
        """Return which part of all speech was theirs, 0 to 1; None where nobody spoke yet."""
        total_s = sum(self.spoken_s.values())
        return self.spoken_s.get(channel, 0.0) / total_s if total_s else None

    @property
    def my_share(self) -> float | None:
        """My part of all speech; None while nobody spoke, and where one microphone hears both."""
        is_told = bool(self.spoken_s) and Channel.UNCLEAR not in self.spoken_s
        return self.share(Channel.ME) if is_told else None

    def longest(self, channel: Channel) -> Stretch | None:
        """Return the longest stretch of that side, the first of equals."""
        return None if channel is Channel.UNCLEAR else self._longest.get(channel)
