"""Consent: what asks for leave to take notes, what answers it, and what only sounds like it."""

import json
from pathlib import Path

import msgspec
import pytest
from scene import ME, PHRASES, PLAN, THEM, UNCLEAR, Scene

from assistant.events import Channel, Consent, Consented, Entry, Heard
from assistant.minds.consent import Consents
from assistant.minds.leave import LISTS
from assistant.plan import Plan

pytestmark = pytest.mark.unit

ASKING = (
    "are you comfortable with notes being taken while we talk",
    "i've got a little program that types up the call as we go are you happy with that or",
    "is it okay if i take notes",
    "is it all right if i take notes with a little help from my computer",
    "would it be okay if i recorded this call",
    "do you mind if i record this",
    "would you mind if i took some notes while we talk",
    "may i take notes",
    "Can I record our conversation?",
    "could i use a note-taking tool for this",
    "is it ok if i have a transcript of this call",
    "before we start is it alright if my computer takes notes",
    "i'd like to record this if that's okay with you",
    "i'm going to take some notes if you don't mind",
    "i'm using a little tool that takes notes i hope that's okay",
    "just so you know i'm recording this is that okay",
    "are you okay with me recording this",
    "are you comfortable with being recorded",
    "do you have any objection to me taking notes",
    "would it bother you if i typed notes",
    "so i was wondering if i could record this call just for my own notes",
    "can i just quickly take a few notes as we go",
    "may i have your permission to record",
    "i have a program on my laptop that makes a transcript would that be all right",
    "is it o k if i write things down while you talk",
    "it okay if i take notes",
    "would it be okay if i take nodes",
    "is it all right if i used a transcrip",
    "hi dana thank you for making the time um is it all right if i take notes they stay with me",
    "could we record this so that i don't have to type",
    "would you be happy for me to record this",
    "mind if i jot some things down",
    "i'd love to record this conversation does that work for you",
    "is it cool if i have an assistant that transcribes what we say",
    "i wanted to ask whether i may take notes",
    "would it be a problem if i recorded",
    "do you mind me taking notes",
    "i'll be taking notes on my computer is that all right",
    "i would like a tool to write down what we say if you agree",
    "would you let me record this",
    "any objections if i record the call",
    "would it be acceptable if i recorded our chat",
    "can my computer take notes while we speak",
    "i usually record these calls so i can listen properly would that be okay",
    "is ok a i take notes",
    "so first of all would you be all right with me taking some notes during our chat",
)

NO_ASKING = (
    "I'll take notes on that book.",
    "i take notes every day",
    "do you take notes in meetings",
    "can i ask how you take notes",
    "can you take notes for me",
    "could you tell me about your track record",
    "may i ask what your record is",
    "i read your book and took notes",
    "would you mind telling me what a typical day looks like",
    "is it okay if i ask about pay",
    "is it okay to record meetings at your company",
    "do you mind if i ask how people record their hours",
    "can i get the recording of that webinar",
    "could i get a transcript of the lecture",
    "may i listen to the recording",
    "can i record a podcast with you one day",
    "i recorded a song once",
    "let me write that down",
    "note to self ask about the budget",
    "can you spell that name",
    "is it okay if i follow up with you",
    "may i keep in touch",
    "do you mind if i mention your name",
    "can i send you my notes",
    "could i see the notes you sent",
    "would it be okay if i sent you my resume",
    "who takes notes in your meetings",
    "is that okay with you",
    "sure",
    "they said we could not record the meetings",
    "people take notes in every meeting is that okay",
    "did you record that talk",
    "could you say that again for the record",
    "i would love to hear your notes on that",
    "can i look at the transcripts you have",
    "would it be possible to talk for twenty minutes",
    "do you mind if i share my screen",
    "can i ask whether the company records customer calls",
    "if you don't mind me asking what do you make",
    "my old boss asked if he could record me",
    "the recording industry is hard",
    "so may i ask who records the minutes",
    "can i write to you about this",
    "may i quote you",
    "i'd like to break the record",
    "i was recording an album back then is that interesting to you",
    "can we talk about how you write things down",
    "is it okay if we move on",
)

