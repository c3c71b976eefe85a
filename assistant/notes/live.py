"""What is appended to `notes.md` while people speak.

An entry in, lines of Markdown out. Law: keeps no state; an echo or a ghost word
is not written, and what people say can not break the page. After something was
forgotten, `whole` writes the page anew.
"""

from collections.abc import Iterable, Sequence

from assistant.events import (
    Asked,
    AudioLost,
    CallEnded,
    CallStarted,
    Consent,
    Consented,
    Entry,
    Forgotten,
    Heard,
    Imported,
    Marked,
    MarkHeard,
    NoteTaken,
    Paused,
    Promised,
    Recovered,
    Resumed,
    Ticked,
    Trouble,
)
from assistant.minds.stretches import LEAST_LOST_S
from assistant.notes.header import began_at
from assistant.notes.mishaps import CUT_SHORT
from assistant.notes.off_record import asks_off_record
from assistant.notes.render.markdown import eased, plain_markdown, yaml_text
from assistant.notes.talk import clean, clock, kept
from assistant.notes.words import LiveWords, Words
from assistant.plan import Plan


def lines(plan: Plan, entry: Entry, words: Words | None = None) -> str:
    """Return what an entry adds to the notes, with its newlines; often nothing.

    Without `words` the labels are English, and no wish to keep something off the record is seen.
    """
    known = words or Words()
    match entry.event:
        case CallStarted():
            return _header(plan, entry.event, known)
        case Heard() if kept(plan, (entry,)):
            return _heard(entry.event, known)
        case Asked(question_id, _, _):
            return _heading(known.live.asked.format(question=_question(plan, question_id)))
        case Ticked(question_id, state):
            return _heading(_ticked(plan, question_id, state, known.live))
        case NoteTaken(text) | MarkHeard(_, "note", text):
            return _said(entry.at_s, known.live.note, text)
        case Marked(text):
            return _said(entry.at_s, known.live.moment, text)
        case MarkHeard(_, "moment"):
            return _said(entry.at_s, known.live.moment, "")
        case MarkHeard(_, "name"):
            return _said(entry.at_s, known.live.name, "")
        case Promised():
            return _said(entry.at_s, known.live.promised, "")
        case _:
            return _remark(entry, known)


def whole(plan: Plan, entries: Iterable[Entry], words: Words | None = None) -> str:
    """Write the notes of a whole journal, without what was forgotten."""
    return "".join(lines(plan, entry, words) for entry in kept(plan, entries))


def _header(plan: Plan, started: CallStarted, known: Words) -> str:
    words = known.live
    title = words.title.format(person=clean(plan.person)) if plan.person else words.title_nobody
    about = f"{plain_markdown(plan.about)}\n\n" if plan.about.strip() else ""
    consent = {
        "ask": words.consent_ask,
        "given": words.consent_given,
        "not-needed": words.consent_not_needed,
    }[plan.consent]
    front = (
        f"---\ntitle: {yaml_text(title)}\ndate: {yaml_text(started.wall)}\n"
        f"call: {yaml_text(started.call_id)}\n---\n\n"
    )
    opened = words.started.format(wall=_day(started.wall, known.dates.months))
    heading = eased(f"# {plain_markdown(title)}")
    return f"{front}{heading}\n\n{about}{opened} {consent}\n\n"


def _day(wall: str, months: Sequence[str]) -> str:
    """Write when a call began as people do: 23 November 2026, 02:24."""
    began = began_at(wall)
    if began is None:
        return plain_markdown(wall)
    month = months[began.month - 1] if len(months) == 12 else began.strftime("%B")
    return f"{began.day} {month[:1].upper()}{month[1:]} {began:%Y, %H:%M}"


def _heard(heard: Heard, words: Words) -> str:
    who = words.voices.of_line(heard.channel, heard.probably)
    said = _said(heard.start_s, who, heard.text)
    if asks_off_record(heard, words.answers):
        said += _in_italics(heard.start_s, words.live.off_record)
    return said


def _said(at_s: float, who: str, text: str) -> str:
    words = f" {plain_markdown(text)}" if clean(text) else ""
    # A blank line between, so that every Markdown reader starts a new line.
    return eased(f"[{clock(at_s)}] **{who}{':' if words else ''}**{words}") + "\n\n"


def _heading(text: str) -> str:
    return eased(f"### {plain_markdown(text)}") + "\n\n"


def _question(plan: Plan, question_id: str) -> str:
    question = plan.question(question_id)
    return question.text if question else question_id


def _ticked(plan: Plan, question_id: str, state: str, words: LiveWords) -> str:
    states = {
        "open": words.ticked_open,
        "asked": words.ticked_asked,
        "answered": words.ticked_answered,
    }
    return words.ticked.format(state=states[state], question=_question(plan, question_id))


def _leave(event: Consent | Consented, words: LiveWords) -> str:
    if isinstance(event, Consented):
        return words.told_given if event.answer == "given" else words.told_refused
    return {
        "asked": words.leave_asked,
        "given": words.leave_given,
        "refused": words.leave_refused,
    }[event.state]


def _stretch(event: Forgotten | Recovered, words: LiveWords) -> str:
    text = words.gone if isinstance(event, Recovered) else words.forgotten
    return text.format(from_clock=clock(event.from_s), to_clock=clock(event.to_s))


def _remark(entry: Entry, words: Words) -> str:
    """Write what happened to the call itself, in italics."""
    at_s = entry.at_s
    match entry.event:
        case Paused():
            text = words.live.paused
        case Resumed():
            text = words.live.resumed
        case Forgotten() | Recovered():
            text = _stretch(entry.event, words.live)
        case Imported(files):
            text = words.live.imported.format(files=", ".join(map(clean, files)))
        case Consent() | Consented():
            text = _leave(entry.event, words.live)
        case AudioLost(channel, start_s, end_s) if end_s - start_s >= LEAST_LOST_S:
            who = words.voices.of(channel)
            text = words.live.lost.format(voice=who, lost_s=end_s - start_s)
            at_s = start_s
        case Trouble(_, text):
            pass
        case CallEnded(reason) if reason == CUT_SHORT:
            text = words.live.broke_off
        case CallEnded(reason):
            text = words.live.ended.format(reason=reason)
        case _:
            return ""
    return _in_italics(at_s, text)


def _in_italics(at_s: float, text: str) -> str:
    return eased(f"[{clock(at_s)}] *{plain_markdown(text)}*") + "\n\n"
