"""Sentences for engines that write none: stops at pauses, capitals, and never another word."""

import re

import pytest
from told import PLAN, WORDS, Told

from assistant.events import Channel, Corrected, Heard, LineChange, NameChange, Word
from assistant.notes.notes import learn
from assistant.notes.revised import revised
from assistant.notes.talk import kept, lines

pytestmark = pytest.mark.unit

VOSK = "vosk vosk-model-small-en-us-0.15"
SECONDS_A_WORD = 0.3


class Spoken(Told):
    """Talk in which `|` is a pause of 0.3 s, and every further one 0.3 s more."""

    def line(self, channel: Channel, start_s: float, text: str, engine: str = VOSK) -> int:
        at_s = start_s
        words: list[Word] = []
        for part in text.split():
            if set(part) == {"|"}:
                at_s += 0.3 * len(part)
                continue
            words.append(Word(part, round(at_s, 3), round(at_s + SECONDS_A_WORD, 3), 0.9))
            at_s += SECONDS_A_WORD
        said = " ".join(word.text for word in words)
        return self.put(at_s, Heard(channel, start_s, words[-1].end_s, said, tuple(words), engine))


def read(call: Told) -> list[str]:
    return [line.text for line in lines(PLAN, kept(PLAN, revised(call.entries)), WORDS)]


def of_them(*texts: str, gap_s: float = 4.0) -> list[str]:
    call, at_s = Spoken(), 1.0
    for text in texts:
        call.line(Channel.THEM, at_s, text)
        at_s = getattr(call.entries[-1].event, "end_s", at_s) + gap_s
    return read(call)


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        ("we start at nine | then everybody writes", "We start at nine. Then everybody writes."),
        ("well | i think so", "Well I think so."),
        ("we start | at nine", "We start at nine."),
        ("we start at nine | sharp", "We start at nine sharp."),
        ("i work with the |||| data", "I work with the data."),
        ("it broke again |||| nobody knew", "It broke again. Nobody knew."),
        ("that is what i do on monday because", "That is what I do on Monday because"),
        ("i met dana ruiz | she knows bigquery", "I met Dana Ruiz. She knows BigQuery."),
        ("mhm", "Mhm."),
    ],
)  # fmt: skip
def test_a_pause_ends_a_sentence_where_another_begins(heard: str, shown: str) -> None:
    assert of_them(heard) == [shown]


@pytest.mark.parametrize(
    ("heard", "shown"),
    [
        ("what does a typical day look like for you", "What does a typical day look like for you?"),
        ("so who else should i talk to", "So who else should I talk to?"),
        ("is there anything i missed", "Is there anything I missed?"),
        ("what kind of people do you look for", "What kind of people do you look for?"),
        ("what's the hardest part", "What's the hardest part?"),
        ("what i do is write queries", "What I do is write queries."),
        ("when i was young i did it", "When I was young I did it."),
        ("i know what you mean", "I know what you mean."),
        ("where each item is a word", "Where each item is a word."),
    ],
)
def test_what_asks_ends_in_a_question_mark(heard: str, shown: str) -> None:
    assert of_them(heard) == [shown]


def test_a_sentence_goes_on_in_the_next_line() -> None:
    assert of_them("i'll send you the list", "by friday", gap_s=0.6) == [
        "I'll send you the list",
        "by Friday.",
    ]
    assert of_them("i'll send you the list", "then we talk", gap_s=0.6) == [
        "I'll send you the list.",
        "Then we talk.",
    ]
    assert of_them("i'll send you the list", "by friday", gap_s=3.0) == [
        "I'll send you the list.",
        "By Friday.",
    ]


