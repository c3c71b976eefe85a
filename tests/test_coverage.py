"""What was asked, touched and answered, from scores and the words after them."""

import msgspec
import pytest
from scene import ME, PLAN, THEM, UNCLEAR, Scene

from assistant.events import (
    Answered,
    Asked,
    CallStarted,
    Channel,
    Consent,
    Entry,
    Farewell,
    Finding,
    Heard,
    MaybeAsked,
    Ticked,
    Touched,
    Understood,
)
from assistant.minds.coverage import Coverage
from assistant.plan import Question

pytestmark = pytest.mark.unit

ASKING = "what does a typical day look like"
LONG = "we start at nine with a short meeting and then everybody writes queries until late noon"
MORE = "after that it is mostly meetings"


def scene_of(channel: Channel, text: str, /, **likeness: float) -> Scene:
    scene = Scene(Coverage(PLAN))
    scene.mean(12.0, scene.put(11.0, Heard(channel, 9.0, 10.0, text)), **likeness)
    return scene


def weighed(channel: Channel, text: str = ASKING, /, **likeness: float) -> list[Finding]:
    return list(scene_of(channel, text, **likeness).findings)


def test_a_clear_score_is_asked() -> None:
    assert weighed(ME, typical_day=0.8, skills=0.4) == [Asked("typical-day", 1, 0.8)]


@pytest.mark.parametrize(
    ("likeness", "doubted"),
    [
        ({"typical_day": 0.8, "skills": 0.78}, ("typical-day", "skills")),
        ({"typical_day": 0.55}, ("typical-day",)),
        ({"typical_day": 0.52, "skills": 0.54}, ("skills", "typical-day")),
    ],
)
def test_an_unclear_score_may_be_asked(
    likeness: dict[str, float], doubted: tuple[str, ...]
) -> None:
    assert weighed(ME, **likeness) == [MaybeAsked(doubted, 1)]


def test_too_many_to_choose_from_is_nothing() -> None:
    scores = {"typical_day": 0.55, "skills": 0.55, "career_path": 0.55, "hardest_part": 0.55}
    assert weighed(ME, **scores) == []


def test_low_scores_unknown_questions_and_no_scores_are_nothing() -> None:
    assert weighed(ME, typical_day=0.45) == []
    assert weighed(ME, no_such_question=0.99) == []
    assert weighed(ME) == []


def test_the_meaning_of_what_nobody_said_is_nothing() -> None:
    scene = Scene(Coverage(PLAN))
    scene.mean(5.0, 99, typical_day=0.9)
    assert not scene.findings


def test_an_echo_asks_nothing() -> None:
    scene = Scene(Coverage(PLAN))
    seq = scene.put(11.0, Heard(ME, 9.0, 10.0, "ask typical day", echo=True))
    scene.put(12.0, Understood(seq, {"typical-day": 0.9}))
    assert not scene.findings


def test_a_question_is_asked_once_and_doubted_once() -> None:
    scene = scene_of(ME, ASKING, typical_day=0.8)
    scene.mean(22.0, scene.put(21.0, Heard(ME, 19.0, 20.0, ASKING)), typical_day=0.8)
    scene.mean(32.0, scene.put(31.0, Heard(ME, 29.0, 30.0, ASKING)), skills=0.55)
    scene.mean(42.0, scene.put(41.0, Heard(ME, 39.0, 40.0, ASKING)), skills=0.55)
    assert scene.findings == [Asked("typical-day", 1, 0.8), MaybeAsked(("skills",), 6)]


def test_what_was_asked_before_does_not_cast_doubt() -> None:
    scene = scene_of(ME, ASKING, typical_day=0.8)
    scene.mean(22.0, scene.put(21.0, Heard(ME, 19.0, 20.0, ASKING)), typical_day=0.72, skills=0.71)
    assert scene.findings[1:] == [Asked("skills", 4, 0.71)]


def test_their_words_touch_a_question_once_and_never_ask_it() -> None:
    scene = scene_of(THEM, LONG, typical_day=0.8)
    for second in (19.0, 29.0, 39.0):
        heard = Heard(THEM, second, second + 1, LONG)
        scene.mean(second + 3, scene.put(second + 2, heard), typical_day=0.9)
    touched = Touched("typical-day", 1, 0.8), Touched("typical-day", 4, 0.9, probably_answered=True)
    assert scene.findings == list(touched)


