"""What a cue says.

Reads the plan's lines, the agenda and the time; returns Cue values, which the
coach lets out or not. Law: never more than eight words, since who listens to
someone else can not take in more; where something does not fit, the part that
matters most is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from assistant.events import Cue
from assistant.minds.agenda import Agenda
from assistant.minds.choice import NOTHING_NEAR, Choice, askable, is_time_for_more, next_question
from assistant.minds.nearby import Near
from assistant.plan import Lines, Plan, Question

MOST_WORDS = 8
MOST_CUE_WORDS = 5
"""Of the question itself, where the sheet gives no short form."""
LAST_S = 60.0
"""With so little left the referral goes before every must-ask."""
NAG_S = 60.0
"""A question that was cued so short a time ago is not said again for a farewell."""
TIME_LIVES_S = 5.0
"""A time cue must begin within this: the coach has done the waiting."""

Part: TypeAlias = Literal["microphone", "far side", "disk", "hearing"]
"""A part whose failure the user is told in the ear."""

Cued: TypeAlias = Mapping[str, float]
"""question id -> when it was last cued, in seconds."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Where in the call a cue would be."""

    now_s: float
    length_s: float
    """As agreed, with every extension."""

    @property
    def left_s(self) -> float:
        """The time left; below 0 when over."""
        return self.length_s - self.now_s


@dataclass(frozen=True, slots=True)
class Lately:
    """What they just talked about."""

    near: Mapping[str, Near] = field(default_factory=lambda: NOTHING_NEAR)
    """question id -> how near the talk came to it."""
    topic: str = ""
    """Their last point; empty where none stood out, or where it was followed up already."""


NOTHING = Lately()


def for_stall(
    agenda: Agenda, moment: Moment, cued: Cued, since_s: float, lately: Lately = NOTHING
) -> Cue | None:
    """Return the next best question nobody was handed yet, or a follow-up; None for neither."""
    lines = agenda.plan.lines
    silence_s = moment.now_s - since_s
    choice = next_question(agenda, moment.left_s, moment.length_s, cued, lately.near)
    is_fitting = choice is not None and not choice.question.closing
    is_time = is_time_for_more(agenda, moment.left_s, moment.length_s)
    if not is_fitting and lately.topic and is_time:
        why = lines.why_more.format(silence_s=silence_s, topic=lately.topic)
        return _say(agenda, moment, "question", lines.more.format(topic=lately.topic), why)
    if choice:
        why = _why_chosen(agenda, moment, choice, silence_s)
        return _ask(agenda, moment, lines.question, choice.question, why)
    if askable(agenda) or not agenda.plan.questions:
        return None
    why = lines.why_stall.format(silence_s=silence_s)
    return _say(agenda, moment, "closing", lines.nothing_open, why)


def for_drift(agenda: Agenda, moment: Moment, cued: Cued, since_s: float) -> Cue | None:
    """Return the way back: the next best question that was not handed out; None for none."""
    lines = agenda.plan.lines
    choice = next_question(agenda, moment.left_s, moment.length_s, cued)
    if choice is None:
        return None
    why = lines.why_drift.format(silence_s=moment.now_s - since_s)
    text = lines.back.format(cue=cue_of(choice.question))
    return _say(agenda, moment, "drift", text, why, choice.question.id)


def for_job_ask(agenda: Agenda, moment: Moment) -> Cue:
    """Return the warning that a job was asked for."""
    lines = agenda.plan.lines
    return _say(agenda, moment, "caution", lines.caution, lines.why_caution)


def for_monologue(agenda: Agenda, moment: Moment, since_s: float) -> Cue:
    """Return the one gentle word that they might be let to talk."""
    lines = agenda.plan.lines
    why = lines.why_talk.format(silence_s=moment.now_s - since_s)
    return _say(agenda, moment, "talk", lines.talk, why)


def for_next(agenda: Agenda, moment: Moment, cued: Cued, lately: Lately = NOTHING) -> Cue:
    """Return the next best question, round and round."""
    lines = agenda.plan.lines
    choice = next_question(agenda, moment.left_s, moment.length_s, cued, lately.near)
    # First what was never handed out, then what was the longest ago.
    question = (
        choice.question
        if choice
        else min(askable(agenda), key=lambda q: cued.get(q.id, -1.0), default=None)
    )
    if question is None:
        return _say(agenda, moment, "closing", lines.nothing_open, lines.why_next)
    return _ask(agenda, moment, lines.question_next, question, lines.why_next)


def for_farewell(
    agenda: Agenda, moment: Moment, cued: Cued, *, is_thanked: bool = False
) -> Cue | None:
    """Return the one thing worth asking before they go, else to thank them if nobody did."""
    lines = agenda.plan.lines
    referral = _referral(agenda)
    if referral is None and is_thanked:
        return None
    if referral is None:
        return _say(agenda, moment, "closing", lines.closing_thanks, lines.why_farewell)
    if moment.now_s - cued.get(referral.id, float("-inf")) < NAG_S:
        return None
    return _ask(agenda, moment, lines.closing, referral, lines.why_farewell)


def for_time(agenda: Agenda, moment: Moment, left_s: float) -> Cue:
    """Return the warning that so much time is left, and what is still open."""
    lines, open_musts = agenda.plan.lines, agenda.open_musts()
    is_half = left_s == moment.length_s / 2 and left_s not in agenda.plan.dials.warnings_left_s
    line = lines.half if is_half else _time_left(lines, left_s, moment.length_s)
    referral = _referral(agenda)
    if (
        left_s > 0
        and referral
        and not is_half
        and (left_s <= LAST_S or open_musts <= referral.must)
    ):
        line = _if_short(lines.left_referral.format(line=line, cue=cue_of(referral)), line)
    elif left_s > 0 and open_musts:
        template = lines.musts_one if open_musts == 1 else lines.musts
        line = _if_short(template.format(line=line, open=open_musts), line)
    return _say(agenda, moment, "time", line, _why_time(lines, left_s))