YES = (
    "sure",
    "Sure, go ahead.",
    "yes",
    "yeah",
    "yes of course",
    "that's fine with me",
    "no problem",
    "no worries",
    "i don't mind at all",
    "not at all",
    "no that's fine",
    "no go ahead",
    "okay",
    "absolutely",
    "by all means",
    "please do",
    "yeah that works",
    "um yeah i guess that's okay",
    "i have no problem with that",
    "fine by me",
    "yeah no that's totally fine",
    "sure as long as you don't share it",
    "sure just please don't quote me",
    "i can't see why not",
    "yeah that's fine what will you use them for",
    "i'm not sure what that is but sure",
    "yeah i'm okay with that",
)

NO = (
    "no",
    "i'd rather not",
    "i would rather not",
    "i'd rather you didn't",
    "please don't",
    "no please don't",
    "i'd prefer if you didn't",
    "no sorry",
    "i'm not comfortable with that",
    "i don't think that's okay",
    "that's not okay",
    "i'm afraid not",
    "no thank you",
    "i can't agree to that",
    "it's against company policy",
    "we're not allowed to be recorded",
    "i don't want to be recorded",
    "well i'd rather keep this off the record",
    "sure you can take notes but please don't record",
    "i'd appreciate it if you didn't",
    "not really",
    "absolutely not",
    "could we skip the recording",
)

UNCLEAR_ANSWERS = (
    "what do you use it for",
    "hm",
    "i'm not sure",
    "yeah what kind of tool is it",
    "who will see the notes",
    "i don't know",
    "thanks for calling me",
    "so i work at acme",
    "good question",
    "where does the recording go",
    "let me think about it",
    "could you tell me what it does",
    "hello can you hear me",
)


def scene(plan: Plan = PLAN) -> Scene:
    return Scene(Consents(plan))


def states(room: Scene) -> list[str]:
    return [finding.state for finding in room.findings if isinstance(finding, Consent)]


def answered(text: str, asked: str = "is it okay if i take notes") -> list[str]:
    room = scene()
    room.say(ME, 5.0, 9.0, asked)
    room.say(THEM, 9.6, 11.0, text)
    return states(room)


# ---------------------------------------------------------------- asking


@pytest.mark.parametrize("text", ASKING)
@pytest.mark.parametrize("channel", [ME, UNCLEAR])
def test_this_asks_for_leave(text: str, channel: Channel) -> None:
    room = scene()
    seq = room.say(channel, 5.0, 9.0, text)
    assert room.findings == [Consent(seq, "asked")]


@pytest.mark.parametrize("text", [*NO_ASKING, *YES, *NO, *UNCLEAR_ANSWERS])
@pytest.mark.parametrize("channel", [ME, THEM, UNCLEAR])
def test_this_does_not(text: str, channel: Channel) -> None:
    room = scene()
    room.say(channel, 5.0, 9.0, text)
    room.say(THEM, 9.6, 10.0, "sure go ahead")
    # A few of the refusals are so plain that they need no asking.
    assert "asked" not in states(room)
    assert "given" not in states(room)


def test_in_a_whole_interview_nothing_sounds_like_it() -> None:
    room = scene()
    path = Path(__file__).parent.parent / "scripts" / "sample" / "interview.jsonl"
    for n, line in enumerate(path.read_text("utf-8").splitlines()):
        said = json.loads(line)
        for channel in (ME, UNCLEAR):
            room.put(300.0 * n, Heard(channel, 300.0 * n, 300.0 * n + 9.0, said["text"]))
    assert "asked" not in states(room)


