"""notes.json: as its schema says, and every key of it explained."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
from told import PLAN, WORDS, Told, interview

from assistant.events import Channel, Paused, Resumed, Ticked, Trouble
from assistant.notes.notes import learn
from assistant.notes.render.record import from_json, schema, to_json

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parent.parent / "docs"


def kept_schema() -> Mapping[str, Any]:
    return json.loads((DOCS / "notes.schema.json").read_text(encoding="utf-8"))


def calls() -> dict[str, Told]:
    """Tell calls of different kinds."""
    busy = interview()
    busy.put(101.0, Paused())
    busy.put(103.0, Resumed())
    busy.put(104.0, Ticked("skills", "answered"))
    busy.put(105.0, Trouble("far side", "It is gone."))
    one_microphone = Told()
    one_microphone.say(Channel.UNCLEAR, 1.0, "i'll send you the list by friday")
    return {"busy": busy, "one microphone": one_microphone.end(20.0), "empty": Told().end(3.0)}


def test_the_schema_is_what_the_types_say(request: pytest.FixtureRequest) -> None:
    path = DOCS / "notes.schema.json"
    if request.config.getoption("--accept"):
        path.write_bytes(schema())
    jsonschema.Draft202012Validator.check_schema(kept_schema())
    assert path.read_bytes() == schema(), "pytest tests/test_record.py --accept writes it anew"


@pytest.mark.parametrize("name", calls())
def test_notes_are_as_the_schema_says(name: str) -> None:
    text = to_json(learn(PLAN, calls()[name].entries, WORDS))
    jsonschema.validate(json.loads(text), kept_schema())


def test_the_schema_refuses_what_notes_are_not() -> None:
    notes = json.loads(to_json(learn(PLAN, interview().entries, WORDS)))
    for path, wrong in (
        (("notes", "header", "length_s"), "long"),
        (("notes", "asked", 0, "found"), "guessed"),
        (("format",), None),
    ):
        broken = json.loads(json.dumps(notes))
        place = broken
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = wrong
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, kept_schema())


def test_every_key_is_explained_and_no_other() -> None:
    parts = cast("Mapping[str, Any]", kept_schema()["$defs"])
    structs = {
        name: set(part["properties"]) for name, part in parts.items() if "properties" in part
    }
    text = (DOCS / "notes.md").read_text(encoding="utf-8")
    sections = re.split(r"\n## (\w+)\n", text)[1:]
    explained = {
        name: set(re.findall(r"(?m)^\| `(\w+)` \| .+ \| .+ \|$", body))
        for name, body in zip(sections[::2], sections[1::2], strict=True)
    }
    assert explained == structs


def test_what_was_written_reads_back() -> None:
    for call in calls().values():
        learnt = learn(PLAN, call.entries, WORDS)
        assert from_json(to_json(learnt)) == learnt
