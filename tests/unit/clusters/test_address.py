"""Which cluster a text means."""

from __future__ import annotations

import pytest

from workers.clusters.address import meant, read
from workers.utils.errors import BadInput


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://10.0.0.5:8786", "tcp://10.0.0.5:8786"),
        ("tls://cluster.example:9000/", "tls://cluster.example:9000"),
        ("10.0.0.5", "tcp://10.0.0.5:8786"),
        ("10.0.0.5:99", "tcp://10.0.0.5:99"),
        ("tcp://[fe80::1%eth0]:8786", "tcp://[fe80::1%eth0]:8786"),
    ],
)
def test_an_address_is_read(text: str, address: str) -> None:
    assert str(read(text)) == address


@pytest.mark.parametrize(
    "text",
    [
        *("tcp://", "tcp://a b:1", "http://a:1", "tcp://a:70000", "tcp://me@a:1", "tcp://a:1/x", "::"),
        *("tcp://a:0", "tcp://a..b:1", f"tcp://{'a' * 300}:1", "tcp://@a:1"),
    ],
)
def test_what_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match=r"A scheduler's address is like tcp://HOST:8786 or tls://HOST:8786"):
        read(text)


def test_no_password_is_told() -> None:
    with pytest.raises(BadInput) as caught:
        read("tcp://me:open-sesame@a:1")
    assert "open-sesame" not in str(caught.value)


def test_the_environment_is_asked_where_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    assert meant(" ") is None
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://10.0.0.5:1")
    assert str(meant("")) == "tcp://10.0.0.5:1"
    assert str(meant("10.0.0.6")) == "tcp://10.0.0.6:8786"
    assert meant("here") is None
