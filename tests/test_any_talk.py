"""Whatever is said, in whatever order: the notes are taken, and cite what was said."""

import re
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import PLAN, PROMPTS, WORDS, Told

from assistant.events import Asked, Channel, Promised, Understood
from assistant.notes.notes import learn

pytestmark = pytest.mark.unit

KNOWN = sorted(set(re.findall(r'"([^"\n]{1,30})"', (PROMPTS / "en" / "notes.toml").read_text())))
"""What the rules for notes look for, out of its place."""
OTHERS = (
    "the", "at", "A", "I", "it", "Laura", "McNeese", "Institute", "Mrs.", "twenty-seventh",
    "Tuesday'll", "'s", "-", "...", "?!", "\u2014", "7", "\u00e9",
)  # fmt: skip
WORD = st.sampled_from(KNOWN) | st.sampled_from(OTHERS)
SAID = st.lists(WORD, min_size=1, max_size=9).map(" ".join)
MARK = st.sampled_from(["", ".", "?", "!", ",", "..."])
ID = st.sampled_from([question.id for question in PLAN.questions])
SCORES = st.dictionaries(ID, st.floats(0.0, 1.0), max_size=3)
LINE = st.tuples(
    st.sampled_from(list(Channel)), SAID, MARK, st.floats(0.3, 9.0), SCORES, SCORES,
    st.none() | ID, st.booleans(), st.booleans(),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(LINE, min_size=1, max_size=25))
def test_notes_are_taken(
    lines: list[
        tuple[Channel, str, str, float, dict[str, float], dict[str, float], str | None, bool, bool]
    ],
) -> None:
    call, at_s = Told(), 1.0
    for channel, text, mark, gap_s, likeness, near, asked, is_promised, has_capital in lines:
        said = text[:1].upper() + text[1:] if has_capital else text
        seq = call.say(channel, at_s, said + mark)
        at_s = call.entries[-1].at_s + gap_s
        call.put(at_s, Understood(seq, likeness, near=near))
        if asked is not None:
            call.put(at_s, Asked(asked, seq, 0.7))
        if is_promised:
            call.put(at_s, Promised(channel, seq, 0.9))
    notes = learn(PLAN, call.end(at_s + 5.0).entries, WORDS)
    told = chain(notes.promises, notes.people, notes.institutions, notes.referrals, notes.asked)
    known = {entry.seq for entry in call.entries}
    assert all({*one.seqs} <= known and one.seqs for one in told)
    assert all(promise.what for promise in notes.promises)
