"""The verb that says what they answered, and how `status` says how it stands."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from played import STARTED
from scene import PLAN

from assistant import cli
from assistant.cli.house import say
from assistant.control import Request, Status
from assistant.door import Server
from assistant.events import Consented, Entry
from assistant.keeping.lock import only_call
from assistant.minds.permission import Standing
from assistant.settings import places
from assistant.view import View

pytestmark = pytest.mark.edge


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Request]]:
    """Stand in for a running call whose leave is still to be asked for."""
    monkeypatch.setenv("SOTTOVOCE_HOME", str(tmp_path))
    requests: list[Request] = []
    view = View(msgspec.structs.replace(PLAN, consent="ask"))
    view.take(Entry(1, 0.0, STARTED))

    def answer(request: Request) -> Iterator[bytes]:
        requests.append(request)
        if isinstance(request, Consented):
            view.take(Entry(2, 1.0, request))
        is_status = isinstance(request, Status)
        yield msgspec.json.encode(view.seen(2.0) if is_status else {"ok": True, "seq": 2})

    server = Server(places(os.environ).socket, answer)
    with only_call(places(os.environ).lock) as claim:
        claim("call")
        server.open()
        yield requests
        server.close()


@pytest.mark.parametrize(("said", "answer"), [("yes", "given"), ("no", "refused")])
def test_what_they_answered_is_sent_as_a_fact_and_shown(
    asked: list[Request], capsys: pytest.CaptureFixture[str], said: str, answer: str
) -> None:
    assert cli.run(["status"]) == 0
    assert say("status.consent_unasked") in capsys.readouterr().out
    assert cli.run(["consent", said]) == 0
    assert [r.answer for r in asked if isinstance(r, Consented)] == [answer]
    assert cli.run(["status"]) == 0
    assert say(f"status.consent_{answer}") in capsys.readouterr().out


def test_another_answer_is_wrong_usage(asked: list[Request]) -> None:
    assert cli.run(["consent", "maybe"]) == 2
    assert asked == []


def test_every_standing_has_its_sentence() -> None:
    assert len({say(f"status.consent_{standing}") for standing in get_args(Standing)}) == 5
