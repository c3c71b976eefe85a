"""What a sentence does: promises, asks, advises, agrees."""

import pytest
from told import WORDS

from assistant.events import Channel
from assistant.notes.acts import Act, Acts
from assistant.notes.talk import Spoken

pytestmark = pytest.mark.unit

ME, THEM, UNCLEAR = Channel.ME, Channel.THEM, Channel.UNCLEAR
ACTS = Acts(WORDS.promises)


def spoken(text: str) -> tuple[Spoken, ...]:
    return tuple(Spoken(word, n / 3, (n + 1) / 3, 1) for n, word in enumerate(text.split()))


def acts(channel: Channel, text: str, *, is_promised: bool = False) -> list[Act]:
    return ACTS.of(channel, spoken(text), is_promised=is_promised)


def kinds(channel: Channel, text: str) -> list[str]:
    return [act.kind for act in acts(channel, text)]


@pytest.mark.parametrize(
    ("channel", "text", "kind"),
    [
        (THEM, "I'll send you the list.", "promise"),
        (THEM, "let me circle back with real numbers", "promise"),
        (THEM, "I'll think on and text you.", "promise"),
        (THEM, "I'll have Tansy email it to you this afternoon.", "promise"),
        (THEM, "I'll get my colleague to ring you.", "promise"),
        (ME, "will do", "vague"),
        (ME, "Right, consider it done.", "vague"),
        (THEM, "you should seriously talk to three of them", "advice"),
        (THEM, "Well, talk to Hamida.", "advice"),
        (THEM, "okay send me a picture of the form", "request"),
        (ME, "could you send me the list", "asking"),
        (ME, "could I come and watch a rehearsal", "wish"),
        (THEM, "of course", "yes"),
        (THEM, "I'd rather not.", "no"),
        (THEM, "actually scratch that", "undo"),
    ],
)
def test_an_act_is_known_by_its_words(channel: Channel, text: str, kind: str) -> None:
    assert kind in kinds(channel, text)


def test_what_only_the_other_side_can_ask_of_the_user_is_no_act_of_the_users() -> None:
    assert kinds(ME, "send me whatever you like") == []
    assert kinds(ME, "you should talk to my sister") == []


def test_a_loose_promise_counts_only_where_something_was_promised() -> None:
    text = "I'll redact it for you"
    assert acts(THEM, text) == []
    assert [act.kind for act in acts(THEM, text, is_promised=True)] == ["promise"]


@pytest.mark.parametrize("text", ["I'll be honest", "I'll never forget it", "I'll tell you"])
def test_talk_is_no_promise_even_then(text: str) -> None:
    assert acts(THEM, text, is_promised=True) == []


def test_what_stands_before_a_but_guards_nothing() -> None:
    assert kinds(THEM, "if I send you the list you'd laugh") == []
    assert kinds(THEM, "I want to say thirty but I'll send you the numbers") == ["promise"]


def test_the_task_ends_with_its_clause() -> None:
    (act,) = acts(THEM, "bring me a sketch don't ask me for a yes on the phone")
    assert act.text.split() == ["bring", "me", "a", "sketch"]
    assert (act.first, act.task, act.last) == (0, 0, 3)


def test_a_sentence_that_breaks_off_in_the_task_is_known() -> None:
    assert ACTS.is_cut_off(spoken("we can do that i'll send you"))
    assert not ACTS.is_cut_off(spoken("i'll send you the list"))
