"""Where a language model answers, and what the user must have said before words go there.

Reads an address and the settings. Law: pure, and asks nobody. What answers on this machine needs
no leave; all else needs a sentence that names where the words of the calls go. A model whose name
says that it runs in somebody's cloud is somewhere else, wherever its server is.
"""

import ipaddress
import re

import msgspec

from assistant.errors import InputError, Refused
from assistant.textfile import quoted

DEFAULT_PATH = "/v1"
CLOUD = "ollama.com"
"""Where a local Ollama hands on what is for its cloud models."""

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)"
    r"(?::(?P<port>\d{1,5}))?(?P<path>(?:/[A-Za-z0-9._~-]+)*)/?"
)
_IN_A_CLOUD = re.compile(r"[-:]cloud$")


class Endpoint(msgspec.Struct, frozen=True):
    """An address of the OpenAI kind: `/models` and `/chat/completions` lie under its path."""

    host: str
    """In lower case; an IPv6 address without its brackets."""
    port: int
    path: str
    is_tls: bool = False

    @property
    def is_here(self) -> bool | None:
        """Tell whether it is this machine; None where its name alone does not say."""
        if self.is_localhost:
            return True
        try:
            return is_loopback(self.host)
        except ValueError:
            return None

    @property
    def is_localhost(self) -> bool:
        """Tell whether it is named by the name that always means this machine (RFC 6761)."""
        return self.host == "localhost" or self.host.endswith(".localhost")


def endpoint(url: str) -> Endpoint:
    """Read an address such as `http://localhost:11434/v1`. Raises InputError."""
    found = _URL.fullmatch(url.strip())
    port = int(found["port"] or (443 if found["scheme"] == "https" else 80)) if found else 0
    if not found or not 0 < port < 65536:
        raise InputError(
            f"{quoted(url)} is not the address of a language model.",
            "It should be like http://localhost:11434/v1 (Ollama) or http://localhost:8080/v1.",
        )
    host = found["host"].strip("[]")
    return Endpoint(host, port, found["path"] or DEFAULT_PATH, found["scheme"] == "https")


def is_loopback(address: str) -> bool:
    """Tell whether a numeric address is this machine's own. Raises ValueError for a name."""
    known = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(known, "ipv4_mapped", None)
    return (mapped or known).is_loopback


def leave(where: Endpoint, model: str) -> str:
    """Return what `allow_remote` must say before words go there; "" where none is needed.

    Of a name that may be this machine's own it is what it must say if it is not.
    """
    places: list[str] = []
    if not where.is_here:
        places.append(where.host if where.is_tls else f"{where.host} unencrypted")
    if is_in_a_cloud(model):
        places.append(CLOUD)
    return f"The words of my calls may be sent to {' and on to '.join(places)}." if places else ""


def is_in_a_cloud(model: str) -> bool:
    """Tell whether a model's name says that it does not run where its server does."""
    return bool(_IN_A_CLOUD.search(model.strip().lower()))


def has_leave(said: str, where: Endpoint, model: str) -> bool:
    """Tell whether the user has said the very sentence; case, spaces and full stops are free."""
    wanted = leave(where, model)
    return bool(wanted) and _spelled(said) == _spelled(wanted)


def refused(where: Endpoint, model: str) -> Refused:
    """Return the refusal to send words there, and how to allow it."""
    cloud = f" ({model} runs there, not here)" if is_in_a_cloud(model) else ""
    place = CLOUD if cloud else where.host
    return Refused(
        f"{place} is not this machine{cloud}, so nothing was sent.",
        f'If you want that, write under [polish] in settings.toml: allow_remote = "'
        f'{leave(where, model)}"',
    )


def _spelled(text: str) -> str:
    return " ".join(text.lower().split()).rstrip(".")
