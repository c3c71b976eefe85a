"""The summary: one page to read right after the call.

Reads the notes; the words and the order of the page are in `summary.md.j2` of
the language. Law: everything people said or wrote is escaped before it reaches
the template; the same notes give the same page.
"""

from typing import cast

import msgspec

from assistant.events import Channel
from assistant.notes.header import began_at
from assistant.notes.learned import Figure
from assistant.notes.notes import Notes
from assistant.notes.polished import OFF, Polished, Sentence
from assistant.notes.promises import State
from assistant.notes.render.markdown import eased, plain_markdown, yaml_text
from assistant.notes.render.thanks import thanks_due
from assistant.notes.talk import clock, minutes_and_seconds
from assistant.wording import Wording

TEMPLATE = "summary.md"
MENTIONS_SHOWN = 4
"""Times of a name on the page; notes.json has them all."""
POINTS_SHOWN, ADVICE_SHOWN, FIGURES_SHOWN = 6, 6, 6
"""So many of each fit on a page."""
LITTLE_LINES = 6
"""A call with no more lines of theirs has little to tell."""
_CONSENT = {"unasked": "not asked", "asked": "asked, no answer heard"}


def summary(
    notes: Notes, wording: Wording, polished: Polished = OFF, *, thanks: State = "open"
) -> str:
    """Write the page. Raises InputError where the user's own template is at fault.

    `polished` is what a language model made of these notes, if one was asked; a template may put
    its sentences beside the quotes, never in their place.
    `thanks` is how the thank-you note stands.
    """
    header = notes.header
    began = began_at(header.started)
    title = ", ".join(filter(None, (header.person, header.about)))
    page = wording.render(
        TEMPLATE,
        notes=_escaped(msgspec.to_builtins(notes)),
        was_talk=notes.was_talk,
        polished=_polished(notes, polished),
        front={
            "title": yaml_text(title) if title else "",
            "person": yaml_text(header.person),
            "call": yaml_text(header.call_id),
            "date": yaml_text(header.started),
            "consent": yaml_text(_CONSENT.get(notes.leave.standing, notes.leave.standing)),
            "hearing": yaml_text(header.hearing) if _was_heard_again(notes) else "",
            "polished": _polished_front(polished),
            "engines": {yaml_text(k): yaml_text(v) for k, v in sorted(header.engines.items())},
        },
        day=began.strftime("%Y-%m-%d, %H:%M") if began else "",
        title=plain_markdown(title),
        mine=_promises(notes, Channel.ME),
        theirs=_promises(notes, Channel.THEM),
        unclear=_promises(notes, Channel.UNCLEAR),
        thanks=thanks if notes.was_talk else "dropped",
        thanks_due=thanks_due(notes),
        clock=clock,
        length=minutes_and_seconds,
        percent=percent(notes),
        unquotable=sorted(notes.unquotable),
        mentions_shown=MENTIONS_SHOWN,
        points_shown=POINTS_SHOWN,
        advice_shown=ADVICE_SHOWN,
        figures=_escaped(msgspec.to_builtins(figures_left(notes))),
        is_little=sum(n for v, n in header.heard_lines.items() if v != "me") <= LITTLE_LINES,
    )
    return _tidy(page)


def _polished(notes: Notes, polished: Polished) -> object:
    """Return the sentences for a template: `overview`, and `answers` by each question's id."""
    answers: dict[str, tuple[Sentence, ...]] = {it.question_id: () for it in notes.asked}
    answers |= {it.question_id: it.sentences for it in polished.answers}
    return _escaped(
        {
            "overview": msgspec.to_builtins(polished.overview),
            "answers": msgspec.to_builtins(answers),
        }
    )


def _polished_front(polished: Polished) -> dict[str, str]:
    """Return what the head of the page tells of a language model; nothing where none was asked."""
    if polished.status == "off":
        return {}
    return {
        "status": polished.status,
        "model": yaml_text(polished.model),
        "reason": yaml_text(polished.reason) if polished.reason else "",
    }


def _escaped(value: object) -> object:
    """Escape every text in a tree of plain values."""
    match value:
        case str():
            return plain_markdown(value)
        case dict():
            tree = cast("dict[str, object]", value)
            return {key: _escaped(inner) for key, inner in tree.items()}
        case list() | tuple():
            return [_escaped(inner) for inner in cast("list[object]", value)]
        case _:
            return value


def _was_heard_again(notes: Notes) -> bool:
    return " lines" in notes.header.hearing


def figures_left(notes: Notes) -> list[Figure]:
    """Choose the figures that no answer on the page quotes already, in their order."""
    quoted = {seq for question in notes.asked for quote in question.best for seq in quote.seqs}
    rest = [figure for figure in notes.figures if not quoted & {*figure.quote.seqs}]
    return rest[:FIGURES_SHOWN]


def _promises(notes: Notes, owner: Channel) -> object:
    mine = [p for p in notes.promises if p.owner == owner and p.state != "dropped"]
    return _escaped(msgspec.to_builtins(mine))


def percent(notes: Notes) -> dict[str, int]:
    """Round the shares so that they add up to 100."""
    shares = notes.delivery.shares
    percent = {share.channel.value: int(share.share * 100) for share in shares}
    by_rest = sorted(shares, key=lambda share: share.share * 100 % 1, reverse=True)
    for share in by_rest[: 100 - sum(percent.values())]:
        percent[share.channel.value] += 1
    return percent


def _tidy(page: str) -> str:
    """Take out the blank lines that empty parts leave behind."""
    tidy: list[str] = []
    for line in map(str.rstrip, page.splitlines()):
        if line or (tidy and tidy[-1]):
            tidy.append(eased(line))
    return "\n".join(tidy).strip("\n") + "\n"
