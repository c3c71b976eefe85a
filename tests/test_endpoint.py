"""Where a language model may be, and the sentence that lets words leave this machine."""

import pytest

from assistant.errors import InputError
from assistant.polishing.endpoint import (
    Endpoint,
    endpoint,
    has_leave,
    is_in_a_cloud,
    is_loopback,
    leave,
    refused,
)

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("http://localhost:11434/v1", Endpoint("localhost", 11434, "/v1")),
        ("http://localhost:11434/v1/", Endpoint("localhost", 11434, "/v1")),
        ("http://localhost:8080", Endpoint("localhost", 8080, "/v1")),
        (" http://127.0.0.1/api/v1 ", Endpoint("127.0.0.1", 80, "/api/v1")),
        ("http://[::1]:1234/v1", Endpoint("::1", 1234, "/v1")),
        ("https://api.example.com/v1", Endpoint("api.example.com", 443, "/v1", is_tls=True)),
    ],
)
def test_an_address_is_read(url: str, where: Endpoint) -> None:
    assert endpoint(url) == where


@pytest.mark.parametrize(
    "url",
    [
        "localhost:11434",
        "ftp://localhost/v1",
        "http://user:secret@localhost/v1",
        "http://localhost:99999/v1",
        "http://localhost/v1?key=1",
        "http://localhost/v1#x",
        "http://local host/v1",
        "http://localhost/v1\r\nHost: other",
        "http://\u04cfocalhost/v1",
        "http://-a/v1",
        "",
    ],
)
def test_what_is_no_plain_address_is_told_in_words(url: str) -> None:
    with pytest.raises(InputError, match="is not the address"):
        endpoint(url)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_known_by_its_number(address: str) -> None:
    assert is_loopback(address)


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "::", "10.0.0.1", "192.168.1.5", "::ffff:8.8.8.8", "fe80::1%lo", "8.8.8.8"],
)
def test_no_other_machine_is_taken_for_it(address: str) -> None:
    assert not is_loopback(address)


@pytest.mark.parametrize("url", ["http://localhost/v1", "http://a.localhost/v1", "http://[::1]/v1"])
def test_this_machine_needs_no_leave(url: str) -> None:
    assert leave(endpoint(url), "llama3.2") == ""
    # And none can be given by leaving the sentence empty.
    assert not has_leave("", endpoint(url), "llama3.2")


def test_leave_names_the_host_in_so_many_words() -> None:
    where = endpoint("https://api.example.com/v1")
    sentence = "The words of my calls may be sent to api.example.com."
    assert leave(where, "x") == sentence
    assert has_leave(sentence, where, "x")
    assert has_leave("the words of my calls  may be sent to API.example.com", where, "x")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "true",
        "yes",
        "*",
        "api.example.com",
        "The words of my calls may be sent to example.com.",
        "The words of my calls may be sent to api.example.com.evil.example.",
        "The words of my calls may be sent to api.example.com and anywhere.",
    ],
)
def test_nothing_less_is_leave_and_nothing_else(said: str) -> None:
    assert not has_leave(said, endpoint("https://api.example.com/v1"), "x")


def test_leave_says_when_words_would_go_unencrypted() -> None:
    where = endpoint("http://192.168.1.5:11434/v1")
    assert leave(where, "x") == "The words of my calls may be sent to 192.168.1.5 unencrypted."
    assert not has_leave("The words of my calls may be sent to 192.168.1.5.", where, "x")


@pytest.mark.parametrize(
    "model", ["gpt-oss:120b-cloud", "minimax-m2.5:cloud", "Qwen3-Coder:480B-Cloud "]
)
def test_a_model_in_a_cloud_is_elsewhere_though_its_server_is_here(model: str) -> None:
    where = endpoint("http://localhost:11434/v1")
    assert is_in_a_cloud(model)
    assert leave(where, model) == "The words of my calls may be sent to ollama.com."
    assert has_leave("the words of my calls may be sent to ollama.com", where, model)
    assert not has_leave("the words of my calls may be sent to ollama.com", where, "llama3.2")


@pytest.mark.parametrize("model", ["llama3.2", "cloudy:7b", "cloud-chat", ""])
def test_other_models_run_where_their_server_is(model: str) -> None:
    assert not is_in_a_cloud(model)


def test_the_refusal_says_how_it_is_allowed() -> None:
    error = refused(endpoint("https://api.example.com/v1"), "x")
    assert "api.example.com is not this machine" in str(error)
    assert 'allow_remote = "The words of my calls may be sent to api.example.com."' in error.hint
    assert error.exit_code == 3
