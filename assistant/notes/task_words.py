"""The words a language has for what is to be done: what `[promises]` of its `notes.toml` holds.

Law: values only; patterns are plain words, and the grammar that joins them is in `acts`.
"""

import msgspec


class PromiseWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How promises and requests are spoken; lower case, `...` stands for up to six words."""

    promise_starts: tuple[str, ...] = ()
    """Before a verb of either list: "i'll"."""
    offer_starts: tuple[str, ...] = ()
    """Before an aimed verb only: "i can"."""
    due_starts: tuple[str, ...] = ()
    """Before any verb, where the line was found to promise something: "i owe you"."""
    my_starts: tuple[str, ...] = ()
    """Of `promise_starts`: where one person speaks for themselves ..."""
    still_talk: tuple[str, ...] = ()
    """... and what is no task after these, though a day is named: "i'll be in munich on friday"."""
    no_task: tuple[str, ...] = ()
    """Sounds like a task and is none: "get you off the speaker"."""
    excludes: tuple[str, ...] = ()
    """Just before a day, with no more than one of `excluding_links` between: then not."""
    excluding_links: tuple[str, ...] = ()
    not_excluding: tuple[str, ...] = ()
    """With these it is meant all the same: "why not Friday"."""
    asks_one: tuple[str, ...] = ()
    """Before somebody's name they are a promise: "I'll ask" Gareth ..."""
    asks_none: tuple[str, ...] = ()
    """... but not before these: "I'll ask" for it."""
    no_advised: tuple[str, ...] = ()
    """Of `advised`, what sends to nobody: "you wanna call it a failure"."""
    no_named: tuple[str, ...] = ()
    """Of `named`, what sends to nobody: "you ask the right person"."""
    hands_over: tuple[str, ...] = ()
    """So begins what "it" is in "I'll ship it", besides a promise: "i'd like you to have"."""
    of_oneself: tuple[str, ...] = ()
    """A sentence that begins so explains no task of the other one: "i think I got that"."""
    courtesies: tuple[str, ...] = ()
    """Said at parting they ask for nothing: "mind how you go"."""
    calls_it: tuple[str, ...] = ()
    """Before a day that takes the place of the one just named: "let's call it the 15th"."""
    makes: tuple[str, ...] = ()
    """Before a day these settle on it, whatever follows: "make it the thirtieth and ..."."""
    naming: tuple[str, ...] = ()
    """Says what somebody is called, with one word alone or behind one of the next: "call me" ..."""
    naming_after: tuple[str, ...] = ()
    """... "you can" ..."""
    not_naming: tuple[str, ...] = ()
    """... but where one of these follows it asks for a call: "call me on Monday"."""
    whole_ends: tuple[str, ...] = ()
    """End a clause though their last word alone would be loose: "as well"."""
    handles: tuple[str, ...] = ()
    """What one gives somebody by saying it: "I'll give you her number" ..."""
    said_now: tuple[str, ...] = ()
    """... "it's five five five": that was the giving."""
    spoken_signs: tuple[str, ...] = ()
    """Words that a number or an address is said with: "dot", "five"."""
    says_nothing: tuple[str, ...] = ()
    """A task that is told by the one that follows: "let you know"."""
    raises: tuple[str, ...] = ()
    """Begin what is spoken of again, openers apart: "oh, and that list"."""
    about: tuple[str, ...] = ()
    """Behind what takes something back, these say what: "forget that about ..."."""
    that_day: tuple[str, ...] = ()
    """At the end of a task: the day that was named last."""
    next_starts: tuple[str, ...] = ()
    """What the other one is to do next is told after these: "and then" ..."""
    next_named: tuple[str, ...] = ()
    """... in these words: "you call"."""
    goes: tuple[str, ...] = ()
    """With a day the speaker means to be somewhere: "go" ..."""
    no_goes: tuple[str, ...] = ()
    """... but not before these: "go through"."""
    no_arrivals: tuple[str, ...] = ()
    """Behind `arrives` these make it something else: "you'll have to"."""
    invites: tuple[str, ...] = ()
    """With a day they ask the other one to come: "come the monday after" ..."""
    no_invites: tuple[str, ...] = ()
    """... but not before these: "come on"."""
    presence: tuple[str, ...] = ()
    """Agrees to come: "i'll be there"."""
    partings: tuple[str, ...] = ()
    """With a day these settle nothing: "see you on the third"."""
    reaches: tuple[str, ...] = ()
    """Verbs of getting hold of somebody: what is asked with one is promised with another."""
    meets: tuple[str, ...] = ()
    """Other verbs of having to do with somebody: "tell her I sent you"."""
    whom: dict[str, tuple[str, ...]] = {}
    """What stands for one person ("her"), and titles that this person does not have."""
    behind_whom: tuple[str, ...] = ()
    """May follow these words; a noun makes them say whose it is: "email her boss"."""
    spoken_as: dict[str, tuple[str, ...]] = {}
    """The same, and how such a person is told of: "she"."""
    looks: tuple[str, ...] = ()
    """The user will look at what was named just before: "i'll have a listen"."""
    vague_alone: tuple[str, ...] = ()
    """Agrees only where it begins what is said: "will do"."""
    talk: tuple[str, ...] = ()
    """But not before one of these: "i'll be honest"."""
    adverbs: tuple[str, ...] = ()
    """May stand between start and verb: "definitely"."""
    aimed: tuple[str, ...] = ()
    """Verbs aimed at the other one: "send you", "put you in touch"."""
    mine: tuple[str, ...] = ()
    """Verbs that count as a promise when the user says them: "look into"; said by the other side,
    where the line was found to promise something."""
    arrives: tuple[str, ...] = ()
    """A promise told from its end: "you'll have it"."""
    no_vague: tuple[str, ...] = ()
    """Not even that: "I will come to that"."""
    sees: tuple[str, ...] = ()
    """So somebody says whom they will see: "I'm seeing" her on Monday ..."""
    for_whom: tuple[str, ...] = ()
    """... and these they will do then: "put in a word"."""
    present: tuple[str, ...] = ()
    """Behind "I", with a day to come, these promise: "I write you the answer before Friday"."""
    vague: tuple[str, ...] = ()
    """Agrees to do what was spoken of: "will do", "leave it with me"."""
    takes_up: tuple[str, ...] = ()
    """Those of them that also take up what the other one told of unasked."""
    advice_starts: tuple[str, ...] = ()
    """Before an advised verb, said by the other side: "you should"."""
    advised: tuple[str, ...] = ()
    """What one is advised to do: "talk to"."""
    openers: tuple[str, ...] = ()
    """May stand before what begins a sentence: "well", "and"."""
    named: tuple[str, ...] = ()
    """Advice that begins a sentence, openers apart: "talk to"."""
    request_starts: tuple[str, ...] = ()
    """May stand before a bare request, which else stands first in its sentence: "could you"."""
    bare: tuple[str, ...] = ()
    """Requests: "send me"."""
    anywhere: tuple[str, ...] = ()
    """Requests wherever they stand: "come and see us"."""
    asking_starts: tuple[str, ...] = ()
    """The user asks the other side, who may agree: "could you"."""
    asked: tuple[str, ...] = ()
    """What is asked of them: "send me"."""
    asked_me: dict[str, str] = {}
    """How "me" in what is asked of them is written: {"me": "you"}."""
    only_if: tuple[str, ...] = ()
    """With these after it nothing is offered yet: "if you came in"."""
    could: tuple[str, ...] = ()
    """Before a task that is for the other one they offer it: "i could send you" ..."""
    no_offer_after: tuple[str, ...] = ()
    """... but not after these: "i wish i could"."""
    wish_starts: tuple[str, ...] = ()
    """Asks whether one may: "could i"."""
    wished: tuple[str, ...] = ()
    """What one may wish to do: "come and"."""
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()
    """What was said just before does not hold: "scratch that"."""
    put_right: tuple[str, ...] = ()
    """Between two days the second is the one: "no", "sorry"."""
    declines: tuple[str, ...] = ()
    """What was proposed is not done so: "not this side of Christmas"."""
    hands: tuple[str, ...] = ()
    """Verbs that hand something over: what is asked with one is promised with another."""
    lets: tuple[str, ...] = ()
    """Before the verb of a wish it is granted: "you could come"."""
    doubts_day: tuple[str, ...] = ()
    """With a day that was settled before: it does not hold. "Friday I'm out" """
    shifts: tuple[str, ...] = ()
    """Right before the day that is to be instead: "make it" ..."""
    shifts_last: tuple[str, ...] = ()
    """... and where that day ends the sentence: "so"."""
    would: tuple[str, ...] = ()
    """Behind a request these make it what would happen: "call me in August and I'd be asleep"."""
    informs: tuple[str, ...] = ()
    """With one of these somebody is told: "I'll let you know", "I'll tell you"."""
    of_whom: tuple[str, ...] = ()
    """Behind "her" they say how she is reached: "her office"."""
    whose_name: str = "{name}"
    """How a name says whose these are."""
    says_only: tuple[str, ...] = ()
    """What ends with one of these is a word to be passed on, broken off: "tell her I said"."""
    asks_for: tuple[str, ...] = ()
    """Before "him", wherever they stand in a task: whom it is about."""
    attends: tuple[str, ...] = ()
    """Verbs with which one is asked to be somewhere at a time."""
    knows_by: tuple[str, ...] = ()
    """With a day: what the speaker said they will do is done by then."""
    if_missing: tuple[str, ...] = ()
    """"If I don't see it, I'll remind you": on the day that was settled for it."""
    day_starts: tuple[str, ...] = ()
    """May stand before a day that is offered on its own: "let's say"."""
    subjects: tuple[str, ...] = ()
    """A sentence that begins with one tells of something and asks for nothing: "she"."""
    things: tuple[str, ...] = ()
    """Of `pronouns`: those that stand for a thing by themselves."""
    seeks: tuple[str, ...] = ()
    """What is looked for is handed over later: "dig it out"."""
    people: tuple[str, ...] = ()
    """Stand for somebody: "ask her"."""
    pronouns: tuple[str, ...] = ()
    """Stand for what was spoken of before: "it"."""
    no_guards: tuple[str, ...] = ()
    """These have the words of `guards` and make nothing none: "not a word"."""
    guards: tuple[str, ...] = ()
    """Just before, they make it no promise: "usually", "if i"."""
    clause_ends: tuple[str, ...] = ()
    """Where the clause is over, when no punctuation says so: "and then", "he"."""
    links: tuple[str, ...] = ()
    """But not right after one of these: "what he", "a thank you note"."""
    loose_ends: tuple[str, ...] = ()
    """Dropped from the end of a clause: "and"."""
    you: dict[str, str] = {}
    """How "you" in a promise by the user is written: {"you": "{name}", "your": "{name}'s"}."""
    kept_after: tuple[str, ...] = ()
    """After these the word stays: "thank you"."""
    me: dict[str, str] = {}
    """How "me" in a request by the other side is written."""
    nobody: str = "them"
    """`{name}` where the sheet names nobody."""
    whose: dict[str, str] = {}
    """What `you` and `me` say instead where the sheet names nobody: "their", not "them's"."""
    subject_after: tuple[str, ...] = ()
    """Behind these "you" does something: "before you fly"."""
    as_subject: dict[str, str] = {}
    """What `you` says instead there: the verb would not fit a name."""
    again: dict[str, str] = {}
    """What `you` says instead where the name stands before it already: "read Ruth their quotes"."""