@pytest.mark.parametrize(("likeness", "is_touched"), [(0.5, False), (0.56, True)])
def test_what_is_hardly_like_a_question_touches_none(likeness: float, is_touched: bool) -> None:
    # What touches a question hides it from what is still open.
    scene = scene_of(THEM, LONG, typical_day=likeness)
    assert bool(scene.findings) is is_touched


def test_two_of_their_last_three_that_point_to_a_question_have_probably_answered_it() -> None:
    scene = scene_of(THEM, LONG, typical_day=0.42)
    scene.mean(22.0, scene.put(21.0, Heard(THEM, 19.0, 20.0, MORE)))
    scene.mean(24.0, scene.put(23.0, Heard(THEM, 22.5, 22.8, "mhm")))
    assert not scene.findings
    scene.mean(32.0, scene.put(31.0, Heard(THEM, 29.0, 30.0, MORE)), typical_day=0.41)
    scene.mean(42.0, scene.put(41.0, Heard(THEM, 39.0, 40.0, MORE)), typical_day=0.9)
    assert scene.findings == [Touched("typical-day", 7, 0.41, probably_answered=True)]


def test_a_question_that_was_touched_may_still_be_answered_but_not_from_far_apart() -> None:
    scene = scene_of(THEM, LONG, typical_day=0.8)
    for second in (20.0, 30.0):
        scene.mean(second + 2, scene.put(second + 1, Heard(THEM, second, second + 0.5, MORE)))
    scene.mean(42.0, scene.put(41.0, Heard(THEM, 39.0, 40.0, MORE)), typical_day=0.7)
    assert scene.findings == [Touched("typical-day", 1, 0.8)]
    scene.mean(52.0, scene.put(51.0, Heard(THEM, 49.0, 50.0, MORE)), typical_day=0.6)
    assert scene.findings[1:] == [Touched("typical-day", 10, 0.6, probably_answered=True)]


def test_the_answer_to_a_question_that_was_asked_is_no_answer_unasked() -> None:
    scene = scene_of(ME, ASKING, typical_day=0.8)
    for second in (20.0, 30.0, 40.0):
        heard = Heard(THEM, second, second + 0.5, MORE)
        scene.mean(second + 2, scene.put(second + 1, heard), typical_day=0.8)
    assert not any(isinstance(finding, Touched) for finding in scene.findings)


def test_with_one_microphone_the_shape_says_who_spoke() -> None:
    assert weighed(UNCLEAR, ASKING, typical_day=0.8) == [Asked("typical-day", 1, 0.8)]
    assert weighed(UNCLEAR, LONG, typical_day=0.8) == [Touched("typical-day", 1, 0.8)]


def test_enough_words_in_reply_are_an_answer() -> None:
    scene = scene_of(ME, ASKING, typical_day=0.8)
    scene.put(20.0, Heard(THEM, 18.0, 19.0, "yeah sure right okay uh huh mhm you know"))
    scene.put(25.0, Heard(THEM, 21.0, 24.0, "we start at nine"))
    scene.put(28.0, Heard(ME, 26.0, 27.0, "and then what do you all do after the start"))
    scene.put(35.0, Heard(THEM, 31.0, 34.0, LONG))
    scene.put(45.0, Heard(THEM, 41.0, 44.0, LONG))
    assert scene.found[1:] == [(35.0, Answered("typical-day", 7, 0.8))]


def test_the_next_question_ends_the_answer_to_the_last() -> None:
    scene = scene_of(ME, ASKING, typical_day=0.8)
    scene.put(20.0, Heard(THEM, 18.0, 19.0, MORE))
    scene.mean(25.0, scene.put(24.0, Heard(ME, 22.0, 23.0, "which skills matter")), skills=0.9)
    scene.put(30.0, Heard(THEM, 28.0, 29.0, LONG))
    answers = [f for f in scene.findings if isinstance(f, Answered)]
    assert answers == [Answered("skills", 8, 0.9)]


def test_an_echo_answers_nothing() -> None:
    scene = scene_of(ME, ASKING, typical_day=0.8)
    scene.put(20.0, Heard(UNCLEAR, 18.0, 19.0, LONG, echo=True))
    assert len(scene.findings) == 1


