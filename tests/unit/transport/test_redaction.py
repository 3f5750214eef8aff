"""What is not to be read by others is hidden, and nothing else is."""

from __future__ import annotations

import pytest

from workers.transport.redaction import public, secrets_of, without_secrets


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("see http://me:pw@host/a and b", "see http://***@host/a and b"),
        ("http://me:p@w@host:8/a", "http://***@host:8/a"),
        ("https://h/a?X-Amz-Signature=1&b=2#c, then", "https://h/a?***#c, then"),
        ("'/a?sig=1&b=2&access_token=3'", "'/a?sig=***&b=2&access_token=***'"),
        ("socks5://me:pw@h:1", "socks5://***@h:1"),
        ("There is no file /tmp/https:/me:pw@h/a?sig=1", "There is no file /tmp/https:/***@h/a?***"),
        ("C:/me@home", "C:/me@home"),
        ("mail me@example.org: 3 > 2?", "mail me@example.org: 3 > 2?"),
        ("no key=value here", "no key=value here"),
    ],
)
def test_addresses_lose_their_secrets(text: str, told: str) -> None:
    assert without_secrets(text) == told


def test_what_is_known_to_be_secret_is_hidden_anywhere() -> None:
    assert without_secrets("said long-token and token", ["token", "long-token", "", "an"]) == "said *** and ***"
    assert secrets_of("http://me:pass@h/a?b=1&sig=2;c#d=3") == ["pass", "1", "2", ""]
    assert secrets_of("http://h/a") == [""]


def test_parameters_are_kept_without_their_secrets() -> None:
    given = {
        "headers": "X-Key: abc\nAuthorization:Bearer d\nX-None:",
        "params": {"headers": "@/my/headers", "proxy": "http://me:pw@h/"},
        "tries": 4,
        "urls": "/my/list.txt",
    }
    assert public(given) == {
        "headers": "X-Key: ***\nAuthorization: ***\nX-None:",
        "params": {"headers": "@/my/headers", "proxy": "http://***@h/"},
        "tries": 4,
        "urls": "/my/list.txt",
    }
