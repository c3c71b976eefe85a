"""I am asking for a job: when that is said, and when it is let be."""

import msgspec
import pytest
from scene import ME, PLAN, THEM, UNCLEAR, Scene

from assistant.events import Channel, Finding, Heard, JobAsked, Understood
from assistant.minds.caution import Caution

pytestmark = pytest.mark.unit

ASK = "would you have a job for me"


def say(
    scene: Scene, at_s: float, score: float, channel: Channel = ME, *, echo: bool = False
) -> list[Finding]:
    seq = scene.put(at_s, Heard(channel, at_s - 3.0, at_s - 0.5, ASK, echo=echo))
    scene.put(at_s + 0.05, Understood(seq, job_ask=score))
    return list(scene.findings)


def test_i_ask_for_a_job() -> None:
    assert say(Scene(Caution(PLAN)), 60.0, 0.9) == [JobAsked(1)]


def test_in_one_microphone_it_may_have_been_me() -> None:
    assert say(Scene(Caution(PLAN)), 60.0, 0.9, UNCLEAR) == [JobAsked(1)]


def test_in_one_microphone_it_was_probably_them() -> None:
    scene = Scene(Caution(PLAN))
    heard = Heard(UNCLEAR, 57.0, 59.5, ASK, probably=THEM, certainty=0.97)
    seq = scene.put(60.0, heard)
    scene.put(60.05, Understood(seq, job_ask=0.9))
    assert scene.findings == []


def test_they_may_say_what_they_like() -> None:
    assert say(Scene(Caution(PLAN)), 60.0, 0.9, THEM) == []


def test_an_echo_counts_for_nothing() -> None:
    assert say(Scene(Caution(PLAN)), 60.0, 0.9, echo=True) == []


def test_how_likely_it_must_be_is_a_dial() -> None:
    at = PLAN.dials.job_ask_at
    assert say(Scene(Caution(PLAN)), 60.0, at) == [JobAsked(1)]
    assert say(Scene(Caution(PLAN)), 60.0, at - 0.01) == []
    dials = msgspec.structs.replace(PLAN.dials, job_ask_at=0.99)
    assert say(Scene(Caution(msgspec.structs.replace(PLAN, dials=dials))), 60.0, 0.98) == []


def test_what_was_prepared_is_no_slip() -> None:
    scene = Scene(Caution(PLAN))
    for likeness, job_ask in ((PLAN.dials.asked_at, 0.69), (0.85, 0.9)):
        seq = scene.put(60.0, Heard(ME, 57.0, 59.5, "can i say that you sent me"))
        scene.put(60.05, Understood(seq, {"who-else": likeness}, job_ask=job_ask))
    assert not scene.findings


@pytest.mark.parametrize(("likeness", "job_ask"), [(0.59, 0.7), (0.8, 1.0)])
def test_what_is_surer_a_slip_than_prepared_is_one(likeness: float, job_ask: float) -> None:
    scene = Scene(Caution(PLAN))
    seq = scene.put(60.0, Heard(ME, 57.0, 59.5, "could you give me a job this summer"))
    scene.put(60.05, Understood(seq, {"who-else": likeness}, job_ask=job_ask))
    assert scene.findings == [JobAsked(seq)]


def test_one_ask_in_several_lines_is_told_once() -> None:
    scene = Scene(Caution(PLAN))
    for at_s in (60.0, 65.0, 119.0, 121.0):
        say(scene, at_s, 0.9)
    assert [round(at_s) for at_s, _ in scene.found] == [60, 121]


def test_what_is_understood_twice_is_told_once() -> None:
    scene = Scene(Caution(PLAN))
    seq = scene.put(60.0, Heard(ME, 57.0, 59.5, ASK))
    for at_s in (60.1, 130.0):
        scene.put(at_s, Understood(seq, job_ask=0.9))
    assert scene.findings == [JobAsked(seq)]