def test_what_the_user_ticks_open_can_be_asked_again() -> None:
    scene = scene_of(ME, ASKING, typical_day=0.8)
    scene.put(20.0, Ticked("typical-day", "open"))
    scene.put(21.0, Heard(THEM, 18.0, 19.0, LONG))
    scene.mean(32.0, scene.put(31.0, Heard(ME, 29.0, 30.0, ASKING)), typical_day=0.8)
    assert [type(f) for f in scene.findings] == [Asked, Asked]


def test_what_the_user_ticks_asked_waits_for_its_answer() -> None:
    scene = Scene(Coverage(PLAN))
    scene.put(20.0, Ticked("typical-day", "asked"))
    scene.put(30.0, Heard(THEM, 28.0, 29.0, LONG))
    scene.mean(32.0, scene.put(31.0, Heard(ME, 29.0, 30.0, ASKING)), typical_day=0.9)
    assert scene.findings == [Answered("typical-day", 2, 1.0)]


def test_meaning_may_come_late_but_not_for_ever() -> None:
    scene = Scene(Coverage(PLAN))
    first = scene.put(1.0, Heard(ME, 0.0, 0.5, ASKING))
    for number in range(80):
        scene.put(2.0 + number, Heard(ME, 1.0 + number, 1.5 + number, "so"))
    scene.mean(100.0, first, typical_day=0.9)
    assert not scene.findings


THANKED = msgspec.structs.replace(
    PLAN, questions=(*PLAN.questions, Question("thanks", "Thank you!", closing=True, thanks=True))
)
STARTED = CallStarted("call", "2026-12-01T15:00:00+00:00", "1", {})


def thanked(at_s: float, farewell: float = 0.0) -> list[Finding]:
    scene = Scene(Coverage(THANKED))
    scene.put(0.0, STARTED)
    bye = scene.put(at_s - 8.0, Heard(THEM, at_s - 10.0, at_s - 9.0, "i have to go now"))
    scene.put(at_s - 7.0, Understood(bye, farewell=farewell))
    seq = scene.put(at_s - 1.0, Heard(ME, at_s - 3.0, at_s - 2.0, "thank you for your time"))
    scene.mean(at_s, seq, thanks=0.9)
    return list(scene.findings)


def test_thanks_at_the_opening_are_not_the_closing_ones() -> None:
    early_s, late_s = THANKED.minutes * 60 * 0.5, THANKED.minutes * 60 * 0.7
    assert thanked(early_s) == []
    assert [type(finding) for finding in thanked(late_s)] == [Asked]
    assert [type(finding) for finding in thanked(early_s, farewell=0.9)] == [Asked]


def test_greetings_and_early_closing_questions_count_only_in_so_many_words() -> None:
    closing = next(q.id for q in THANKED.questions if q.closing and not q.thanks)
    other = next(q.id for q in THANKED.questions if not q.closing)
    minute_s = 60.0
    half_s = THANKED.minutes * 60 * 0.5

    def found(
        question_id: str,
        score: float,
        at_s: float,
        *before: Farewell,
        text: str = "could you tell me whom that may be",
    ) -> list[type]:
        coverage = Coverage(THANKED)
        for event in (CallStarted("call", "", "", {}), *before):
            coverage.feed(Entry(1, 0.0, event))
        heard = Heard(ME, at_s - 2, at_s, text)
        coverage.feed(Entry(2, at_s, heard))
        understood = Understood(2, {question_id: score})
        return [type(one) for one in coverage.feed(Entry(3, at_s, understood))]

    assert found(other, 0.7, 0.5 * minute_s) == [MaybeAsked]
    assert found(other, 0.7, 1.5 * minute_s) == [Asked]
    assert found(other, 0.9, 0.5 * minute_s) == [Asked]
    told = "i do a report on how they decide"
    assert found(other, 0.95, 0.5 * minute_s, text=told) == [MaybeAsked]
    assert found(other, 0.99, 0.5 * minute_s, text=told) == [Asked]
    assert found(other, 0.95, 1.5 * minute_s, text=told) == [MaybeAsked]
    assert found(other, 0.95, 2.5 * minute_s, text=told) == [Asked]
    assert found(closing, 0.7, half_s) == [MaybeAsked]
    assert found(closing, 0.9, half_s) == [Asked]
    assert found(closing, 0.7, 1.5 * half_s) == [Asked]
    assert found(closing, 0.7, half_s, Farewell(2)) == [Asked]


