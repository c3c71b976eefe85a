"""What was learned from one call: the whole of the notes, as a value.

Reads the plan and the journal. Law: every line names the entries it stands on
and when that was; the same journal gives the same notes; what was prepared and
did not happen is only under `not_asked`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec

from assistant.events import Channel, Consent, Entry, MarkHeard, Promised
from assistant.minds.spoken import find, phrases_of, utterances_of, words_of
from assistant.notes.answers import Answers, AskedQuestion, answers
from assistant.notes.contacts import Contact, contacts
from assistant.notes.courtesy import Courtesy, asked_for_others, courtesies
from assistant.notes.delivery import Delivery, delivery
from assistant.notes.echoed_names import echoes
from assistant.notes.header import Header, began_at, header
from assistant.notes.institutions import Institutions
from assistant.notes.learned import Figure, Learned, Recommendation, TheirQuestion
from assistant.notes.leave import Leave, leave
from assistant.notes.manner import style
from assistant.notes.moments import Goodbye, Moment, goodbyes, job_asks, moments
from assistant.notes.names import Names
from assistant.notes.off_record import OffRecord, off_record
from assistant.notes.people import CameUp, people, terms
from assistant.notes.points import KeyPoint, key_points
from assistant.notes.promised import amended, before_names
from assistant.notes.promises import Promise, promises
from assistant.notes.referrals import Referral, referrals
from assistant.notes.replies import Replies
from assistant.notes.revised import hearing_of, promise_changes, respellings, revised
from assistant.notes.suggestion import Suggestion, suggestion
from assistant.notes.talk import Line, Quote, kept, lines
from assistant.notes.unasked import NotAsked, TouchedQuestion
from assistant.notes.whom import whom, with_names
from assistant.notes.words import LearnedWords, Words
from assistant.plan import Plan


class Notes(msgspec.Struct, frozen=True):
    """What was learned from one call."""

    header: Header
    leave: Leave
    """Whether they let the user take notes."""
    asked: tuple[AskedQuestion, ...]
    touched: tuple[TouchedQuestion, ...]
    not_asked: tuple[NotAsked, ...]
    thanked: tuple[Quote, ...]
    """Where the user said the thanks of the sheet."""
    moments: tuple[Moment, ...]
    promises: tuple[Promise, ...]
    key_points: tuple[KeyPoint, ...]
    """The heart of the call, on a few lines."""
    figures: tuple[Figure, ...]
    referrals: tuple[Referral, ...]
    """Whom to talk to next."""
    recommendations: tuple[Recommendation, ...]
    off_record: tuple[OffRecord, ...]
    """What they asked not to be quoted with."""
    asked_me: tuple[TheirQuestion, ...]
    """What they asked the user."""
    courtesy: tuple[Courtesy, ...]
    people: tuple[CameUp, ...]
    """Who came up, those who talk apart."""
    institutions: tuple[CameUp, ...]
    """Schools, museums, departments and the like that came up."""
    terms: tuple[CameUp, ...]
    contacts: tuple[Contact, ...]
    """Addresses, links, numbers and spelled names that were said."""
    farewells: tuple[Goodbye, ...]
    job_asks: tuple[Quote, ...]
    delivery: Delivery
    suggestion: Suggestion | None
    """One thing to do otherwise next time; None where nothing stands out."""

    @property
    def unquotable(self) -> frozenset[int]:
        """The entries that are off the record."""
        return frozenset(seq for one in self.off_record for seq in one.seqs)

    @property
    def was_talk(self) -> bool:
        """Tell whether the other side, or both in one microphone, were heard at all."""
        return any(channel != Channel.ME.value for channel in self.header.heard_lines)


def learn(plan: Plan, entries: Iterable[Entry], words: Words, *, damaged_lines: int = 0) -> Notes:
    """Learn from a journal what the notes say. Pure; works on an empty or a cut journal too.

    `entries` are the journal's own: they are read as `revised` gives them.
    """
    entries = tuple(entries)
    held = kept(plan, revised(entries))
    said = lines(plan, held, words)
    head = header(plan, held, said, damaged_lines, hearing_of(entries))
    began = began_at(head.started)

    def day_at(at_s: float) -> date | None:
        return (began + timedelta(seconds=at_s)).date() if began else None

    live = {e.event.heard_seq for e in held if isinstance(e.event, Promised)}
    apart = off_record(said, words.answers, utterances_of(plan.phrases))
    hidden = {seq for one in apart for seq in one.seqs}
    found = promises(said, words.promises, words.dates, day_at, head.called, live, hidden)
    known = before_names(found, respellings(entries))
    named = Names(plan, words).of(said)
    as_told = amended(known, promise_changes(entries), said)
    about = whom(as_told, named, said, plan.person, words.promises, words.names.relations)
    promised = with_names(as_told, about, words.promises)
    tasks = {seq for p in promised if p.state != "dropped" for seq in p.seqs}
    to_self = {
        e.event.heard_seq for e in held if isinstance(e.event, MarkHeard) and e.event.kind == "note"
    }
    learned = Learned(said, words, plan, to_self)
    asked_me = learned.asked_me()
    theirs = {seq for one in asked_me for seq in one.quote.seqs}
    tasks_s = {p.quote.start_s for p in promised if p.state != "dropped"}
    questions = answers(plan, held, said, words, tasks, theirs, tasks_s, hidden)
    told = contacts(said, words.contacts)
    noted = moments(held, said)
    others = _others(plan, questions, said, words)
    small_talk = _greetings(said, questions)
    byes = goodbyes(held, said)
    leaving = {seq for bye in byes for seq in bye.seqs}
    # "His number is oh one four eight two ..." counts nothing.
    phones = {seq for one in told if one.kind == "phone" for seq in one.seqs}
    figures = learned.figures(small_talk | tasks | leaving | hidden | phones)
    recommended = learned.recommendations(
        _advised_in(plan, questions, words.learned),
        small_talk | hidden,
        [promise.quote.start_s for promise in promised],
    )
    # "Hello, is that Dana?" and "may I take notes?" are no questions of the talk.
    asks = {e.event.heard_seq for e in held if isinstance(e.event, Consent)} | small_talk
    talk = tuple(line for line in said if line.seq not in asks)
    asking = style(talk, words.questions, plan.phrases)
    how = delivery(held, said, questions.asked, head.length_s, asking)
    # Who was named off the record is on no list.
    on_record = tuple(line for line in said if line.seq not in hidden)
    bodies = Institutions(plan, words).of(on_record)
    kind = courtesies(said, held, others.asked_in, head.planned_s, words.courtesy)
    pointed_to = referrals(
        named,
        said,
        promised,
        told,
        others.answers_in,
        others.asked_s,
        [one for place, one in about.items() if promised[place].owner is not Channel.THEM],
        words.courtesy,
        utterances_of(plan.phrases),
        words.names,
        plan.person,
        echoes(said, words),
    )
    return Notes(
        header=head,
        leave=leave(plan, held, said),
        asked=questions.asked,
        touched=questions.touched,
        not_asked=questions.not_asked,
        thanked=questions.thanked,
        moments=noted,
        promises=promised,
        key_points=key_points(
            questions.asked,
            noted,
            learned.weighty(),
            learned.echoed(),
            recommended,
            figures,
            hidden,
        ),
        figures=figures,
        referrals=pointed_to,
        recommendations=recommended,
        off_record=apart,
        asked_me=asked_me,
        courtesy=kind,
        people=people(
            plan,
            on_record,
            words,
            [one for one in named if one.line.seq not in hidden],
            told,
            bodies,
        ),
        institutions=bodies,
        terms=terms(plan, on_record),
        contacts=told,
        farewells=byes,
        job_asks=job_asks(held, said),
        delivery=how,
        suggestion=suggestion(
            questions.not_asked,
            kind,
            how,
            head,
            held[-1].seq if held else 0,
            was_pointed=bool(pointed_to),
        ),
    )


class _Others(msgspec.Struct, frozen=True):
    """Where the user asked for others to talk to."""

    asked_in: frozenset[int]
    answers_in: frozenset[int]
    asked_s: float
    """When first; infinite where they did not."""


def _others(plan: Plan, questions: Answers, said: Sequence[Line], words: Words) -> _Others:
    """Find where the user asked for others, with the sheet's own question or in other words."""
    ids = {question.id for question in plan.questions if question.referral}
    asked = [one for one in questions.asked if one.question_id in ids]
    asked_in = {seq for one in asked for seq in one.seqs}
    answers_in = {seq for one in asked for seq in one.answer_seqs}
    asked_s = min((one.start_s for one in asked), default=float("inf"))
    line = asked_for_others(said, words.courtesy)
    if line is not None and asked_in.isdisjoint(one.seq for one in said):
        # Where it was only ticked, the words tell when it was asked.
        asked_in.add(line.seq)
    if line is not None and not asked:
        replies = Replies(plan, (), said, (), (), words)
        told = replies.between(line.end_s, float("inf"), is_known=True)
        answers_in |= {one.seq for one in told.lines}
        asked_s = line.start_s
    return _Others(frozenset(asked_in), frozenset(answers_in), asked_s)


def _advised_in(plan: Plan, questions: Answers, words: LearnedWords) -> frozenset[int]:
    """Return the lines that answer a question for advice, or for things to read."""
    asks, past = phrases_of(words.asks), phrases_of(words.past)
    # "Who else would you recommend?" asks for people.
    spoken = {
        q.id: words_of(" ".join((q.text, *q.aliases))) for q in plan.questions if not q.referral
    }
    asked = (
        one
        for one in questions.asked
        if find(spoken.get(one.question_id, ()), asks) and not find(words_of(one.text), past)
    )
    return frozenset(seq for one in asked for seq in one.answer_seqs)


def _greetings(said: Sequence[Line], questions: Answers) -> set[int]:
    """Return the lines before the first question: they greet, and say who they are."""
    first_s = min((one.start_s for one in questions.asked), default=0.0)
    return {line.seq for line in said if line.start_s < first_s}