def test_their_asking_is_not_mine_and_an_echo_is_nobodys() -> None:
    room = scene()
    room.say(THEM, 5.0, 9.0, "do you mind if i record this")
    room.put(20.0, Heard(ME, 15.0, 19.0, "may i take notes", echo=True))
    room.say(THEM, 20.0, 21.0, "sure")
    assert states(room) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("and i'd like to record this call", "if that's okay with you"),
        ("so is it okay if i", "take some notes on my computer"),
    ],
)
def test_an_asking_may_come_in_two_pieces(first: str, second: str) -> None:
    near, far = scene(), scene()
    near.say(ME, 5.0, 8.0, first)
    seq = near.say(ME, 9.5, 11.0, second)
    assert near.findings == [Consent(seq, "asked")]
    far.say(ME, 5.0, 8.0, first)
    far.say(ME, 60.0, 61.0, second)
    assert states(far) == []


def test_asked_once_more_right_away_it_is_one_asking() -> None:
    room = scene()
    room.say(ME, 5.0, 8.0, "is it okay if i take notes")
    room.say(ME, 12.0, 14.0, "i mean is it okay if i record this")
    room.say(THEM, 15.0, 16.0, "sure")
    assert states(room) == ["asked", "given"]


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize("text", YES)
def test_this_gives_leave(text: str) -> None:
    assert answered(text) == ["asked", "given"]


@pytest.mark.parametrize("text", NO)
def test_this_refuses(text: str) -> None:
    assert answered(text) == ["asked", "refused"]


@pytest.mark.parametrize("text", UNCLEAR_ANSWERS)
def test_this_answers_nothing(text: str) -> None:
    assert answered(text) == ["asked"]


@pytest.mark.parametrize(
    ("asked", "text", "state"),
    [
        ("do you mind if i record this", "no", "given"),
        ("would you mind if i took notes", "nope", "given"),
        ("do you mind if i record this", "no of course not", "given"),
        ("do you mind if i record this", "i do mind", "refused"),
        ("do you mind if i record this", "yes", None),
        ("do you mind if i record this", "yeah sure", "given"),
        ("is it okay if i record this", "of course not", "refused"),
        ("i'd like to record this if you don't mind", "no", None),
        ("i'd like to record this if you don't mind", "yeah", "given"),
    ],
)
def test_a_mere_no_means_what_it_answers(asked: str, text: str, state: str | None) -> None:
    assert answered(text, asked) == ["asked", *([state] if state else [])]


def test_sure_without_an_asking_is_nothing_nor_is_one_long_after_it() -> None:
    room = scene()
    room.say(THEM, 2.0, 3.0, "sure go ahead")
    room.say(ME, 5.0, 9.0, "is it okay if i take notes")
    room.say(THEM, 60.0, 61.0, "sure")
    assert states(room) == ["asked"]


def test_a_yes_to_the_next_question_is_none_to_this_one() -> None:
    room = scene()
    room.say(ME, 5.0, 9.0, "is it okay if i take notes")
    room.say(ME, 11.0, 13.0, "could you tell me about your career path")
    room.say(THEM, 14.0, 15.0, "sure i studied physics")
    assert states(room) == ["asked"]


def test_after_a_question_of_theirs_the_answer_may_still_come() -> None:
    room = scene()
    room.say(ME, 5.0, 9.0, "is it okay if i take notes with a tool")
    room.say(THEM, 10.0, 11.0, "what tool is that")
    room.say(ME, 12.0, 14.0, "it runs on my own machine and nowhere else is that okay")
    seq = room.say(THEM, 15.0, 16.0, "oh okay then")
    assert room.findings[1:] == [Consent(seq, "given")]


@pytest.mark.parametrize(
    ("asks", "agrees"),
    [
        (
            "i've got this program on my laptop that makes notes while we're talking so i can just "
            "listen it stays with me it doesn't go anywhere would you mind that",
            "i don't mind at all pet",
        ),
        (
            "i'm using a thing on my laptop that writes down what we say so i'm not scribbling is "
            "that all right with you",
            "then yes that's fine",
        ),
        (
            "would you mind if i let a program take down the notes while we talk it's only for my "
            "own use",
            "then yes you may",
        ),
    ],
)
def test_leave_may_be_asked_with_a_word_on_what_is_done(asks: str, agrees: str) -> None:
    room = scene()
    room.say(ME, 5.0, 15.0, asks)
    seq = room.say(THEM, 16.0, 18.0, agrees)
    assert room.findings[1:] == [Consent(seq, "given")]