@pytest.mark.parametrize("at_s", [40.0, 90.0])
@pytest.mark.parametrize("channel", [ME, THEM])
def test_early_in_a_call_too_the_likeliest_is_meant(channel: Channel, at_s: float) -> None:
    *_, likeliest, other = (q.id for q in reversed(THANKED.questions) if not q.closing)
    coverage = Coverage(THANKED)
    coverage.feed(Entry(1, 0.0, STARTED))
    coverage.feed(
        Entry(2, at_s, Heard(channel, at_s - 4, at_s, "i do a report on how they decide"))
    )
    found = coverage.feed(Entry(3, at_s, Understood(2, {likeliest: 0.95, other: 0.6})))
    assert found == [MaybeAsked((likeliest,), 2) if channel is ME else Touched(likeliest, 2, 0.95)]


def test_who_takes_their_leave_speaks_to_no_question() -> None:
    def found(farewell: float) -> list[type]:
        coverage = Coverage(THANKED)
        other = next(q.id for q in THANKED.questions if not q.closing)
        coverage.feed(
            Entry(2, 90.0, Heard(THEM, 86.0, 90.0, "look i have to get back to the ward"))
        )
        understood = Understood(2, {other: 0.9}, farewell)
        return [type(one) for one in coverage.feed(Entry(3, 90.0, understood))]

    assert found(0.0) == [Touched]
    assert found(0.9) == []


def test_what_has_no_form_of_a_question_must_be_surer() -> None:
    def found(text: str) -> list[type]:
        coverage = Coverage(THANKED)
        other = next(q.id for q in THANKED.questions if not q.closing)
        coverage.feed(Entry(2, 90.0, Heard(ME, 88.0, 90.0, text)))
        return [type(one) for one in coverage.feed(Entry(3, 90.0, Understood(2, {other: 0.7})))]

    assert found("could you tell me about that") == [Asked]
    assert found("fifteen minutes to find it") == [MaybeAsked]


def test_a_courtesy_is_a_prepared_question_only_in_so_many_words() -> None:
    courtesy = "and may i say that you sent me"
    assert weighed(ME, courtesy, typical_day=0.85) == [MaybeAsked(("typical-day",), 1)]
    assert weighed(ME, courtesy, typical_day=0.96) == [Asked("typical-day", 1, 0.96)]


def test_who_asks_for_leave_to_take_notes_asks_nothing_of_the_sheet() -> None:
    scene = Scene(Coverage(PLAN))
    seq = scene.put(11.0, Heard(ME, 9.0, 10.0, "may i take notes"))
    scene.put(11.0, Consent(seq, "asked"))
    scene.mean(12.0, seq, typical_day=0.85)
    assert list(scene.findings) == [MaybeAsked(("typical-day",), seq)]


@pytest.mark.parametrize(("likeness", "is_asked"), [(0.8, False), (0.92, True)])
def test_what_is_surer_an_ask_for_a_job_asks_no_prepared_question(
    likeness: float, *, is_asked: bool
) -> None:
    scene = Scene(Coverage(PLAN))
    seq = scene.put(11.0, Heard(ME, 9.0, 10.0, "could you give me a job this summer"))
    scene.put(12.0, Understood(seq, {"who-else": likeness}, job_ask=1.0))
    kinds = [type(finding) for finding in scene.findings]
    assert kinds == ([Asked] if is_asked else [MaybeAsked])


@pytest.mark.parametrize(
    ("theirs", "mine", "found"),
    [
        ("You are a litigator, or you advise?", "I advise, mostly it's contracts.", 0),
        ("You are a litigator, or you advise?", "And what do you do all day?", 1),
        ("I advise. That's all.", "I'd like to hear of a usual day.", 1),
    ],
)
def test_what_answers_their_question_asks_none(theirs: str, mine: str, found: int) -> None:
    scene = Scene(Coverage(PLAN))
    scene.put(203.5, Heard(THEM, 200.0, 203.0, theirs))
    scene.mean(207.0, scene.put(206.5, Heard(ME, 203.5, 206.0, mine)), typical_day=0.8)
    assert len([one for one in scene.findings if isinstance(one, Asked)]) == found