def for_clock(agenda: Agenda, moment: Moment) -> Cue:
    """Return the time left, because the user asked."""
    lines = agenda.plan.lines
    line = _time_left(lines, moment.left_s, moment.length_s)
    return _say(agenda, moment, "time", line, lines.why_time_asked)


def for_dead_line(agenda: Agenda, moment: Moment, since_s: float) -> Cue:
    """Return the question whether anybody is still there."""
    lines = agenda.plan.lines
    why = lines.why_line.format(silence_s=moment.now_s - since_s)
    return _say(agenda, moment, "line", lines.line_dead, why)


def for_opening(agenda: Agenda, moment: Moment) -> Cue:
    """Return the reminder to ask whether notes may be taken."""
    lines = agenda.plan.lines
    return _say(agenda, moment, "opening", lines.opening, lines.why_opening)


def for_refused(agenda: Agenda, moment: Moment) -> Cue:
    """Return that they do not want notes taken, and what the user can do."""
    lines = agenda.plan.lines
    return _say(agenda, moment, "opening", lines.refused, lines.why_refused)


def for_trouble(agenda: Agenda, moment: Moment, part: Part, why: str) -> Cue:
    """Return that a part stopped working; its own sentence says why."""
    return _say(agenda, moment, "line", _broken(agenda.plan.lines)[part], why)


def foreseeable(plan: Plan) -> tuple[str, ...]:
    """Return what will likely be said in a call, so that a voice can have it ready."""
    lines = plan.lines
    asked = [
        _first(template.format(cue=cue_of(question)), MOST_WORDS)
        for question in plan.questions
        for template in (lines.closing if question.closing else lines.question, lines.question_next)
    ]
    agenda, length_s = Agenda(plan), plan.length_s
    warned = (length_s / 2, *plan.dials.warnings_left_s, 0.0)
    told = [for_time(agenda, Moment(length_s - left_s, length_s), left_s).text for left_s in warned]
    leave = (lines.opening, lines.refused) if plan.consent == "ask" else ()
    gentle = (lines.caution, lines.talk)
    rest = (lines.closing_thanks, lines.nothing_open, *gentle, *leave, *_broken(lines).values())
    return tuple(dict.fromkeys([*asked, *told, *(_first(line, MOST_WORDS) for line in rest)]))


def _broken(lines: Lines) -> dict[Part, str]:
    return {
        "microphone": lines.microphone,
        "far side": lines.far_side,
        "disk": lines.disk,
        "hearing": lines.hearing,
    }


def _why_chosen(agenda: Agenda, moment: Moment, choice: Choice, silence_s: float) -> str:
    lines = agenda.plan.lines
    if choice.because == "near":
        near = lines.why_near if choice.topic else lines.why_close
        return near.format(silence_s=silence_s, topic=choice.topic)
    if choice.because == "musts":
        minutes, musts = max(1, round(moment.left_s / 60)), agenda.open_musts()
        return lines.why_musts.format(silence_s=silence_s, minutes=minutes, open=musts)
    return lines.why_stall.format(silence_s=silence_s)


def _why_time(lines: Lines, left_s: float) -> str:
    if abs(left_s) == 60:
        return lines.why_time_one if left_s > 0 else lines.over_one
    why = lines.why_time if left_s >= 0 else lines.why_over
    return why.format(minutes=f"{round(abs(left_s) / 60, 1):g}")


def _time_left(lines: Lines, left_s: float, length_s: float) -> str:
    if abs(left_s) < 60 / 2 and left_s <= 0:
        minutes = round(length_s / 60, 1)
        # Of a time that they cut short nobody knows by heart how long it was.
        is_round = minutes == round(minutes)
        return lines.time_up.format(minutes=f"{minutes:g}") if is_round else lines.time_over
    minutes = max(1, round(abs(left_s) / 60))
    if minutes == 1:
        return lines.left_one if left_s > 0 else lines.over_one
    return (lines.left if left_s > 0 else lines.over).format(minutes=minutes)


def _referral(agenda: Agenda) -> Question | None:
    return next((q for q in askable(agenda) if q.referral), None)


def _ask(agenda: Agenda, moment: Moment, template: str, question: Question, why: str) -> Cue:
    text = template.format(cue=cue_of(question))
    kind = "closing" if question.closing else "question"
    return _say(agenda, moment, kind, text, why, question.id)


def _say(
    agenda: Agenda,
    moment: Moment,
    kind: Literal["question", "closing", "line", "time", "opening", "drift", "caution", "talk"],
    text: str,
    why: str,
    question_id: str | None = None,
) -> Cue:
    lives_s = TIME_LIVES_S if kind == "time" else agenda.plan.dials.stall_cue_lives_s
    expires_s = round(moment.now_s + lives_s, 3)
    return Cue(kind, _first(text, MOST_WORDS), question_id, why, expires_s)


def cue_of(question: Question) -> str:
    """Return what a question is murmured as: its cue, else its first words."""
    return question.cue or _first(question.text.rstrip("?. "), MOST_CUE_WORDS)


def _first(text: str, words: int) -> str:
    return " ".join(text.split()[:words])


def _if_short(longer: str, line: str) -> str:
    return longer if len(longer.split()) <= MOST_WORDS else line