def test_a_short_answer_may_be_understood_before_the_long_question() -> None:
    room = scene()
    early = room.put(9.9, Heard(THEM, 9.2, 9.6, "sure"))
    asked = room.put(11.0, Heard(ME, 2.0, 9.0, "hi dana thanks is it okay if i take notes"))
    assert room.findings == [Consent(asked, "asked"), Consent(early, "given")]


def test_what_they_said_before_the_asking_is_no_answer() -> None:
    room = scene()
    room.put(5.0, Heard(THEM, 4.0, 4.5, "sure"))
    room.put(11.0, Heard(ME, 2.0, 9.0, "hi dana thanks is it okay if i take notes"))
    assert states(room) == ["asked"]


def test_an_answer_may_come_in_the_middle_of_a_long_utterance() -> None:
    text = "is it okay if i take notes great thank you so let me say a word about me then"
    room = scene()
    room.say(ME, 5.0, 15.0, text)
    room.say(THEM, 8.7, 9.3, "sure")
    assert states(room) == ["asked", "given"]


def test_a_no_after_the_yes_counts_and_a_yes_after_the_no_does_not() -> None:
    room = scene()
    room.say(ME, 5.0, 9.0, "is it okay if i record this")
    room.say(THEM, 10.0, 11.0, "sure")
    room.say(THEM, 13.0, 15.0, "well actually i'd rather not")
    room.say(ME, 16.0, 18.0, "i turn it off then")
    room.say(THEM, 19.0, 20.0, "okay sure that's fine")
    assert states(room) == ["asked", "given", "refused"]


def test_a_mere_no_after_the_yes_is_about_something_else() -> None:
    room = scene()
    room.say(ME, 5.0, 9.0, "is it okay if i record this")
    room.say(THEM, 10.0, 11.0, "sure")
    room.say(ME, 12.0, 14.0, "and i won't keep you long")
    room.say(THEM, 15.0, 16.0, "no worries no")
    room.say(THEM, 17.0, 18.0, "no")
    assert states(room) == ["asked", "given"]


def test_asked_again_later_it_may_be_given_after_all() -> None:
    room = scene()
    room.say(ME, 5.0, 9.0, "is it okay if i record this")
    room.say(THEM, 10.0, 11.0, "i'd rather not")
    room.say(ME, 60.0, 64.0, "may i at least take notes")
    room.say(THEM, 65.0, 66.0, "yes of course")
    assert states(room) == ["asked", "refused", "asked", "given"]


def test_one_microphone_for_both_hears_the_answer_in_the_same_breath_or_after() -> None:
    one, two = scene(), scene()
    seq = one.say(UNCLEAR, 5.0, 9.0, "is it okay if i take notes yeah sure go ahead")
    assert one.findings == [Consent(seq, "asked"), Consent(seq, "given")]
    two.say(UNCLEAR, 5.0, 9.0, "is it okay if i take notes")
    two.say(UNCLEAR, 9.6, 11.0, "i'd rather you didn't")
    assert states(two) == ["asked", "refused"]


# ---------------------------------------------------------------- at any time


@pytest.mark.parametrize(
    "text",
    [
        "could you please stop recording now",
        "sorry please don't record this part",
        "i'd rather you didn't record that",
        "can you turn off the recording",
    ],
)
def test_they_may_want_it_stopped_at_any_time(text: str) -> None:
    room = scene()
    room.say(ME, 5.0, 9.0, "is it okay if i record this")
    room.say(THEM, 10.0, 11.0, "sure")
    room.say(THEM, 600.0, 603.0, text)
    room.say(THEM, 610.0, 613.0, text)
    assert states(room) == ["asked", "given", "refused"]


