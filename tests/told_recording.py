"""A recording's facts without a recogniser: what an ear would bring, for tests of what follows."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import soundfile
from scene import PLAN, by_words

from assistant.events import Channel, Entry, Heard, Imported, SpeechEnded, SpeechStarted
from assistant.hearing.rest import Timed
from assistant.hearing.retold import Retold
from assistant.importing.decoding import Decoded
from assistant.importing.job import Job
from assistant.importing.telling import Beginning, tell
from assistant.importing.work import Progress, Sound
from assistant.plan import Plan
from assistant.settings import Settings

LENGTH_S = 60.0
TALK: tuple[tuple[Channel, float, float, str], ...] = (
    (Channel.ME, 1.0, 2.5, "hello dana"),
    (Channel.THEM, 3.0, 5.0, "hi of course go ahead"),
    (Channel.ME, 6.0, 8.0, "what does a typical day look like for you"),
    (Channel.THEM, 9.0, 15.0, "we start at nine with a short meeting and then we write queries"),
    (Channel.ME, 30.0, 32.0, "what is the hardest part of the job"),
    (Channel.THEM, 33.0, 38.0, "the waiting i'll send you the list by friday"),
    (Channel.THEM, 45.0, 47.0, "i have another meeting now"),
)
IMPORTED = Imported(("call.wav",), "5" * 64, "2026-12-02T09:00:00+01:00", "file", sides="me,them")


def timed(to: int = len(TALK)) -> list[Timed]:
    """Return the facts in the order in which they are known."""
    facts: list[Timed] = []
    for channel, start_s, end_s, text in TALK[:to]:
        facts.append((start_s + 0.1, SpeechStarted(channel, start_s)))
        facts.append((end_s + 0.5, SpeechEnded(channel, start_s, end_s)))
        facts.append((end_s + 0.5, Heard(channel, start_s, end_s, text, engine="told")))
    return sorted(facts, key=lambda one: (one[0], isinstance(one[1], Heard)))


def hear(told: Mapping[Channel, Retold]) -> Iterator[Timed]:
    """Bring the facts but for what was told of them, as an ear that goes on does."""
    known = {channel: told.get(channel) or Retold(channel) for channel in Channel}
    for known_s, fact in timed():
        channel = getattr(fact, "channel", Channel.ME)
        yield from ((known_s, new) for new in known[channel].take(fact))


def job(
    home: Path, files: tuple[Path, ...], plan: Plan = PLAN, name: str = "2026-12-01-1500-dana"
) -> Job:
    """Return a job for a recording."""
    return Job(
        files=tuple(map(str, files)),
        sides="me,them",
        length_s=LENGTH_S,
        name=name,
        wall="2026-12-01T15:00:00+01:00",
        imported=IMPORTED,
        plan=plan,
        sheet="# Questions\n",
        settings=Settings(),
        home=str(home),
    )


def recording(path: Path, length_s: float = LENGTH_S) -> Path:
    """Write a quiet stereo recording."""
    noise = np.random.default_rng(1).standard_normal((round(length_s * 8000), 2))
    soundfile.write(path, 0.001 * noise, 8000)
    return path


def hearing(
    stop_after: int | None = None, error: type[BaseException] = KeyboardInterrupt
) -> Callable[[Sound, Progress], list[Entry]]:
    """Return what hears a staged recording by the script; it may break off after some facts."""

    def heard(staged: Sound, progress: Progress) -> list[Entry]:
        def brought(told: Mapping[Channel, Retold]) -> Iterator[Timed]:
            for n, (known_s, fact) in enumerate(hear(told)):
                if n == stop_after:
                    raise error
                progress(known_s)
                yield known_s, fact

        return tell(
            staged.folder.journal,
            staged.job.plan,
            Beginning(staged.job.started("0", "told"), staged.job.imported),
            LENGTH_S,
            staged.decoded,
            brought,
            lambda: by_words(staged.job.plan),
        )

    return heard


DECODED = Decoded({Channel.ME: LENGTH_S, Channel.THEM: LENGTH_S})