def test_a_mhm_of_the_other_ends_no_sentence_and_a_word_of_theirs_does() -> None:
    call = Spoken()
    call.line(Channel.THEM, 1.0, "we moved the whole thing")
    call.line(Channel.ME, 2.3, "mhm")
    call.line(Channel.THEM, 2.7, "to the warehouse")
    call.line(Channel.ME, 4.0, "which one")
    call.line(Channel.THEM, 4.7, "to the big one")
    assert read(call) == [
        "We moved the whole thing",
        "Mhm.",
        "to the warehouse.",
        "Which one.",
        "To the big one.",
    ]


@pytest.mark.parametrize("engine", ["moonshine tiny-en", "whisper small.en", ""])
def test_an_engine_that_writes_marks_is_left_alone(engine: str) -> None:
    call = Spoken()
    call.line(Channel.THEM, 1.0, "We start at nine | then everybody, well", engine)
    assert read(call) == ["We start at nine then everybody, well"]


def test_what_the_user_wrote_keeps_its_marks() -> None:
    call = Spoken()
    seq = call.line(Channel.THEM, 1.0, "we start at nine with dana rees")
    call.put(9.0, Corrected("", LineChange(seq, "We start at ten! With tea, and monday")))
    assert read(call) == ["We start at ten! With tea, and monday"]
    call.put(9.0, Corrected("", LineChange(seq, "i know dana rees on monday")))
    call.put(9.0, Corrected("", NameChange("rees", "Ruiz")))
    assert read(call) == ["I know Dana Ruiz on Monday."]


def test_no_word_is_changed() -> None:
    heard = "so | what i do |||| is it the | data i | we have a e | i'll do | k eight s ||| thanks"
    shown = " ".join(of_them(heard))
    bare = re.sub(r"[|\s]+", " ", heard)
    assert re.sub(r"[.?]", "", shown).lower() == bare


LINES = ("so what do you do all day", "i open at seven and then we count", "that is all of it")


def lines_of(*texts: str) -> list[str]:
    """Return the lines as the notes have them, from an engine that says nothing of itself."""
    call = Spoken()
    for n, text in enumerate(texts):
        call.put(9.0 * n + 5, Heard(Channel.THEM, 9.0 * n, 9.0 * n + 4, text, (), "a recorder"))
    return [line.text for line in lines(PLAN, call.end(500.0).entries, WORDS)]


def test_who_writes_no_marks_is_known_by_the_lines() -> None:
    assert lines_of(*LINES * 10)[:2] == [
        "So what do you do all day?",
        "I open at seven and then we count.",
    ]
    # One that a hand has set is not enough to think otherwise ...
    assert lines_of(*LINES * 10, "That's all.")[0] == "So what do you do all day?"
    # ... a few lines tell nothing, and who writes marks has left them out on purpose.
    assert lines_of(*LINES)[0] == LINES[0]
    assert lines_of(*LINES * 8, *["That's all."] * 8)[0] == LINES[0]


def test_a_line_that_goes_on_long_after_a_question_asks_nothing() -> None:
    told = "do you know " + "we count the stock and the drawers and " * 4 + "that is all"
    (line,) = [text for text in lines_of(*LINES * 10, told) if text.startswith("Do")]
    assert line.endswith("that is all.")


def test_one_microphone_hears_two_who_end_each_others_lines() -> None:
    call = Spoken()
    for n, text in enumerate(LINES * 10):
        heard = Heard(Channel.UNCLEAR, 4.0 * n, 4.0 * n + 4, text, (), "a recorder")
        call.put(4.0 * n + 4, heard)
    shown = [line.text for line in lines(PLAN, call.end(500.0).entries, WORDS)]
    assert shown[:2] == ["So what do you do all day?", "I open at seven and then we count."]


def test_quotes_and_promises_read_as_sentences() -> None:
    call = Spoken()
    call.line(Channel.THEM, 1.0, "i'll send you the list of groups by friday | then we talk again")
    [promise] = learn(PLAN, call.end(20.0).entries, WORDS).promises
    assert promise.what == "send you the list of groups by Friday"
    assert promise.due is not None
    assert promise.due.day == "2026-12-04"
