"""What names a broker, what is shown of it, and what a person should know."""

from __future__ import annotations

import subprocess
import sys

import pytest

from workers.queues.address import Broker, parse
from workers.utils.child import ROOT
from workers.utils.errors import BadInput

USUAL = "write redis://HOST:6379, rediss:// with TLS, or amqp://HOST."


@pytest.mark.parametrize(
    ("written", "host", "shown"),
    [
        ("redis://localhost", "localhost", "redis://localhost"),
        (" redis://10.0.0.9:6380/2 ", "10.0.0.9", "redis://10.0.0.9:6380/2"),
        ("rediss://:open-sesame@there", "there", "rediss://***@there?ssl_cert_reqs=required"),
        ("rediss://there?ssl_cert_reqs=none", "there", "rediss://there?ssl_cert_reqs=none"),
        ("amqp://me:open-sesame@there/host", "there", "amqp://***@there/host"),
        ("redis://[::1]:6379", "::1", "redis://[::1]:6379"),
        ("redis+socket:///run/redis.sock", "", "redis+socket:///run/redis.sock"),
    ],
)
def test_an_address_names_a_machine_and_is_shown_without_secrets(written: str, host: str, shown: str) -> None:
    found = parse(written)
    assert (found.host, found.shown, found.is_ours) == (host, shown, False)
    assert shown in found.line


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("localhost:6379", f"localhost:6379 is no address of a broker: {USUAL}"),
        ("redis://", f"redis:// is no address of a broker: {USUAL}"),
        ("memory://here", f"memory is no kind of broker that Thaw can use: {USUAL}"),
        ("redis://:6379", f"redis://:6379 names no machine: {USUAL}"),
        ("redis://a..b", f"redis://a..b names no machine: {USUAL}"),
        ("redis://there/x", f"redis://there/x names no database of a Redis, which is a number: {USUAL}"),
        ("redis://there:99999", "redis://there:99999 is no address of a broker: Port out of range 0-65535."),
        (
            "redis://***@there",
            "redis://***@there was kept without its secrets: write the whole address anew.",
        ),
    ],
)
def test_what_is_no_address_is_said(written: str, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(written)
    assert str(caught.value) == why


def test_an_error_has_no_secret_either() -> None:
    with pytest.raises(BadInput) as caught:
        parse("redis://:open-sesame@there:99999")
    assert "open-sesame" not in str(caught.value)


def test_workers_on_this_machine_call_by_loopback_and_nothing_is_to_be_said() -> None:
    for broker in (parse("redis://127.0.0.1"), parse("redis+socket:///run/redis.sock")):
        assert broker.own_host == "127.0.0.1"
        assert broker.warning == ""


def test_who_listens_beyond_loopback_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.queues.address.own_address", {"there": "192.0.2.7"}.__getitem__)
    broker = parse("redis://there")
    assert broker.own_host == "192.0.2.7"
    assert "Thaw listens at 192.0.2.7, beyond this machine" in broker.warning


def test_a_machine_that_is_not_known_is_said() -> None:
    with pytest.raises(BadInput, match=r"^nobody\.invalid cannot be reached: "):
        _ = parse("redis://nobody.invalid").own_host


def test_a_folder_is_for_trying() -> None:
    assert "for trying only" in Broker("filesystem://localhost").warning


def test_the_runner_and_what_it_asks_before_a_broker_is_named_import_no_celery() -> None:
    code = "import sys, workers.runners.celery_queue, workers.queues.looking as looking\n"
    code += "assert looking.refusal(None, {}) == looking.told({}).words == ''\n"
    code += "assert not {'celery', 'kombu', 'redis'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