@pytest.mark.parametrize(
    "text",
    [
        "we had to stop recording the show that year",
        "people don't record this kind of thing",
        "and then at some point somebody in the back said please don't record this",
    ],
)
def test_a_story_about_recording_stops_nothing(text: str) -> None:
    room = scene()
    room.say(THEM, 600.0, 603.0, text)
    assert states(room) == []


@pytest.mark.parametrize(
    ("answer", "found"), [("sure", ["asked", "given"]), ("mm", ["asked", "refused"])]
)
def test_who_gave_leave_keeps_one_thing_off_the_record_by_it(answer: str, found: list[str]) -> None:
    room = scene(msgspec.structs.replace(PLAN, consent="ask"))
    room.say(ME, 5.0, 9.0, "is it okay if i take notes")
    room.say(THEM, 10.0, 11.0, answer)
    room.say(THEM, 600.0, 603.0, "between us and please don't write this down i earned nothing")
    assert states(room) == found


def test_who_was_never_asked_refuses_all_notes_by_it() -> None:
    room = scene(msgspec.structs.replace(PLAN, consent="ask"))
    room.say(THEM, 30.0, 33.0, "oh please don't write that down")
    assert states(room) == ["refused"]


def test_what_the_user_says_closes_the_question() -> None:
    room = scene()
    room.say(ME, 5.0, 9.0, "is it okay if i record this")
    room.put(10.5, Consented("given"))
    room.say(THEM, 11.0, 12.0, "no that's not what i meant")
    assert states(room) == ["asked"]


def test_without_phrases_nothing_is_found() -> None:
    old = msgspec.structs.replace(PLAN, phrases=msgspec.structs.replace(PHRASES, consent={}))
    room = scene(old)
    room.say(ME, 5.0, 9.0, "is it okay if i take notes")
    assert states(room) == []


def test_every_list_of_phrases_is_there() -> None:
    assert set(PHRASES.consent) == set(LISTS)


def test_a_long_text_takes_no_time_to_speak_of() -> None:
    mind = Consents(PLAN)
    text = "may i take notes is that okay if i could record the book " * 400
    assert mind.feed(Entry(1, 900.0, Heard(ME, 0.0, 900.0, text)))


@pytest.mark.parametrize(
    ("text", "start_s", "found"),
    [
        ("you said you'd have something taking notes that's fine with me go right ahead", 8.0, 1),
        ("i don't mind you recording this by the way", 20.0, 1),
        ("you said you'd be recording and that's not fine with me", 8.0, 0),
        ("we record the calls and that was fine with me at the time", 900.0, 0),
        ("is it a recording because that's fine with me", 8.0, 0),
        ("i don't mind who knows it put it in the computer if you want", 8.0, 1),
        ("write it all down if you like i've nothing to hide", 8.0, 1),
        ("you can come and see the hives if you like", 8.0, 0),
        ("that's fine with me", 8.0, 0),
        ("i don't mind telling you we record every single call", 8.0, 0),
        ("feel free to take notes", 8.0, 1),
        ("i am not fine with you recording this", 8.0, 0),
    ],
)
def test_leave_may_be_given_unasked_while_the_talk_begins(
    text: str, start_s: float, found: int
) -> None:
    room = scene(msgspec.structs.replace(PLAN, consent="ask"))
    room.say(THEM, start_s, start_s + 5.0, text)
    assert states(room) == ["given"] * found


@pytest.mark.parametrize(
    ("mine", "found"),
    [
        ("no worries so it's a piece about the people who are on everyone's roofs", []),
        ("it stays on this laptop and it gets deleted when i have typed it up", ["given"]),
        ("no worries", ["given"]),
    ],
)
def test_who_goes_on_to_something_else_asks_no_more(mine: str, found: list[str]) -> None:
    room = scene()
    room.say(ME, 5.0, 9.0, "is it okay if i take notes")
    room.say(THEM, 9.6, 12.0, "sorry hang on you're cutting out can you kill the drill")
    room.say(ME, 13.0, 17.0, mine)
    room.say(THEM, 17.5, 19.0, "yeah righto")
    assert states(room) == ["asked", *found]
