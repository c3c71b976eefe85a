"""The language model that the settings name, ready to be asked.

Reads the settings and the environment. Law: what may not be asked is refused before a socket is
opened; the key is read from the environment, used, and kept nowhere.
"""

from collections.abc import Callable, Mapping

import msgspec

from assistant.errors import InputError, ModelError
from assistant.polishing import endpoint as endpoints
from assistant.polishing.chat import Chat
from assistant.polishing.client import Client
from assistant.settings import Polish


def chat(
    polish: Polish, environ: Mapping[str, str], is_wanted: Callable[[], bool] = lambda: True
) -> Chat:
    """Return the model that is meant; asks nothing yet. Raises ModelError, InputError, Refused."""
    if not polish.url.strip():
        raise ModelError(
            "No language model is named, so nothing was asked.",
            "With Ollama: sottovoce polish --url http://localhost:11434/v1 --model NAME",
        )
    where = endpoints.endpoint(polish.url)
    model = polish.model.strip()
    may_leave = endpoints.has_leave(polish.allow_remote, where, model)
    if not may_leave and (where.is_here is False or endpoints.is_in_a_cloud(model)):
        raise endpoints.refused(where, model)
    client = Client(where, may_leave and not where.is_here, _key(polish, environ), is_wanted)
    return Chat(client, model, polish.timeout_s, may_be_in_a_cloud=may_leave)


def checked(polish: Polish, environ: Mapping[str, str]) -> Chat:
    """Return the model that is meant once its server has answered for it.

    No word of a call is sent. Raises ModelError, InputError, Refused.
    """
    asked = chat(msgspec.structs.replace(polish, timeout_s=min(polish.timeout_s, 5.0)), environ)
    asked.choose()
    return asked


def _key(polish: Polish, environ: Mapping[str, str]) -> str:
    if not polish.key_env:
        return ""
    key = environ.get(polish.key_env, "").strip()
    if not key or not (key.isascii() and key.isprintable()):
        raise InputError(
            f"The environment variable {polish.key_env[:60]!r} holds no key.",
            "`key_env` is the name of the variable; the key itself stands in no file.",
        )
    return key
